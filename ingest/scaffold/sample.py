"""Sample: an answer cut down to a few things, with everything personal masked; it proves the recipe."""

import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from ingest.files import File, unpacked
from ingest.scaffold.cut_cityjson import cut_cityjson
from ingest.scaffold.cut_csv import cut_csv
from ingest.scaffold.cut_geopackage import cut_geopackage
from ingest.scaffold.cut_gtfs import cut_gtfs, cut_realtime
from ingest.scaffold.cut_json import cut_json
from ingest.scaffold.cut_osm import cut_osm
from ingest.scaffold.cut_raster import cut_geotiff, cut_hgt, cut_las, cut_xyz
from ingest.scaffold.cut_shapefile import cut_shapefile
from ingest.scaffold.cut_xml import cut_xml
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.mask import KEPT, MASK, Mask

_MOST = 4_000_000_000
_NO_PEOPLE = ("uid", "original_uid", "public_uid")
"""Names of car parks in ParkAPI."""
Area = tuple[float, float, float, float]


def cut_down(
    source: Path,
    dialect: Dialect,
    personal: Collection[str],
    area: Area | None = None,
    ids: Collection[str] = (),
) -> dict[str, bytes] | None:
    """A sample as name → bytes; None where the dialect cannot be cut down by us.

    Args:
        source: the answer: a file, or a folder.
        dialect: what it is.
        personal: names of fields whose values are masked; all other texts are searched by the gate, too.
        area: of the city, in degrees: timetables are cut to it where they can be.
        ids: of the things wanted, where the dialect is a net of them (OpenStreetMap).
    """
    mask = Mask(personal, _NO_PEOPLE if dialect.connector == "parkapi" else ())
    if dialect.connector == "gtfs":
        return cut_gtfs(source, dialect, mask, area)
    if dialect.connector == "osm":
        return cut_osm(source, ids, mask)
    if dialect.connector == "vector" and dialect.suffix == ".gpkg":
        return {"answer.gpkg": cut_geopackage(source, KEPT, mask.names, MASK, mask.value)}
    found = _CUTS.get(dialect.connector)
    if found is None:
        return None
    cut, inner = found
    if dialect.connector == "wfs" and dialect.suffix == ".gml":
        cut = cut_xml
    if dialect.suffix != ".zip" or not inner:
        return cut(source, dialect, mask)
    with tempfile.TemporaryDirectory(prefix="twin-") as folder:
        member = next(unpacked(File(source.name, source, _MOST), inner))
        plain = Path(folder) / member.name.rpartition("/")[2]
        with member.open() as stream, plain.open("wb") as sink:
            shutil.copyfileobj(stream, sink, 1 << 20)
        return cut(plain, replace(dialect, suffix=inner[0]), mask)


Cut = Callable[[Path, Dialect, Mask], dict[str, bytes]]
_CUTS: dict[str, tuple[Cut, tuple[str, ...]]] = {
    "arcgis": (cut_json, ()),
    "autobahn": (cut_json, ()),
    "cap": (cut_xml, ()),
    "citygml": (cut_xml, ()),
    "ckan_csv": (cut_csv, (".csv",)),
    "cityjson": (cut_cityjson, (".json", ".jsonl")),
    "csv": (cut_csv, (".csv",)),
    "datex2": (cut_xml, ()),
    "departures": (cut_json, ()),
    "gbfs": (cut_json, ()),
    "geojson": (cut_json, (".geojson", ".json")),
    "geotiff": (cut_geotiff, (".tif", ".tiff")),
    "gtfs_rt": (cut_realtime, ()),
    "hgt": (cut_hgt, (".hgt",)),
    "json": (cut_json, ()),
    "las": (cut_las, (".las", ".laz")),
    "ogc_features": (cut_json, ()),
    "parkapi": (cut_json, ()),
    "rest_json": (cut_json, ()),
    "sensorthings": (cut_json, ()),
    "vector": (cut_shapefile, ()),
    "wfs": (cut_json, ()),
    "wzdx": (cut_json, ()),
    "xyz": (cut_xyz, (".xyz", ".txt", ".csv")),
}
"""Connector → how its answers are cut, and the files wanted of an archive that is unpacked for that."""
