import numpy as np
import pytest
from tile_reader import Content

from tiles.gltf import ENCODINGS, Mesh, write_glb
from tiles.outlines import outlines

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
EAST = np.array([1.0, 0, 0])


def faces(*quads):
    """Quads that share no vertices."""
    corners = np.concatenate([[0, 1, 2, 0, 2, 3] + 4 * np.array(n) for n in range(len(quads))])
    return np.concatenate(quads).astype(float), corners.astype(np.uint32)


def cube(size=10.0):
    low = SQUARE[::-1] * size
    up = SQUARE * size + [0, 0, size]
    sides = [
        [low_a, low_b, high_b, high_a]
        for low_a, low_b, high_a, high_b in zip(
            SQUARE * size, np.roll(SQUARE, -1, axis=0) * size, up, np.roll(up, -1, axis=0), strict=True
        )
    ]
    return faces(low, up, *sides)


def drawn(positions, indices):
    """Edges as pairs of points, each with how often."""
    pairs = positions[outlines(positions, indices).reshape(-1, 2)].tolist()
    found = {}
    for pair in pairs:
        key = tuple(sorted(map(tuple, pair)))
        found[key] = found.get(key, 0) + 1
    return found


def test_a_cube_has_twelve_edges_once_for_each_face():
    found = drawn(*cube())
    assert len(found) == 12
    assert set(found.values()) == {2}
    assert {np.abs(np.subtract(*edge)).sum() for edge in found} == {10.0}  # no diagonals


def test_one_plane_in_two_faces_has_no_line_inside():
    positions, indices = faces(SQUARE, SQUARE + EAST)
    found = drawn(positions, indices)
    assert len(found) == 6
    assert ((1.0, 0.0, 0.0), (1.0, 1.0, 0.0)) not in found


def test_faces_folded_onto_each_other_differ():
    assert len(drawn(*faces(SQUARE, SQUARE[::-1]))) == 4


def test_points_within_a_millimetre_are_one():
    positions, indices = faces(SQUARE, SQUARE + 1.0002 * EAST)
    assert len(drawn(positions, indices)) == 6


def test_triangles_without_area_draw_nothing():
    positions = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 0, 0]], float)
    assert not len(outlines(positions, np.array([0, 1, 2, 0, 3, 1], np.uint32)))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_tiles_carry_them_on_request(encoding):
    positions, indices = cube()
    mesh = Mesh(positions, indices, "wall", np.tile(np.float32([0, 0, 1]), (24, 1)), faceted=True)
    plain = Content(write_glb([mesh], copyright="a", encoding=encoding))
    assert "CESIUM_primitive_outline" not in str(plain.json)
    content = Content(write_glb([mesh], copyright="a", encoding=encoding, outlines=True))
    assert "CESIUM_primitive_outline" in content.json["extensionsUsed"]
    assert "CESIUM_primitive_outline" not in content.json.get("extensionsRequired", [])
    (primitive,) = content.json["meshes"][0]["primitives"]
    number = primitive["extensions"]["CESIUM_primitive_outline"]["indices"]
    edges = content.accessor(number).astype(int).reshape(-1, 2)
    assert len(edges) == 24
    ends = content.primitives[0].positions[edges]
    assert np.abs(ends[:, 0] - ends[:, 1]).sum(axis=1) == pytest.approx(10)
