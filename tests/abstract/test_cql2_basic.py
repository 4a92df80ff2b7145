"""CQL2 (21-065r2): Basic CQL2, and both encodings."""

import pytest

from tests.abstract import made_place, named
from tests.abstract.cql2 import (
    COMPARISONS,
    ROADS,
    as_json,
    compared,
    instant,
    logical,
    matching,
    same,
    typed,
    value,
)

abstract = named.of("cql2/1.0/conf/basic-cql2")
in_text, in_json = named.of("cql2/1.0/conf/cql2-text"), named.of("cql2/1.0/conf/cql2-json")
START = "2025-12-11T12:00:00Z"
TEST_DATA = {
    "name='København'": lambda r: r["name"] == "København",
    "name>='København'": lambda r: r["name"] >= "København",
    "name>'København'": lambda r: r["name"] > "København",
    "name<='København'": lambda r: r["name"] <= "København",
    "name<'København'": lambda r: r["name"] < "København",
    "name<>'København'": lambda r: r["name"] is not None and r["name"] != "København",
    "name IS NULL": lambda r: r["name"] is None,
    "name IS NOT NULL": lambda r: r["name"] is not None,
    "lanes=2": lambda r: r["lanes"] == 2,
    "lanes>=2": lambda r: r["lanes"] >= 2,
    "lanes<>2": lambda r: r["lanes"] != 2,
    "width_m<6.5": lambda r: r["width_m"] < 6.5,
    "width_m>6.5": lambda r: r["width_m"] > 6.5,
    "width_m<=6.5": lambda r: r["width_m"] <= 6.5,
    "width_m=6.5": lambda r: r["width_m"] == 6.5,
    "width_m IS NULL": lambda r: r["width_m"] is None,
    f"valid_from=TIMESTAMP('{START}')": lambda r: r["valid_from"] == instant(START),
    f"valid_from<=TIMESTAMP('{START}')": lambda r: r["valid_from"] <= instant(START),
    f"valid_from<TIMESTAMP('{START}')": lambda r: r["valid_from"] < instant(START),
    f"valid_from<>TIMESTAMP('{START}')": lambda r: r["valid_from"] not in (None, instant(START)),
    '"valid_from" IS NULL': lambda r: r["valid_from"] is None,
    "oneway=true": lambda r: r["oneway"] is True,
    "oneway=false": lambda r: r["oneway"] is False,
    "oneway IS NOT NULL": lambda r: r["oneway"] is not None,
}


@pytest.fixture(scope="module")
def schemas(ask, filled):
    return {name: ask.json(f"/ogc/collections/{name}/queryables", accept="*/*") for name in filled}


@abstract("basic-test")
def test_basic_test(schemas):
    """Every layer has queryables with types, at least one of them simple."""
    for schema in schemas.values():
        assert all("type" in told or "format" in told for told in schema["properties"].values())
        assert typed(schema, "string", "boolean", "number", "integer", "time")


@abstract("comparison")
def test_comparison(ask, schemas):
    """Each queryable compares with a value of its type; opposites have nothing in common."""
    for layer, name, told in compared(schemas):
        found = {op: same(ask, f"{name} {op} {value(told)}", layer) for op in COMPARISONS}
        known = same(ask, f"{name} IS NOT NULL", layer)
        for one, other in (("=", "<>"), (">", "<="), ("<", ">=")):
            assert not found[one] & found[other]
            assert found[one] | found[other] == known


@abstract("is-null")
def test_is_null(ask, schemas):
    """What is null is not what is not null, of every queryable."""
    for name, schema in schemas.items():
        for queryable in schema["properties"]:
            empty = same(ask, f"{queryable} IS NULL", name)
            assert empty == ask.ids(name) - same(ask, f"{queryable} is not null", name)


@abstract("boolean")
def test_boolean(ask, filled):
    """true is everything, false is nothing."""
    for name in filled:
        assert ask.ids(name, filter="true") == ask.ids(name, filter="TRUE") == ask.ids(name)
        assert (
            ask.ids(name, filter="false") == ask.ids(name, filter="false", filter_lang="cql2-json") == set()
        )


@abstract("test-data")
@pytest.mark.parametrize("condition", TEST_DATA)
def test_test_data(ask, condition):
    """Each condition of the annex, on made-up data, finds what plain Python finds."""
    assert same(ask, condition) == matching(TEST_DATA[condition])


@abstract("logical")
def test_logical(ask):
    """AND, OR, NOT and brackets, as sets have them."""
    logical(ask, TEST_DATA)


@in_text("validate")
@in_json("validate")
@pytest.mark.parametrize(
    "condition", ["name = 'Bern' AND (lanes < 3 OR NOT oneway = true)", "NOT lanes IN (1, 2)"]
)
def test_validate(ask, condition):
    """Both encodings read the same; all other files of this folder ask in both, too."""
    assert same(ask, condition)
    ask.refused(ROADS, filter=as_json(condition), filter_lang="cql2-text")
    ask.refused(ROADS, filter=condition, filter_lang="cql2-json")


@in_text("escaping")
@pytest.mark.parametrize("name", [name for name in made_place.NAMES if name])
def test_escaping(ask, name):
    """Quotes in texts are written twice, and every other character as it is."""
    quoted = name.replace("'", "''")
    assert same(ask, f"name = '{quoted}'") == matching(lambda r: r["name"] == name) != set()
    if "'" in name:
        escaped = name.replace("'", "\\'")
        assert ask.ids(ROADS, filter=f"name = '{escaped}'") == matching(lambda r: r["name"] == name)
