"""Features of a large layer in parts: the same answers as from one file, and only what changed is written."""

import hashlib
import io
import posixpath
from datetime import timedelta

import geopandas as gpd
import numpy as np
import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import BUILDINGS, CITY, NOON, buildings, provenance, publish, square

from catalog import hilbert, parquet, parts, revisions
from catalog.digest import digest
from catalog.features import Features
from catalog.history import History
from catalog.publish import Publication
from catalog.values import Values
from catalog.verify import verify
from twin.batch import pack
from twin.errors import Damaged
from twin.record import Feature, Solid
from twin.shelf import Shelf
from twin.store import open_store

MANY, MOST = 40, 16
BASIS = "recipe and code"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(parts, "MANY", MANY)
    monkeypatch.setattr(parts, "MOST", MOST)


def house(number: int, height: float = 10.0) -> Feature:
    """Houses of a town that is dense in one corner; every seventh has no solid, every eleventh no place."""
    east, north = (number * 37 % 101) ** 2 / 10, (number * 53 % 97) ** 2 / 10
    ring = np.array([[0, 0], [8, 0], [8, 8], [0, 8]]) + np.array([690_000 + east, 5_335_000 + north])
    solid = Solid(
        np.column_stack((ring, np.full(4, height))),
        np.array([0, 4], np.int32),
        np.array([0, 1], np.int32),
        np.zeros(1, np.uint8),
    )
    values = dict.fromkeys(name for name in BUILDINGS.schema_.names if name not in ("id", "source_id"))
    return Feature(
        id=f"b{number:04d}",
        source_id=f"DEBY_{number}",
        values=values | {"height_m": height, "storeys": number % 5, "observed_at": NOON},
        geometry=square(11.5 + east / 1e5, 48.1 + north / 1e5) if number % 11 else None,
        solid=solid if number % 7 else None,
        checksum=hashlib.sha256(f"{number} {height}".encode()).hexdigest(),
    )


def shelf(folder, town: dict[int, float]) -> Shelf:
    made = Shelf(folder, BUILDINGS.schema_)
    made.add(pack([house(*each) for each in town.items()], BUILDINGS.schema_))
    made.close()
    return made


def brought(store, folder, town, at=NOON, basis=BASIS, **more):
    features = shelf(folder, town)
    publication = Publication(store, BUILDINGS, CITY, **more)
    told = publication.digest(features, "basis")
    story = provenance(BUILDINGS, at, len(features))
    return publication.publish(features, story, None, (), told, now=at, basis=basis)


def rows(store, revision) -> dict:
    table = parquet.read_table(parts.load(store, revision)).to_pylist()
    return {row["id"]: row for row in table}


def names(revision) -> list[str]:
    return [part.name for part in revision.cut.parts]


TOWNS = st.dictionaries(st.integers(1, 300), st.sampled_from([3.0, 4.5]), min_size=MANY + 1, max_size=120)


@settings(max_examples=12)
@given(TOWNS, st.lists(st.tuples(st.integers(1, 300), st.sampled_from([None, 3.0, 9.0])), max_size=6))
def test_after_any_change_all_is_as_from_nothing(tmp_path_factory, town, changes):
    folder = tmp_path_factory.mktemp("town")
    later = dict(town)
    for number, height in changes:
        if height is None:
            later.pop(number, None)
        else:
            later[number] = height
    store, fresh = open_store("memory://"), open_store("memory://")
    first = brought(store, folder, town)
    second = brought(store, folder, later, NOON + timedelta(days=1))
    anew = brought(fresh, folder, later, NOON + timedelta(days=1))
    assert second.cut == anew.cut
    assert (second.bbox, second.features) == (anew.bbox, anew.features)
    told = rows(store, second)
    assert told == rows(fresh, anew)
    assert {int(name[1:]): row["height_m"] for name, row in told.items()} == later
    assert {row["observed_at"] for row in told.values()} == {NOON + timedelta(days=1)}
    assert {int(name[1:]): row["height_m"] for name, row in rows(store, first).items()} == town
    assert verify(store, BUILDINGS.id, deep=True) == []
    step = History(store).steps(revisions.revisions(store, BUILDINGS.id))[-1]
    if later != town:
        both = later.keys() & town.keys()
        wanted = (
            len(later.keys() - town.keys()),
            sum(later[number] != town[number] for number in both),
            len(town.keys() - later.keys()),
        )
        assert (step.appeared, step.changed, step.gone) == wanted


def test_one_change_writes_one_part(tmp_path):
    store = open_store("memory://")
    town = dict.fromkeys(range(1, 300), 3.0)
    first = brought(store, tmp_path, town)
    assert len(first.cut.parts) > 18
    assert max(part.features for part in first.cut.parts) <= MOST
    second = brought(store, tmp_path, town | {100: 9.0}, NOON + timedelta(days=1))
    news = set(names(second)) - set(names(first))
    assert len(news) == 1
    assert len(names(second)) == len(names(first))
    assert sum(entry.size for name, entry in second.objects.items() if name in news) < 0.2 * sum(
        entry.size for name, entry in second.objects.items() if name.endswith(".parquet")
    )


def test_what_was_not_changed_is_not_even_read(tmp_path, monkeypatch):
    written = []
    write = parquet.write_rows
    monkeypatch.setattr(parquet, "write_rows", lambda *given: written.append(1) or write(*given))
    store = open_store("memory://")
    town = dict.fromkeys(range(1, 300), 3.0)
    first = brought(store, tmp_path, town)
    whole = len(written)
    assert whole == len(first.cut.parts)
    brought(store, tmp_path, town | {100: 9.0}, NOON + timedelta(days=1))
    assert len(written) == whole + 1
    for day, more in ((2, {"basis": "another recipe"}), (3, {"basis": None}), (4, {"repair": True})):
        written.clear()
        brought(store, tmp_path, town | {100: 9.0 + day}, NOON + timedelta(days=day), **more)
        assert len(written) == whole


