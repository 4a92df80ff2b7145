import contextlib
import gzip
import hashlib
import json
from datetime import timedelta

import brotli
import pytest
from made import BUILDINGS, CITY, NOON, Faulty, buildings, glb, provenance, publish, tileset

from catalog import revisions, sightings
from catalog.publish import Publication, is_current, rollback
from catalog.stac import write_stac
from catalog.verify import verify
from twin.errors import AlreadyExists, Damaged, NotFound, StoreError
from twin.store import open_store

LATER = NOON + timedelta(days=1)


def changes_of_one_publication() -> int:
    counting = Faulty(open_store("memory://"), 10**9)
    publish(counting, BUILDINGS, buildings(3), NOON, (glb(1),))
    before = counting.left
    publish(counting, BUILDINGS, buildings(4), LATER, (glb(2),))
    return before - counting.left


CHANGES = changes_of_one_publication()


@pytest.mark.parametrize("after", [False, True], ids=["refused", "answer lost"])
@pytest.mark.parametrize("k", range(1, CHANGES + 1))
def test_a_fault_at_any_step_leaves_the_last_revision_whole(tmp_path, k, after):
    store = open_store(str(tmp_path / "store"))
    first = publish(store, BUILDINGS, buildings(3), NOON, (glb(1),))
    with contextlib.suppress(StoreError):
        publish(Faulty(store, k, after), BUILDINGS, buildings(4), LATER, (glb(2),))
    fresh = open_store(str(tmp_path / "store"))
    newest = revisions.current(fresh, BUILDINGS.id)
    assert newest is not None
    assert newest.features in (first.features, 4)
    assert verify(fresh, BUILDINGS.id, deep=True) == []

    again = publish(fresh, BUILDINGS, buildings(5), LATER + timedelta(days=1), (glb(3),))
    assert [r.number for r in revisions.revisions(fresh, BUILDINGS.id)] == list(range(1, again.number + 1))
    write_stac(fresh)
    for number in range(1, again.number + 1):
        assert fresh.size(f"stac/{BUILDINGS.id}/{number:06d}.json")
    assert verify(fresh, BUILDINGS.id, deep=True) == []


def test_a_lost_answer_to_the_claim_is_settled_by_reading_back(store):
    class Lossy(Faulty):
        def create(self, key, data):
            self.inner.create(key, data)
            raise ConnectionError("reset by peer")

    revision = publish(Lossy(store, 0), BUILDINGS, buildings(3), NOON)
    assert revision.number == 1
    assert revisions.current(store, BUILDINGS.id) == revision


def test_a_claim_that_failed_is_not_taken_for_one_whose_answer_was_lost(store):
    class Refusing(Faulty):
        def create(self, key, data):
            raise ConnectionError("reset by peer")

    with pytest.raises(ConnectionError):
        publish(Refusing(store, 0), BUILDINGS, buildings(3), NOON)
    assert revisions.revisions(store, BUILDINGS.id) == []


def test_what_is_claimed_was_made_durable_before(store):
    done = []

    class Telling(Faulty):
        def _change(self, act):
            done.append("change")
            act()

        def create(self, key, data):
            done.append("claim")
            super().create(key, data)

        def sync(self):
            done.append("sync")
            self.inner.sync()

    publish(Telling(store, 0), BUILDINGS, buildings(3), NOON, (glb(1),))
    assert done[done.index("claim") - 1] == "sync"
    assert done.index("change") < done.index("claim")


def test_what_does_not_read_back_is_not_published(store):
    class Forgetful(Faulty):
        def put(self, key, data):
            self.inner.put(key, data[:-1] if key.endswith("features.parquet") else data)

    with pytest.raises(StoreError, match=r"features\.parquet does not read back as written; check the store"):
        publish(Forgetful(store, 0), BUILDINGS, buildings(3), NOON)
    assert revisions.revisions(store, BUILDINGS.id) == []


def test_two_publishers_at_once_both_get_a_number(store):
    class Racing(Faulty):
        raced = False

        def create(self, key, data):
            if not self.raced:
                self.raced = True
                publish(store, BUILDINGS, buildings(2), NOON)
            self.inner.create(key, data)

    ours = publish(Racing(store, 0), BUILDINGS, buildings(3), LATER)
    assert ours.number == 2
    assert [r.features for r in revisions.revisions(store, BUILDINGS.id)] == [2, 3]


def test_somebody_elses_revision_is_never_taken_for_ours(store):
    class Taken(Faulty):
        def create(self, key, data):
            raise AlreadyExists(f"{key} exists already")

        def get(self, key):
            return b"{}" if "/revisions/" in key else self.inner.get(key)

    with pytest.raises(StoreError, match="no free revision number"):
        publish(Taken(store, 0), BUILDINGS, buildings(3), NOON)


