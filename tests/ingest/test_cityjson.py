import gzip
import json
import zipfile

import numpy as np
import pytest

from tests.ingest.asking import records
from tests.ingest.cityjson import (
    CRS,
    GROUND,
    KINDS,
    ROOF,
    SHELL,
    SURFACES,
    VERTICES,
    WALLS,
    document,
    feature,
    sequence,
    solid,
    surfaces,
    thing,
)
from twin.errors import RecipeError
from twin.record import Face

BOX = [Face.GROUND, Face.ROOF, *[Face.WALL] * 4]


@pytest.fixture
def read(tmp_path):
    def read(content, name="a.city.json", crs=None, **options):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return records("cityjson", path, options=options, crs=crs)

    return read


def faces(record):
    return [Face(face) for face in record.geometry.faces]


@pytest.mark.parametrize(("version", "lod"), [("1.0", 2), ("1.1", "2"), ("2.0", "2"), ("2.0.1", "2")])
def test_document_and_sequence_give_the_same_box(read, version, lod):
    box = {"b1": thing("Building", solid(lod))}
    (one,) = read(document(box, version))
    (two,) = read(sequence(feature(box), version=version), "a.city.jsonl")
    for record in (one, two):
        assert record.values["gml_id"] == "b1"
        assert record.values["lod"] == 2
        assert record.crs == CRS
        assert record.notes == ()
        assert faces(record) == BOX
        assert record.geometry.rings.tolist() == [0, 4, 8, 12, 16, 20, 24]
        assert record.geometry.polygons.tolist() == [0, 1, 2, 3, 4, 5, 6]
        assert record.geometry.points[0].tolist() == [690000.0, 5335008.0, 500.0]
        assert record.geometry.points.max(axis=0).tolist() == [690010.0, 5335008.0, 506.0]
    assert one.place == "a.city.json, object 1"
    assert two.place == "a.city.jsonl, line 2"


def test_version_1_0_may_state_real_coordinates_without_a_transform(read):
    real = [[x + 0.25, y, z] for x, y, z in VERTICES]
    (record,) = read(document({"b": thing("Building", solid(2))}, "1.0", real, transform=None))
    assert record.geometry.points[:, 0].max() == 10000.25


def test_the_transform_is_applied_in_double_precision(read):
    far = {"scale": [1e-6, 1e-6, 1e-6], "translate": [4467123.123456, 5335000.000001, 0]}
    (record,) = read(document({"b": thing("Building", solid())}, transform=far))
    assert record.geometry.points[:, 0].min() == 4467123.123456
    assert record.geometry.points[:, 1].max() == pytest.approx(5335000.008001, abs=1e-9)


def test_many_objects_are_told_apart_whatever_their_size(read):
    """Solids are cut out of arrays of the whole batch: each must have its own corners and offsets."""
    hole = [[0, 1, 2, 3], [4, 5, 6]]
    shapes = {"a": [SHELL], "b": [[hole, *WALLS[:2]]], "c": [[ROOF], [GROUND, WALLS[0]]]}
    alone = {name: read(document({name: thing("Building", solid(shells=shapes[name]))}))[0] for name in "abc"}
    lines = []
    for n in range(150):
        moved = [[x + 1000 * n, y, z] for x, y, z in VERTICES]
        lines.append(feature({f"{n}": thing("Building", solid(shells=shapes["abc"[n % 3]]))}, moved))
    together = read(sequence(*lines), "a.jsonl")
    assert [r.values["gml_id"] for r in together] == [f"{n}" for n in range(150)]
    for n, record in enumerate(together):
        ours, expected = record.geometry, alone["abc"[n % 3]].geometry
        assert np.array_equal(ours.points, expected.points + np.array([n, 0, 0]))
        for name in ("rings", "polygons", "faces"):
            assert np.array_equal(getattr(ours, name), getattr(expected, name))
        assert (ours.points.dtype, ours.rings.dtype, ours.polygons.dtype) == (np.float64, np.int32, np.int32)
    assert together[1].geometry.polygons.tolist() == [0, 2, 3, 4]
    assert together[1].geometry.rings.tolist() == [0, 4, 7, 11, 15]


