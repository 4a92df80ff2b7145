"""Answers as CSV and GeoJSON, as FROST gives them: ``$resultFormat=CSV`` and ``GeoJSON``."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from api.formats.csv import guarded
from api.sta.model import KINDS, Kind
from api.sta.query import Options
from catalog import deadline
from twin.errors import RequestError

UNIT = ("name", "symbol", "definition")
_SHAPES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
)
Get = Callable[[dict[str, Any]], Any]


def check(kind: Kind, options: Options) -> None:
    """`RequestError` if a table cannot have what is asked for: several in one line, or nothing."""
    _single(kind, options)
    if next(columns(kind, options), None) is None:
        raise RequestError("nothing in $select has a column in CSV; choose properties, links have none")


def _single(kind: Kind, options: Options) -> None:
    for name, nested in options.expand.items():
        link = kind.links[name]
        if link.many and nested.top != 1:
            raise RequestError(
                f"a line of CSV has one of each: write $expand={name}($top=1), or ask for {link.target} "
                f"and expand what leads back to {kind.name}"
            )
        _single(KINDS[link.target], nested)


def table(kind: Kind, options: Options, body: bytes) -> bytes:
    """An answer as CSV (RFC 4180): one entity a line, documents within them as JSON, no links.

    What is expanded has columns with the link's name before theirs; what a spreadsheet would take for a
    formula has an apostrophe before it, as at `/ogc`.
    """
    told = dict(columns(kind, options))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(told)
    for entity in deadline.some(_entities(orjson.loads(body))):
        writer.writerow(cell(get(entity)) for get in told.values())
    return buffer.getvalue().encode()


def features(kind: Kind, options: Options, body: bytes) -> bytes:
    """An answer as a FeatureCollection: properties by their paths, the first geometry that is met."""
    answer = orjson.loads(body)
    found = []
    for entity in deadline.some(_entities(answer)):
        feature: dict[str, Any] = {"type": "Feature", "properties": {}, "geometry": None}
        _flatten(feature, kind, options, entity, "")
        found.append(feature)
    told = {name: answer[name] for name in ("@iot.nextLink", "@iot.count") if name in answer}
    return orjson.dumps({"type": "FeatureCollection", **told, "features": found})


def _entities(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.get("value", [answer])
    return found


def names(kind: Kind, options: Options) -> Iterator[tuple[str, str]]:
    """Properties to show: as told here, and as they stand in the answer."""
    asked = options.select
    if asked is None or asked & {"id", "@iot.id"}:
        yield "id", "@iot.id"
    if asked is not None and asked & {"selfLink", "@iot.selfLink"}:
        yield "selfLink", "@iot.selfLink"
    yield from ((name, name) for name in kind.properties if asked is None or name in asked)


def unit(options: Options) -> list[str]:
    """Members of the unit to show, each in a column of its own."""
    asked = options.inside.get("unitOfMeasurement")
    return [part for part in UNIT if asked is None or (part,) in asked]


def columns(
    kind: Kind, options: Options, before: str = "", of: Get = lambda entity: entity
) -> Iterator[tuple[str, Get]]:
    """Name of each column of a table, and what reads it out of an entity."""
    for shown, name in names(kind, options):
        if name == "unitOfMeasurement":
            for part in unit(options):
                yield f"{before}{shown}/{part}", _of(of, name, part)
        else:
            yield f"{before}{shown}", _of(of, name)
    for name, nested in options.expand.items():
        yield from columns(KINDS[kind.links[name].target], nested, f"{before}{name}/", _of(of, name))


def _of(of: Get, *names: str) -> Get:
    """What stands at names; of a set its first entity, of nothing nothing."""

    def get(entity: dict[str, Any]) -> Any:
        value: Any = of(entity)
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, list):
            return value[0] if value else None
        return value

    return get


def cell(value: Any) -> str:
    """A value as a cell of a table that is harmless in a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return orjson.dumps(value).decode()


def _flatten(feature: dict[str, Any], kind: Kind, options: Options, entity: dict[str, Any], at: str) -> None:
    for shown, name in names(kind, options):
        _put(feature, f"{at}{shown}", entity[name])
    for name, nested in options.expand.items():
        target, value = KINDS[kind.links[name].target], entity[name]
        if not isinstance(value, list):
            _flatten(feature, target, nested, value, f"{at}{name}/")
            continue
        for number, one in enumerate(value):
            _flatten(feature, target, nested, one, f"{at}{name}/{number}/")


def _put(feature: dict[str, Any], at: str, value: Any) -> None:
    """A value as properties: members of documents each by its path; what is not there is left out."""
    if isinstance(value, dict) and value.get("type") in _SHAPES and len(value) == 2:
        feature["geometry"] = feature["geometry"] or value
    elif isinstance(value, dict):
        for name, inner in value.items():
            _put(feature, f"{at}/{name}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _put(feature, f"{at}/{number}", inner)
    elif value is not None:
        feature["properties"][at] = value
