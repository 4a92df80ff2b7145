from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tile_reader import Content

from tiles.gltf import ENCODINGS, LINES, Mesh, coordinate_error, write_glb
from tiles.materials import MATERIALS
from tiles.property_values import NO_DATA
from twin.base import Text
from twin.errors import TilingError
from twin.schema import Choice, Column, Kind, Schema
from twin.schemas import BUILDING

T = Text(de="Name", en="Name")
EVERYTHING = Schema(
    id="every-thing/3",
    title=T,
    geometry="point",
    columns=(
        Column(name="id", title=T, kind=Kind.TEXT, tiles=True),
        Column(name="number", title=T, kind=Kind.NUMBER, unit="m", tiles=True),
        Column(name="whole", title=T, kind=Kind.INTEGER, tiles=True),
        Column(name="yes", title=T, kind=Kind.BOOLEAN, tiles=True),
        Column(name="since", title=T, kind=Kind.TIME, tiles=True),
        Column(name="kind", title=T, kind=Kind.ENUM, tiles=True, choices=(Choice(value="a-b", title=T),)),
        Column(name="secret", title=T, kind=Kind.TEXT),
    ),
)


def grid(count, size=100.0, material="terrain"):
    """A bumpy square of count² points with one feature per point."""
    x, y = np.meshgrid(np.linspace(-size, size, count), np.linspace(0, size, count))
    z = np.sin(x / 7) * 3
    number = np.arange(count * count, dtype=np.uint32).reshape(count, count)
    a, b, c, d = (n.ravel() for n in (number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]))
    return Mesh(
        positions=np.column_stack((x.ravel(), y.ravel(), z.ravel())),
        indices=np.column_stack((a, b, c, a, c, d)).ravel().astype(np.uint32),
        material=material,
        normals=np.tile(np.float32([0, 0, 1]), (count * count, 1)),
        feature_ids=number.ravel(),
    )


def write(meshes, **options):
    options = {"copyright": "© a", **options}
    return write_glb(meshes, **options)


