import json
from datetime import timedelta

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import BUILDINGS, COUNTS, NOON, SITES, buildings, counts, publish, sites, stations

from catalog import revisions
from catalog.engines.memory import Snapshot
from catalog.features import Features
from catalog.observations import append
from catalog.parquet import write_features
from catalog.values import Values
from twin.errors import Damaged
from twin.record import Feature
from twin.store import open_store


def engine(store):
    return Features(store, Values(store))


def test_pages_cover_the_layer_once(store):
    revision = publish(store, BUILDINGS, buildings(30))
    features = engine(store)
    pages = [features.page(BUILDINGS, revision, NOON, 7, offset) for offset in range(0, 40, 7)]
    assert [len(page.features) for page in pages] == [7, 7, 7, 7, 2, 0]
    assert {page.matched for page in pages} == {30}
    ids = [json.loads(feature)["id"] for page in pages for feature in page.features]
    assert sorted(ids) == sorted(f.id for f in buildings(30))


def test_a_feature_is_whole_and_the_same_by_id(store):
    revision = publish(store, BUILDINGS, buildings(3))
    features = engine(store)
    one = json.loads(features.one(BUILDINGS, revision, NOON, "probe.buildings.b1"))
    assert one["type"] == "Feature"
    assert set(one["properties"]) == set(BUILDINGS.schema_.names)
    assert one["properties"]["observed_at"] == "2026-03-01T12:00:00Z"
    assert one["properties"]["use"] is None
    assert one["geometry"]["type"] == "Polygon"
    assert shapely.from_geojson(json.dumps(one["geometry"])).exterior.is_ccw
    assert features.one(BUILDINGS, revision, NOON, "nobody") is None


lines = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)), max_size=600
)


@settings(deadline=None, max_examples=40)
@given(lines, st.tuples(*[st.integers(0, 8)] * 4))
def test_a_box_finds_exactly_what_meets_it(ends, corners):
    shapes = [shapely.LineString([(a, b), (c, d)]) for a, b, c, d in ends]
    features = [Feature(f"f{i}", "", {}, shapely.to_wkb(shape)) for i, shape in enumerate(shapes)]
    features.append(Feature("nowhere", "", {}, None))
    snapshot = Snapshot(write_features(features, SITES.schema_))
    west, east = sorted(corners[::2])
    south, north = sorted(corners[1::2])
    box = shapely.box(west, south, east, north)
    found = {snapshot.ids[row] for row in snapshot.within((west, south, east, north))}
    assert found == {f"f{i}" for i, shape in enumerate(shapes) if shapely.intersects(shape, box)}


@example([[(4, 0), (4, 8)]], [(3, 3, 2, 2)])
@example([[(0, 4), (8, 4)]], [(3, 3, 2, 2)])
@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=3), max_size=9),
    lines,
)
def test_what_lies_apart_meets_a_box_only_where_it_is(groups, boxes):
    """Its bounds may go through the box from side to side with nothing of it inside."""
    shapes = [shapely.union_all([shapely.box(x, y, x + 0.5, y + 0.5) for x, y in group]) for group in groups]
    found = Snapshot(
        write_features(
            [
                Feature(id=f"a.b.{n}", source_id=str(n), values={"observed_at": NOON}, geometry=shape.wkb)
                for n, shape in enumerate(shapes)
            ],
            BUILDINGS.schema_,
        )
    )
    for x, y, width, height in boxes[:20]:
        box = (x + 0.1, y + 0.1, x + width + 0.1, y + height + 0.1)
        met = {f"a.b.{n}" for n, shape in enumerate(shapes) if shape.intersects(shapely.box(*box))}
        assert {found.ids[row] for row in found.within(box).tolist()} == met


@pytest.mark.parametrize(
    ("days", "phases"),
    [
        (-30, {"done": "coming", "running": "coming", "coming": "coming", "open": "running"}),
        (0, {"done": "done", "running": "running", "coming": "coming", "open": "running"}),
        (5, {"done": "done", "running": "done", "coming": "running", "open": "running"}),
    ],
)
def test_phases_are_told_for_the_asked_instant(store, days, phases):
    revision = publish(store, SITES, sites())
    page = engine(store).page(SITES, revision, NOON + timedelta(days=days), 10)
    found = {f["properties"]["source_id"]: f["properties"]["phase"] for f in map(json.loads, page.features)}
    assert found == phases


def test_stations_tell_their_latest_values_and_sums(store):
    revision = publish(store, COUNTS, stations(COUNTS))
    append(store, COUNTS.id, counts(), NOON)
    page = engine(store).page(COUNTS, revision, NOON, 10)
    told = {f["properties"]["station"]: f["properties"] for f in map(json.loads, page.features)}
    assert told["arnulf"]["latest"]["bicycles"] == {
        "value": 2.0,
        "unit": "1/15min",
        "observed_at": "2026-03-01T11:45:00Z",
        "quality": "provisional",
    }
    assert (told["arnulf"]["last_24h"], told["arnulf"]["usual_24h"]) == (
        {"bicycles": 192.0},
        {"bicycles": 96.0},
    )
    assert told["hirsch"]["latest"]["bicycles"]["observed_at"] == "2026-02-28T11:45:00Z"
    assert told["hirsch"]["last_24h"] == {}


def test_a_damaged_file_is_never_served(store):
    revision = publish(store, BUILDINGS, buildings(3))
    key = f"layers/{BUILDINGS.id}/{revision.snapshot}/features.parquet"
    other = write_features(buildings(2), BUILDINGS.schema_)
    store.put(key, other)
    with pytest.raises(Damaged, match="other bytes"):
        engine(store).page(BUILDINGS, revision, NOON, 10)


def test_snapshots_are_forgotten_when_too_many_features_are_kept(monkeypatch):
    monkeypatch.setattr("catalog.features._KEPT", 5)
    store = open_store("memory://")
    for day in range(3):
        publish(store, BUILDINGS, buildings(3 + day), NOON + timedelta(days=day))
    features = engine(store)
    for revision in revisions.revisions(store, BUILDINGS.id):
        features.page(BUILDINGS, revision, NOON, 1)
    assert len(features._kept) == 1