def test_equal_content_is_current_whatever_the_order_and_the_time(store):
    features = buildings(5)
    revision = publish(store, BUILDINGS, features, NOON)
    publication = Publication(store, BUILDINGS, CITY)
    for feature in features:
        feature.values["observed_at"] = LATER
    digest = publication.digest(features[::-1], "basis")
    assert is_current(store, BUILDINGS.id, digest) == revision
    assert is_current(store, BUILDINGS.id, publication.digest(features, "another basis")) is None
    features[0].solid.points[0, 2] += 0.5
    assert is_current(store, BUILDINGS.id, publication.digest(features, "basis")) is None


def refused(store, features, tiles, counts=None):
    publication = Publication(store, BUILDINGS, CITY)
    story = provenance(BUILDINGS, NOON, len(features))
    if counts:
        story = story.model_copy(update={"counts": counts})
    publication.publish(features, story, tiles, [], "d" * 64, now=NOON)


def test_what_is_not_whole_is_not_published(store):
    twice = buildings(2) + buildings(1)
    with pytest.raises(StoreError, match="feature 3 repeats an id"):
        refused(store, twice, None)
    with pytest.raises(StoreError, match="does not add up"):
        refused(store, [], None, {"in": 3, "published": 1, "held": 1, "broken": 0, "duplicate": 0})
    with pytest.raises(StoreError, match="needed by the tileset"):
        refused(store, buildings(1), tileset([f"content/{'a' * 64}.glb"]))
    with pytest.raises(StoreError, match="a tile's content"):
        refused(store, buildings(1), tileset(["../elsewhere.glb"]))
    assert revisions.revisions(store, BUILDINGS.id) == []


def test_a_tile_that_lost_its_end_meanwhile_is_not_published(store):
    publication = Publication(store, BUILDINGS, CITY)
    name, features = publication.put(glb(1), "glb"), buildings(3)
    store.put(f"layers/{BUILDINGS.id}/{name}", glb(1)[:-1])
    story = provenance(BUILDINGS, NOON, len(features))
    with pytest.raises(StoreError, match="not whole"):
        publication.publish(features, story, tileset([name]), [name], "d" * 64, now=NOON)


def test_content_is_stored_once_and_repaired_on_request(store):
    publication = Publication(store, BUILDINGS, CITY)
    name = publication.put(glb(1), "glb")
    store.put(f"layers/{BUILDINGS.id}/{name}", b"\0" * len(glb(1)))
    assert Publication(store, BUILDINGS, CITY).put(glb(1), "glb") == name
    assert store.get(f"layers/{BUILDINGS.id}/{name}") != glb(1)
    Publication(store, BUILDINGS, CITY, repair=True).put(glb(1), "glb")
    assert store.get(f"layers/{BUILDINGS.id}/{name}") == glb(1)


def test_rollback_publishes_the_old_snapshot_under_a_new_number(store):
    old = publish(store, BUILDINGS, buildings(3), NOON, (glb(1),))
    publish(store, BUILDINGS, buildings(4), LATER, (glb(2),))
    back = rollback(store, CITY, BUILDINGS.id, 1, now=LATER)
    assert (back.number, back.snapshot, back.objects) == (3, old.snapshot, old.objects)
    assert back.holds_from == LATER + timedelta(microseconds=1)  # two do not begin at once
    assert revisions.current(store, BUILDINGS.id) == back
    assert revisions.current(store, BUILDINGS.id, NOON + timedelta(hours=1)) == old
    assert json.loads(store.get(f"stac/{BUILDINGS.id}/000003.json"))["id"] == "000003"


def test_rollback_refuses_what_is_damaged_or_unknown(store):
    old = publish(store, BUILDINGS, buildings(3), NOON, (glb(1),))
    with pytest.raises(NotFound):
        rollback(store, CITY, BUILDINGS.id, 7)
    content = next(name for name in old.objects if name.startswith("content/"))
    store.put(f"layers/{BUILDINGS.id}/{content}", glb(2))
    with pytest.raises(Damaged, match=r"000001: content/"):
        rollback(store, CITY, BUILDINGS.id, 1)


def test_the_revision_names_every_object_with_size_and_checksum(store):
    revision = publish(store, BUILDINGS, buildings(3), NOON, (glb(1), glb(2)))
    names = sorted(name.rpartition("/")[2].rpartition(".")[2] for name in revision.objects)
    assert names == ["glb", "glb", "json", "json", "parquet"]
    assert revision.bbox == pytest.approx((11.5, 48.1, 11.505, 48.101))
    assert revision.snapshot.startswith("snapshots/20260301T120000Z-" + revision.digest[:8])


