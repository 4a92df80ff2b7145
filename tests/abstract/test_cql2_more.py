"""CQL2 (21-065r2): properties on both sides, arithmetic, lists."""

import pytest
import shapely

from tests.abstract import made_place, named
from tests.abstract.cql2 import (
    COMPARISONS,
    ROADS,
    STAMP,
    VALUES,
    compared,
    instant,
    logical,
    matching,
    same,
    typed,
    value,
)

sides = named.of("cql2/1.0/conf/property-property")
numbers = named.of("cql2/1.0/conf/arithmetic")
lists = named.of("cql2/1.0/conf/array-functions")
SETS_OF = {
    "A_CONTAINS": lambda one, other: one >= other,
    "A_CONTAINEDBY": lambda one, other: one <= other,
    "A_EQUALS": lambda one, other: one == other,
    "A_OVERLAPS": lambda one, other: bool(one & other),
}
OTHERS = {
    "('L 2','Bern')": lambda r: {"L 2", "Bern"},
    "(name,'L 2')": lambda r: {r["name"], "L 2"},
    "('L 2')": lambda r: {"L 2"},
    "('foo','bar')": lambda r: {"foo", "bar"},
    "()": lambda r: set(),
}
AT = "2025-12-11T12:00:00Z"
LITERAL_FIRST = {
    "'København'=name": lambda r: r["name"] == "København",
    "'København'<=name": lambda r: r["name"] >= "København",
    "'København'>name": lambda r: r["name"] < "København",
    "'København'<>name": lambda r: r["name"] not in (None, "København"),
    "name=ref": lambda r: r["name"] is not None and r["name"] == r["ref"],
    "name<>ref": lambda r: None not in (r["name"], r["ref"]) and r["name"] != r["ref"],
    "name>ref": lambda r: r["name"] > r["ref"],
    "2=lanes": lambda r: r["lanes"] == 2,
    "2<lanes": lambda r: r["lanes"] > 2,
    "lanes=speed_limit_kmh": lambda r: r["lanes"] == r["speed_limit_kmh"],
    "lanes<speed_limit_kmh": lambda r: r["lanes"] < r["speed_limit_kmh"],
    "lanes>=speed_limit_kmh": lambda r: r["lanes"] >= r["speed_limit_kmh"],
    "width_m>lanes": lambda r: r["width_m"] > r["lanes"],
    "valid_from<valid_to": lambda r: r["valid_from"] < r["valid_to"],
    "valid_from>=valid_to": lambda r: r["valid_from"] >= r["valid_to"],
    "'København' LIKE 'K_benhavn'": lambda r: True,
    "'København' NOT LIKE 'K_benhavn'": lambda r: False,
    "width_m between lanes and speed_limit_kmh": lambda r: r["lanes"] <= r["width_m"] <= r["speed_limit_kmh"],
    "lanes not between 1 and width_m": lambda r: not 1 <= r["lanes"] <= r["width_m"],
    f"t_after(timestamp('{AT}'),valid_from)": lambda r: instant(AT) > r["valid_from"],
    f"t_before(timestamp('{AT}'),valid_from)": lambda r: instant(AT) < r["valid_from"],
    f"T_INTERSECTS(INTERVAL('..','{AT}'),valid_from)": lambda r: instant(AT) >= r["valid_from"],
}
PLACES = ("POINT(11.5 48.1)", "LINESTRING(11.49 48.11, 11.6 48.11)", "BBOX(11.501,48.101,11.52,48.13)")
SWAPPED = {
    "S_INTERSECTS": "intersects",
    "S_DISJOINT": "disjoint",
    "S_TOUCHES": "touches",
    "S_CROSSES": "crosses",
}
SWAPPED |= {"S_CONTAINS": "contains", "S_WITHIN": "within", "S_EQUALS": "equals", "S_OVERLAPS": "overlaps"}
ARITHMETIC = {
    "lanes=1+1": lambda r: r["lanes"] == 2,
    "speed_limit_kmh>=54-2*2^1": lambda r: r["speed_limit_kmh"] >= 50,
    "speed_limit_kmh>50-20/10*11": lambda r: r["speed_limit_kmh"] > 28,
    "speed_limit_kmh>51-21 div 10": lambda r: r["speed_limit_kmh"] > 49,
    "speed_limit_kmh>31-5%2": lambda r: r["speed_limit_kmh"] > 30,
    "speed_limit_kmh<=8*11-38": lambda r: r["speed_limit_kmh"] <= 50,
    "lanes<2^1": lambda r: r["lanes"] < 2,
    "lanes<>3-2^1": lambda r: r["lanes"] != 1,
    "speed_limit_kmh between 4/4 and (3*(9+1))": lambda r: 1 <= r["speed_limit_kmh"] <= 30,
    "speed_limit_kmh not between 4/4 and (3*(9+1))": lambda r: r["speed_limit_kmh"] > 30,
    "speed_limit_kmh in (20+10,1+1,3*1)": lambda r: r["speed_limit_kmh"] in (30, 2),
    "1+1=lanes": lambda r: r["lanes"] == 2,
    "width_m*2=width_m+width_m": lambda r: r["width_m"] is not None,
    "(width_m-2.5)*2%3=1": lambda r: (r["width_m"] - 2.5) * 2 % 3 == 1,
    "speed_limit_kmh/lanes>15": lambda r: r["lanes"] and r["speed_limit_kmh"] / r["lanes"] > 15,
    "-lanes<-2": lambda r: r["lanes"] > 2,
}


