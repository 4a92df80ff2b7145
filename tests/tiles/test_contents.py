"""Several contents in a tile: the same triangles, divided by what they are."""

import json

import numpy as np
import pytest
from houses_made import Kept, built, feature, prism, rectangle, town
from test_reuse import CITY, Shelf, build, geodesy, layer, pack
from tile_reader import read_tileset

from tiles.inspect.report import inspect
from tiles.reuse import Reuse
from tiles.writers import buildings
from twin.errors import TilingError


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(buildings, "LEAF_POINTS", 600)
    monkeypatch.setattr(buildings, "PATCH_POINTS", 1500)


def kinds(result):
    return [group["properties"]["kind"] for group in result.tileset["groups"]]


def area(primitives):
    triangles = np.concatenate([primitive.triangles for primitive in primitives])
    edges = triangles[:, 1:] - triangles[:, :1]
    return np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1).sum() / 2


def test_the_same_surfaces_on_every_level_each_with_its_kind(small):
    features = town(10, 12)
    (one, whole), (many, parts) = built(features), built(features, contents="many")
    names = kinds(many)
    assert names == ["ground", "roof", "wall"]
    tiles = list(read_tileset(many.tileset, parts).walk())
    assert len(tiles) > 5
    for single, tile in zip(read_tileset(one.tileset, whole).walk(), tiles, strict=True):
        assert tile.content is None
        assert single.error == tile.error
        known = {row["id"]: row for row in single.content.table()}
        seen = set()
        for number, content in tile.contents.items():
            assert {primitive.material for primitive in content.primitives} == {names[number]}
            alike = [each for each in single.content.primitives if each.material == names[number]]
            assert area(content.primitives) == pytest.approx(area(alike), rel=1e-3)
            rows = content.table()
            assert [known[row["id"]] for row in rows] == rows
            seen |= {row["id"] for row in rows}
            for primitive in content.primitives:
                assert primitive.ids.max() < len(rows)
                assert tile.contains(tile.ecef(primitive.positions))
        assert seen == set(known)
    assert set(many.contents) == set(parts)
    assert many.report["triangles"] == one.report["triangles"]
    assert many.report["bytes"] == sum(len(parts[name]) for tile in tiles for name in _names(many, tile))


def _names(result, tile):
    def of(stated):
        if stated["boundingVolume"]["box"] == tile.box:
            return [entry["uri"].removeprefix("../../") for entry in stated["contents"]]
        return next((found for child in stated.get("children", ()) if (found := of(child))), None)

    return of(result.tileset["root"])


def test_what_has_no_roof_is_missing_among_the_roofs_only():
    house = feature("A", prism(rectangle(10, 8), 6))
    sides = feature("B", [each for each in prism(rectangle(10, 8), 6, x=30) if each[0] in (0, 2)])
    result, kept = built([house, sides], contents="many")
    tile = next(tile for tile in read_tileset(result.tileset, kept).walk() if not tile.children)
    found = {kinds(result)[n]: [row["id"] for row in c.table()] for n, c in tile.contents.items()}
    assert sorted(map(tuple, found.values())) == [("A",), ("A", "B"), ("A", "B")]


def test_taken_up_again_as_from_nothing(small, tmp_path):
    def tiles(folder, reuse):
        folder.mkdir()
        own = layer(contents="many")
        shelf = Shelf(folder, own.schema_)
        shelf.add(pack(town(8, 12), own.schema_))
        shelf.close()
        kept = Kept()
        result = build(own, CITY, shelf, geodesy=geodesy(), ground=None, put=kept, reuse=reuse)
        return (result.tileset, result.contents, result.report), kept

    reuse = Reuse(tmp_path / "kept", "basis", lambda objects: True)
    first, wanted = tiles(tmp_path / "a", reuse)
    again, kept = tiles(tmp_path / "b", reuse)
    afresh, _ = tiles(tmp_path / "c", None)
    assert first == again == afresh
    assert kept.items() <= wanted.items()
    assert kept.keys() < wanted.keys()  # only the topmost ones are handed over again


def test_inspect_and_py3dtiles_and_one_fault(tmp_path):
    from py3dtiles.tileset import TileSet

    result, kept = built(town(4, 4), contents="many")
    text = json.dumps(result.tileset).replace("../../content/", "content/")
    (tmp_path / "content").mkdir()
    (tmp_path / "tileset.json").write_text(text)
    for key, data in kept.items():
        (tmp_path / key).write_bytes(data)
    assert inspect(tmp_path).faults == []
    # It reads tilesets with several contents, and of a tile none of them: docs/tiles.md says so.
    read = TileSet.from_file(tmp_path / "tileset.json")
    assert {tile.content_uri for tile in [read.root_tile, *read.root_tile.get_all_children()]} == {None}
    next((tmp_path / "content").iterdir()).unlink()
    assert {fault.kind for fault in inspect(tmp_path).faults} == {"content-missing"}


def test_a_word_that_is_none():
    with pytest.raises(TilingError, match="one or many, not 'several'"):
        built(town(1, 2), contents="several")
