"""The document is whole: every route, parameter and answer has words, a schema, an example that fits it."""

import re

import jsonschema
import pytest

from api.app import create_app
from api.openapi import ogc, others, shared, stac, tiles
from api.openapi.document import ANSWERS, SCHEMAS
from twin.settings import Settings
from twin.store import open_store

APP = create_app(Settings(), open_store("memory://"))
DOCUMENT = APP.openapi()
OPERATIONS = [
    (f"{method} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
FILES = {"/", "/static/{name}", "/viewer/{name}", "/store/{key}"}
"""The viewer and files as any file server would have them: no interface."""
NO_EXAMPLE = {"offset", "limit", "f", "filter-lang", "skipGeometry", "token", "queryables"} | {
    "$skiptoken",
    "last-event-id",
}
"""Parameters whose schema has all that may be said, or whose value comes from an answer."""
BYTES = {"type": "string", "format": "binary"}


def fits(example, schema):
    whole = {**schema, "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(example)


def refs(part):
    if isinstance(part, dict):
        for name, inner in part.items():
            if name == "$ref" and isinstance(inner, str):
                yield inner
            else:
                yield from refs(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from refs(inner)


def at(ref):
    found = DOCUMENT
    for name in ref.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_every_path_is_told():
    assert set(DOCUMENT["paths"]) == set(ANSWERS)
    routes = {route.path.replace(":path}", "}") for route in APP.routes}
    assert {path.rstrip("/") for path in routes - FILES} == set(ANSWERS)


def test_no_two_doors_use_one_name():
    doors = (shared, ogc, tiles, stac, others)
    assert sum(len(door.SCHEMAS) for door in doors) == len(SCHEMAS)


def test_nothing_is_elsewhere_and_nothing_is_left_over():
    found = set(refs(DOCUMENT))
    assert all(ref.startswith("#/components/") for ref in found)
    assert all(at(ref) for ref in found)
    assert {f"#/components/schemas/{name}" for name in SCHEMAS} <= found
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    known = {tag["name"] for tag in DOCUMENT["tags"]}
    assert {tag for _, operation in OPERATIONS for tag in operation["tags"]} == known


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_parameters(name, operation):
    told = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
    assert told == set(re.findall(r"{(\w+)}", name))
    for parameter in operation["parameters"]:
        assert parameter["description"], parameter["name"]
        assert parameter["schema"], parameter["name"]
        assert "null" not in str(parameter["schema"])
        if "example" in parameter:
            fits(parameter["example"], parameter["schema"])
        else:
            assert parameter["name"] in NO_EXAMPLE or {"enum", "pattern"} & set(parameter["schema"]), (
                parameter["name"]
            )
    if "requestBody" in operation:
        (content,) = operation["requestBody"]["content"].values()
        fits(content["example"], content["schema"])


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_answers(name, operation):
    assert {"200", "400", "405", "429", "500", "503"} <= set(operation["responses"])
    assert "422" not in operation["responses"]
    for status, answer in operation["responses"].items():
        answer = at(answer["$ref"]) if "$ref" in answer else answer
        assert answer["description"]
        assert status in ("204", "304") or answer["content"]
        for content in answer.get("content", {}).values():
            assert content["schema"]
            if content["schema"] != BYTES:
                fits(content["example"], content["schema"])
        if status >= "400":
            assert "application/problem+json" in answer["content"]
