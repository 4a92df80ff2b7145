"""JSON: which protocol a document speaks, told by its shape."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.bodies import parse_json
from ingest.connectors.arcgis import is_layer
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.dialect_table import LAT, LON, plain
from ingest.scaffold.offered import listed_in_document
from twin.errors import SourceBroken

_DEEPEST = 4
_NEXT = ("next", "nextPage", "next_page", "nextLink", "next_link", "@odata.nextLink", "href")


def of_json(path: Path, address: str) -> Dialect:
    """What a JSON document, an answer of `address`, is; `SourceBroken` if it holds no things."""
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
        listed_in_document(document, path.name, address)
    return _list(document, path.name)


def _known(document: dict[str, Any], address: str) -> Dialect | None:
    kind = document.get("type")
    if kind == "FeatureCollection":
        asked = address.lower()
        if {"feed_info", "road_event_feed_info"} & document.keys():
            return Dialect("wzdx", {}, ".geojson", "a WZDx work zone feed")
        if "service=wfs" in asked or asked.split("?")[0].rstrip("/").endswith(("/ows", "/wfs")):
            return Dialect("wfs", {}, ".json", "features of a WFS")
        if is_layer(address):
            return Dialect("arcgis", {}, ".json", "features of an ArcGIS server")
        if "/collections/" in asked:
            return Dialect("ogc_features", {}, ".json", "features of an OGC API")
        return Dialect("geojson", {}, ".geojson", "GeoJSON")
    if kind in ("CityJSON", "CityJSONFeature"):
        return Dialect("cityjson", {}, ".json", "CityJSON")
    value = document.get("value")
    items = [document, *(value[:1] if isinstance(value, list) else [])]
    if any(key.startswith("@iot.id") for item in items if isinstance(item, dict) for key in item):
        return Dialect("sensorthings", {}, ".json", "SensorThings")
    data = document.get("data")
    if isinstance(data, dict) and ("feeds" in data or any("feeds" in (v or {}) for v in _objects(data))):
        return Dialect("gbfs", {}, ".json", "GBFS")
    if isinstance(data, dict) and {"ttl", "last_updated"} <= document.keys():
        return Dialect("gbfs", {}, ".json", "GBFS")
    if {"Things", "Datastreams"} <= document.keys():
        return Dialect("sensorthings", {}, ".json", "SensorThings")
    if {"roadworks", "closure", "warning"} & document.keys():
        return Dialect("autobahn", {}, ".json", "the Autobahn's API")
    if _is_parking(document):
        return Dialect("parkapi", {}, ".json", "car parks (ParkAPI)")
    if {"request", "indices", "data"} <= document.keys():
        return Dialect("rest_json", {}, ".json", "the air API of the environment agency")
    return None


def _is_parking(document: dict[str, Any]) -> bool:
    """A city's ``lots`` of version 1, or the ``items`` of version 3."""
    for name, keys in (("lots", {"free", "total", "coords"}), ("items", {"purpose", "lat", "lon"})):
        things = document.get(name)
        if isinstance(things, list) and things and isinstance(things[0], dict) and keys <= things[0].keys():
            return True
    return False


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
    more: dict[str, Any] = {"next": following} if (following := _next(document)) else {}
    lon, lat = (_place(items[0], names) for names in (LON, LAT))
    if lon and lat:
        table |= {"lon": lon, "lat": lat}
    return Dialect(
        "json",
        ({"tables": [table]} if table else {}) | more,
        ".json",
        f"JSON, a list at {path or 'its top'}",
    )


def _next(document: Any, path: str = "", depth: int = 0) -> str | None:
    """Path of the next page's address, where the document says one beside its list."""
    if not isinstance(document, dict) or depth > 2:
        return None
    for key, value in document.items():
        below = f"{path}.{key}".lstrip(".")
        is_next = key in _NEXT[:-1] or (key == _NEXT[-1] and path.endswith("next"))
        if is_next and isinstance(value, str) and value.startswith(("http://", "https://", "/")):
            return below
        if isinstance(value, dict) and (found := _next(value, below, depth + 1)):
            return found
    return None


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
    by_name = {plain(key): key for key in reversed(item)}
    for name in names:
        if name in by_name and not isinstance(item[by_name[name]], dict | list):
            return f"{path}{by_name[name]}"
    for key, value in item.items() if depth < _DEEPEST else ():
        if isinstance(value, dict) and (found := _place(value, names, f"{path}{key}.", depth + 1)):
            return found
    return None
