"""What is taken up again gives the tiles that a run from nothing gives; what is damaged is made anew."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest
from houses_made import CITY, Kept, geodesy, layer, town

from tiles import patch
from tiles.build import build
from tiles.reuse import Reuse
from tiles.writers import buildings
from twin.batch import pack
from twin.report import NAMED
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


def shelved(folder, features):
    folder.mkdir(exist_ok=True)
    shelf = Shelf(folder, layer().schema_)
    shelf.add(pack(features, layer().schema_))
    shelf.close()
    return shelf


def tiles(folder, features, reuse):
    shelf = shelved(folder, features)
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


def damaged():
    """A town in which every third house looks inwards, and which they are."""
    known = features()
    for number in range(0, len(known), 3):
        known[number] = replace(known[number], solid=looking_inwards(known[number].solid))
    return known, sorted(feature.id for feature in known[::3])


def looking_inwards(solid):
    """The solid with all its rings but the first turned round."""
    points = solid.points.copy()
    for begin, end in list(zip(solid.rings[:-1], solid.rings[1:], strict=True))[1:]:
        points[begin:end] = points[begin:end][::-1]
    return replace(solid, points=points)


def test_who_was_repaired_is_named_alike_after_a_reused_run(tmp_path, made):
    """A house more moves the numbers of all behind it."""
    known, wrong = damaged()
    assert len(wrong) > NAMED
    reuse = Reuse(tmp_path / "kept", "basis", lambda objects: True)
    for name, kept in (("a", None), ("b", reuse), ("c", reuse)):
        (_, _, report), _ = tiles(tmp_path / name, known, kept)
        assert set(report["repaired_ids"]) == set(report["repaired"])
        assert report["repaired_ids"]["face turned outwards"] == wrong[:NAMED]
    made.clear()
    more = [replace(known[5], id="0", source_id="0", checksum="new"), *known]
    (_, _, again), _ = tiles(tmp_path / "d", more, reuse)
    few = len(made)
    (_, _, afresh), _ = tiles(tmp_path / "e", more, None)
    assert 0 < few < len(made) - few
    assert again == afresh
    assert again["repaired_ids"] == report["repaired_ids"]


def test_who_was_repaired_is_named_alike_on_workers(tmp_path):
    known, _ = damaged()
    (_, _, report), _ = tiles(tmp_path / "a", known, None)
    shelf = shelved(tmp_path / "b", known)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        there = build(layer(), CITY, shelf, geodesy=geodesy(), ground=None, put=Kept(), executor=pool)
    assert there.report == report
