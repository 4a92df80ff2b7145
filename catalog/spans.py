"""From when to when there are values, and how many: of every property of every station, cheaply."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from catalog.partitions import DAY_US, Days
from catalog.values import Key, Series, Values

_KEPT = 8
"""Instants of the past for which a layer's spans are kept."""
_Day = tuple[NDArray[np.int32], NDArray[np.int64]]
"""(n,) number of a key and (n, 3) count, first and last of its values within a day."""


@dataclass(frozen=True, slots=True)
class Span:
    """Values of one property of one station."""

    count: int
    first: int
    """Microseconds since 1970."""
    last: int
    """Likewise."""


class _Layer:
    """What is known of a layer's files; a day is read once."""

    def __init__(self) -> None:
        self.numbers: dict[Key, int] = {}
        self.days: dict[tuple[str, ...], _Day] = {}
        self.listed: Days = {}
        self.newest = 0
        self.found: OrderedDict[int | None, Mapping[Key, Span]] = OrderedDict()


class Spans:
    """Counts the values of layers for a server. Safe to use from several threads."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._lock = Lock()
        self._layers: dict[str, _Layer] = {}

    def of(self, layer_id: str, until: int | None = None) -> Mapping[Key, Span]:
        """Station and property → their values.

        Args:
            layer_id: Full id of the layer.
            until: Microseconds since 1970: only values observed by then; None for all there are.
        """
        with self._lock:
            layer = self._layers.setdefault(layer_id, _Layer())
            listed = self._values.files(layer_id)
            if listed != layer.listed:
                layer.listed = listed
                layer.found.clear()
                there = set(listed.values())
                layer.days = {keys: day for keys, day in layer.days.items() if keys in there}
            if None not in layer.found:
                layer.found[None] = self._count(layer_id, layer, None)
                layer.newest = max((span.last for span in layer.found[None].values()), default=0)
            if until is not None and until >= layer.newest:
                until = None
            if until not in layer.found:
                layer.found[until] = self._count(layer_id, layer, until)
                while len(layer.found) > _KEPT:
                    layer.found.popitem(last=False)
            layer.found.move_to_end(None)
            return layer.found[until]

    def _count(self, layer_id: str, layer: _Layer, until: int | None) -> Mapping[Key, Span]:
        parts = []
        for day, keys in layer.listed.items():
            if until is None or (day + 1) * DAY_US <= until:
                if keys not in layer.days:
                    layer.days[keys] = _told(layer.numbers, self._values.day(layer_id, day), None)
                parts.append(layer.days[keys])
            elif day * DAY_US <= until:
                parts.append(_told(layer.numbers, self._values.day(layer_id, day), until))
        if not parts:
            return {}
        number = np.concatenate([numbers for numbers, _ in parts])
        told = np.concatenate([numbers for _, numbers in parts])
        size = len(layer.numbers)
        count = np.zeros(size, np.int64)
        first = np.full(size, np.iinfo(np.int64).max)
        last = np.full(size, np.iinfo(np.int64).min)
        np.add.at(count, number, told[:, 0])
        np.minimum.at(first, number, told[:, 1])
        np.maximum.at(last, number, told[:, 2])
        return {
            key: Span(int(count[i]), int(first[i]), int(last[i]))
            for key, i in sorted(layer.numbers.items())
            if count[i]
        }


def _told(numbers: dict[Key, int], day: Mapping[Key, Series], until: int | None) -> _Day:
    found, told = [], []
    for key, series in day.items():
        size = (
            len(series.observed) if until is None else int(np.searchsorted(series.observed, until, "right"))
        )
        if size:
            found.append(numbers.setdefault(key, len(numbers)))
            told.append((size, series.observed[0], series.observed[size - 1]))
    return np.array(found, np.int32), np.array(told, np.int64).reshape(-1, 3)
