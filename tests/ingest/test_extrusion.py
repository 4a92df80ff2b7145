import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extrusion.flat import flat_solids
from ingest.extrusion.outlines import CROSSING, LOST_HOLE, NO_EXTENT, NOT_FINITE, OPEN, SLOPING, outlines
from ingest.extrusion.roofs import NOT_FITTING, RISE_ASSUMED, Roof, roofed
from tests.ingest.shells import check, plan, polygons, volume
from twin.record import Face

AT = np.array([691_234.5, 5_336_789.25])
SQUARE = np.array([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], dtype=float)
SHAPES = (
    "gabled", "hipped", "half-hipped", "skillion", "gambrel", "mansard", "round", "saltbox", "pyramidal",
    "cone", "dome", "onion",
)  # fmt: skip


def rectangle(length, width, angle=0.0):
    turn = math.radians(angle)
    axes = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    return np.array([[0, 0], [length, 0], [length, width], [0, width]], dtype=float) @ axes + AT


def raised(areas, bottom=500.0, top=506.0):
    found = outlines(areas)
    count = len(areas)
    return found, flat_solids(found, np.full(count, bottom), np.full(count, top))


def roof(shape, bottom=500.0, top=512.0, rise=3.0, **more):
    fixed = {"rise_open": False, "angle": None, "direction": None, "across": False}
    return Roof(shape, bottom, top, rise, **(fixed | more))


@st.composite
def stars(draw, most=14):
    """Outlines of any number of corners, mostly not convex, in order around a point."""
    count = draw(st.integers(3, most))
    radii = np.array(draw(st.lists(st.floats(2.0, 20.0), min_size=count, max_size=count)))
    angles = np.linspace(0, 2 * np.pi, count + 1)[:-1] + draw(st.floats(0, 1))
    return np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]) + AT


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(stars(), st.booleans(), st.booleans()), min_size=1, max_size=5), st.floats(0.5, 80))
def test_flat_shells_close_and_keep_area_and_holes(areas, height):
    given_areas = []
    for ring, holed, turned in areas:
        rings = [ring[::-1] if turned else ring]
        if holed:
            rings.append((ring - AT) * 0.04 + AT)
        given_areas.append([rings])
    found, solids = raised(given_areas, 500.0, 500.0 + height)
    assert found.faults == [None] * len(areas)
    for solid, [rings] in zip(solids, given_areas, strict=True):
        expected = shapely.Polygon(rings[0], rings[1:])
        if not expected.is_valid:
            continue
        check(solid)
        ground, area = plan(solid, Face.GROUND)
        assert area == pytest.approx(expected.area, abs=1e-3)
        assert ground.symmetric_difference(expected).area < 1e-2
        assert plan(solid, Face.ROOF)[1] == pytest.approx(area, abs=1e-6)
        assert volume(solid) == pytest.approx(area * height, rel=1e-6)


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(
        stars(),
        st.builds(rectangle, st.floats(1.5, 60), st.floats(1.5, 60), st.floats(0, 360)),
    ),
    st.sampled_from(SHAPES),
    st.floats(0.1, 12),
    st.one_of(st.none(), st.floats(0, 360)),
    st.booleans(),
)
def test_any_roof_on_any_outline_closes_or_is_refused(ring, shape, rise, direction, across):
    solid, notes = roofed(ring, roof(shape, rise=rise, direction=direction, across=across))
    if solid is None:
        assert notes == (NOT_FITTING,)
        return
    # points are one on a grid of a millimetre: that over the slope is what a face may be off its plane
    check(solid, flat_within=0.05)
    expected = shapely.Polygon(ring).area
    assert plan(solid, Face.GROUND)[1] == pytest.approx(expected, abs=1e-6)
    if shape != "onion":
        assert plan(solid, Face.ROOF)[1] == pytest.approx(expected, rel=1e-3, abs=0.05)
        assert expected * 11.9 >= volume(solid) * (1 - 1e-3) - 0.1 * expected
    assert solid.points[:, 2].min() == 500
    assert solid.points[:, 2].max() <= 512 + 1e-6
    assert volume(solid) >= expected * (12 - rise - 0.02) * 0.99


