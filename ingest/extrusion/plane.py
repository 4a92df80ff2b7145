"""The metres that buildings are raised in: the source's own CRS, or the UTM zone where it gives degrees."""

import numpy as np
from numpy.typing import NDArray

from tiles.crs import resolve_crs, split_crs
from tiles.geodesy import transform_2d
from twin.errors import UnknownCRS

Points = NDArray[np.float64]

_STRETCHED = {"EPSG:3857", "EPSG:3395"}
"""Metres by name only: Mercator's are 1.5 times too long in Germany."""
_EUROPE = (-16.0, 32.9, 40.0, 84.0)
"""West, south, east, north of where ETRS89 is in use."""
STATED_TAKEN = "the file's CRS name is not known; the stated one was taken"


class Plane:
    """Turns a file's positions into metres; chooses the UTM zone by the first positions it sees.

    Args:
        found: the CRS that the file names, if it names one.
        stated: what the recipe or the operator says.
        wanted: projected CRS to work in; None leaves the choice to us.

    Raises:
        UnknownCRS: a name that nobody knows.
    """

    def __init__(self, found: str | None, stated: str | None = None, wanted: str | None = None) -> None:
        self.notes: tuple[str, ...] = ()
        try:
            self._source = None if found is None else resolve_crs(found)
        except UnknownCRS:
            if stated is None:
                raise
            self._source, self.notes = None, (STATED_TAKEN,)
        if self._source is None and stated is not None:
            self._source = resolve_crs(stated)
        self.crs: str | None = self._source
        """CRS of the solids; None if nobody states one."""
        self._target: str | None = None
        self._open = False
        if self._source is None:
            return
        horizontal, _ = split_crs(self._source)
        if wanted is not None:
            self._aim(split_crs(resolve_crs(wanted))[0])
            if _in_degrees(self._target or horizontal):
                raise UnknownCRS("options.crs has to be a CRS in metres, such as EPSG:25832")
        elif _in_degrees(horizontal):
            self._open = True

    @property
    def source(self) -> str | None:
        """CRS of the file's own positions; None if nobody states one."""
        return self._source

    def _aim(self, target: str) -> None:
        assert self._source is not None
        horizontal, vertical = split_crs(self._source)
        self._target = None if target == horizontal else target
        self.crs = f"{target}+{vertical.removeprefix('EPSG:')}" if vertical else target
        self._open = False

    def to_metres(self, xy: Points) -> Points:
        """(n, 2) in the file's CRS, longitude first → (n, 2) metres in `crs`; NaN where that is no place."""
        if self._source is None or not len(xy):
            return xy
        if self._open:
            self._choose(xy)
        if self._target is None:
            return np.full_like(xy, np.nan) if self._open else xy
        horizontal, _ = split_crs(self._source)
        most = np.array((180.0, 90.0) if _geographic(horizontal) else (1e9, 1e9))
        sane: NDArray[np.bool_] = np.all(np.abs(xy) <= most, axis=1)
        moved = transform_2d(np.where(sane[:, None], xy, 0.0), horizontal, self._target)
        return np.where(sane[:, None] & np.isfinite(moved), moved, np.nan)

    def _choose(self, xy: Points) -> None:
        assert self._source is not None
        horizontal, _ = split_crs(self._source)
        lonlat = xy[np.isfinite(xy).all(axis=1) & (np.abs(xy) < 1e9).all(axis=1)]
        if not _geographic(horizontal):
            lonlat = transform_2d(lonlat, horizontal)
        sane = (np.abs(lonlat[:, 0]) <= 180) & (np.abs(lonlat[:, 1]) <= 84) & (lonlat != 0).any(axis=1)
        if sane.any():
            lon, lat = np.median(lonlat[sane], axis=0)
            self._aim(utm(float(lon), float(lat)))


def utm(lon: float, lat: float) -> str:
    """The UTM zone of a place: of ETRS89 in Europe, else of WGS84."""
    zone = min(int((lon + 180) // 6) + 1, 60)
    west, south, east, north = _EUROPE
    if west <= lon <= east and south <= lat <= north:
        return f"EPSG:258{min(max(zone, 28), 37):02d}"
    return f"EPSG:{326 if lat >= 0 else 327}{zone:02d}"


def _geographic(crs: str) -> bool:
    import pyproj

    return bool(pyproj.CRS.from_user_input(crs).is_geographic)


def _in_degrees(crs: str) -> bool:
    """True for a CRS whose units are not honest metres."""
    import pyproj

    found = pyproj.CRS.from_user_input(crs)
    return (
        crs in _STRETCHED
        or not found.is_projected
        or any(axis.unit_conversion_factor != 1 for axis in found.axis_info)
    )
