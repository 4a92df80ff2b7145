"""Observations as columns, and the order of a page among them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.sta.condition import Condition
from api.sta.streams import Some
from api.sta.things import Reading
from catalog.days import Day

_FEW = 16
"""So many streams are looked up one by one within a day; of more the whole day is looked at."""


@dataclass(slots=True)
class Rows:
    """Values of a day or of several: (n,) each."""

    part: NDArray[np.int64]
    """Number of the layer among those asked."""
    number: NDArray[np.int64]
    """Of the stream within its layer."""
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.at)

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_] | slice) -> "Rows":
        """Those at `index`, or where it is true."""
        return Rows(*(column[index] for column in self.columns()))

    def columns(self) -> tuple[NDArray[Any], ...]:
        """All, in order."""
        return self.part, self.number, self.at, self.value, self.quality

    def readings(self, parts: list[Some]) -> Iterator[Reading]:
        """One by one."""
        lists = (column.tolist() for column in self.columns())
        for part, number, at, value, quality in zip(*lists, strict=True):
            streams = parts[part].streams
            yield Reading(streams[number], at, value, streams.table.texts.words[quality])


def join(found: list[Rows]) -> Rows:
    """Several as one."""
    if len(found) == 1:
        return found[0]
    columns = zip(*(rows.columns() for rows in found), strict=True)
    joined = [np.concatenate(column) for column in columns]
    if not joined:
        number = np.empty(0, np.int64)
        return Rows(number, number, number, np.empty(0), np.empty(0, np.int32))
    return Rows(*joined)


def of_day(part: int, some: Some, day: Day, condition: Condition) -> Rows:
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


def oldest(rows: Rows, newest_first: bool, start: int, end: int) -> NDArray[np.int64]:
    """Where those stand that are at places `start` to `end` if all are in order of time, then of stream."""
    key = -rows.at if newest_first else rows.at
    end = min(end, len(key))
    if start >= end:
        return np.empty(0, np.int64)
    before = 0
    near: NDArray[np.int64] = np.arange(len(key))
    if end - start < len(key):  # only what may be there is put in order
        low, high = np.partition(key, (start, end - 1))[[start, end - 1]]
        before = int((key < low).sum())
        near = np.flatnonzero((key >= low) & (key <= high))
    order = near[np.lexsort((rows.number[near], rows.part[near], key[near]))]
    found: NDArray[np.int64] = order[start - before : end - before]
    return found
