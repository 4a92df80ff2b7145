"""Property tables of other makers: every type of EXT_structural_metadata comes back as it was meant."""

import numpy as np
import pytest
import tileset_made as made
from hypothesis import given, settings
from hypothesis import strategies as st

from tiles.gltf import write_glb
from tiles.inspect.attributes import Attributes
from tiles.inspect.table import tables
from tiles.inspect.vertex_table import vertex_tables
from twin.glb import Broken, Glb
from twin.schemas import SCHEMAS


def glb(properties, places, views, count, enums=None):
    """A glb with nothing but a property table; views are arrays or bytes."""
    body, entries = b"", []
    for view in views:
        data = view if isinstance(view, bytes) else view.tobytes()
        body += b"\0" * (-len(body) % 8)
        entries.append({"buffer": 0, "byteOffset": len(body), "byteLength": len(data)})
        body += data
    metadata = {
        "schema": {"id": "s", "classes": {"c": {"properties": properties}}, "enums": enums or {}},
        "propertyTables": [{"class": "c", "count": count, "properties": places}],
    }
    whole = {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": len(body)}],
        "bufferViews": entries,
        "extensions": {"EXT_structural_metadata": metadata},
    }
    return made.packed(whole, body)


def read(*arguments, **more):
    (table,) = tables(Glb(glb(*arguments, **more)))
    return table


ENUMS = {"e": {"valueType": "INT8", "values": [{"name": "no", "value": -1}, {"name": "yes", "value": 4}]}}

