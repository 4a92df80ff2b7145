"""Point clouds in LAS and LAZ: files, a folder, one address, or an address with ``{E}`` and ``{N}``.

Only headers are read here; points when the tiles are made.

Options:
    tiles: list of ``E_N`` names to fill in, such as ``690_5334``.
    hosts: further hosts that may be asked.
"""

from collections.abc import Iterator
from dataclasses import replace

from ingest.connectors.options import options
from ingest.connectors.tiled import files
from ingest.fetch import Fetch
from tiles.points_las import open_las, trusted_crs
from twin.errors import SourceRefused
from twin.record import Record
from twin.source import Source


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per file: ``name``, ``points``, ``min_height_m``, ``max_height_m`` and its `Cloud`.

    A CRS that the recipe or the operator states goes before the file's own, because files so often name
    a wrong one; without it the file's must fit its coordinates.

    Raises:
        SourceBroken: no LAS or LAZ file, cut off, or without points.
        SourceRefused: its units are not metres, or it is in a zip or gzip file.
        UnknownCRS: neither it nor the recipe names a CRS in which its coordinates can lie.
    """
    options(source, ("tiles", "hosts"))
    for file in files(source, fetch, (".las", ".laz")):
        if not file.is_plain:
            raise SourceRefused(f"{file.name} is packed once more; unpack it, or deliver it as LAZ")
        cloud = open_las(file.path, file.name)
        cloud = replace(cloud, crs=source.crs or trusted_crs(cloud))
        values = {
            "name": file.stem,
            "points": cloud.points,
            "min_height_m": round(cloud.low[2], 3),
            "max_height_m": round(cloud.high[2], 3),
        }
        yield Record(file.name, values, cloud, cloud.crs)
