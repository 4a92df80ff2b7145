"""Frequencies: trips that run every so many minutes (``frequencies.txt``), and how often in each hour.

By the GTFS reference the first run of a period leaves the trip's first stop at ``start_time``, the next ones
a headway later each, all of them before ``end_time``; the stop times of the trip only tell how long it is on
its way from stop to stop. With ``exact_times`` 1 these are times of a timetable, with 0 only the headway is
kept: how many run in an hour is the same.
"""

from array import array

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.seen import Seen
from ingest.gtfs.feed import Feed, seconds, whole

HOURS = 24
_LONGEST = 9 * HOURS
"""Hours: both a start and the way from it to a stop are below a hundred."""
_AT_ONCE = 2048


class Frequencies:
    """The periods of all trips that have some. Memory grows with them, some 30 bytes each.

    Args:
        feed: Read from its ``frequencies.txt``; it may have none.
    """

    def __init__(self, feed: Feed) -> None:
        self.unreadable = 0
        """Periods without a start, an end after it or a headway: they are left out."""
        self._trips = Seen()
        table = array("q")
        columns = ("trip_id", "start_time", "end_time", "headway_secs")
        if "frequencies" in feed:
            for row in feed.rows("frequencies", columns):
                table.extend(self._row(*row))
        found = np.array(table, dtype=np.int64).reshape(-1, 4)
        order = np.lexsort((found[:, 1], found[:, 0]))
        new = np.ones(
            len(order), dtype=bool
        )  # trip and start are the table's key: what comes again is no more
        new[1:] = (np.diff(found[order, :2], axis=0) != 0).any(axis=1)
        self._periods = found[order[new]]
        """(periods, 4) number of the trip, seconds of its first run, headway in seconds, number of runs."""
        self._first = np.searchsorted(self._periods[:, 0], np.arange(len(self._trips) + 1))

    def __len__(self) -> int:
        """How many trips have periods."""
        return len(self._trips)

    def number(self, trip: str) -> int:
        """Number of a trip among those with periods; -1 if it has none and runs once."""
        found = self._trips.number(trip)
        return -1 if found is None else found

    def runs(self, trips: NDArray[np.integer]) -> NDArray[np.int64]:
        """(n,) how often each of these trips sets out on a day, by their numbers; 1 for -1."""
        sums = np.concatenate([[0], np.cumsum(self._periods[:, 3])])
        found: NDArray[np.int64] = sums[self._first[trips + 1]] - sums[self._first[trips]]
        return np.where(trips < 0, 1, found)

    def marks(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """(periods,) numbers of trips, starts, and headways with runs mixed in: what tells periods apart."""
        trip, start, headway, runs = self._periods.T
        return trip, start, headway << 32 | runs

    def hours(self, trips: NDArray[np.integer], after: NDArray[np.integer]) -> NDArray[np.int64]:
        """(n, 24) how many runs leave in each hour on the clock.

        Args:
            trips: (n,) numbers of trips with periods.
            after: (n,) seconds from the first stop to the one asked about, at least 0.
        """
        counts = np.zeros((len(trips), HOURS), dtype=np.int64)
        size = self._first[trips + 1] - self._first[trips]
        ends = np.cumsum(size)
        for start in range(0, int(size.sum()), _AT_ONCE):
            pair = np.arange(
                start, min(start + _AT_ONCE, int(ends[-1]))
            )  # of an entry and a period of its trip
            entry = np.searchsorted(ends, pair, side="right")
            period = self._periods[self._first[trips[entry]] + pair - ends[entry] + size[entry]]
            leaving = _leaving(period[:, 1] + after[entry], period[:, 2], period[:, 3])
            np.add.at(counts, entry, leaving)
        return counts

    def _row(self, trip: str | None, start: str | None, end: str | None, headway: str | None) -> list[int]:
        """A period; nothing for one that is none."""
        begins, ends, every = seconds(start or ""), seconds(end or ""), whole(headway or "")
        if not trip or begins < 0 or ends <= begins or every < 1:
            self.unreadable += 1
            return []
        number = self._trips.add(trip, len(self._trips))
        own = len(self._trips) - 1 if number is None else number
        return [own, begins, every, -(-(ends - begins) // every)]


def _leaving(
    first: NDArray[np.int64], headway: NDArray[np.int64], runs: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(n, 24) how many of runs that leave at `first`, and a headway later each, do so in each hour."""
    until = 3600 * np.arange(_LONGEST + 1)
    before = -(-(until - first[:, None]) // headway[:, None])
    gone = np.clip(before, 0, runs[:, None])
    found: NDArray[np.int64] = np.diff(gone, axis=1).reshape(-1, _LONGEST // HOURS, HOURS).sum(axis=1)
    return found
