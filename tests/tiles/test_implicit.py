"""Implicit tiling: the same buildings under numbers, which lead to where they really stand."""

import json

import numpy as np
import pytest
from houses_made import built, feature, gabled, geodesy, prism, rectangle, town

from tiles import subtree
from tiles.build import Built
from tiles.glb import moved
from tiles.implicit import implicit
from tiles.inspect.meshes import pieces
from tiles.inspect.report import inspect
from tiles.inspect.table import tables
from tiles.square import square_of
from tiles.tree import Node, frame_at
from tiles.writers import buildings
from twin.errors import TilingError
from twin.glb import Glb


@pytest.fixture
def small(monkeypatch):
    """Small leaves and subtrees, so that a small town has many."""
    monkeypatch.setattr(buildings, "LEAF_POINTS", 600)
    monkeypatch.setattr(subtree, "MOST_LEVELS", 2)


def written(folder, features, **options):
    """What became of it, what was made first, and the contents of that."""
    plain, kept = built(features, every_level=True, **options)

    def keep(name, data, packed=None):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        for ending, form in (packed or {}).items():
            path.with_name(f"{path.name}.{ending}").write_bytes(form)

    result = implicit(plain, geodesy(), read=kept.__getitem__, keep=keep, folder="town")
    keep("tileset.json", json.dumps(result.tileset).encode())
    return result, plain, kept


def leaves(report):
    return {
        key
        for tile, seen in zip(report.tree.tiles, report.seen, strict=True)
        for key in (seen[0].ids if not tile.children else ())
    }


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def spread():
    """A town, a hamlet of several leaves far off in a corner, and a lonely barn."""
    found = town(12, 14)
    for number in range(90):
        x, y = 9000 + number % 10 * 25.0, 7000 + number // 10 * 25.0
        found.append(feature(f"H{number:02d}", gabled(12, 9, 5, 9 + number % 3, x=x, y=y)))
    found.append(feature("barn", prism(rectangle(60, 30), 9, x=-4000, y=3000)))
    return found


def test_a_town_and_a_hamlet_have_no_fault_and_all_their_buildings(small, tmp_path):
    features = spread()
    result, plain, _ = written(tmp_path, features)
    report = inspect(tmp_path)
    assert [fault.words() for fault in report.faults] == []
    assert {fault.kind for fault in report.remarks} <= {"quarters"}
    assert leaves(report) == {("building", one.id) for one in features}
    facts = result.report["implicit"]
    assert facts["levels"] == len(report.levels) > 6
    assert facts["subtrees"] == len(list(tmp_path.rglob("*.subtree"))) > 3
    assert len(result.contents) == len(list(tmp_path.rglob("*.glb"))) == len(list(walk(plain.root)))
    assert all((tmp_path / name).is_file() for name in result.contents)


def test_tiles_of_the_explicit_form_show_the_same_on_each_level(small, tmp_path):
    """Only tiles that it passed over come in between, and who stands for neighbours from afar is open."""
    features = spread()
    explicit, kept = built(features)
    _, every, kept_every = written(tmp_path, features)

    def shown(root, contents):
        return {
            node.cell: sorted(row["id"] for row in tables(Glb(contents[node.content]))[0].rows())
            for node in walk(root)
        }

    few, all_ = shown(explicit.root, kept), shown(every.root, kept_every)
    assert few.keys() < all_.keys()
    one_by_one = 0
    for node in walk(explicit.root):
        members = {id for each in walk(node) if not each.children for id in few[each.cell]}
        if len(few[node.cell]) == len(members):
            one_by_one += 1
            assert few[node.cell] == all_[node.cell]
        else:
            assert set(few[node.cell]) < members
            assert set(all_[node.cell]) < members
    assert 10 < one_by_one < len(few)


def test_each_content_is_drawn_where_it_was(small, tmp_path):
    result, plain, kept = written(tmp_path, spread())
    square = square_of(plain.root, geodesy())
    frame = np.array(result.tileset["root"]["transform"]).reshape(4, 4).T
    assert len(square.places) == len(result.contents)
    for node, name in zip(square.places.values(), result.contents, strict=True):
        before = np.concatenate([piece.positions for piece in pieces(Glb(kept[node.content]))])
        after = np.concatenate([piece.positions for piece in pieces(Glb((tmp_path / name).read_bytes()))])
        there = before @ node.frame[:3, :3].T + node.frame[:3, 3]
        assert after @ frame[:3, :3].T + frame[:3, 3] == pytest.approx(there, abs=1e-5)


