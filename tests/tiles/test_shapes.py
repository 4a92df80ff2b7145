import dataclasses

import numpy as np
import pytest
from houses_made import gabled, prism, rectangle, solid
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from tiles.bows import bows
from tiles.measures import measured
from tiles.polygons import area_vectors, gather
from tiles.quadtree import quadtree
from tiles.shapes import joined, moved, picked, shaped
from tiles.tree import frame_at
from tiles.triangulate import triangulate
from tiles.winding import wound
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


@settings(deadline=None)
@given(stars(), st.none() | stars(least=0.3, most=1.0), rotations())
def test_triangles_cover_the_polygon_and_nothing_else(outer, hole, rotation):
    rings = [outer] if hole is None else [outer, hole]
    wanted = Polygon(outer, [] if hole is None else [hole])
    polygons = gather([solid([(Face.ROOF, [[(*p, 0.0) for p in ring] for ring in rings])])])
    points = (polygons.points - polygons.points.mean(axis=0)) @ rotation.T
    polygons = type(polygons)(points, polygons.rings, polygons.polygons, polygons.faces, polygons.owners)
    vectors = wound(polygons).vectors
    assert np.linalg.norm(vectors[0]) == pytest.approx(wanted.area, rel=1e-6)
    triangles = triangulate(polygons, vectors)
    corners = points[triangles.corners]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
    assert np.linalg.norm(cross, axis=1).sum() == pytest.approx(wanted.area, rel=1e-5)
    assert (cross @ vectors[0] > 0).all()
    assert (len(triangles.crossing), len(triangles.undrawn)) == (0, 0)


@settings(deadline=None)
@given(st.sets(st.integers(0, 12)), st.booleans())
def test_whatever_faces_are_turned_the_shell_comes_out_the_same(turned, inside_out):
    shell = [*gabled(12, 9, 5, 8), *prism(rectangle(6, 5), 4, x=30)]
    mixed = [
        (face, [ring[::-1] if (number in turned) != inside_out else ring for ring in rings])
        for number, (face, rings) in enumerate(shell)
    ]
    right = area_vectors(*ring_arrays(shell))
    found = wound(gather([solid(mixed)]))
    assert found.vectors == pytest.approx(right)
    assert found.turned.tolist() == [(number in turned) != inside_out for number in range(len(shell))]


def ring_arrays(polygons):
    made = gather([solid(polygons)])
    return made.points, made.rings


def test_crossing_rings_are_drawn_as_far_as_possible_and_counted():
    bow = (Face.ROOF, [[(0, 6, 0), (10, 0, 0), (10, 10, 0), (0, 0, 0)]])
    shapes, notes = shaped(gather([solid([bow])]), 1, whole=False)
    assert notes.counts == {"crossing rings drawn as far as possible": 1}
    assert len(shapes.corners) > 0


def test_a_bow_whose_halves_cancel_out_is_told_as_what_it_is():
    bow = [[(0, 0, 9), (10, 10, 9), (10, 0, 9), (0, 10, 9)]]
    thin = [[(0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0)]]
    there_and_back = [[(0, 0, 0), (9, 0, 0), (9, 5, 0), (9, 9, 0), (9, 5, 0), (9, 0, 0)]]
    touching = [[(0, 0, 0), (4, 4, 0), (4, 0, 0), (0, 0, 0), (-4, 0, 0), (-4, -4, 0)]]
    steep = [[(0, 0, 0), (0, 10, 10), (0, 10, 0), (0, 0, 10)]]
    solids = [solid([*HOUSE, *((Face.ROOF, rings) for rings in faces)]) for faces in ([bow, steep], [thin])]
    solids += [solid([*HOUSE, (Face.WALL, rings)]) for rings in (there_and_back, touching)]
    shapes, notes = shaped(gather(solids), 4)
    assert notes.counts["crossing rings of equal halves left out"] == 2
    assert notes.owners["crossing rings of equal halves left out"] == [0]
    assert notes.owners["face without area left out"] == [1, 2, 3]
    assert (shapes.counts >= shaped(gather([solid(HOUSE)]), 1)[0].counts).all()


def test_edges_that_pass_above_each_other_are_no_crossing():
    flat = np.array([(0, 0, 9), (10, 10, 9), (10, 0, 9), (0, 10, 9)], dtype=float)
    bridge = flat + np.array([[0, 0, 0], [0, 0, 0], [0, 0, 1], [0, 0, 1]])
    points = np.concatenate([flat, bridge, flat[[0, 2, 1, 3]], flat[:3]])
    assert bows(points, np.array([0, 4, 8, 12]), np.array([4, 8, 12, 15])).tolist() == [
        True,
        False,
        False,
        False,
    ]


HOUSE = gabled(12, 9, 5, 8)


def drawn(polygons):
    """Area and signed volume of what is drawn, and the notes."""
    made = gather([solid(polygons)])
    local = dataclasses.replace(made, points=made.points - made.points[0])
    shapes, notes = shaped(local, 1)
    a, b, c = np.moveaxis(shapes.positions[shapes.corners], 1, 0)
    cross = np.cross(b - a, c - a)
    assert (np.einsum("ij,ij->i", cross, shapes.normals[shapes.corners[:, 0]]) > 0).all()
    assert np.linalg.norm(shapes.normals, axis=1) == pytest.approx(1, abs=1e-5)
    return np.linalg.norm(cross, axis=1).sum() / 2, np.einsum("ij,ij->", a, cross) / 6, notes