@pytest.mark.parametrize("angle", [0, 17, 90, 213.7])
@pytest.mark.parametrize(
    ("shape", "part", "faces"),
    [
        # part: mean height of the roof over its rise, from geometry
        ("gabled", 1 / 2, 2),
        ("skillion", 1 / 2, 1),
        ("hipped", 1 / 2 - 8 / 14 / 6, 4),
        ("pyramidal", 1 / 3, 4),
        ("gambrel", (0.3 * 0.55 + 0.7 * 1.55) / 2, 4),
        ("half-hipped", 1 / 2 - 1 / 84, 4),
    ],
)
def test_roofs_on_rectangles_are_exact(shape, part, faces, angle):
    solid, notes = roofed(rectangle(14, 8, angle), roof(shape))
    check(solid, flat_within=1e-3)
    assert notes == ()
    assert volume(solid) == pytest.approx(14 * 8 * (9 + 3 * part), rel=1e-3)
    assert (solid.faces == Face.ROOF).sum() == faces
    assert (solid.faces == Face.WALL).sum() == 4
    assert solid.points[:, 2].max() == pytest.approx(512)


def ridge(solid):
    top = solid.points[solid.points[:, 2] > 511.99][:, :2]
    first, last = top[np.argmin(top[:, 0])], top[np.argmax(top[:, 0])]
    first, last = (
        (top[np.argmin(top[:, 1])], top[np.argmax(top[:, 1])]) if last[0] - first[0] < 0.1 else (first, last)
    )
    return last - first


def test_the_ridge_runs_along_across_or_as_its_slope_looks():
    along, _ = roofed(rectangle(14, 8), roof("gabled"))
    assert ridge(along) == pytest.approx([14, 0], abs=0.01)
    across, _ = roofed(rectangle(14, 8), roof("gabled", across=True))
    assert ridge(across) == pytest.approx([0, 8], abs=0.01)
    east, _ = roofed(rectangle(14, 8), roof("gabled", direction=90.0))
    assert ridge(east) == pytest.approx([0, 8], abs=0.01)


@pytest.mark.parametrize(
    ("direction", "low"), [(0.0, (None, 8)), (90.0, (14, None)), (180.0, (None, 0)), (270.0, (0, None))]
)
def test_a_skillion_slopes_down_to_where_it_looks(direction, low):
    solid, _ = roofed(rectangle(14, 8), roof("skillion", direction=direction))
    lower = next(rings for face, rings in polygons(solid) if face is Face.ROOF)[0]
    lower = lower[lower[:, 2] < 509.01][:, :2] - AT
    for axis, value in enumerate(low):
        if value is not None:
            assert lower[:, axis] == pytest.approx(value, abs=0.01)


def test_a_gable_on_an_angled_house_or_a_tent_round_the_corner_is_drawn_flat():
    angled = np.array([[0, 0], [20, 0], [20, 5], [5, 5], [5, 20], [0, 20]]) + AT
    assert roofed(angled, roof("gabled")) == (None, (NOT_FITTING,))
    hook = np.array([[0, 0], [20, 0], [20, 20], [0, 20], [0, 18], [18, 18], [18, 2], [0, 2]]) + AT
    assert roofed(hook, roof("pyramidal")) == (None, (NOT_FITTING,))


def test_a_roof_without_a_height_takes_one_within_what_is_stated():
    solid, notes = roofed(rectangle(14, 8), roof("gabled", rise=None))
    assert notes == (RISE_ASSUMED,)
    assert 512 - np.unique(solid.points[:, 2])[1] == pytest.approx(4 * math.tan(math.radians(35)))
    solid, _ = roofed(rectangle(14, 8), roof("gabled", rise=None, top=502.0))
    assert np.unique(solid.points[:, 2])[1] == pytest.approx(500.4)
    solid, _ = roofed(rectangle(14, 8), roof("gabled", rise=None, rise_open=True, angle=45.0))
    assert solid.points[:, 2].max() == pytest.approx(516)


