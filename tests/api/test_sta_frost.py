"""What FROST's clients ask in ``$filter`` beyond the standard: lists, relations of times, any, durations."""

import time
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.sta import spans
from api.sta.columns import Column, Constant
from api.sta.compared import reckon
from api.sta.cost import of_values
from api.sta.functions import FUNCTIONS
from api.sta.moment import Duration, Moment
from api.sta.vectors import among, call, compare
from api.sta.vectors import reckon as reckon_many
from twin.errors import TooMuch

ROOT = "/sta/v1.1"
ALL = (35 + 36) * 96


def names(ask, condition):
    found = ask.json(f"{ROOT}/Things?$filter={quote(condition)}&$select=name")["value"]
    return [entity["name"] for entity in found]


def count(ask, condition, kind="Observations"):
    return ask.json(f"{ROOT}/{kind}?$filter={quote(condition)}&$count=true&$top=0")["@iot.count"]


def refusal(ask, condition, kind="Things"):
    answer = ask(f"{ROOT}/{kind}?$filter={quote(condition)}&$count=true&$top=0")
    assert answer.status_code == 400, answer.text
    return answer.json()["detail"]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("name in ('Arnulf', 'x')", ["Arnulf"]),
        ("name in ('Arnulf')", ["Arnulf"]),
        ("not name in ('Arnulf', 'x')", ["Hirsch"]),
        ("not (name in ('Arnulf', 'x')) or name in ('Arnulf')", ["Arnulf", "Hirsch"]),
        ("name in (5, null, 'Hirsch')", ["Hirsch"]),
        ("name in ('x', properties/nothing, concat('Hir', 'sch'))", ["Hirsch"]),
        ("properties/nothing in ('x', null)", ["Arnulf", "Hirsch"]),
        ("'Arnulf' in ('Arnulf')", ["Arnulf", "Hirsch"]),
        ("id in ('probe.bike-counts:probe.bike-counts.hirsch')", ["Hirsch"]),
        ("length(name) add 1 in (7, 8)", ["Arnulf", "Hirsch"]),
        ("Datastreams/Observations/result in (2, 3)", ["Arnulf"]),
        ("11.55 in Locations/location/coordinates", ["Arnulf", "Hirsch"]),
        ("48.15 in Locations/location/coordinates", ["Arnulf"]),
        ("'a' in properties/station", []),
        ("Datastreams/any(d: d/ObservedProperty/name eq 'Bicycles')", ["Arnulf", "Hirsch"]),
        ("Datastreams/any(d:d/name eq 'Arnulf: Bicycles')", ["Arnulf"]),
        ("not Datastreams/any(d: d/name eq 'Arnulf: Bicycles')", ["Hirsch"]),
        ("Datastreams/any(d: d/name eq concat(name, ': Bicycles') and startswith(name, 'H'))", ["Hirsch"]),
        (
            "Datastreams/any(a: a/name eq 'Arnulf: Bicycles') and Datastreams/any(b: b/name eq 'x')",
            [],
        ),
        ("Datastreams/any(a: a/Observations/any(o: o/result gt 1 and a/name ne 'x'))", ["Arnulf"]),
        ("not Datastreams/any(a: a/Observations/any(o: o/result gt 1))", ["Hirsch"]),
        # two values, of two times: each any chooses for itself, plain paths choose one for both
        (
            "Datastreams/any(a: a/Observations/any(o: o/result eq 1)) "
            "and Datastreams/any(b: b/Observations/any(o: o/result eq 2))",
            ["Arnulf"],
        ),
        ("Datastreams/Observations/result eq 1 and Datastreams/Observations/result eq 2", []),
        (
            "not (Datastreams/Observations/result gt 5 or Datastreams/any(d: d/name eq 'Arnulf: Bicycles'))",
            ["Hirsch"],
        ),
    ],
)
def test_lists_and_any_choose_things(ask, condition, wanted):
    assert names(ask, condition) == wanted


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("result in (2, 3)", 96),
        ("result in (1, 2)", ALL),
        ("before(phenomenonTime, 2026-03-01T00:00:00Z)", ALL - 48),
        ("after(phenomenonTime, 2026-03-01T00:00:00Z)", 47),
        ("after(phenomenonTime, 2026-02-01T00:00:00Z/2026-03-01T00:00:00Z)", 48),
        ("during(phenomenonTime, 2026-02-27T00:00:00Z/2026-02-28T00:00:00Z)", 192),
        ("overlaps(phenomenonTime, 2026-02-27T00:00:00Z/2026-02-28T00:00:00Z)", 192),
        ("overlaps(phenomenonTime, 2026-02-28T00:00:00Z)", 2),
        ("meets(phenomenonTime, 2026-02-27T00:00:00Z/2026-02-28T00:00:00Z)", 4),
        ("starts(phenomenonTime, 2026-02-27T00:00:00Z/2026-02-28T00:00:00Z)", 2),
        ("finishes(phenomenonTime, 2026-02-27T00:00:00Z/2026-02-28T00:00:00Z)", 2),
        ("not during(phenomenonTime, 2026-02-27T00:00:00Z/2026-02-28T00:00:00Z)", ALL - 192),
        ("during(phenomenonTime, Datastream/phenomenonTime)", ALL - 2),
        ("before(resultTime, now())", 0),
        ("Datastream/Thing/Datastreams/any(d: d/name eq 'Arnulf: Bicycles')", 36 * 96),
        ("phenomenonTime ge 2026-03-01T00:00:00Z sub duration'PT1h'", 52),
        ("phenomenonTime ge 2026-03-01T00:00:00Z sub duration'PT30M' mul 2", 52),
        ("phenomenonTime ge 2026-03-01T00:00:00Z sub 2 mul duration'PT30M'", 52),
        ("phenomenonTime ge 2026-03-01T00:00:00Z sub duration'PT2H' div 2", 52),
        ("phenomenonTime add duration'PT1H' ge 2026-03-01T00:00:00Z", 52),
        ("phenomenonTime sub 2026-03-01T00:00:00Z ge duration'PT0S' sub duration'PT1H'", 52),
        ("date(phenomenonTime) in (2026-02-27, 2026-02-26)", 384),
        ("phenomenonTime ne '2026-02-28T00:00:00Z'", ALL - 2),
    ],
)
def test_lists_times_and_durations_count_observations(ask, condition, wanted):
    assert count(ask, condition) == wanted


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("name in", "character 8"),
        ("name in ()", "character 10"),
        ("name in 'x'", "a list"),
        ("name in ('x'", "')'"),
        ("before(name, now())", "two times"),
        ("before(now())", "takes 2"),
        ("Datastreams/any()", "a name for each"),
        ("Datastreams/any(d)", "':'"),
        ("Datastreams/any(d: d)", "is a link"),
        ("Datastreams/any(d: d/nmae eq 'x')", "did you mean 'name'"),
        ("Datastreams/any(d: d/name)", "true or false"),
        ("Datastreams/any(d: Datastreams/name eq 'x')", "begin it with a name: d"),
        ("Datastreams/any(d: Datastreams/any(e: e/name eq 'x'))", "begins with its name"),
        ("Datastreams/any(d: not d/Observations/any(o: o/result gt 1))", "denied"),
        ("Datastreams/any(d: d/Observations/any(o: o/result gt 1) eq false)", "denied"),
        (
            "Datastreams/any(d: d/Observations/any(o: o/id eq 1) and d/Observations/any(o: o/id eq 2))",
            "two others",
        ),
        ("Dattastreams/any(d: d/name eq 'x')", "did you mean 'Datastreams'"),
        ("name/any(d: d/x eq 1)", "name"),
        ("Datastreams/Thing/any(t: t/name eq 'x')", "leave any() away"),
        ("d/name eq 'x'", "Things has no 'd'"),
        ("name eq 'x' mul duration'P1D'", "duration"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(ask, condition, words):
    assert words in refusal(ask, condition)


@pytest.mark.parametrize(
    "condition",
    [
        "phenomenonTime gt now() sub duration'P999999D' mul 1e300",
        "phenomenonTime gt now() sub duration'P1D' div 0",
        "phenomenonTime add duration'P999999D' gt now()",
        "duration'P1D' mul duration'P1D' gt 1",
        "result in (null, true, 1e400, 'x', 2026-03-01T00:00:00Z)",
        "during(phenomenonTime, null)",
        "before(phenomenonTime, 'x')",
        "floor(result div 0) eq 1",
    ],
)
def test_strange_ones_never_fail(ask, condition):
    assert ask(f"{ROOT}/Observations?$filter={quote(condition)}&$top=1").status_code in (200, 400)


MOMENTS = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda ends: Moment(*sorted(ends)))


