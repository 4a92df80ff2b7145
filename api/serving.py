"""Serving: the HTTP server in this process, the schedule in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOCK_DGRAM, SOL_SOCKET, socket

from api.linkable import linkable
from catalog.cities import readable_cities
from catalog.stac import withdraw
from twin.errors import StoreError, TwinError
from twin.settings import Settings
from twin.store import FileStore, open_store

_FIRST_S = 600.0
"""So long the first visitor waits for all layers; then those that are there are served."""
_USUAL = 2
"""Processes that answer, if nobody says how many: with one, eight visitors at once wait for each other. A
third costs memory that small machines lack."""
_EVERYWHERE = ("0.0.0.0", "::")
"""Hosts that let other machines in."""


def check_port(settings: Settings) -> None:
    """Find out that the port is taken before minutes of work, not after.

    Raises:
        TwinError: it cannot be used.
    """
    family = AF_INET6 if ":" in settings.host else AF_INET
    with socket(family) as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise TwinError(
                f"port {settings.port} of {settings.host} cannot be used ({error.strerror}); "
                "is another twin running? Choose another: --port 8001, or make run PORT=8001"
            ) from None


def check_public(settings: Settings) -> None:
    """Find out that there can be no files for a web server before processes are started for ever.

    Raises:
        TwinError: the store does not lie in a folder.
    """
    if settings.public is not None:
        linkable(open_store(settings.store))


def serve(settings: Settings, title: str) -> None:
    """Serve until interrupted; the last line printed before says where to look."""
    check_port(settings)
    check_public(settings)
    hide(settings)
    host = "localhost" if settings.host in ("127.0.0.1", *_EVERYWHERE) else settings.host

    def announce() -> None:
        if settings.host in _EVERYWHERE and (own := address_in_the_network()):
            print(f"\nPhones and other machines here → http://{own}:{settings.port}/", end="", flush=True)
        print(f"\n{title} → http://{host}:{settings.port}/   (Ctrl+C ends it)", flush=True)

    number = settings.serve_workers or min(os.cpu_count() or 1, _USUAL)
    if number > 1:
        from api.workers import Workers

        Workers(settings, number).serve(announce)
    else:
        from api.worker import answer

        answer(settings, announce)


def address_in_the_network() -> str | None:
    """This machine's address as others in its network see it; None if it has none. Nothing is sent."""
    with socket(AF_INET, SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: the route to it is all we ask for
        except OSError:
            return None
        own = str(probe.getsockname()[0])
    return None if own.startswith(("127.", "0.")) else own


def hide(settings: Settings) -> None:
    """Take out of the static catalog what the settings do not show (any more)."""
    store = open_store(settings.store)
    if isinstance(store, FileStore) and not store.root.exists():
        words = f"there is no store at {store.root} yet: nothing is shown until something is published there"
        print(words, file=sys.stderr, flush=True)
        return
    try:
        layers = [layer for city in readable_cities(store)[0] for layer in city.layers]
        withdraw(store, [layer.id for layer in layers if not settings.shows(layer)])
    except StoreError as error:  # one that can only be read: the server itself shows nothing of them
        print(f"the static catalog cannot be brought up to date: {error}", file=sys.stderr, flush=True)


@contextmanager
def keep_working(cities: Sequence[str], settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """Keep the cities up to date in a process of its own, so that a stuck source never stops serving."""
    # uvicorn hands SIGTERM on when it has shut down; the default would end us before the child is told.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    command = [sys.executable, "-P", "-m", "api.cli", "work", *cities, "--store", settings.store]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()


def await_first(worker: "subprocess.Popen[bytes]", waiting: Callable[[], bool]) -> None:
    """Wait until the worker has tried all that was due, so that visitors find a twin; not for ever.

    Args:
        worker: the process that works.
        waiting: whether something is still due.
    """
    until = time.monotonic() + _FIRST_S
    while waiting() and worker.poll() is None:
        if time.monotonic() > until:
            print("Still at work; what is missing follows while it is served.", flush=True)
            return
        time.sleep(0.5)
