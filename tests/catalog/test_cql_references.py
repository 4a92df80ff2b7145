"""FEATURE: the geometry of another feature by its name, read from both encodings and put in its place."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made import NOON, layer, point, publish, square

from catalog.cql import check, evaluate, objects, text
from catalog.cql.references import MOST, references, resolved
from catalog.cql.tree import Call, Reference
from catalog.engines.memory import View
from catalog.features import Features
from catalog.outlines import Outlines
from catalog.values import Values
from twin.errors import RequestError
from twin.record import Feature
from twin.schemas import schema
from twin.store import FileStore

LAYER = layer("districts", "district/1")
WITHIN = "S_INTERSECTS(geometry, FEATURE('districts', '05'))"
BOWTIE = shapely.to_wkb(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]))


def same(shape):
    return shape


def district(name, source_id, geometry):
    return Feature(
        id=f"probe.districts.{name}", source_id=source_id, values={"observed_at": NOON}, geometry=geometry
    )


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Outlines of two pieces of one district, another one, a point, one that crosses itself, and nothing."""
    store = FileStore(tmp_path_factory.mktemp("districts"))
    shapes = {"5": square(11.5, 48.1), "5b": square(11.6, 48.1), "6": square(11.7, 48.1)}
    shapes |= {"spot": point(11.5, 48.1), "bow": BOWTIE, "none": None}
    places = [district(name, "05" if name in ("5", "5b") else name, shape) for name, shape in shapes.items()]
    revision = publish(store, LAYER, places)
    features = Features(store, Values(store, 0))
    return Outlines(features), features.snapshot(LAYER, revision), revision


def in_json(condition):
    """The same in JSON."""
    tree = text.read(condition, same)

    def told(node):
        if isinstance(node, Reference):
            return {"op": "FEATURE", "args": [node.layer, node.name]}
        if isinstance(node, Call):
            return {"op": node.op, "args": [told(arg) for arg in node.args]}
        return {"property": node.name}

    return json.dumps(told(tree))


def test_both_encodings_name_the_same():
    for written in (WITHIN, WITHIN.lower().replace("geometry", "geometry")):
        tree = text.read(written, same)
        assert references(tree) == (Reference("districts", "05"),)
        assert objects.read(in_json(WITHIN), same) == tree


def test_each_is_told_once_in_the_order_in_which_it_is_named():
    both = "S_WITHIN(geometry, FEATURE('b', '1')) OR A_CONTAINS((FEATURE('a', '1')), (FEATURE('b', '1')))"
    assert references(text.read(both, same)) == (Reference("b", "1"), Reference("a", "1"))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("FEATURE('districts', '05')", "gives a geometry where the filter as a whole takes a condition"),
        ("S_INTERSECTS(geometry, FEATURE('districts'))", "FEATURE('districts', '05')"),
        ("S_INTERSECTS(geometry, FEATURE('districts', '05', '06'))", "FEATURE('districts', '05')"),
        ("S_INTERSECTS(geometry, FEATURE('districts', 5))", "in quotes"),
        ("S_INTERSECTS(geometry, FEATURE(id, name))", "in quotes"),
        ("S_INTERSECTS(geometry, FEATURE('districts', CASEI('a')))", "in quotes"),
        ("S_INTERSECTS(geometry, FEATURE('', '05'))", "empty name"),
        (f"S_INTERSECTS(geometry, FEATURE('districts', '{'x' * 201}'))", "over 200 letters"),
        ("name = FEATURE('districts', '05')", "gives a geometry where ="),
        ("T_AFTER(observed_at, FEATURE('districts', '05'))", "gives a geometry where t_after"),
        ("CASEI(FEATURE('districts', '05')) = 'x'", "gives a geometry where casei"),
        ("S_INTERSECTS(geometry, FEATUR('districts', '05'))", "did you mean FEATURE?"),
        (
            " OR ".join(f"S_INTERSECTS(geometry, FEATURE('d', '{n}'))" for n in range(MOST + 1)),
            f"more than {MOST} features",
        ),
        (" OR ".join(["FEATURE('d','1') IS NULL"] * 101), "more than 200 operators"),
    ],
)
def test_what_names_no_feature_is_refused_with_the_remedy(condition, words):
    with pytest.raises(RequestError) as caught:
        check.check(text.read(condition, same), schema("district/1"))
    assert words in str(caught.value)


def test_one_feature_may_be_named_as_often_as_one_likes():
    tree = text.read(" OR ".join([WITHIN] * (MOST + 1)), same)
    check.check(tree, schema("district/1"))
    assert len(references(tree)) == 1


