"""Measurements on their way to the store: column by column, and on disk as soon as they are many."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from catalog.partitions import DAY_US, code

ROW = np.dtype(
    [("station", "<i4"), ("property", "<i4"), ("value", "<f8"), ("observed", "<i8"), ("record", "<i8")]
)
"""Station and property as numbers into the words, NaN for no value, microseconds since 1970 (UTC), record."""
_AT_ONCE = 200_000
"""Rows held in memory; more of them go to disk."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What some records measured, in the order of the source."""

    places: Sequence[str]
    """Where each record stands in the source."""
    record: Sequence[int]
    """(n,) which of `places` each row belongs to; every record has at least one row."""
    station: Sequence[str]
    property: Sequence[str]
    value: Sequence[float]
    """NaN where the source says that it has none."""
    observed: Sequence[int]
    """Microseconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of some records, sorted by day; in memory, or in a file of which only these are known."""

    first: int
    """Number of its first record."""
    days: NDArray[np.int64]
    """All days it has, sorted."""
    starts: NDArray[np.int64]
    """Row at which each day begins, and the end."""
    rows: NDArray[Any] | Path
    places: Sequence[str] | Path

    def between(self, first: int, last: int) -> NDArray[Any]:
        """The rows of the days from `first` to `last`, both included."""
        low, high = np.searchsorted(self.days, first), np.searchsorted(self.days, last, side="right")
        start, end = int(self.starts[low]), int(self.starts[high])
        if isinstance(self.rows, Path):
            return np.fromfile(self.rows, ROW, end - start, offset=start * ROW.itemsize)
        return self.rows[start:end]


class Measurements:
    """All that one run of a layer measured. Memory does not grow with it: it lies in `folder` meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.words: list[str] = []
        self.codes: dict[str, int] = {}
        self.records = 0
        """Records with at least one row."""
        self.latest: int | None = None
        """Rows observed later are passed over, in microseconds since 1970."""
        self._folder = folder
        self._parts: list[_Part] = []
        self._waiting: list[NDArray[Any]] = []
        self._places: list[str] = []
        self._rows = 0

    def __len__(self) -> int:
        return self.records

    def add(self, measured: Measured) -> None:
        """Take what some records measured."""
        if not measured.record:  # the gate held all of it
            return
        rows = np.empty(len(measured.record), ROW)
        rows["station"] = self._coded(measured.station)
        rows["property"] = self._coded(measured.property)
        rows["value"] = measured.value
        rows["observed"] = measured.observed
        rows["record"] = np.asarray(measured.record, np.int64) + self.records
        self._waiting.append(rows)
        self._places += measured.places
        self.records += len(measured.places)
        self._rows += len(rows)
        if self._rows >= _AT_ONCE:
            self._parts.append(self._part(len(self._parts)))

    def by_days(self) -> Iterator[NDArray[Any]]:
        """Yield rows of some days that follow each other, those of a record together, in the source's order.

        A record belongs to the day of its first row.
        """
        parts = self._all()
        sizes: Counter[int] = Counter()
        for part in parts:
            sizes.update(dict(zip(part.days.tolist(), np.diff(part.starts).tolist(), strict=True)))
        first, held = None, 0
        days = sorted(sizes)
        for place, day in enumerate(days):
            first = day if first is None else first
            held += sizes[day]
            if held >= _AT_ONCE or place + 1 == len(days):
                yield self._upto(np.concatenate([part.between(first, day) for part in parts]))
                first, held = None, 0

    def place(self, record: int) -> str:
        """Where a record stands in the source."""
        part = next(part for part in reversed(self._all()) if part.first <= record)
        places = orjson.loads(part.places.read_bytes()) if isinstance(part.places, Path) else part.places
        return str(places[record - part.first])

    def after(self, instant: int) -> tuple[NDArray[np.int64], int, int]:
        """(Records of which every row was observed after `instant`, such rows of others, the last time)."""
        records, rows, last = [], 0, instant
        for part in self._all():
            found = part.between(int(part.days[0]), int(part.days[-1]))
            late = found["observed"] > instant
            if late.any():
                own = found["record"] - part.first
                size = int(own.max()) + 1
                whole = np.bincount(own, minlength=size) == np.bincount(own[late], minlength=size)
                whole &= np.bincount(own, minlength=size) > 0
                records.append(np.flatnonzero(whole) + part.first)
                rows += int((late & ~whole[own]).sum())
                last = max(last, int(found["observed"].max()))
        return np.concatenate(records) if records else np.empty(0, np.int64), rows, last

    def _upto(self, rows: NDArray[Any]) -> NDArray[Any]:
        return rows if self.latest is None else rows[rows["observed"] <= self.latest]

    def _coded(self, column: Sequence[str]) -> list[int]:
        for word in dict.fromkeys(column):
            code(word, self.codes, self.words)
        codes = self.codes
        return [codes[word] for word in column]

    def _all(self) -> list[_Part]:
        if self._waiting:
            if self._parts:  # others lie on disk already
                self._parts.append(self._part(len(self._parts)))
            else:
                return [self._part(None)]
        return self._parts

    def _part(self, number: int | None) -> _Part:
        """What is waiting, as a part: in files if it has a number, else in memory and still waiting."""
        rows = np.concatenate(self._waiting)
        begins = np.flatnonzero(np.diff(rows["record"], prepend=-1))
        day_of = np.repeat(rows["observed"][begins] // DAY_US, np.diff(begins, append=len(rows)))
        order = np.argsort(day_of, kind="stable")
        days, starts = np.unique(day_of[order], return_index=True)
        rows = rows[order]
        first = self.records - len(self._places)
        held: tuple[NDArray[Any] | Path, Sequence[str] | Path] = rows, self._places
        if number is not None:
            held = self._folder / f"measured-{number}", self._folder / f"places-{number}"
            rows.tofile(held[0])
            held[1].write_bytes(orjson.dumps(self._places))
            self._waiting, self._places, self._rows = [], [], 0
        return _Part(first, days, np.append(starts, len(rows)), *held)
