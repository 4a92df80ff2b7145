"""Parameters as the document tells them: those in paths in full, the others without what no client needs."""

from typing import Any, get_args

from api.params import Carried
from api.sta import query
from api.vector import grid
from catalog import crs, keys
from catalog.cql import tokens

PATH: dict[str, dict[str, Any]] = {
    name: {
        "name": name,
        "in": "path",
        "required": True,
        "description": words,
        "schema": {"type": "string", **more},
        "example": example,
    }
    for name, words, example, more in (
        ("layer", "Id of a layer, `<city>.<name>`; /ogc/collections lists all.", "demo.buildings", {}),
        ("name", "Id of a layer or of a city.", "demo", {}),
        ("feature", "Id of a feature.", "demo.buildings.DEMO0001", {}),
        (
            "revision",
            "Number of a revision, six digits.",
            "000001",
            {"pattern": "^[0-9]{6}$"},
        ),
        (
            "asset",
            "File of a revision.",
            keys.PROVENANCE,
            {"enum": [keys.FEATURES, keys.PROVENANCE]},
        ),
        ("sha", "SHA-256 of the content.", "0" * 64, {"pattern": "^[0-9a-f]{64}$"}),
        ("scheme", "Id of a tile matrix set.", grid.ID, {"enum": [grid.ID]}),
        ("z", "Level.", 14, {"type": "integer", "minimum": 0, "maximum": grid.DEEPEST}),
        ("y", "Row, from the north.", 5690, {"type": "integer", "minimum": 0}),
        ("x", "Column, from the west.", 8719, {"type": "integer", "minimum": 0}),
        (
            "resource",
            "Entity set, entity, what it links to, or a property.",
            "Datastreams",
            {},
        ),
    )
}
"""Name → parameter in a path."""


_PLAIN: dict[str, dict[str, Any]] = {
    "filter": {"maxLength": tokens.BYTES},
    "$top": {"type": "integer", "minimum": 0},
    "$skip": {"type": "integer", "minimum": 0},
    "$count": {"enum": ["true", "false"]},
    **{name: {"maxLength": query.LONGEST} for name in ("$expand", "$select", "$filter", "$orderby")},
    "$resultFormat": {"enum": ["dataArray"]},
    "resultFormat": {"enum": ["dataArray"]},
}
"""Name → what else is known of a text."""
_EXAMPLES = {
    "$expand": "Datastreams/Observations($top=1)",
    "$select": "name,description",
    "$filter": "result gt 5",
    "$orderby": "phenomenonTime desc",
    "bbox-crs": crs.CRS84,
    "filter-crs": crs.CRS84,
    "crs": "http://www.opengis.net/def/crs/EPSG/0/25832",
    "intersects": '{"type": "Point", "coordinates": [11.57, 48.14]}',
    "fields": "-assets",
    "query": '{"table:row_count": {"gte": 100}}',
    "q": "school,park",
    "ids": "000001,000002",
    "collections": "demo.buildings",
    "sortby": "-datetime,id",
    "$top": 100,
    "$skip": 100,
}


_CARRIED = {
    "name": "datetime",
    "in": "query",
    "required": False,
    "description": get_args(Carried)[1].description,
    "schema": {"type": "string"},
    "example": "2026-03-01T12:00:00Z",
}


def parameter(found: dict[str, Any]) -> dict[str, Any]:
    """A parameter as the framework tells it, without what only it needs (null, titles), with an example."""
    if found["in"] == "path":
        return PATH.get(found["name"], found)
    schema = {name: value for name, value in found["schema"].items() if name not in ("title", "description")}
    for choice in schema.pop("anyOf", ()):
        if choice != {"type": "null"}:
            schema = {**choice, **schema}
    found = {"description": schema.pop("description", ""), **found}
    schema |= _PLAIN.get(found["name"], {})
    examples = schema.pop("examples", None) or [_EXAMPLES.get(found["name"])]
    if schema.get("type") == "array":
        found = {**found, "style": "form", "explode": False}
    return {**found, "schema": schema, **({} if examples[0] is None else {"example": examples[0]})}


def by_hand() -> dict[str, Any]:
    """Path → operations that bypass the framework."""
    content = {
        "tags": ["3D Tiles"],
        "summary": "Content of a tile, by its checksum, for ever",
        "operationId": "tile_content",
        "parameters": [PATH["layer"], PATH["sha"], _CARRIED],
        "responses": {},
    }
    return {"/tiles/{layer}/content/{sha}.glb": {"get": content}}
