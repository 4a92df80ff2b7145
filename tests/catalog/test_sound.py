"""What was found sound is read again only when it was written, or when its day has come."""

from datetime import timedelta

import pytest
from made import BUILDINGS, NOON, buildings, fill, publish

from catalog import revisions
from catalog.sound import Sound
from catalog.verify import verify
from twin.store import FileStore, open_store


class Watched(FileStore):
    """A store that tells which objects were read."""

    def __init__(self, root):
        super().__init__(root)
        self.read = []

    def get(self, key):
        self.read.append(key)
        return super().get(key)


@pytest.fixture
def store(tmp_path):
    store = Watched(tmp_path / "store")
    fill(store)
    return store


def look(store, tmp_path, days=0):
    """Damages, and the objects of the newest revision that were read."""
    store.read.clear()
    sound = Sound(tmp_path / "kept" / "sound.json", NOON + timedelta(days=days))
    damages = verify(store, BUILDINGS.id, deep=True, past=False, sound=sound)
    revision = revisions.current(store, BUILDINGS.id)
    return (
        damages,
        {name for name in revision.objects if f"layers/{BUILDINGS.id}/{name}" in store.read},
        set(revision.objects),
    )


def test_each_is_read_once_and_then_every_sixteenth_day(store, tmp_path):
    damages, read, every = look(store, tmp_path)
    assert (damages, read) == ([], every)
    again = [look(store, tmp_path, days)[1] for days in range(16)]
    assert sorted(name for names in again for name in names) == sorted(every)


@pytest.mark.parametrize(
    "data", [lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]), lambda whole: whole[:-1]]
)
def test_what_was_written_is_read_again_until_it_is_sound(store, tmp_path, data):
    _, _, every = look(store, tmp_path)
    for name in sorted(every):
        key = f"layers/{BUILDINGS.id}/{name}"
        whole = store.get(key)
        store.put(key, data(whole))
        for _ in range(2):
            (words,) = look(store, tmp_path, days=1)[0]
            assert name in words
        store.put(key, whole)
        assert look(store, tmp_path, days=1)[0] == []
        store.remove(key)
        assert "is missing" in look(store, tmp_path, days=1)[0][0]
        store.put(key, whole)


def test_only_new_objects_of_a_new_revision_are_read(store, tmp_path):
    _, _, before = look(store, tmp_path)
    today = look(store, tmp_path)[1]
    publish(store, BUILDINGS, buildings(3), NOON + timedelta(hours=1))
    _, read, after = look(store, tmp_path)
    assert read - today == after - before


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"a": 1}', b"\xff"])
def test_without_its_memory_all_is_read(store, tmp_path, damage):
    _, _, every = look(store, tmp_path)
    (tmp_path / "kept" / "sound.json").write_bytes(damage)
    assert look(store, tmp_path)[1] == every


def test_other_stores_have_stamps_of_their_own():
    store = open_store("memory://")
    assert store.stamp("a") is None
    store.put("a", b"one")
    first = store.stamp("a")
    assert first == store.stamp("a") is not None
    store.put("a", b"two")
    assert store.stamp("a") != first
