"""LAS and LAZ (ASPRS LAS 1.2 to 1.4): what a file says of itself, and its points piece by piece."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.geodesy import resolve_crs, split_crs, transform_2d
from twin.errors import GeodesyError, SourceBroken, SourceRefused, UnknownCRS
from twin.record import Cloud

CHUNK = 1_000_000
"""Points read at a time."""
POINT = np.dtype([("at", "<f8", 3), ("rgb", "u1", 3), ("class", "u1"), ("intensity", "<u2")])
"""A point: position in metres, sRGB colour, ASPRS class, intensity as the scanner states it."""
_PROJECTED, _GEOGRAPHIC, _VERTICAL, _VERTICAL_UNITS = 3072, 2048, 4096, 4099
"""GeoKeys (OGC GeoTIFF 1.1, annex B)."""
_METRE, _USER_DEFINED = 9001, 32767
_MARGIN_DEGREES = 1.0
"""So far a file may reach over the area for which EPSG lists its CRS."""
_FARTHEST = 1e8
_REMEDY = "state the CRS, for example --crs EPSG:25832+7837"


def trusted_crs(cloud: Cloud) -> str:
    """The CRS that a file names, if its coordinates can be meant in it; canonical.

    Raises:
        UnknownCRS: the file names none, or one where its coordinates cannot lie.
    """
    if cloud.crs is None:
        raise UnknownCRS(f"{cloud.name} names no CRS that we know; {_REMEDY}")
    crs = resolve_crs(cloud.crs)
    if not _plausible(cloud, crs):
        raise UnknownCRS(
            f"{cloud.name} names {crs}, but its coordinates lie far outside the area where that "
            "holds; state the CRS that they are really in, for example --crs EPSG:25832+7837"
        )
    return crs


def chunks(cloud: Cloud) -> Iterator[tuple[NDArray[Any], int]]:
    """All points in order as arrays of `POINT`, and how many more are marked as withheld.

    Memory holds one chunk.

    Raises:
        SourceBroken: the file is cut off or damaged; names it.
        SourceRefused: coordinates that are no numbers of this world.
    """
    import laspy
    import lazrs  # type: ignore[import-untyped]

    deep: bool | None = None
    read = 0
    try:
        with laspy.open(cloud.path) as file:
            for chunk in file.chunk_iterator(CHUNK):
                points = np.zeros(len(chunk), POINT)
                points["at"] = np.column_stack([chunk.x, chunk.y, chunk.z])
                if not (np.abs(points["at"]) < _FARTHEST).all():
                    raise SourceRefused(f"{cloud.name} has coordinates that are no places; ask its publisher")
                points["intensity"], points["class"] = chunk.intensity, chunk.classification
                if cloud.coloured:
                    colour = np.column_stack([chunk.red, chunk.green, chunk.blue])
                    # 16 bits by the standard; many programs write 8 all the same.
                    deep = bool(colour.max(initial=0) > 255) if deep is None else deep
                    points["rgb"] = colour >> 8 if deep else np.minimum(colour, 255)
                read += len(points)
                shown = points[~np.asarray(chunk.withheld, bool)]
                yield shown, len(points) - len(shown)
    except (laspy.errors.LaspyException, lazrs.LazrsError, struct.error, ValueError, EOFError) as error:
        raise SourceBroken(f"{cloud.name} is cut off or damaged; fetch it again") from error
    if read != cloud.points:
        raise SourceBroken(
            f"{cloud.name} has {read} of the {cloud.points} points that its header names; fetch it again"
        )


def open_las(path: Path, name: str | None = None) -> Cloud:
    """Read a file's header.

    Args:
        path: A LAS or LAZ file.
        name: What messages call it; default its file name.

    Raises:
        SourceBroken: it is neither, is cut off, or holds no point.
        SourceRefused: its units are not metres.
    """
    import laspy

    name = name or path.name
    try:
        with laspy.open(path) as file:
            header = file.header
            crs = _metric(_crs(header, name), name)
            size = header.offset_to_point_data + header.point_count * header.point_format.size
            whole = header.are_points_compressed or path.stat().st_size >= size
            dimensions = set(header.point_format.dimension_names)
            low, high = (tuple(float(value) for value in corner) for corner in (header.mins, header.maxs))
            points = int(header.point_count)
    except OSError as error:
        raise SourceBroken(f"{name} cannot be read: {error.strerror}; check the path") from None
    except (laspy.errors.LaspyException, struct.error, ValueError, OverflowError, EOFError) as error:
        raise SourceBroken(f"{name} is no readable LAS or LAZ file; check what it is") from error
    if not points:
        raise SourceBroken(f"{name} holds no point; ask its publisher")
    if not whole:
        raise SourceBroken(f"{name} is cut off: it is shorter than its header says; fetch it again")
    return Cloud(str(path), name, points, low, high, crs, {"red", "green", "blue"} <= dimensions)  # type: ignore[arg-type]


def _plausible(cloud: Cloud, crs: str) -> bool:
    """Whether the middle and the corners lie near the area for which EPSG lists the CRS."""
    import pyproj

    horizontal = split_crs(crs)[0]
    area = pyproj.CRS(horizontal).area_of_use
    xs, ys = ((low, (low + high) / 2, high) for low, high in zip(cloud.low[:2], cloud.high[:2], strict=True))
    corners = np.array([[x, y] for x in xs for y in ys])
    if not np.isfinite(corners).all():
        return False
    try:
        lonlat = transform_2d(corners, horizontal)
    except GeodesyError:
        return True  # a missing grid is said when it is needed, and is no fault of the coordinates
    if not np.isfinite(lonlat).all():
        return False
    if area is None or area.west > area.east:
        return True
    low = np.array([area.west, area.south]) - _MARGIN_DEGREES
    high = np.array([area.east, area.north]) + _MARGIN_DEGREES
    return bool(((lonlat >= low) & (lonlat <= high)).all())


def _crs(header: Any, name: str) -> str | None:
    records = [*header.vlrs, *(header.evlrs or ())]
    for record in records:
        text = getattr(record, "string", None) if record.record_id == 2112 else None
        if text:
            try:
                return resolve_crs(text.rstrip("\0").strip())
            except UnknownCRS:
                break  # a home-made CRS: perhaps the keys name a code
    for record in records:
        if record.record_id == 34735 and hasattr(record, "geo_keys"):
            keys = {k.id: k.value_offset for k in record.geo_keys if k.tiff_tag_location == 0}
            return _of_keys(keys, name)
    return None


def _metric(crs: str | None, name: str) -> str | None:
    """The CRS; one in feet is refused, because nobody says whether the heights are."""
    import pyproj

    if crs is None or crs == "OGC:CRS84":
        return crs
    unit = pyproj.CRS(split_crs(crs)[0]).axis_info[0].unit_name
    if unit not in ("metre", "degree"):
        raise SourceRefused(f"{name} is in {crs}, which is not in metres; convert it first")
    return crs


def _of_keys(keys: dict[int, int], name: str) -> str | None:
    if keys.get(_VERTICAL_UNITS, _METRE) not in (_METRE, 0):
        raise SourceRefused(f"{name} has heights that are not in metres; convert it first")
    code = keys.get(_PROJECTED) or keys.get(_GEOGRAPHIC)
    if code in (None, 0, _USER_DEFINED):
        return None
    vertical = keys.get(_VERTICAL)
    try:
        if vertical and vertical != _USER_DEFINED:
            return resolve_crs(f"EPSG:{code}+{vertical}")
        return resolve_crs(f"EPSG:{code}")
    except UnknownCRS:
        return None
