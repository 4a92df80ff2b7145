"""Values of stations at an instant: the latest, the last 24 hours, the usual 24 hours."""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from catalog import days, partitions
from catalog.days import NEVER, PROPERTIES, Day, Words
from catalog.latest import Latest, latest
from catalog.partitions import DAY_US
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

_ROWS_KEPT = 10_000_000
"""Values kept in memory over all days, 20 bytes each; the last used day is always kept."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found at an instant is so until something newer is observed, or written."""

    files: Mapping[int, tuple[str, ...]]
    since: int
    until: int
    found: Latest

    def holds(self, files: Mapping[int, tuple[str, ...]], limit: int) -> bool:
        return self.since <= limit < self.until and files == self.files


class Values:
    """Reads the observations of a store for a server, day by day, keeping the days it needed."""

    def __init__(self, store: Store, ttl: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._ttl = ttl
        self._clock = clock
        self._lock, self._reading = Lock(), Lock()
        self._listed: dict[str, tuple[float, dict[int, tuple[str, ...]]]] = {}
        self._days: OrderedDict[tuple[str, ...], Day] = OrderedDict()
        self._rows = 0
        self._words: dict[str, Words] = {}
        self._latest: dict[str, _Known] = {}

    def latest(self, layer_id: str, at: datetime) -> Latest:
        """Station → property → its last value at `at`: value, unit, observed_at (RFC 3339), quality.

        Looks back over the last 400 days that have values.
        """
        limit, files = partitions.micros(at), self.files(layer_id)
        with self._lock:
            known = self._latest.get(layer_id)
        if known is not None and known.holds(files, limit):
            return known.found
        listed = [day for day in files if day * DAY_US <= limit]
        read = (self.day(layer_id, day) for day in reversed(listed[-_LOOK_BACK:]))
        found = latest(self.words(layer_id), read, limit)
        until = min((day * DAY_US for day in files if day * DAY_US > limit), default=NEVER)
        with self._lock:
            self._latest[layer_id] = _Known(files, limit, min(until, found.until), found)
        return found

    def newest(self, layer_id: str, at: datetime | None = None) -> int | None:
        """When the newest value was observed, microseconds since 1970; None if there is none.

        Args:
            layer_id: Of which layer.
            at: Only values observed by then; None: all, which may be of the future (forecasts).
        """
        limit = None if at is None else partitions.micros(at)
        for number in reversed(self.files(layer_id)):
            if limit is None or number * DAY_US <= limit:
                found = self.day(layer_id, number).newest(limit)
                if found is not None:
                    return found
        return None

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
        found = []
        for number in range(start // DAY_US, end // DAY_US + 1):
            day = self.day(layer_id, number)
            inside = (day.observed >= start) & (day.observed <= end - length)
            keys = np.repeat(day.keys_, np.diff(day.starts))
            inside &= (keys & PROPERTIES) == day.texts.codes.get(name, -1)
            found.append((keys[inside], day.observed[inside], day.value[inside]))
        keys, observed, value = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(keys, kind="stable")  # days are in order already
        keys, observed, value = keys[order], observed[order], value[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        words = self.words(layer_id)
        return (
            {
                words.key(keys[first])[0]: (observed[first:after], value[first:after])
                for first, after in zip(starts.tolist(), [*starts[1:].tolist(), len(keys)], strict=True)
            }
            if len(keys)
            else {}
        )

    def files(self, layer_id: str) -> dict[int, tuple[str, ...]]:
        """Day (days since 1970) → keys of its files, in order of the days."""
        with self._lock:
            now = self._clock()
            known = self._listed.get(layer_id)
            if known is None or now - known[0] >= self._ttl:
                known = self._listed[layer_id] = (now, partitions.files(self._store, layer_id))
            return known[1]

    def words(self, layer_id: str) -> Words:
        """The texts of a layer's values, as its days number them."""
        with self._lock:
            return self._words.setdefault(layer_id, Words())

    def together(self, layer_id: str, several: Sequence[int]) -> Day:
        """The values of several days as if they were one; they are not kept."""
        if len(several) == 1:
            return self.day(layer_id, several[0])
        listed = self.files(layer_id)
        keys = [key for day in several for key in listed.get(day, ())]
        return days.read(self._store, keys, self.words(layer_id))

    def day(self, layer_id: str, day: int) -> Day:
        """Station and property → their values within a day (days since 1970); empty if there are none."""
        keys = self.files(layer_id).get(day, ())
        known = self._known(keys)
        if known is not None:
            return known
        if not keys:
            return days.read(self._store, keys, self.words(layer_id))
        with self._reading:  # visitors who come at once read it once
            known = self._known(keys)
            return self._read(layer_id, day) if known is None else known

    def _known(self, keys: tuple[str, ...]) -> Day | None:
        with self._lock:
            if keys not in self._days:
                return None
            self._days.move_to_end(keys)
            return self._days[keys]

    def _read(self, layer_id: str, day: int) -> Day:
        keys = self.files(layer_id).get(day, ())
        texts = self.words(layer_id)
        try:
            found = days.read(self._store, keys, texts)
        except NotFound:  # retention put others in their place since they were listed
            with self._lock:
                self._listed.pop(layer_id, None)
            keys = self.files(layer_id).get(day, ())
            found = days.read(self._store, keys, texts)
        if not keys:
            return found
        with self._lock:
            other = self._days.pop(keys, None)
            self._rows += len(found.value) - (0 if other is None else len(other.value))
            self._days[keys] = found
            while len(self._days) > 1 and self._rows > _ROWS_KEPT:
                self._rows -= len(self._days.popitem(last=False)[1].value)
        return found