def with_ring(number, ring, *holes):
    """The house with another ring for one face."""
    return [*HOUSE[:number], (HOUSE[number][0], [ring, *holes]), *HOUSE[number + 1 :]]


WALL = HOUSE[1][1][0]


@pytest.mark.parametrize(
    ("broken", "note"),
    [
        (with_ring(1, [*WALL, WALL[0]]), {"repeated point in a ring": 1}),
        (with_ring(1, [*WALL, WALL[3], (0, 0, 5.0004)]), {"repeated point in a ring": 1}),
        (with_ring(1, [*WALL[:2], (20, 0, 3), *WALL[1:]]), {"spike in a ring cut off": 1}),
        (with_ring(1, [WALL[0], (15, 0, 0), *WALL[1:]]), {"spike in a ring cut off": 1}),
        (
            with_ring(1, [WALL[0], (6, 0, 0), (6, 0, -4), (6, 0, -7), (6, 0, 0), *WALL[1:]]),
            {"spike in a ring cut off": 2},
        ),
        ([*HOUSE, HOUSE[5]], {"face told twice drawn once": 1}),
        ([*HOUSE, (Face.ROOF, [HOUSE[5][1][0][2:] + HOUSE[5][1][0][:2]])], {"face told twice drawn once": 1}),
        ([*HOUSE, (Face.WALL, [WALL[:2]])], {"face without area left out": 1}),
        ([*HOUSE, (Face.WALL, [[(0, 0, 0), (1, 0, 0), (2, 0, 0)]])], {"face without area left out": 1}),
        ([*HOUSE, (Face.WALL, [WALL, WALL[::-1]])], {"face without area left out": 1}),
        (with_ring(1, WALL, [(1, 0, 1), (2, 0, 1), (3, 0, 1)]), {"hole without area filled": 1}),
        (with_ring(1, WALL[::-1]), {"face turned outwards": 1}),
    ],
)
def test_sure_repairs_give_the_house_as_it_is_and_are_counted(broken, note):
    area, volume, notes = drawn(broken)
    assert notes.counts == note
    assert area == pytest.approx(drawn(HOUSE)[0], rel=1e-4)
    assert volume == pytest.approx(12 * 9 * 6.5, rel=1e-4)


@pytest.mark.parametrize(
    ("face", "note"),
    [
        (
            [
                [(30, 0, 0), (40, 0, 0), (40, 10, 0), (30, 10, 0)],
                [(38, 2, 0), (44, 2, 0), (44, 8, 0), (38, 8, 0)],
            ],
            1,
        ),
        (
            [
                [(30, 0, 0), (40, 0, 0), (40, 10, 0), (30, 10, 0)],
                [(50, 2, 0), (54, 2, 0), (54, 8, 0), (50, 8, 0)],
            ],
            1,
        ),
        ([[(30, 0, 0), (40, 8, 0), (40, 0, 0), (30, 10, 0)]], 1),
        ([[(30, 0, 0), (40, 0, 0), (40, 10, 0), (30, 10, 0)], [(36, 2, 0), (40, 5, 0), (36, 8, 0)]], 0),
        (
            [
                [(30, 0, 0), (40, 0, 0), (40, 10, 0), (30, 10, 0)],
                [(40, 2, 0), (36, 2, 0), (36, 8, 0), (40, 8, 0)],
            ],
            0,
        ),
    ],
    ids=["hole over the edge", "hole outside", "figure of eight", "hole at a point", "hole at an edge"],
)
def test_rings_that_cross_are_drawn_and_counted_and_those_that_touch_are_right(face, note):
    area, _, notes = drawn([*HOUSE, (Face.ROOF, face)])
    assert notes.counts.get("crossing rings drawn as far as possible", 0) == note
    outer, *holes = [Polygon([p[:2] for p in ring]) for ring in face]
    if not note:
        assert area - drawn(HOUSE)[0] == pytest.approx(outer.area - sum(hole.area for hole in holes))


def test_what_is_missing_is_counted_by_building():
    solids = [solid(HOUSE), solid(HOUSE[1:]), solid([HOUSE[0], *HOUSE[5:]]), solid(HOUSE[:5])]
    _, notes = shaped(gather(solids), 4)
    assert notes.counts == {
        f"building without {name} faces drawn as it is": 1 for name in ("ground", "wall", "roof")
    }


def test_offsets_may_be_narrow_as_columns_of_tables_are():
    house = [*with_ring(1, WALL, [(1, 0, 1), (1, 0, 2), (2, 0, 2), (2, 0, 1)]), HOUSE[5]]
    wide = gather([solid(house), solid(HOUSE[1:]), solid(flipped(HOUSE))])
    narrow = dataclasses.replace(
        wide, **{name: getattr(wide, name).astype(np.int32) for name in ("rings", "polygons", "owners")}
    )
    for name in ("positions", "normals", "kinds", "corners", "vertices", "triangles"):
        assert np.array_equal(getattr(shaped(narrow, 3)[0], name), getattr(shaped(wide, 3)[0], name)), name
    for one, other in zip(
        dataclasses.astuple(measured(narrow, 3)), dataclasses.astuple(measured(wide, 3)), strict=True
    ):
        assert np.array_equal(one, other, equal_nan=True)


def flipped(polygons):
    return [(face, [ring[::-1] for ring in rings]) for face, rings in polygons]


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


@settings(max_examples=30, deadline=None)
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
