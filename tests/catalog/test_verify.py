from datetime import timedelta

import pytest
from made import BUILDINGS, CITY, COUNTS, NOON, buildings, counts, fill, glb, publish

from catalog import revisions
from catalog.observations import append
from catalog.stac import write_layer
from catalog.verify import verify
from twin.store import FileStore

LATER = NOON + timedelta(days=1)


def test_every_kind_of_damage_is_named(store):
    fill(store)
    assert verify(store, BUILDINGS.id, deep=True) == []
    revision = revisions.current(store, BUILDINGS.id)
    for name in revision.objects:
        key = f"layers/{BUILDINGS.id}/{name}"
        whole = store.get(key)
        store.put(key, whole[:-1])
        (words,) = verify(store, BUILDINGS.id)
        assert f"{BUILDINGS.id}: revision 000002: {name} has" in words
        assert "twin run probe probe.buildings" in words
        store.put(key, whole[:-1] + bytes([whole[-1] ^ 1]))
        assert verify(store, BUILDINGS.id) == []
        (words,) = verify(store, BUILDINGS.id, deep=True)
        assert "checksum" in words
        store.put(key, whole)


def test_an_unreadable_revision_or_status_is_damage(store):
    fill(store)
    store.put(f"layers/{BUILDINGS.id}/revisions/000002.json", b'{"layer": "pro')
    store.put(f"layers/{BUILDINGS.id}/status.json", b"")
    revision, status = verify(store, BUILDINGS.id)
    assert "revision 000002" in revision
    assert "status.json cannot be read" in status


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (b'"layer": "probe', b'"layer": "qrobe'),
        (b'"number": 2', b'"number": 3'),
        (b'"snapshot": "snapshots/2', b'"snapshot": "snapshots/3'),
    ],
)
def test_a_revision_that_speaks_of_another_is_damage(store, true, false):
    fill(store)
    key = f"layers/{BUILDINGS.id}/revisions/000002.json"
    assert true in store.get(key)
    store.put(key, store.get(key).replace(true, false))
    (words,) = verify(store, BUILDINGS.id)
    assert f"revision 000002: {key} cannot be read" in words


def test_the_newest_revision_is_missed_and_a_past_one_may_be_given_up(tmp_path):
    store = FileStore(tmp_path)
    fill(store)
    past, newest = (store.path(f"layers/{BUILDINGS.id}/revisions/00000{number}.json") for number in (1, 2))
    whole = newest.read_bytes()
    newest.unlink()
    (words,) = verify(store, BUILDINGS.id)
    assert f"revision 000002: layers/{BUILDINGS.id}/revisions/000002.json is missing" in words
    assert f"delete stac/{BUILDINGS.id}/000002.json and publish the layer again" in words
    assert verify(store, BUILDINGS.id, past=False) == []  # what is served now is whole
    newest.write_bytes(whole)
    past.unlink()
    assert verify(store, BUILDINGS.id, deep=True) == []


@pytest.mark.parametrize(
    ("place", "deep"),
    [
        ("stac/catalog.json", False),
        (f"stac/{BUILDINGS.id}/collection.json", False),
        (f"stac/{BUILDINGS.id}/000001.json", True),
    ],
)
@pytest.mark.parametrize(
    "junk", [b"", b"{", b"[]", b'{"type": "Catalog"}', b'{"type": "x", "links": []}', b"\xff"]
)
def test_an_unreadable_static_catalog_is_damage_and_mended_as_told(tmp_path, place, deep, junk):
    store = FileStore(tmp_path)
    fill(store)
    whole = store.get(place)
    store.put(place, junk)
    (words,) = verify(store, BUILDINGS.id, deep=deep)
    assert words.startswith(f"{place} is not a readable STAC ")
    assert "delete it and run `twin run probe`" in words
    assert verify(store, BUILDINGS.id, deep=deep, past=False) == []  # no reason to publish a revision
    store.path(place).unlink()
    write_layer(store, CITY, BUILDINGS.id)
    assert store.get(place) == whole
    assert verify(store, BUILDINGS.id, deep=True) == []


def test_a_past_state_can_be_given_up_and_the_present_one_mended(tmp_path):
    store = FileStore(tmp_path)
    fill(store)
    past, present = revisions.revisions(store, BUILDINGS.id)
    for revision in (past, present):
        store.put(f"layers/{BUILDINGS.id}/{revision.snapshot}/features.parquet", b"")
    words = {line.split("revision ")[1][:6]: line for line in verify(store, BUILDINGS.id)}
    assert "twin run probe probe.buildings" in words["000002"]
    assert "delete layers/probe.buildings/revisions/000001.json" in words["000001"]
    publish(store, BUILDINGS, buildings(30, 12.0), LATER, (glb(1), glb(3)))
    assert verify(store, BUILDINGS.id, past=False) == []
    for revision in (past, present):
        store.path(f"layers/{BUILDINGS.id}/revisions/{revision.name}.json").unlink()
    assert verify(store, BUILDINGS.id, deep=True) == []


def test_a_changed_observation_file_is_damage(store):
    append(store, COUNTS.id, counts(2), NOON)
    key = next(iter(store.list(f"observations/{COUNTS.id}")))
    store.put(key, store.get(key) + b"\0")
    (words,) = verify(store, COUNTS.id, deep=True)
    assert key in words


def test_a_missing_object_is_damage(tmp_path):
    store = FileStore(tmp_path)
    revision = publish(store, BUILDINGS, buildings(2), NOON, (glb(1),))
    content = next(name for name in revision.objects if name.startswith("content/"))
    store.path(f"layers/{BUILDINGS.id}/{content}").unlink()
    (words,) = verify(store, BUILDINGS.id)
    assert f"{content} is missing" in words


def test_a_listing_passes_over_an_unreadable_revision_and_names_it(store):
    fill(store)
    store.put(f"layers/{BUILDINGS.id}/revisions/000002.json", b"{}")
    listing = revisions.Listing(store, ttl=0)
    assert listing.current(BUILDINGS.id).number == 1
    assert [key.rpartition("/")[2] for key in listing.damages] == ["000002.json"]
    assert len(listing.lost(BUILDINGS.id)) == 1
    assert listing.lost(COUNTS.id) == []


def test_a_listing_sees_a_revision_mended_or_given_up(tmp_path):
    store = FileStore(tmp_path)
    fill(store)
    key = f"layers/{BUILDINGS.id}/revisions/000002.json"
    whole = store.get(key)
    store.put(key, b"{}")
    listing = revisions.Listing(store, ttl=0)
    assert listing.current(BUILDINGS.id).number == 1
    store.put(key, whole)
    assert listing.current(BUILDINGS.id).number == 2
    assert listing.damages == {}
    store.path(key).unlink()
    assert listing.current(BUILDINGS.id).number == 1


def test_a_listing_looks_again_only_after_its_time(store):
    clock = [0.0]
    listing = revisions.Listing(store, ttl=5, clock=lambda: clock[0])
    assert listing.current(BUILDINGS.id) is None
    publish(store, BUILDINGS, buildings(2), NOON)
    assert listing.current(BUILDINGS.id) is None
    clock[0] = 5.0
    assert listing.current(BUILDINGS.id).number == 1


@pytest.mark.parametrize(("hours", "number"), [(-300, None), (-240, 1), (-1, 1), (0, 2), (9, 2)])
def test_the_revision_that_held_then(store, hours, number):
    fill(store)
    found = revisions.current(store, BUILDINGS.id, NOON + timedelta(hours=hours))
    assert (found and found.number) == number
