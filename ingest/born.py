"""Born: a child as its parent sees it, forked in the nursery or an interpreter of its own; both alike."""

import os
import subprocess
from pathlib import Path
from typing import IO

from ingest.nursery import Nursery


class Forked:
    """A child from the nursery; see `Started`."""

    def __init__(self, nursery: Nursery, job: Path) -> None:
        its_lifeline, lifeline = os.pipe()
        words, its_words = os.pipe()
        self.lifeline: IO[bytes] = os.fdopen(lifeline, "wb", 0)
        self.words: IO[bytes] = os.fdopen(words, "rb")
        self.is_buried = False
        self._nursery = nursery
        self._code = 0
        try:
            self.pid = nursery.born(job, its_lifeline, its_words)
        except OSError:
            self.lifeline.close()
            self.words.close()
            raise
        finally:
            os.close(its_lifeline)
            os.close(its_words)

    @property
    def has_ended(self) -> bool:
        """As for `Started`."""
        return self.is_buried or self._nursery.end_of(self.pid) is not None

    def buried(self) -> int:
        """As for `Started`."""
        if not self.is_buried:
            self._code = self._nursery.end_of(self.pid, wait=True) or 0
            self._nursery.bury(self.pid)
            self.is_buried = True
        return self._code


class Started:
    """A child that is a program of its own.

    Args:
        command: what is started.
    """

    def __init__(self, command: tuple[str, ...]) -> None:
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(command, stdin=pipe, stdout=pipe, start_new_session=True)
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self.lifeline: IO[bytes] = self._child.stdin
        """Ends with us."""
        self.words: IO[bytes] = self._child.stdout
        """What it says."""

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its session."""
        return self._child.pid

    @property
    def has_ended(self) -> bool:
        """Whether it has ended; its id stays taken where the system can do so."""
        if self._child.returncode is not None or not hasattr(os, "waitid"):
            return self._child.poll() is not None
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    @property
    def is_buried(self) -> bool:
        """Whether its id may be somebody else's by now."""
        return self._child.returncode is not None

    def buried(self) -> int:
        """Wait for its end and give its id free; its exit code, negative: the signal that ended it."""
        return self._child.wait()
