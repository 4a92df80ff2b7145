import io

import orjson
import pyarrow.parquet as pq
import pytest
from pystac.validation import validate_dict

CHAIN = ("license", "via")
"""Links to others."""


def valid(document):
    """By the schemas that pystac brings along; those of extensions would be fetched."""
    validate_dict(document, extensions=[])


def test_documents_are_valid_and_their_links_answer(ask):
    root = ask.json("/stac")
    valid(root)
    for link in root["links"]:
        if link.get("method") != "POST":
            assert ask(link["href"]).status_code == 200, link
    collection = ask.json("/stac/collections/probe.buildings")
    valid(collection)
    assert collection in ask.json("/stac/collections")["collections"]
    page = ask.json("/stac/collections/probe.buildings/items")
    assert [item["id"] for item in page["features"]] == ["000002", "000001"]
    for item in page["features"]:
        valid(item)
        for asset in item["assets"].values():
            assert ask(asset["href"]).status_code == 200
        for link in item["links"]:
            assert link["rel"] in CHAIN or ask(link["href"]).status_code == 200, link


def test_assets_are_the_stored_bytes(ask, filled):
    item = ask.json("/stac/collections/probe.buildings/items/000002")
    features = ask(item["assets"]["features"]["href"])
    assert features.headers["content-type"] == "application/vnd.apache.parquet"
    assert pq.read_metadata(io.BytesIO(features.content)).num_rows == 30
    assert ask(item["assets"]["provenance"]["href"]).json()["counts"]["published"] == 30


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("limit=1", ["000002"]),
        ("sortby=datetime", ["000001", "000002"]),
        ("sortby=%2Bproperties.version", ["000001", "000002"]),
        ("sortby=-table:row_count", ["000002", "000001"]),
        ('query={"table:row_count":{"lt":30}}', ["000001"]),
        ("q=geoparquet,nothing", []),
        ("q=PROBESTADT", ["000002", "000001"]),
        ("datetime=2026-02-25T00:00:00Z", ["000001"]),
        ("datetime=2026-02-25T00:00:00Z/2026-03-02T00:00:00Z", ["000002", "000001"]),
        ("datetime=../2026-02-25T00:00:00Z", ["000001"]),
        ("datetime=2026-03-02T00:00:00Z/..", ["000002"]),
        ("datetime=2020-01-01T00:00:00Z", []),
        ("bbox=11.5,48.1,11.51,48.11", ["000002", "000001"]),
        ("bbox=0,0,1,1", []),
    ],
)
def test_items_by_time_and_place(ask, query, ids):
    page = ask.json(f"/stac/collections/probe.buildings/items?{query}")
    assert [item["id"] for item in page["features"]] == ids


def test_pages_are_linked(ask):
    page = ask.json("/stac/collections/probe.buildings/items?limit=1")
    (href,) = [link["href"] for link in page["links"] if link["rel"] == "next"]
    assert [item["id"] for item in ask.json(href)["features"]] == ["000001"]


def test_unknown_parameters_are_refused_here_too(ask):
    assert ask("/stac?x=1").status_code == 400
    assert "did you mean 'datetime'" in ask("/stac/collections/probe.buildings/items?date=1").json()["detail"]


def test_the_static_catalog_says_the_same(ask, filled):
    """All but addresses, what only a server has, and how fresh it is."""

    def told(document):
        document.pop("twin:freshness", None)
        document.pop("conformsTo", None)
        for name in ("stale", "state", "as_of", "due_since"):
            document.get("properties", {}).pop(f"twin:{name}", None)
        for about in (*document["links"], *document.get("assets", {}).values()):
            about["href"] = about["href"].rpartition("/")[2] if about.get("rel") in CHAIN else None
        only = ("self", "items", "item", "alternate", "data", "children", "conformance", "search")
        links = [link for link in document["links"] if link["rel"] not in only]
        return {
            **document,
            "links": [link for link in links if not link["rel"].startswith(("service-", "http"))],
        }

    places = {"catalog.json": "/stac"}
    for key in filled.list("stac"):
        layer, _, name = key.removeprefix("stac/").rpartition("/")
        base = f"/stac/collections/{layer}"
        place = base if name == "collection.json" else f"{base}/items/{name.removesuffix('.json')}"
        place = places.get(key.removeprefix("stac/"), place)
        assert told(ask.json(place)) == told(orjson.loads(filled.get(key))), key


def test_a_collection_leads_to_its_tiles_and_says_how_fresh_it_is(ask):
    collection = ask.json("/stac/collections/probe.buildings")
    (link,) = [link for link in collection["links"] if link["rel"] == "3d-tiles"]
    assert link["href"] == "/tiles/probe.buildings/tileset.json"
    assert collection["twin:freshness"]["state"] == "fresh"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["buildings", "construction-sites", "bike-counts"]),
        ("q=BIKE", ["bike-counts"]),
        ("q=nothing,bike", ["bike-counts"]),
        ("q=nothing", []),
        ("bbox=11.5,48.1,11.505,48.101", ["buildings"]),
        ("bbox=0,0,1,1", []),
        ("datetime=../2026-02-20T00:00:00Z", ["buildings", "bike-counts"]),
        ("datetime=2030-01-01T00:00:00Z/..", ["buildings", "construction-sites", "bike-counts"]),
        ("datetime=2020-01-01T00:00:00Z", []),
        ("limit=1&offset=1", ["construction-sites"]),
    ],
)
def test_collections_are_searched(ask, query, found):
    page = ask.json(f"/stac/collections?{query}" if query else "/stac/collections")
    assert [c["id"].removeprefix("probe.") for c in page["collections"]] == found
    assert page["numberReturned"] == len(found) <= page["numberMatched"]


def test_pages_of_collections_are_linked(ask):
    path, seen = "/stac/collections?limit=2&datetime=2026-03-01T00:00:00Z", []
    while path:
        page = ask.json(path)
        seen += [c["id"] for c in page["collections"]]
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        assert path is None or "datetime=2026-03-01T00%3A00%3A00Z" in path
    assert len(seen) == len(set(seen)) == 3
