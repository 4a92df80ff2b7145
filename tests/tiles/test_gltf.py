from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tile_reader import Content

from tiles.gltf import ENCODINGS, LINES, Mesh, coordinate_error, write_glb
from tiles.materials import MATERIALS
from tiles.property_values import NO_DATA
from twin.base import Text
from twin.compress import siblings
from twin.errors import TilingError
from twin.schema import Choice, Column, Kind, Schema
from twin.schemas.model import BUILDING

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


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=9))
def test_any_text_survives(texts):
    rows = [{"id": text, "number": 1.0} for text in texts]
    schema = EVERYTHING.model_copy(update={"columns": EVERYTHING.columns[:2]})
    found = Content(write([grid(3)], schema=schema, rows=rows, encoding="plain")).table()
    assert [row.get("id") or "" for row in found] == texts


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


def town(count):
    """Boxes with flat faces: walls, roof and ground of each building meet without sharing vertices."""
    rng = np.random.default_rng(7)
    quads = {"wall": [], "roof": [], "ground": []}
    for _ in range(count):
        x, y, z = rng.uniform(0, [900, 900, 5])
        a, b, h = rng.uniform(6, 15, 3)
        turn = rng.uniform(0, np.pi)
        along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        ring = [(x, y) + along * i * a + across * j * b for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))]
        low, high = ([(*p, level) for p in ring] for level in (z, z + h))
        quads["wall"].append([[low[i], low[i - 3], high[i - 3], high[i]] for i in range(4)])
        quads["roof"].append([high])
        quads["ground"].append([low[::-1]])
    meshes = []
    for material, faces in quads.items():
        points = np.array(faces).reshape(-1, 4, 3)
        normals = np.cross(points[:, 1] - points[:, 0], points[:, 3] - points[:, 0])
        normals /= np.linalg.norm(normals, axis=1)[:, None]
        starts = np.arange(len(points))[:, None] * 4
        meshes.append(
            Mesh(
                points.reshape(-1, 3),
                (starts + np.array([0, 1, 2, 0, 2, 3])).ravel().astype(np.uint32),
                material,
                np.repeat(normals, 4, axis=0).astype(np.float32),
                np.repeat(np.arange(count), len(points) // count * 4).astype(np.uint32),
                faceted=True,
            )
        )
    return meshes


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_faceted_meshes_survive(encoding):
    meshes = town(40)
    primitives = Content(write(meshes, encoding=encoding)).primitives
    assert [primitive.material for primitive in primitives] == ["wall", "roof", "ground"]
    for mesh, primitive in zip(meshes, primitives, strict=True):
        expected = mesh.positions[mesh.indices.reshape(-1, 3)]
        assert len(expected) == len(primitive.triangles)
        apart = expected.mean(axis=1)[:, None] - primitive.triangles.mean(axis=1)
        assert np.linalg.norm(apart, axis=2).min(axis=1).max() < 0.02
        sides = primitive.triangles[:, 1:] - primitive.triangles[:, :1]
        vectors = np.cross(sides[:, 0], sides[:, 1])
        vectors /= np.linalg.norm(vectors, axis=1)[:, None]
        assert np.abs(primitive.normals[primitive.corners[:, 0]] - vectors).max() < 0.02
        assert len(np.unique(primitive.ids)) == 40


def sharing(meshes):
    """The same meshes with one set of vertices, building by building."""
    ids = np.concatenate([mesh.feature_ids for mesh in meshes])
    order = np.argsort(ids, kind="stable")
    places = np.argsort(order)
    starts = np.cumsum([0, *(len(mesh.feature_ids) for mesh in meshes)])
    positions = np.concatenate([mesh.positions for mesh in meshes])[order]
    normals = np.concatenate([mesh.normals for mesh in meshes])[order]
    numbers = ids[order]
    return [
        replace(
            mesh,
            positions=positions,
            normals=normals,
            feature_ids=numbers,
            indices=places[mesh.indices + start].astype(np.uint32),
        )
        for mesh, start in zip(meshes, starts, strict=False)
    ]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_vertices_that_meshes_share_are_written_once(encoding):
    apart = town(40)
    content = Content(write(sharing(apart), encoding=encoding))
    assert content.vertices == sum(len(mesh.positions) for mesh in apart)
    assert len(content.primitives) == 3
    for mesh, primitive in zip(apart, content.primitives, strict=True):
        wanted = mesh.positions[mesh.indices.reshape(-1, 3)]
        off = np.abs(wanted.mean(axis=1)[:, None] - primitive.triangles.mean(axis=1))
        assert off.max(axis=2).min(axis=1).max() < 0.02
        assert len(np.unique(primitive.ids[primitive.corners])) == 40


def test_buildings_travel_light():
    apart, shared = (len(siblings(write(form), "glb")["br"]) for form in (town(400), sharing(town(400))))
    assert shared < 0.85 * apart
    assert shared / 400 < 65  # bytes for a box of five faces and a ground


def test_reading_positions_back_is_exact_in_float32():
    (node,) = Content(write(town(10))).json["nodes"]
    step = node["matrix"][0]
    assert np.log2(step) == int(np.log2(step))
    assert (np.array(node["matrix"][12:15]) / step % 1 == 0).all()


@settings(deadline=None)
@given(st.floats(0.01, 1e5), st.floats(0.0, 1.0))
def test_positions_are_no_farther_off_than_stated(size, share):
    mesh = Mesh(
        np.array([[-size, size, 0], [-size * share, 0, size / 3], [0, -0.1, 0]]),
        np.array([0, 1, 2], np.uint32),
        "roof",
    )
    sides = np.ptp(mesh.positions, axis=0)
    for encoding in ("meshopt", "quantised"):
        (primitive,) = Content(write([mesh], encoding=encoding)).primitives
        order = [np.lexsort(p.T) for p in (mesh.positions, primitive.positions)]
        found, expected = primitive.positions[order[1]], mesh.positions[order[0]]
        if len(np.unique(found, axis=0)) == 3:  # else two fell onto one step, and the order says nothing
            error = np.abs(np.sort(found[:, 0]) - np.sort(expected[:, 0])).max()
            assert error <= coordinate_error(float(sides.max()), encoding) * (1 + 1e-9) + size * 1e-12
