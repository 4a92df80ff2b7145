"""Together: what the workers of one server share, so that they answer as one.

A visitor's requests go now to this worker, now to that. Each counts in cells of its own that all may read,
takes from one table of clients' allowances, and says when it has seen something new in the store: what the
others saw before that moment they look at again. So nobody who was told of a revision is told of an older one
afterwards.
"""

import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.buckets import Buckets
from api.meter import CELLS

NAMES = ("listeners", "events", "seconds_before", "seconds", "memory", "started", "connections")
"""What a worker says of itself, behind its counts."""
_EACH = CELLS + len(NAMES)


def size(workers: int) -> int:
    """Numbers (float64) that `workers` of them share."""
    return 1 + workers * _EACH


@dataclass
class Together:
    """One worker's view of all."""

    workers: int = 1
    number: int = 0
    """Which one this is, from 0."""
    cells: Any = None
    """`size` numbers that all of them see; for one alone they are its own."""
    buckets: Buckets | None = None
    """Allowances of clients; one alone keeps them by itself."""
    secret: bytes = field(default_factory=lambda: os.urandom(32))
    """Key of the digests that stand for clients."""

    def __post_init__(self) -> None:
        memory = bytearray(8 * size(self.workers)) if self.cells is None else self.cells
        self._all: Any = memoryview(memory).cast("B").cast("d")
        # The clock of a worker that is started anew begins at nothing, the sum must not.
        self["seconds_before"] += self["seconds"]
        self["seconds"] = self["listeners"] = self["connections"] = 0.0
        self["started"] = self["started"] or time.time()

    def __getitem__(self, name: str) -> float:
        return float(self._all[self._place(self.number, name)])

    def __setitem__(self, name: str, value: float) -> None:
        self._all[self._place(self.number, name)] = value

    def _place(self, number: int, name: str) -> int:
        return 1 + number * _EACH + CELLS + NAMES.index(name)

    def own(self) -> Any:
        """Cells in which this worker counts."""
        begin = 1 + self.number * _EACH
        return self._all[begin : begin + CELLS]

    def counted(self) -> Iterator[Any]:
        """The cells of each worker."""
        for begin in range(1, size(self.workers), _EACH):
            yield self._all[begin : begin + CELLS]

    def each(self, name: str) -> list[float]:
        """What each worker says of itself."""
        return [float(self._all[self._place(number, name)]) for number in range(self.workers)]

    def say(self, listeners: int, events: int) -> None:
        """Say how many listen to this worker, what it told them, and what it has used by now."""
        self["listeners"], self["events"] = listeners, max(events, self["events"])
        used = resource.getrusage(resource.RUSAGE_SELF)
        self["seconds"] = used.ru_utime + used.ru_stime
        pages = Path("/proc/self/statm")
        if pages.exists():  # Linux; elsewhere nothing says how much it is now
            self["memory"] = int(pages.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def changed(self) -> None:
        """Say that this worker has seen something new in the store."""
        self._all[0] = time.monotonic()

    @property
    def since(self) -> float:
        """`time.monotonic` before which nobody's look at the store counts."""
        return float(self._all[0])
