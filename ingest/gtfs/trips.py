"""Trips: those of one day, each of them once, and their stop times as arrays."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.seen import Seen
from ingest.gtfs.days import Calendar
from ingest.gtfs.feed import Feed, codes, seconds, whole
from ingest.gtfs.frequencies import Frequencies
from ingest.gtfs.lines import Lines
from ingest.gtfs.stations import Stations

_NO_BOARDING = 1
_LATE = np.int32(1 << 30)


class Times(NamedTuple):
    """Some stop times, all of trips of the day: arrays (n,)."""

    trip: NDArray[np.int64]
    sequence: NDArray[np.int64]
    stop: NDArray[np.int64]
    """Number of the stop point; -1 for one that the feed does not have."""
    departs: NDArray[np.int64]
    """Seconds since the service day began; -1 where the feed says none."""
    boards: NDArray[np.bool_]
    """Whether people may get in."""


@dataclass(slots=True)
class Trips:
    """The trips of one day.

    Memory grows with the trips of the day (some hundred bytes each), not with their stop times, which are
    read twice as they stream by: once to see where each trip ends and which is told twice, once to count.
    """

    feed: Feed
    stations: Stations
    day: date
    frequencies: Frequencies
    line: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    """(trips,) number of the line."""
    shape: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    """(trips,) number of the shape, -1 for none."""
    frequency: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    """(trips,) number of each among `frequencies`, -1 for one that runs once."""
    shapes: Seen = field(default_factory=Seen)
    """Shapes with their numbers."""
    last: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    """(trips,) sequence number of the last stop, where nobody gets in."""
    first: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    """(trips,) seconds at which each sets out; -1 if it never does."""
    course: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, dtype=np.uint64))
    """(trips,) checksum of the stops in their order."""
    counts: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=bool))
    """(trips,) false for one that the feed tells a second time under another id."""
    twice: int = 0
    """Trips that the feed tells more than once."""
    timeless: int = 0
    """Stop times without a time: they are not counted."""
    _ids: Seen = field(default_factory=Seen)
    _repeated: set[int] = field(default_factory=set)

    def times(self) -> Iterator[Times]:
        """Yield the stop times of the day's trips, a block at a time; what is listed twice comes once."""
        seen = Seen()
        required = ("trip_id", "departure_time", "stop_id", "stop_sequence")
        for batch in self.feed.batches("stop_times", required, ("pickup_type",)):
            trip = codes(batch.column(0), self._number)
            ours = np.flatnonzero(trip >= 0)
            if not len(ours):
                continue
            batch, trip = batch.take(ours), trip[ours]
            found = Times(
                trip,
                codes(batch.column(3), whole),
                codes(batch.column(2), lambda word: self.stations.stops.get(word.strip(), -1)),
                codes(batch.column(1), seconds),
                codes(batch.column(4), whole) != _NO_BOARDING,
            )
            if self._repeated:
                found = self._once(found, seen)
            yield found

    def _number(self, word: str) -> int:
        found = self._ids.number(word.strip())
        return -1 if found is None else found

    def _once(self, found: Times, seen: Seen) -> Times:
        """Leave out the second stop times of a trip that the feed lists twice under one id."""
        keep = np.ones(len(found.trip), dtype=bool)
        for row in np.flatnonzero(np.isin(found.trip, list(self._repeated))).tolist():
            keep[row] = seen.add(f"{found.trip[row]} {found.sequence[row]}") is None
        return Times(*(array[keep] for array in found))


def trips_of(feed: Feed, stations: Stations, lines: Lines, day: date | None) -> Trips:
    """Read the trips of a day and look through their stop times once.

    Args:
        feed: Read from.
        stations: Its stations.
        lines: Its lines.
        day: The service day; None for a typical weekday of the feed.

    Raises:
        SourceBroken: no trip runs on any day, or a table is missing.
    """
    calendar, frequencies = Calendar(feed), Frequencies(feed)
    if day is None:
        day = calendar.typical(_weight(feed, frequencies))
    trips = Trips(feed, stations, day, frequencies)
    runs = calendar.running(day)
    line, shape, frequency = array("i"), array("i"), array("i")
    columns = ("trip_id", "route_id", "service_id")
    for name, route, service, drawn in feed.rows("trips", columns, ("shape_id",)):
        number = calendar.services.get(service or "", -1)
        if not name or number < 0 or not runs[number] or route not in lines.routes:
            continue
        earlier = trips._ids.add(name, len(line))
        if earlier is not None:
            trips._repeated.add(earlier)
            continue
        line.append(lines.routes[route])
        shape.append(_shape(trips.shapes, drawn))
        frequency.append(frequencies.number(name))
    trips.line, trips.shape, trips.frequency = (
        np.frombuffer(column, dtype=np.int32) for column in (line, shape, frequency)
    )
    _survey(trips)
    return trips


def _weight(feed: Feed, frequencies: Frequencies) -> dict[str, int]:
    """Service → how often its trips set out on a day on which it runs."""
    weight: dict[str, int] = {}
    for service, name in feed.rows("trips", ("service_id",), ("trip_id",)):
        number = frequencies.number(name or "") if len(frequencies) else -1
        runs = 1 if number < 0 else int(frequencies.runs(np.array([number]))[0])
        weight[service or ""] = weight.get(service or "", 0) + runs
    return weight


def _shape(shapes: Seen, name: str | None) -> int:
    if name is None:
        return -1
    number = shapes.add(name, len(shapes))
    return len(shapes) - 1 if number is None else number


def _survey(trips: Trips) -> None:
    size = len(trips.line)
    trips.last = np.full(size, -1, dtype=np.int32)
    first = np.full(size, _LATE, dtype=np.int32)
    trips.course, whole_trip = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.uint64)
    for found in trips.times():
        np.maximum.at(trips.last, found.trip, found.sequence.astype(np.int32))
        timed = found.departs >= 0
        np.minimum.at(first, found.trip[timed], found.departs[timed].astype(np.int32))
        trips.timeless += int((~timed).sum())
        stops = _mixed(found.sequence, found.stop)
        np.add.at(trips.course, found.trip, stops)
        np.add.at(whole_trip, found.trip, _mixed(stops.view(np.int64), found.departs))
    trips.first = np.where(first == _LATE, -1, first)
    _add_periods(trips, whole_trip)
    # Two trips of one line with the same stops at the same seconds are one: nobody sees a second bus.
    order, starts = grouped(trips.line, whole_trip)
    trips.counts = np.zeros(size, dtype=bool)
    trips.counts[order[starts]] = True
    trips.twice = int(size - len(starts) + len(trips._repeated))
    trips.counts &= trips.first >= 0


def _add_periods(trips: Trips, whole_trip: NDArray[np.uint64]) -> None:
    """Trips by headway with the same stop times are two if their periods differ."""
    marks = np.zeros(len(trips.frequencies), dtype=np.uint64)
    number, start, rest = trips.frequencies.marks()
    np.add.at(marks, number, _mixed(start, rest))
    often = trips.frequency >= 0
    whole_trip[often] += marks[trips.frequency[often]]


def grouped(one: NDArray[Any], two: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(n,) places, equal pairs together and earlier ones first; and where each pair begins."""
    order = np.lexsort((two, one))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (one[order[1:]] != one[order[:-1]]) | (two[order[1:]] != two[order[:-1]])
    return order, np.flatnonzero(new)


def _mixed(one: NDArray[np.int64], two: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(n,) well spread numbers, the same for the same pairs (the end of splitmix64); sums tell sets apart."""
    mixed = one.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + two.view(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))
