"""Days: on which service days trips run, and which day is a typical one."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ingest.gtfs.feed import Feed
from twin.errors import SourceBroken

_LONGEST = timedelta(days=800)
"""A feed that says it is valid for longer is looked at for so long."""
_MIDDLE = (1, 2, 3)  # Tuesday to Thursday
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Calendar:
    """Which services run when, from ``calendar.txt`` and ``calendar_dates.txt``.

    Raises:
        SourceBroken: the feed has neither, or no day at all.
    """

    def __init__(self, feed: Feed) -> None:
        if "calendar" not in feed and "calendar_dates" not in feed:
            raise SourceBroken(
                f"{feed.name} has neither calendar.txt nor calendar_dates.txt: no day to count"
            )
        self._feed = feed
        self.services: dict[str, int] = {}
        """Service → its row in `running`."""
        self._weeks: dict[int, tuple[tuple[bool, ...], date, date]] = {}
        self._exceptions: dict[date, list[tuple[int, bool]]] = {}
        columns = ("service_id", *_WEEK, "start_date", "end_date")
        if "calendar" in feed:
            for row in feed.rows("calendar", columns):
                first, last = _date(row[8]), _date(row[9])
                if row[0] and first and last:
                    self._weeks[self._number(row[0])] = (tuple(d == "1" for d in row[1:8]), first, last)
        if "calendar_dates" in feed:
            for service, day, kind in feed.rows("calendar_dates", ("service_id", "date", "exception_type")):
                when = _date(day)
                if service and when:
                    self._exceptions.setdefault(when, []).append((self._number(service), kind == "1"))

    def _number(self, service: str) -> int:
        return self.services.setdefault(service, len(self.services))

    def _days(self) -> list[date]:
        ends = [day for _, *span in self._weeks.values() for day in span]
        ends += [day for day, changes in self._exceptions.items() if any(runs for _, runs in changes)]
        if not ends:
            raise SourceBroken(f"{self._feed.name}: its calendar has no day; ask its publisher")
        first = min(ends)
        last = min(max(ends), first + _LONGEST)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def running(self, day: date) -> NDArray[np.bool_]:
        """(services,) whether each runs on that day."""
        runs = np.zeros(len(self.services), dtype=bool)
        for service, (week, first, last) in self._weeks.items():
            runs[service] = week[day.weekday()] and first <= day <= last
        for service, added in self._exceptions.get(day, ()):
            runs[service] = added
        return runs

    def typical(self, trips: Mapping[str, int]) -> date:
        """The busiest Tuesday, Wednesday or Thursday, the first of several; else the busiest day.

        On a public holiday, in holidays and at the ragged ends of a feed fewer trips run, so none of them is
        the busiest; it needs no list of holidays, which differ from state to state.

        Args:
            trips: Service → how many trips have it.

        Raises:
            SourceBroken: no trip runs on any day.
        """
        weight = np.zeros(len(self.services))
        for service, count in trips.items():
            if service in self.services:
                weight[self.services[service]] = count
        days = self._days()
        for wanted in ([d for d in days if d.weekday() in _MIDDLE], days):
            load = [float(weight[self.running(day)].sum()) for day in wanted]
            if wanted and max(load) > 0:
                return wanted[int(np.argmax(load))]
        raise SourceBroken(f"{self._feed.name}: no trip runs on any day; ask its publisher")


def _date(word: str | None) -> date | None:
    try:
        return date(int(word[:4]), int(word[4:6]), int(word[6:])) if word and len(word) == 8 else None
    except ValueError:
        return None
