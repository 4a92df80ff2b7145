"""CQL2 (21-065r2): temporal functions."""

import pytest

from tests.abstract import named
from tests.abstract.cql2 import ROADS, instant, logical, matching, same, typed

abstract = named.of("cql2/1.0/conf/temporal-functions")
STAMP, SPAN = "TIMESTAMP('2022-04-24T07:59:57Z')", "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')"
SIMPLE = ("AFTER", "BEFORE", "DISJOINT", "EQUALS", "INTERSECTS")
ALL = (
    *SIMPLE,
    *("CONTAINS", "DURING", "FINISHEDBY", "FINISHES", "MEETS", "METBY", "OVERLAPPEDBY", "OVERLAPS"),
    *("STARTEDBY", "STARTS"),
)
AT = "2025-12-11T12:00:00Z"
LOW, HIGH = "2025-10-02T12:00:00Z", "2026-01-20T12:00:00Z"
EARLY, LATE = instant("0001-01-02T00:00:00Z"), instant("9999-12-30T00:00:00Z")


def relation(name, one, other):
    """Allen's relations of (start, end); instants have one for both."""
    (a, b), (c, d) = one, other
    return {
        "AFTER": a > d,
        "BEFORE": b < c,
        "DISJOINT": a > d or b < c,
        "EQUALS": a == c and b == d,
        "INTERSECTS": a <= d and b >= c,
        "CONTAINS": a < c and b > d,
        "DURING": a > c and b < d,
        "FINISHEDBY": a < c and b == d,
        "FINISHES": a > c and b == d,
        "MEETS": b == c,
        "METBY": a == d,
        "OVERLAPPEDBY": c < a < d < b,
        "OVERLAPS": a < c < b < d,
        "STARTEDBY": a == c and b > d,
        "STARTS": a == c and b < d,
    }[name]


def bounds(road):
    """Valid from and to; what has no end is open, what has neither is nothing."""
    start, end = road["valid_from"], road["valid_to"]
    if start is None and end is None:
        raise TypeError
    return start or EARLY, end or LATE


INSTANTS = {
    **{
        f"t_{name.lower()}(valid_from,timestamp('{AT}'))": (
            lambda r, name=name: relation(name, (r["valid_from"],) * 2, (instant(AT),) * 2)
        )
        for name in SIMPLE
    },
    **{
        f"T_{name}(valid_from,INTERVAL('{LOW}','{HIGH}'))": (
            lambda r, name=name: relation(name, (r["valid_from"],) * 2, (instant(LOW), instant(HIGH)))
        )
        for name in SIMPLE
    },
    f"T_AFTER(valid_from,INTERVAL('..','{AT}'))": lambda r: r["valid_from"] > instant(AT),
    f"T_BEFORE(valid_from,INTERVAL('{AT}','..'))": lambda r: r["valid_from"] < instant(AT),
    f"T_INTERSECTS(valid_from,INTERVAL('{AT}','..'))": lambda r: r["valid_from"] >= instant(AT),
    "T_INTERSECTS(valid_from,DATE('2025-12-11'))": lambda r: r["valid_from"].date() == instant(AT).date(),
    "T_AFTER(valid_from,DATE('2025-12-11'))": lambda r: r["valid_from"].date() > instant(AT).date(),
}
SPANS = [
    *((LOW, HIGH), (AT, HIGH), (LOW, AT), (AT, "2026-01-16T12:00:00Z"), ("2025-12-31T12:00:00Z", HIGH)),
    *(("2025-12-01T12:00:00Z", "2026-01-16T12:00:00Z"), (AT, "2026-01-01T12:00:00Z")),
    *(("2026-01-16T12:00:00Z", "2026-02-01T12:00:00Z"), ("2025-11-01T00:00:00Z", AT)),
]


def whole(road):
    """Both ends are known: of open ones the annex says nothing."""
    return road["valid_from"] is not None and road["valid_to"] is not None


@pytest.fixture(scope="module")
def schemas(ask, filled):
    return {name: ask.json(f"/ogc/collections/{name}/queryables", accept="*/*") for name in filled}


@abstract("temporal-functions-1")
@pytest.mark.parametrize("function", SIMPLE)
def test_temporal_functions_1(ask, schemas, function):
    """Every queryable of times against an instant and an interval."""
    for name, schema in schemas.items():
        for queryable in typed(schema, "time"):
            for other in (STAMP, SPAN):
                found = same(ask, f"T_{function}({queryable},{other})", name)
                assert found <= same(ask, f"{queryable} IS NOT NULL", name)


@abstract("temporal-functions-2")
@pytest.mark.parametrize("function", ALL)
def test_temporal_functions_2(ask, schemas, function):
    """Every pair of queryables of times as an interval against an interval."""
    for name in schemas:
        for start, end in (("valid_from", "valid_to"), ("valid_from", "observed_at")):
            same(ask, f"T_{function}(INTERVAL({start},{end}),{SPAN})", name)


@abstract("test-data")
@pytest.mark.parametrize("condition", INSTANTS)
def test_test_data_instants(ask, condition):
    """Each condition on instants, on made-up data, finds what plain Python finds."""
    known = {name for name in matching(lambda r: r["valid_from"] is not None)}
    assert (
        same(ask, condition)
        == matching(lambda r: r["valid_from"] is not None and INSTANTS[condition](r)) & known
    )


@abstract("test-data")
@pytest.mark.parametrize("function", ALL)
def test_test_data_intervals(ask, function):
    """Each relation of intervals, on made-up data, finds what Allen's definition finds."""
    known = matching(whole)
    for low, high in SPANS:
        condition = f"T_{function}(INTERVAL(valid_from,valid_to),INTERVAL('{low}','{high}'))"
        span = (instant(low), instant(high))
        expected = matching(lambda r, span=span: whole(r) and relation(function, bounds(r), span))
        assert same(ask, condition) & known == expected, condition


@abstract("logical")
def test_logical(ask):
    """AND, OR, NOT and brackets, as sets have them."""
    logical(ask, INSTANTS)
    ask.refused(ROADS, filter="T_AFTER(name, DATE('2026-03-01'))")
