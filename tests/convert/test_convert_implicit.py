"""``twin convert --implicit``: other names and no list of tiles, but the same buildings."""

import json

import pytest

from benchmarks import lod2
from tests.convert.inputs_made import citygml, osm, road, row, terrain
from tiles import subtree
from tiles.inspect.report import inspect
from tiles.writers import buildings


@pytest.fixture
def small(monkeypatch):
    """Small leaves and subtrees, so that a few buildings have several."""
    monkeypatch.setattr(buildings, "LEAF_POINTS", 1200)
    monkeypatch.setattr(subtree, "MOST_LEVELS", 2)


def shown(folder):
    """Ids that the leaves draw."""
    report = inspect(folder)
    return sorted(
        key[1]
        for tile, seen in zip(report.tree.tiles, report.seen, strict=True)
        for key in (seen[0].ids if seen and not tile.children else ())
    )


def test_the_same_buildings_and_nothing_left_over(convert, small, tmp_path):
    lod2.write(tmp_path / "a.gml", 150)
    plain = convert(tmp_path / "a.gml", out="plain")
    ran = convert(tmp_path / "a.gml", "--implicit", out="implicit")
    assert shown(ran.folder) == shown(plain.folder) == plain.ids
    facts = ran.layer()["implicit"]
    assert facts["subtrees"] > 1
    assert f"{facts['sticking_out_m']} m out of their quarter" in ran.out
    names = {path.relative_to(ran.folder).as_posix() for path in ran.folder.rglob("*") if path.is_file()}
    assert {"tileset.json", "buildings/content/0/0/0.glb", "buildings/subtrees/0.0.0.subtree"} < names
    assert {name.partition("/")[0] for name in names if "/" in name} == {"buildings"}
    for attribute in ("height_m", "roof_type"):
        assert attribute in {column.name for column in inspect(ran.folder).attributes}


def test_each_layer_has_its_own_and_the_terrain_stays_as_it_is(convert, tmp_path):
    model, height = tmp_path / "a.gml", terrain(tmp_path / "a.tif")
    model.write_text(citygml(row(30), extra=road()), "utf-8")
    ran = convert(model, height, "--implicit")
    for name in ("buildings", "objects"):
        tileset = json.loads((ran.folder / f"{name}.json").read_bytes())
        assert tileset["root"]["content"]["uri"] == f"{name}/content/{{level}}/{{x}}/{{y}}.glb"
    assert "terrain: explicit tiles" in ran.out
    assert inspect(ran.folder).faults == []


def test_a_lonely_building_is_a_tile_of_its_own(convert, tmp_path):
    (tmp_path / "a.osm").write_text(osm(1), "utf-8")
    ran = convert(tmp_path / "a.osm", "--implicit")
    assert len(shown(ran.folder)) == 1


def test_a_form_of_3d_tiles_only(convert, tmp_path):
    ran = convert(terrain(tmp_path / "a.tif"), "--implicit", "--format", "quantized-mesh")
    assert ran.code == 1
    assert "leave it away" in ran.err
