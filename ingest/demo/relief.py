"""The ground of the made-up city: a river in its bed, terraces beside it, a railway bank, a hill, a slope."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.demo.place import CRS, NOTICE, ORIGIN, Array, Quarter, river_half_width, river_offset
from tiles.proj_data import give_rasterio_its_database

NODATA = -9999.0
POND = (440.0, 140.0, 58.0, 34.0)
"""Middle and half axes of the park's pond."""
HILL = (395.0, 345.0, 42.0, 7.5)
"""Middle, radius and height of the park's hill."""


def heights(x: Array, y: Array) -> Array:
    """Heights (DHHN2016, metres) at local coordinates; the arrays may broadcast.

    The land falls to the north by 2.8 ‰ and rises in terraces on both sides of the river.
    """
    offset = river_offset(x, y)
    ground = 517.5 - 0.0028 * y + 1.6 * (_noise(x, y, 420.0, 1) - 0.5)
    ground = ground + 0.5 * (_noise(x, y, 55.0, 2) - 0.5) + 0.16 * (_noise(x, y, 11.0, 3) - 0.5)
    ground = ground - 2.6 * _rise(offset, -185.0, -140.0)
    ground = ground + 11.0 * _rise(offset, 84.0, 122.0)
    ground = ground + 3.4 * _rise(-x - 420.0 - 50.0 * np.sin(y / 350), 0.0, 75.0)
    ground = ground + 4.4 * (1 - _rise(np.abs(x + 905.0 - 18.0 * np.sin(y / 600)), 6.0, 13.5))
    ground = ground + HILL[3] * np.exp(-((x - HILL[0]) ** 2 + (y - HILL[1]) ** 2) / (2 * HILL[2] ** 2))
    ground = ground - 1.4 * (
        1 - _rise(np.hypot((x - POND[0]) / POND[2], (y - POND[1]) / POND[3]), 0.85, 1.15)
    )
    half = river_half_width(y)
    return ground - 3.6 * (1 - _rise(np.abs(offset), half - 5.0, half + 8.0))


def _rise(value: Array, start: float | Array, end: float | Array) -> Array:
    t = np.clip((value - start) / (end - start), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def _noise(x: Array, y: Array, size: float, seed: int) -> Array:
    """Value noise in 0…1 that is the same for a place in whatever piece it is asked."""
    u, v = x / size, y / size
    column, row = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    west, south = int(column.min()), int(row.min())
    lattice = _hash(
        np.arange(west, int(column.max()) + 2)[None, :],
        np.arange(south, int(row.max()) + 2)[:, None],
        seed,
    )
    u, v = u - column, v - row
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    column, row = column - west, row - south
    below = lattice[row, column] * (1 - u) + lattice[row, column + 1] * u
    above = lattice[row + 1, column] * (1 - u) + lattice[row + 1, column + 1] * u
    return below * (1 - v) + above * v


def _hash(column: NDArray[np.int64], row: NDArray[np.int64], seed: int) -> Array:
    low = np.uint64(0xFFFFFFFF)
    mixed = (column * 374761393 + row * 668265263 + seed * 2246822519).astype(np.uint64) & low
    mixed = ((mixed ^ (mixed >> np.uint64(13))) * np.uint64(1274126177)) & low
    return ((mixed ^ (mixed >> np.uint64(16))) & np.uint64(0xFFFF)) / 65535.0


def write_terrain(folder: Path, quarter: Quarter) -> list[Path]:
    """Write the quarter's four DGM1 files: 1 km², 1 m, float32, LZW, values for cell middles, to the cm."""
    import rasterio
    from rasterio.transform import Affine

    give_rasterio_its_database()
    folder.mkdir(parents=True, exist_ok=True)
    west, south = (axis - 1000.0 for axis in quarter.centre)
    written = []
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        left, top = west + dx * 1000.0, south + dy * 1000.0 + 1000.0
        x: Array = (left + 0.5 + np.arange(1000.0))[None, :].astype(np.float64)
        y: Array = (top - 0.5 - np.arange(1000.0))[:, None].astype(np.float64)
        grid = np.round(heights(x, y), 2).astype(np.float32)
        east_km, north_km = (ORIGIN[0] + left) / 1000, (ORIGIN[1] + top) / 1000 - 1
        path = folder / f"{east_km:.0f}_{north_km:.0f}.tif"
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=1000,
            height=1000,
            count=1,
            dtype="float32",
            crs=CRS,
            nodata=NODATA,
            transform=Affine(1.0, 0.0, ORIGIN[0] + left, 0.0, -1.0, ORIGIN[1] + top),
            compress="LZW",
            predictor=3,
        ) as file:
            file.write(grid, 1)
            file.update_tags(TIFFTAG_IMAGEDESCRIPTION=NOTICE, AREA_OR_POINT="Area")
        written.append(path)
    return written
