"""What a layer's features have, may be asked for and sorted by, as JSON Schema (OGC API Features Part 5)."""

from collections.abc import Mapping
from typing import Any

from api import words
from catalog.features import told
from twin.base import Text
from twin.schema import Column, Kind, Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEDIA = "application/schema+json"
GEOMETRY = "geometry"
"""Name under which the geometry is asked for."""

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.TIME: {"type": "string", "format": "date-time"},
    Kind.ENUM: {"type": "string"},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
}
_SHAPES = {
    "point": "geometry-point-or-multipoint",
    "line": "geometry-linestring-or-multilinestring",
    "area": "geometry-polygon-or-multipolygon",
    "building": "geometry-polygon-or-multipolygon",
}
_ROLES = {"id": "id", "valid_from": "primary-interval-start", "valid_to": "primary-interval-end"}


def properties(schema: Schema) -> dict[str, Any]:
    """What a feature has: its geometry, the schema's columns, and what is told of it at an instant."""
    found = queryables(schema)
    for name in told(schema):
        found[name] = {**_titles(words.TOLD[name]), "readOnly": True}
        if name == "phase":
            found[name] |= {"type": "string", **_enum(words.PHASES)}
        else:
            found[name] |= {"type": "object"}
    for place, column in enumerate(found.values(), 1):
        column["x-ogc-propertySeq"] = place
    return found


def queryables(schema: Schema) -> dict[str, Any]:
    """What a filter may ask for, by name: all columns and the geometry."""
    shape = {
        "title": "Geometry",
        "x-titles": {"de": "Geometrie", "en": "Geometry"},
        "format": _SHAPES.get(schema.geometry, "geometry-any"),
        "x-ogc-role": "primary-geometry",
    }
    return {GEOMETRY: shape, **{column.name: _column(column) for column in schema.columns}}


def sortables(schema: Schema) -> dict[str, Any]:
    """What features may be sorted by: all columns but lists."""
    return {column.name: _column(column) for column in schema.columns if column.kind is not Kind.TEXTS}


def document(address: str, title: str, described: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema document.

    Args:
        address: Where it lies.
        title: Of the layer.
        described: Name → schema of each property; there are no others.
    """
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": title,
        "properties": described,
        "additionalProperties": False,
    }


def _column(column: Column) -> dict[str, Any]:
    told = {**_titles(column.title), **_TYPES[column.kind]}
    if column.choices:
        told |= _enum({choice.value: choice.title for choice in column.choices})
    if column.unit is not None:
        told |= {"x-ogc-unit": column.unit, "x-ogc-unitLang": "UCUM"}
    if column.name in _ROLES:
        told["x-ogc-role"] = _ROLES[column.name]
    return told


def _enum(titles: Mapping[str, Text]) -> dict[str, Any]:
    named = {value: {"de": title.de, "en": title.en} for value, title in titles.items()}
    return {"enum": list(titles), "x-enum-titles": named}


def _titles(text: Text) -> dict[str, Any]:
    return {"title": text.en, "x-titles": {"de": text.de, "en": text.en}}
