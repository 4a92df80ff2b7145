"""pystac-client, as users have it, against a server that really listens."""

import pystac
import pytest
from pystac.validation import validate_dict
from pystac_client import Client

from tests.api.listening import listening


@pytest.fixture(scope="module")
def address(filled):
    """The address of a server over the made-up city."""
    with listening(filled) as url:
        yield url


@pytest.fixture(scope="module")
def client(address):
    return Client.open(f"{address}/stac")


def found(items):
    return [f"{item.collection_id.removeprefix('probe.')} {item.id}" for item in items]


def test_the_client_knows_what_we_can(client):
    for name in ("CORE", "COLLECTIONS", "FEATURES", "ITEM_SEARCH", "FIELDS", "SORT", "QUERY", "FILTER"):
        assert client.conforms_to(name), name
    assert client.conforms_to("COLLECTION_SEARCH")
    assert client.conforms_to("COLLECTION_SEARCH_FREE_TEXT")


def test_collections_and_their_items(client):
    assert [c.id for c in client.get_collections()] == [
        "probe.buildings",
        "probe.construction-sites",
        "probe.bike-counts",
    ]
    buildings = client.get_collection("probe.buildings")
    assert found(buildings.get_items()) == ["buildings 000002", "buildings 000001"]
    item = buildings.get_item("000001")
    assert item.get_self_href().endswith("/stac/collections/probe.buildings/items/000001")
    assert item.get_root() is not None


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_page_of_a_search(client, method):
    search = client.search(method=method, limit=1, datetime="2026-02-25/..", bbox=[11.4, 48.0, 11.7, 48.3])
    assert search.matched() == 4
    assert found(search.items()) == [
        "buildings 000002",
        "construction-sites 000001",
        "buildings 000001",
        "bike-counts 000001",
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_extensions_as_the_client_speaks_them(client, method):
    search = client.search(
        method=method,
        sortby="-properties.datetime,+id",
        query=["table:row_count>=25"],
        fields=["+properties.title", "-geometry"],
        max_items=5,
    )
    pages = list(search.items_as_dicts())
    assert [item["id"] for item in pages] == ["000002", "000001"]
    assert "geometry" not in pages[0]
    assert sorted(pages[0]["properties"]) == ["title"]
    near = {"type": "Point", "coordinates": [11.5, 48.1]}
    assert found(client.search(method=method, intersects=near, ids=["000002"]).items()) == [
        "buildings 000002"
    ]


def test_filters(client):
    words = "table:row_count > 25 AND datetime > TIMESTAMP('2026-01-01T00:00:00Z')"
    for method in ("GET", "POST"):
        text = client.search(method=method, filter=words, filter_lang="cql2-text")
        assert found(text.items()) == ["buildings 000002"]
    plain = client.search(filter={"op": "=", "args": [{"property": "twin:theme"}, "traffic"]})
    assert found(plain.items()) == ["bike-counts 000001"]
    assert "twin:theme" in client.get_merged_queryables(["probe.buildings"])["properties"]


def test_collections_are_searched(client):
    search = client.collection_search(q="bike", bbox=[11, 48, 12, 49], datetime="2026-01-01/..")
    assert [c.id for c in search.collections()] == ["probe.bike-counts"]
    assert search.matched() == 1


def test_collections_are_filtered_sorted_and_paged(client):
    wanted = {"op": "a_contains", "args": [{"property": "keywords"}, ["Probe City"]]}
    search = client.collection_search(
        filter=wanted, filter_lang="cql2-json", sortby="-table:row_count", limit=1
    )
    assert [c.id.removeprefix("probe.") for c in search.collections()] == [
        "buildings",
        "construction-sites",
        "bike-counts",
    ]
    assert search.matched() == 3
    text = client.collection_search(filter="table:row_count > 25", filter_lang="cql2-text")
    assert [c.id for c in text.collections()] == ["probe.buildings"]
    (less,) = client.collection_search(q="bike", fields=["+title", "-id"]).collections_as_dicts()
    assert sorted(less) == ["stac_version", "title", "type"]
    advanced = client.collection_search(q="(bike OR buildings) AND -traffic")
    assert [c.id for c in advanced.collections()] == ["probe.buildings"]


def test_whatever_is_sent_is_valid_and_leads_to_the_same_bytes(client, address):
    for item in client.search().items():
        validate_dict(item.to_dict(), extensions=[])
        (earlier,) = item.get_links("predecessor-version") or [None]
        assert (earlier is None) == (item.id == "000001")
        for link in item.get_links("3d-tiles"):
            assert pystac.StacIO.default().read_text(link.get_absolute_href()).startswith('{"asset"')
    assert all(link.get_absolute_href().startswith(address) for link in item.get_links("collection"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_catalog_opened_at_a_time_is_searched_at_that_time(address, method):
    then = Client.open(f"{address}/stac?datetime=2026-02-25T12:00:00Z")
    assert found(then.search(method=method, collections=["probe.buildings"]).items()) == ["buildings 000001"]
    pages = then.search(method=method, limit=1)
    assert sorted(found(pages.items())) == ["bike-counts 000001", "buildings 000001"]
