"""Nursing: the other side of `ingest.nursery`. Has one thread and runs nothing itself, so it can be forked.

Standard input is a socket. It brings a JSON list a line, ``["born", JOB]`` with two file descriptors and
``["bury", PID]``; back go ``["born", PID]``, ``["unborn", ERRNO]`` and ``["ended", PID, CODE]``.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from ingest.heap import seldom


def main() -> None:
    """Entry point."""
    serve(socket.socket(fileno=os.dup(0)))


def serve(line: socket.socket) -> None:
    """Fork until the one who asks is gone."""
    if os.getsid(0) != os.getpid():
        os.setsid()  # an interrupt at the terminal is for the one who asks; it tells the children
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    seldom()
    _Nursing(line).until_it_ends(_warm())


def _warm() -> Iterator[bool]:
    """Import what nearly every run needs, a little at a time; yields True while there is more.

    Who asks for a child meanwhile need not wait. First comes what those need that read a file, then what
    those need that ask somebody.
    """
    import pyarrow.parquet  # noqa: F401

    from twin.arrow import without_pandas

    without_pandas()
    yield True
    import pyproj  # noqa: F401

    yield True
    import shapely  # noqa: F401

    import catalog.retention  # noqa: F401
    import ingest.child
    import ingest.schedule

    yield True
    # Models of cities are what somebody waits for; all other readers take a few milliseconds.
    import xxhash  # noqa: F401

    import ingest.connectors.citygml  # noqa: F401
    import tiles.writers.buildings  # noqa: F401

    yield True
    # Its command line, which we have no use for, brings rich, click and pygments: half of its time.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
    import httpx  # noqa: F401
    import orjson  # noqa: F401

    yield True
    import stamina  # noqa: F401

    yield True
    from ingest.certificates import usual

    usual()
    gc.collect()


class _Nursing:
    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._living: set[int] = set()
        self._heard = b""
        self._given: list[int] = []
        self._bell, self._rope = os.pipe()
        os.set_blocking(self._rope, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._rope, warn_on_full_buffer=False)

    def until_it_ends(self, warming: Iterator[bool]) -> None:
        wait_s: float | None = 0
        while True:
            ready = select.select([self._line.fileno(), self._bell], [], [], wait_s)[0]
            if not ready:
                wait_s = 0 if next(warming, False) else None
            if self._bell in ready:
                os.read(self._bell, 4096)
                self._look()
            if self._line.fileno() in ready:
                data, given, _, _ = socket.recv_fds(self._line, 4096, 8)
                if not data:
                    return
                self._given += given
                *lines, self._heard = (self._heard + data).split(b"\n")
                for each in lines:
                    self._do(*json.loads(each))

    def _do(self, what: str, about: Any) -> None:
        if what == "bury":
            if hasattr(os, "waitid"):
                os.waitpid(about, 0)
            return
        lifeline, words = self._given[:2]
        del self._given[:2]
        gc.freeze()  # else every child would copy all that its collector looks at
        try:
            pid = os.fork()
        except OSError as error:
            self._tell("unborn", error.errno)
        else:
            if pid == 0:
                self._leave()
                apart(lambda: _begin(Path(about), lifeline, words))
            self._living.add(pid)
            self._tell("born", pid)
        os.close(lifeline)
        os.close(words)

    def _look(self) -> None:
        for pid in list(self._living):
            code = _end_of(pid)
            if code is not None:
                self._living.discard(pid)
                self._tell("ended", pid, code)

    def _tell(self, *words: object) -> None:
        self._line.sendall(json.dumps(words).encode() + b"\n")

    def _leave(self) -> None:
        """In the child: let go of what is the nursery's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._line.close()
        os.close(self._bell)
        os.close(self._rope)


def _end_of(pid: int) -> int | None:
    """Exit code of our child, None while it runs. Where the system can, its id stays taken."""
    if not hasattr(os, "waitid"):
        found, status = os.waitpid(pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if found else None
    end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if end is None:
        return None
    return end.si_status if end.si_code == os.CLD_EXITED else -end.si_status


def _begin(job: Path, lifeline: int, words: int) -> None:
    os.setsid()
    for number, place in ((lifeline, 0), (words, 1)):
        os.dup2(number, place)
        os.close(number)
    from ingest.child import run

    run(job)


def apart(work: Callable[[], None]) -> NoReturn:
    """In a process that was just forked: do some work and end, without what its parent meant to do later."""
    code: Any = 1
    try:
        work()
        code = 0
    except SystemExit as error:
        code = error.code or 0
    except BaseException as error:  # noqa: BLE001  nobody is left to catch it; its words may hold values
        print("".join(traceback.format_tb(error.__traceback__)), type(error).__name__, file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
