import io

import pyarrow.parquet as pq
import pytest
from pystac.validation import validate_dict


def test_documents_are_valid_and_their_links_answer(ask):
    root = ask.json("/stac")
    validate_dict(root)
    for link in root["links"]:
        assert ask(link["href"]).status_code == 200, link
    collection = ask.json("/stac/collections/probe.buildings")
    validate_dict(collection)
    assert collection in ask.json("/stac/collections")["collections"]
    page = ask.json("/stac/collections/probe.buildings/items")
    assert [item["id"] for item in page["features"]] == ["000002", "000001"]
    for item in page["features"]:
        validate_dict(item)
        for asset in item["assets"].values():
            assert ask(asset["href"]).status_code == 200
        for link in item["links"]:
            assert link["rel"] == "license" or ask(link["href"]).status_code == 200, link


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
        ("limit=1&offset=1", ["000001"]),
        ("datetime=2026-02-25", ["000001"]),
        ("datetime=2026-02-25/2026-03-02", ["000002", "000001"]),
        ("datetime=../2026-02-25", ["000001"]),
        ("datetime=2026-03-02/..", ["000002"]),
        ("datetime=2020-01-01", []),
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
