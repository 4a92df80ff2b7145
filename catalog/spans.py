"""From when to when there are values, and how many: of every property of every station, cheaply."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from catalog.days import Day, Key, Words
from catalog.partitions import DAY_US, Days
from catalog.values import Values
from twin.errors import NotFound

_KEPT = 8
"""Instants of the past for which a layer's spans are kept."""
_OPEN = 3
"""The newest days, which still get values; what lies before them is summed up once."""
_VALUES = 1_000_000
_AT_ONCE = 400
"""Most days read at once."""


@dataclass(frozen=True, slots=True)
class Span:
    """Values of one property of one station."""

    count: int
    first: int
    """Microseconds since 1970."""
    last: int
    """Likewise."""


@dataclass(slots=True, eq=False)
class Table:
    """Spans as columns, (k,) each."""

    texts: Words
    keys_: NDArray[np.int64]
    """Numbers of keys, ascending."""
    count: NDArray[np.int64]
    first: NDArray[np.int64]
    """Microseconds since 1970."""
    last: NDArray[np.int64]
    """Likewise."""

    def span(self, place: int) -> Span:
        """That of the key at a place."""
        return Span(int(self.count[place]), int(self.first[place]), int(self.last[place]))

    def of(self, key: Key) -> Span | None:
        """That of a key; None if it has no values."""
        number = self.texts.number(key)
        place = int(np.searchsorted(self.keys_, number))
        return self.span(place) if place < len(self.keys_) and self.keys_[place] == number else None

    def and_then(self, other: "Table") -> "Table":
        """Both together."""
        if np.array_equal(self.keys_, other.keys_):
            first, last = np.minimum(self.first, other.first), np.maximum(self.last, other.last)
            return Table(self.texts, self.keys_, self.count + other.count, first, last)
        keys, place = np.unique(np.concatenate([self.keys_, other.keys_]), return_inverse=True)
        count = np.zeros(len(keys), np.int64)
        first = np.full(len(keys), np.iinfo(np.int64).max)
        last = np.full(len(keys), np.iinfo(np.int64).min)
        for table, at in ((self, place[: len(self.keys_)]), (other, place[len(self.keys_) :])):
            count[at] += table.count
            first[at] = np.minimum(first[at], table.first)
            last[at] = np.maximum(last[at], table.last)
        return Table(self.texts, keys, count, first, last)


class _Layer:
    """What is known of a layer's files."""

    def __init__(self, texts: Words) -> None:
        nothing = np.empty(0, np.int64)
        self.nothing = Table(texts, nothing, nothing, nothing, nothing)
        self.listed: Days = {}
        self.closed: tuple[Days, Table] = ({}, self.nothing)
        """Days that were looked at, and what they come to."""
        self.newest = 0
        self.found: OrderedDict[int | None, Table] = OrderedDict()


class Spans:
    """Counts the values of layers for a server. Safe to use from several threads."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._lock = Lock()
        self._layers: dict[str, _Layer] = {}

    def of(self, layer_id: str, until: int | None = None) -> Table:
        """What there is of each station and property; the same object as long as nothing changes.

        Args:
            layer_id: Full id of the layer.
            until: Microseconds since 1970: only values observed by then; None for all there are.
        """
        with self._lock:
            layer = self._layers.setdefault(layer_id, _Layer(self._values.words(layer_id)))
            listed = self._values.files(layer_id)
            if listed != layer.listed:
                layer.listed = listed
                layer.found.clear()
            if None not in layer.found:
                layer.found[None] = self._all(layer_id, layer)
                layer.newest = int(layer.found[None].last.max(initial=0))
            if until is not None and until >= layer.newest:
                until = None
            if until not in layer.found:
                days = [day for day in listed if day * DAY_US <= until] if until is not None else []
                layer.found[until] = self._together(layer_id, layer.nothing, days, until)
                while len(layer.found) > _KEPT:
                    layer.found.popitem(last=False)
            layer.found.move_to_end(None)
            return layer.found[until]

    def _all(self, layer_id: str, layer: _Layer) -> Table:
        days = list(layer.listed)
        before = {day: layer.listed[day] for day in days[:-_OPEN]}
        known, table = layer.closed
        if any(before.get(day) != keys for day, keys in known.items()):
            known, table = {}, layer.nothing
        table = self._together(layer_id, table, [day for day in before if day not in known], None)
        layer.closed = (before, table)
        return self._together(layer_id, table, days[-_OPEN:], None)

    def _together(self, layer_id: str, table: Table, days: Sequence[int], until: int | None) -> Table:
        """Days are read several at once, as many as have about a million values."""
        start, size = 0, 1
        while start < len(days):
            several = days[start : start + size]
            try:
                found = self._values.together(layer_id, several)
            except NotFound:  # retention put others in their place since they were listed
                for day in several:
                    table = table.and_then(_told(self._values.day(layer_id, day), until))
            else:
                table = table.and_then(_told(found, until))
                size = min(_AT_ONCE, max(1, _VALUES * len(several) // max(1, len(found.observed))))
            start += len(several)
        return table


def _told(day: Day, until: int | None) -> Table:
    count = np.diff(day.starts) if until is None else day.until(until)
    there = count > 0
    starts, count = day.starts[:-1][there], count[there]
    first, last = day.observed[starts], day.observed[starts + count - 1]
    return Table(day.texts, day.keys_[there], count, first, last)
