import dataclasses

import numpy as np
import pytest
import shapely
from houses_made import gabled, prism, rectangle, solid
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tiles.measures import measured
from tiles.polygons import Polygons, gather
from twin.record import Face

COURTYARD = [(5, 5), (5, 15), (15, 15), (15, 5)]
DIRECTIONS = ("roof_north_m2", "roof_east_m2", "roof_south_m2", "roof_west_m2")


def local(solids):
    polygons = gather(solids)
    return moved(polygons, polygons.points - polygons.points[0])


def moved(polygons, points):
    return Polygons(points, polygons.rings, polygons.polygons, polygons.faces, polygons.owners)


def measure(*buildings):
    """Name → list of values."""
    found = measured(local([solid(building) for building in buildings]), len(buildings))
    return {field.name: getattr(found, field.name).tolist() for field in dataclasses.fields(found)}


def flipped(polygons):
    return [(face, [ring[::-1] for ring in rings]) for face, rings in polygons]


def test_a_house_with_a_ridge_has_the_measures_of_the_formulas():
    slope = np.degrees(np.arctan2(3, 4.5))
    half = 12 * np.hypot(3, 4.5)
    found = measure(gabled(12, 9, 5, 8))
    expected = {
        "height_m": 8,
        "eaves_height_m": 5,
        "ridge_height_m": 8,
        "footprint_m2": 108,
        "roof_area_m2": 2 * half,
        "roof_north_m2": half,
        "roof_east_m2": 0,
        "roof_south_m2": half,
        "roof_west_m2": 0,
        "roof_flat_m2": 0,
        "roof_slope_deg": slope,
        "volume_m3": 108 * 5 + 108 * 3 / 2,
        "closed": True,
    }
    assert {name: value[0] for name, value in found.items()} == pytest.approx(expected)


def test_a_courtyard_is_no_roof_no_footprint_and_no_volume():
    found = measure(prism(rectangle(20, 20), 6, [COURTYARD]))
    assert found["footprint_m2"] == found["roof_area_m2"] == found["roof_flat_m2"] == pytest.approx([300])
    assert found["volume_m3"] == pytest.approx([1800])
    assert found["roof_slope_deg"] == pytest.approx([0])


def test_a_courtyard_whose_ring_runs_the_wrong_way_is_one_all_the_same():
    right = prism(rectangle(20, 20), 6, [COURTYARD])
    wrong = [(face, [rings[0], *[ring[::-1] for ring in rings[1:]]]) for face, rings in right]
    assert measure(wrong) == measure(right)


def test_parts_add_up_and_a_low_annex_does_not_pull_down_the_eaves():
    house, garage = gabled(12, 9, 5, 8), prism(rectangle(3, 6), 2.5, x=12)
    found = measure(house + garage)
    assert found["volume_m3"] == pytest.approx([108 * 6.5 + 18 * 2.5])
    assert found["footprint_m2"] == pytest.approx([126])
    assert (found["eaves_height_m"], found["ridge_height_m"]) == ([5], [8])
    assert found["roof_flat_m2"] == pytest.approx([18])


def test_the_eaves_are_where_the_larger_half_of_the_roof_begins():
    high, low = prism(rectangle(10, 10), 9), prism(rectangle(10, 11), 4, x=10)
    assert measure(high + low)["eaves_height_m"] == [4]
    assert measure(high + prism(rectangle(10, 9), 4, x=10))["eaves_height_m"] == [9]


def test_open_shells_have_no_volume_but_all_else():
    whole = gabled(12, 9, 5, 8)
    for missing in range(len(whole)):
        found = measure([face for number, face in enumerate(whole) if number != missing])
        assert np.isnan(found["volume_m3"][0])
        assert found["closed"] == [False]
        assert found["height_m"] == [8]
    without_ground = measure(whole[1:])
    assert without_ground["footprint_m2"] == pytest.approx([108])  # the roof's


def test_a_long_edge_may_meet_short_ones_of_its_neighbours():
    house = gabled(12, 9, 5, 8)

    def with_points(number, *between):
        """The house with points on edges of one face, which its neighbours do not have."""
        face, (ring,) = house[number]
        ring = [q for p in ring for q in (p, *(point for after, point in between if after == p))]
        return [*house[:number], (face, [ring]), *house[number + 1 :]]

    expected = measure(house)
    upright = with_points(1, ((12, 0, 0), (12, 0, 2)), ((12, 0, 2), (12, 0, 3)))
    level = with_points(1, ((12, 0, 5), (7, 0, 5)), ((7, 0, 5), (3, 0, 5)), ((0, 0, 0), (2, 0, 0)))
    sloped = with_points(5, ((12, 0, 5), (12, 1.5, 6)), ((12, 4.5, 8), (7, 4.5, 8)))
    for split in (upright, level, sloped):
        assert {k: v[0] for k, v in measure(split).items()} == pytest.approx(
            {k: v[0] for k, v in expected.items()}
        )
    slit = with_points(1, ((12, 0, 5), (7, 0, 4.99)))  # a centimetre wide
    assert measure(slit)["closed"] == [False]
    # Two houses of which each lacks a face do not make one.
    assert measure(level[1:], house, sloped)["closed"] == [False, True, True]


