"""Property tables from Arrow arrays: the same as from rows, whatever form the arrays have."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tile_reader import Content

from tiles.gltf import Mesh, write_glb
from tiles.property_table import identifier
from twin.base import Text
from twin.errors import TilingError
from twin.schema import Choice, Column, Kind, Schema

T = Text(de="Name", en="Name")
CHOICES = (Choice(value="flat", title=T), Choice(value="shed", title=T))
TRIANGLE = Mesh(np.eye(3), np.array([0, 1, 2], np.uint32), "roof", feature_ids=np.array([0, 0, 1], np.uint32))


def schema(*columns):
    made = [Column(name=name, title=T, kind=kind, tiles=True, choices=c) for name, kind, c in columns]
    return Schema(id="thing/1", title=T, geometry="building", columns=tuple(made))


ALL = schema(
    ("id", Kind.TEXT, ()),
    ("height_m", Kind.NUMBER, ()),
    ("storeys", Kind.INTEGER, ()),
    ("listed", Kind.BOOLEAN, ()),
    ("built", Kind.TIME, ()),
    ("roof", Kind.ENUM, CHOICES),
)
INSTANT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.none() | st.text(max_size=8),
            "height_m": st.none() | st.floats(-100, 100, width=32),
            "storeys": st.none() | st.integers(-(2**31) + 1, 2**31 - 1),
            "listed": st.none() | st.booleans(),
            "built": st.none() | st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC)),
            "roof": st.none() | st.sampled_from(["flat", "shed"]),
        },
    ),
    min_size=1,
    max_size=6,
)
TYPES = {
    "id": pa.string(),
    "height_m": pa.float64(),
    "storeys": pa.int64(),
    "listed": pa.bool_(),
    "built": pa.timestamp("us", tz="UTC"),
    "roof": pa.string(),
}


def write(of=ALL, **table):
    return write_glb([TRIANGLE], schema=of, copyright="a", **table)


def table(of, **columns):
    return Content(write(of, columns=columns)).table()


@settings(deadline=None)
@given(ROWS)
def test_rows_and_columns_give_the_same_bytes(rows):
    columns = {name: pa.array([row.get(name) for row in rows], kind) for name, kind in TYPES.items()}
    data = write(rows=rows)
    assert write(columns=columns) == data
    assert write(columns=pa.record_batch(columns)) == data
    padded = {name: pa.concat_arrays([values, values]) for name, values in columns.items()}
    assert write(columns={name: values[len(rows) :] for name, values in padded.items()}) == data
    assert write(columns={name: pa.chunked_array([v[:1], v[1:]]) for name, v in columns.items()}) == data
    words = {name: columns[name].dictionary_encode() for name in ("id", "roof")}
    assert write(columns={**columns, **words}) == data


def test_values_come_back():
    rows = table(
        ALL,
        id=pa.array(["ä", None]),
        height_m=pa.array([1.5, None]),
        storeys=pa.array([3, None], pa.int16()),
        listed=pa.array([False, None]),
        built=pa.array([INSTANT, None], pa.timestamp("s", tz="UTC")),
        roof=pa.array(["shed", "of straw"]),
    )
    assert rows == [
        {
            "id": "ä",
            "height_m": 1.5,
            "storeys": 3,
            "listed": "false",
            "built": "2026-03-01T12:00:00Z",
            "roof": "shed",
        },
        dict.fromkeys(TYPES),
    ]


def test_a_column_the_source_lacks_is_all_no_data():
    missing = dict.fromkeys(TYPES) | {"id": "a"}
    del missing["built"]
    assert table(ALL, id=pa.array(["a"])) == [missing]


@settings(deadline=None)
@given(ROWS)
def test_views_are_as_long_as_the_offsets_of_their_texts_say(rows):
    """As 3d-tiles-validator counts; where no text is left there is no column, since no view may be empty."""
    rows = [row | {"storeys": 1} for row in rows]
    content = Content(write(rows=rows))
    metadata = content.json["extensions"]["EXT_structural_metadata"]
    (of,) = metadata["schema"]["classes"].values()
    (found,) = metadata["propertyTables"]
    assert found["properties"].keys() == of["properties"].keys()
    for name, place in found["properties"].items():
        if of["properties"][name]["type"] == "STRING":
            texts = [row.get(name) or "" for row in rows]
            letters = sum(len(t.encode() if isinstance(t, str) else b"2026-") for t in texts)
            view = content.json["bufferViews"][place["values"]]
            assert view["byteLength"] == letters if name == "id" else view["byteLength"] > letters > 0
    absent = {"id", "built"} - of["properties"].keys()
    assert not [row for row in rows for name in absent if row.get(name)]


def test_numbers_keep_their_worth():
    of = schema(("e", Kind.NUMBER, ()), ("n", Kind.INTEGER, ()), ("odd", Kind.NUMBER, ()))
    values = {
        "e": pa.array([4_468_502.125, 1.0]),
        "n": pa.array([9_184_130_000_001, None]),
        "odd": pa.array([float("nan"), float("inf")]),
    }
    assert table(of, **values) == [
        {"e": 4_468_502.125, "n": 9_184_130_000_001, "odd": None},
        {"e": 1.0, "n": None, "odd": None},
    ]


def test_the_number_that_stands_for_no_data_does_not_overflow():
    of = schema(("n", Kind.INTEGER, ()))
    assert table(of, n=pa.array([2**31, -(2**31) - 1])) == [{"n": 2**31}, {"n": -(2**31) - 1}]


def test_equal_columns_share_their_bytes():
    of = schema(("id", Kind.TEXT, ()), ("source_id", Kind.TEXT, ()))
    names = pa.array([f"DEBY_LOD2_{n}" for n in range(500)])
    twice, once = (
        len(write(of, columns={"id": names, "source_id": other})) for other in (names, names[::-1])
    )
    assert once - twice > 500 * 10
    assert table(of, id=names, source_id=names)[7] == {"id": "DEBY_LOD2_7", "source_id": "DEBY_LOD2_7"}


def test_any_name_becomes_an_identifier_of_its_own():
    names = ["Straße", "Strasse", "2. Stock", "Höhe (m)", "Höhe [m]", "Höhe_m_", "", "建物"]
    of = schema(*((name, Kind.TEXT, ()) for name in names))
    data = write(of, columns={name: pa.array([f"of {name}"]) for name in names})
    content = Content(data)
    (row,) = content.table()
    assert sorted(row.values()) == sorted(f"of {name}" for name in names)
    assert row["Strasse"] == "of Strasse"
    assert all(name == identifier(name) and name.isascii() for name in row)
    assert not any(name[0].isdigit() for name in row)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(TilingError, match="as long"):
        table(ALL, id=pa.array(["a", "b"]), roof=pa.array(["flat"]))
