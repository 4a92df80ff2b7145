"""SRTM height tiles: ``N49E011.hgt``, a square degree of big-endian numbers without a header.

The corner is in the file's name; heights stand above the geoid EGM96, positions in WGS84.

Options:
    shift_m: metres to add to reach the city's heights, where no grid of EGM96 is at hand.
    hosts: further hosts that may be asked.
"""

import math
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from ingest.connectors.heights import check_heights, streams
from ingest.connectors.options import options
from ingest.fetch import Fetch
from twin.errors import RecipeError, SourceBroken
from twin.record import Raster, Record
from twin.source import Source

SUFFIXES = (".hgt",)
CRS = "EPSG:4326+5773"
"""WGS84 with heights above EGM96."""
_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
_SIDES = {2 * n * n: n for n in (1201, 3601)}
_VOID = -32768
_HOLES = "a tile has cells without a height (-32768), which became holes"


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per tile: ``name`` and its `Raster`, whose step is in degrees.

    Raises:
        SourceBroken: the name tells no corner, or the size fits no tile of 1 or 3 arc seconds.
        SourceRefused: values that are no heights in metres.
        RecipeError: ``shift_m`` is no number.
    """
    shift_m = _shift(options(source, ("shift_m", "hosts")).get("shift_m"))
    for file in fetch.files(source.url, (*SUFFIXES, ".zip")):
        for name, stream in streams(file, SUFFIXES):
            stem = PurePosixPath(name.removesuffix(".gz")).stem
            raster, notes = raster_of(stream.read(max(_SIDES) + 1), stem, name)
            crs = CRS
            if shift_m is not None:  # the recipe says that these are the city's heights then
                raster, crs = Raster(raster.heights + np.float32(shift_m), *_place(raster)), "EPSG:4326"
            yield Record(name, {"name": stem}, raster, crs, notes=notes)


def raster_of(data: bytes, stem: str, name: str) -> tuple[Raster, tuple[str, ...]]:
    """Read a tile; its first sample stands on the north-western corner, its last on the south-eastern.

    Args:
        data: the file's bytes.
        stem: ``N49E011``, the south-western corner.
        name: of the file, for messages.
    """
    corner = _NAME.fullmatch(stem)
    if corner is None:
        raise SourceBroken(f"{name}: the name tells no corner; call it for example N49E011.hgt")
    if len(data) not in _SIDES:
        raise SourceBroken(
            f"{name} is neither a tile of 1201 x 1201 nor of 3601 x 3601 cells; fetch it again"
        )
    side = _SIDES[len(data)]
    whole = np.frombuffer(data, ">i2").reshape(side, side)
    heights = whole.astype(np.float32)
    void = whole == _VOID
    heights[void] = np.nan
    check_heights(heights, name)
    south = int(corner[2]) * (1 if corner[1].upper() == "N" else -1)
    west = int(corner[4]) * (1 if corner[3].upper() == "E" else -1)
    notes = (_HOLES,) if void.any() else ()
    return Raster(heights, float(west), south + 1.0, 1 / (side - 1)), notes


def _place(raster: Raster) -> tuple[float, float, float]:
    return raster.west, raster.north, raster.step


def _shift(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RecipeError("options.shift_m is a number of metres, such as 0.3")
    return float(value)
