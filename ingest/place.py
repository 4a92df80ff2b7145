"""Place: bring the geometries of a batch of records to where the twin wants them, and check them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ingest.connectors.features import UNREADABLE
from ingest.outlines import areas, outlines
from tiles.geodesy import resolve_crs, to_city_3d, transform_2d
from tiles.warp import warp
from twin.city import City
from twin.layer import Layer
from twin.record import Cloud, Raster, Record, Solid
from twin.solids import Solids, offsets

_CRS84 = ("OGC:CRS84", "EPSG:4326")
_MARGIN = 0.02  # degrees; a feature may reach a little over the city's border
SWAPPED = "it lies outside the city, but inside with latitude and longitude swapped"
OUTSIDE = "it lies outside the city's area"
PLACELESS = "station without a position"
_NO_POSITION = "it has no position"
_NOT_FLAT = "it is no point, line or area; another schema (building/1, terrain/1) has such things"
_NOWHERE = "its coordinates are not finite numbers, or no place on earth"
_GRID = 2.0**31
"""Outlines of solids lie on a grid of 1/_GRID degrees, 0.05 mm: digits nobody measured cannot be packed."""


@dataclass(slots=True)
class Placed:
    """A record's geometry where the twin wants it, or the fault that forbids it."""

    wkb: bytes | None = None
    """2D, OGC:CRS84."""
    solid: Solid | None = None
    """In the city's 3D CRS."""
    raster: Raster | None = None
    cloud: Cloud | None = None
    own: bytes | None = None
    """What `wkb` was made of, in the source's coordinates: places of a newer PROJ differ by parts of a mm."""
    fault: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def geometry(self) -> Any:
        """What stands in the twin: in its coordinates, as long as there is a form, else the place."""
        return self.solid or self.raster or self.cloud or self.wkb


def place(records: Sequence[Record], layer: Layer, city: City) -> tuple[list[Placed], Solids | None]:
    """Transform and check the geometries of a batch.

    Returns:
        One for each record; and where records have solids, those of all that have one, in order.

    Raises:
        UnknownCRS: a record's CRS is not stated anywhere, or nobody knows it; that is the source's
            fault as a whole, so it stops the layer.
    """
    kind = layer.schema_.geometry
    if layer.schema_.has_solids:
        return _solids(records, layer, city)
    if kind == "terrain":
        return [_raster(record, layer, city) for record in records], None
    if kind == "cloud":
        return [_cloud(record, layer, city) for record in records], None
    return _flat(records, layer, city, kind), None


def _crs(record: Record, layer: Layer) -> str:
    return resolve_crs(record.crs or layer.source.crs)


def _flat(records: Sequence[Record], layer: Layer, city: City, kind: str) -> list[Placed]:
    import shapely

    geometries = np.array(
        [
            shapely.from_wkb(r.geometry, on_invalid="ignore")
            if r.geometry and type(r.geometry) is bytes
            else None
            for r in records
        ],
        dtype=object,
    )
    placed = [
        Placed(fault=None if g is not None else _why_nowhere(r))
        for r, g in zip(records, geometries, strict=True)
    ]
    if kind == "point":  # a station whose position nobody states is still a station
        for record, p in zip(records, placed, strict=True):
            if not record.geometry:
                p.fault, p.notes = None, (PLACELESS,)
    given = shapely.force_2d(geometries)
    geometries = given.copy()
    for crs in {_crs(r, layer) for r, g in zip(records, geometries, strict=True) if g is not None}:
        of = np.array(
            [g is not None and _crs(r, layer) == crs for r, g in zip(records, geometries, strict=True)]
        )
        if crs.split("+")[0] not in _CRS84:
            geometries[of] = _on_earth(geometries[of], crs)
    asked = {"area": 2, "line": 1, "point": 0, "any": None}[kind]
    for i, geometry in enumerate(geometries):
        if geometry is None:
            continue
        fault = _outside(geometry.bounds, city)
        wanted = int(shapely.get_dimensions(geometry)) if asked is None else asked
        if fault is None and wanted and not geometry.is_valid:
            geometry = shapely.make_valid(geometry)
            placed[i].notes = ("self-crossing outline repaired",)
        if fault is None and wanted == 2:
            geometry = areas(geometry)
        if fault is None and (geometry.is_empty or shapely.get_dimensions(geometry) != wanted):
            fault = f"its geometry is no {kind}, as the schema {layer.schema_id} wants"
        placed[i].fault = fault
        placed[i].wkb = None if fault else shapely.to_wkb(shapely.normalize(geometry) if wanted else geometry)
    fine = [number for number, p in enumerate(placed) if p.wkb is not None]
    for number, wkb in zip(fine, shapely.to_wkb(shapely.normalize(given[fine])), strict=True):
        placed[number].own = wkb
    return placed


def _why_nowhere(record: Record) -> str:
    """Why a record has no geometry: what its connector says of it, if it says something."""
    if record.geometry and not isinstance(record.geometry, bytes):
        return _NOT_FLAT
    return next((note for note in record.notes if note.startswith(UNREADABLE)), _NO_POSITION)


def _outside(bounds: tuple[float, float, float, float], city: City) -> str | None:
    """Say what is wrong with a position, or None. Swapped axes are named, never silently mended."""
    west, south, east, north = bounds
    if not np.isfinite(bounds).all():
        return _NOWHERE
    w, s, e, n = city.area
    w, s, e, n = w - _MARGIN, s - _MARGIN, e + _MARGIN, n + _MARGIN
    if east >= w and west <= e and north >= s and south <= n:
        return None
    if north >= w and south <= e and east >= s and west <= n:
        return SWAPPED
    return OUTSIDE


