import numpy as np
import pytest
from houses_made import gabled, prism, rectangle, solid
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from tiles.polygons import area_vectors, gather
from tiles.quadtree import quadtree
from tiles.shapes import joined, moved, picked, shaped
from tiles.tree import frame_at
from tiles.triangulate import triangulate
from tiles.winding import oriented
from twin.record import Face


@st.composite
def stars(draw, centre=0.0, least=3.0, most=10.0):
    """A ring without crossings around (centre, centre), any direction, often concave."""
    count = draw(st.integers(3, 40))
    radii = draw(st.lists(st.floats(least, most), min_size=count, max_size=count))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False) + draw(st.floats(0, 6))
    ring = [(centre + r * np.cos(a), centre + r * np.sin(a)) for r, a in zip(radii, angles, strict=True)]
    return ring[:: draw(st.sampled_from([1, -1]))]


@st.composite
def rotations(draw):
    """A random rotation matrix."""
    x, y, z, w = draw(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: np.linalg.norm(q) > 0.1))
    x, y, z, w = np.array([x, y, z, w]) / np.linalg.norm([x, y, z, w])
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


@given(stars(), st.none() | stars(least=0.3, most=1.0), rotations())
def test_triangles_cover_the_polygon_and_nothing_else(outer, hole, rotation):
    rings = [outer] if hole is None else [outer, hole]
    wanted = Polygon(outer, [] if hole is None else [hole])
    polygons = gather([solid([(Face.ROOF, [[(*p, 0.0) for p in ring] for ring in rings])])])
    points = (polygons.points - polygons.points.mean(axis=0)) @ rotation.T
    polygons = type(polygons)(points, polygons.rings, polygons.polygons, polygons.faces, polygons.owners)
    vectors, _ = oriented(polygons)
    assert np.linalg.norm(vectors[0]) == pytest.approx(wanted.area, rel=1e-6)
    triangles = triangulate(polygons, vectors)
    corners = points[triangles.corners]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
    assert np.linalg.norm(cross, axis=1).sum() == pytest.approx(wanted.area, rel=1e-5)
    assert (cross @ vectors[0] > 0).all()
    assert (triangles.crossing, triangles.undrawn) == (0, 0)


@given(st.sets(st.integers(0, 12)), st.booleans())
def test_whatever_faces_are_turned_the_shell_comes_out_the_same(turned, inside_out):
    shell = [*gabled(12, 9, 5, 8), *prism(rectangle(6, 5), 4, x=30)]
    mixed = [
        (face, [ring[::-1] if (number in turned) != inside_out else ring for ring in rings])
        for number, (face, rings) in enumerate(shell)
    ]
    right = area_vectors(*ring_arrays(shell))
    found, changed = oriented(gather([solid(mixed)]))
    assert found == pytest.approx(right)
    assert changed.tolist() == [(number in turned) != inside_out for number in range(len(shell))]


def ring_arrays(polygons):
    made = gather([solid(polygons)])
    return made.points, made.rings


def test_crossing_rings_are_drawn_as_far_as_possible_and_counted():
    bow = (Face.ROOF, [[(0, 6, 0), (10, 0, 0), (10, 10, 0), (0, 0, 0)]])
    shapes, notes = shaped(gather([solid([bow])]), 1)
    assert notes == {"crossing rings drawn as far as possible": 1}
    assert len(shapes.corners) > 0


def test_buildings_can_be_picked_joined_and_moved():
    solids = [solid(gabled(10, 8, 4, 6, x=x)) for x in (0, 20, 40)]
    shapes, _ = shaped(gather(solids), 3)
    again = joined([picked(shapes, np.array([2])), picked(shapes, np.array([0, 1]))])
    back = picked(again, np.array([1, 2, 0]))
    for name in ("positions", "normals", "kinds", "corners", "vertices", "triangles"):
        assert np.array_equal(getattr(back, name), getattr(shapes, name))
    frame = frame_at(np.array([4178001.0, 855758.0, 4727489.0]))
    there = moved(shapes, frame)
    corners = there.positions[there.corners]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    cross /= np.linalg.norm(cross, axis=1)[:, None]
    assert np.einsum("ij,ij->i", cross, there.normals[there.corners[:, 0]]) == pytest.approx(1, abs=1e-5)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000)), min_size=1, max_size=60),
    st.integers(1, 40),
)
def test_quadtree_cells_lie_on_a_fixed_grid_and_share_nothing(places, limit):
    centres = np.array(places)
    weights = np.arange(1, len(places) + 1)
    root = quadtree(centres, weights, limit)
    leaves = list(root.leaves())
    assert sorted(np.concatenate([leaf.members for leaf in leaves]).tolist()) == list(range(len(places)))
    for leaf in leaves:
        assert leaf.weight == weights[leaf.members].sum()
        assert leaf.weight <= limit or leaf.width <= 8
        if leaf is not root:
            assert len(np.unique(np.floor(centres[leaf.members] / leaf.width), axis=0)) == 1
    cells = [root]
    while cells:
        cell = cells.pop()
        assert len(cell.children) != 1
        assert all(child.width < cell.width for child in cell.children)
        cells += cell.children
