"""Geodesy: from the coordinates of sources and cities to those of tiles, never by guessing.

Heights: h = H + N (ellipsoidal height = height above the geoid + undulation). N comes from the geoid grid,
else from the constant the city states, else the work is refused. ETRS89 and WGS84 are taken as one, as
EPSG does (they drift apart by 2.5 cm a year since 1989).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.crs import resolve_crs, split_crs
from tiles.grids import BETA2007, GEOIDS, TO_DEGREES, find, from_degrees, operation
from twin.city import Heights
from twin.errors import GeodesyError, MissingGeoid, UnknownCRS
from twin.provenance import HeightsStatement

__all__ = ["Geodesy", "resolve_crs", "split_crs", "to_city_3d", "transform_2d"]

Points = NDArray[np.float64]

_STATED_ERROR_M = 0.5
"""How far a constant may be off within one city, where the city does not say (sources: N varies so much)."""
_GEOGRAPHIC = "OGC:CRS84"
_ETRS89 = "EPSG:4258"
_DHDN = "EPSG:4314"
_DHDN_NAME = "Deutsches Hauptdreiecksnetz"
_CART = "+proj=cart +ellps=GRS80"
_local = threading.local()  # PROJ's objects belong to one thread


@dataclass(frozen=True, slots=True)
class Geodesy:
    """The way from a city's coordinates to those of tiles. Cheap to send to worker processes."""

    city_crs: str
    """Horizontal CRS of the city, ``EPSG:25832``."""
    heights: Heights
    grids: Path | None = None
    """Folder with grids, searched before PROJ's own path."""
    stated: bool = False
    """Take the stated undulation even where a grid is at hand."""
    statement: HeightsStatement = field(init=False)
    """How heights become ellipsoidal, and how wrong they may be."""
    _grid: str | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Find the geoid.

        Raises:
            UnknownCRS: if the city's CRS is not one we can use.
            MissingGeoid: if there is neither a sound grid nor a stated undulation.
        """
        horizontal, vertical = split_crs(resolve_crs(self.city_crs))
        if vertical is not None:
            raise UnknownCRS(f"a city's CRS is horizontal, its heights are stated apart; write {horizontal}")
        _transformer(horizontal, _GEOGRAPHIC, self.grids)  # refuse now what could not be computed later
        grid = None if self.stated else GEOIDS.get(resolve_crs(self.heights.crs))
        path = find(grid, self.grids) if grid else None
        if grid and path:
            found = HeightsStatement(method="grid", detail=grid.title, error_m=grid.error_m)
        elif self.heights.undulation_m is not None:
            error = self.heights.undulation_error_m
            found = HeightsStatement(
                method="stated",
                detail=f"{self.heights.undulation_m} m",
                error_m=_STATED_ERROR_M if error is None else error,
            )
        else:
            raise MissingGeoid(_no_geoid(self.heights.crs))
        object.__setattr__(self, "city_crs", horizontal)
        object.__setattr__(self, "statement", found)
        object.__setattr__(self, "_grid", str(path) if path else None)

    def to_ecef(self, points: Points) -> Points:
        """City CRS with heights (n, 3) → EPSG:4978 (n, 3) metres; NaN outside the grid's or CRS's area."""
        return self._raise(points, _CART)

    def to_geographic(self, points: Points) -> Points:
        """City CRS with heights (n, 3) → longitude, latitude in degrees, ellipsoidal height (n, 3)."""
        return self._raise(points, TO_DEGREES)

    def from_lonlat(self, lonlat: Points) -> Points:
        """Longitude, latitude in degrees (n, 2) → easting, northing in the city's CRS (n, 2)."""
        return transform_2d(lonlat, _GEOGRAPHIC, self.city_crs, grids=self.grids)

    def to_lonlat(self, points: Points) -> Points:
        """Easting, northing in the city's CRS (n, 2) → longitude, latitude in degrees (n, 2)."""
        return transform_2d(points, self.city_crs, _GEOGRAPHIC, grids=self.grids)

    def _raise(self, points: Points, last: str) -> Points:
        points = np.asarray(points, dtype=np.float64).reshape(-1, 3)
        lonlat = transform_2d(points[:, :2], self.city_crs, _GEOGRAPHIC, grids=self.grids)
        height = points[:, 2]
        if self._grid is not None:
            grid = GEOIDS[resolve_crs(self.heights.crs)]
            steps = from_degrees(operation(grid, self._grid), last)
        else:
            assert self.heights.undulation_m is not None  # checked on construction
            steps = from_degrees(last)
            height = height + self.heights.undulation_m
        pipeline = _cached(("pipeline", steps), lambda: _pipeline(steps))
        return _apply(pipeline, lonlat[:, 0], lonlat[:, 1], height)


def transform_2d(
    points: Points, source_crs: str, target: str = "OGC:CRS84", *, grids: Path | None = None
) -> Points:
    """Transform (n, 2) positions, x before y (longitude before latitude) whatever the CRS says itself.

    Args:
        points: (n, 2) in `source_crs`.
        source_crs: Any name `resolve_crs` knows; a vertical part is ignored.
        target: Likewise.
        grids: Folder with datum grids, searched before PROJ's own path.

    Returns:
        (n, 2); NaN where the CRS does not reach.

    Raises:
        UnknownCRS: if a name cannot be read.
        GeodesyError: if only a ballpark transformation is at hand; names the missing grid.
    """
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    source, goal = (split_crs(resolve_crs(name))[0] for name in (source_crs, target))
    if source == goal:
        return points.copy()
    return _transformer(source, goal, grids)(points)


