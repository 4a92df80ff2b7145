"""The last value of everything that is measured, at an instant: as columns, shown station by station."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import partitions
from catalog.days import NEVER, PROPERTIES, PROPERTY_BITS, Day, Words
from twin import times

Told = dict[str, dict[str, Any]]
"""Property → its value, unit, observed_at (RFC 3339) and quality."""


@dataclass(slots=True, eq=False)
class Latest(Mapping[str, Told]):
    """Station → what was last measured there."""

    texts: Words
    keys_: NDArray[np.int64]
    """(k,) numbers of keys, ascending."""
    value: NDArray[np.float64]
    observed: NDArray[np.int64]
    """(k,) microseconds since 1970."""
    unit: NDArray[np.int32]
    quality: NDArray[np.int32]
    until: int
    """Microseconds since 1970: what is asked for from then on may be something else."""

    def __len__(self) -> int:
        return len(np.unique(self.keys_ >> PROPERTY_BITS))

    def __iter__(self) -> Iterator[str]:
        stations = np.unique(self.keys_ >> PROPERTY_BITS).tolist()
        return iter(sorted(self.texts.words[number] for number in stations))

    def __getitem__(self, station: str) -> Told:
        (found,) = self.of([station])
        if not found:
            raise KeyError(station)
        return found

    def of(self, stations: Sequence[str]) -> list[Told]:
        """What was last measured at each of some stations; empty where nothing ever was."""
        codes, words = self.texts.codes, self.texts.words
        numbers = np.fromiter((codes.get(each, -1) for each in stations), np.int64, len(stations))
        first, end = np.searchsorted(self.keys_, np.stack((numbers, numbers + 1)) << PROPERTY_BITS)
        counts = end - first
        places = np.repeat(end - counts.cumsum(), counts) + np.arange(counts.sum())
        observed = self.observed[places]
        # Stations are read at the same times: each of these is written once.
        times_ = {each: times.iso(partitions.instant(each)) for each in np.unique(observed).tolist()}
        rows = zip(
            (self.keys_[places] & PROPERTIES).tolist(),
            self.value[places].tolist(),
            self.unit[places].tolist(),
            observed.tolist(),
            self.quality[places].tolist(),
            strict=True,
        )
        found: list[Told] = []
        for count in counts.tolist():
            own: Told = {}
            for name, value, unit, instant, quality in islice(rows, count):
                own[words[name]] = {
                    "value": value,
                    "unit": words[unit],
                    "observed_at": times_[instant],
                    "quality": words[quality],
                }
            found.append(dict(sorted(own.items())) if count > 1 else own)
        return found


def latest(texts: Words, days: Iterable[Day], limit: int) -> Latest:
    """The last values.

    Args:
        texts: Of the layer.
        days: From the newest on.
        limit: Microseconds since 1970: what was observed by then.
    """
    numbers: list[NDArray[np.int64]] = []
    columns: list[tuple[NDArray[Any], ...]] = []
    seen = np.empty(0, np.int64)
    until = NEVER
    for day in days:
        if not len(day):
            continue
        counts = day.until(limit)
        until = min(until, day.next(limit))
        fresh = np.flatnonzero((counts > 0) & ~np.isin(day.keys_, seen))
        places = day.starts[fresh] + counts[fresh] - 1
        numbers.append(day.keys_[fresh])
        columns.append((day.value[places], day.observed[places], day.unit[fresh], day.quality[places]))
        seen = np.concatenate(numbers)
    if not columns:
        code = np.empty(0, np.int32)
        return Latest(texts, seen, np.empty(0), np.empty(0, np.int64), code, code, until)
    order = np.argsort(seen)
    value, observed, unit, quality = (np.concatenate(c)[order] for c in zip(*columns, strict=True))
    return Latest(texts, seen[order], value, observed, unit, quality, until)
