import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from orders import NORTH, WEST, areas, hilly, terrain_ground

from tiles.drape import LONGEST_M, Flat, drape
from tiles.flatten import segments, triangles
from tiles.ground import Ground
from twin.record import Raster

GROUND = terrain_ground()


def placed(polygon):
    return shapely.transform(polygon, lambda p: np.column_stack([WEST + p[:, 0], NORTH - p[:, 1]]))


def star(seed, points=11):
    """A ragged polygon with a hole."""
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.uniform(0, 2 * np.pi, points))
    reach = rng.uniform(40, 130, points)
    shell = np.column_stack([150 + reach * np.cos(turn), 150 + reach * np.sin(turn)])
    polygon = shapely.Polygon(shell).buffer(0)
    polygon = max(shapely.get_parts(polygon), key=lambda p: p.area)
    return placed(polygon.difference(polygon.centroid.buffer(10, quad_segs=3)))


@given(seed=st.integers(0, 10_000), tolerance=st.sampled_from([0.05, 0.1, 0.5]))
@settings(max_examples=25, deadline=None)
def test_what_is_draped_covers_the_polygon_once_and_follows_the_ground(seed, tolerance):
    polygon = star(seed)
    parts = [(0, part) for part in shapely.get_parts(polygon) if part.geom_type == "Polygon"]
    draped = drape(triangles(parts, 64.0), GROUND, tolerance)
    sizes = areas(draped.points, draped.corners)
    assert (sizes > -1e-6).all()
    assert sizes.sum() == pytest.approx(polygon.area, rel=1e-6)
    # Points anywhere in the triangles, not where the code looked.
    mix = np.random.default_rng(seed).dirichlet([1, 1, 1], len(draped.corners))
    spots = np.einsum("tk,tkd->td", mix, draped.points[draped.corners])
    off = np.abs(spots[:, 2] - GROUND.heights(spots[:, :2]))
    assert off.max() <= 2 * tolerance
    assert draped.off_m <= tolerance


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_there_are_no_t_junctions(seed):
    polygon = star(seed)
    parts = [(0, part) for part in shapely.get_parts(polygon) if part.geom_type == "Polygon"]
    draped = drape(triangles(parts, 1e9), GROUND, 0.1)
    edges = {}
    for triangle in draped.corners.tolist():
        for i in range(3):
            edges.setdefault(frozenset((triangle[i], triangle[i - 1])), []).append(triangle)
    rim = {edge for edge, owners in edges.items() if len(owners) == 1}
    assert max(map(len, edges.values())) == 2
    # Edges with one triangle are the polygon's own outline, nowhere inside.
    length = sum(float(np.linalg.norm(np.subtract(*draped.points[list(edge), :2]))) for edge in rim)
    assert length == pytest.approx(polygon.length, rel=1e-6)


def test_needles_end():
    # A needle across a cliff: halving only the edges that leave the ground never ends.
    y, x = np.mgrid[:300, :300]
    cliff = Ground([Raster((500 + 9.0 * (x > y)).astype(np.float32), WEST, NORTH, 1.0)], None)
    points = np.array([[0, 0.3], [280, 280], [281, 280.5]]) * [1, -1] + [WEST, NORTH]
    draped = drape(Flat(points, np.zeros(3, np.int64), np.array([[0, 2, 1]])), cliff, 0.1)
    assert 0 < len(draped.corners) < 50_000
    sides = draped.points[draped.corners[:, 0], :2] - draped.points[draped.corners[:, 1], :2]
    assert np.linalg.norm(sides, axis=1).max() <= LONGEST_M


def test_lines_follow_the_ground():
    line = np.array([[WEST + 3, NORTH - 5], [WEST + 280, NORTH - 260], [WEST + 20, NORTH - 290]])
    draped = drape(segments([(7, line)]), GROUND, 0.05)
    assert set(draped.owners.tolist()) == {7}
    start, end = draped.points[draped.corners[:, 0]], draped.points[draped.corners[:, 1]]
    spots = start + 0.37 * (end - start)
    assert np.abs(spots[:, 2] - GROUND.heights(spots[:, :2])).max() < 0.1
    expected = np.linalg.norm(np.diff(line, axis=0), axis=1).sum()
    assert np.linalg.norm((end - start)[:, :2], axis=1).sum() == pytest.approx(expected)
    assert np.linalg.norm((end - start)[:, :2], axis=1).max() <= LONGEST_M