@pytest.mark.parametrize(
    ("kind", "boundaries"),
    [
        ("MultiSurface", SHELL),
        ("CompositeSurface", SHELL),
        ("Solid", [SHELL[:3], SHELL[3:]]),
        ("MultiSolid", [[SHELL[:2]], [SHELL[2:4], SHELL[4:]]]),
        ("CompositeSolid", [[SHELL]]),
    ],
)
def test_every_type_of_surface_and_solid_is_flattened(read, kind, boundaries):
    def like(shape, flat):  # values nested as the boundaries are, down to the surfaces
        if shape is SHELL or isinstance(shape[0][0][0], int):
            return [next(flat) for _ in shape]
        return [like(inner, flat) for inner in shape]

    values = like(boundaries, iter(KINDS))
    geometry = {"type": kind, "lod": "2", "boundaries": boundaries}
    semantics = {"surfaces": SURFACES, "values": values}
    (record,) = read(document({"b": thing("Building", geometry | {"semantics": semantics})}))
    assert faces(record) == BOX
    assert record.notes == ()
    (plain,) = read(document({"b": thing("Building", geometry)}))
    assert faces(plain) == [Face.OTHER] * 6
    assert np.array_equal(plain.geometry.points, record.geometry.points)


def test_kinds_of_faces(read):
    types = ["Window", "Door", "+PatioDoor", "ClosureSurface", "OuterCeilingSurface", "Window"]
    kinds = [{"type": name} for name in types] + [{"type": "RoofSurface", "children": [5]}]
    kinds[5]["parent"] = 6
    semantics = {"surfaces": kinds, "values": [0, 1, 2, 3, 4, 5]}
    (record,) = read(document({"b": thing("Building", surfaces(semantics=semantics))}))
    assert faces(record) == [Face.WALL, Face.WALL, Face.OTHER, Face.CLOSURE, Face.OTHER, Face.ROOF]


@pytest.mark.parametrize(
    ("values", "expected", "noted"),
    [
        ([[0, None, 2, 2, 2, 2]], [Face.GROUND, Face.OTHER, *[Face.WALL] * 4], False),
        (None, [Face.OTHER] * 6, False),
        ([None], [Face.OTHER] * 6, False),
        ([[0, 1, 2]], [Face.OTHER] * 6, True),
        ([[0, 9, -1, 2, 2, 2]], [Face.GROUND, *[Face.OTHER] * 2, *[Face.WALL] * 3], True),
        (KINDS, [Face.OTHER] * 6, True),
    ],
)
def test_semantics_with_gaps_and_mistakes(read, values, expected, noted):
    semantics = {"surfaces": SURFACES, "values": values}
    (record,) = read(document({"b": thing("Building", solid(semantics=semantics))}))
    assert faces(record) == expected
    assert any("semantics" in note for note in record.notes) is noted


def test_parts_and_installations_belong_to_their_building(read):
    objects = {
        "p1": thing(
            "BuildingPart", solid(), parents=["b"], attributes={"measuredHeight": 9.5, "roofType": "1000"}
        ),
        "b": thing("Building", children=["p1", "i", "p2", "r"], attributes={"measuredHeight": 12}),
        "p2": thing(
            "BuildingPart", solid(), parents=["b"], attributes={"measuredHeight": 7, "roofType": "1000"}
        ),
        "i": thing("BuildingInstallation", surfaces(faces=[ROOF]), parents=["b"]),
        "r": thing("BuildingRoom", solid(), parents=["b"]),
    }
    (record,) = read(sequence(feature(objects)), "a.jsonl")
    assert record.values["gml_id"] == "b"
    assert len(record.geometry.faces) == 13
    assert record.values["measured_height"] == 12.0
    assert record.values["part_heights"] == [9.5, 7.0]
    assert record.values["roof_type"] == "1000"
    assert record.notes == ("rooms and furniture inside are not drawn",)


def test_a_group_is_no_parent(read):
    objects = {
        "g": {"type": "CityObjectGroup", "children": ["a", "b"]},
        "a": thing("Building", solid(), parents=["g"]),
        "b": thing("Building", solid(), parents=["g"]),
    }
    assert [r.values["gml_id"] for r in read(document(objects))] == ["a", "b"]
    alone = read(sequence(feature({"a": objects["a"]})), "a.jsonl")
    assert [(r.values["gml_id"], r.notes) for r in alone] == [("a", ())]


