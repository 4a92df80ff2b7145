"""Height models cut down to a corner: GeoTIFF, text, SRTM; point clouds to their first points."""

import gzip
import io
import re
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.scaffold.dialect import Dialect
from ingest.scaffold.mask import Mask

_CELLS = 8
_POINTS = 60
_LINES = 20_000
_VOID = b"\x80\x00"  # -32768
_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}")


def cut_geotiff(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """Eight by eight heights, in the file's own CRS and kind of numbers."""
    import rasterio
    from rasterio.windows import Window

    from tiles.proj_data import give_rasterio_its_database

    give_rasterio_its_database()
    with rasterio.open(source, driver="GTiff") as data:
        wide, high = min(_CELLS, data.width), min(_CELLS, data.height)
        window = Window(0, data.height - high, wide, high)
        profile = {
            key: value
            for key, value in data.profile.items()
            if key not in ("blockxsize", "blockysize", "tiled", "interleave", "photometric")
        } | {
            "width": wide,
            "height": high,
            "transform": _corner(data.transform, data.height - high),
            "compress": "deflate",
        }
        heights = data.read(window=window)
    with rasterio.MemoryFile() as memory:
        with memory.open(**profile) as sink:
            sink.write(heights)
        return {f"{_stem(source)}.tif": memory.read()}


def _corner(grid: Any, rows: int) -> Any:
    """The grid that begins so many rows below."""
    return type(grid)(grid.a, grid.b, grid.c + rows * grid.b, grid.d, grid.e, grid.f + rows * grid.e)


def cut_xyz(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """The lines of the lower left eight by eight cells, as they are written."""
    with source.open("rb") as stream:
        lines = [line for line in islice(stream, _LINES) if line.strip()]
    places = {}
    for line in lines:
        numbers = [float(word) for word in re.split(rb"[\s;,]+", line.strip())[:2]]
        places[line] = numbers[0], numbers[1]
    east = sorted({place[0] for place in places.values()})[:_CELLS]
    mine = [place for place in places.values() if place[0] in east]
    north = sorted({place[1] for place in mine})[:_CELLS]
    kept = [line for line, place in places.items() if place[0] in east and place[1] in north]
    return {f"{_stem(source)}.xyz": b"".join(kept)}


def cut_hgt(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """A whole tile, as the format knows no smaller one; all but a corner of it has no heights. Packed."""
    data = source.read_bytes()
    side = round((len(data) // 2) ** 0.5)
    rows = [_VOID * side] * (side - _CELLS)
    for row in range(side - _CELLS, side):
        at = 2 * row * side
        rows.append(data[at : at + 2 * _CELLS] + _VOID * (side - _CELLS))
    return {f"{_stem(source)}.hgt.gz": gzip.compress(b"".join(rows), mtime=0)}


def cut_las(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """The first points of a cloud, unpacked, with the head that says where they lie."""
    import laspy

    with laspy.open(source) as cloud:
        points = cloud.read_points(_POINTS)
        header = cloud.header
    told = io.BytesIO()
    with laspy.open(told, mode="w", header=header, closefd=False) as sink:
        sink.write_points(points)
    return {f"{_stem(source)}.las": told.getvalue()}


def _stem(source: Path) -> str:
    stem = source.name.partition(".")[0]
    return stem if _NAME.fullmatch(stem) else "answer"
