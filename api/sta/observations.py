"""Observations of some streams: counted, filtered, ordered and paged day by day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.sta import evaluate
from api.sta.condition import Condition
from api.sta.query import Options
from api.sta.things import Entity, Reading, Stream
from api.sta.world import World, series_of
from catalog.partitions import DAY_US
from catalog.values import Series
from twin.errors import RequestError

_SORTED = 1_000_000
"""Most values that are put in order by something else than their time."""


@dataclass(slots=True)
class _Rows:
    """Values of a day or of several: (n,) each."""

    part: NDArray[np.int64]
    """Number of the part that has it."""
    place: NDArray[np.int64]
    """Its number within the series of that part."""
    at: NDArray[np.int64]
    value: NDArray[np.float64]

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> "_Rows":
        return _Rows(self.part[index], self.place[index], self.at[index], self.value[index])


class Observations:
    """The Observations of some streams that meet a condition."""

    def __init__(self, world: World, streams: list[Stream], condition: Condition) -> None:
        """Nothing is read yet."""
        self._world = world
        self._condition = condition
        self._streams = [stream for stream in streams if all(test(_any(stream)) for test in condition.stream)]
        self._parts: list[tuple[Stream, Series]] = []

    def count(self) -> int:
        """How many there are."""
        if self._condition.empty:
            return sum(stream.span.count for stream in self._streams)
        return sum(len(rows.at) for rows in self._days(False))

    def page(self, options: Options) -> tuple[list[Reading], bool]:
        """What ``$skip``, ``$top`` and ``$orderby`` ask for, and whether more follow.

        Without an order the oldest come first.

        Raises:
            RequestError: the order needs more than a million values at once.
        """
        if options.top == 0:
            return [], False
        order = options.orderby or ((("phenomenonTime",), False),)
        by_day = order[0][0] == ("phenomenonTime",)
        found: list[Reading] = []
        passed = 0
        for rows in self._days(order[0][1]) if by_day else self._together():
            before, passed = passed, passed + len(rows.at)
            if passed > options.skip:
                start = max(options.skip - before, 0)
                end = start + options.top + 1 - len(found)
                found += self._readings(rows.take(self._order(rows, order)[start:end]))
                if len(found) > options.top:
                    return found[: options.top], True
        return found, False

    def _days(self, newest_first: bool) -> Iterator[_Rows]:
        """The values day by day."""
        streams: dict[str, list[Stream]] = {}
        for stream in self._streams:
            streams.setdefault(stream.station.layer.id, []).append(stream)
        days: dict[int, list[str]] = {}
        first, last = self._condition.first, self._condition.last
        for layer_id, own in streams.items():
            low = min(stream.span.first for stream in own)
            high = max(stream.span.last for stream in own)
            known = self._world.days(layer_id)
            start = bisect_left(known, (low if first is None else max(low, first)) // DAY_US)
            end = bisect_right(known, (high if last is None else min(high, last)) // DAY_US)
            for day in known[start:end]:
                days.setdefault(day, []).append(layer_id)
        for day in sorted(days, reverse=newest_first):
            self._parts = []
            yield self._day(day, [stream for layer_id in days[day] for stream in streams[layer_id]])

    def _day(self, day: int, streams: list[Stream]) -> _Rows:
        self._world.spend("steps", len(streams))
        first, last = self._condition.first, self._condition.last
        parts, places, times, values = [], [], [], []
        for stream in streams:
            series = series_of(self._world.service, stream, day)
            if series is None:
                continue
            high = stream.span.last if last is None else min(stream.span.last, last)
            low = stream.span.first if first is None else first
            start, end = np.searchsorted(series.observed, (low, high + 1))
            if start < end:
                parts.append(np.full(end - start, len(self._parts)))
                places.append(np.arange(start, end))
                times.append(series.observed[start:end])
                values.append(series.value[start:end])
                self._parts.append((stream, series))
        if not parts:
            nothing = np.empty(0, np.int64)
            return _Rows(nothing, nothing, nothing, np.empty(0))
        rows = _Rows(*(np.concatenate(column) for column in (parts, places, times, values)))
        if self._condition.results:
            rows = rows.take(self._condition.within(rows.value))
        if self._condition.rest:
            self._world.spend("steps", len(rows.at) * self._condition.weight)
            entities = [Entity("Observations", reading) for reading in self._readings(rows)]
            true = [all(test(entity) for test in self._condition.rest) for entity in entities]
            rows = rows.take(np.array(true, dtype=bool))
        return rows

    def _together(self) -> Iterator[_Rows]:
        """All values at once."""
        kept: list[tuple[Stream, Series]] = []
        found: list[_Rows] = []
        number = 0
        for rows in self._days(False):
            rows.part = rows.part + len(kept)
            kept += self._parts
            found.append(rows)
            number += len(rows.at)
            if number > _SORTED:
                raise RequestError(
                    f"more than {_SORTED:,} values cannot be put in this order; order by phenomenonTime, "
                    "or filter by it"
                )
        self._parts = kept
        if found:
            yield _Rows(
                *(
                    np.concatenate(c)
                    for c in zip(*((r.part, r.place, r.at, r.value) for r in found), strict=True)
                )
            )

    def _order(self, rows: _Rows, order: tuple[tuple[tuple[str, ...], bool], ...]) -> NDArray[np.int64]:
        if len(self._parts) == 1 and order[0][0] == ("phenomenonTime",):  # no two at one time
            there: NDArray[np.int64] = np.arange(len(rows.at))
            return there[::-1] if order[0][1] else there
        keys: list[NDArray[np.float64] | NDArray[np.int64]] = []
        for names, largest_first in order:
            key: NDArray[np.float64] | NDArray[np.int64]
            if names == ("phenomenonTime",):
                key = rows.at
            elif names == ("result",):
                key = rows.value
            elif names in (("id",), ("@iot.id",)):
                keys.append(-self._ranks(rows, ("id",)) if largest_first else self._ranks(rows, ("id",)))
                key = rows.at
            elif names[0] == "Datastream" or names[0] == "FeatureOfInterest":
                key = self._ranks(rows, names)
            else:
                raise RequestError(f"Observations cannot be ordered by {names[0]}; order by phenomenonTime")
            keys.append(-key if largest_first else key)
        keys.append(rows.part)
        order_of: NDArray[np.int64] = np.lexsort(keys[::-1])
        return order_of

    def _ranks(self, rows: _Rows, names: tuple[str, ...]) -> NDArray[np.int64]:
        """(n,) place of each value's stream among all, by something of the stream."""
        told = []
        for stream, _ in self._parts:
            if names[0] == "FeatureOfInterest":
                entity = Entity("FeaturesOfInterest", stream.station)
            else:
                entity = Entity("Datastreams", stream)
            of = names if names == ("id",) else names[1:]
            told.append(evaluate.sortable(evaluate.get(self._world, entity, of)))
        rank = {key: number for number, key in enumerate(sorted(set(told)))}
        return np.array([rank[key] for key in told], np.int64)[rows.part]

    def _readings(self, rows: _Rows) -> list[Reading]:
        found = []
        for part, place, at, value in zip(
            rows.part.tolist(), rows.place.tolist(), rows.at.tolist(), rows.value.tolist(), strict=True
        ):
            stream, series = self._parts[part]
            found.append(Reading(stream, at, value, series.quality[place]))
        return found


def _any(stream: Stream) -> Entity:
    """Some Observation of a stream, where only the stream matters."""
    return Entity("Observations", Reading(stream, stream.span.first, 0.0, ""))
