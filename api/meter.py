"""Meter: what this server has answered, for Prometheus. Nothing of who asked, nor of what for."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

DOORS = ("tiles", "ogc", "stac", "sta", "live", "ops", "docs", "static", "viewer")
BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def door(path: str) -> str:
    """The part of the service that a path belongs to; one of few words whatever is asked."""
    first = path.split("/", 2)[1] if path.startswith("/") else path
    return "page" if not first else first if first in DOORS else "other"


_NAMES = (*DOORS, "page", "other")
_STATUSES = range(200, 600)
_BUCKETS = len(BOUNDS_S) + 1
_EACH = len(_STATUSES) + _BUCKETS + 1
_BEGINS = {name: place * _EACH for place, name in enumerate(_NAMES)}
CELLS = _EACH * len(_NAMES)
"""Numbers in which a worker counts: for each door answers by status, by time, and the seconds together."""


class Meter:
    """Counts of answers, of all workers. Each changes cells of its own, by its event loop; any may read."""

    def __init__(self, own: Any = None, counted: Callable[[], Iterable[Any]] | None = None) -> None:
        """Count in `own`, and tell of all that `counted` gives; both are `CELLS` float64 each."""
        cells = array("d", bytes(8 * CELLS)) if own is None else own
        self._own = cells
        self._counted = counted or (lambda: [cells])

    def note(self, path: str, status: int, seconds: float) -> None:
        """Count an answer that began `seconds` after it was asked for."""
        own, begin = self._own, _BEGINS[door(path)]
        times = begin + len(_STATUSES)
        own[begin + status - 200] += 1
        own[times + bisect_left(BOUNDS_S, seconds)] += 1
        own[times + _BUCKETS] += seconds

    def lines(self) -> Iterator[str]:
        """In Prometheus' text format."""
        sums = [sum(column) for column in zip(*self._counted(), strict=True)]
        told = [
            (name, sums[i * _EACH : (i + 1) * _EACH]) for i, name in sorted(enumerate(_NAMES), key=_second)
        ]
        yield from family(
            "twin_requests_total",
            "counter",
            "Requests answered, by door and status.",
            (
                (f'{{door="{name}",status="{status}"}}', int(cells[status - 200]))
                for name, cells in told
                for status in _STATUSES
                if cells[status - 200]
            ),
        )
        yield from family(
            "twin_request_seconds",
            "histogram",
            "Time until the answer began, by door.",
            (sample for name, cells in told for sample in _samples(name, cells[len(_STATUSES) :])),
        )


def _second(pair: tuple[int, str]) -> str:
    return pair[1]


def _samples(name: str, cells: Sequence[float]) -> Iterator[tuple[str, float]]:
    if not any(cells):
        return
    below = 0
    for bound, number in zip((*map(str, BOUNDS_S), "+Inf"), cells, strict=False):
        below += int(number)
        yield f'_bucket{{door="{name}",le="{bound}"}}', below
    yield f'_sum{{door="{name}"}}', cells[_BUCKETS]
    yield f'_count{{door="{name}"}}', below


def family(name: str, kind: str, words: str, samples: Iterable[tuple[str, float]]) -> Iterator[str]:
    """The lines of one metric; `samples` are (what follows its name, value)."""
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
    for more, value in samples:
        yield f"{name}{more} {value}"
