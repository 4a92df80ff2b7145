"""OGC API Common 1 (19-072) and 2 (20-024): parameters, landing page, encodings, collections."""

import json

import pytest

from tests.abstract import named, oas
from tests.abstract.client import link, media

PART = "ogcapi-common-1/1.0/conf/"
core, landing, in_json, in_html, in_oas = (
    named.of(PART + name) for name in ("core", "landing-page", "json", "html", "oas30")
)
collection = named.of("ogcapi-common-2/1.0/conf/collections")
LAYER = "probe.roads"


@core("http")
def test_http(ask):
    """HTTP 1.1: statuses, methods and HEAD as they are meant."""
    for path in ("/ogc", "/ogc/conformance", "/ogc/collections"):
        whole, head = ask(path), ask(path, method="HEAD")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == whole.headers["content-type"]
        assert ask(path, method="POST").status_code == 405
        assert ask(path, method="OPTIONS").status_code in (200, 204)


@core("query-param-name-unknown", "query-param-value-invalid")
@pytest.mark.parametrize(
    "path", ["/ogc", "/ogc/conformance", "/ogc/collections", f"/ogc/collections/{LAYER}/items"]
)
def test_query_param_name_unknown_query_param_value_invalid(ask, path):
    """A name that is not known and a value that is none are a 400."""
    assert ask(path, {"unknown": "1"}).status_code == 400
    assert ask(path, {"f": "no-format"}).status_code == 400


@core("query-param-capitalization")
def test_query_param_capitalization(ask):
    """Names of parameters are as they are described, in lower or camel case."""
    ask.refused(LAYER, LIMIT=1)
    ask.refused(LAYER, skipgeometry="true")
    assert ask.items(LAYER, skipGeometry="true", limit=1)["features"][0]["geometry"] is None


@core("query-param-list-delimiter", "query-param-list-escape", "query-param-list-empty")
def test_query_param_list_delimiter_query_param_list_escape_query_param_list_empty(ask):
    """Lists have commas between, escaped or not; an empty part is no value."""
    plain = ask.json(f"/ogc/collections/{LAYER}/items?properties=name,lanes&limit=1", accept="*/*")
    assert set(plain["features"][0]["properties"]) >= {"name", "lanes"}
    assert "width_m" not in plain["features"][0]["properties"]
    escaped = ask.json(f"/ogc/collections/{LAYER}/items?properties=name%2Clanes&limit=1", accept="*/*")
    assert escaped["features"] == plain["features"]
    ask.refused(LAYER, properties="name,,lanes")
    ask.refused(LAYER, bbox="11.5,,11.6,48.2")
    ask.refused(LAYER, bbox="11.5;48.1;11.6;48.2")


@core("query-param-value-boolean", "query-param-value-integer")
def test_query_param_value_boolean_query_param_value_integer(ask):
    """Truth values are true and false; whole numbers have a sign and digits."""
    assert ask.items(LAYER, skipGeometry="false", limit="+2")["numberReturned"] == 2
    for wrong in ("True", "1", "yes", ""):
        ask.refused(LAYER, skipGeometry=wrong)
    for wrong in ("1.0", "1e1", "0x10", "ten", ""):
        ask.refused(LAYER, limit=wrong)


@core("query-param-value-decimal", "query-param-value-double")
def test_query_param_value_decimal_query_param_value_double(ask):
    """Other numbers may have a point and an exponent."""
    whole = ask.ids(LAYER, bbox="11.5,48.1,11.6,48.2")
    assert ask.ids(LAYER, bbox="1.15e1,48.1,+11.60,4.82E1") == whole
    for wrong in ("NaN", "INF", "1,5", "11.5°"):
        ask.refused(LAYER, bbox=f"{wrong},48.1,11.6,48.2")


