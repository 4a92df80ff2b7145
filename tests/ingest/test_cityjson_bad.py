import json
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.connectors.cityjson import Part, read_part
from ingest.connectors.cityjson_head import Wanted, head_of
from tests.ingest.asking import records
from tests.ingest.cityjson import SCALE, SHELL, VERTICES, document, feature, sequence, solid, surfaces, thing
from twin.errors import SourceBroken, SourceDown
from twin.record import Face

CLASSES = frozenset({"Building"})
GOOD = thing("Building", solid())


@pytest.fixture
def read(tmp_path):
    def read(content, name="a.json", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else text(content).encode())
        return records("cityjson", path, options=options)

    return read


def text(content):
    return content if isinstance(content, str) else json.dumps(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "a.json is empty"),
        (" \n \n", "a.json is empty"),
        ('<?xml version="1.0"?><CityModel/>', "is XML"),
        ("[1, 2]", "no type CityJSON"),
        ('{"type": "FeatureCollection", "features": []}', "no type CityJSON"),
        ("hello\nworld", "line 1"),
        (document({}, "3.0"), "version is none of 1.0, 1.1, 2.0"),
        (document({}, None), "version"),
        (document({}, transform=None), "no transform"),
        (document({}, transform={"scale": [1, 0, 1], "translate": [0, 0, 0]}), "not above 0"),
        (document({}, transform={"scale": [1, 1], "translate": [0, 0, 0]}), "three finite numbers"),
        (document({}, transform={"scale": [1, 1, 1]}), "three finite numbers"),
        (document({}, transform=[1]), "three finite numbers"),
        (
            text(document({}, transform=SCALE | {"translate": [0, 0, 5.0]})).replace("5.0", "1e999"),
            "three finite",
        ),
        (document({}, vertices=None), "no vertices"),
        (document([]), "no CityObjects"),
        (sequence(feature({"b": GOOD}), version="3.0"), "version"),
        (
            text(feature({"b": GOOD})) + "\n" + text(feature({"b": GOOD})),
            "begins with a line of type CityJSON",
        ),
        (text(feature({"b": GOOD})), "begins with a line of type CityJSON"),
        (text(document({"b": GOOD}))[:-40], "cut off or not well-formed in line 1"),
        (json.dumps(document({"b": GOOD}), indent=1)[:-40], "in line 145;"),
        (sequence(feature({"b": GOOD}), feature({"c": GOOD}))[:-60], "cut off in line 3"),
        ("[" * 100_000, "line 1"),
        ('{"a":' * 100_000 + "NaN", "line 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_fault(read, content, words):
    with pytest.raises(SourceBroken, match=words) as error:
        read(content)
    assert "a.json" in str(error.value)


def test_nothing_there(tmp_path):
    with pytest.raises(SourceDown):
        records("cityjson", tmp_path / "none.json")


def broken(**more):
    return thing("Building", solid() | more)


def index(value):
    return thing("Building", surfaces(faces=[[[0, 1, value]]]))


FAULTS = {
    "index too large": (index(8), "vertex that does not exist"),
    "index negative": (index(-1), "vertex that does not exist"),
    "index huge": (index(2**70), "vertex that does not exist"),
    "index float": (index(2.0), "vertex that does not exist"),
    "index null": (index(None), "vertex that does not exist"),
    "index text": (index("2"), "vertex that does not exist"),
    "ring too deep": (index([2]), "nested"),
    "solid as surfaces": (broken(boundaries=SHELL), "nested|vertex"),
    "surfaces as solid": (thing("Building", surfaces(faces=[SHELL])), "nested|vertex"),
    "too flat": (broken(boundaries=[0, 1, 2]), "nested"),
    "no boundaries": (broken(boundaries=None), "nested"),
    "text boundaries": (broken(boundaries="abcd"), "nested|vertex"),
    "unknown type": (broken(type="Sphere"), "type of geometry"),
    "geometry is no object": (thing("Building", 7), "type of geometry"),
    "object is no object": (["Building"], "no JSON object"),
    "object is null": (None, "no JSON object"),
    "nothing": (thing("Building"), None),
    "degenerate": (thing("Building", surfaces(faces=[[[0, 1]], [[]], []])), "fewer than three corners"),
    "missing template": (
        thing("Building", {"type": "GeometryInstance", "lod": "1", "template": 0, "boundaries": [0]}),
        "template",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_object_is_one_broken_record_and_the_rest_goes_on(read, fault):
    thing_, words = FAULTS[fault]
    for name, content in (
        ("a.json", document({"a": GOOD, "x": thing_, "b": GOOD})),
        ("a.jsonl", sequence(*(feature({k: v}) for k, v in (("a", GOOD), ("x", thing_), ("b", GOOD))))),
    ):
        found = {r.values["gml_id"]: r for r in read(content, name)}
        assert list(found) == (
            ["a", "x", "b"] if isinstance(thing_, dict) or name == "a.jsonl" else ["a", "b", "x"]
        )
        assert found["x"].geometry is None
        if words:
            assert any(re.search(words, note) for note in found["x"].notes)
        assert found["x"].values["class"] == ("Building" if isinstance(thing_, dict) else None)
        assert len(found["a"].geometry.faces) == len(found["b"].geometry.faces) == 6


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", '"7"', "null", "[1]", "1e300"])
def test_a_vertex_that_is_no_number_breaks_only_what_refers_to_it(read, number):
    vertices = [*VERTICES, "BAD"]
    bad = thing("Building", surfaces(faces=[[[0, 1, 8]]]))
    objects = {"a": GOOD, "x": bad, "b": GOOD}
    content = text(document(objects, vertices=vertices)).replace('"BAD"', f"[0, {number}, 1]")
    lines = sequence(*(feature({k: v}, vertices) for k, v in objects.items())).replace(
        '"BAD"', f"[0, {number}, 1]"
    )
    for found in (read(content), read(lines)):
        assert [r.geometry is None for r in found] == [False, True, False]
        assert found[1].notes == ("a vertex is not three numbers of a place on earth",)


@pytest.mark.parametrize("corner", [99, -1, 2**70, 2.0, None, "2", 8])
def test_one_face_that_cannot_be_drawn_costs_no_other_face(read, corner):
    bad = thing("Building", solid(boundaries=[[[[0, 1, corner]], *SHELL[1:]]]))
    for content in (
        document({"x": bad}, vertices=[*VERTICES, [0, "far", 1]]),
        sequence(feature({"x": bad}, [*VERTICES, [1e300, 0, 1]])),
    ):
        (record,) = read(content)
        assert len(record.geometry.faces) == 5
        assert np.abs(record.geometry.points).max() < 1e9
        assert record.notes == ("a face with a corner that is no point was left out",)


def test_a_line_that_is_no_feature_is_one_broken_record(read):
    lines = [
        "{oops}\n",
        '{"type": "Feature"}\n',
        "7\n",
        text(document({})) + "\n",
        '{"type": "CityJSONFeature"}\n',
    ]
    found = read(sequence(feature({"a": GOOD}), *lines, feature({"b": GOOD})))
    assert [r.values["gml_id"] for r in found] == ["a", *[None] * 5, "b"]
    assert [r.place for r in found][1:3] == ["a.json, line 3", "a.json, line 4"]
    assert {r.notes for r in found[1:6]} == {("a line that is no CityJSONFeature was left out",)}


def test_half_a_surrogate_pair_costs_one_letter(read):
    content = text(document({"b": GOOD | {"attributes": {"name": "AxxB", "good": "GG"}}}))
    content = content.replace("xx", "\\ud800").replace("GG", "\\ud83d\\ude00")
    (record,) = read(content, attributes="all")
    assert record.values["name"] == "A\ufffdB"
    assert record.values["generic"] == {"name": "A\ufffdB", "good": "\U0001f600"}


def test_the_next_level_is_taken_where_the_best_cannot_be_drawn(read):
    bad = surfaces("2", [[[0, 1, 99]]])
    (record,) = read(document({"b": thing("Building", bad, surfaces("1"))}))
    assert record.values["lod"] == 1
    assert len(record.geometry.faces) == 6
    assert record.notes == ("a level of detail that cannot be drawn was passed over",)


def test_rings_are_repaired_where_that_is_certain(read):
    hole = [[0, 1, 2, 3, 0], [4, 5]]
    semantics = {"surfaces": [{"type": "RoofSurface"}, {"type": "WallSurface"}], "values": [0, 0, 1]}
    geometry = surfaces(faces=[hole, [[0, 1, 0]], [[0, 1, 5]]], semantics=semantics)
    (record,) = read(document({"b": thing("Building", geometry)}))
    assert record.geometry.polygons.tolist() == [0, 1, 2]
    assert record.geometry.rings.tolist() == [0, 4, 7]
    assert [Face(face) for face in record.geometry.faces] == [Face.ROOF, Face.WALL]
    assert sorted(record.notes) == [
        "a face with fewer than three corners was left out",
        "a hole with fewer than three corners was closed",
        "a ring that repeats its first corner was opened",
        "a ring that repeats its first corner was opened",
    ]


def test_families_that_are_not_well_ordered_lose_nothing(read):
    objects = {
        "a": thing("Building", solid(), parents=["b"], children=["b"]),
        "b": thing("BuildingPart", solid(), parents=["a"], children=["a"]),
        "lost": thing("BuildingPart", solid(), parents=["gone"]),
        "c": thing("Building", solid(), children=["nowhere", "c"]),
        "d": thing("Building", solid()),
        "unlisted": thing("BuildingPart", solid(), parents=["d"]),
        "odd": thing("Building", solid(), parents="d", children=7),
        "self": thing("Building", solid(), parents=["self"]),
    }
    found = {r.values["gml_id"]: (len(r.geometry.faces), r.notes) for r in read(document(objects))}
    circle = ("parts that are each other's parents were taken as one object",)
    assert found == {
        "lost": (6, ("a part whose parent is missing was taken alone",)),
        "c": (6, ("a part that the object names is missing in the file",)),
        "d": (12, ()),
        "odd": (6, ()),
        "a": (12, circle),
        "self": (6, circle),
    }


def test_attributes_and_appearance_of_any_shape_do_no_harm(read):
    strange = {
        "a": GOOD | {"attributes": []},
        "b": GOOD | {"attributes": {"measuredHeight": "high", "roofType": {}, "function": [], "name": True}},
        "c": GOOD | {"attributes": {"measuredHeight": [1]}},
    }
    content = document(strange, appearance=7, metadata=[], **{"geometry-templates": []})
    one, two, three = read(content, attributes="all", textures=True)
    assert one.notes == ()
    assert one.crs is None
    assert two.notes == three.notes == ("a height that is no number was ignored",)
    assert two.values["roof_type"] is two.values["function"] is two.values["name"] is None


_MEMBERS = ("type", "boundaries", "lod", "semantics", "values", "surfaces", "parents", "children")
_MEMBERS += ("geometry", "attributes", "texture", "template")
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_MEMBERS), inner, max_size=4),
    max_leaves=12,
)
_TYPES = ("MultiSurface", "Solid", "MultiSolid", "GeometryInstance")
_GEOMETRY = st.fixed_dictionaries(
    {"type": st.sampled_from(_TYPES), "boundaries": _JSON},
    optional={"semantics": _JSON, "lod": _JSON, "texture": _JSON, "template": _JSON},
)