@given(st.lists(MOMENTS, min_size=1, max_size=20), MOMENTS, st.sampled_from(sorted(spans.RELATIONS)))
def test_relations_of_many_times_are_those_of_each(many, other, name):
    column = Column("moment", np.array(many, np.int64).reshape(-1, 2))
    found = call(name, [column, Constant(other)], len(many))
    assert found.values.tolist() == [FUNCTIONS[name].call(one, other) for one in many]


@given(st.integers(0, 4), MOMENTS, st.sampled_from(sorted(spans.RELATIONS)))
def test_bounds_of_an_instant_say_the_same_as_the_relation(at, other, name):
    bounds = spans.bounds(name, other)
    if bounds is not None:
        meant = all(compare(operator, Constant(at), Constant(bound)).value for operator, bound in bounds)
        assert meant == FUNCTIONS[name].call(Moment(at, at), other)


@given(st.lists(MOMENTS, min_size=1), st.integers(-(10**18), 10**18), st.sampled_from(["add", "sub"]))
def test_moving_many_times_is_moving_each(many, by, name):
    column = Column("moment", np.array(many, np.int64).reshape(-1, 2))
    found = reckon_many(name, column, Constant(Duration(by)))
    assert found.objects() == [reckon(name, one, Duration(by)) for one in many]


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1))
def test_days_and_times_of_many_are_those_of_each(at):
    column = Column("moment", np.column_stack([at, at]))
    for name in ("date", "time", "fractionalseconds"):
        found = call(name, [column], len(at))
        assert found.objects() == [FUNCTIONS[name].call(Moment(one, one)) for one in at]


