"""Service: how often stations and lines are served on a day, and by what."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.gtfs.frequencies import HOURS
from ingest.gtfs.lines import Lines
from ingest.gtfs.stations import Stations
from ingest.gtfs.trips import Times, Trips, grouped


@dataclass(slots=True)
class Service:
    """What a day's trips come to."""

    departures: NDArray[np.int32]
    """(stations, 24) departures in each hour of the day."""
    pairs: NDArray[np.int64]
    """(n, 2) numbers of a station and of a line that departs there."""
    trips: NDArray[np.int32]
    """(lines, 24) trips that set out in each hour."""
    courses: dict[int, NDArray[np.int64]]
    """Line → stop points of its commonest course, in order."""
    shapes: dict[int, int]
    """Line → its commonest shape."""


def service_of(trips: Trips, stations: Stations, lines: Lines) -> Service:
    """Count a day's departures.

    A departure is a stop of a trip where people may get in and that is not its last. What departs after
    midnight of a long service day (``30:08``) counts for the hour on the clock: a weekday's night is taken to
    be like the next one's. Trips by headway count as often as they run. Memory as `Trips`, and some hundred
    bytes for each station.
    """
    size, wide = len(stations.keys), max(1, len(lines.lines))
    departures = np.zeros((size, HOURS), dtype=np.int32)
    inside, pairs = stations.inside, np.empty(0, dtype=np.int64)
    chosen = _commonest(trips, trips.course)
    wanted = np.zeros(len(trips.line), dtype=bool)
    wanted[list(chosen.values())] = True
    stops: list[NDArray[np.int64]] = []
    for found in trips.times():
        if wanted[found.trip].any():
            mine = wanted[found.trip] & (found.stop >= 0)
            stops.append(np.column_stack([found.trip, found.sequence, found.stop])[mine])
        leaves = _leaving(found, trips)
        leaves[leaves] = inside[stations.of[found.stop[leaves]]]
        station = stations.of[found.stop[leaves]]
        _count(departures, station, trips, found.trip[leaves], found.departs[leaves])
        pairs = np.union1d(pairs, station * wide + trips.line[found.trip[leaves]])
    hours, counted = np.zeros((wide, HOURS), dtype=np.int32), np.flatnonzero(trips.counts)
    _count(hours, trips.line[counted], trips, counted, trips.first[counted])
    drawn = {line: int(trips.shape[trip]) for line, trip in _commonest(trips, trips.shape).items()}
    return Service(
        departures,
        np.column_stack([pairs // wide, pairs % wide]),
        hours,
        _courses(stops, chosen),
        {line: shape for line, shape in drawn.items() if shape >= 0},
    )


def _count(
    sums: NDArray[np.int32],
    places: NDArray[np.integer],
    trips: Trips,
    trip: NDArray[np.int64],
    departs: NDArray[np.integer],
) -> None:
    """Add departures to the hours of `places`: once each, or as often as a trip by headway runs.

    Args:
        sums: (m, 24) added to.
        places: (n,) rows of it.
        trips: The trips of the day.
        trip: (n,) which of them departs.
        departs: (n,) seconds since the service day began, by its stop times.
    """
    number = trips.frequency[trip]
    once, often = np.flatnonzero(number < 0), np.flatnonzero(number >= 0)
    np.add.at(sums, (places[once], departs[once] // 3600 % HOURS), 1)
    after = departs[often] - trips.first[trip[often]]
    np.add.at(sums, places[often], trips.frequencies.hours(number[often], after).astype(np.int32))


def _leaving(found: Times, trips: Trips) -> NDArray[np.bool_]:
    ends = found.sequence == trips.last[found.trip]
    told = (found.departs >= 0) & (found.stop >= 0)
    leaves: NDArray[np.bool_] = trips.counts[found.trip] & found.boards & told & ~ends
    return leaves


def _commonest(trips: Trips, of: NDArray[np.generic]) -> dict[int, int]:
    """Line → a trip with the commonest value of `of` among those of the line; the first of several."""
    counted = np.flatnonzero(trips.counts)
    if not len(counted):
        return {}
    order, starts = grouped(trips.line[counted], of[counted])
    runs = trips.frequencies.runs(trips.frequency[counted[order]])
    first = counted[order[starts]]
    chosen: dict[int, int] = {}
    for place in np.lexsort((first, -np.add.reduceat(runs, starts))).tolist():
        chosen.setdefault(int(trips.line[first[place]]), int(first[place]))
    return chosen


def _courses(stops: list[NDArray[np.int64]], chosen: dict[int, int]) -> dict[int, NDArray[np.int64]]:
    if not stops:
        return {}
    rows = np.concatenate(stops)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    trips, starts = np.unique(rows[:, 0], return_index=True)
    parts = dict(zip(trips.tolist(), np.split(rows[:, 2], starts[1:]), strict=True))
    return {line: parts[trip] for line, trip in chosen.items() if trip in parts}