@given(st.dictionaries(st.sampled_from("xyz"), _JSON, max_size=3), _GEOMETRY, _JSON)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_stands_there_the_good_ones_survive(objects, geometry, more):
    objects = {"a": GOOD, "g": thing("Building", geometry, parents=more), **objects, "b": GOOD}
    objects["h"] = thing("Building", more, attributes=more)
    whole = json.dumps(document(objects, appearance=more)).encode()
    lines = [feature(objects), *(feature({k: v}, appearance=more) for k, v in objects.items())]
    pieces = "\n".join(map(json.dumps, lines)).encode()
    for asked in (Wanted(None, CLASSES, False, False), Wanted(None, CLASSES, True, True)):
        head = head_of(document({}), "a", None)
        for part in (Part("a", asked, None, None, 1, whole), Part("a", asked, None, head, 2, pieces)):
            found = {r.values["gml_id"]: r for r in read_part(part)}
            assert all(len(found[name].geometry.faces) >= 6 for name in "ab")


@given(cut=st.integers(1, 2000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_a_file_is_cut_off_it_is_told(tmp_path, cut):
    content = sequence(feature({"b": GOOD}), feature({"c": GOOD}))
    cut %= len(content)
    path = tmp_path / "a.jsonl"
    path.write_text(content[:cut])
    try:
        found = records("cityjson", path)
    except SourceBroken:
        return
    assert "\n" in content[cut - 1 : cut + 1]  # between two lines nobody can see it
    assert len(found) == content[: cut + 1].count("\n") - 1