@pytest.fixture(scope="module")
def schemas(ask, filled):
    return {name: ask.json(f"/ogc/collections/{name}/queryables", accept="*/*") for name in filled}


@sides("comparison-value-property")
def test_comparison_value_property(ask, schemas):
    """A value may stand on the left; opposites have nothing in common."""
    for layer, name, told in compared(schemas):
        found = {op: same(ask, f"{value(told)} {op} {name}", layer) for op in COMPARISONS}
        for one, other in (("=", "<>"), (">", "<="), ("<", ">=")):
            assert not found[one] & found[other]


@sides("comparison-property-property")
def test_comparison_property_property(ask, schemas):
    """A property is as large as itself."""
    for layer, name, _ in compared(schemas):
        found = {op: same(ask, f"{name} {op} {name}", layer) for op in COMPARISONS}
        assert found["<>"] | found["<"] | found[">"] == set()
        assert found["="] == found[">="] == found["<="]


@sides("comparison-value-value")
@pytest.mark.parametrize("word", [*VALUES.values(), STAMP, "DATE('2022-04-14')"])
def test_comparison_value_value(ask, word):
    """Values on both sides: everything or nothing."""
    whole = ask.ids(ROADS)
    for op in COMPARISONS:
        expected = whole if op in ("=", ">=", "<=") else set()
        assert same(ask, f"{word} {op} {word}") == expected


@sides("test-data")
@numbers("test-data")
@pytest.mark.parametrize("condition", [*LITERAL_FIRST, *ARITHMETIC])
def test_test_data(ask, condition):
    """Each condition of the annexes, on made-up data, finds what plain Python finds."""
    assert same(ask, condition) == matching((LITERAL_FIRST | ARITHMETIC)[condition])


@sides("test-data")
@pytest.mark.parametrize("function", SWAPPED)
def test_test_data_places(ask, function):
    """A place may stand on the left: what is related to the feature, and not the other way round."""
    lines = {f"{ROADS}.r{i}": shapely.LineString(points) for i, (_, points) in enumerate(made_place.roads())}
    for word in PLACES:
        numbers = [float(part) for part in word[5:-1].split(",")] if word.startswith("BBOX") else []
        literal = shapely.box(*numbers) if numbers else shapely.from_wkt(word)
        expected = {key for key, line in lines.items() if getattr(shapely, SWAPPED[function])(literal, line)}
        assert same(ask, f"{function}({word},geometry)") == expected


@numbers("arithmetic")
def test_arithmetic(ask, schemas):
    """Every number can be calculated with; what has no result is not found."""
    for name, schema in schemas.items():
        for queryable in typed(schema, "number", "integer"):
            there = same(ask, f"{queryable} IS NOT NULL", name)
            assert same(ask, f"{queryable} + 1 > {queryable}", name) == there
            assert same(ask, f"{queryable} * 2 - {queryable} = {queryable}", name) == there
            assert same(ask, f"{queryable} / 0 > 0", name) == set()


@sides("logical")
@numbers("logical")
@pytest.mark.parametrize("conditions", [LITERAL_FIRST, ARITHMETIC], ids=["property-property", "arithmetic"])
def test_logical(ask, conditions):
    """AND, OR, NOT and brackets, as sets have them."""
    logical(ask, conditions)


@lists("array-predicates")
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("function", SETS_OF)
def test_array_predicates(ask, function, other):
    """Arrays compare as sets; no queryable is an array, so they are of a road's name and number."""
    known = matching(lambda r: None not in (r["name"], r["ref"]))
    expected = matching(lambda r: SETS_OF[function]({r["name"], r["ref"]}, OTHERS[other](r)))
    assert same(ask, f"{function}((name,ref),{other})") & known == known & expected


@lists("array-predicates")
def test_array_predicates_take_only_arrays(ask, schemas):
    """A text is no array; a queryable that is one has to be looked at here as soon as there is one."""
    assert not [1 for schema in schemas.values() for told in schema["properties"].values() if _array(told)]
    for function in SETS_OF:
        ask.refused(ROADS, filter=f"{function}(name,('foo','bar'))")


@lists("logical")
def test_array_logical(ask):
    """AND, OR, NOT and brackets, as sets have them."""
    logical(ask, [f"{function}((name,ref),('L 2','Bern'))" for function in SETS_OF])


def _array(told):
    return told.get("type") == "array"
