"""What is read from WKB by NumPy alone is what shapely makes of it."""

import json

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from catalog.engines import coordinates
from catalog.engines.vertices import Vertices

CORNER = st.tuples(st.integers(-9, 9), st.integers(-9, 9))
RINGS = st.lists(CORNER, min_size=3, max_size=6, unique=True).map(lambda ring: shapely.Polygon(ring))
RINGS = RINGS.filter(lambda shape: shape.is_valid and shape.area > 0)
BOXES = st.tuples(CORNER, CORNER).map(lambda c: (*np.minimum(*c).tolist(), *np.maximum(*c).tolist()))
OTHERS = [
    shapely.from_wkt(text)
    for text in (
        "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
        "LINESTRING (0 0, 1 1)",
        "POLYGON Z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))",
        "POINT Z (1 2 3)",
        "POLYGON EMPTY",
        "POINT EMPTY",
    )
]


def of(shapes, **how):
    wkb = [None if shape is None else shapely.to_wkb(shape, **how) for shape in shapes]
    return Vertices(pa.array(wkb, pa.binary()))


@given(st.lists(RINGS, min_size=1, max_size=9), st.data())
def test_rings_run_counterclockwise_whichever_way_they_lie(shapes, data):
    rows = np.array(data.draw(st.lists(st.integers(0, len(shapes) - 1), min_size=1)))
    form, told = of(shapes).written(rows)
    found = [form % text for text in told]
    told = shapely.to_geojson(shapely.orient_polygons(np.array(shapes, object)[rows]))
    assert [json.loads(text) for text in found] == [json.loads(text) for text in told]


def test_points():
    form, told = of([shapely.Point(1, 2.5), shapely.Point(-3, 0)]).written(np.array([1, 0]))
    assert [form % text for text in told] == [
        b'{"type":"Point","coordinates":[-3.0,0.0]}',
        b'{"type":"Point","coordinates":[1.0,2.5]}',
    ]


@pytest.mark.parametrize("other", [*OTHERS, None], ids=str)
def test_whatever_else_there_is_is_left_to_others(other):
    box = shapely.box(0, 0, 1, 1)
    made = of([box, other, box, shapely.Point(1, 1)])
    assert made.written(np.array([1])) is None
    assert made.written(np.array([0, 1])) is None
    assert made.written(np.array([0, 3])) is None
    assert len(made.written(np.array([0, 2]))[1]) == 2
    assert not made.inside(np.array([1]), (-99, -99, 99, 99)).any()


def test_the_other_byte_order_and_no_rows_are_left_to_others():
    box = shapely.box(0, 0, 1, 1)
    assert of([box], byte_order=0).written(np.array([0])) is None
    assert of([box]).written(np.array([], int)) is None
    assert of([None]).written(np.array([0])) is None


def test_a_number_of_points_that_lies_is_not_believed():
    wkb = bytearray(shapely.to_wkb(shapely.box(0, 0, 1, 1)))
    wkb[9] = 200
    made = Vertices(pa.array([bytes(wkb)], pa.binary()))
    assert made.written(np.array([0])) is None


@given(st.lists(RINGS, min_size=1, max_size=9), BOXES)
def test_what_is_said_to_meet_a_box_meets_it(shapes, box):
    rows = np.arange(len(shapes))
    met = of(shapes).inside(rows, box)
    assert not (met & ~shapely.intersects(np.array(shapes, object), shapely.box(*box))).any()
    corners = [any(shapely.intersects_xy(shapely.box(*box), *shape.exterior.coords.xy)) for shape in shapes]
    assert met.tolist() == corners


def test_what_lies_there_is_given_as_it_lies():
    shapes = [shapely.Point(1, 2), None, OTHERS[0], shapely.box(0, 0, 1, 1)]
    found = of(shapes).wkb(np.array([3, 1, 0, 2]))
    assert [None if each is None else shapely.from_wkb(each) for each in found] == [
        shapes[row] for row in (3, 1, 0, 2)
    ]


def test_a_slice_of_an_array_is_its_own():
    wkb = pa.array([shapely.to_wkb(shapely.box(n, 0, n + 1, 1)) for n in range(4)], pa.binary()).slice(2)
    form, told = Vertices(wkb).written(np.array([1]))
    found = json.loads(form % told[0])
    assert min(x for x, _ in found["coordinates"][0]) == 3


NUMBERS = st.floats(-180, 180) | st.sampled_from([1e-5, -1e-7, 48.106758712518364, 0.0, -0.0, 11.0, 1e-300])
PLACES = st.tuples(NUMBERS, NUMBERS)
SHAPES = st.one_of(
    PLACES.map(shapely.Point),
    st.lists(PLACES, min_size=2, max_size=4).map(shapely.LineString),
    st.lists(PLACES, min_size=3, max_size=5).map(shapely.Polygon),
    st.lists(PLACES, min_size=1, max_size=3).map(shapely.MultiPoint),
    st.lists(PLACES, min_size=3, max_size=5).map(
        lambda ring: shapely.MultiPolygon([shapely.Polygon(ring)] * 2)
    ),
    st.integers(60, 90).map(lambda corners: shapely.Point(11.5, 48.1).buffer(0.1, quad_segs=corners)),
    st.sampled_from([*OTHERS, None]),
)


@given(st.lists(SHAPES, min_size=1, max_size=20), st.integers(0, 20))
def test_a_geometry_has_the_same_bytes_whichever_others_it_is_written_with(shapes, cut):
    """Pages keep what was written for other pages: answers of two workers would differ."""
    shapes = np.array([*shapes, None], object)[:-1]
    whole = coordinates.written(shapes)
    assert [coordinates.written(shapes[n : n + 1])[0] for n in range(len(shapes))] == whole
    assert coordinates.written(shapes[:cut]) + coordinates.written(shapes[cut:]) == whole
    for shape, text in zip(shapes, whole, strict=True):
        if shape is not None:
            told, known = json.loads(text), json.loads(shapely.to_geojson(shape))
            assert told == known
