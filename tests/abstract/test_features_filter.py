"""OGC API Features 3 (19-079r2): queryables, queryables as parameters, filters."""

import jsonschema
import pytest

from tests.abstract import named
from tests.abstract.client import link, media
from tests.abstract.test_features_crs import CRS84, moved

PART = "ogcapi-features-3/1.0/conf/"
CLASSES = ("queryables", "queryables-query-parameters", "filter", "features-filter")
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
queryables, parameters, filters, features = (named.of(PART + name) for name in CLASSES)
LANGUAGES = {
    "cql2-text": ("{} IS NULL", "THIS IS NOT A FILTER", "S_INTERSECTS({},BBOX({},{},{},{}))"),
    "cql2-json": (
        '{{"op":"isNull","args":[{{"property":"{}"}}]}}',
        '{"op":"nonsense"}',
        '{{"op":"s_intersects","args":[{{"property":"{}"}},{{"bbox":[{},{},{},{}]}}]}}',
    ),
}


@pytest.fixture(scope="module")
def schemas(ask, collections):
    """The queryables of every collection."""
    return {name: ask.json(f"/ogc/collections/{name}/queryables", accept="*/*") for name in collections}


def simple(schema) -> list[str]:
    return [name for name, told in schema["properties"].items() if "type" in told]


def spatial(schema) -> str:
    (name,) = [name for name, told in schema["properties"].items() if "type" not in told]
    return name


@queryables("get-conformance")
@parameters("get-conformance")
@filters("get-conformance")
@features("get-conformance")
@pytest.mark.parametrize("name", CLASSES)
def test_get_conformance(ask, name):
    """The class is declared."""
    answer = ask("/ogc/conformance", accept="application/json")
    assert answer.headers["content-type"] == "application/json"
    assert f"http://www.opengis.net/spec/{PART}{name}" in answer.json()["conformsTo"]


@queryables("get-queryables-uris")
def test_get_queryables_uris(ask, collections):
    """Who asks for the head of features is led to the queryables."""
    for name in collections:
        for method in ("HEAD", "GET"):
            answer = ask(f"/ogc/collections/{name}/items", accept="application/json", method=method)
            assert answer.status_code == 200
            expected = f'<{ask.BASE}/ogc/collections/{name}/queryables>; rel="{QUERYABLES}"'
            assert expected in answer.headers["link"]


@queryables("get-queryables")
def test_get_queryables(ask, schemas):
    """Queryables are a JSON Schema with typed properties."""
    for name, schema in schemas.items():
        address = f"/ogc/collections/{name}/queryables"
        assert media(ask(address, accept="application/schema+json")) == "application/schema+json"
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == ask.BASE + address
        assert schema["type"] == "object"
        assert schema["properties"]
        assert schema["additionalProperties"] is False
        jsonschema.Draft202012Validator.check_schema(schema)
        for told in schema["properties"].values():
            assert ("type" in told) != told.get("format", "").startswith("geometry-")
        assert simple(schema)
        assert spatial(schema)


@parameters("query-param")
def test_query_param(ask, filled, schemas):
    """Each simple queryable is a parameter: it finds the features with the value; a wrong one is refused."""
    for name in filled:
        known = ask.items(name, limit=1000)["features"]
        for queryable in simple(schemas[name]):
            told = schemas[name]["properties"][queryable]
            values = {one["id"]: one["properties"].get(queryable, one["id"]) for one in known}
            wanted = next((value for value in values.values() if value is not None), None)
            if wanted is not None:
                asked = str(wanted).lower() if isinstance(wanted, bool) else wanted
                found = ask.ids(name, **{queryable: asked})
                assert found == {key for key, value in values.items() if value == wanted}, queryable
            if told["type"] != "string" or "enum" in told or told.get("format") == "date-time":
                ask.refused(name, **{queryable: "wrong"})
        ask.refused(name, this_is_not_a_queryable=1)


@filters("filter-param")
@pytest.mark.parametrize("language", LANGUAGES)
def test_filter_param(ask, filled, schemas, language):
    """A filter finds what it says; what is no filter is refused."""
    valid, invalid, _ = LANGUAGES[language]
    for name in filled:
        whole = ask.items(name, limit=1000)["features"]
        for queryable in simple(schemas[name]):
            found = ask.ids(name, filter=valid.format(queryable), filter_lang=language)
            empty = {one["id"] for one in whole if one["properties"].get(queryable, one["id"]) is None}
            assert found == empty, queryable
        ask.refused(name, filter=invalid, filter_lang=language)
        ask.refused(name, filter=valid.format(queryable), filter_lang="cql2-nonsense")


