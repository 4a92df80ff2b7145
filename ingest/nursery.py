"""Nursery: where children come from. A process that has imported what runs need, and forks whenever asked.

A fresh interpreter needs most of a second until it has read our code; a fork of one that has needs a few
milliseconds. What the other side does stands in `ingest.nursing`.
"""

import json
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")
"""False where every child has to be a fresh interpreter."""

COMMAND = (sys.executable, "-P", "-m", "ingest.nursing")


class Nursery:
    """One nursery. It ends when it is closed or when the one who made it is gone.

    Made while this process still has a single thread it is a fork of this process, and costs next to nothing.
    """

    def __init__(self) -> None:
        self._ended: dict[int, int] = {}
        self._heard = b""
        self._lock = threading.Lock()
        self._line, there = socket.socketpair()
        if _is_alone():
            from ingest import nursing

            sys.stdout.flush()
            self._pid = os.fork()
            if self._pid == 0:
                self._line.close()
                nursing.apart(lambda: nursing.serve(there))
        else:
            actions = [(os.POSIX_SPAWN_DUP2, there.fileno(), 0)]
            self._pid = os.posix_spawn(sys.executable, COMMAND, os.environ, file_actions=actions)
        there.close()

    def born(self, job: Path, lifeline: int, words: int) -> int:
        """Fork a child that does a job; its process id, which is also that of its session.

        Args:
            job: file, see `ingest.child`.
            lifeline: file descriptor that becomes the child's standard input.
            words: file descriptor that becomes its standard output.

        Raises:
            OSError: there is no child.
        """
        with self._lock:
            socket.send_fds(self._line, [_line("born", str(job))], [lifeline, words])
            told = ["ended"]
            while told[0] == "ended":
                told = self._hear()
        if not isinstance(told[1], int) or told[0] != "born":
            raise OSError(told[1], "the system gives no further process")
        return told[1]

    def end_of(self, pid: int, *, wait: bool = False) -> int | None:
        """Exit code of a child (negative: the signal that ended it), None while it runs.

        Its id stays taken until `bury`, so that who kills by it hits nobody else.
        """
        with self._lock:
            while pid not in self._ended:
                if not self._has_told(None if wait else 0):
                    return None
                try:
                    self._hear()
                except OSError:  # it was killed itself: nobody will ever tell
                    self._ended[pid] = -signal.SIGKILL
            return self._ended[pid]

    def bury(self, pid: int) -> None:
        """Give the id of a child that has ended free."""
        with self._lock:
            if self._ended.pop(pid, None) is not None:
                try:
                    self._line.sendall(_line("bury", pid))
                except OSError:  # it is gone, and the child's id with it
                    return

    def close(self) -> None:
        """End it. Children that still run are left alone."""
        self._line.close()
        os.waitpid(self._pid, 0)

    def _has_told(self, wait_s: float | None) -> bool:
        return b"\n" in self._heard or bool(select.select([self._line], [], [], wait_s)[0])

    def _hear(self) -> list[Any]:
        """Read one thing that it tells; `ConnectionError` if it has ended."""
        while b"\n" not in self._heard:
            piece = self._line.recv(4096)
            if not piece:
                raise ConnectionError("the process that starts the others has ended")
            self._heard += piece
        line, _, self._heard = self._heard.partition(b"\n")
        told: list[Any] = json.loads(line)
        if told[0] == "ended":
            self._ended[told[1]] = told[2]
        return told


@contextmanager
def nursery() -> Iterator[Nursery | None]:
    """One for a while; None where nothing can be forked."""
    if not CAN_FORK:
        yield None
        return
    with closing(Nursery()) as opened:
        yield opened


def _line(*words: object) -> bytes:
    return json.dumps(words).encode() + b"\n"


def _is_alone() -> bool:
    """Whether this process can be forked: no other thread may hold a lock that nobody gives back then."""
    try:
        return threading.active_count() == len(os.listdir("/proc/self/task")) == 1
    except OSError:  # not Linux: nobody tells of threads that are not Python's
        return False