def packed(text: str) -> bytes:
    return b"glTF" + text.encode() * 500


def test_siblings_are_part_of_the_revision_and_of_its_proof(store):
    revision = publish(store, BUILDINGS, buildings(3), NOON, (packed("a tile"),))
    names = {name for name in revision.objects if name.startswith("content/")}
    (whole,) = (name for name in names if name.endswith(".glb"))
    assert names == {whole, f"{whole}.br", f"{whole}.gz"}
    for name in names:
        data = store.get(f"layers/{BUILDINGS.id}/{name}")
        assert revision.objects[name].sha256 == hashlib.sha256(data).hexdigest()
    assert gzip.decompress(store.get(f"layers/{BUILDINGS.id}/{whole}.gz")) == packed("a tile")
    assert brotli.decompress(store.get(f"layers/{BUILDINGS.id}/{whole}.br")) == packed("a tile")
    store.put(f"layers/{BUILDINGS.id}/{whole}.br", b"damaged")
    assert verify(store, BUILDINGS.id, deep=True)


def entries(revision):
    return {n: (e.size, e.sha256) for n, e in revision.objects.items() if n.startswith("content/")}


def test_what_an_earlier_run_put_is_taken_for_put_only_while_all_of_it_is_there(store):
    first = publish(store, BUILDINGS, buildings(3), NOON, (packed("one"),))
    again = Publication(store, BUILDINGS, CITY)
    assert again.known(entries(first))
    name = next(name for name in entries(first) if name.endswith(".glb"))
    story = provenance(BUILDINGS, LATER, 4)
    tree = tileset([name])
    second = again.publish(buildings(4), story, tree, (name,), again.digest(buildings(4), "basis"), LATER)
    assert entries(second) == entries(first)
    assert verify(store, BUILDINGS.id, deep=True) == []

    size, sha = entries(first)[name]
    assert not again.known({name: (size + 1, sha)})
    assert not again.known({**entries(first), f"content/{'0' * 64}.glb": (1, "0" * 64)})
    assert not Publication(store, BUILDINGS, CITY, repair=True).known(entries(first))


def put_in(store, at, now=NOON):
    """Publish at noon what was so at an earlier time."""
    features, publication = buildings(4), Publication(store, BUILDINGS, CITY)
    story = provenance(BUILDINGS, at, len(features))
    digest = publication.digest(features, "basis")
    return publication.publish(features, story, None, [], digest, now=now)


def held(store):
    return sorted((one.holds_from, one.features) for one in revisions.revisions(store, BUILDINGS.id))


@pytest.mark.parametrize(
    ("ahead", "believed"),
    [
        (timedelta(minutes=-30), True),
        (timedelta(minutes=15), True),
        (timedelta(minutes=15, microseconds=1), False),
        (timedelta(days=2), False),
    ],
)
def test_a_state_put_in_ends_when_the_other_was_seen_again_unless_by_a_clock_far_ahead(
    store, ahead, believed
):
    begin, between = NOON - timedelta(hours=2), NOON - timedelta(hours=1)
    first = publish(store, BUILDINGS, buildings(3), begin)
    sightings.note(store, first, NOON + ahead)
    put_in(store, between)
    assert held(store) == [(begin, 3), (between, 4), (NOON + ahead, 3)][: 3 if believed else 2]


def test_a_state_put_in_ends_once_and_nothing_seen_after_a_later_one_ends_it(store):
    hour = timedelta(hours=1)
    first = publish(store, BUILDINGS, buildings(3), NOON - 9 * hour)
    for hours in (7, 5, 4.5, 3):
        sightings.note(store, first, NOON - hours * hour)
    publish(store, BUILDINGS, buildings(5), NOON - 4 * hour)
    put_in(store, NOON - 6 * hour)
    before = [(NOON - 9 * hour, 3), (NOON - 6 * hour, 4), (NOON - 5 * hour, 3)]
    after = [(NOON - 4 * hour, 5)]
    assert held(store) == before + after
    between = NOON - 4.2 * hour
    put_in(store, between)
    assert held(store) == [*before, (between, 4), *after]


def test_the_same_state_seen_again_goes_on(store):
    first = publish(store, BUILDINGS, buildings(3), NOON - timedelta(days=9))
    again = put_in(store, NOON - timedelta(days=6))
    sightings.note(store, again, NOON - timedelta(days=4))
    sightings.note(store, first, NOON - timedelta(days=2))
    put_in(store, NOON - timedelta(days=5))
    assert [day_of for day_of, _ in held(store)] == [NOON - timedelta(days=n) for n in (9, 6, 5, 2)]
