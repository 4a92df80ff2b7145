"""What is kept of the store in memory: so many bytes, what was asked for last, no good part of all."""

import hashlib
from types import SimpleNamespace

import pytest
from made import BUILDINGS

from api import contents
from api.contents import Contents
from catalog import keys

SIZE = 100


class Counted:
    """A store that tells what it was asked for."""

    def __init__(self, objects):
        self.objects = {keys.inside(BUILDINGS.id, name): data for name, data in objects.items()}
        self.asked = []

    def get(self, key):
        self.asked.append(key.rpartition("/")[2])
        return self.objects[key]


def revision_of(objects):
    told = {name: SimpleNamespace(sha256=hashlib.sha256(data).hexdigest()) for name, data in objects.items()}
    return SimpleNamespace(layer=BUILDINGS.id, objects=told)


@pytest.fixture
def ten(monkeypatch):
    """Ten objects of which eight have room."""
    monkeypatch.setattr(contents, "_KEPT_BYTES", 8 * SIZE)
    objects = {f"content/{i}.glb": bytes([i]) * SIZE for i in range(10)}
    store = Counted(objects)
    return store, revision_of(objects), Contents(store)


def read(ten, *numbers):
    store, revision, kept = ten
    before = len(store.asked)
    for number in numbers:
        assert kept.packed(revision, f"content/{number}.glb", [])[0] == bytes([number]) * SIZE
    return store.asked[before:]


def test_the_longest_unasked_makes_room(ten):
    assert read(ten, *range(8)) == [f"{i}.glb" for i in range(8)]
    assert read(ten, *range(8)) == []
    assert read(ten, 8) == ["8.glb"]
    assert read(ten, *range(1, 9)) == []
    assert read(ten, 0) == ["0.glb"]


def test_what_is_ready_was_asked_for_too(ten):
    read(ten, *range(8))
    assert ten[2].ready(keys.inside(BUILDINGS.id, "content/0.glb"), ["br"]) == (bytes(SIZE), None)
    assert read(ten, 8, 0) == ["8.glb"]
    assert ten[2].ready(keys.inside(BUILDINGS.id, "content/1.glb"), []) is None


def test_what_is_a_good_part_of_all_is_read_each_time(monkeypatch):
    monkeypatch.setattr(contents, "_KEPT_BYTES", 8 * SIZE)
    objects = {"content/0.glb": bytes(SIZE + 1)}
    store, revision = Counted(objects), revision_of(objects)
    kept = Contents(store)
    for _ in range(2):
        assert kept.promised(revision, "content/0.glb") == bytes(SIZE + 1)
    assert store.asked == ["0.glb"] * 2


def test_of_what_is_packed_so_many_names_are_known(ten, monkeypatch):
    monkeypatch.setattr(contents, "_KEPT_NAMES", 3)
    read(ten, *range(4))
    known = [ten[2].ready(keys.inside(BUILDINGS.id, f"content/{i}.glb"), []) is not None for i in range(4)]
    assert known == [False, True, True, True]
