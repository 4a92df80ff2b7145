"""OWSLib, as its users read an OGC API Features service: collections, items, queryables, a feature."""

import pytest
from owslib.ogcapi.features import Features

from tests.abstract import made_place
from tests.api.listening import listening

ROADS = "probe.roads"


@pytest.fixture(scope="module")
def service(city):
    """A server that really listens on the made-up city."""
    with listening(city) as address:
        yield Features(f"{address}/ogc")


def test_owslib_walks_collections_items_and_queryables(service):
    assert {"service-desc", "conformance", "data"} <= {link["rel"] for link in service.links}
    classes = service.conformance()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    assert service.api()["openapi"].startswith("3.0")
    assert set(service.feature_collections()) == {f"probe.{layer.name}" for layer in made_place.LAYERS}
    assert service.collection(ROADS)["id"] == ROADS
    assert {"geometry", "name", "lanes"} <= set(service.collection_queryables(ROADS)["properties"])
    page = service.collection_items(ROADS, limit=5)
    assert (page["numberMatched"], page["numberReturned"]) == (len(made_place.NAMES), 5)
    first = page["features"][0]
    assert service.collection_item(ROADS, first["id"])["properties"] == first["properties"]


def test_owslib_asks_by_box_time_filter_and_offset(service):
    whole = len(made_place.NAMES)
    boxed = service.collection_items(ROADS, bbox=[11.5, 48.1, 11.51, 48.12], limit=100)
    assert 0 < boxed["numberMatched"] == len(boxed["features"]) < whole
    assert service.collection_items(ROADS, filter="name = 'Bern'")["numberMatched"] == 1
    found = [
        feature["id"]
        for offset in range(0, whole, 7)
        for feature in service.collection_items(ROADS, limit=7, offset=offset)["features"]
    ]
    assert len(found) == len(set(found)) == whole
    then, now = (
        service.collection_items("probe.buildings", datetime_=day)["numberMatched"]
        for day in ("2026-02-25", "2026-03-01T12:04:00Z")
    )
    assert (then, now) == (25, 30)
