"""Meshes: nodes, instances and volumes are placed as glTF and 3D Tiles say, checked by other arithmetic."""

import numpy as np
import pyproj
import pytest
import tileset_made as made
from hypothesis import given, settings
from hypothesis import strategies as st

from tiles.inspect.meshes import pieces
from tiles.inspect.volumes import Volume, cartesian, geodetic, volume
from twin.glb import Glb


def with_nodes(nodes, attributes=()):
    """A glb with one triangle, drawn by `nodes`; `attributes` are further accessors, from 1."""
    arrays = [np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0]], "<f4"), *(np.array(a, "<f4") for a in attributes)]
    body, views, accessors = b"", [], []
    for number, array in enumerate(arrays):
        views.append({"buffer": 0, "byteOffset": len(body), "byteLength": array.nbytes})
        accessors.append(
            {
                "bufferView": number,
                "componentType": 5126,
                "count": len(array),
                "type": f"VEC{array.shape[1]}",
                "min": array.min(axis=0).tolist(),
                "max": array.max(axis=0).tolist(),
            }
        )
        body += array.tobytes()
    whole = {
        "asset": {"version": "2.0"},
        "scenes": [{"nodes": [0]}],
        "nodes": nodes,
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(body)}],
    }
    return Glb(made.packed(whole, body))


QUARTER = [0, np.sqrt(0.5), 0, np.sqrt(0.5)]
"""A quarter turn around glTF's y, which points up."""


def test_nodes_in_nodes_turn_scale_and_shift_in_that_order():
    nodes = [
        {"children": [1], "translation": [10, 0, 0]},
        {"mesh": 0, "rotation": QUARTER, "scale": [2, 3, 1], "translation": [0, 5, 0]},
    ]
    (piece,) = pieces(with_nodes(nodes))
    # x becomes -z by the turn, and glTF's -z is north: (1, 0, 0) scaled by 2 lies 2 m north; y is up.
    np.testing.assert_allclose(piece.positions, [[10, 0, 5], [10, 2, 5], [10, 0, 11]], atol=1e-6)
    assert piece.triangles == 1


def test_a_matrix_is_the_same_as_its_parts():
    parts = [{"mesh": 0, "rotation": QUARTER, "translation": [1, 2, 3]}]
    matrix = [{"mesh": 0, "matrix": [0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 2, 3, 1]}]
    (one,), (other,) = pieces(with_nodes(parts)), pieces(with_nodes(matrix))
    np.testing.assert_allclose(one.positions, other.positions, atol=1e-6)


def test_instances_are_turned_and_stretched_before_the_node():
    instancing = {"attributes": {"TRANSLATION": 1, "ROTATION": 2, "SCALE": 3}}
    nodes = [{"mesh": 0, "translation": [0, 0, -100], "extensions": {"EXT_mesh_gpu_instancing": instancing}}]
    arrays = ([[0, 0, 0], [7, 0, 0]], [[0, 0, 0, 1], QUARTER], [[1, 1, 1], [1, 4, 1]])
    (piece,) = pieces(with_nodes(nodes, arrays))
    expected = [[0, 100, 0], [1, 100, 0], [0, 100, 2], [7, 100, 0], [7, 101, 0], [7, 100, 8]]
    np.testing.assert_allclose(piece.positions, expected, atol=1e-6)
    assert (piece.vertices, piece.triangles) == (3, 2)


def test_nodes_that_hold_themselves_end():
    with pytest.raises(Exception, match="without end"):
        list(pieces(with_nodes([{"children": [0], "mesh": 0}])))


@settings(max_examples=50)
@given(st.floats(-180, 180), st.floats(-89.9, 89.9), st.floats(-400, 9000))
def test_geodetic_coordinates_are_those_of_proj(lon, lat, height):
    to_earth = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    point = np.array([to_earth.transform(lon, lat, height)])
    np.testing.assert_allclose(cartesian(np.array([[lon, lat, height]])), point, atol=1e-6)
    back = geodetic(point)[0]
    assert back[1:] == pytest.approx([lat, height], abs=1e-5)


POINTS = st.lists(st.tuples(*[st.floats(-50, 50)] * 3), min_size=1, max_size=20)


@settings(max_examples=50)
@given(POINTS, st.floats(0.5, 40))
def test_what_a_volume_holds_does_not_depend_on_where_it_is_seen_from(points, half):
    local = np.array(points)
    placed = local @ made.FRAME[:3, :3].T + made.FRAME[:3, 3]
    box = volume({"box": [0, 0, 0, half, 0, 0, 0, half, 0, 0, 0, half]}, made.FRAME)
    np.testing.assert_allclose(box.overshoot(placed), np.abs(local).max(axis=1) - half, atol=1e-6)
    sphere = volume({"sphere": [0, 0, 0, half]}, made.FRAME)
    np.testing.assert_allclose(sphere.overshoot(placed), np.linalg.norm(local, axis=1) - half, atol=1e-6)
    assert box.within(sphere) == pytest.approx(half * (np.sqrt(3) - 1), abs=1e-6)
    assert sphere.within(box) == pytest.approx(0, abs=1e-6)


def test_a_region_over_the_date_line_holds_both_sides():
    edges = np.radians([179, -10, -179, 10])
    region = Volume("region", np.array([*edges, -5.0, 100.0]))
    inside = cartesian(np.array([[179.5, 0, 50], [-179.5, 9, 0], [180, -9, -4]]))
    outside = cartesian(np.array([[178, 0, 50], [-178, 0, 50], [180, 11, 0], [180, 0, 200], [180, 0, -9]]))
    assert (region.overshoot(inside) <= 1e-6).all()
    assert (region.overshoot(outside) > 1).all()
    assert region.within(region) <= 1e-6


def test_a_flat_box_has_a_direction_across():
    flat = volume({"box": [0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0, 0]}, np.eye(4))
    assert flat.overshoot(np.array([[0.0, 0, 0.25]]))[0] == pytest.approx(0.25)
