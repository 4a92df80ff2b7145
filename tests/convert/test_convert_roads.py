"""Roads and other objects of a city model: on the terrain, in colours of their own."""

import json

import numpy as np
import rasterio

from tests.convert.inputs_made import EAST, GROUND, NORTH, citygml, polygon, road, row
from tests.convert.test_convert_inputs import write
from tests.convert.test_convert_overlays import local, points_of, surface


def hilly(path):
    """A height model with waves of 3 m every 50 m."""
    x = np.arange(200) * 2.0
    heights = np.tile(GROUND + 3 * np.sin(2 * np.pi * x / 50), (200, 1)).astype(np.float32)
    place = rasterio.Affine(2, 0, EAST - 100, 0, -2, NORTH + 300)
    with rasterio.open(path, "w", "GTiff", 200, 200, 1, "EPSG:25832", place, "float32", nodata=-9999) as file:
        file.write(heights, 1)
    return path


def ground_of(ran):
    """(t, 3, 3) triangles of the finest tiles of the terrain."""
    tiles = [tile for tile in ran.tiles("terrain.json") if not tile.children]
    drawn = [t.ecef(p.triangles.reshape(-1, 3)) for t in tiles for p in t.content.primitives]
    return local(np.concatenate(drawn)).reshape(-1, 3, 3)


def test_a_road_lies_on_the_terrain_between_its_corners_too(convert, tmp_path):
    town = write(tmp_path / "town.gml", citygml(row(2), extra=road()))
    ran = convert(town, hilly(tmp_path / "dgm.tif"), "--encoding", "plain")
    (tile,) = [tile for tile in ran.tiles("objects.json") if not tile.children]
    (primitive,) = tile.content.primitives
    corners = local(tile.ecef(primitive.triangles.reshape(-1, 3))).reshape(-1, 3, 3)
    u, v = np.random.default_rng(1).dirichlet((1, 1, 1), 9)[:, :2].T
    a, b, c = (corners[:, None, i] for i in range(3))
    inside = (a + u[:, None] * (b - a) + v[:, None] * (c - a)).reshape(-1, 3)
    above = inside[:, 2] - surface(ground_of(ran), inside)
    assert above.min() > 0
    assert above.max() < 1.2
    sides = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert abs(np.abs(sides[:, 2]).sum() / 2 - 60 * 6) < 0.5
    assert ran.layer("objects")["repaired"] == {"height unknown: put on the terrain": 1}


def test_objects_have_the_colour_of_their_kind_and_no_red_roofs(convert, tmp_path):
    face = [(EAST + 30, NORTH, GROUND), (EAST + 50, NORTH, GROUND), (EAST + 50, NORTH + 9, GROUND)]
    body = f"<gml:MultiSurface>{polygon(face)}</gml:MultiSurface>"
    thing = f'<gen:GenericCityObject gml:id="G"><gen:lod1Geometry>{body}</gen:lod1Geometry>'
    extra = f"{road()}<cityObjectMember>{thing}</gen:GenericCityObject></cityObjectMember>"
    ran = convert(write(tmp_path / "town.gml", citygml(row(2), extra=extra)))
    (tile,) = [tile for tile in ran.tiles("objects.json") if not tile.children]
    ids = [row["source_id"] for row in tile.content.table()]
    drawn = {
        p.material: {ids[number] for number in p.ids[p.corners].ravel()} for p in tile.content.primitives
    }
    assert drawn == {"line": {"R1"}, "ground": {"G"}}
    houses = {p.material for t in ran.tiles("buildings.json") for p in t.content.primitives}
    assert houses == {"wall", "roof", "ground"}


def test_what_is_shown_together_replaces_and_does_not_add(convert, tmp_path):
    """Under an ADD parent that is as true 3d-tiles-renderer draws no child: a town was gone from afar."""
    town = write(tmp_path / "town.gml", citygml(row(2), extra=road()))
    ran = convert(town, hilly(tmp_path / "dgm.tif"))
    children = json.loads((ran.folder / "tileset.json").read_bytes())["root"]["children"]
    assert [child["refine"] for child in children] == ["REPLACE"] * 3
    assert len(points_of(ran, "terrain.json"))
