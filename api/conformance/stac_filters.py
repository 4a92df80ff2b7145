"""Checks of STAC's filter extension: CQL2 over items."""

from collections.abc import Callable
from typing import Any

from api.conformance.asking import Asker, expect
from api.conformance.filters import told_functions
from api.conformance.stac import item

_SEARCH = "/stac/search"


def _ids(ask: Asker, text: str, **more: Any) -> set[tuple[str, str]]:
    found = ask.get(_SEARCH, filter=text, limit=1000, **more)["features"]
    return {(one["collection"], one["id"]) for one in found}


def _this(ask: Asker) -> tuple[dict[str, Any], tuple[str, str], str]:
    one = item(ask)
    text = f"id = '{one['id']}' AND collection = '{one['collection']}'"
    return one, (one["collection"], one["id"]), text


def _basic(ask: Asker) -> None:
    _, this, text = _this(ask)
    expect(_ids(ask, text) == {this}, "id = … AND collection = … finds others")
    others = _ids(ask, f"NOT ({text})")
    expect(this not in others, "NOT finds the same")
    expect(_ids(ask, f"({text}) OR NOT ({text})") == others | {this}, "OR does not add up")
    ask.refused(_SEARCH, 400, filter="id = ")


def _text(ask: Asker) -> None:
    _, this, text = _this(ask)
    expect(_ids(ask, text, filter_lang="cql2-text") == {this}, "filter-lang=cql2-text finds others")


def _json(ask: Asker) -> None:
    one, this, _ = _this(ask)
    same = [{"op": "=", "args": [{"property": name}, one[name]]} for name in ("id", "collection")]
    body = {"filter-lang": "cql2-json", "filter": {"op": "and", "args": same}}
    answer = ask.ask(_SEARCH, body=body)
    expect(answer.status == 200, f"POST with a filter answers {answer.status}")
    found = {(other["collection"], other["id"]) for other in answer.json()["features"]}
    expect(found == {this}, "a filter in JSON finds others")


def _advanced(ask: Asker) -> None:
    one, this, _ = _this(ask)
    for text in (f"IN ('{one['collection']}')", f"LIKE '{one['collection'][:-1]}%'"):
        expect(this in _ids(ask, f"collection {text}"), f"{text.partition(' ')[0]} does not find it")
    at = one["properties"]["datetime"]
    between = f"datetime BETWEEN TIMESTAMP('{at}') AND TIMESTAMP('{at}')"
    expect(this in _ids(ask, between), "BETWEEN does not find it")


def _folded(function: str) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        one, this, _ = _this(ask)
        other = one["collection"].upper() if function == "CASEI" else one["collection"]
        expect(this in _ids(ask, f"{function}(collection) = {function}('{other}')"), f"{function} misses it")

    return check


def _spatial(*functions: str) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        one, this, _ = _this(ask)
        west, south, east, north = one["bbox"] if len(one["bbox"]) == 4 else _flat(one["bbox"])
        ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
        area = f"POLYGON(({ring}))"
        expect(this in _ids(ask, f"S_INTERSECTS(geometry, {area})"), "S_INTERSECTS misses it")
        expect(
            not _ids(ask, "S_INTERSECTS(geometry, POINT(-170 -80))"), "S_INTERSECTS finds what is elsewhere"
        )
        for function in functions:
            _ids(ask, f"{function}(geometry, {area})")

    return check


def _flat(box: list[float]) -> tuple[float, float, float, float]:
    return box[0], box[1], box[3], box[4]


def _temporal(ask: Asker) -> None:
    one, this, _ = _this(ask)
    instant = f"TIMESTAMP('{one['properties']['datetime']}')"
    found = {f: _ids(ask, f"{f}(datetime, {instant})") for f in ("T_BEFORE", "T_EQUALS", "T_AFTER")}
    expect(this in found["T_EQUALS"], "T_EQUALS misses it")
    expect(this not in found["T_BEFORE"] | found["T_AFTER"], "it is before or after itself")


def _two(ask: Asker) -> None:
    _, this, _ = _this(ask)
    expect(this in _ids(ask, "collection = collection"), "a property does not equal itself")


def _arithmetic(ask: Asker) -> None:
    one, this, _ = _this(ask)
    name, number = "twin:revision", one["properties"]["twin:revision"]
    expect(this in _ids(ask, f'"{name}" + 1 = {number + 1}'), "a number plus one misses it")
    expect(this not in _ids(ask, f'"{name}" * 2 < {number}'), "twice a number is less than itself")


def _arrays(ask: Asker) -> None:
    one, this, _ = _this(ask)
    number = one["properties"]["twin:revision"]
    name = '"twin:revision"'
    for function in ("A_CONTAINS", "A_EQUALS", "A_OVERLAPS", "A_CONTAINEDBY"):
        expect(this in _ids(ask, f"{function}(({name}), ({number},{number}))"), f"{function} misses it")
        expect(this not in _ids(ask, f"{function}(({name}), (-1))"), f"{function} finds another")
    words = ", ".join(f"'{word}'" for word in one["properties"]["keywords"] if "'" not in word)
    expect(this in _ids(ask, f"A_CONTAINS(keywords, ({words}))"), "A_CONTAINS misses a list")
    expect(not _ids(ask, "A_OVERLAPS(keywords, ('zzqxunheardof'))"), "A_OVERLAPS finds what is not there")


def _functions(ask: Asker) -> None:
    told_functions(ask, "/stac")
    layer, name = ask.with_place()
    quoted = name.replace("'", "''")
    shape = f"FEATURE('{layer}', '{quoted}')"
    found = _ids(ask, f"S_INTERSECTS(geometry, {shape}) AND collection = '{layer}'")
    expect(found, "no revision of a layer meets one of its features")
    ask.refused(
        _SEARCH, 400, filter=f"S_INTERSECTS(geometry, FEATURE('{layer}', 'there is no such feature'))"
    )


_FEATURES = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"

CHECKS: dict[str, Callable[[Asker], None]] = {
    "https://api.stacspec.org/v1.0.0/item-search#filter": _basic,
    f"{_FEATURES}filter": _basic,
    f"{_FEATURES}features-filter": _basic,
    f"{_CQL2}cql2-text": _text,
    f"{_CQL2}cql2-json": _json,
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
    f"{_CQL2}property-property": _two,
    f"{_CQL2}arithmetic": _arithmetic,
    f"{_CQL2}array-functions": _arrays,
    f"{_CQL2}functions": _functions,
}
"""Class → its check."""
