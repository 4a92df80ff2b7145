"""The demo city as it is published: every tileset can be read by others, every account adds up."""

from pathlib import Path

import pytest

from catalog.revisions import current, provenance
from catalog.verify import verify
from ingest.load import load_city
from ingest.schedule import run_city
from twin.settings import Settings
from twin.store import FileStore

CITY = load_city("demo")
LAYERS = [layer.id for layer in CITY.layers]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FileStore:
    """A small demo city, published once."""
    store = FileStore(tmp_path_factory.mktemp("published"))
    outcomes = run_city(CITY, CITY.layers, store, Settings(demo_buildings=150, workers=1))
    assert [o.words for o in outcomes if not o.ok] == []
    return store


def tileset_of(store: FileStore, layer: str) -> Path:
    revision = current(store, layer)
    assert revision is not None
    return store.path(f"layers/{layer}/{revision.snapshot}/tileset.json")


@pytest.mark.parametrize("layer", LAYERS)
def test_py3dtiles_reads_every_tileset_and_every_tile(store: FileStore, layer: str) -> None:
    from py3dtiles.tileset import TileSet

    path = tileset_of(store, layer)
    root = TileSet.from_file(path).root_tile
    contents = [tile for tile in (root, *root.get_all_children()) if tile.content_uri is not None]
    assert contents
    for tile in contents:
        assert tile.get_or_fetch_content(path.parent).get_vertex_count() > 0


@pytest.mark.parametrize("layer", LAYERS)
def test_inspection_finds_no_fault(store: FileStore, layer: str) -> None:
    from tiles.inspect.report import inspect

    assert [fault.words() for fault in inspect(tileset_of(store, layer)).faults] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_record_is_accounted_for_and_the_demo_says_what_it_is(store: FileStore, layer: str) -> None:
    revision = current(store, layer)
    assert revision is not None
    story = provenance(store, revision)
    counts = story.counts
    assert counts["in"] == counts["published"] + counts["held"] + counts["broken"] + counts["duplicate"]
    assert counts["published"] > 0
    assert story.notice is not None
    assert "made-up" in story.notice.en
    assert b"made-up data" in store.get(f"stac/{layer}/collection.json")
    assert "made-up data" in tileset_of(store, layer).read_text("utf-8")
    assert verify(store, layer, deep=True) == []


def test_running_again_at_once_publishes_nothing_new(store: FileStore) -> None:
    before = {layer: current(store, layer) for layer in LAYERS}
    fixed = [layer for layer in CITY.layers if layer.schema_.geometry in ("building", "terrain", "line")]
    run_city(CITY, fixed, store, Settings(demo_buildings=150, workers=1))
    assert {layer.id: current(store, layer.id) for layer in fixed} == {x.id: before[x.id] for x in fixed}
