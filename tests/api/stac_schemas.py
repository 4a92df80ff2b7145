"""Schemas for STAC where there is no network.

Those of STAC 1.1 and GeoJSON come with pystac. Those of the extensions are written here after the text of
each extension, as strict as their own on the fields that belong to them.
"""

import json
from functools import cache
from pathlib import Path

import pystac

CORE = Path(pystac.__file__).parent / "validation" / "jsonschemas"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_NUMBERS = {"type": "array", "items": {"type": "number"}}
_ANYWHERE = ("properties", "assets", "item_assets", "top")
_OWN = {
    "file/v2.1.0": (
        "file:",
        ("assets", "item_assets"),
        {
            "file:byte_order": {"enum": ["big-endian", "little-endian"]},
            "file:checksum": {"type": "string", "pattern": "^[a-f0-9]+$"},
            "file:header_size": {"type": "integer", "minimum": 0},
            "file:size": {"type": "integer", "minimum": 0},
            "file:local_path": _TEXT,
        },
    ),
    "projection/v2.0.0": (
        "proj:",
        ("properties", "assets", "item_assets"),
        {
            "proj:code": {"type": ["string", "null"], "pattern": "^[A-Z]+:[A-Za-z0-9]+$"},
            "proj:wkt2": {"type": ["string", "null"]},
            "proj:geometry": {"type": "object", "required": ["type", "coordinates"]},
            "proj:bbox": {**_NUMBERS, "minItems": 4, "maxItems": 6},
            "proj:centroid": {"type": "object", "required": ["lat", "lon"]},
            "proj:shape": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
            "proj:transform": {**_NUMBERS, "minItems": 6, "maxItems": 9},
        },
    ),
    "table/v1.2.0": (
        "table:",
        _ANYWHERE,
        {
            "table:columns": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": _TEXT, "description": _TEXT, "type": _TEXT},
                },
            },
            "table:primary_geometry": _TEXT,
            "table:row_count": {"type": "integer", "minimum": 0},
            "table:storage_options": {"type": "object"},
            "table:tables": {"type": "array"},
        },
    ),
    "timestamps/v1.1.0": (
        None,
        _ANYWHERE,
        {"published": _TIME, "expires": _TIME, "unpublished": _TIME},
    ),
    "version/v1.2.0": (
        None,
        _ANYWHERE,
        {"version": _TEXT, "deprecated": {"type": "boolean"}, "experimental": {"type": "boolean"}},
    ),
    "web-map-links/v1.2.0": (None, (), {}),
}
_MAPS = ("xyz", "wms", "wmts", "tilejson", "pmtiles", "3d-tiles")


def address(name: str) -> str:
    """Where an extension's own schema lies, which is also its name."""
    return f"https://stac-extensions.github.io/{name}/schema.json"


def _schema(name: str) -> dict:
    prefix, places, fields = _OWN[name]
    own = {"type": "object", "properties": fields}
    if prefix is not None:  # a misspelt field is none
        own["patternProperties"] = {f"^(?!{prefix})": {}}
        own["additionalProperties"] = False
    properties = {
        "stac_extensions": {"type": "array", "contains": {"const": address(name)}},
        "properties": own if "properties" in places else {},
        **{
            kind: {"type": "object", "additionalProperties": own if kind in places else {}}
            for kind in ("assets", "item_assets")
        },
    }
    whole = {"$schema": _DRAFT, "$id": address(name), "type": "object", "required": ["stac_extensions"]}
    whole |= {"properties": properties, "allOf": [own if "top" in places else {}]}
    if name.startswith("table/"):  # an item and a collection must have their columns
        whole["allOf"].append(
            {
                "if": {"properties": {"type": {"const": "Feature"}}},
                "then": {"properties": {"properties": {"required": ["table:columns"]}}},
                "else": {"required": ["table:columns"]},
            }
        )
    if name.startswith("web-map-links/"):
        rel = {"type": "object", "required": ["rel"], "properties": {"rel": {"enum": list(_MAPS)}}}
        whole["properties"]["links"] = {"type": "array", "contains": rel}
        whole["required"] = ["stac_extensions", "links"]
    return whole


@cache
def extensions() -> dict[str, dict]:
    """Address → schema, of all extensions that our documents name."""
    return {address(name): _schema(name) for name in _OWN}


def schema(url: str) -> dict | None:
    """What lies at an address on the net; None if it is not known here."""
    url = url.partition("#")[0]
    name = url.rpartition("/")[2]
    if url.startswith("https://schemas.stacspec.org/v1.1.0/"):
        return json.loads((CORE / "stac-spec" / "v1.1.0" / name).read_text("utf-8"))
    if url.startswith("https://geojson.org/schema/"):
        return json.loads((CORE / "geojson" / name).read_text("utf-8"))
    return extensions().get(url)
