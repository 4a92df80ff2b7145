"""Meter: what this process has answered, for Prometheus. Nothing of who asked, nor of what for."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

DOORS = ("tiles", "ogc", "stac", "sta", "live", "ops", "docs", "static", "viewer")
BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def door(path: str) -> str:
    """The part of the service that a path belongs to; one of few words whatever is asked."""
    first = path.split("/", 2)[1] if path.startswith("/") else path
    return "page" if not first else first if first in DOORS else "other"


class Meter:
    """Counts of answers. Changed by the event loop alone, read by any thread."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, int], int] = {}
        """(door, status) → number."""
        self.buckets: dict[str, list[int]] = {}
        """Door → answers by `BOUNDS_S`, and one for those beyond."""
        self.seconds: dict[str, float] = {}
        """Door → seconds until the answers began, together."""

    def note(self, path: str, status: int, seconds: float) -> None:
        """Count an answer that began `seconds` after it was asked for."""
        name = door(path)
        self.answers[name, status] = self.answers.get((name, status), 0) + 1
        if name not in self.buckets:
            self.buckets[name] = [0] * (len(BOUNDS_S) + 1)
        self.buckets[name][bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def lines(self) -> Iterator[str]:
        """In Prometheus' text format."""
        counted = sorted(self.answers.copy().items())
        yield from family(
            "twin_requests_total",
            "counter",
            "Requests answered, by door and status.",
            ((f'{{door="{name}",status="{status}"}}', number) for (name, status), number in counted),
        )
        yield from family(
            "twin_request_seconds",
            "histogram",
            "Time until the answer began, by door.",
            self._samples(),
        )

    def _samples(self) -> Iterator[tuple[str, float]]:
        for name, buckets in sorted(self.buckets.copy().items()):
            below = 0
            for bound, number in zip((*map(str, BOUNDS_S), "+Inf"), buckets, strict=True):
                below += number
                yield f'_bucket{{door="{name}",le="{bound}"}}', below
            yield f'_sum{{door="{name}"}}', self.seconds[name]
            yield f'_count{{door="{name}"}}', below


def family(name: str, kind: str, words: str, samples: Iterable[tuple[str, float]]) -> Iterator[str]:
    """The lines of one metric; `samples` are (what follows its name, value)."""
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
    for more, value in samples:
        yield f"{name}{more} {value}"
