"""Features written many at once say the same as when they are written one by one."""

import json
from datetime import UTC, datetime

import numpy as np
import orjson
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from catalog.engines import cells, coordinates, places
from catalog.engines.heads import Heads
from catalog.engines.places import Places
from catalog.engines.properties import Properties

SHAPES = [
    "POINT (1 2.5)",
    "POINT EMPTY",
    "LINESTRING (0 0, 1 1.5)",
    "POLYGON ((0 0, 1 0, 1 1, 0 0))",
    "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1))",
    "POLYGON EMPTY",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1)))",
    "MULTIPOLYGON EMPTY",
    "MULTIPOINT (1 1, 2 2)",
    "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
    "GEOMETRYCOLLECTION (POINT (1 1))",
    "POINT Z (1 2 3)",
    "POLYGON Z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))",
    None,
]


@given(st.lists(st.sampled_from(SHAPES), max_size=20))
def test_geometries_of_any_kinds_together(names):
    shapes = np.array([None if name is None else shapely.from_wkt(name) for name in names], object)
    told = [None if text is None else json.loads(text) for text in shapely.to_geojson(shapes)]
    assert [json.loads(text) for text in coordinates.written(shapes)] == told


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=20))
def test_coordinates_come_back_bit_by_bit(points):
    found = [json.loads(text)["coordinates"] for text in coordinates.written(shapely.points(points))]
    assert [tuple(each) for each in found] == points


TEXT = st.none() | st.text(max_size=6) | st.sampled_from(['","', "%s", "%", '\\"', "\\", "\0\n", "ß"])
WHEN = st.none() | st.datetimes(
    datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)
)  # RFC 3339 begins in the year 0000, orjson's texts of NumPy's times in 1
ROWS = st.lists(
    st.tuples(
        TEXT,
        st.none() | st.floats(),
        st.none() | st.integers(-(2**63), 2**63 - 1),
        WHEN,
        st.none() | st.booleans(),
        st.none() | st.lists(st.integers(0, 9), max_size=2),
    ),
    min_size=1,
    max_size=6,
)
TYPES = (pa.string(), pa.float64(), pa.int64(), pa.timestamp("us", "UTC"), pa.bool_(), pa.list_(pa.int64()))


@pytest.mark.parametrize("words", [True, False], ids=["words", "any text"])
@given(rows=ROWS, data=st.data())
def test_properties_of_any_rows(words, rows, data):
    columns = [pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), TYPES, strict=True)]
    names = ["t%s", "f", "i", "w", "b", "l", "f2", "t2"]
    # more numbers are written together, and what says the same as a column before it only once
    columns += [pa.array([row[1] for row in reversed(rows)], pa.float64()), columns[0]]
    table = pa.table(dict(zip(names, columns, strict=True)))
    some = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8))
    kept = data.draw(st.none() | st.sets(st.sampled_from([*names, "unknown"])))
    told = table.take(pa.array(some, pa.int64())).to_pylist()
    wanted = [
        orjson.dumps(
            {name: value for name, value in row.items() if kept is None or name in kept},
            option=orjson.OPT_UTC_Z,
        )[:-1]
        for row in told
    ]
    with pytest.MonkeyPatch.context() as patch:
        if not words:
            patch.setattr(cells, "_FEW_IN_SAMPLE", 0)
        assert Properties(table).written(np.array(some, np.int64), kept) == wanted


def test_what_is_the_same_everywhere_is_still_there_and_nothing_is_not_something():
    table = pa.table({"a": ["x%", "x%"], "b": pa.nulls(2, pa.int64()), "c": [1.0, 1.0], "d": [1, None]})
    assert Properties(table).written(np.array([1, 0])) == [
        b'{"a":"x%","b":null,"c":1.0,"d":null',
        b'{"a":"x%","b":null,"c":1.0,"d":1',
    ]


BOX = st.tuples(*[st.integers(-5, 5)] * 4).map(
    lambda b: (*np.minimum(b[:2], b[2:]), *np.maximum(b[:2], b[2:]))
)


@pytest.mark.parametrize("at_once", [1, 16_384], ids=["levels", "flat"])
@given(boxes=st.lists(st.none() | BOX, max_size=200), asked=BOX)
def test_nothing_near_is_forgotten(at_once, boxes, asked):
    bounds = np.array([[np.nan] * 4 if box is None else box for box in boxes], float).reshape(-1, 4)
    west, south, east, north = asked
    met = [
        row
        for row, (w, s, e, n) in enumerate(bounds.tolist())
        if w <= east and e >= west and s <= north and n >= south
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "_AT_ONCE", at_once)
        assert Places(bounds).near(tuple(float(each) for each in asked)).tolist() == met


@pytest.mark.parametrize("room", [10, 10_000])
def test_what_is_kept_is_bounded_and_right(room):
    asked: list[int] = []

    def write(rows):
        asked.extend(rows.tolist())
        return [b"%d" % row * 3 for row in rows.tolist()]

    heads = Heads(write, room)
    for _ in range(3):
        for start in range(0, 60, 5):
            rows = np.arange(start, start + 7)
            assert heads(rows) == [b"%d" % row * 3 for row in rows.tolist()]
    assert (len(asked) == 62) == (room > 1000)
    assert sum(len(head) for head in (heads._young | heads._old).values()) <= 2 * room + 7 * 6