def _solids(records: Sequence[Record], layer: Layer, city: City) -> tuple[list[Placed], Solids | None]:
    solids = [
        r.geometry if isinstance(r.geometry, Solid) and len(r.geometry.points) else None for r in records
    ]
    gathered = Solids.of(solids)
    finite = _finite(gathered)
    placed = []
    crs_of: dict[str | None, str] = {}
    moved = False
    for record, solid, fine in zip(records, solids, finite, strict=True):
        if solid is None:
            why = "; ".join(dict.fromkeys(record.notes))
            placed.append(Placed(fault=f"it has no usable face ({why})" if why else "it has no usable face"))
            continue
        if not fine:
            placed.append(Placed(fault=_NOWHERE))
            continue
        crs = crs_of.get(record.crs)
        if crs is None:
            crs = crs_of[record.crs] = _crs(record, layer)
        notes: tuple[str, ...] = ()
        if "+" not in crs:
            crs = f"{crs}+{city.heights.crs.removeprefix('EPSG:')}"
            notes = (f"the source names no vertical CRS; heights are taken as {city.heights.crs}",)
        if crs != city.crs3d:
            solid = replace(solid, points=to_city_3d(solid.points, crs, city.crs3d))
            moved = True
        placed.append(Placed(solid=solid, notes=notes))
    found = [p for p in placed if p.solid is not None]
    if not found:
        return placed, None
    if moved or len(found) < len(records):
        gathered = Solids.of([p.solid for p in found])
    _stand(found, gathered, layer, city)
    return placed, gathered


def _finite(solids: Solids) -> list[bool]:
    """Whether all coordinates of each are numbers; looked at together, as nearly always all are."""
    if np.isfinite(solids.points).all():
        return [True] * len(solids)
    wrong = offsets(np.count_nonzero(~np.isfinite(solids.points), axis=1))[solids.starts]
    return (np.diff(wrong) == 0).tolist()  # type: ignore[no-any-return]


def _stand(found: list[Placed], solids: Solids, layer: Layer, city: City) -> None:
    """Give every solid its outline on the ground, in OGC:CRS84."""
    import shapely

    upright = layer.schema_.geometry == "model"
    flat = _on_earth(outlines(solids, upright=upright), city.crs, _GRID)
    bounds = shapely.bounds(flat)
    keys = shapely.to_wkb(shapely.normalize(flat))
    w, s, e, n = city.area
    west, south, east, north = bounds.T  # NaN where there is no outline
    inside = (east >= w - _MARGIN) & (west <= e + _MARGIN) & (north >= s - _MARGIN) & (south <= n + _MARGIN)
    inside &= np.isfinite(bounds).all(axis=1)
    for p, fine, box, wkb in zip(found, inside.tolist(), bounds, keys, strict=True):
        if wkb is None:
            p.fault = "its faces enclose no area on the ground"
            continue
        p.fault = None if fine else _outside(tuple(box.tolist()), city)
        p.wkb = wkb


def _on_earth(geometries: Any, crs: str, grid: float | None = None) -> Any:
    """(n,) geometries in OGC:CRS84; empty where a corner has no place on earth, None where there was none.

    With `grid` on one of so many lines a degree.
    """
    import shapely

    corners, owners = shapely.get_coordinates(geometries, return_index=True)
    there = transform_2d(corners, crs)
    if grid is not None:
        there = np.round(there * grid) / grid
    if np.isfinite(there).all():
        return shapely.set_coordinates(np.array(geometries, dtype=object), there)
    lost = np.unique(owners[~np.isfinite(there).all(axis=1)])
    moved = shapely.set_coordinates(np.array(geometries, dtype=object), np.nan_to_num(there))
    moved[lost] = shapely.Point()
    return moved


def _raster(record: Record, layer: Layer, city: City) -> Placed:
    raster = record.geometry
    if not isinstance(raster, Raster):
        return Placed(fault="it is no height raster")
    crs = _crs(record, layer)
    notes: tuple[str, ...] = ()
    if crs.split("+")[0] != city.crs:
        raster = warp(raster, crs, city.crs3d)
        notes = (f"reprojected from {crs.split('+')[0]} by bilinear resampling",)
    if not np.isfinite(raster.heights).any():
        return Placed(fault="it holds no heights")
    if "+" not in crs:
        notes += (f"the source names no vertical CRS; heights are taken as {city.heights.crs}",)
    import shapely

    rows, columns = raster.heights.shape
    half = raster.step / 2
    box = shapely.box(
        raster.west - half,
        raster.north - (rows - 0.5) * raster.step,
        raster.west + (columns - 0.5) * raster.step,
        raster.north + half,
    )
    outline = shapely.transform(box, lambda xy: transform_2d(xy, city.crs))
    fault = _outside(outline.bounds, city)
    return Placed(shapely.to_wkb(outline), raster=raster, fault=fault, notes=notes)


def _cloud(record: Record, layer: Layer, city: City) -> Placed:
    import shapely

    cloud = record.geometry
    if not isinstance(cloud, Cloud):
        return Placed(fault="it is no point cloud")
    box = shapely.box(*cloud.low[:2], *cloud.high[:2])
    outline = shapely.transform(box, lambda xy: transform_2d(xy, _crs(record, layer)))
    return Placed(shapely.to_wkb(outline), cloud=cloud, fault=_outside(outline.bounds, city))
