import hashlib
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pystac
import pytest
from made import BUILDINGS, CITY, NOON, SITES, buildings, fill, glb, publish
from pystac.extensions.file import FileExtension
from pystac.extensions.projection import ProjectionExtension
from pystac.extensions.table import TableExtension
from pystac.extensions.timestamps import TimestampsExtension
from pystac.extensions.version import VersionExtension
from pystac.validation import validate_dict

from catalog import parquet, revisions
from catalog.stac import withdraw, write_layer, write_stac
from twin.errors import StoreError
from twin.store import FileStore


@pytest.fixture
def folder(tmp_path):
    store = FileStore(tmp_path / "store")
    fill(store)
    return store


def valid(thing):
    """By the schemas that pystac brings along; those of extensions would be fetched."""
    validate_dict(thing.to_dict(transform_hrefs=False), extensions=[])


def test_the_static_catalog_is_valid_and_leads_to_every_asset(folder):
    catalog = pystac.Catalog.from_file(str(folder.root / "stac" / "catalog.json"))
    valid(catalog)
    collections = list(catalog.get_children())
    assert [c.id for c in collections] == ["probe.buildings", "probe.construction-sites", "probe.bike-counts"]
    for collection in collections:
        valid(collection)
        assert collection.license == "DL-DE-BY-2.0"
        assert collection.providers[0].name == "Vermessungsamt Probestadt"
        items = list(collection.get_items())
        assert items
        for item in items:
            valid(item)
            assert "Demo – made-up data" in item.properties["title"]
            for asset in item.assets.values():
                assert Path(asset.get_absolute_href()).is_file()
    first, second = sorted(collections[0].get_items(), key=lambda item: item.id)
    assert set(first.assets) == {"features", "tileset", "provenance"}
    assert (first.datetime, second.datetime) == (NOON - timedelta(days=10), NOON)


def test_all_links_are_relative_but_those_to_licences(folder):
    for key in folder.list("stac"):
        for link in json.loads(folder.get(key))["links"]:
            assert bool(urlsplit(link["href"]).scheme) == (link["rel"] in ("license", "via")), (key, link)


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


def children(folder):
    links = orjson.loads(folder.get("stac/catalog.json"))["links"]
    return {link["href"].split("/")[1] for link in links if link["rel"] == "child"}


def test_no_link_leads_to_a_layer_that_is_being_withdrawn_and_none_comes_back(folder, monkeypatch):
    there = children(folder)
    assert BUILDINGS.id in there

    def refused(key):
        raise StoreError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(folder, "remove", refused)
        with pytest.raises(StoreError):
            withdraw(folder, [BUILDINGS.id])
    assert children(folder) == there - {BUILDINGS.id}
    withdraw(folder, [BUILDINGS.id])
    assert not list(folder.list(f"stac/{BUILDINGS.id}"))
    write_layer(folder, CITY, SITES.id)
    assert children(folder) == there - {BUILDINGS.id}


def test_a_layer_without_positions_has_a_valid_item(tmp_path):
    from twin.record import Feature

    store = FileStore(tmp_path / "store")
    publish(store, BUILDINGS, [Feature("a", "b", {}, None)], NOON)
    catalog = pystac.Catalog.from_file(str(store.root / "stac" / "catalog.json"))
    for found in (catalog, *catalog.get_children(), *catalog.get_items(recursive=True)):
        valid(found)


def test_the_same_on_an_object_store(store):
    publish(store, BUILDINGS, buildings(2), NOON, (glb(1),))
    assert sorted(store.list("stac")) == [
        "stac/catalog.json",
        "stac/probe.buildings/000001.json",
        "stac/probe.buildings/collection.json",
    ]


def test_extensions_say_what_lies_there(folder):
    catalog = pystac.Catalog.from_file(str(folder.root / "stac" / "catalog.json"))
    first, second = sorted(
        catalog.get_child("probe.buildings").get_items(), key=lambda item: item.properties["version"]
    )
    revision = revisions.current(folder, BUILDINGS.id)
    for name, code in (("features", "OGC:CRS84"), ("tileset", "EPSG:4978"), ("provenance", None)):
        asset = second.assets[name]
        data = Path(asset.get_absolute_href()).read_bytes()
        file = FileExtension.ext(asset)
        assert file.size == len(data)
        assert file.checksum == "1220" + hashlib.sha256(data).hexdigest()
        assert ProjectionExtension.ext(asset).code == code
    table = TableExtension.ext(second)
    stored = folder.get(f"layers/{BUILDINGS.id}/{revision.snapshot}/features.parquet")
    read = parquet.read_table(stored)
    told = [(column.name, column.col_type) for column in table.columns]
    simple = {"binary": "binary", "struct": "struct"}
    assert told == [(f.name, simple.get(str(f.type).partition("<")[0], str(f.type))) for f in read.schema]
    assert (table.row_count, table.primary_geometry) == (len(read), "geometry")
    assert TimestampsExtension.ext(second).published == revision.published_at
    assert [VersionExtension.ext(item).version for item in (first, second)] == ["1", "2"]
    assert VersionExtension.ext(second).predecessor.id == first.id
    assert VersionExtension.ext(first).predecessor is None
    (tiles,) = second.get_links("3d-tiles")
    assert Path(tiles.get_absolute_href()).name == "tileset.json"
    assert Path(tiles.get_absolute_href()).is_file()


def test_an_item_shows_its_chain(folder):
    properties = orjson.loads(folder.get("stac/probe.buildings/000002.json"))["properties"]
    assert properties["twin:origins"] == [
        {
            "url": "https://data.example/file.geojson",
            "fetched_at": "2026-03-01T12:00:00Z",
            "sha256": "0" * 64,
            "size": 10,
        }
    ]
    assert properties["twin:recipe_sha256"] == "1" * 64
    assert properties["twin:changed"] == [{"de": "Umgerechnet.", "en": "Converted."}]
    assert properties["twin:counts"]["held"] == 1
    assert (properties["license"], properties["attribution"]) == ("DL-DE-BY-2.0", "Probestadt, dl-de/by-2-0")


def test_extensions_are_named_only_where_their_schemas_are_met(folder):
    """Map links must be there if the extension is named."""
    for key in folder.list("stac"):
        document = orjson.loads(folder.get(key))
        named = any("web-map-links" in uri for uri in document.get("stac_extensions", ()))
        assert named == any(link["rel"] == "3d-tiles" for link in document["links"]), key


def test_items_of_an_earlier_version_are_written_anew(folder):
    whole = {key: folder.get(key) for key in folder.list("stac")}
    place, head = "stac/probe.buildings/000001.json", "stac/probe.buildings/collection.json"
    old = orjson.loads(whole[head])
    old["item_assets"].pop("tileset")
    folder.put(head, orjson.dumps(old))
    folder.put(place, b'{"type": "Feature", "links": []}')
    write_layer(folder, CITY, BUILDINGS.id)
    assert {key: folder.get(key) for key in folder.list("stac")} == whole
    # one whose provenance is lost stays as it is said to be
    folder.put(head, b"no JSON")
    folder.path(
        f"layers/{BUILDINGS.id}/{revisions.read(folder, BUILDINGS.id, 1).snapshot}/provenance.json"
    ).unlink()
    write_layer(folder, CITY, BUILDINGS.id)
    assert {key: folder.get(key) for key in folder.list("stac")} == whole
