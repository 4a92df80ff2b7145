"""Workers: several processes that answer at one address as if they were one."""

import multiprocessing
import secrets
import signal
import sys
import tempfile
import time
from multiprocessing.connection import wait
from pathlib import Path
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOL_SOCKET, socket
from typing import Any

from twin.errors import TwinError
from twin.settings import Settings

_BACKLOG = 2048
_SOON_S = 5.0
_SOON_DEAD = 5
"""Workers in a row that died as soon as this: then there is no use in starting further ones."""
_END_S = 15.0


class Workers:
    """Starts the workers, and each anew that dies. Does nothing else, so that nothing can happen to it."""

    def __init__(self, settings: Settings, number: int) -> None:
        """Nothing is started yet, and no address bound."""
        self._settings = settings
        self._number = number
        # Forked by a process that has read all our code and does nothing else: they share that memory.
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        self._context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            self._context.set_forkserver_preload(["api.app", "api.worker", "catalog.cql"])
        self._stop = False

    def serve(self, announce: Any) -> None:
        """Serve until interrupted; `announce` is called once all workers listen."""
        from api.together import size

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._end)
        with (
            tempfile.NamedTemporaryFile(prefix="twin-workers-") as lock,
            _listening(self._settings) as listening,
        ):
            from api.buckets import SIZE

            shared = {
                "workers": self._number,
                "cells": self._context.RawArray("d", size(self._number)),
                "memory": self._context.RawArray("B", SIZE),
                "lock": Path(lock.name),
                "secret": secrets.token_bytes(32),
            }
            alive = {number: self._start(number, shared, listening) for number in range(self._number)}
            try:
                self._await(alive)
                if not self._stop:
                    announce()
                self._keep(alive, shared, listening)
            finally:
                _finish([worker.process for worker in alive.values()])

    def _await(self, alive: dict[int, "_Worker"]) -> None:
        """Wait until all listen; `TwinError` if one dies before."""
        for worker in alive.values():
            while not self._stop and not worker.ready.poll(0.2):
                if not worker.process.is_alive():
                    raise TwinError("a worker ended as it began; what it said stands above")

    def _keep(self, alive: dict[int, "_Worker"], shared: dict[str, Any], listening: socket) -> None:
        dead = 0
        while not self._stop:
            wait([worker.process.sentinel for worker in alive.values()], 0.5)
            for number, worker in list(alive.items()):
                if self._stop or worker.process.is_alive():
                    continue
                lived = time.monotonic() - worker.begun
                dead = dead + 1 if lived < _SOON_S else 0
                if dead >= _SOON_DEAD:
                    raise TwinError("workers end as soon as they begin; what they said stands above")
                print(f"worker {number} has ended; it is started anew", file=sys.stderr, flush=True)
                alive[number] = self._start(number, shared, listening)

    def _start(self, number: int, shared: dict[str, Any], listening: socket) -> "_Worker":
        here, there = self._context.Pipe(duplex=False)
        arguments = (self._settings, number, shared, listening, there)
        process = self._context.Process(target=_answer, args=arguments, name=f"twin worker {number}")
        process.start()
        there.close()
        return _Worker(process, here)

    def _end(self, *_: object) -> None:
        self._stop = True


def _answer(*given: Any) -> None:
    """In the worker: what answers is imported there alone."""
    from api.worker import run

    run(*given)


class _Worker:
    def __init__(self, process: Any, ready: Any) -> None:
        self.process, self.ready, self.begun = process, ready, time.monotonic()


def _listening(settings: Settings) -> socket:
    """The one socket of which all workers take connections: what one that dies has not taken, others do."""
    listening = socket(AF_INET6 if ":" in settings.host else AF_INET)
    listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        raise TwinError(
            f"port {settings.port} of {settings.host} cannot be used ({error.strerror})"
        ) from None
    listening.listen(_BACKLOG)
    return listening


def _finish(processes: list[Any]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + _END_S
    for process in processes:
        process.join(max(until - time.monotonic(), 0.1))
        if process.is_alive():
            process.kill()
            process.join()
