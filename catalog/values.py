"""Values of stations at an instant: the latest, the last 24 hours, the usual 24 hours."""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import partitions
from catalog.partitions import DAY_US
from twin import times
from twin.errors import NotFound
from twin.schema import Property
from twin.store import Store

_LOOK_BACK = 400
"""Days with data that are searched for the last value of a station that has fallen silent."""
_WEEKS = 4
_ENOUGH = 0.9
"""Share of the same intervals a week before that must have values to be compared with."""
COUNTS = {"1/15min": 900_000_000, "1/h": 3_600_000_000}
"""Units of counts that may be summed up → length of their interval in microseconds."""
_DAYS_KEPT = 2000

Key = tuple[str, str]


@dataclass(slots=True)
class Series:
    """Values of one property of one station within a day, in order of time, none missing."""

    unit: str
    observed: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: list[str]


class Values:
    """Reads the observations of a store for a server, day by day, keeping the days it needed."""

    def __init__(self, store: Store, ttl: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._ttl = ttl
        self._clock = clock
        self._lock = Lock()
        self._listed: dict[str, tuple[float, dict[int, tuple[str, ...]]]] = {}
        self._days: OrderedDict[tuple[str, ...], dict[Key, Series]] = OrderedDict()

    def latest(self, layer_id: str, at: datetime) -> dict[str, dict[str, dict[str, Any]]]:
        """Station → property → its last value at `at`: value, unit, observed_at (RFC 3339), quality.

        Looks back over the last 400 days that have values.
        """
        limit = partitions.micros(at)
        found: dict[Key, dict[str, Any]] = {}
        days = [day for day in self.files(layer_id) if day * DAY_US <= limit]
        for day in reversed(days[-_LOOK_BACK:]):
            for key, series in self.day(layer_id, day).items():
                if key not in found:
                    place = int(np.searchsorted(series.observed, limit, side="right")) - 1
                    if place >= 0:
                        found[key] = {
                            "value": float(series.value[place]),
                            "unit": series.unit,
                            "observed_at": times.iso(partitions.instant(series.observed[place])),
                            "quality": series.quality[place],
                        }
        result: dict[str, dict[str, dict[str, Any]]] = {}
        for (station, name), value in sorted(found.items()):
            result.setdefault(station, {})[name] = value
        return result

    def sums(
        self, layer_id: str, at: datetime, properties: Collection[Property]
    ) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
        """Sums of counts over the 24 hours before `at`, and what they usually are.

        The usual sum is the mean of the four weeks before, each at the same weekday and time and over just
        those intervals for which the last 24 hours have values, so that a late source is not read as a
        quiet day. Weeks with values for less than nine tenths of these intervals do not count.

        Returns:
            (last, usual), each station → property → sum; absent where there is nothing to sum.
        """
        end = partitions.micros(at)
        last: dict[str, dict[str, float]] = {}
        usual: dict[str, dict[str, float]] = {}
        for name, length in ((p.name, COUNTS[p.unit]) for p in properties if p.unit in COUNTS):
            for station, (observed, value) in self._window(layer_id, name, end, length).items():
                last.setdefault(station, {})[name] = float(value.sum())
                weeks = []
                for week in range(1, _WEEKS + 1):
                    before = self._window(layer_id, name, end - week * 7 * DAY_US, length).get(station)
                    if before is not None:
                        same = np.isin(before[0], observed - week * 7 * DAY_US)
                        if same.sum() >= _ENOUGH * len(observed):
                            weeks.append(float(before[1][same].sum()))
                if weeks:
                    usual.setdefault(station, {})[name] = sum(weeks) / len(weeks)
        return last, usual

    def _window(
        self, layer_id: str, name: str, end: int, length: int
    ) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
        start = end - DAY_US
        parts: dict[str, list[tuple[NDArray[np.int64], NDArray[np.float64]]]] = {}
        for day in range(start // DAY_US, end // DAY_US + 1):
            for (station, own), series in self.day(layer_id, day).items():
                if own == name:
                    first, after = np.searchsorted(series.observed, (start, end - length + 1))
                    if first < after:
                        part = (series.observed[first:after], series.value[first:after])
                        parts.setdefault(station, []).append(part)
        return {
            station: (np.concatenate([o for o, _ in found]), np.concatenate([v for _, v in found]))
            for station, found in parts.items()
        }

    def files(self, layer_id: str) -> dict[int, tuple[str, ...]]:
        """Day (days since 1970) → keys of its files, in order of the days."""
        with self._lock:
            now = self._clock()
            known = self._listed.get(layer_id)
            if known is None or now - known[0] >= self._ttl:
                known = self._listed[layer_id] = (now, partitions.files(self._store, layer_id))
            return known[1]

    def day(self, layer_id: str, day: int) -> dict[Key, Series]:
        """Station and property → their values within a day (days since 1970); empty if there are none."""
        keys = self.files(layer_id).get(day, ())
        if not keys:
            return {}
        with self._lock:
            if keys in self._days:
                self._days.move_to_end(keys)
                return self._days[keys]
        try:
            series = self._read(keys)
        except NotFound:  # retention put others in their place since they were listed
            with self._lock:
                self._listed.pop(layer_id, None)
            keys = self.files(layer_id).get(day, ())
            series = self._read(keys)
        with self._lock:
            self._days[keys] = series
            while len(self._days) > _DAYS_KEPT:
                self._days.popitem(last=False)
        return series

    def _read(self, keys: tuple[str, ...]) -> dict[Key, Series]:
        codes: dict[str, int] = {}
        words: list[str] = []
        rows = partitions.join(words, [partitions.read(self._store, key, codes, words) for key in keys])
        rows = rows.newest()
        rows = rows.take(~np.isnan(rows.value))
        if not len(rows):
            return {}
        breaks = np.flatnonzero(
            (np.diff(rows.station, prepend=-1) != 0) | (np.diff(rows.property, prepend=-1) != 0)
        )
        result: dict[Key, Series] = {}
        for start, end in zip(breaks, [*breaks[1:], len(rows)], strict=True):
            result[words[rows.station[start]], words[rows.property[start]]] = Series(
                unit=words[rows.unit[end - 1]],
                observed=rows.observed[start:end],
                value=rows.value[start:end],
                quality=[words[number] for number in rows.quality[start:end]],
            )
        return result
