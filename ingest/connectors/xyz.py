"""Height models as text (DGM1 and the like): a line for each cell, ``easting northing height``.

Numbers are separated by blanks, tabs, semicolons or commas; the lines may come in any order, the file may be
packed with gzip or zip. Such files name no CRS: it is the recipe's.

Options:
    tiles: list of ``E_N`` names to fill in, such as ``691_5336``.
    hosts: further hosts that may be asked.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO

from ingest.connectors.canvas import Canvas
from ingest.connectors.heights import streams
from ingest.connectors.options import options
from ingest.connectors.tiled import files
from ingest.connectors.triples import triples
from ingest.fetch import Fetch
from tiles.geodesy import resolve_crs, split_crs
from twin.record import Raster, Record
from twin.source import Source

SUFFIXES = (".xyz", ".txt", ".csv")
_ZONES = {31e6: "EPSG:25831", 32e6: "EPSG:25832", 33e6: "EPSG:25833"}
_ZONE_TAKEN_OFF = "the eastings begin with the zone's number, which was taken off"


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per file: ``name`` (the file's, without folder and endings) and its `Raster`.

    Raises:
        SourceBroken: a line without three numbers, points on no regular grid, a damaged archive.
        SourceRefused: values that are no heights in metres, or too many cells.
    """
    options(source, ("tiles", "hosts"))
    for file in files(source, fetch, (*SUFFIXES, ".zip")):
        for name, stream in streams(file, SUFFIXES):
            raster, notes = _zoned(raster_of(stream, name), source.crs)
            stem = PurePosixPath(name.removesuffix(".gz")).stem
            yield Record(name, {"name": stem}, raster, source.crs, notes=notes)


def raster_of(stream: BinaryIO, name: str) -> Raster:
    """Read a text of eastings, northings and heights; `name` is for messages."""
    canvas = Canvas(name)
    for east, north, height in triples(stream, name):
        canvas.add(east, north, height)
    return canvas.raster()


def _zoned(raster: Raster, crs: str | None) -> tuple[Raster, tuple[str, ...]]:
    """Take the zone's number off eastings such as 32691000, where the stated CRS has none."""
    zone = raster.west // 1e6 * 1e6
    if crs is None or _ZONES.get(zone) != split_crs(resolve_crs(crs))[0]:
        return raster, ()
    return replace(raster, west=raster.west - zone), (_ZONE_TAKEN_OFF,)