@given(st.lists(st.floats(), min_size=1))
def test_rounding_many_is_rounding_each(values):
    for name in ("floor", "ceiling"):
        found = call(name, [Column("number", np.array(values))], len(values))
        assert found.objects() == [FUNCTIONS[name].call(value) for value in values]


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1), st.lists(st.sampled_from(["a", "b", 1, None])))
def test_a_list_is_the_same_as_or(values, listed):
    column = Column("text", np.array(values, object))
    found = among(column, [Constant(value) for value in listed], len(values))
    assert found.values.tolist() == [value in listed for value in values]


def nested(levels, name):
    return name if not levels else f"concat({nested(levels - 1, name)},{nested(levels - 1, name)})"


def test_a_filter_that_reckons_too_much_is_refused_before_it_has_done_so(ask, monkeypatch):
    wide = f"length({nested(7, 'id')}) gt 1"
    start = time.process_time()
    assert ask(f"{ROOT}/Observations?$filter={quote(wide)}&$top=0&$count=true").status_code in (200, 400)
    assert time.process_time() - start < 8  # of 6,816 of them; what it costs is bounded
    monkeypatch.setattr("api.sta.world._COST", 50_000)
    assert "phenomenonTime" in refusal(ask, wide, "Observations")
    assert "phenomenonTime" in refusal(ask, " and ".join(["length(id) gt 3"] * 90), "Observations")
    for honest in ("result add 5 eq 6", "year(phenomenonTime) eq 2026", "result div 0 ne 1"):
        assert count(ask, honest) > 0
    assert count(ask, f"{wide} and phenomenonTime ge 2026-03-01T11:00:00Z") == 4


def test_a_text_longer_than_is_held_at_once_is_not_made():
    many = Column("text", np.array(["x" * 1000] * 8192, object))
    with pytest.raises(TooMuch, match="concat"):
        of_values("concat", [many, many], 8192)
    assert of_values("concat", [many.take(np.arange(9)), Constant("y")], 9) > 0


def test_select_shows_members_of_documents_where_they_stand(ask):
    def shown(path):
        return ask.json(f"{ROOT}/{path}")["value"][0]

    assert shown("Things?$select=name, properties/station&$top=1&$orderby=name") == {
        "name": "Arnulf",
        "properties": {"station": "arnulf"},
    }
    assert shown("Things?$select=properties/nothing,properties/name/more") == {"properties": {}}
    whole = shown("Things?$select=properties/station,properties")
    assert len(whole["properties"]) > 1
    inner = "Things?$select=name&$expand=Datastreams($select=unitOfMeasurement/symbol,name)&$top=1"
    assert [*shown(inner)["Datastreams"][0]["unitOfMeasurement"]] == ["symbol"]
    assert shown("Sensors?$select=properties/layer,name").keys() == {"name", "properties"}
    assert shown("Observations?$select=parameters/nothing&$resultFormat=dataArray&$top=1")["dataArray"] == [
        [{}]
    ]
    told = ask(f"{ROOT}/Things?$select=properties/station&$resultFormat=GeoJSON&$orderby=name").json()
    assert told["features"][0]["properties"] == {"properties/station": "arnulf"}
    lines = ask(f"{ROOT}/Things?$select=properties/station&$resultFormat=CSV&$orderby=name").text.split()
    assert lines[:2] == ["properties", '"{""station"":""arnulf""}"']
