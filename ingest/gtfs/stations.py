"""Stations: stop points become the stops that people know by name."""

import re

import numpy as np
from numpy.typing import NDArray

from ingest.gtfs.feed import Feed, degrees

Box = tuple[float, float, float, float]
_DHID = re.compile(r"([a-z]{2}:[0-9]{4,8}:[^:]{1,40})(?::.{0,80})?")
_STANDS = (None, "0", "1", "4")
"""Location types where people get in or that gather such: no entrances, no way points inside."""


def station_of(stop: str, parent: str | None = None) -> str:
    """The station that a stop point belongs to.

    That is its ``parent_station``. German feeds often name none; then, of a DHID (VDV 432:
    ``de:09162:6:40:81`` is country, municipality, stop, area, platform), the first three parts, because
    platforms are built and renamed and a stop stays. Else the stop point stands for itself.
    """
    known = parent or stop
    match = _DHID.fullmatch(known)
    return match[1] if match else known


class Stations:
    """All stop points of a feed, and the stations they make.

    Args:
        feed: Read from its ``stops.txt``.
        box: West, south, east, north in degrees; stations outside are left out. None for all.
    """

    def __init__(self, feed: Feed, box: Box | None = None) -> None:
        self.stops: dict[str, int] = {}
        """Stop point → its number."""
        self.keys: list[str] = []
        """Station of each number."""
        self.names: list[str | None] = []
        of: list[int] = []
        places: list[tuple[float, float]] = []
        own: dict[int, tuple[float, float]] = {}
        numbers: dict[str, int] = {}
        columns = ("location_type", "parent_station", "stop_name", "stop_lat", "stop_lon")
        for stop, kind, parent, name, lat, lon in feed.rows("stops", ("stop_id",), columns):
            if not stop or kind not in _STANDS or stop in self.stops:
                continue
            key = station_of(stop, parent)
            number = numbers.setdefault(key, len(numbers))
            if number == len(self.keys):
                self.keys.append(key)
                self.names.append(name)
            place = (degrees(lon), degrees(lat))
            self.stops[stop] = len(of)
            of.append(number)
            places.append(place)
            if kind == "1" or stop == key:  # what says how the station is called, and where it is
                own[number] = place
                self.names[number] = name or self.names[number]
        self.of: NDArray[np.int64] = np.array(of, dtype=np.int64)
        """(stop points,) number of the station of each."""
        self.at: NDArray[np.float64] = np.array(places, dtype=np.float64).reshape(-1, 2)
        """(stop points, 2) longitude, latitude in degrees; NaN where unknown."""
        self.places = self._middles(own)
        """(stations, 2) longitude, latitude: the station's own, else the middle of its stop points."""
        self.inside = np.ones(len(self.keys), dtype=bool) if box is None else _within(self.places, box)
        """(stations,) whether each is wanted."""

    def _middles(self, own: dict[int, tuple[float, float]]) -> NDArray[np.float64]:
        known = ~np.isnan(self.at).any(axis=1)
        count = np.bincount(self.of[known], minlength=len(self.keys))
        sums = [np.bincount(self.of[known], self.at[known, axis], len(self.keys)) for axis in (0, 1)]
        with np.errstate(invalid="ignore"):
            middles = np.column_stack(sums) / count[:, None]
        for number, place in own.items():
            if not np.isnan(place).any():
                middles[number] = place
        return middles


def _within(places: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    lon, lat = places[:, 0], places[:, 1]
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
