"""OpenAPI 3.0: what /ogc/api says is valid by its own rules, and says what the newer document says."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator

from api.ogc import openapi30
from api.ogc.openapi30 import older, schema

MEDIA = "application/vnd.oai.openapi+json;version=3.0"


@pytest.fixture(scope="module")
def document(ask):
    return ask.json("/ogc/api")


def test_it_is_valid_and_says_its_version_everywhere(ask, document):
    OpenAPIV30SpecValidator(document).validate()
    (link,) = [one for one in ask.json("/ogc")["links"] if one["rel"] == "service-desc"]
    answer = ask(link["href"])
    assert answer.headers["content-type"] == link["type"] == MEDIA
    assert document["openapi"] == "3.0.3"
    assert ask.json("/openapi.json")["openapi"].startswith("3.1")


def test_nothing_of_it_lies_on_another_server(document):
    def refs(value):
        if isinstance(value, dict):
            yield from (one for name, one in value.items() if name == "$ref")
            for one in value.values():
                yield from refs(one)
        elif isinstance(value, list):
            for one in value:
                yield from refs(one)

    for ref in refs(document):
        assert ref.startswith("#/")
        found = document
        for part in ref[2:].split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]


def test_it_has_every_address_and_every_parameter_of_the_newer_one(ask, document):
    for path, methods in ask.json("/openapi.json")["paths"].items():
        for method, operation in methods.items():
            below = path.removeprefix("/ogc") or "/"  # the server of this document ends with it
            same = document["paths"][below if path.startswith("/ogc") else path][method]
            names = [(one["name"], one["in"]) for one in operation.get("parameters", ())]
            assert [(one["name"], one["in"]) for one in same.get("parameters", ())] == names
            assert set(same["responses"]) == set(operation["responses"])


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        (
            {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "null"}], "title": "x"},
            {"type": "string", "maxLength": 2, "title": "x", "nullable": True},
        ),
        ({"const": 3}, {"enum": [3]}),
        ({"examples": [1, 2], "type": "integer"}, {"example": 1, "type": "integer"}),
        ({"exclusiveMinimum": 0}, {"minimum": 0, "exclusiveMinimum": True}),
        ({"exclusiveMaximum": 0.5}, {"maximum": 0.5, "exclusiveMaximum": True}),
        ({"type": "array", "prefixItems": [{"type": "string"}]}, {"type": "array", "items": {}}),
        ({"type": "array", "items": True}, {"type": "array", "items": {}}),
        (
            {"type": "object", "additionalProperties": False},
            {"type": "object", "additionalProperties": False},
        ),
        ({"not": False}, {"not": {"not": {}}}),
        ({"$ref": "#/a", "title": "x"}, {"title": "x", "allOf": [{"$ref": "#/a"}]}),
        ({"$ref": "#/a"}, {"$ref": "#/a"}),
        (
            {"anyOf": [{"$ref": "#/a"}, {"type": "null"}]},
            {"anyOf": [{"$ref": "#/a"}, {"type": "string", "enum": [None], "nullable": True}]},
        ),
        (
            {"type": ["string", "null"], "enum": ["a"]},
            {"type": "string", "enum": ["a", None], "nullable": True},
        ),
        ({"$schema": "x", "$id": "y", "$comment": "z", "title": "t"}, {"title": "t"}),
        (
            {"properties": {"const": {"const": 1}, "examples": {"type": ["number", "null"]}}},
            {"properties": {"const": {"enum": [1]}, "examples": {"type": "number", "nullable": True}}},
        ),
    ],
)
def test_each_difference(newer, older):
    before = orjson.dumps(newer)
    assert schema(newer) == older
    assert orjson.dumps(newer) == before


def test_schemas_are_found_wherever_they_are_and_examples_are_left_alone():
    told = {"type": ["string", "null"]}
    plain = {"type": "string", "nullable": True}
    newer = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "x",
        "webhooks": {},
        "info": {
            "title": "t",
            "version": "1",
            "summary": "s",
            "license": {"name": "l", "identifier": "EUPL"},
        },
        "paths": {
            "/a": {
                "get": {
                    "parameters": [
                        {"name": "schema", "in": "query", "schema": told, "example": {"const": 1}}
                    ],
                    "responses": {
                        "200": {
                            "description": "d",
                            "headers": {"X": {"schema": told}},
                            "content": {"a/b": {"schema": told, "examples": {"e": {"value": {"schema": 1}}}}},
                        }
                    },
                }
            }
        },
        "components": {"schemas": {"schema": told}},
    }
    found = older(newer)
    OpenAPIV30SpecValidator(found).validate()
    operation = found["paths"]["/a"]["get"]
    answer = operation["responses"]["200"]
    assert operation["parameters"][0] == {**newer["paths"]["/a"]["get"]["parameters"][0], "schema": plain}
    assert answer["headers"]["X"]["schema"] == answer["content"]["a/b"]["schema"] == plain
    assert answer["content"]["a/b"]["examples"] == {"e": {"value": {"schema": 1}}}
    assert found["components"]["schemas"]["schema"] == plain
    assert (set(found), set(found["info"])) == (
        {"openapi", "info", "paths", "components"},
        {"title", "version", "license"},
    )


scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "bc", 0.5])
types = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])
schemas = st.recursive(
    st.fixed_dictionaries({}, optional={"type": types | st.lists(types, min_size=1, unique=True)})
    | st.builds(lambda value: {"const": value}, scalars)
    | st.builds(lambda least: {"type": "integer", "exclusiveMinimum": least}, st.integers(-2, 2)),
    lambda inner: (
        st.builds(lambda one: {"type": "array", "items": one}, inner)
        | st.builds(lambda one: {"type": "object", "properties": {"a": one}}, inner)
        | st.builds(lambda several: {"anyOf": several}, st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=5,
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("a"), inner), max_leaves=4
)


@settings(max_examples=100, deadline=None)
@given(schemas, values)
def test_both_take_and_refuse_the_same(newer, value):
    wanted = Draft202012Validator(newer).is_valid(value)
    assert OAS30Validator(openapi30.schema(newer)).is_valid(value) == wanted