def test_what_is_not_there_is_not_a_number():
    walls = [face for face in prism(rectangle(5, 5), 3) if face[0] == Face.WALL]
    polygons = local([solid(walls), solid(gabled(12, 9, 5, 8))])
    shifted = Polygons(
        polygons.points, polygons.rings, polygons.polygons, polygons.faces, polygons.owners * 2 + 1
    )
    found = measured(shifted, 4)
    assert np.isnan(found.height_m).tolist() == [True, False, True, False]
    assert np.isnan(found.roof_area_m2).tolist() == [True, True, True, False]
    assert np.isnan(found.eaves_height_m).tolist() == [True, True, True, False]
    assert np.isnan(found.footprint_m2).tolist() == [True, True, True, False]
    assert np.isnan(found.roof_slope_deg).tolist() == [True, True, True, False]
    assert found.closed.tolist() == [False, False, False, True]
    nothing = measured(
        dataclasses.replace(
            shifted,
            points=shifted.points[:0],
            rings=shifted.rings[:1],
            polygons=shifted.polygons[:1],
            faces=shifted.faces[:0],
            owners=shifted.owners[:0],
        ),
        2,
    )
    assert np.isnan(nothing.volume_m3).all()
    assert not nothing.closed.any()


def test_two_opposite_sheets_close_but_enclose_nothing():
    sheet = (Face.ROOF, [[(0, 0, 0), (5, 0, 0), (5, 5, 0), (0, 5, 0)]])
    found = measure([sheet, *flipped([(Face.GROUND, sheet[1])])])
    assert found["closed"] == [False]
    assert np.isnan(found["volume_m3"][0])


def test_repeated_points_and_faces_and_rings_that_are_none_change_nothing():
    house = gabled(12, 9, 5, 8)
    doubled = [(face, [[p for p in ring for _ in range(2)] for ring in rings]) for face, rings in house]
    needle = (Face.ROOF, [[(0, 0, 5), (1, 0, 5)]])
    twice = [house[5], (Face.ROOF, [house[6][1][0][1:] + house[6][1][0][:1]])]
    found, expected = measure([*doubled, needle, *twice]), measure(house)
    assert {k: v[0] for k, v in found.items()} == pytest.approx({k: v[0] for k, v in expected.items()})


@settings(deadline=None)
@given(st.sets(st.integers(0, 12)), st.booleans())
def test_winding_does_not_matter(turned, unknown):
    shells = [*gabled(12, 9, 5, 8), *prism(rectangle(6, 5), 4, x=30)]
    # One whole shell inside out beside a right one: without roofs and grounds it could be a cavity.
    assume(not unknown or turned not in (set(range(7)), set(range(7, 13))))
    wrong = [*shells]
    for number in turned:
        wrong[number] = flipped([shells[number]])[0]
    if unknown:
        wrong = [(Face.OTHER, rings) for _, rings in wrong]
    found, expected = measure(wrong), measure(shells)
    assert {k: v[0] for k, v in found.items()} == pytest.approx({k: v[0] for k, v in expected.items()})


@settings(deadline=None)
@given(st.floats(0, 360), st.integers(0, 3), st.floats(-2000, 2000), st.floats(-300, 900))
def test_moving_and_turning_the_town_permutes_the_directions_only(start, quarters, east, up):
    assume(min(abs((start - corner + 180) % 360 - 180) for corner in (45, 135, 225, 315)) > 0.01)
    polygons = local([solid(gabled(12, 9, 5, 8)), solid(prism(rectangle(20, 20), 6, [COURTYARD]))])

    def at(angle, offset):
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        return measured(moved(polygons, polygons.points @ turn.T + offset), 2)

    one = at(start, 0)
    other = at(start + 90 * quarters, np.array([east, -east, up]))
    for name in [field.name for field in dataclasses.fields(one)]:
        if name not in DIRECTIONS:
            assert getattr(other, name) == pytest.approx(getattr(one, name), abs=1e-6), name
    for place, name in enumerate(DIRECTIONS):
        # Counter-clockwise: what looked east looks north.
        found = getattr(other, DIRECTIONS[(place - quarters) % 4])
        assert found == pytest.approx(getattr(one, name), abs=1e-6)


@settings(deadline=None)
@given(st.integers(3, 30), st.floats(1, 30), st.floats(0.5, 40), st.data())
def test_prisms_agree_with_shapely(count, size, height, data):
    radii = data.draw(st.lists(st.floats(0.3, 1), min_size=count, max_size=count))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    outline = [(size * r * np.cos(a), size * r * np.sin(a)) for r, a in zip(radii, angles, strict=True)]
    area = shapely.Polygon(outline).area
    assume(area > 0.5)
    found = measure(prism(outline, height))
    assert found["footprint_m2"] == pytest.approx([area], rel=1e-6)
    assert found["volume_m3"] == pytest.approx([area * height], rel=1e-6)