def soup(primitive):
    """Corners of all triangles as a set, each triangle beginning at its least corner."""
    return sorted(
        min(tuple(map(tuple, np.roll(triangle, turn, axis=0))) for turn in range(3))
        for triangle in primitive.triangles.round(2).tolist()
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_positions_normals_ids_and_winding_survive(encoding):
    mesh = grid(20)
    (primitive,) = Content(write([mesh], encoding=encoding)).primitives
    order = primitive.ids.argsort()
    assert primitive.ids[order].tolist() == list(range(400))
    error = np.abs(primitive.positions[order] - mesh.positions).max()
    assert error <= coordinate_error(200.0, encoding) * 1.001
    assert np.allclose(primitive.normals, [0, 0, 1])
    sides = primitive.triangles[:, 1:] - primitive.triangles[:, :1]
    assert (np.cross(sides[:, 0], sides[:, 1])[:, 2] > 0).all()
    first, second = (
        sorted(map(sorted, t.tolist()))
        for t in (primitive.ids[primitive.corners], mesh.indices.reshape(-1, 3))
    )
    assert first == second


def test_meshes_of_one_tile_meet_without_gaps():
    one, two = grid(5), grid(5, material="roof")
    left, right = Content(write([one, two])).primitives
    shared = {tuple(p) for p in left.positions} & {tuple(p) for p in right.positions}
    assert len(shared) == 25


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_lines(encoding):
    points = np.array([[0, 0, 0], [10, 0, 0], [10, 20, 5.0]])
    mesh = Mesh(
        points,
        np.array([0, 1, 1, 2], np.uint32),
        "line",
        feature_ids=np.array([3, 3, 3], np.uint32),
        mode=LINES,
    )
    (primitive,) = Content(write([mesh], encoding=encoding)).primitives
    assert primitive.mode == 1
    assert primitive.positions[primitive.corners] == pytest.approx(points[[[0, 1], [1, 2]]], abs=1e-3)
    assert primitive.ids.tolist() == [3, 3, 3]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_instances_stand_where_they_should(encoding):
    symbol = grid(3, 1.0, "station")
    places = np.array([[0, 0, 0], [500.25, -100.5, 3.0]])
    mesh = Mesh(
        symbol.positions,
        symbol.indices,
        "station",
        symbol.normals,
        np.array([0, 1], np.uint32),
        instances=places,
    )
    content = Content(write([mesh], schema=BUILDING, rows=[{"id": "a"}, {"id": "b"}], encoding=encoding))
    (primitive,) = content.primitives
    assert primitive.instances == pytest.approx(places)
    assert primitive.instance_ids.tolist() == [0, 1]
    assert np.ptp(primitive.positions, axis=0) == pytest.approx(np.ptp(symbol.positions, axis=0), abs=1e-6)
    assert "matrix" not in content.json["nodes"][0]
    assert "EXT_mesh_gpu_instancing" in content.json["extensionsRequired"]


def test_large_meshes_get_32_bit_indices_and_ids():
    mesh = grid(300)
    content = Content(write([mesh], encoding="meshopt"))
    (primitive,) = content.primitives
    assert sorted(primitive.ids.tolist()) == list(range(90_000))
    assert {a["componentType"] for a in content.json["accessors"]} >= {5125, 5126}


def test_the_default_is_much_smaller_than_plain():
    sizes = {encoding: len(write([grid(100)], encoding=encoding)) for encoding in ENCODINGS}
    assert sizes["meshopt"] * 3 < sizes["quantised"] < sizes["plain"]


def test_required_extensions_are_declared():
    mesh = grid(3)
    document = {e: Content(write([mesh], schema=BUILDING, rows=[{}] * 9, encoding=e)).json for e in ENCODINGS}
    assert document["meshopt"]["extensionsRequired"] == ["EXT_meshopt_compression", "KHR_mesh_quantization"]
    assert document["quantised"]["extensionsRequired"] == ["KHR_mesh_quantization"]
    assert "extensionsRequired" not in document["plain"]
    assert document["plain"]["extensionsUsed"] == ["EXT_mesh_features", "EXT_structural_metadata"]
    assert document["plain"]["asset"]["copyright"] == "© a"


def test_property_tables_hold_every_kind_of_value():
    rows = [
        {
            "id": "ä€😀",
            "number": 1.5,
            "whole": -7,
            "yes": True,
            "since": datetime(2026, 3, 1, 12, tzinfo=UTC),
            "kind": "a-b",
            "secret": "never",
        },
        {"id": "b", "yes": False},
        {"id": "c", "number": None, "kind": None},
    ]
    data = write([grid(3)], schema=EVERYTHING, rows=rows)
    content = Content(data)
    nothing = {"number": None, "whole": None, "yes": None, "since": None, "kind": None}
    assert content.table() == [
        {
            "id": "ä€😀",
            "number": 1.5,
            "whole": -7,
            "yes": "true",
            "since": "2026-03-01T12:00:00Z",
            "kind": "a-b",
        },
        nothing | {"id": "b", "yes": "false"},
        nothing | {"id": "c"},
    ]
    assert b"never" not in data
    metadata = content.json["extensions"]["EXT_structural_metadata"]
    assert list(metadata["schema"]["classes"]) == ["every_thing"]
    assert [v["name"] for v in metadata["schema"]["enums"]["kind"]["values"]] == ["a-b", NO_DATA]
    assert "m" in metadata["schema"]["classes"]["every_thing"]["properties"]["number"]["description"]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=9))
def test_any_text_survives(texts):
    rows = [{"id": text} for text in texts]
    schema = EVERYTHING.model_copy(update={"columns": EVERYTHING.columns[:1]})
    found = Content(write([grid(3)], schema=schema, rows=rows, encoding="plain")).table()
    assert [row["id"] or "" for row in found] == texts


def test_long_texts_get_wide_offsets():
    rows = [{"id": "x" * 40_000}, {"id": "y" * 40_000}]
    schema = EVERYTHING.model_copy(update={"columns": EVERYTHING.columns[:1]})
    content = Content(write([grid(3)], schema=schema, rows=rows))
    assert [len(row["id"]) for row in content.table()] == [40_000, 40_000]


def test_same_input_same_bytes():
    assert write([grid(30)]) == write([grid(30)])


@pytest.mark.parametrize(
    ("meshes", "options", "words"),
    [
        ([], {}, "without triangles"),
        ([grid(3)], {"encoding": "draco"}, "meshopt, quantised, plain"),
        ([Mesh(np.zeros((3, 3)), np.array([0, 1, 3], np.uint32), "roof")], {}, "beyond"),
        ([Mesh(np.full((3, 3), np.nan), np.array([0, 1, 2], np.uint32), "roof")], {}, "finite"),
        ([Mesh(np.zeros((3, 3)), np.array([0, 1, 2], np.uint32), "gold")], {}, ", ".join(MATERIALS)),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason(meshes, options, words):
    with pytest.raises(TilingError, match=words):
        write(meshes, **options)
