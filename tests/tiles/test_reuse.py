"""What is taken up again gives the tiles that a run from nothing gives; what is damaged is made anew."""

from dataclasses import replace

import pytest
from houses_made import CITY, Kept, geodesy, layer, town

from tiles import patch
from tiles.build import build
from tiles.reuse import Reuse
from tiles.writers import buildings
from twin.batch import pack
from twin.shelf import Shelf


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(buildings, "LEAF_POINTS", 600)
    monkeypatch.setattr(buildings, "PATCH_POINTS", 1500)


@pytest.fixture
def made(monkeypatch):
    """Counts the patches that are really made."""
    count = []
    make = patch.make
    monkeypatch.setattr(buildings, "make", lambda job: count.append(1) or make(job))
    return count


def features(changed=None):
    known = [replace(feature, checksum=feature.id) for feature in town(12, 12)]
    if changed is not None:
        values = known[changed].values | {"height_m": 99.0}
        known[changed] = replace(known[changed], values=values, checksum="another")
    return known


def tiles(folder, features, reuse):
    folder.mkdir(exist_ok=True)
    shelf = Shelf(folder, layer().schema_)
    shelf.add(pack(features, layer().schema_))
    shelf.close()
    kept = Kept()
    result = build(layer(), CITY, shelf, geodesy=geodesy(), ground=None, put=kept, reuse=reuse)
    return (result.tileset, result.contents, result.report), kept


def test_one_change_makes_its_patch_alone_and_the_same_tiles_as_from_nothing(tmp_path, made):
    reuse = Reuse(tmp_path / "kept", "basis", lambda objects: True)
    _, before = tiles(tmp_path / "a", features(), reuse)
    all_patches = len(made)
    assert all_patches > 4
    made.clear()
    again, kept = tiles(tmp_path / "b", features(changed=30), reuse)
    assert len(made) == 1
    made.clear()
    afresh, wanted = tiles(tmp_path / "c", features(changed=30), None)
    assert len(made) == all_patches
    assert again == afresh
    assert {**before, **kept}.items() >= wanted.items()
    assert again[2] == afresh[2]


def test_without_a_change_nothing_is_made(tmp_path, made):
    reuse = Reuse(tmp_path / "kept", "basis", lambda objects: True)
    first, _ = tiles(tmp_path / "a", features(), reuse)
    made.clear()
    again, _ = tiles(tmp_path / "b", features(), reuse)
    assert (made, again) == ([], first)


def test_what_the_store_no_longer_has_is_made_anew(tmp_path, made):
    first, _ = tiles(tmp_path / "a", features(), Reuse(tmp_path / "kept", "basis", lambda objects: True))
    everything = len(made)
    again, kept = tiles(tmp_path / "b", features(), Reuse(tmp_path / "kept", "basis", lambda objects: False))
    assert len(made) == 2 * everything
    assert again == first
    assert set(kept) == set(first[1])


def test_another_basis_takes_nothing_over(tmp_path, made):
    tiles(tmp_path / "a", features(), Reuse(tmp_path / "kept", "basis", lambda objects: True))
    everything = len(made)
    tiles(tmp_path / "b", features(), Reuse(tmp_path / "kept", "other", lambda objects: True))
    assert len(made) == 2 * everything


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no zip", None])
def test_damaged_files_are_made_anew(tmp_path, made, damage):
    reuse = Reuse(tmp_path / "kept", "basis", lambda objects: True)
    first, _ = tiles(tmp_path / "a", features(), reuse)
    everything = len(made)
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
    again, _ = tiles(tmp_path / "b", features(), reuse)
    assert again == first
    assert len(made) == 2 * everything
