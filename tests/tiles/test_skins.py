"""Pictures stay with their points through repair, cutting and laying together; only true forms wear them."""

import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from houses_made import prism, solid
from PIL import Image

from tiles.dress import dressed
from tiles.levels import Levels, coarsened, simplified, true
from tiles.polygons import gather
from tiles.shapes import joined, meshes, picked, plain, shaped
from tiles.skins import Skins, skins_of
from twin.batch import pack
from twin.record import Feature, Skin
from twin.schemas import SCHEMAS

SQUARE = [(0, 0), (10, 0), (10, 8), (0, 8)]
HOLE = [(4, 3), (4, 5), (6, 5), (6, 3)]
RED, BLUE = "a" * 64, "b" * 64


@pytest.fixture
def folder(tmp_path):
    for name, colour in ((RED, (220, 30, 30)), (BLUE, (30, 30, 220))):
        stream = io.BytesIO()
        Image.new("RGB", (16, 16), colour).save(stream, "PNG")
        (tmp_path / name).write_bytes(stream.getvalue())
    return tmp_path


def worn(solid, image, *others):
    """The solid with a picture on every second face; places in it are east and north of the points."""
    chosen = np.where(np.arange(len(solid.faces)) % 2, 0, -1).astype(np.int32)
    uv = places(solid.points).astype(np.float32)
    uv[np.repeat(chosen, np.diff(solid.rings[solid.polygons])) < 0] = np.nan
    return replace(solid, skin=Skin((image, *others), chosen, uv))


def places(points):
    return points[:, [0, 2]] % 100 / 100


def skinned(solids, folder):
    """Their polygons, as a patch gathers them."""
    schema = SCHEMAS["building/1"]
    blank = dict.fromkeys(name for name in schema.names if name not in ("id", "source_id"))
    features = [Feature(str(n), str(n), blank, None, solid) for n, solid in enumerate(solids)]
    polygons = gather(solids)
    skin = skins_of(pack(features, schema), folder, polygons.owners, polygons.point_offsets)
    return replace(polygons, skin=skin)


def sound(shapes):
    """Whether every point has the place that it was given."""
    skin = shapes.skin
    on = skin.chosen >= 0
    assert np.isnan(skin.uv[~on]).all()
    return on.any() and np.allclose(skin.uv[on], places(shapes.positions)[on], atol=1e-5)


def test_points_keep_their_places_through_repair(folder):
    spike = [(0, 0), (10, 0), (10, 0), (10, 8), (15, 8), (10, 8), (0, 8)]
    polygons = [*prism(SQUARE, 5, [HOLE]), (1, [[(0, 0, 9), (1, 0, 9), (0.5, 0, 9)]])]
    solids = [
        worn(solid(polygons[::-1]), RED),
        solid(prism(SQUARE, 5, x=20)),
        worn(solid(prism(spike, 5, x=40)), BLUE, RED),
    ]
    shapes, notes = shaped(skinned(solids, folder), 3)
    assert {"face without area left out", "spike in a ring cut off"} <= set(notes.counts)
    assert sound(shapes)
    bounds = shapes.vertices
    images = [
        {shapes.skin.images[i] for i in np.unique(shapes.skin.chosen[a:b]) if i >= 0}
        for a, b in pairwise(bounds)
    ]
    assert images == [{RED}, set(), {BLUE}]
    assert sound(picked(shapes, np.array([2, 0])))
    two = joined([picked(shapes, np.array([2])), plain(picked(shapes, np.array([1]))), shapes])
    assert sound(two)
    chosen = two.skin.chosen[: len(two.positions) // 4]
    assert {two.skin.images[i] for i in chosen[chosen >= 0]} == {BLUE}


def test_of_faces_told_twice_the_one_with_a_picture_stays(folder):
    ground, roof, *walls = prism(SQUARE, 5)
    for faces in ([roof, roof, ground, *walls], [ground, roof, roof, *walls]):
        shapes, notes = shaped(skinned([worn(solid(faces), RED)], folder), 1)
        assert notes.counts == {"face told twice drawn once": 1}
        up = shapes.normals[:, 2] > 0.5
        assert (shapes.skin.chosen[up] == 0).all()
        assert sound(shapes)


def test_what_is_no_checksum_leads_nowhere(folder):
    (folder / "secret").write_bytes((folder / RED).read_bytes())
    for name in ("secret", "../secret", f"./{RED}", ""):
        skin = skinned([worn(solid(prism(SQUARE, 5)), name)], folder).skin
        assert skin.images == ()
        assert (skin.chosen == -1).all()
    assert skinned([solid(prism(SQUARE, 5))], folder).skin is None


def test_only_true_forms_wear_pictures(folder):
    shapes, _ = shaped(skinned([worn(solid(prism(SQUARE, 5)), RED)], folder), 1)
    levels = Levels(
        np.eye(4), np.array([0]), (plain(shapes), shapes), np.array([[2.0], [0.0]]), np.array([14.0])
    )
    assert true(levels).shapes.skin is not None
    assert simplified(levels, 4.0).shapes.skin is None
    assert [form.skin for form in coarsened(levels, 1.0).shapes] == [None, None]
    alone = replace(levels, shapes=(shapes,), errors=np.zeros((1, 1)))
    assert simplified(alone, 4.0).shapes.skin is not None  # nothing simpler than the true form


def test_faces_with_pictures_and_without_are_drawn_apart(folder):
    one, other = worn(solid(prism(SQUARE, 5)), RED), worn(solid(prism(SQUARE, 5, x=30)), "c" * 64)
    shapes, _ = shaped(skinned([one, other], folder), 2)
    drawn = dressed(shapes)
    assert sum(len(mesh.indices) for mesh in drawn) == shapes.corners.size
    on = [mesh for mesh in drawn if mesh.picture]
    assert {mesh.material for mesh in on} == {"roof", "wall"}
    assert {int(mesh.feature_ids[i]) for mesh in on for i in mesh.indices} == {
        0
    }  # the other's picture is not there
    assert len({mesh.picture for mesh in on}) == 1
    sheet = Image.open(io.BytesIO(on[0].picture))
    assert all(abs(a - b) < 30 for a, b in zip(sheet.getpixel((2, 2)), (220, 30, 30), strict=True))


def test_without_pictures_meshes_are_as_ever(folder):
    shapes, _ = shaped(gather([solid(prism(SQUARE, 5, [HOLE]))]), 1)
    lost = replace(
        shapes,
        skin=Skins(
            folder,
            ("d" * 64,),
            np.zeros(len(shapes.positions), np.int32),
            np.zeros((len(shapes.positions), 2), np.float32),
            np.zeros(len(shapes.positions), np.int32),
        ),
    )
    for one, other in zip(dressed(lost), meshes(shapes), strict=True):
        assert one.picture is None
        assert one.indices.tolist() == other.indices.tolist()