def test_level_ground_costs_no_triangles():
    square = shapely.box(WEST, NORTH - 200, WEST + 200, NORTH)
    draped = drape(triangles([(0, square)], 1000.0), Ground([], 519.0), 0.1)
    assert len(draped.corners) == 2
    assert draped.points[:, 2].tolist() == [519.0] * 4


def test_unknown_ground_is_passed_on():
    square = shapely.box(WEST + 250, NORTH - 40, WEST + 350, NORTH - 10)
    draped = drape(triangles([(0, square)], 64.0), terrain_ground(hilly()), 0.1)
    assert np.isnan(draped.points[:, 2]).any()
    assert np.isfinite(draped.points[:, 2]).any()


def test_large_polygons_are_cut_along_a_grid_without_loss():
    ring = shapely.Point(WEST, NORTH).buffer(900).difference(shapely.Point(WEST, NORTH).buffer(850))
    flat = triangles([(0, ring)], 64.0)
    assert areas(np.column_stack([flat.points, flat.points[:, 0]]), flat.corners).sum() == pytest.approx(
        ring.area
    )
    reach = np.linalg.norm(flat.points[flat.corners[:, 0]] - flat.points[flat.corners[:, 1]], axis=1)
    assert reach.max() < 64 * 2 * 1.5


def test_beyond_the_terrain_a_guess_is_followed_roughly_and_the_ground_to_the_metre():
    """A forest of 9 km² beyond the edge in 32 m pieces, and in metres along each leap, took minutes."""
    ground = terrain_ground().continued()
    beside = placed(shapely.box(2000, -3000, 5000, 0))
    draped = drape(triangles([(0, beside)], 4000.0), ground, 0.1)
    assert len(draped.corners) < 1500
    assert np.isfinite(draped.points).all()
    across = placed(shapely.LineString([(150, 150), (4000, 150)]))
    draped = drape(segments([(0, np.array(across.coords))]), ground, 0.1)
    heights = ground.heights(draped.points[:, :2])
    np.testing.assert_allclose(draped.points[:, 2], heights)
    east = np.sort(draped.points[:, 0])
    assert np.diff(east).max() <= 250
    known = east[~ground.guessed(draped.points[np.argsort(draped.points[:, 0]), :2])]
    assert len(known) > 3
    assert np.diff(known).max() <= LONGEST_M
    assert draped.off_m <= 0.1
    over = np.array([[WEST - 50, NORTH - 150], [WEST + 350, NORTH - 150]])  # both ends beyond
    draped = drape(segments([(0, over[:, :2])]), terrain_ground().continued(), 0.1)
    assert (~ground.guessed(draped.points[:, :2])).sum() > 5


def test_an_edge_between_two_places_beyond_follows_the_terrain_that_it_crosses():
    ground = terrain_ground().continued()
    across = np.array([[WEST - 20, NORTH - 60], [WEST + 60, NORTH + 20]])
    draped = drape(segments([(0, across)]), ground, 0.1)
    assert (~ground.guessed(draped.points[:, :2])).sum() > 3
    start, end = draped.points[draped.corners[:, 0]], draped.points[draped.corners[:, 1]]
    middle = (start + end) / 2
    assert np.abs(middle[:, 2] - ground.heights(middle[:, :2])).max() <= 0.1


def test_a_triangle_with_one_edge_beyond_follows_what_rises_within_it():
    heights = np.full((300, 300), 500, np.float32)
    heights[110:115, 3:8] = 509
    ground = Ground([Raster(heights, WEST, NORTH, 1.0)], None).continued()
    points = np.array([[-3.0, -100], [-3, -124], [21, -112]]) + np.array([WEST, NORTH])
    draped = drape(Flat(points, np.zeros(3, np.int64), np.array([[0, 1, 2]])), ground, 0.1)
    assert draped.points[:, 2].max() == 509
