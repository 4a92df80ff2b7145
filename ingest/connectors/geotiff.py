"""GeoTIFF height rasters: files, a folder, one address, or an address with ``{E}`` and ``{N}``.

Options:
    tiles: list of ``E_N`` names to fill in, such as ``691_5336``.
    hosts: further hosts that may be asked.
"""

import warnings
from collections.abc import Iterator
from typing import Any

from ingest.connectors.heights import check_heights, check_size
from ingest.connectors.options import options
from ingest.connectors.tiled import files
from ingest.fetch import Fetch
from ingest.files import File
from tiles.crs import resolve_crs
from tiles.proj_data import give_rasterio_its_database
from twin.errors import SourceBroken, UnknownCRS
from twin.record import Raster, Record
from twin.source import Source

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
    check_size(dataset.width * dataset.height, name)
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
    check_heights(heights, name)
    # The corner is that of a cell (GDAL sees to it where the file's pixel is a point); ours is its centre.
    return Raster(heights, west=grid.c + grid.a / 2, north=grid.f + grid.e / 2, step=grid.a)


def _crs(dataset: Any, name: str, stated: str | None) -> str:
    own = dataset.crs
    authority = own.to_authority() if own else None
    if authority:
        return ":".join(authority)
    try:
        return resolve_crs(own.to_wkt() if own else stated)
    except UnknownCRS:
        if stated is None:
            raise SourceBroken(f"{name} names no CRS that we know; state it in the recipe's crs") from None
    return stated
