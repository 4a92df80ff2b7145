"""What a visitor asks of the items: the same words in an address and in a JSON body."""

import difflib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request

from api import params
from catalog import crs
from catalog.cql import objects, text
from catalog.cql.tree import Node
from catalog.stac_fields import MOST, Field, conditions, field
from catalog.stac_filter import checked
from catalog.stac_search import Search, Token, token
from catalog.stac_select import DEFAULT, Selection, selection
from catalog.stac_shape import shape
from twin import times
from twin.errors import RequestError

LONGEST = 1024 * 1024
"""Most bytes of a body."""
_TERMS = 50
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,12})?(?:Z|[-+ ][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)
"""STAC wants RFC 3339 to the letter; a blank is a plus that travelled unescaped."""
MEMBERS = (
    "bbox",
    "collections",
    "datetime",
    "fields",
    "filter",
    "filter-crs",
    "filter-lang",
    "ids",
    "intersects",
    "limit",
    "q",
    "query",
    "sortby",
    "token",
)


@dataclass(frozen=True)
class Asked:
    """A question, read."""

    search: Search
    limit: int
    after: Token | None
    selection: Selection | None
    """None: whole items."""
    given: dict[str, Any]
    """As it was written, for links."""


def in_address(given: dict[str, str | None], limit: int, **fixed: Any) -> Asked:
    """Read query parameters.

    Args:
        given: Parameter → text; what is None was not there.
        limit: Most items of a page.
        fixed: What the address itself says if the parameter is not there, such as the one collection.

    Raises:
        RequestError: says what is wrong and how it is written.
    """
    kept = {name: value for name, value in given.items() if value is not None}
    body: dict[str, Any] = {**fixed, **kept}
    for name in ("ids", "collections", "q"):
        if name in kept:
            body[name] = kept[name].split(",")
    for name in ("intersects", "query"):
        if name in kept:
            body[name] = _json(name, kept[name].encode())
    if "sortby" in kept:
        body["sortby"] = [_signed(part) for part in kept["sortby"].split(",")]
    if "fields" in kept:
        names = [part.strip() for part in kept["fields"].split(",") if part.strip()]
        parts = {
            "include": [name.removeprefix("+") for name in names if not name.startswith("-")],
            "exclude": [name[1:] for name in names if name.startswith("-")],
        }
        body["fields"] = {part: found for part, found in parts.items() if found}
    body["filter-lang"] = kept.get("filter-lang", "cql2-text")
    return _read(body, {**kept, "limit": min(limit, params.MOST)})


async def in_body(request: Request) -> Asked:
    """Read a JSON body of at most `LONGEST` bytes; `RequestError` says what is wrong."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LONGEST:
            raise RequestError(f"the body is over {LONGEST} bytes; ask for less at a time")
    body = _json("the body", bytes(data))
    if not isinstance(body, dict):
        raise RequestError('the body is no JSON object; write for example {"limit": 10}')
    for name in body:
        if name not in MEMBERS:
            near = difflib.get_close_matches(name.lower()[:200], MEMBERS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"a search knows: {', '.join(MEMBERS)}"
            raise RequestError(f"unknown member {name[:80]!r}; {hint}")
    body = {name: value for name, value in body.items() if value is not None or name == "fields"}
    for name in ("ids", "collections"):
        if isinstance(body.get(name), str):  # stac-api-validator writes one name so
            body[name] = [body[name]]
    filter_ = body.get("filter")
    limit = body.get("limit", 10)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise RequestError("limit is no whole number of at least 1")
    box = body.get("bbox")
    if box is not None:
        if not isinstance(box, list) or not all(_is_number(n) for n in box):
            raise RequestError("bbox is not four or six numbers; write [west, south, east, north] in degrees")
        body["bbox"] = ",".join(str(n) for n in box)
    language = body.get("filter-lang", "cql2-json")
    if language == "cql2-json" and "filter" in body:
        if not isinstance(body["filter"], dict):
            raise RequestError('filter is no object; write for example {"op": "=", "args": […]}')
        body["filter"] = orjson.dumps(body["filter"]).decode()
    given = {**body, **({} if box is None else {"bbox": box}), **({"filter": filter_} if filter_ else {})}
    return _read({**body, "filter-lang": language}, {**given, "limit": min(limit, params.MOST)})


def terms(given: Any) -> tuple[str, ...]:
    """The words of free text, case-folded; one of them must be there."""
    found = [given] if isinstance(given, str) else given
    words = tuple(" ".join(word.split()).casefold() for word in _texts("q", found, _TERMS))
    if not all(words):
        raise RequestError("q has an empty word; separate words by single commas")
    return words


def when(text: str) -> tuple[datetime | None, datetime | None]:
    """First and last instant of ``datetime``; `RequestError` if they are not written as RFC 3339 says."""
    for part in text[:200].split("/"):
        if part not in ("", "..") and not _TIME.fullmatch(part):
            raise RequestError(f"{part[:40]!r} is not a time; write for example 2026-03-01T12:00:00Z")
    return times.interval(text.upper())


def _read(body: dict[str, Any], given: dict[str, Any]) -> Asked:
    if "bbox" in body and "intersects" in body:
        raise RequestError("bbox and intersects exclude each other; give one of them")
    for name in ("datetime", "token", "filter-lang", "filter-crs"):
        if name in body and not isinstance(body[name], str):
            raise RequestError(f"{name} is no text; write it in quotes")
    asked = Search(
        layers=frozenset(_texts("collections", body["collections"])) if "collections" in body else None,
        ids=frozenset(_texts("ids", body["ids"])) if "ids" in body else None,
        box=params.box(body.get("bbox")),
        shape=shape(body["intersects"]) if "intersects" in body else None,
        time=when(body["datetime"]) if "datetime" in body else None,
        conditions=conditions(body["query"]) if "query" in body else (),
        tree=_filter(body) if "filter" in body else None,
        terms=terms(body["q"]) if "q" in body else (),
        order=_order(body["sortby"]) if "sortby" in body else (),
    )
    after = token(body["token"]) if "token" in body else None
    chosen = _selection(body["fields"]) if "fields" in body else None
    return Asked(asked, given["limit"], after, chosen, given)


def _filter(body: dict[str, Any]) -> Node:
    where = body.get("filter-crs", crs.CRS84)
    if where != crs.CRS84:
        raise RequestError(f"filter-crs is not known here; geometries are in {crs.CRS84}")
    languages = {"cql2-text": text.read, "cql2-json": objects.read}
    if body["filter-lang"] not in languages or not isinstance(body["filter"], str):
        raise RequestError("filter-lang is cql2-text (filter is a text) or cql2-json (it is an object)")
    return checked(
        languages[body["filter-lang"]](body["filter"], lambda shape: crs.asked(shape, where, "filter"))
    )


def _json(what: str, data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:  # its words would repeat the data
        raise RequestError(f"{what} is no JSON; check quotes and brackets") from None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _texts(name: str, given: Any, most: int = MOST) -> list[str]:
    if (
        not isinstance(given, list)
        or not 0 < len(given) <= most
        or not all(isinstance(one, str) and 0 < len(one) <= MOST for one in given)
    ):
        raise RequestError(f"{name} is no list of 1 to {most} texts; leave it out to ask for all")
    return given


def _signed(part: str) -> dict[str, str]:
    part = part.strip()  # a plus that travelled unescaped is a blank
    return {"field": part.lstrip("+-"), "direction": "desc" if part.startswith("-") else "asc"}


def _order(given: Any) -> tuple[tuple[Field, bool], ...]:
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
        found.append((field(one.get("field")), direction == "desc"))
    return tuple(found)


def _selection(given: Any) -> Selection:
    if not isinstance(given, dict) or set(given) - {"include", "exclude"}:
        raise RequestError(
            'fields is not understood; write for example {"include": [], "exclude": ["assets"]}'
        )
    lists = {name: _texts(name, value) for name, value in given.items() if value not in (None, [])}
    if "include" in given and list(lists) == ["exclude"]:  # nothing beside what an item needs, less these
        lists["include"] = [
            name for name in (*DEFAULT, "properties.datetime") if name not in lists["exclude"]
        ]
    return selection(lists.get("include", ()), lists.get("exclude", ()))
