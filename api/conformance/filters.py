"""Checks of OGC API Features 3 and CQL2."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import orjson

from api.conformance.asking import Asker, Untested, expect, rels

_JSON = {"filter-lang": "cql2-json"}


def _count(ask: Asker, items: str, text: str, **more: Any) -> int:
    number: int = ask.get(items, filter=text, limit=1, **more)["numberMatched"]
    return number


def _all(ask: Asker, items: str) -> int:
    number: int = ask.get(items, limit=1)["numberMatched"]
    return number


def _basic(ask: Asker) -> None:
    items, name, value = ask.with_value("text")
    whole, same = _all(ask, items), _count(ask, items, f"{name} = '{value}'")
    found = ask.get(items, filter=f"{name} = '{value}'", limit=50)["features"]
    expect(found and all(f["properties"][name] == value for f in found), f"{name} = … finds others")
    empty = _count(ask, items, f"{name} IS NULL")
    other = _count(ask, items, f"{name} <> '{value}'")
    expect(same + other + empty == whole, "=, <> and IS NULL do not add up")
    expect(_count(ask, items, f"NOT ({name} = '{value}') AND {name} IS NOT NULL") == other, "NOT is not <>")
    expect(_count(ask, items, f"{name} = '{value}' OR {name} IS NULL") == same + empty, "OR does not add up")
    ask.refused(items, 400, filter="there_is_no_such_property = 1")
    ask.refused(items, 400, filter=f"{name} = ")


def _text(ask: Asker) -> None:
    items, name, value = ask.with_value("text")
    told = {"filter-lang": "cql2-text"}
    expect(_count(ask, items, f"{name} = '{value}'", **told) > 0, "filter-lang=cql2-text finds nothing")


def _as_json(ask: Asker) -> None:
    items, name, value = ask.with_value("text")
    document = f'{{"op":"=","args":[{{"property":"{name}"}},"{value}"]}}'
    same = _count(ask, items, f"{name} = '{value}'")
    expect(_count(ask, items, document, **_JSON) == same > 0, "JSON and text find different features")


def _advanced(ask: Asker) -> None:
    items, name, value = ask.with_value("text")
    same = _count(ask, items, f"{name} = '{value}'")
    expect(_count(ask, items, f"{name} IN ('{value}')") == same, "IN is not =")
    expect(_count(ask, items, f"{name} LIKE '{value[:-1]}%'") >= same, "LIKE finds less than =")
    items, name, number = ask.with_value("number")
    between = _count(ask, items, f"{name} BETWEEN {number} AND {number + 1}")
    expect(
        between == _count(ask, items, f"{name} >= {number} AND {name} <= {number + 1}") > 0, "BETWEEN differs"
    )


def _folded(function: str) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        items, name, value = ask.with_value("text")
        same = _count(ask, items, f"{name} = '{value}'")
        other = value.swapcase() if function == "CASEI" else value
        found = _count(ask, items, f"{function}({name}) = {function}('{other}')")
        expect(found >= same > 0, f"{function} finds less than =")

    return check


def _spatial(*functions: str) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        items, (west, south, east, north) = ask.with_geometry()
        queryables = ask.get(items.removesuffix("/items") + "/queryables")["properties"]
        names = [name for name, told in queryables.items() if told.get("x-ogc-role") == "primary-geometry"]
        expect(names, "no queryable is the geometry")
        ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
        area = f"POLYGON(({ring}))" if west < east and south < north else f"POINT({west} {south})"
        near = _count(ask, items, f"S_INTERSECTS({names[0]}, {area})")
        expect(
            near == ask.get(items, bbox=f"{west},{south},{east},{north}")["numberMatched"] > 0, "bbox differs"
        )
        far = _count(ask, items, f"S_DISJOINT({names[0]}, {area})") if "S_DISJOINT" in functions else None
        without = _all(ask, items) - near
        expect(far is None or far <= without, "S_DISJOINT finds what S_INTERSECTS finds")
        for function in functions:
            _count(ask, items, f"{function}({names[0]}, {area})")

    return check


def _temporal(ask: Asker) -> None:
    items, name, value = ask.with_value("time")
    instant = f"TIMESTAMP('{value}')"
    counts = {f: _count(ask, items, f"{f}({name}, {instant})") for f in ("T_BEFORE", "T_EQUALS", "T_AFTER")}
    expect(counts["T_EQUALS"] > 0, "T_EQUALS finds nothing")
    there = _count(ask, items, f"{name} IS NOT NULL")
    expect(sum(counts.values()) == there, "before, at and after do not add up")


def _two(ask: Asker) -> None:
    items, name, _ = ask.with_value("number")
    there = _count(ask, items, f"{name} IS NOT NULL")
    expect(_count(ask, items, f"{name} = {name}") == there > 0, "a property does not equal itself")


def _named(ask: Asker) -> None:
    (link,) = [link for link in ask.get("/ogc")["links"] if link["rel"] == "service-desc"]
    definition = ask.get(link["href"])
    shared = definition["components"]["parameters"]
    for name in ask.collections():
        items = f"/ogc/collections/{name}/items"
        below = items.removeprefix("/ogc")  # with which the document's server ends
        told = (one["$ref"].rpartition("/")[2] for one in definition["paths"][below]["get"]["parameters"])
        types = {shared[key]["name"]: shared[key]["schema"].get("type") for key in told}
        for column, queryable in ask.get(f"/ogc/collections/{name}/queryables")["properties"].items():
            simple = queryable.get("type") in ("string", "number", "integer", "boolean")
            known = not simple or types.get(column) == queryable["type"]
            expect(known, f"the API definition does not have {column} as a parameter of {items}")
    items, name, value = ask.with_value("text")
    found = ask.get(f"{items}?{urlencode({name: value})}", limit=50)
    same = _count(ask, items, f"{name} = '{value}'")
    expect(found["numberMatched"] == same > 0, f"{name}=… is not the filter {name} = …")
    expect(all(f["properties"][name] == value for f in found["features"]), f"{name}=… finds others")
    for kind in ("number", "time"):
        items, name, value = ask.with_value(kind)
        found = ask.get(f"{items}?{urlencode({name: value})}", limit=1)
        expect(found["numberMatched"] > 0, f"{name}=… finds nothing")
        ask.refused(f"{items}?{name}=wrong", 400)


def _arrays(ask: Asker) -> None:
    items, name, value = ask.with_value("text")
    there, same = _count(ask, items, f"{name} IS NOT NULL"), _count(ask, items, f"{name} = '{value}'")
    for function in ("A_CONTAINS", "A_EQUALS", "A_OVERLAPS", "A_CONTAINEDBY"):
        found = _count(ask, items, f"{function}(({name}), ('{value}','{value}'))")
        expect(found == same > 0, f"{function} of one element is not =")
    expect(_count(ask, items, f"A_CONTAINS(({name},1), ({name}))") == there, "A_CONTAINS is not a superset")
    expect(_count(ask, items, f"A_CONTAINEDBY(({name},1), ({name}))") == 0, "A_CONTAINEDBY is a superset")
    expect(_count(ask, items, "A_EQUALS((1,2,'a'), ('a',2,1))") == _all(ask, items), "arrays have an order")
    ask.refused(items, 400, filter=f"A_CONTAINS({name}, ('a'))")
    with suppress(Untested):  # of a store without a list the class holds all the same
        _listed(ask)


def _listed(ask: Asker) -> None:
    """The same of a column that is an array itself."""
    items, name, value = ask.with_value("list")
    one, whole = f"('{value[0]}')", "(" + ",".join(f"'{each}'" for each in value) + ")"
    found = ask.get(items, filter=f"A_CONTAINS({name}, {one})", limit=50)
    has = found["numberMatched"]
    expect(has > 0, "A_CONTAINS misses a list")
    expect(all(value[0] in each["properties"][name] for each in found["features"]), "A_CONTAINS finds others")
    expect(_count(ask, items, f"A_OVERLAPS({name}, {one})") == has, "A_OVERLAPS of one element differs")
    expect(_count(ask, items, f"A_CONTAINEDBY({one}, {name})") == has, "the other way round differs")
    same = _count(ask, items, f"A_EQUALS({name}, {whole})")
    both = f"A_CONTAINS({name}, {whole}) AND A_CONTAINEDBY({name}, {whole})"
    expect(same == _count(ask, items, both) > 0, "A_EQUALS is not a superset and a subset")
    rest = _count(ask, items, f"NOT A_CONTAINS({name}, {one})") + _count(ask, items, f"{name} IS NULL")
    expect(has + rest == _all(ask, items), "A_CONTAINS, NOT and IS NULL do not add up")
    ask.refused(items, 400, filter=f"{name} = '{value[0]}'")
    ask.refused(items, 400, sortby=name)


def _arithmetic(ask: Asker) -> None:
    items, name, _ = ask.with_value("number")
    there = _count(ask, items, f"{name} IS NOT NULL")
    expect(_count(ask, items, f"{name} + 1 > {name}") == there > 0, "a number plus one is not larger")
    expect(_count(ask, items, f"{name} * 2 = {name} + {name}") == there, "twice a number is not its double")


def told_functions(ask: Asker, door: str) -> None:
    """`Missed` unless a door tells its functions, and leads to them; all of them have a check."""
    names = [one["name"] for one in ask.get(f"{door}/functions")["functions"]]
    expect(names == ["FEATURE"], "there are functions of which no check is known")
    expect(any(rel.endswith("/functions") for rel in rels(ask.get(door))), f"{door} has no link to them")


def _functions(ask: Asker) -> None:
    told_functions(ask, "/ogc")
    layer, name = ask.with_place()
    items = f"/ogc/collections/{layer}/items"
    shape = {"op": "FEATURE", "args": [layer, name]}
    here = {"op": "s_intersects", "args": [{"property": "geometry"}, shape]}
    this = {"op": "=", "args": [{"property": "id"}, name]}
    quoted = name.replace("'", "''")
    text = f"S_INTERSECTS(geometry, FEATURE('{layer}', '{quoted}')) AND id = '{quoted}'"
    for condition, more in ((text, {}), (orjson.dumps({"op": "and", "args": [here, this]}).decode(), _JSON)):
        expect(_count(ask, items, condition, **more) == 1, "FEATURE is not where the feature is")
    ask.refused(items, 400, filter=f"S_INTERSECTS(geometry, FEATURE('{layer}', 'there is no such feature'))")
    ask.refused(items, 400, filter=f"FEATURE('{layer}', '{quoted}') = 1")


_FEATURES = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"

CHECKS: dict[str, Callable[[Asker], None]] = {
    f"{_FEATURES}queryables-query-parameters": _named,
    f"{_FEATURES}filter": _basic,
    f"{_FEATURES}features-filter": _basic,
    f"{_CQL2}cql2-text": _text,
    f"{_CQL2}cql2-json": _as_json,
    f"{_CQL2}basic-cql2": _basic,
    f"{_CQL2}advanced-comparison-operators": _advanced,
    f"{_CQL2}case-insensitive-comparison": _folded("CASEI"),
    f"{_CQL2}accent-insensitive-comparison": _folded("ACCENTI"),
    f"{_CQL2}basic-spatial-functions": _spatial(),
    f"{_CQL2}basic-spatial-functions-plus": _spatial(),
    f"{_CQL2}spatial-functions": _spatial(
        "S_CONTAINS", "S_CROSSES", "S_DISJOINT", "S_EQUALS", "S_OVERLAPS", "S_TOUCHES", "S_WITHIN"
    ),
    f"{_CQL2}temporal-functions": _temporal,
    f"{_CQL2}array-functions": _arrays,
    f"{_CQL2}property-property": _two,
    f"{_CQL2}arithmetic": _arithmetic,
    f"{_CQL2}functions": _functions,
}
"""Class → its check."""
