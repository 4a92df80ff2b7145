"""The last value of everything that is measured, at an instant: as columns, shown station by station."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import partitions
from catalog.days import PROPERTY_BITS, Day, Words
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

    def __len__(self) -> int:
        return len(np.unique(self.keys_ >> PROPERTY_BITS))

    def __iter__(self) -> Iterator[str]:
        stations = np.unique(self.keys_ >> PROPERTY_BITS).tolist()
        return iter(sorted(self.texts.words[number] for number in stations))

    def __getitem__(self, station: str) -> Told:
        number = self.texts.codes.get(station, -1)
        first, end = np.searchsorted(self.keys_, (number << PROPERTY_BITS, (number + 1) << PROPERTY_BITS))
        if number < 0 or first == end:
            raise KeyError(station)
        words = self.texts.words
        found = {}
        for place in range(int(first), int(end)):
            _, name = self.texts.key(int(self.keys_[place]))
            found[name] = {
                "value": float(self.value[place]),
                "unit": words[self.unit[place]],
                "observed_at": times.iso(partitions.instant(self.observed[place])),
                "quality": words[self.quality[place]],
            }
        return dict(sorted(found.items()))


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
    for day in days:
        if not len(day):
            continue
        counts = day.until(limit)
        fresh = np.flatnonzero((counts > 0) & ~np.isin(day.keys_, seen))
        places = day.starts[fresh] + counts[fresh] - 1
        numbers.append(day.keys_[fresh])
        columns.append((day.value[places], day.observed[places], day.unit[fresh], day.quality[places]))
        seen = np.concatenate(numbers)
    if not columns:
        code = np.empty(0, np.int32)
        return Latest(texts, seen, np.empty(0), np.empty(0, np.int64), code, code)
    order = np.argsort(seen)
    value, observed, unit, quality = (np.concatenate(c)[order] for c in zip(*columns, strict=True))
    return Latest(texts, seen[order], value, observed, unit, quality)
