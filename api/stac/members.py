"""How the members of a search are written: read here for items and collections, addresses and bodies."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import orjson

from catalog import crs
from catalog.cql import objects, once, text
from catalog.cql.tree import Node
from catalog.stac_fields import Field, field
from catalog.stac_filter import checked
from catalog.stac_query import MOST
from catalog.stac_select import ITEM, Kind, Selection, selection
from twin import times
from twin.errors import RequestError
from twin.schema import Schema

_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,12})?(?:Z|[-+ ][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)
"""STAC wants RFC 3339 to the letter; a blank is a plus that travelled unescaped."""
_LANGUAGES = {"cql2-text": text.read, "cql2-json": objects.read}
Known = TypeVar("Known", bound=Field)


def when(given: str) -> tuple[datetime | None, datetime | None]:
    """First and last instant of ``datetime``; `RequestError` if they are not written as RFC 3339 says."""
    for part in given[:200].split("/"):
        if part not in ("", "..") and not _TIME.fullmatch(part):
            raise RequestError(f"{part[:40]!r} is not a time; write for example 2026-03-01T12:00:00Z")
    return times.interval(given.upper())


def filter_(given: Any, language: str, where: str, asked: Schema) -> Node:
    """A checked filter.

    Args:
        given: Its text.
        language: ``cql2-text`` or ``cql2-json``.
        where: CRS of its geometries, see `placed`.
        asked: What it may ask for.
    """
    if language not in _LANGUAGES or not isinstance(given, str):
        raise RequestError("filter-lang is cql2-text (filter is a text) or cql2-json (it is an object)")
    return checked(_LANGUAGES[language](given, lambda shape: crs.asked(shape, where, "filter")), asked)


def placed(given: Any) -> str:
    """CRS of a filter's geometries; `RequestError` if it is another than ours, with or without a filter."""
    if given != crs.CRS84:
        raise RequestError(f"filter-crs is not known here; geometries are in {crs.CRS84}")
    return crs.CRS84


def signed(given: str) -> list[dict[str, str]]:
    """``sortby`` of an address as a body writes it."""
    parts = [part.strip() for part in given.split(",")]  # a plus that travelled unescaped is a blank
    return [
        {"field": part.lstrip("+-"), "direction": "desc" if part.startswith("-") else "asc"} for part in parts
    ]


def order(given: Any, fields: Mapping[str, Known]) -> tuple[tuple[Known, bool], ...]:
    """Fields to sort by, and whether they descend."""
    wrong = RequestError(
        'sortby is not understood; write for example [{"field": "datetime", "direction": "desc"}]'
    )
    if not isinstance(given, list) or not 0 < len(given) <= 10:
        raise wrong
    found = []
    for one in given:
        if not isinstance(one, dict) or set(one) - {"field", "direction"}:
            raise wrong
        direction = one.get("direction", "asc")
        if direction not in ("asc", "desc"):
            raise RequestError("a direction is asc or desc")
        known = field(one.get("field"), fields)
        if known.many:
            raise RequestError(f"{one['field']} is a list, and lists have no order; sort by another field")
        found.append((known, direction == "desc"))
    return tuple(found)


def parts(given: str) -> dict[str, list[str]]:
    """``fields`` of an address as a body writes it."""
    names = [part.strip() for part in given.split(",") if part.strip()]
    found = {
        "include": [name.removeprefix("+") for name in names if not name.startswith("-")],
        "exclude": [name[1:] for name in names if name.startswith("-")],
    }
    return {part: named for part, named in found.items() if named}


def chosen(given: Any, kind: Kind = ITEM) -> Selection:
    """Which parts of each document are sent."""
    if not isinstance(given, dict) or set(given) - {"include", "exclude"}:
        raise RequestError(
            'fields is not understood; write for example {"include": [], "exclude": ["assets"]}'
        )
    lists = {name: texts(name, value) for name, value in given.items() if value not in (None, [])}
    if "include" in given and list(lists) == ["exclude"]:  # nothing beside what it needs, less these
        plain = (".".join(path) for path in kind.default)
        lists["include"] = [name for name in plain if name not in lists["exclude"]]
    return selection(lists.get("include", ()), lists.get("exclude", ()), kind)


def json(what: str, data: bytes) -> Any:
    """Read JSON; `RequestError` names `what`, and a member that stands there twice."""
    try:
        return once.read(what, data)
    except orjson.JSONDecodeError:  # its words would repeat the data
        raise RequestError(f"{what} is no JSON; check quotes and brackets") from None


def texts(name: str, given: Any) -> list[str]:
    """A list of texts; `RequestError` if `given` is none."""
    if (
        not isinstance(given, list)
        or not 0 < len(given) <= MOST
        or not all(isinstance(one, str) and 0 < len(one) <= MOST for one in given)
    ):
        raise RequestError(f"{name} is no list of 1 to {MOST} texts; leave it out to ask for all")
    return given
