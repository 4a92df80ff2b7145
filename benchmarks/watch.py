"""A command as a whole process: seconds, processor seconds and memory of all it starts, seen from /proc."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY_S = 0.05
_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    seconds: float
    """From its start to its end, start-up included."""
    cpu: float
    """Processor seconds of all its processes."""
    largest: float
    """Peak MiB of the largest process."""
    together: float
    """Peak MiB of all at one moment; what several processes share counts several times."""


def watched(command: Sequence[str | Path], more: Mapping[str, str] | None = None) -> Cost:
    """Run a command, with more variables in its environment; ends the measurement if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        env={**os.environ, **(more or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    session = Session(process.pid)
    while True:
        session.look()
        try:
            process.wait(EVERY_S)
            break
        except subprocess.TimeoutExpired:
            continue
    taken = time.perf_counter() - start
    assert process.stderr is not None
    if process.returncode:
        sys.exit(f"{command[0]} failed: {process.stderr.read().decode(errors='replace')[-2000:]}")
    process.stderr.close()
    return Cost(taken, sum(session.cpu.values()), session.largest / 1024, session.together / 1024)


class Session:
    """All processes of a session and of those begun in it: workers outlive the server that made them."""

    def __init__(self, leader: int) -> None:
        self._sessions = {leader}
        self._members = {leader}
        self._strangers = {int(each.name) for each in _PROC.iterdir() if each.name.isdigit()} - {leader}
        self.cpu: dict[int, float] = {}
        self.largest = self.together = 0

    def look(self) -> None:
        together = 0
        for pid in self._now():
            try:
                words = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
                status = (_PROC / str(pid) / "status").read_text()
            except OSError:  # it has ended in the meantime
                continue
            parent, session = int(words[1]), int(words[3])
            if session not in self._sessions and parent not in self._members:
                self._members.discard(pid)
                self._strangers.add(pid)
                continue
            self._sessions.add(session)  # a layer is run by a process that leads one of its own
            self._members.add(pid)
            self.cpu[pid] = (int(words[11]) + int(words[12])) / _TICK
            together += _kib(status, "VmRSS:")
            self.largest = max(self.largest, _kib(status, "VmHWM:"))
        self.together = max(self.together, together)

    def _now(self) -> list[int]:
        running = {int(name) for name in os.listdir(_PROC) if name.isdigit()}
        self._strangers &= running
        return sorted(running - self._strangers)


def _kib(status: str, name: str) -> int:
    found = status.partition(name)[2].split(maxsplit=1)
    return int(found[0]) if found else 0  # a process that has just ended has no memory any more
