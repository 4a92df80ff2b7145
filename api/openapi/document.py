"""The document: what the framework knows of routes and parameters, made complete and true of the answers."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import stale
from api.openapi import ogc, others, shared, stac, tiles
from api.openapi.parameters import PATH, by_hand, parameter
from api.openapi.write import BYTES, TEXT, Schema, Told, ref

SCHEMAS: dict[str, Schema] = shared.SCHEMAS | ogc.SCHEMAS | tiles.SCHEMAS | stac.SCHEMAS | others.SCHEMAS
"""Name → schema, all that answers are described with."""
EXAMPLES: dict[str, Any] = shared.EXAMPLES | ogc.EXAMPLES | tiles.EXAMPLES | stac.EXAMPLES | others.EXAMPLES
"""Name of a schema → an example of it."""
ANSWERS: dict[str, Told] = ogc.ANSWERS | tiles.ANSWERS | stac.ANSWERS | others.ANSWERS
"""Path → what is told of its answers."""
_DESCRIPTION = (
    "Digital twins of cities, from open data. Everything is read-only, open to every origin and needs no "
    "key; HEAD and OPTIONS are answered everywhere. All times are UTC; `datetime` gives the twin as it was "
    "then. Unknown and repeated query parameters are a 400."
)
_TAGS = {
    "3D Tiles": "Tilesets and their content, 3D Tiles 1.1.",
    "OGC API": "Common, Features 1 to 3, Schemas.",
    "OGC API Tiles": "Vector tiles in WebMercatorQuad.",
    "STAC": "Revisions of layers as items.",
    "Live": "Server-Sent Events.",
    "SensorThings": "Stations and what they measure, SensorThings 1.1.",
    "Operation": "For operators, in the open.",
    "Documentation": "This document.",
}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an app; nothing in it refers to other servers."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=_DESCRIPTION,
        routes=app.routes,
        servers=app.servers,
        tags=[{"name": name, "description": words} for name, words in _TAGS.items()],
        license_info={"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
    )
    paths = {**found["paths"], **by_hand()}
    found["paths"] = {path: _path(path, methods) for path, methods in paths.items()}
    found["components"] = {
        "schemas": SCHEMAS,
        "responses": shared.problems(),
        "headers": shared.HEADERS,
    }
    return found


def _path(path: str, methods: dict[str, Any]) -> dict[str, Any]:
    told = ANSWERS.get(path)
    done = {}
    for method, operation in methods.items():
        operation = {**operation, "parameters": [parameter(p) for p in operation.get("parameters", ())]}
        named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        operation["parameters"] += [
            PATH[name] for name in PATH if f"{{{name}}}" in path and name not in named
        ]
        if told is not None:
            operation["responses"] = _answers(told, method)
        done[method] = operation
    return done


def _answers(told: Told, method: str) -> dict[str, Any]:
    old = {stale.HEADER: shared.header(stale.HEADER)} if told.stale else {}
    headers = {name: shared.header(name) for name in told.headers} | old
    content = {media: _content(told, media, schema) for media, schema in told.media.items()}
    found: dict[str, Any] = {"200": {"description": told.words, "headers": headers, "content": content}}
    if told.parts:
        part = {name: shared.header(name) for name in ("ETag", "Content-Range")}
        media = {name: {"schema": BYTES} for name in told.media}
        found["206"] = {"description": "The range that is asked for", "headers": part, "content": media}
        found["416"] = {"$ref": "#/components/responses/Problem416"}
    if told.empty:
        found["204"] = {"description": told.empty, **({"headers": old} if old else {})}
    if told.kept:
        found["304"] = {"description": "What you have is still right (If-None-Match).", "headers": headers}
    statuses = {*told.problems, *shared.ALWAYS} - (set() if method == "post" else {408, 413})
    for status in sorted(statuses):
        found[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    if told.broken:
        problem = shared.problems()["Problem503"]
        unwell = {"application/json": {"schema": ref(told.broken), "example": _damaged()}}
        found["503"] = {**problem, "content": {**problem["content"], **unwell}}
    return found


def _content(told: Told, media: str, schema: str | None) -> dict[str, Any]:
    if schema is not None:
        return {"schema": ref(schema), "example": EXAMPLES[schema]}
    if media.startswith("text/"):
        return {"schema": TEXT, "example": told.example or _TEXTS[media]}
    return {"schema": BYTES}


_TEXTS = {
    "text/html": '<!doctype html>\n<html lang="en"><head><title>Stadtzwilling</title></head></html>\n',
    "text/csv": "id,height_m\r\ndemo.buildings.DEBY_1,12.5\r\n",
    "text/plain": "Arnulf",
}


def _damaged() -> dict[str, Any]:
    words = "layers/demo.buildings/snapshots/a1/tileset.json is missing; publish the layer again"
    return {"status": "damaged", "damages": [words], "generated_at": "2026-03-01T12:00:00Z"}
