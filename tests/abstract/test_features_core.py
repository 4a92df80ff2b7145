"""OGC API Features 1 (17-069r4), Core: the landing page, the interface, and what collections tell."""

import pytest

from tests.abstract import named
from tests.abstract.client import link, media
from tests.abstract.oas import SERVICE_DESC

CLASS = "ogcapi-features-1/1.0/conf/core"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
abstract = named.of(CLASS)


@abstract("http")
def test_http(ask):
    """Resources can be had by HTTP; what is not there is 404, not allowed 405, not acceptable 406."""
    assert ask("/ogc").status_code == 200
    assert ask("/ogc/nowhere").status_code == 404
    assert ask("/ogc", method="DELETE").status_code == 405
    assert ask("/ogc", accept="image/png").status_code == 406
    assert ask("/ogc", method="HEAD").content == b""


@abstract("root-op", "root-success")
@pytest.mark.parametrize("path", ["/ogc", "/ogc/"])
def test_root_op_root_success(ask, path):
    """A landing page at {root}/ leads to the definition, the classes and the features."""
    page = ask.json(path)
    assert page["title"]
    assert page["description"]
    for rel in ("service-desc", "service-doc", "conformance", "data", "self", "alternate"):
        assert ask(link(page, rel)["href"], accept=link(page, rel)["type"]).status_code == 200
    assert all({"rel", "href", "type"} <= set(one) for one in page["links"])
    assert all(one["href"].startswith(ask.BASE) for one in page["links"])


@abstract("api-definition-op", "api-definition-success")
def test_api_definition_op_api_definition_success(ask):
    """The definition is where the landing page says, in the type that it says."""
    page = ask.json("/ogc")
    (machine,) = [one for one in page["links"] if one["rel"] == "service-desc"]
    assert machine["type"] == SERVICE_DESC
    answer = ask(machine["href"], accept=SERVICE_DESC)
    assert answer.status_code == 200
    assert answer.headers["content-type"].replace(" ", "") == SERVICE_DESC
    assert answer.json()["openapi"].startswith("3.0")
    people = ask(link(page, "service-doc")["href"], accept="text/html")
    assert (people.status_code, media(people)) == (200, "text/html")


@abstract("conformance-op", "conformance-success")
def test_conformance_op_conformance_success(ask):
    """The classes are at {root}/conformance and where the landing page says: texts, each once, with Core."""
    declared = ask.json("/ogc/conformance")
    assert ask.json(link(ask.json("/ogc"), "conformance")["href"]) == declared
    assert f"http://www.opengis.net/spec/{CLASS}" in declared["conformsTo"]
    assert all(isinstance(one, str) for one in declared["conformsTo"])
    assert len(set(declared["conformsTo"])) == len(declared["conformsTo"])


@abstract("fc-md-op", "fc-md-success", "fc-md-links")
def test_fc_md_op_fc_md_success_fc_md_links(ask):
    """The list of collections is there, with itself and its other encoding as typed links."""
    listed = ask.json(link(ask.json("/ogc"), "data")["href"])
    assert listed == ask.json("/ogc/collections")
    assert len(listed["collections"]) == 5
    assert link(listed, "self")["type"] == "application/json"
    other = link(listed, "alternate", "text/html")
    assert media(ask(other["href"])) == "text/html"
    assert all({"rel", "href", "type"} <= set(one) for one in listed["links"])


@abstract("fc-md-items", "fc-md-items-links")
def test_fc_md_items_fc_md_items_links(ask, collections):
    """Every collection has an id and a typed link to its features in each encoding."""
    for name, one in collections.items():
        assert one["id"] == name
        assert one.get("itemType", "feature") == "feature"
        assert one["links"]
        assert all({"rel", "href", "type"} <= set(each) for each in one["links"])
        for kind in ("application/geo+json", "text/html"):
            items = link(one, "items", kind)
            assert items["href"].partition("?")[0] == f"{ask.BASE}/ogc/collections/{name}/items"
            assert media(ask(items["href"], accept=kind)) == kind


@abstract("fc-md-extent")
def test_fc_md_extent(ask, collections, filled):
    """Extents hold all places and times; OGC's suite reads only numbers and instants, never null."""
    for name, one in collections.items():
        (west, south, east, north), *more = one["extent"]["spatial"]["bbox"]
        assert more == []
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
        assert one["extent"]["spatial"]["crs"] == CRS84
        assert ("temporal" in one["extent"]) == (name in filled)
        if name in filled:
            ((first, last),) = one["extent"]["temporal"]["interval"]
            assert first <= last
            assert first.endswith("Z")
            within = ask.ids(name, bbox=f"{west},{south},{east},{north}")
            assert within == ask.ids(name)
            assert ask.items(name, datetime=first)["numberMatched"] > 0
            assert ask.items(name, datetime=last)["numberMatched"] > 0


@abstract("sfc-md-op", "sfc-md-success")
def test_sfc_md_op_sfc_md_success(ask, collections):
    """A collection asked for alone tells what the list tells."""
    for name, one in collections.items():
        alone = ask.json(f"/ogc/collections/{name}")
        for member in ("id", "title", "description", "extent"):
            assert alone[member] == one[member]
        assert alone["crs"] == one["crs"]
        assert alone["crs"][0] == CRS84
        assert link(alone, "self")["href"] == f"{ask.BASE}/ogc/collections/{name}"
    assert ask("/ogc/collections/there.is-none").status_code == 404
