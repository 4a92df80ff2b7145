"""Features that lie in several files come in one over HTTP."""

import io
from datetime import timedelta

import geopandas as gpd
import made
import pytest

from api.vector import grid, kept
from catalog import parts, revisions
from catalog.publish import Publication
from tests.api import mvt
from twin.batch import pack
from twin.shelf import Shelf

LAYER = made.BUILDINGS.id
AFTER = made.NOON + timedelta(minutes=1)
ITEM = f"/stac/collections/{LAYER}/items"


@pytest.fixture
def cut(store, tmp_path, monkeypatch):
    """The store with one more revision, cut into parts."""
    monkeypatch.setattr(parts, "MANY", 20)
    monkeypatch.setattr(parts, "MOST", 8)
    shelf = Shelf(tmp_path, made.BUILDINGS.schema_)
    shelf.add(pack(made.buildings(30, 15.0), made.BUILDINGS.schema_))
    shelf.close()
    publication = Publication(store, made.BUILDINGS, made.CITY)
    story = made.provenance(made.BUILDINGS, AFTER, 30)
    publication.publish(shelf, story, None, (), publication.digest(shelf, "basis"), now=AFTER)
    return store


def test_the_features_of_a_cut_revision_are_one_file(cut, client_of):
    ask = client_of(cut)
    newest = revisions.current(cut, LAYER)
    assert newest.cut is not None
    item = ask.json(f"{ITEM}/{newest.name}")
    assert set(item["assets"]) == {"features", "provenance"}
    address = f"{ITEM}/{newest.name}/features.parquet"
    assert item["assets"]["features"]["href"].endswith(address)
    answer = ask(address)
    table = gpd.read_parquet(io.BytesIO(answer.content))
    assert (answer.status_code, len(table)) == (200, 30)
    assert set(table["observed_at"]) == {newest.holds_from}
    again = ask(address, if_none_match=answer.headers["etag"])
    assert again.status_code == 304
    found = ask.json(f"/ogc/collections/{LAYER}/items?limit=100")
    assert {feature["id"] for feature in found["features"]} == set(table["id"])


def test_a_damaged_part_is_never_served(cut, client_of):
    newest = revisions.current(cut, LAYER)
    cut.put(f"layers/{LAYER}/{newest.cut.parts[0].name}", b"PAR1")
    for address in (f"{ITEM}/{newest.name}/features.parquet", f"/ogc/collections/{LAYER}/items"):
        assert client_of(cut)(address).status_code >= 500


def test_a_tile_reads_the_files_that_it_meets_and_no_other(cut, client_of, monkeypatch):
    pieces = parts.pieces(cut, revisions.current(cut, LAYER))
    assert len(pieces) > 2
    read = []
    whole = kept.Sheet

    def counted(data, columns):
        read.append(1)
        return whole(data, columns)

    monkeypatch.setattr(kept, "Sheet", counted)
    ask = client_of(cut)

    def asked(z, y, x):
        answer = ask(f"/ogc/collections/{LAYER}/tiles/WebMercatorQuad/{z}/{y}/{x}")
        return {one.properties["id"] for one in mvt.read(answer.content)} if answer.content else set()

    west, south, *_ = pieces[0].bbox
    first, _, column, _ = grid.limits((west, south, west, south), grid.DEEPEST)
    near = asked(grid.DEEPEST, first, column)
    assert near
    assert 0 < len(read) < len(pieces)
    assert asked(0, 0, 0) == set()  # smaller than a pixel, yet looked at: they lie here
    assert len(read) == len(pieces)
    first, last, left, right = grid.limits(revisions.current(cut, LAYER).bbox, 14)
    everything = {
        one for y in range(first, last + 1) for x in range(left, right + 1) for one in asked(14, y, x)
    }
    assert everything == {feature.id for feature in made.buildings(30)}
    assert len(read) == len(pieces)  # all were in memory
