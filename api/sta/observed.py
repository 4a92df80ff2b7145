"""Observed: the Observations of some streams, read and counted day by day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from api.sta import groups, rows
from api.sta.condition import Condition
from api.sta.rows import Rows
from api.sta.streams import Some
from api.sta.world import World
from catalog.days import Day
from catalog.partitions import DAY_US

_FEW = 16
"""So many streams are looked up one by one within a day; of more the whole day is looked at."""


class Observed:
    """The Observations of some streams that meet a condition."""

    def __init__(self, world: World, parts: list[Some], condition: Condition) -> None:
        """Nothing is read yet."""
        self._world = world
        self._plain = condition.plain
        if world.until is not None:
            condition.bound("le", world.until)
        self._condition = condition
        self._parts = [self._meeting(some) for some in parts] if condition.stream else parts

    def _meeting(self, some: Some) -> Some:
        numbers = some.all_numbers()
        for test in self._condition.stream:
            numbers = numbers[test(groups.of_streams(some.streams, numbers))]
        return Some(some.streams, numbers)

    def count(self) -> int:
        """How many there are."""
        if self._plain:  # spans are of what was observed by then
            return sum(int(some.column(some.streams.table.count).sum()) for some in self._parts)
        return sum(len(found) for found in self.days())

    def any(self) -> bool:
        """Whether there is one."""
        return any(len(values) for values in self.days())

    def which(self) -> list[tuple[Some, NDArray[np.bool_]]]:
        """(m,) for each layer asked: whether a stream has some."""
        first, last = self._condition.first, self._condition.last
        quick = not (self._condition.results or self._condition.rest) and (
            first is None or last is None or last == self._world.until
        )
        found = [np.zeros(len(some.streams), dtype=bool) for some in self._parts]
        if quick:
            for some, true in zip(self._parts, found, strict=True):
                table, numbers = some.streams.table, some.all_numbers()
                late = first is None or some.column(table.last) >= first
                early = last is None or some.column(table.first) <= last
                true[numbers[np.broadcast_to(late & early, numbers.shape)]] = True
            return list(zip(self._parts, found, strict=True))
        for values in self.days():
            for part, true in enumerate(found):
                true[values.number[values.part == part]] = True
        return list(zip(self._parts, found, strict=True))

    def extremes(self, largest: bool) -> list[NDArray[np.float64]]:
        """(m,) for each layer asked: the least or the largest value of each stream; NaN where it has none."""
        found = [np.full(len(some.streams), np.nan) for some in self._parts]
        for values in self.days():
            for part, of in enumerate(found):
                mine = values.part == part
                (np.fmax if largest else np.fmin).at(of, values.number[mine], values.value[mine])
        return found

    def _listed(self, condition: Condition, newest_first: bool) -> list[tuple[int, list[int]]]:
        """Days that may have values, and the numbers of the layers that have files of them."""
        days: dict[int, list[int]] = {}
        for part, some in enumerate(self._parts):
            if not len(some):
                continue
            table = some.streams.table
            low, high = int(some.column(table.first).min()), int(some.column(table.last).max())
            known = self._world.days(some.streams.stations.layer.id)
            first, last = condition.first, condition.last
            start = bisect_left(known, (low if first is None else max(low, first)) // DAY_US)
            end = bisect_right(known, (high if last is None else min(high, last)) // DAY_US)
            for day in known[start:end]:
                days.setdefault(day, []).append(part)
        return [(day, days[day]) for day in sorted(days, reverse=newest_first)]

    def days(self) -> Iterator[Rows]:
        """The values day by day, the oldest first."""
        for day, parts in self._listed(self._condition, False):
            yield self._day(self._condition, day, parts)

    def _known(self, condition: Condition, day: int, parts: list[int]) -> int | None:
        """How many values a whole day has, if that was found out before."""
        if condition.within(day * DAY_US, (day + 1) * DAY_US):
            found = [self._parts[part] for part in parts]
            told = [
                some.streams.counted.get(self._files(some, day)) for some in found if some.numbers is None
            ]
            if len(told) == len(found) and None not in told:
                return sum(filter(None, told))
        return None

    def _files(self, some: Some, day: int) -> tuple[str, ...]:
        return self._world.service.values.files(some.streams.stations.layer.id).get(day, ())

    def _day(self, condition: Condition, day: int, parts: list[int]) -> Rows:
        found = []
        for part in parts:
            some = self._parts[part]
            values = self._world.service.values.day(some.streams.stations.layer.id, day)
            self._world.spend("steps", min(len(some), 20))
            self._world.spend("values", min(len(some), len(values.value)))
            own = _of_day(part, some, values, condition)
            if some.numbers is None and condition.within(day * DAY_US, (day + 1) * DAY_US):
                some.streams.counted[self._files(some, day)] = len(own)
            for test in condition.rest:
                true = np.zeros(len(own), dtype=bool)
                for group, places in groups.of_readings(self._parts, own):
                    true[places] = test(group)
                own = own.take(true)
            found.append(own)
        return rows.join(found)


def _of_day(part: int, some: Some, day: Day, condition: Condition) -> Rows:
    """The values of some streams within a day that are as a condition's times and numbers ask."""
    streams = some.streams
    rows: NDArray[np.int64] | slice
    if len(some) <= _FEW:
        numbers = [int(n) for n in (range(len(streams)) if some.numbers is None else some.numbers)]
        found = [(n, day.place(int(streams.table.keys_[streams.places[n]]))) for n in numbers]
        there = [(n, *day.starts[place : place + 2].tolist()) for n, place in found if place is not None]
        if len(there) == 1:
            number, first, end = there[0]
            rows = slice(first, end)
            of = np.full(end - first, number, np.int64)
        else:
            rows = np.concatenate(
                [np.arange(first, end) for _, first, end in there] or [np.empty(0, np.int64)]
            )
            of = np.repeat([n for n, _, _ in there], [end - first for _, first, end in there]).astype(
                np.int64
            )
    else:
        of_key = streams.numbers(day.keys_)
        if some.numbers is not None:
            wanted = np.zeros(len(streams) + 1, dtype=bool)  # the last stands for no stream
            wanted[np.asarray(some.numbers)] = True
            of_key = np.where(wanted[of_key], of_key, -1)
        of = np.repeat(of_key, np.diff(day.starts))
        rows = slice(None)
        if len(of_key) and of_key.min() < 0:
            rows = np.flatnonzero(of >= 0)
            of = of[rows]
    at = day.observed[rows]
    whole = Rows(np.full(len(at), part, np.int64), of, at, day.value[rows], day.quality[rows])
    true = condition.met(whole.at, whole.value)
    return whole if true is None else whole.take(true)