CASES = {
    "scaled and normalised numbers": (
        {
            "type": "SCALAR",
            "componentType": "UINT8",
            "normalized": True,
            "scale": 10,
            "offset": 1,
            "noData": 255,
        },
        {"values": 0},
        [np.array([0, 51, 255], np.uint8)],
        [1.0, 3.0, None],
    ),
    "the table's own offset": (
        {"type": "SCALAR", "componentType": "INT32", "offset": 5},
        {"values": 0, "offset": 100},
        [np.array([1, -1], "<i4")],
        [101, 99],
    ),
    "64 bits": (
        {"type": "SCALAR", "componentType": "UINT64", "noData": 0},
        {"values": 0},
        [np.array([2**63, 0], "<u8")],
        [2**63, None],
    ),
    "noData that float32 cannot hold exactly": (
        {"type": "SCALAR", "componentType": "FLOAT32", "noData": -9999.9},
        {"values": 0},
        [np.array([-9999.9, 1.5], "<f4")],
        [None, 1.5],
    ),
    "vectors": (
        {"type": "VEC3", "componentType": "FLOAT32", "noData": [0, 0, 0]},
        {"values": 0},
        [np.array([1, 2, 3, 0, 0, 0], "<f4")],
        [[1, 2, 3], None],
    ),
    "bits": (
        {"type": "BOOLEAN"},
        {"values": 0},
        [np.array([0b0000_0101, 0b1], np.uint8)],
        [True, False, True, False, False, False, False, False, True],
    ),
    "enums": (
        {"type": "ENUM", "enumType": "e", "noData": "no"},
        {"values": 0},
        [np.array([4, -1], np.int8)],
        ["yes", None],
    ),
    "texts with offsets of one byte": (
        {"type": "STRING", "noData": "-"},
        {"values": 0, "stringOffsets": 1, "stringOffsetType": "UINT8"},
        ["Öß-".encode(), np.array([0, 4, 4, 5], np.uint8)],
        ["Öß", "", None],
    ),
    "lists of texts": (
        {"type": "STRING", "array": True},
        {"values": 0, "stringOffsets": 1, "arrayOffsets": 2, "arrayOffsetType": "UINT16"},
        [b"abc", np.array([0, 1, 3], "<u4"), np.array([0, 2, 2], "<u2")],
        [["a", "bc"], []],
    ),
    "lists of a fixed length": (
        {"type": "SCALAR", "componentType": "UINT16", "array": True, "count": 2, "noData": [0, 0]},
        {"values": 0},
        [np.array([1, 2, 0, 0], "<u2")],
        [[1, 2], None],
    ),
    "lists of enums": (
        {"type": "ENUM", "enumType": "e", "array": True, "count": 2},
        {"values": 0},
        [np.array([4, -1, -1, -1], np.int8)],
        [["yes", "no"], ["no", "no"]],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_type_comes_back(case):
    stated, place, views, expected = CASES[case]
    table = read({"x": stated}, {"x": place}, views, len(expected), ENUMS)
    assert table.faults == ()
    assert table.column("x").values == expected
    assert table.rows()[0] == {"x": expected[0]}


FAULTS = {
    "too few numbers": (
        {"type": "SCALAR", "componentType": "INT32"},
        {"values": 0},
        [b"\0" * 7],
        "do not fit",
    ),
    "numbers that are none": (
        {"type": "SCALAR", "componentType": "FLOAT32"},
        {"values": 0},
        [np.array([1, np.nan], "<f4")],
        "not finite",
    ),
    "cut letters": (
        {"type": "STRING"},
        {"values": 0, "stringOffsets": 1},
        ["Ö".encode(), np.array([0, 1, 2], "<u4")],
        "UTF-8",
    ),
    "an unknown enum": ({"type": "ENUM", "enumType": "f"}, {"values": 0}, [b"\0\0"], "f is missing"),
    "a noData that is no value": (
        {"type": "ENUM", "enumType": "e", "noData": "maybe"},
        {"values": 0},
        [np.array([4, 4], np.int8)],
        "noData maybe",
    ),
    "no view": ({"type": "BOOLEAN"}, {"values": 9}, [b"\0"], "x: "),
    "no type": ({}, {"values": 0}, [b"\0"], "type is missing"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_column_that_cannot_be_read_is_named_and_the_others_are_read(case):
    stated, place, views, words = FAULTS[case]
    number = {"type": "SCALAR", "componentType": "UINT8"}
    properties, places = {"x": stated, "n": number}, {"x": place, "n": {"values": len(views)}}
    table = read(properties, places, [*views, np.array([7, 8], np.uint8)], 2, ENUMS)
    assert table.column("x") is None
    assert table.column("n").values == [7, 8]
    (fault,) = table.faults
    assert words in fault


def test_what_a_table_owes_its_schema():
    number = {"type": "SCALAR", "componentType": "UINT8", "required": True}
    (fault,) = read({"x": number}, {}, [], 1).faults
    assert fault == "x is required and missing"
    (fault,) = read({}, {"y": {"values": 0}}, [b"\0"], 1).faults
    assert fault == "y is not in the schema"
    whole, body = made.unpacked(made.glb([0], "plain"))
    metadata = whole["extensions"]["EXT_structural_metadata"]
    metadata["schemaUri"] = metadata.pop("schema")
    elsewhere = Glb(made.packed(whole, body))
    with pytest.raises(Broken, match="schemaUri"):
        tables(elsewhere)


def test_properties_of_points_are_read_and_points_are_no_features():
    points = np.zeros((3, 3), "<f4")
    codes, bright = np.array([[2, 0, 0, 0], [6, 0, 0, 0], [9, 0, 0, 0]], np.uint8), np.array([1, 2, 9], "<f4")
    body = points.tobytes() + codes.tobytes() + bright.tobytes()
    views = [(0, 36, 12), (36, 12, 4), (48, 12, 4)]
    kinds = [(5126, "VEC3"), (5121, "SCALAR"), (5126, "SCALAR")]
    properties = {
        "class": {"type": "ENUM", "enumType": "e", "noData": "water"},
        "bright": {"type": "SCALAR", "componentType": "FLOAT32", "noData": 9},
        "lost": {"type": "SCALAR", "componentType": "UINT8"},
    }
    names = [{"name": "ground", "value": 2}, {"name": "house", "value": 6}, {"name": "water", "value": 9}]
    whole = {
        "asset": {"version": "2.0"},
        "bufferViews": [
            {"buffer": 0, "byteOffset": start, "byteLength": length, "byteStride": stride}
            for start, length, stride in views
        ],
        "accessors": [
            {
                "bufferView": n,
                "componentType": kind,
                "count": 3,
                "type": shape,
                "min": [0] * 3,
                "max": [0] * 3,
            }
            for n, (kind, shape) in enumerate(kinds)
        ],
        "meshes": [
            {
                "primitives": [
                    {
                        "mode": 0,
                        "attributes": {"POSITION": 0, "_CLASS": 1, "_BRIGHT": 2},
                        "extensions": {"EXT_structural_metadata": {"propertyAttributes": [0]}},
                    }
                ]
            }
        ],
        "extensions": {
            "EXT_structural_metadata": {
                "schema": {
                    "classes": {"point": {"properties": properties}},
                    "enums": {"e": {"values": names}},
                },
                "propertyAttributes": [
                    {
                        "class": "point",
                        "properties": {
                            "class": {"attribute": "_CLASS"},
                            "bright": {"attribute": "_BRIGHT"},
                            "lost": {"attribute": "_LOST"},
                        },
                    }
                ],
            }
        },
    }
    (table,) = vertex_tables(Glb(made.packed(whole, body)))
    assert table.column("class").values == ["ground", "house", None]
    assert table.column("bright").values == [1, 2, None]
    assert table.faults == ("lost: _LOST is missing",)
    summed = Attributes()
    summed.add(table)
    assert summed.features == 0
    assert summed.columns["point", "bright"].greatest == 2


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=40)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "source_id": TEXT.filter(bool),
                "height_m": st.none() | st.floats(0, 300, width=32),
                "roof_type": st.sampled_from([None, "flat", "gabled", "other"]),
                "storeys": st.none() | st.integers(0, 200),
            }
        ),
        min_size=1,
        max_size=30,
    )
)
def test_our_own_tables_come_back_whatever_is_in_them(rows):
    rows = [{**row, "id": f"b{n}", "height_source": "measured"} for n, row in enumerate(rows)]
    mesh = made.house(0, 0)
    (table,) = tables(Glb(write_glb([mesh], schema=SCHEMAS["building/1"], rows=rows, copyright="© Testamt")))
    assert table.faults == ()
    for row, back in zip(rows, table.rows(), strict=True):
        for name, value in row.items():
            assert back[name] == (pytest.approx(value, abs=5e-4) if name == "height_m" and value else value)