def test_who_reads_no_metadata_gets_errors_that_suffice_and_a_root_around_everything(small, tmp_path):
    result, plain, _ = written(tmp_path, spread())
    root = result.tileset["root"]
    square = square_of(plain.root, geodesy())
    box = np.array(root["boundingVolume"]["box"]).reshape(4, 3)
    low, high = box[0] - box[1:].sum(axis=0), box[0] + box[1:].sum(axis=0)
    reach = 0.0
    for ((level, x, y), node), name in zip(square.places.items(), result.contents, strict=True):
        assert root["geometricError"] / 2**level >= node.geometric_error - 1e-9
        points = np.concatenate([piece.positions for piece in pieces(Glb((tmp_path / name).read_bytes()))])
        assert (points >= low).all()
        assert (points <= high).all()
        width = (high - low)[:2] / 2**level
        corner = low[:2] + width * (x, y)
        reach = max(reach, float(np.maximum(corner - points[:, :2], points[:, :2] - corner - width).max()))
    assert 0 < reach <= result.report["implicit"]["sticking_out_m"] + 0.05
    assert reach < 65  # no building is longer: cells and quarters are the same


def test_the_same_features_give_the_same_files_in_any_order(small, tmp_path):
    features = spread()
    written(tmp_path / "a", features)
    written(tmp_path / "b", features[::-1])
    files = {path.relative_to(tmp_path / "a"): path.read_bytes() for path in (tmp_path / "a").rglob("*.*")}
    again = {path.relative_to(tmp_path / "b"): path.read_bytes() for path in (tmp_path / "b").rglob("*.*")}
    assert {path: data for path, data in files.items() if path.suffix} == again


def test_few_buildings_lie_within_their_quarters(tmp_path):
    for number, features in enumerate(
        (
            [feature("one", gabled(12, 9, 5, 9))],
            [feature("one", gabled(12, 9, 5, 9)), feature("two", prism(rectangle(30, 80), 20, x=200, y=-90))],
            [feature("flat", prism(rectangle(10, 10), 3))],
        )
    ):
        result, _, _ = written(tmp_path / str(number), features)
        report = inspect(tmp_path / str(number))
        assert report.findings == []
        assert report.features == len(features)
        assert result.report["implicit"]["sticking_out"] == 0


def test_other_encodings_are_moved_too(small, tmp_path):
    for encoding in ("plain", "quantised"):
        written(tmp_path / encoding, town(6, 6), encoding=encoding)
        assert inspect(tmp_path / encoding).faults == []


def test_tiles_without_cells_or_with_the_same_place_are_refused(tmp_path):
    plain, kept = built(town(2, 2))
    with pytest.raises(TilingError, match="--implicit"):
        implicit(Built(plain.tileset, (), {}), geodesy(), read=kept.get, keep=print, folder="x")
    frame = frame_at(np.array([4178001.229, 855758.118, 4727489.695]))

    def node(*cell, below=()):
        return Node(frame, np.full(3, -9.0), np.full(3, 9.0), 0, "x", list(below), cell=cell or None)

    with pytest.raises(TilingError, match="know their cells"):
        square_of(node(below=[node(), node()]), geodesy())
    # Two of one quarter: the level between was passed over.
    near, far = node(16.0, 333440, 43190), node(16.0, 333441, 43191)
    below = node(64.0, 83360, 10797, below=[near, far])
    with pytest.raises(TilingError, match="share a place"):
        square_of(node(128.0, 41680, 5398, below=[below, node(64.0, 83361, 10798)]), geodesy())


def test_a_content_is_moved_without_touching_its_body():
    _, kept = built([feature("one", gabled(12, 9, 5, 9))])
    (data, *_) = kept.values()
    matrix = np.eye(4)
    matrix[:3, 3] = 100.0, 20.0, 3.0
    before, after = Glb(data), Glb(moved(data, matrix))
    shift = np.concatenate([p.positions for p in pieces(after)]) - np.concatenate(
        [p.positions for p in pieces(before)]
    )
    assert shift == pytest.approx(np.broadcast_to((100.0, 20.0, 3.0), shift.shape), abs=1e-9)
    assert data[-500:] == moved(data, matrix)[-500:]