@landing("root-op", "root-success")
def test_root_op_root_success(ask):
    """The landing page leads to the definition and the classes."""
    page = ask.json("/ogc/")
    for rel in ("service-desc", "service-doc", "conformance", "self", "alternate"):
        assert ask(link(page, rel)["href"], accept=link(page, rel)["type"]).status_code == 200


@landing("api-definition-op", "api-definition-success")
def test_api_definition_op_api_definition_success(ask):
    """Each link to the definition gives what its type says."""
    for one in ask.json("/ogc")["links"]:
        if one["rel"] in ("service-desc", "service-doc"):
            answer = ask(one["href"], accept=one["type"])
            assert (answer.status_code, media(answer)) == (200, one["type"].partition(";")[0])


@landing("conformance-op", "conformance-success")
def test_conformance_op_conformance_success(ask):
    """The classes are texts, and Core is among them."""
    told = ask.json(link(ask.json("/ogc"), "conformance")["href"])["conformsTo"]
    assert f"http://www.opengis.net/spec/{PART}core" in told


@in_json("definition", "content")
def test_json_definition_content(ask):
    """Documents are application/json, with the members that their schemas want."""
    wanted = {"/ogc": {"title", "description", "links"}, "/ogc/conformance": {"conformsTo"}}
    for path, members in wanted.items():
        answer = ask(path, accept="application/json")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert set(json.loads(answer.content)) >= members


@in_html("definition", "content")
def test_html_definition_content(ask):
    """The same are pages for people."""
    for path in ("/ogc", "/ogc/conformance"):
        answer = ask(path, accept="text/html")
        assert (answer.status_code, media(answer)) == (200, "text/html")
        assert ask.json(path)["links"] if path == "/ogc" else "conf/core" in answer.text


@in_oas("completeness", "exceptions-codes", "oas-definition-1", "oas-definition-2", "oas-impl")
def test_oas30_completeness_exceptions_codes_oas_definition_1_oas_definition_2_oas_impl(ask):
    """What Common itself has is described in OpenAPI 3.0 as it answers; Features asks for the rest."""
    page = ask.json("/ogc")
    document = ask.json(link(page, "service-desc", oas.SERVICE_DESC)["href"], accept=oas.SERVICE_DESC)
    assert document["openapi"].startswith("3.0.")
    for path in ("/", "/conformance", "/collections"):
        told = document["paths"][path]["get"]["responses"]
        for query in ("", "?f=html", "?f=wrong"):
            answer = ask(f"/ogc{path}{query}")
            described = oas.resolved(document, told[str(answer.status_code)])
            assert media(answer) in {kind.partition(";")[0] for kind in described["content"]}


@collection("rc-md-op", "rc-md-success", "rc-md-links", "rc-md-items")
def test_rc_md_op_rc_md_success_rc_md_links_rc_md_items(ask, collections):
    """The list of collections links to itself and its other encoding, and has each collection."""
    listed = ask.json(link(ask.json("/ogc"), "data")["href"])
    assert {one["id"] for one in listed["collections"]} == set(collections)
    assert link(listed, "self")["type"] == "application/json"
    assert ask(link(listed, "alternate", "text/html")["href"], accept="text/html").status_code == 200


@collection("src-md-op", "src-md-success", "rc-md-collection-content", "rc-md-items-links", "rc-md-extent")
def test_src_md_op_src_md_success_rc_md_collection_content_rc_md_items_links_rc_md_extent(ask, collections):
    """A collection alone is the one of the list, with links to itself and what it has, and where it lies."""
    for name, one in collections.items():
        alone = ask.json(f"/ogc/collections/{name}")
        assert {"id", "title", "description", "links", "extent"} <= set(alone)
        assert alone["id"] == one["id"] == name
        assert link(alone, "self")["href"] == f"{ask.BASE}/ogc/collections/{name}"
        assert link(alone, "license")
        assert all({"rel", "href", "type"} <= set(each) for each in alone["links"])
        assert len(alone["extent"]["spatial"]["bbox"][0]) == 4
