"""What a visitor asks of the items: the same words in an address and in a JSON body."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from api import params
from api.stac import members
from catalog import crs, stac_words
from catalog.stac_filter import SCHEMA
from catalog.stac_query import conditions
from catalog.stac_search import Search, Token, token
from catalog.stac_select import Selection
from catalog.stac_shape import shape
from catalog.stac_stories import FIELDS
from twin.errors import RequestError

LONGEST = 1024 * 1024
"""Most bytes of a body."""
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""How JSON writes a NUL: nothing of ours has one, and other engines end a text there."""
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


def in_address(query: Mapping[str, str], limit: int, **fixed: Any) -> Asked:
    """Read query parameters.

    Args:
        query: Parameter → text, all of them of a search; the route has looked at their names and types.
        limit: Most items of a page.
        fixed: What the address itself says if the parameter is not there, such as the one collection.

    Raises:
        RequestError: says what is wrong and how it is written.
    """
    kept = {name: query[name] for name in MEMBERS if name in query and name != "limit"}
    body: dict[str, Any] = {**fixed, **kept}
    for name in ("ids", "collections"):
        if name in kept:
            body[name] = kept[name].split(",")
    for name in ("intersects", "query"):
        if name in kept:
            body[name] = members.json(name, kept[name].encode())
    if "sortby" in kept:
        body["sortby"] = members.signed(kept["sortby"])
    if "fields" in kept:
        body["fields"] = members.parts(kept["fields"])
    body["filter-lang"] = kept.get("filter-lang", "cql2-text")
    return _read(body, {**kept, "limit": min(limit, params.MOST)})


async def in_body(request: Request, datetime: str | None = None) -> Asked:
    """Read a JSON body of at most `LONGEST` bytes; `RequestError` says what is wrong.

    Args:
        request: Whose body.
        datetime: The time in its address, for a body that has none: links to the search keep the time there.
    """
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LONGEST:
            raise RequestError(f"the body is over {LONGEST} bytes; ask for less at a time")
    if _NUL.search(data):
        raise RequestError("the body has a NUL character in a text; leave it out")
    body = members.json("the body", bytes(data))
    if not isinstance(body, dict):
        raise RequestError('the body is no JSON object; write for example {"limit": 10}')
    for name in body:
        if name not in MEMBERS:
            near = difflib.get_close_matches(name.lower()[:200], MEMBERS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"a search knows: {', '.join(MEMBERS)}"
            raise RequestError(f"unknown member {name[:80]!r}; {hint}")
    body = {name: value for name, value in body.items() if value is not None or name == "fields"}
    if datetime is not None:
        body.setdefault("datetime", datetime)
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


def _read(body: dict[str, Any], given: dict[str, Any]) -> Asked:
    if "bbox" in body and "intersects" in body:
        raise RequestError("bbox and intersects exclude each other; give one of them")
    for name in ("datetime", "token", "filter-lang", "filter-crs"):
        if name in body and not isinstance(body[name], str):
            raise RequestError(f"{name} is no text; write it in quotes")
    where = members.placed(body.get("filter-crs", crs.CRS84))
    asked = Search(
        layers=frozenset(members.texts("collections", body["collections"]))
        if "collections" in body
        else None,
        ids=frozenset(members.texts("ids", body["ids"])) if "ids" in body else None,
        boxes=params.boxes(body.get("bbox")),
        shape=shape(body["intersects"]) if "intersects" in body else None,
        time=members.when(body["datetime"]) if "datetime" in body else None,
        conditions=conditions(body["query"]) if "query" in body else (),
        tree=members.filter_(body["filter"], body["filter-lang"], where, SCHEMA)
        if "filter" in body
        else None,
        words=stac_words.read(body["q"]) if "q" in body else None,
        order=members.order(body["sortby"], FIELDS) if "sortby" in body else (),
    )
    after = token(body["token"]) if "token" in body else None
    parts = members.chosen(body["fields"]) if "fields" in body else None
    return Asked(asked, given["limit"], after, parts, given)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
