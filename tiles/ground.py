"""Ground: how high the terrain is at a point, for everything that stands or lies on it."""

import copy
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tiles.brim import Brim, brim
from tiles.lattice import Lattice, join
from tiles.proj_data import give_rasterio_its_database
from twin.errors import TilingError
from twin.record import Raster

_NODATA = -9999.0
_DENSE = 8
"""Cells for each point up to which the whole window around the points is copied."""
_SPARSE = 8
"""Every so many cells are looked at for the middle height."""
_FAR = 1e12
"""Metres; no coordinate of a city is larger, and cell numbers up to here fit an integer."""


class Ground:
    """Terrain heights by bilinear interpolation between cell centres, also across neighbouring pieces.

    A point is on the terrain if its cell's height is known (pixel is area: a cell reaches half a step
    around its centre); corners without a height then lend their weight to the others. The finest
    terrain that knows a point answers.
    """

    def __init__(self, pieces: Sequence[Raster], stated_m: float | None) -> None:
        self._lattices = join(pieces)
        self.stated_m = stated_m
        """Height the city states for what lies outside the terrain, metres; None if it states none."""
        self._brim: Brim | None = None

    def heights(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Heights (n,) in the city's vertical CRS at points (n, 2) in the city's CRS.

        Outside the terrain: that of its edge where it is `continued`, else the stated height, else NaN.
        """
        found = self.measured(xy)
        if self._brim is not None:
            xy = np.asarray(xy, np.float64).reshape(-1, 2)
            beyond = np.isnan(found) & (np.abs(xy) < _FAR).all(axis=1)
            if beyond.any():
                found[beyond] = self._brim.heights(xy[beyond])
        if self.stated_m is not None:
            found[np.isnan(found)] = self.stated_m
        return found

    def measured(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Like `heights`, but NaN outside the terrain whether or not the city states a height."""
        xy = np.asarray(xy, np.float64).reshape(-1, 2)
        found = np.full(len(xy), np.nan)
        for lattice in self._lattices:
            open_ = np.flatnonzero(np.isnan(found) & (np.abs(xy) < _FAR).all(axis=1))
            if len(open_):
                found[open_] = _bilinear(lattice, xy[open_])
        return found

    def guessed(self, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(n,) whether a height is only continued from the terrain's edge."""
        if self._brim is None:
            return np.zeros(len(xy), dtype=bool)
        return np.isnan(self.measured(xy))

    def around(self, xy: NDArray[np.float64]) -> "Ground":
        """The ground near these points (n, 2) only: small enough to send to a worker."""
        near = copy.copy(self)
        bounds = (*np.min(xy, axis=0).tolist(), *np.max(xy, axis=0).tolist())
        near._lattices = [lattice.around(*bounds) for lattice in self._lattices]
        near._brim = None if self._brim is None else self._brim.around(xy)
        return near

    def continued(self) -> "Ground":
        """The same terrain, which goes on beyond its edge as high as it is there."""
        other = copy.copy(self)
        other._brim = brim(self._lattices)
        return other

    @property
    def middle(self) -> float:
        """Middle height of the finest terrain, of some thousand of its cells; 0 where none is known."""
        if self.level:
            return 0.0
        some = self._lattices[0].blocks[:, ::_SPARSE, ::_SPARSE]
        known = some[np.isfinite(some)]
        return float(np.median(known)) if len(known) else 0.0

    @property
    def level(self) -> bool:
        """Whether the height is the same everywhere, because no terrain is here."""
        return self._brim is None and not any(len(lattice.keys) for lattice in self._lattices)

    @property
    def step(self) -> float | None:
        """Cell size of the finest terrain in metres, or None where there is none."""
        return self._lattices[0].step if self._lattices else None


def _bilinear(lattice: Lattice, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns = lattice.index(xy)
    row, column = np.floor(rows), np.floor(columns)
    v, u = rows - row, columns - column
    weights = np.stack([(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u])
    corners = _corners(lattice, row.astype(np.int64), column.astype(np.int64))
    known = ~np.isnan(corners)
    given = np.where(known, weights, 0.0)
    # Ties count as known, so a raster's outline belongs to it on all four sides.
    inside = given.max(axis=0) >= weights.max(axis=0) - 1e-9
    total = np.where(inside, given.sum(axis=0), 1.0)
    heights = (np.where(known, corners, 0.0) * given).sum(axis=0) / total
    return np.where(inside, heights, np.nan)


def _corners(lattice: Lattice, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.float32]:
    """(4, n) heights at rows i and i + 1, columns j and j + 1."""
    top, left = int(i.min()), int(j.min())
    high, wide = int(i.max()) - top + 2, int(j.max()) - left + 2
    if high * wide > _DENSE * len(i):
        return lattice.values(np.stack([i, i, i + 1, i + 1]), np.stack([j, j + 1, j, j + 1]))
    # Many points on little ground: one copy of it is faster than looking up each point's block.
    window = lattice.window(top, left, high, wide).ravel()
    first = (i - top) * wide + (j - left)
    return np.stack([window[first], window[first + 1], window[first + wide], window[first + wide + 1]])


def encode_raster(raster: Raster, crs: str) -> bytes:
    """Write a small GeoTIFF: float32, deflate with predictor 3, nodata -9999, pixel is area.

    `crs` is the CRS of the heights, for example ``EPSG:25832+7837``. The same raster gives the same bytes.
    """
    import rasterio
    from rasterio.io import MemoryFile

    give_rasterio_its_database()
    rows, columns = raster.heights.shape
    west, north = raster.west - raster.step / 2, raster.north + raster.step / 2
    heights = np.where(np.isnan(raster.heights), np.float32(_NODATA), raster.heights.astype(np.float32))
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=columns,
            height=rows,
            count=1,
            dtype="float32",
            crs=crs,
            nodata=_NODATA,
            transform=rasterio.Affine(raster.step, 0, west, 0, -raster.step, north),
            compress="deflate",
            predictor=3,
            zlevel=6,
            tiled=True,
            blockxsize=256,
            blockysize=256,
            num_threads=1,
        ) as file:
            file.write(heights, 1)
            file.update_tags(AREA_OR_POINT="Area")
        return bytes(memory.read())


def decode_raster(data: bytes) -> Raster:
    """Read what `encode_raster` wrote, or any north-up GeoTIFF with square cells; nodata becomes NaN."""
    import rasterio
    from rasterio.io import MemoryFile

    give_rasterio_its_database()
    try:
        with MemoryFile(data) as memory, memory.open(driver="GTiff") as file:
            heights = file.read(1).astype(np.float32)
            nodata, transform = file.nodata, file.transform
    except rasterio.errors.RasterioIOError:
        raise TilingError("a height raster is not a GeoTIFF; publish the terrain layer again") from None
    if transform.b or transform.d or transform.a <= 0 or not np.isclose(transform.a, -transform.e):
        raise TilingError("a height raster is not north up with square cells; warp it first (gdalwarp -tr)")
    if nodata is not None:
        heights[heights == np.float32(nodata)] = np.nan
    step = transform.a
    return Raster(heights, transform.c + step / 2, transform.f - step / 2, step)
