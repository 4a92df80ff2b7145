"""Dialect: which connector reads an answer, told by its first bytes and its shape, not by its name alone."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.bodies import parse_json, refuse_markup
from twin.errors import SourceBroken

_SEPARATORS = ",;\t|"
LON = ("longitude", "lon", "lng", "long", "laenge", "längengrad", "geo_lon", "x")
LAT = ("latitude", "lat", "breite", "breitengrad", "geo_lat", "y")
_WKT = re.compile(r"\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*Z?\s*\(", re.IGNORECASE)
_ROOTS = {
    "CityModel": "citygml",
    "osm": "osm",
    "d2LogicalModel": "datex2",
    "messageContainer": "datex2",
    "payload": "datex2",
    "alert": "cap",
}
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_]\w*)[\s>/]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an answer is read."""

    connector: str
    options: dict[str, Any] = field(default_factory=dict)
    suffix: str = ".json"
    """Ending that the connector expects of a file."""
    said: str = ""
    """What it is, in words for people."""
    like: str | None = None
    """Shared recipe that knows this very source."""


def dialect_of(path: Path, address: str) -> Dialect:
    """Find out what the file at `path`, an answer of `address`, is.

    Raises:
        SourceBroken: empty, a web page, an exception, or nothing we read.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip():
        raise SourceBroken(f"{path.name} is empty; check the address")
    if head[:4] == b"PK\x03\x04":
        return _packed(path)
    if head.startswith(b"SQLite format 3"):
        return Dialect("vector", {}, ".gpkg", "a GeoPackage")
    if head[:4] == b"\x00\x00\x27\x0a":
        return Dialect("vector", {}, ".shp", "a Shapefile")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return _markup(head, path.name)
    if start[:1] in (b"{", b"["):
        return _json(path, address)
    return _table(head, path.name)


def _packed(path: Path) -> Dialect:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
    except zipfile.BadZipFile:
        raise SourceBroken(f"{path.name}: the archive is damaged; fetch it again") from None
    if any(name.rpartition("/")[2] == "stops.txt" for name in names):
        return Dialect("gtfs", {}, ".zip", "a GTFS timetable")
    for endings, found in (
        ((".shp",), Dialect("vector", {}, ".zip", "Shapefiles in an archive")),
        ((".csv",), Dialect("csv", {}, ".zip", "CSV tables in an archive")),
        ((".gml", ".xml"), Dialect("citygml", {}, ".zip", "CityGML in an archive")),
        ((".geojson", ".json"), Dialect("geojson", {}, ".zip", "GeoJSON in an archive")),
    ):
        if any(name.endswith(endings) for name in names):
            return found
    raise SourceBroken(f"{path.name}: an archive without a file that we read; unpack it and look inside")


def _markup(head: bytes, name: str) -> Dialect:
    root = next((m[1].decode() for m in _ROOT.finditer(head)), "")
    if root in _ROOTS:
        return Dialect(_ROOTS[root], {}, ".osm" if root == "osm" else ".xml", f"XML ({root})")
    refuse_markup(head, name)  # names an exception, or a web page
    raise SourceBroken(f"{name}: XML of a kind that no connector reads")


def _json(path: Path, address: str) -> Dialect:
    data = path.read_bytes()
    try:
        document = parse_json(data, path.name)
    except SourceBroken:
        if b"\n{" in data:
            return Dialect("cityjson", {}, ".jsonl", "a CityJSON sequence")
        raise
    if isinstance(document, dict):
        found = _known(document, address)
        if found is not None:
            return found
    return _list(document, path.name)


def _known(document: dict[str, Any], address: str) -> Dialect | None:
    kind = document.get("type")
    if kind == "FeatureCollection":
        asked = address.lower()
        if {"feed_info", "road_event_feed_info"} & document.keys():
            return Dialect("wzdx", {}, ".geojson", "a WZDx work zone feed")
        if "service=wfs" in asked or asked.split("?")[0].rstrip("/").endswith(("/ows", "/wfs")):
            return Dialect("wfs", {}, ".json", "features of a WFS")
        if "/collections/" in asked:
            return Dialect("ogc_features", {}, ".json", "features of an OGC API")
        return Dialect("geojson", {}, ".geojson", "GeoJSON")
    if kind in ("CityJSON", "CityJSONFeature"):
        return Dialect("cityjson", {}, ".json", "CityJSON")
    value = document.get("value")
    if isinstance(value, list) and any("@iot" in key for item in value[:1] for key in item):
        return Dialect("sensorthings", {}, ".json", "SensorThings")
    data = document.get("data")
    if isinstance(data, dict) and ("feeds" in data or any("feeds" in (v or {}) for v in _objects(data))):
        return Dialect("gbfs", {}, ".json", "GBFS")
    if {"roadworks", "closure", "warning"} & document.keys():
        return Dialect("autobahn", {}, ".json", "the Autobahn's API")
    return None


def _objects(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [value for value in data.values() if isinstance(value, dict)]


def _list(document: Any, name: str) -> Dialect:
    """JSON of no known protocol: its longest list of objects is the table."""
    lists = sorted(_lists(document), key=lambda found: -len(found[1]))
    if not lists:
        raise SourceBroken(f"{name}: JSON without a list of things; look at it, and write the recipe by hand")
    path, items = lists[0]
    if "sensordatavalues" in items[0]:
        options = {"tables": [{"pivot": "sensordatavalues", "name": "value_type", "value": "value"}]}
        return Dialect("json", options, ".json", "sensors of citizens (sensor.community)", "de/citizen-air")
    table: dict[str, Any] = {"items": path} if path else {}
    lon, lat = (_place(items[0], names) for names in (LON, LAT))
    if lon and lat:
        table |= {"lon": lon, "lat": lat}
    return Dialect(
        "json", {"tables": [table]} if table else {}, ".json", f"JSON, a list at {path or 'its top'}"
    )


def _lists(document: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(document, list):
        if document and isinstance(document[0], dict):
            yield path, document
    elif isinstance(document, dict) and depth < 4:
        if len(document) > 3 and all(isinstance(value, dict) for value in document.values()):
            yield f"{path}.*".lstrip("."), list(document.values())
        for key, value in document.items():
            if "." not in key:
                yield from _lists(value, f"{path}.{key}".lstrip("."), depth + 1)


def _place(item: dict[str, Any], names: tuple[str, ...], path: str = "", depth: int = 0) -> str | None:
    """Path of the field with a coordinate, the likeliest name first."""
    by_name = {key.lower(): key for key in item}
    for name in names:
        if name in by_name and not isinstance(item[by_name[name]], dict | list):
            return f"{path}{by_name[name]}"
    for key, value in item.items() if depth < 2 else ():
        if isinstance(value, dict) and (found := _place(value, names, f"{path}{key}.", depth + 1)):
            return found
    return None


def _table(head: bytes, name: str) -> Dialect:
    options: dict[str, Any] = {}
    try:
        text = head.decode("utf-8-sig", "strict" if len(head) < 4096 else "ignore")
    except UnicodeDecodeError:
        text, options["encoding"] = head.decode("cp1252", "replace"), "cp1252"
    if "\0" in text:
        raise SourceBroken(f"{name}: a format that no connector reads; convert it to GeoJSON or CSV")
    line, _, rest = text.partition("\n")
    separator = max(_SEPARATORS, key=line.count)
    columns = [column.strip().strip('"') for column in line.split(separator)]
    if len(columns) < 2:
        raise SourceBroken(f"{name}: a text without columns; convert it to GeoJSON or CSV")
    row = rest.partition("\n")[0].split(separator)
    lowered = {column.lower(): column for column in columns}
    lon, lat = (next((lowered[n] for n in names if n in lowered), None) for names in (LON, LAT))
    wkt = next((c for c, cell in zip(columns, row, strict=False) if _WKT.match(cell.strip('" '))), None)
    if wkt is not None:
        options["wkt"] = wkt
    elif lon and lat:
        options |= {"lon": lon, "lat": lat}
    return Dialect("csv", options, ".csv", f"a CSV table with {len(columns)} columns")
