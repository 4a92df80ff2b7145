"""Which connector reads an answer, told by its first bytes and its shape, not by its name alone."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

from ingest.bodies import refuse_markup
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.dialect_json import of_json
from ingest.scaffold.dialect_table import of_table, utf8
from twin.errors import SourceBroken

_HEAD = 4096
_ROOTS = {
    "CityModel": ("citygml", ".gml", "a city model (CityGML)"),
    "osm": ("osm", ".osm", "OpenStreetMap (XML)"),
    "d2LogicalModel": ("datex2", ".xml", "DATEX II, version 2"),
    "messageContainer": ("datex2", ".xml", "DATEX II, version 3"),
    "payload": ("datex2", ".xml", "DATEX II, version 3"),
    "payloadPublication": ("datex2", ".xml", "DATEX II"),
    "alert": ("cap", ".xml", "a warning (CAP)"),
    "FeatureCollection": ("wfs", ".gml", "features of a WFS, as GML"),
}
"""Outermost element → connector, the ending it expects, and words."""
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_]\w*)[\s>/]")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_REALTIME = re.compile(rb"\x0a.\x0a.[12]\.\d", re.DOTALL)
"""A message whose first field is a header whose first field is a version."""
_MAGIC = (
    (b"SQLite format 3", "vector", ".gpkg", "a GeoPackage"),
    (b"\x00\x00\x27\x0a", "vector", ".shp", "a Shapefile"),
    (b"II*\0", "geotiff", ".tif", "a GeoTIFF"),
    (b"MM\0*", "geotiff", ".tif", "a GeoTIFF"),
    (b"II+\0", "geotiff", ".tif", "a GeoTIFF"),
    (b"LASF", "las", ".las", "a point cloud (LAS)"),
    (b"BZh", "osm", ".osm.bz2", "OpenStreetMap (XML, packed)"),
)
_WORKBOOKS = (b"\xd0\xcf\x11\xe0", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
"""Beginnings of old Excel files, and, within the first bytes, of OpenDocument's."""
_WORKBOOK = "a spreadsheet's own file (Excel, OpenDocument); save the table as CSV and take that"
_PACKED: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((".shp",), "vector", "Shapefiles in an archive"),
    ((".hgt",), "hgt", "SRTM heights in an archive"),
    ((".geojson", ".json"), "geojson", "GeoJSON in an archive"),
)


def dialect_of(path: Path, address: str) -> Dialect:
    """Find out what the file at `path`, an answer of `address`, is.

    Raises:
        SourceBroken: empty, a web page, an exception, or nothing we read.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip():
        raise SourceBroken(f"{path.name} is empty; check the address")
    if head.startswith(_WORKBOOKS[0]) or _WORKBOOKS[1] in head[:200]:
        raise SourceBroken(f"{path.name}: {_WORKBOOK}")
    if head[:4] == b"PK\x03\x04":
        return _packed(path)
    for magic, connector, suffix, said in _MAGIC:
        if head.startswith(magic):
            return Dialect(connector, {}, suffix, said)
    if path.suffix.lower() == ".hgt":
        return Dialect("hgt", {}, ".hgt", "SRTM heights")
    if b"OSMHeader" in head[:64]:
        return Dialect("osm", {}, ".osm.pbf", "OpenStreetMap (PBF)")
    if _REALTIME.match(head):
        return Dialect("gtfs_rt", {}, ".pb", "delays (GTFS-RT)")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return _markup(head, path, address)
    if start[:1] in (b"{", b"["):
        return of_json(path, address)
    table = of_table(head, path.name)
    if table.connector == "csv" and "encoding" not in table.options and not utf8(path):
        return replace(table, options={**table.options, "encoding": "cp1252"})
    return table


def dialect_in(folder: Path) -> Dialect | None:
    """What a folder is as a whole, by the names of its files; None if its files are read one by one."""
    names = {entry.name.lower() for entry in folder.iterdir() if entry.is_file()}
    if any(name.endswith(".pb") for name in names):
        return Dialect("gtfs_rt", {}, "", "delays (GTFS-RT) with their timetable")
    if "stops.txt" in names:
        return Dialect("gtfs", {}, "", "a GTFS timetable")
    if any("station_information" in name for name in names):
        return Dialect("gbfs", {}, "", "GBFS")
    return None


def _packed(path: Path) -> Dialect:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = sorted(archive.namelist())
            heads = {}
            for name in entries:
                if name.lower().endswith((".csv", ".gml", ".xml", ".citygml", ".txt", ".xyz")):
                    with archive.open(name) as stream:
                        heads[name.lower()] = stream.read(_HEAD)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise SourceBroken(f"{path.name}: the archive is damaged or locked; fetch it again") from None
    names = [name.lower() for name in entries]
    if "xl/workbook.xml" in names:
        raise SourceBroken(f"{path.name}: {_WORKBOOK}")
    if any(name.rpartition("/")[2] == "stops.txt" for name in names):
        return Dialect("gtfs", {}, ".zip", "a GTFS timetable")
    if any(name.rpartition("/")[2].startswith("produkt_") for name in names):
        return Dialect("dwd", {}, ".zip", "values of the German weather service")
    for name, head in heads.items():
        inside = None
        if name.endswith((".gml", ".xml", ".citygml")):
            inside = _root_of(head)[1]
        elif name.endswith((".csv", ".xyz")):
            inside = of_table(head, name)
        if inside is not None and inside.connector in ("citygml", "cap", "csv", "xyz"):
            return replace(inside, suffix=".zip", said=f"{inside.said}, in an archive")
    for endings, connector, said in _PACKED:
        if any(name.endswith(endings) for name in names):
            return Dialect(connector, {}, ".zip", said)
    raise SourceBroken(f"{path.name}: an archive without a file that we read; unpack it and look inside")


def _root_of(head: bytes) -> tuple[str, Dialect | None]:
    """The outermost element, and what it stands for."""
    root = next((m[1].decode() for m in _ROOT.finditer(_COMMENT.sub(b"", head))), "")
    if root not in _ROOTS:
        return root, None
    connector, suffix, said = _ROOTS[root]
    return root, Dialect(connector, {}, suffix, said)


def _markup(head: bytes, path: Path, address: str) -> Dialect:
    from ingest.scaffold.offered import listed_in_markup, of_page

    root, known = _root_of(head)
    if known is not None:
        return known
    page = b"<html" in head.lower() or b"<!doctype html" in head.lower()
    if page:
        of_page(path.name, address)
    listed_in_markup(path, root, address)
    if b"Exception" in head or page or not root:
        refuse_markup(head, path.name)  # names the exception, or the web page
    raise SourceBroken(f"{path.name}: XML ({root}) that no connector reads; convert it to GeoJSON")