@filters("filter-lang-default")
def test_filter_lang_default(ask, filled, schemas):
    """Without a language it is CQL2 Text."""
    valid, invalid, _ = LANGUAGES["cql2-text"]
    for name in filled:
        queryable = simple(schemas[name])[-1]
        plain = ask.ids(name, filter=valid.format(queryable))
        assert plain == ask.ids(name, filter=valid.format(queryable), filter_lang="cql2-text")
        ask.refused(name, filter=invalid)


@filters("expression-construction")
@pytest.mark.parametrize("language", LANGUAGES)
def test_expression_construction(ask, collections, language):
    """What is no queryable is refused, also of a layer never published."""
    for name in collections:
        ask.refused(
            name, filter=LANGUAGES[language][0].format("this_is_not_a_queryable"), filter_lang=language
        )


@filters("filter-crs-wgs84")
@pytest.mark.parametrize("language", LANGUAGES)
def test_filter_crs_wgs84(ask, filled, schemas, language):
    """Places in filters are in CRS84; what lies beyond the Earth is refused."""
    for name, listed in filled.items():
        place, text = spatial(schemas[name]), LANGUAGES[language][2]
        box = listed["extent"]["spatial"]["bbox"][0]
        found = ask.ids(name, filter=text.format(place, *box), filter_lang=language)
        assert found == {one["id"] for one in ask.items(name, limit=1000)["features"] if one["geometry"]}
        far = text.format(place, 1000000, 1000000, 2000000, 2000000)
        ask.refused(name, filter=far, filter_lang=language)


@filters("filter-crs-param")
@pytest.mark.parametrize("language", LANGUAGES)
def test_filter_crs_param(ask, filled, schemas, language):
    """Places in filters may be in any CRS of the collection; in another one they are refused."""
    import shapely

    for name, listed in filled.items():
        place, text = spatial(schemas[name]), LANGUAGES[language][2]
        west, south, east, north = listed["extent"]["spatial"]["bbox"][0]
        around = shapely.box(west - 0.01, south - 0.01, east + 0.01, north + 0.01)
        for uri in listed["crs"]:
            box = moved(around, CRS84, uri).bounds
            found = ask.ids(name, filter=text.format(place, *box), filter_lang=language, filter_crs=uri)
            assert found == {one["id"] for one in ask.items(name, limit=1000)["features"] if one["geometry"]}
        other = "http://www.opengis.net/def/crs/OGC/0/does_not_exist"
        ask.refused(name, filter=text.format(place, *around.bounds), filter_lang=language, filter_crs=other)


@features("get-collections")
def test_get_collections(ask):
    """The list of collections is there."""
    answer = ask("/ogc/collections", accept="application/json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert isinstance(answer.json()["collections"], list)


@features("get-collection")
def test_get_collection(ask, collections):
    """Every collection leads to its queryables."""
    for name in collections:
        alone = ask.json(f"/ogc/collections/{name}")
        assert link(alone, QUERYABLES)["href"] == f"{ask.BASE}/ogc/collections/{name}/queryables"


@features("filter-on-items")
def test_filter_on_items(ask, filled):
    """Features are answered as GeoJSON with and without a filter, with 200; what is refused is a 400."""
    for name in filled:
        for query in ({}, {"filter": "id IS NOT NULL"}, {"filter": "false"}):
            answer = ask(f"/ogc/collections/{name}/items", query, "application/geo+json")
            assert (answer.status_code, media(answer)) == (200, "application/geo+json")
        ask.refused(name, filter="")


@features("mixing-expression")
def test_mixing_expression(ask, filled, schemas):
    """A filter, a box and a queryable together: all have to hold."""
    for name, listed in filled.items():
        place, text = spatial(schemas[name]), LANGUAGES["cql2-text"][2]
        box = listed["extent"]["spatial"]["bbox"][0]
        told = ",".join(map(str, box))
        placed = {one["id"] for one in ask.items(name, limit=1000)["features"] if one["geometry"]}
        assert ask.ids(name, filter=text.format(place, *box), bbox=told) == placed
        assert ask.ids(name, filter=text.format(place, *box), bbox="0,0,1,1") == set()
        one = min(placed)
        assert ask.ids(name, filter=text.format(place, *box), bbox=told, id=one) == {one}


@filters("get-functions")
def test_get_functions(ask):
    """All functions with their arguments and what they give, as the standard writes it; the API has it."""
    told = ask.json("/ogc/functions")
    kinds = {"string", "number", "integer", "datetime", "geometry", "boolean"}
    assert [one["name"] for one in told["functions"]] == ["FEATURE"]
    for one in told["functions"]:
        assert set(one["returns"]) <= kinds
        for argument in one["arguments"]:
            assert set(argument["type"]) <= kinds
    assert "/functions" in ask.json("/ogc/api", accept="*/*")["paths"]