@pytest.mark.parametrize(
    ("levels", "wanted", "taken"),
    [
        (["0", "1.2", "1.3", "2.2", "3"], None, 3),
        (["0", "1.2", "1.3", "3.1"], None, 3.1),
        (["0", "1.2", "1.3"], None, 1.3),
        (["0"], None, 0),
        (["2.1", "2.2", "1"], "2", 2.2),
        (["2.1", "2.2", "1"], 2.1, 2.1),
        (["2", "1"], "1", 1),
        (["2.2", "1"], "2.1", None),
        ([2, 1], 1, 1),
    ],
)
def test_level_of_detail(read, levels, wanted, taken):
    geometries = [surfaces(lod, [ROOF] * (n + 1)) for n, lod in enumerate(levels)]
    (record,) = read(
        document({"b": thing("Building", *geometries)}), **({} if wanted is None else {"lod": wanted})
    )
    assert record.values["lod"] == taken
    if taken is None:
        assert record.geometry is None
        assert "wanted level" in record.notes[0]
    else:
        count = [float(lod) for lod in levels].index(taken) + 1
        assert len(record.geometry.faces) == count


def test_the_best_level_is_one_that_all_parts_have(read):
    """As in 3DBAG: the parent has only its outline, and parts may lack the best level."""
    objects = {
        "b": thing("Building", surfaces("0", [GROUND]), children=["p", "q"]),
        "p": thing("BuildingPart", surfaces("1.2", [ROOF]), surfaces("2.2", [ROOF] * 3), parents=["b"]),
        "q": thing("BuildingPart", surfaces("1.2", [ROOF]), parents=["b"]),
    }
    (record,) = read(document(objects))
    assert record.values["lod"] == 1.2
    assert len(record.geometry.faces) == 2
    assert record.notes == ()
    del objects["p"]["geometry"][0]
    (record,) = read(document(objects))
    assert record.values["lod"] == 2.2
    assert len(record.geometry.faces) == 4
    assert record.notes == ("parts in different levels of detail were put together",)
    (record,) = read(document(objects), lod="2.2")
    assert len(record.geometry.faces) == 3
    assert "left out" in record.notes[0]


def test_faces_told_twice_are_drawn_once_with_their_kind(read):
    """Vienna writes surfaces with kinds and, beside them, a solid without."""
    semantics = {"surfaces": SURFACES, "values": KINDS}
    alike = thing("Building", surfaces(semantics=semantics), solid(shells=[SHELL]))
    turned = [[ring[1:] + ring[:1] for ring in polygon] for polygon in reversed(SHELL)]
    other = thing("Building", solid(shells=[turned]), surfaces(semantics=semantics))
    one, two = read(document({"a": alike, "b": other}))
    assert faces(one) == BOX
    assert faces(two) == [*[Face.WALL] * 4, Face.ROOF, Face.GROUND]


def test_the_wall_between_two_parts_is_kept_on_both_sides(read):
    objects = {
        "b": thing("Building", children=["p", "q"]),
        "p": thing("BuildingPart", solid(), parents=["b"]),
        "q": thing("BuildingPart", solid(), parents=["b"]),
    }
    (record,) = read(document(objects))
    assert len(record.geometry.faces) == 12


