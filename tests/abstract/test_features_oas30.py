"""OGC API Features 1 (17-069r4), OpenAPI 3.0, and the parameters that Core wants defined in it."""

import re

import pytest

from tests.abstract import named, oas
from tests.abstract.client import link, media

CLASS = "ogcapi-features-1/1.0/conf/oas30"
core, abstract = named.of("ogcapi-features-1/1.0/conf/core"), named.of(CLASS)


@pytest.fixture(scope="module")
def document(ask):
    """The interface's description, from where the landing page says."""
    return ask.json(link(ask.json("/ogc"), "service-desc")["href"], accept=oas.SERVICE_DESC)


@pytest.fixture
def template(document):
    """The path of the features of any collection."""
    return next(path for path in document["paths"] if path.endswith("/collections/{layer}/items"))


def plain(told, kind):
    """As Core has it: in the query, not required, style form, not exploded."""
    assert told["in"] == "query"
    assert not told.get("required", False)
    assert told.get("style", "form") == "form"
    assert told["schema"]["type"] == kind
    return told["schema"]


@core("fc-bbox-definition")
def test_fc_bbox_definition(document, template):
    """bbox is a list of four to six numbers, with commas between."""
    told = oas.parameter(document, template, "bbox")
    schema = plain(told, "array")
    assert told.get("explode") is False
    assert schema["items"]["type"] == "number"
    assert "oneOf" in schema or (schema["minItems"], schema["maxItems"]) == (4, 6)


@core("fc-limit-definition")
def test_fc_limit_definition(document, template):
    """limit is a whole number with a minimum, a default and a maximum; OGC's suite counts on all three."""
    schema = plain(oas.parameter(document, template, "limit"), "integer")
    assert (schema["minimum"], schema["maximum"], schema["default"]) == (1, 10_000, 10)


@core("fc-time-definition")
def test_fc_time_definition(document, template):
    """datetime is a text."""
    plain(oas.parameter(document, template, "datetime"), "string")


@abstract("oas-definition-1")
def test_oas_definition_1(ask, document):
    """The description is there as OpenAPI 3.0 in JSON, and as a page."""
    page = ask.json("/ogc")
    assert link(page, "service-desc", oas.SERVICE_DESC)
    assert media(ask(link(page, "service-doc", "text/html")["href"], accept="text/html")) == "text/html"
    assert re.fullmatch(r"3\.0\.\d", document["openapi"])


@abstract("oas-definition-2")
def test_oas_definition_2(document):
    """The description keeps to OpenAPI 3.0's own schema and refers to no other server."""
    from openapi_spec_validator import OpenAPIV30SpecValidator

    assert list(OpenAPIV30SpecValidator(document).iter_errors()) == []
    assert '"$ref": "http' not in str(document).replace("'", '"')


@abstract("oas-impl")
@pytest.mark.parametrize("root", ["http://twin.example/ogc", "http://twin.example/ogc/"])
def test_oas_impl(ask, document, filled, root):
    """OGC's suite finds each resource through the description, wherever the landing page is said to be."""
    for path in ("conformance", "collections", *(f"collections/{name}" for name in filled)):
        found = oas.points(document, root, path)
        if not found and root.endswith("ogc"):
            continue  # it cannot join the two without a slash: it has to be told the address with one
        assert found, path
        for address in found:
            address = re.sub(r"\{\w+\}", path.rpartition("/")[2], address)
            assert ask(address, accept="application/json").status_code == 200
    assert oas.points(document, "http://twin.example/ogc/", "conformance")


@abstract("completeness", "exceptions-codes")
def test_completeness_exceptions_codes(ask, document):
    """Every answer that the interface gives is described: its status, and its media type."""
    asked = {
        "/collections/{layer}/items": ["", "?limit=no", "?f=html"],
        "/collections/{layer}": ["", "?f=html", "?nonsense=1"],
        "/collections": ["", "?f=html"],
        "/conformance": ["", "?f=no"],
    }
    for end, queries in asked.items():
        template = next(path for path in document["paths"] if path.endswith(end) and "stac" not in path)
        told = document["paths"][template]["get"]["responses"]
        for layer in ("probe.buildings", "there.is-none"):
            for query in queries:
                answer = ask("/ogc" + end.format(layer=layer) + query)
                code = str(answer.status_code)
                assert code in told or "default" in told or f"{code[0]}XX" in told, (template, code)
                described = oas.resolved(
                    document, told.get(code) or told.get("default") or told[f"{code[0]}XX"]
                )
                kinds = {kind.partition(";")[0] for kind in described["content"]}
                assert media(answer) in kinds, (template, code)
