"""GeoTIFF height rasters: files, a folder, one address, or an address with ``{E}`` and ``{N}``.

Options:
    tiles: list of ``E_N`` names to fill in, such as ``691_5336``.
"""

import warnings
from collections.abc import Iterator
from typing import Any

from ingest.connectors.options import options
from ingest.connectors.tiled import files
from ingest.fetch import Fetch
from ingest.files import File
from tiles.proj_data import give_rasterio_its_database
from twin.errors import SourceBroken, SourceRefused
from twin.record import Raster, Record
from twin.source import Source

_LOWEST_M, _HIGHEST_M = -500.0, 9000.0
_MOST_CELLS = 100_000_000
_CALM = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # nothing beside the file is looked at
    "GDAL_PAM_ENABLED": "NO",
    "GTIFF_IGNORE_READ_ERRORS": "NO",
}


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per file: ``name`` (the file's, without folder and endings) and its `Raster`.

    Raises:
        SourceBroken: no GeoTIFF, cut off, rotated, cells that are not square, more than one band.
        SourceRefused: values that are no heights in metres, or too many cells.
    """
    options(source, ("tiles", "hosts"))
    for file in files(source, fetch, (".tif", ".tiff")):
        raster, crs = raster_of(file, source.crs)
        yield Record(file.name, {"name": file.stem}, raster, crs)


def raster_of(file: File, stated_crs: str | None = None) -> tuple[Raster, str]:
    """Read a file's only band and its CRS; `stated_crs` holds where the file names none."""
    import rasterio

    give_rasterio_its_database()
    data = file.read()
    try:
        with warnings.catch_warnings(), rasterio.Env(**_CALM), rasterio.MemoryFile(data) as memory:
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)  # refused below
            with memory.open(driver="GTiff") as dataset:
                return _raster(dataset, file.name), _crs(dataset, file.name, stated_crs)
    except rasterio.errors.RasterioError:
        raise SourceBroken(f"{file.name} is no readable GeoTIFF or is cut off; fetch it again") from None


def _raster(dataset: Any, name: str) -> Raster:
    import numpy as np

    if dataset.count != 1:
        raise SourceBroken(f"{name} has {dataset.count} bands; a height raster has one")
    if dataset.width * dataset.height > _MOST_CELLS:
        raise SourceRefused(f"{name} has more than {_MOST_CELLS:,} cells; cut it into tiles")
    grid = dataset.transform
    if grid.b or grid.d or grid.e >= 0 or abs(grid.a + grid.e) > 1e-6 * grid.a:
        raise SourceBroken(
            f"{name} has no place, is rotated, upside down or has cells that are not square; warp it first"
        )
    # A masked read: cells of the nodata value, and those outside a mask, become NaN.
    heights = dataset.read(1, masked=True).astype(np.float32).filled(np.nan)
    if dataset.scales[0] != 1 or dataset.offsets[0] != 0:
        heights = (heights * dataset.scales[0] + dataset.offsets[0]).astype(np.float32)
    heights[np.isinf(heights)] = np.nan
    known = heights[~np.isnan(heights)]
    if known.size == 0:
        raise SourceBroken(f"{name} has no height at all; ask its publisher")
    if known.min() < _LOWEST_M or known.max() > _HIGHEST_M:
        raise SourceRefused(
            f"{name} has values outside {_LOWEST_M:g} to {_HIGHEST_M:g} m: no heights, or nodata not named"
        )
    # The file's corner is that of a cell; ours is its centre.
    return Raster(heights, west=grid.c + grid.a / 2, north=grid.f + grid.e / 2, step=grid.a)


def _crs(dataset: Any, name: str, stated: str | None) -> str:
    authority = dataset.crs.to_authority() if dataset.crs else None
    if authority:
        return ":".join(authority)
    if stated is None:
        raise SourceBroken(f"{name} names no CRS that we know; state it in the recipe's crs")
    return stated