def test_templates_are_set_down_where_they_belong(read):
    matrix = [2, 0, 0, 1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    tree = {"type": "GeometryInstance", "template": 0, "boundaries": [6], "transformationMatrix": matrix}
    templates = {
        "templates": [surfaces("3", [[[0, 1, 2]], [[0, 2, 1]]])],
        "vertices-templates": [[0.5, 0, 0], [1, 0, 0], [0, 1, 0.125]],
    }
    trees = {f"t{n}": thing("SolitaryVegetationObject", tree) for n in (1, 2)}
    wrong = thing("SolitaryVegetationObject", tree | {"template": 7})
    for content in (
        document(trees | {"w": wrong}, **{"geometry-templates": templates}),
        sequence(
            *(feature({k: v}) for k, v in (trees | {"w": wrong}).items()), **{"geometry-templates": templates}
        ),
    ):
        one, two, broken = read(content, classes=["SolitaryVegetationObject"])
        assert one.values["lod"] == 3
        expected = [[690012, 5335008, 506], [690013, 5335008, 506], [690011, 5335010, 506.25]]
        assert one.geometry.points[:3].tolist() == expected
        assert np.array_equal(one.geometry.points, two.geometry.points)
        assert broken.geometry is None
        assert "template" in broken.notes[0]


def test_values(read):
    attributes = {
        "measuredHeight": "21.5",
        "roofType": "3100",
        "function": ["31001_1010"],
        "usage": "x",
        "storeysAboveGround": 3,
        "creationDate": "2022-09-01",
        "Gemeindeschluessel": "09162000",
        "name": "Haus",
        "+noise": 4,
        "ok": True,
        "yearOfConstruction": 1911,
        "empty": None,
        "huge": 2**63,
        "nested": {"b": [1], "Address": "Weg 1"},
        "address": {"street": "Weg"},
        "Adresse": "Weg 2",
    }
    building = thing("Building", solid(), attributes=attributes, address=[{"street": "Weg"}], children=["p"])
    part = thing("BuildingPart", solid(), parents=["b"], attributes={"ok": False, "only": 1.5})
    objects = {"b": building, "p": part}
    (record,) = read(document(objects))
    assert record.values == {
        "class": "Building",
        "gml_id": "b",
        "name": "Haus",
        "measured_height": 21.5,
        "part_heights": [],
        "roof_type": "3100",
        "function": "31001_1010",
        "storeys": "3",
        "year_built": "1911",
        "creation_date": "2022-09-01",
        "municipality_key": "09162000",
        "lod": 2,
        "generic": {},
    }
    (record,) = read(document(objects), attributes="all")
    assert record.values["generic"] == {
        "name": "Haus",
        "function": ["31001_1010"],
        "usage": "x",
        "+noise": 4,
        "ok": True,
        "yearOfConstruction": 1911,
        "huge": str(2**63),
        "nested": '{"b":[1]}',
        "only": 1.5,
    } | {"function": '["31001_1010"]'}
    assert "Weg" not in repr(record.values)


def test_classes(read):
    kinds = ["Building", "Road", "+NoiseBuilding", "Bridge", "GenericCityObject", "+GenericCityObject", "Cow"]
    objects = {f"o{n}": thing(kind, surfaces("1")) for n, kind in enumerate(kinds)}
    objects["part"] = thing("BridgePart", surfaces("1"), parents=["o3"])
    assert [r.values["gml_id"] for r in read(document(objects))] == ["o0"]
    found = read(document(objects), classes=["GenericCityObject", "Bridge"])
    assert [(r.values["gml_id"], r.values["class"]) for r in found] == [
        ("o2", "GenericCityObject"),
        ("o3", "Bridge"),
        ("o4", "GenericCityObject"),
        ("o5", "GenericCityObject"),
        ("o6", "GenericCityObject"),
    ]
    assert len(found[1].geometry.faces) == 12
    assert found[1].place == "a.city.json, object 4"


def test_points_and_lines_are_named_not_drawn(read):
    road = thing("Road", {"type": "MultiLineString", "lod": "0", "boundaries": [[0, 1]]})
    (record,) = read(document({"r": road}), classes=["Road"])
    assert record.geometry is None
    assert record.notes == ("points and lines are not drawn",)


def test_crs_from_the_file_else_stated_else_none(read):
    box = {"b": thing("Building", solid())}
    assert read(document(box), crs="EPSG:25832")[0].crs == CRS
    assert read(document(box, metadata=None), crs="EPSG:25832")[0].crs == "EPSG:25832"
    assert read(sequence(feature(box), metadata={}), "a.jsonl")[0].crs is None


def test_folders_gzip_byte_order_marks_and_windows_lines(tmp_path):
    box = {"b": thing("Building", solid())}
    lines = sequence(feature(box), "\n", feature({"c": thing("Building", solid())}))
    (tmp_path / "1.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(document(box), indent=1).encode())
    (tmp_path / "2.city.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "3.jsonl").write_bytes(b"\xef\xbb\xbf" + lines.replace("\n", "\r\n").encode().strip())
    (tmp_path / "4.txt").write_text("no")
    found = records("cityjson", tmp_path)
    assert [r.place for r in found] == [
        "1.json, object 1",
        "2.city.jsonl.gz, line 2",
        "2.city.jsonl.gz, line 4",
        "3.jsonl, line 2",
        "3.jsonl, line 4",
    ]
    assert all(r.geometry is not None for r in found)


def test_archives_are_folders(tmp_path):
    lines = sequence(feature({"b": thing("Building", solid())}))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/1.city.jsonl", lines)
        archive.writestr("2.json", json.dumps(document({"c": thing("Building", solid())})))
        archive.writestr("readme.txt", "hello")
    found = records("cityjson", tmp_path / "a.zip")
    assert sorted(r.values["gml_id"] for r in found) == ["b", "c"]
    assert all(len(r.geometry.faces) == 6 for r in found)


def test_options_are_a_closed_list(read):
    for options in ({"lods": 2}, {"lod": "best"}, {"lod": "2."}, {"attributes": "some"}, {"classes": "Road"}):
        with pytest.raises(RecipeError, match="option"):
            read(document({}), **options)