def test_an_id_is_one_feature_and_what_the_publisher_calls_it_all_of_its_pieces(known):
    outlines, _, revision = known
    one = outlines.of(LAYER, revision, "probe.districts.5").geometry
    both = outlines.of(LAYER, revision, "05").geometry
    first, second = shapely.from_wkb(square(11.5, 48.1)), shapely.from_wkb(square(11.6, 48.1))
    assert shapely.equals(one, first)
    assert shapely.equals(both, shapely.union(first, second))
    assert outlines.of(LAYER, revision, "05") is outlines.of(LAYER, revision, "05")
    assert outlines.of(LAYER, revision, "5b") is None  # neither an id nor the publisher's


def test_an_outline_that_crosses_itself_is_repaired(known):
    outlines, _, revision = known
    found = outlines.of(LAYER, revision, "bow").geometry
    assert found.is_valid
    assert found.area == pytest.approx(2)


def test_what_has_no_geometry_or_too_many_corners_is_refused(known, monkeypatch):
    outlines, _, revision = known
    with pytest.raises(RequestError, match="no geometry"):
        outlines.of(LAYER, revision, "none")
    monkeypatch.setattr("catalog.outlines.VERTICES", 4)
    assert outlines.of(LAYER, revision, "spot") is not None
    with pytest.raises(RequestError, match="has 5 corners, more than 4"):
        outlines.of(LAYER, revision, "6")


def test_no_more_are_kept_than_some(known, monkeypatch):
    outlines, _, revision = known
    monkeypatch.setattr("catalog.outlines._KEPT", 2)
    for name in ("05", "6", "bow", "05"):
        outlines.of(LAYER, revision, name)
    assert list(outlines._kept) == [(LAYER.id, revision.snapshot, name) for name in ("bow", "05")]


SPATIAL = ("INTERSECTS", "DISJOINT", "EQUALS", "TOUCHES", "CROSSES", "WITHIN", "CONTAINS", "OVERLAPS")
NAMES = st.sampled_from(["05", "6", "spot", "bow", "probe.districts.5"])
LEAVES = st.builds(
    lambda op, name, turned: (
        f"S_{op}(FEATURE('districts', '{name}'), geometry)"
        if turned
        else f"S_{op}(geometry, FEATURE('districts', '{name}'))"
    ),
    st.sampled_from(SPATIAL),
    NAMES,
    st.booleans(),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda a, op, b: f"({a} {op} {b})", inner, st.sampled_from(["AND", "OR"]), inner)
        | inner.map(lambda a: f"NOT ({a})")
    ),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(CONDITIONS)
def test_a_named_feature_is_as_good_as_its_geometry_written_down(known, condition):
    outlines, snapshot, revision = known

    def shape(one):
        return outlines.of(LAYER, revision, one.name)

    written = condition
    for one in references(text.read(condition, same)):
        told = shapely.to_wkt(shape(one).geometry, rounding_precision=-1)
        written = written.replace(f"FEATURE('districts', '{one.name}')", told)
    assert "FEATURE" not in written
    expected = evaluate.holds(text.read(written, same), View(snapshot, None))
    for lang, asked in ((text, condition), (objects, in_json(condition))):
        tree = lang.read(asked, same)
        check.check(tree, LAYER.schema_)
        found = resolved(tree, shape)
        assert not references(found)
        assert np.array_equal(evaluate.holds(found, View(snapshot, None)), expected)


def test_it_is_nowhere_null_and_can_stand_in_arrays(known):
    outlines, snapshot, revision = known

    def holds(condition):
        tree = resolved(text.read(condition, same), lambda one: outlines.of(LAYER, revision, one.name))
        return [snapshot.ids[row] for row in np.flatnonzero(evaluate.holds(tree, View(snapshot, None)))]

    assert holds("FEATURE('districts', '6') IS NULL") == []
    assert holds("A_CONTAINS((geometry), (FEATURE('districts', '6')))") == ["probe.districts.6"]
    assert len(holds("INTERVAL(observed_at, '..') IS NOT NULL AND FEATURE('d', '6') IS NOT NULL")) == 6


def test_what_threads_share_is_never_prepared(known):
    """GEOS finishes a prepared geometry when it is first asked; two threads at once end the process."""
    outlines, snapshot, revision = known
    outline = outlines.of(LAYER, revision, "05")
    for condition in (WITHIN, "S_WITHIN(geometry, POLYGON((11 48, 12 48, 12 49, 11 48)))"):
        tree = resolved(text.read(condition, same), lambda _: outline)
        assert evaluate.holds(tree, View(snapshot, None)).any()
        assert not shapely.is_prepared(tree.args[1].geometry)
