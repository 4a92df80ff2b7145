"""Filters against plain Python: what a condition has to find among the made-up features; both encodings."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from catalog.cql import text
from catalog.cql.tree import Array, Call, Instant, Interval, Literal, Name, Reference, Shape
from tests.abstract import made_place

ROADS, BUILDINGS, SITES, COUNTS = (
    "probe.roads",
    "probe.buildings",
    "probe.construction-sites",
    "probe.bike-counts",
)
VALUES = {"string": "'foo'", "boolean": "true", "number": "3.14", "integer": "1"}
STAMP = "TIMESTAMP('2022-04-14T14:48:46Z')"
COMPARISONS = ("=", "<>", ">", "<", ">=", "<=")
Rows = dict[str, dict[str, Any]]


def rows() -> Rows:
    """Id → values of the roads."""
    return {f"{ROADS}.r{place}": values for place, (values, _) in enumerate(made_place.roads())}


def matching(holds: Callable[[dict[str, Any]], Any]) -> set[str]:
    """Ids of the roads for which a condition holds; with a missing value (TypeError) it never does."""
    found = set()
    for name, values in rows().items():
        try:
            if holds(values):
                found.add(name)
        except TypeError:
            continue
    return found


def value(told: dict[str, Any]) -> str | None:
    """A value for comparisons with a queryable, as the annex has them; None for geometries."""
    if told.get("format") == "date-time":
        return STAMP
    return VALUES.get(told.get("type", ""))


def typed(schema: dict[str, Any], *kinds: str) -> list[str]:
    """Queryables of these types: ``string``, ``time``, ``number``, ``integer``, ``boolean``, ``geometry``."""
    found = []
    for name, told in schema["properties"].items():
        kind = "time" if told.get("format") == "date-time" else told.get("type", "geometry")
        if kind in kinds:
            found.append(name)
    return found


def compared(schemas: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(layer, queryable, its schema): all simple ones of the roads, of other layers one of each type."""
    for layer, schema in schemas.items():
        for kind in ("string", "boolean", "number", "integer", "time"):
            for name in typed(schema, kind)[: None if layer == ROADS else 1]:
                yield layer, name, schema["properties"][name]


def instant(word: str) -> datetime:
    return datetime.fromisoformat(word).astimezone(UTC)


def as_json(condition: str) -> str:
    """CQL2 Text in the JSON encoding (OGC 21-065r2, 8.3)."""
    return json.dumps(_encoded(text.read(condition, lambda shape: shape)), ensure_ascii=False)


def _encoded(node: Any) -> Any:
    import shapely

    match node:
        case Name(name):
            return {"property": name}
        case Literal(found):
            return found
        case Instant():
            return _time(node)
        case Interval(start, end):
            return {"interval": [_bound(start), _bound(end)]}
        case Array(items):
            return [_encoded(one) for one in items]
        case Reference(layer, name):
            return {"op": "FEATURE", "args": [layer, name]}
        case Shape(geometry):
            return shapely.geometry.mapping(geometry)
        case Call("in", (first, *more)):
            return {"op": "in", "args": [_encoded(first), [_encoded(one) for one in more]]}
        case Call(op, args):
            return {"op": {"isnull": "isNull"}.get(op, op), "args": [_encoded(one) for one in args]}
    raise AssertionError(node)


def _time(node: Instant) -> dict[str, str]:
    moment = datetime.fromtimestamp(node.start / 1e6, UTC)
    if node.start == node.end:
        return {"timestamp": moment.isoformat().replace("+00:00", "Z")}
    return {"date": moment.date().isoformat()}


def _bound(end: Any) -> Any:
    if end is None:
        return ".."
    (found,) = _encoded(end).values()
    return _encoded(end) if isinstance(end, Name) else found


def same(ask: Any, condition: str, layer: str = ROADS) -> set[str]:
    """Ids that a condition finds; among the roads (all kinds of values) the same in both encodings."""
    found = ask.ids(layer, filter=condition, filter_lang="cql2-text")
    assert layer != ROADS or found == ask.ids(layer, filter=as_json(condition), filter_lang="cql2-json"), (
        condition
    )
    return found


def logical(ask: Any, conditions: Iterable[str], layer: str = ROADS) -> None:
    """The annex's combination of four conditions, each time of others, against sets."""
    known = {condition: same(ask, condition, layer) for condition in conditions}
    whole, names = ask.ids(layer), sorted(known)
    for place in range(10):
        p1, p2, p3, p4 = (
            names[(place * step + shift) % len(names)] for shift, step in enumerate((1, 3, 5, 7))
        )
        not1, not4 = same(ask, f"NOT ({p1})", layer), same(ask, f"NOT ({p4})", layer)
        assert not1 <= whole - known[p1]  # what has no value is in neither
        both = same(ask, f"NOT (({p1}) AND ({p4}))", layer)
        assert both <= whole - (known[p1] & known[p4])
        asked = f"((NOT ({p1}) AND ({p2})) OR (({p3}) AND NOT ({p4})) OR NOT (({p1}) AND ({p4})))"
        assert same(ask, asked, layer) == (not1 & known[p2]) | (known[p3] & not4) | both