def test_a_roof_down_to_the_ground_still_closes():
    solid, _ = roofed(rectangle(14, 8), roof("gabled", top=503.0, rise=3.0))
    check(solid)


HOLE = np.array([[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]], dtype=float)


@pytest.mark.parametrize(
    ("area", "ground", "note"),
    [
        ([[SQUARE]], 100, None),
        ([[SQUARE[:-1]]], 100, OPEN),
        ([[SQUARE[::-1], HOLE]], 96, None),
        ([[np.repeat(SQUARE, 3, axis=0)]], 100, None),
        ([[np.array([[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]], dtype=float)]], 50, CROSSING),
        (
            [[np.array([[0, 0], [10, 0], [10, 10], [10, 15], [10, 10], [0, 10], [0, 0]], dtype=float)]],
            100,
            CROSSING,
        ),
        ([[SQUARE, HOLE, HOLE]], 96, CROSSING),
        ([[SQUARE, np.array([[5, 5], [5, 5], [5, 5], [5, 5]], dtype=float)]], 100, LOST_HOLE),
        ([[SQUARE, np.array([[0, 0], [5, 2], [2, 5], [0, 0]], dtype=float)]], 89.5, None),  # touches a corner
        (
            [[SQUARE, np.array([[0, 2], [5, 2], [5, 5], [0, 5], [0, 2]], dtype=float)]],
            85,
            CROSSING,
        ),  # an edge
        ([[SQUARE], [SQUARE + 20]], 200, None),
        ([[SQUARE], [SQUARE + 5]], 175, CROSSING),  # overlap
        ([[SQUARE], [SQUARE[:2]]], 100, None),
    ],
)
def test_odd_outlines_are_repaired_and_said_so(area, ground, note):
    found, [solid] = raised([[[ring + AT for ring in rings] for rings in area]])
    assert note is None or note in found.notes[0]
    if note is None:
        assert CROSSING not in found.notes[0]
    assert found.faults == [None]
    check(solid)
    assert plan(solid, Face.GROUND)[1] == pytest.approx(ground, abs=0.1)
    assert volume(solid) == pytest.approx(6 * ground, abs=0.6)


@pytest.mark.parametrize(
    ("area", "fault"),
    [
        (None, None),
        ([[SQUARE[:3]]], None),
        ([[SQUARE[:2]]], NO_EXTENT),
        ([[SQUARE * [1, 0]]], NO_EXTENT),
        ([[SQUARE * np.nan]], NOT_FINITE),
        ([[np.vstack([SQUARE[:2], [[np.inf, 3]], SQUARE[3:]])]], NOT_FINITE),
        ([[SQUARE * 1e300]], "its coordinates lie outside its CRS"),
        ([[np.empty((0, 2))]], NO_EXTENT),
        ([[SQUARE * 1e4]], "its outline is larger than any building"),
    ],
)
def test_what_is_no_area_spoils_nothing_beside_it(area, fault):
    found, solids = raised([[[SQUARE]], area, [[SQUARE + 50]]])
    assert found.faults == [None, fault, None]
    assert (solids[1] is None) == (fault is not None or area is None)
    for solid in (solids[0], solids[2]):
        check(solid)
        assert volume(solid) == pytest.approx(600)


def test_three_dimensional_outlines_stand_at_their_lowest_corner():
    lifted = np.column_stack([SQUARE, [512.0, 512.1, 512.3, 512.2, 512.0]])
    sloping = np.column_stack([SQUARE, [512.0, 513.1, 514.3, 512.2, 512.0]])
    paper = np.column_stack([SQUARE, np.zeros(5)])
    unknown = np.column_stack([SQUARE, np.full(5, np.nan)])
    found = outlines([[[lifted]], [[sloping]], [[paper]], [[SQUARE]], [[unknown]]])
    assert found.ground[:2].tolist() == [512.0, 512.0]
    assert np.isnan(found.ground[2:]).all()
    assert [SLOPING in notes for notes in found.notes] == [False, True, False, False, False]
