"""OGC API Common 3, also Features 5 (23-058r2): schemas, what is returned, asked for and sorted by."""

import re
from datetime import datetime

import jsonschema
import pytest

from tests.abstract import named
from tests.abstract.client import link, media

PART = "ogcapi-common-3/1.0/conf/"
RESOURCES = {"returnables-and-receivables": "schema", "queryables": "queryables", "sortables": "sortables"}
REL = "http://www.opengis.net/def/rel/ogc/1.0/"
schemas, roles, returnables, queryables, sortables = (
    named.of(PART + name) for name in ("schemas", "advanced-property-roles", *RESOURCES)
)
SHAPES = {"Point": "point", "LineString": "linestring", "Polygon": "polygon"}


@pytest.fixture(scope="module")
def documents(ask, collections):
    """(collection, resource) → schema."""
    return {
        (name, resource): ask.json(f"/ogc/collections/{name}/{resource}", accept="application/schema+json")
        for name in collections
        for resource in RESOURCES.values()
    }


def properties(documents):
    return [told for document in documents.values() for told in document["properties"].values()]


@schemas("basic-schema-inspection")
def test_basic_schema_inspection(ask, documents):
    """Each is a JSON Schema of typed properties at the address that it says."""
    for (name, resource), document in documents.items():
        assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert document["$id"] == f"{ask.BASE}/ogc/collections/{name}/{resource}"
        answer = ask(document["$id"], accept="application/schema+json")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
        assert document["type"] == "object"
        jsonschema.Draft202012Validator.check_schema(document)
        keywords = set(jsonschema.Draft202012Validator.VALIDATORS) | {
            "title",
            "description",
            "readOnly",
            "writeOnly",
        }
        for told in document["properties"].values():
            assert ("type" in told) != ("format" in told and told["format"].startswith("geometry-"))
            assert all(key in keywords or key.startswith("x-") for key in told), told


@schemas("role", "role-id")
def test_role_role_id(documents):
    """Roles are texts; exactly one property is the id."""
    for document in documents.values():
        told = document["properties"].values()
        assert all(isinstance(one.get("x-ogc-role", ""), str) for one in told)
        (identifier,) = [one for one in told if one.get("x-ogc-role") == "id"]
        assert identifier["type"] == "string"


@schemas("property-seq", "unit", "definition", "nullvalues")
def test_property_seq_unit_definition_nullvalues(documents):
    """Places are whole numbers, units are UCUM's and of numbers; definitions are addresses, nulls lists."""
    for told in properties(documents):
        assert isinstance(told.get("x-ogc-propertySeq", 1), int)
        if "x-ogc-unit" in told:
            assert told["type"] in ("number", "integer")
            assert told["x-ogc-unitLang"] == "UCUM"
            assert re.fullmatch(r"[A-Za-z0-9/.%\[\]{}]+", told["x-ogc-unit"])
        assert re.fullmatch(r"https?://\S+", told.get("x-ogc-definition", "http://none"))
        assert isinstance(told.get("x-ogc-nullValues", []), list)


@roles("role-primary-geometry")
def test_role_primary_geometry(documents):
    """One property is the geometry, by its format and without a type."""
    for (_, resource), document in documents.items():
        found = [
            one for one in document["properties"].values() if one.get("x-ogc-role") == "primary-geometry"
        ]
        assert len(found) == (resource != "sortables")
        assert all("type" not in one and one["format"].startswith("geometry-") for one in found)


@roles("role-primary-temporal", "role-type")
def test_role_primary_temporal_role_type(documents):
    """The time is a pair of instants, or one."""
    for document in documents.values():
        found = {one["x-ogc-role"]: one for one in document["properties"].values() if "x-ogc-role" in one}
        times = {role for role in found if role.startswith("primary-i")}
        assert times <= {"primary-interval-start", "primary-interval-end"} or len(times) == 1
        for role in times - {"primary-interval"}:
            assert (found[role]["type"], found[role]["format"]) == ("string", "date-time")
        assert found.get("type", {"type": "string"})["type"] == "string"


@returnables("get-conformance")
@queryables("get-conformance")
@sortables("get-conformance")
@pytest.mark.parametrize("name", ["schemas", *RESOURCES])
def test_get_conformance(claimed, name):
    """The class is declared, and Schemas with it."""
    assert PART + name in claimed
    assert f"ogcapi-features-5/1.0/conf/{name}" in claimed  # as QGIS asks for it


@returnables("link", "op-and-response")
@queryables("link", "op-and-response")
@sortables("link", "op-and-response")
@pytest.mark.parametrize("resource", RESOURCES.values())
def test_link_op_and_response(ask, collections, documents, resource):
    """Collections lead to each; what can be sorted by is simple, and sorts."""
    for name in collections:
        assert (
            link(ask.json(f"/ogc/collections/{name}"), REL + resource)["href"]
            == documents[name, resource]["$id"]
        )
        answer = ask(documents[name, resource]["$id"], accept="application/schema+json")
        assert (answer.status_code, media(answer)) == (200, "application/schema+json")
        if resource == "sortables":
            for key, told in documents[name, resource]["properties"].items():
                assert told["type"] not in ("array", "object")
                assert ask.items(name, sortby=f"-{key}", limit=1)


@returnables("response-1")
def test_response_1(ask, filled, documents):
    """Features are valid by their schema and have nothing else."""
    for name in filled:
        told = documents[name, "schema"]["properties"]
        (place,) = [key for key, one in told.items() if one.get("x-ogc-role") == "primary-geometry"]
        page = ask.items(name, limit=100)["features"]
        alone = ask.json(f"/ogc/collections/{name}/items/{page[0]['id']}", accept="application/geo+json")
        for one in (*page, alone):
            assert set(one["properties"]) <= set(told)
            for key, found in {**one["properties"], "id": one["id"]}.items():
                if found is not None:
                    jsonschema.validate(found, told[key])
                    if told[key].get("format") == "date-time":
                        assert datetime.fromisoformat(found).tzinfo is not None
            if one["geometry"] is not None:
                assert SHAPES.get(one["geometry"]["type"], "multi") in told[place]["format"]
