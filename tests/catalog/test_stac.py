import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pystac
import pytest
from made import BUILDINGS, CITY, NOON, buildings, fill, glb, publish

from catalog.stac import write_layer, write_stac
from twin.store import FileStore


@pytest.fixture
def folder(tmp_path):
    store = FileStore(tmp_path / "store")
    fill(store)
    return store


def test_the_static_catalog_is_valid_and_leads_to_every_asset(folder):
    catalog = pystac.Catalog.from_file(str(folder.root / "stac" / "catalog.json"))
    assert catalog.validate()
    collections = list(catalog.get_children())
    assert [c.id for c in collections] == ["probe.buildings", "probe.construction-sites", "probe.bike-counts"]
    for collection in collections:
        assert collection.validate()
        assert collection.license == "DL-DE-BY-2.0"
        assert collection.providers[0].name == "Vermessungsamt Probestadt"
        items = list(collection.get_items())
        assert items
        for item in items:
            assert item.validate()
            assert "Demo – made-up data" in item.properties["title"]
            for asset in item.assets.values():
                assert Path(asset.get_absolute_href()).is_file()
    first, second = sorted(collections[0].get_items(), key=lambda item: item.id)
    assert set(first.assets) == {"features", "tileset", "provenance"}
    assert (first.datetime, second.datetime) == (NOON - timedelta(days=10), NOON)


def test_all_links_are_relative_but_those_to_licences(folder):
    for key in folder.list("stac"):
        for link in json.loads(folder.get(key))["links"]:
            assert bool(urlsplit(link["href"]).scheme) == (link["rel"] == "license"), (key, link)


def test_the_notice_stands_in_every_document(folder):
    for key in folder.list("stac"):
        assert "Demo – made-up data" in folder.get(key).decode()


def test_what_a_crash_left_out_is_healed_and_nothing_else_is_touched(folder):
    whole = {key: folder.get(key) for key in folder.list("stac")}
    for key in list(whole)[::2]:
        folder.path(key).unlink()
    write_stac(folder)
    assert {key: folder.get(key) for key in folder.list("stac")} == whole
    stamps = {key: folder.path(key).stat().st_mtime_ns for key in whole}
    write_layer(folder, CITY, BUILDINGS.id)
    assert {key: folder.path(key).stat().st_mtime_ns for key in whole} == stamps


def test_a_layer_without_positions_has_a_valid_item(tmp_path):
    from twin.record import Feature

    store = FileStore(tmp_path / "store")
    publish(store, BUILDINGS, [Feature("a", "b", {}, None)], NOON)
    catalog = pystac.Catalog.from_file(str(store.root / "stac" / "catalog.json"))
    catalog.validate_all()


def test_the_same_on_an_object_store(store):
    publish(store, BUILDINGS, buildings(2), NOON, (glb(1),))
    assert sorted(store.list("stac")) == [
        "stac/catalog.json",
        "stac/probe.buildings/000001.json",
        "stac/probe.buildings/collection.json",
    ]