def test_answers_are_those_of_one_file(tmp_path, monkeypatch):
    town = dict.fromkeys(range(1, 120), 3.0)
    cut, one = open_store("memory://"), open_store("memory://")
    first = brought(cut, tmp_path, town)
    monkeypatch.setattr(parts, "MANY", 1000)
    second = brought(one, tmp_path, town)
    assert second.cut is None
    assert first.bbox == second.bbox
    assert rows(cut, first) == rows(one, second)
    doors = [Features(store, Values(store)) for store in (cut, one)]
    box = (11.5, 48.1, 11.503, 48.103)
    for ask in (
        lambda door, revision: sorted(door.page(BUILDINGS, revision, NOON, 1000).features),
        lambda door, revision: sorted(door.page(BUILDINGS, revision, NOON, 1000, box=box).features),
        lambda door, revision: door.one(BUILDINGS, revision, NOON, "b0033"),
    ):
        assert ask(doors[0], first) == ask(doors[1], second)


def test_every_part_and_the_whole_are_geoparquet(tmp_path):
    store = open_store("memory://")
    revision = brought(store, tmp_path, dict.fromkeys(range(1, 120), 3.0))
    found = parts.load(store, revision)
    assert sum(len(gpd.read_parquet(io.BytesIO(data))) for data in found.files) == 119
    whole = parquet.whole(found)
    table = gpd.read_parquet(io.BytesIO(whole))
    assert table["id"].tolist() == parquet.read_table(found, ["id"])["id"].to_pylist()
    assert set(table["observed_at"]) == {NOON}
    geo = orjson.loads(pq.read_schema(io.BytesIO(whole)).metadata[b"geo"])["columns"]["geometry"]
    assert tuple(geo["bbox"]) == revision.bbox
    assert parquet.column_names(found) == parquet.column_names(whole)


def test_the_static_catalog_names_every_part(tmp_path):
    store = open_store("memory://")
    revision = brought(store, tmp_path, dict.fromkeys(range(1, 120), 3.0))
    place = f"stac/{BUILDINGS.id}/000001.json"
    assets = orjson.loads(store.get(place))["assets"]
    found = [asset["href"] for name, asset in assets.items() if asset["roles"] == ["data"]]
    assert len(found) == len(revision.cut.parts) > 5
    files = [store.get(posixpath.normpath(posixpath.join(posixpath.dirname(place), href))) for href in found]
    assert files == list(parts.load(store, revision).files)


def test_a_damaged_part_is_named_and_mended(tmp_path):
    store = open_store("memory://")
    town = dict.fromkeys(range(1, 120), 3.0)
    revision = brought(store, tmp_path, town)
    name = names(revision)[1]
    store.put(f"layers/{BUILDINGS.id}/{name}", b"PAR1")
    assert any(name in damage for damage in verify(store, BUILDINGS.id))
    with pytest.raises(Damaged, match="other bytes"):
        parts.load(store, revision)
    brought(store, tmp_path, town, NOON + timedelta(days=1), repair=True)
    assert verify(store, BUILDINGS.id, deep=True) == []


def test_a_layer_may_become_large_and_small_again(tmp_path):
    store = open_store("memory://")
    sizes = (10, 60, 70, 12)
    for day, count in enumerate(sizes):
        brought(store, tmp_path, dict.fromkeys(range(1, count), 3.0), NOON + timedelta(days=day))
    found = revisions.revisions(store, BUILDINGS.id)
    assert [revision.cut is not None for revision in found] == [False, True, True, False]
    steps = [(step.appeared, step.gone) for step in History(store).steps(found)]
    assert steps == [(9, 0), (50, 0), (10, 0), (0, 58)]
    assert len(rows(store, publish(store, BUILDINGS, buildings(50), NOON + timedelta(days=9)))) == 50


def test_neighbours_stay_together_and_nobody_is_lost():
    dice = np.random.default_rng(1)
    centres = dice.uniform(0, 5000, (500, 2)).round(1) + np.array([690_000, 5_335_000])
    centres[::50] = np.nan
    found = parts.ranges(centres)
    assert sorted(np.concatenate(found).tolist()) == list(range(500))
    distance = hilbert.distances_m(centres[:, 0], centres[:, 1])[np.concatenate(found)]
    assert (np.diff(distance) >= 0).all()
    assert len(parts.ranges(np.zeros((50, 2)))) == 1  # all in one place: no cell is small enough
    spans = [np.ptp(centres[rows], axis=0).max() for rows in found[:-1]]
    assert np.median(spans) < 2000


def test_the_digest_of_a_shelf_is_that_of_its_ids_and_checksums(tmp_path):
    town = shelf(tmp_path, dict.fromkeys(range(1, 50), 3.0))
    rows = town.rows(np.arange(len(town))).load(["id", "checksum"])
    told = "".join(f"{row['id']}\0{row['checksum']}\0" for row in rows.to_pylist())
    assert digest(town, "basis") == hashlib.sha256(f"basis{told}".encode()).hexdigest()
    chosen = np.array([7, 3, 40])
    assert bytes(town.told(chosen)).split(b"\0")[::2][:3] == [town.ids[n].encode() for n in chosen]
    empty = Shelf(tmp_path, BUILDINGS.schema_)
    empty.close()
    assert digest(empty, "basis") == hashlib.sha256(b"basis").hexdigest()