def to_city_3d(points: Points, source_crs: str, city_crs3d: str, *, grids: Path | None = None) -> Points:
    """Transform (n, 3) positions into the city's compound CRS.

    A source that names no vertical CRS is taken to mean the city's own heights.

    Raises:
        UnknownCRS: if a name cannot be read.
        GeodesyError: if the heights are of another kind than the city's, or a grid is missing.
    """
    points = np.asarray(points, dtype=np.float64).reshape(-1, 3)
    vertical = split_crs(resolve_crs(source_crs))[1]
    wanted = split_crs(resolve_crs(city_crs3d))[1]
    if vertical is not None and vertical != wanted:
        raise GeodesyError(
            f"the source's heights are in {vertical}, the city's in {wanted}; "
            "convert them before, or state the CRS they are really in"
        )
    return np.column_stack((transform_2d(points[:, :2], source_crs, city_crs3d, grids=grids), points[:, 2]))


def _no_geoid(vertical: str) -> str:
    grid = GEOIDS.get(resolve_crs(vertical))
    stated = "state undulation_m under [heights] in city.toml"
    if grid is None:
        return f"for heights in {vertical} we know no geoid grid; {stated}"
    return (
        f"the geoid grid {grid.name} was not found, or does not give the height it should: "
        f"put it ({grid.url}) into a folder named in PROJ_DATA or TWIN_GRIDS, or {stated}. "
        "Without it everything would stand about 46 m too low"
    )


Transform = Callable[[Points], Points]


def _transformer(source: str, target: str, grids: Path | None) -> Transform:
    found: Transform = _cached((source, target, grids), lambda: _find_transformer(source, target, grids))
    return found


def _cached(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    known: dict[tuple[Any, ...], Any] = _local.__dict__.setdefault("known", {})
    if key not in known:
        known[key] = make()
    return known[key]


def _find_transformer(source: str, target: str, grids: Path | None) -> Transform:
    """A transformation by the best operation EPSG lists, or an error; old German data through BETA2007."""
    old = [_is_dhdn(source), _is_dhdn(target)]
    if any(old) and not all(old):
        path = find(BETA2007, grids)
        if path is None:
            raise GeodesyError(
                f"{source if old[0] else target} (DHDN) needs the datum grid {BETA2007.name}: put it "
                f"({BETA2007.url}, 24 kB) into a folder named in PROJ_DATA or TWIN_GRIDS; a run that "
                "reaches the network brings it by itself. Without it positions would be off by up to 4 m"
            )
        return _through_beta(source, target, path) if old[0] else _into_dhdn(source, target, path)
    return _direct(source, target)


def _is_dhdn(crs: str) -> bool:
    import pyproj

    geodetic = pyproj.CRS(crs).geodetic_crs
    if geodetic is None or geodetic.datum is None:
        return False
    # By its name, which pyproj knows; `to_epsg` compares with all there is, for 60 ms.
    return _DHDN_NAME in geodetic.datum.name.replace("_", " ")


def _through_beta(source: str, target: str, path: Path) -> Transform:
    first = _direct(source, _DHDN)
    shift = _pipeline(from_degrees(operation(BETA2007, path), TO_DEGREES))
    last = _direct(_ETRS89, target)
    return lambda points: last(_shifted(shift, first(points)))


def _into_dhdn(source: str, target: str, path: Path) -> Transform:
    first = _direct(source, _ETRS89)
    shift = _pipeline(from_degrees("+inv " + operation(BETA2007, path), TO_DEGREES))
    last = _direct(_DHDN, target)
    return lambda points: last(_shifted(shift, first(points)))


def _shifted(shift: Any, points: Points) -> Points:
    return _apply(shift, points[:, 0], points[:, 1], np.zeros(len(points)))[:, :2]


def _direct(source: str, target: str) -> Transform:
    if source == target:
        return lambda points: points
    import warnings

    import pyproj
    from pyproj.transformer import TransformerGroup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # says what we check ourselves
        try:
            choice = TransformerGroup(source, target, always_xy=True, allow_ballpark=False)
        except pyproj.exceptions.ProjError:
            raise UnknownCRS(f"{source} cannot be transformed to {target}") from None
    if not choice.transformers or not choice.best_available:
        names = sorted({g.short_name for op in choice.unavailable_operations for g in op.grids})
        missing = " or ".join(names)
        needs = (
            f"; put the grid {missing} (https://cdn.proj.org) into a folder named in PROJ_DATA"
            if names
            else ""
        )
        raise GeodesyError(f"{source} cannot be transformed to {target} without guessing{needs}")
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)

    def transform(points: Points) -> Points:
        return _apply(transformer, points[:, 0], points[:, 1])

    return transform


def _pipeline(steps: str) -> Any:
    import pyproj

    return pyproj.Transformer.from_pipeline(steps)


def _apply(transformer: Any, *columns: Points) -> Points:
    if len(columns[0]) == 1:  # pyproj takes an array of one for a number, and numpy warns
        return _finite(np.array([transformer.transform(*(float(column[0]) for column in columns))]))
    return _finite(np.column_stack(transformer.transform(*columns)))


def _finite(points: Points) -> Points:
    if not np.isfinite(points).all():
        points[~np.isfinite(points).all(axis=1)] = np.nan  # PROJ says inf
    return points
