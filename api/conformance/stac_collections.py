"""Checks of STAC's collection search."""

from collections.abc import Callable
from typing import Any

import orjson

from api.conformance.asking import Asker, Untested, expect, rels
from api.conformance.stac import described, words

_PATH = "/stac/collections"
_LOOKED_AT = 10


def _some(ask: Asker) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask.get(_PATH)["collections"]
    if not found:
        raise Untested("nothing is published in this store")
    return found


def _ids(ask: Asker, **query: Any) -> list[str]:
    return [one["id"] for one in ask.get(_PATH, **query)["collections"]]


def _few(ask: Asker) -> None:
    whole = ask.get(_PATH)["collections"]
    page = ask.get(_PATH, limit=1)
    expect(len(page["collections"]) == min(1, len(whole)), "limit=1 gives another number")
    if len(whole) > 1:
        expect("next" in rels(page), "there is no link to the next page")
    far = ask.get(_PATH, bbox="-170,-80,-169,-79")["collections"]
    expect(not far, "bbox finds collections that are elsewhere")
    for one in whole[:_LOOKED_AT]:
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        here = _ids(ask, bbox=f"{west},{south},{east},{north}")
        expect(one["id"] in here, f"bbox misses {one['id']} at its own place")
        begin = one["extent"]["temporal"]["interval"][0][0]
        expect(one["id"] in _ids(ask, datetime=f"{begin}/.."), f"datetime misses {one['id']}")
    expect(not _ids(ask, datetime="../1900-01-01T00:00:00Z"), "datetime finds what was not")
    ask.refused(_PATH, 400, bbox="1,2,3")
    ask.refused(_PATH, 400, datetime="yesterday")


def _fields(ask: Asker) -> None:
    for one in ask.get(_PATH, fields="id,title")["collections"]:
        expect({"id", "title"} <= set(one) and "extent" not in one, "fields=id,title sends others")
    for one in ask.get(_PATH, fields="-extent")["collections"]:
        expect("extent" not in one and one["id"], "fields=-extent leaves it in")


def _sort(ask: Asker) -> None:
    ids = sorted(one["id"] for one in _some(ask))
    expect(_ids(ask, sortby="+id") == _ids(ask, sortby="id") == ids, "sortby=+id does not sort")
    expect(_ids(ask, sortby="-id") == ids[::-1], "sortby=-id does not sort")
    begun = ask.get(_PATH, sortby="-extent.temporal")["collections"]
    times = [one["extent"]["temporal"]["interval"][0][0] for one in begun]
    expect(times == sorted(times, reverse=True), "sortby=-extent.temporal does not sort")


def _sortables(ask: Asker) -> None:
    for name in described(ask, ask.get(_PATH), "sortables"):
        expect(ask.ask(_PATH, sortby=f"-{name}").status == 200, f"sortby={name} is told and refused")
    ask.refused(_PATH, 400, sortby="there-is-none")


def _filter(ask: Asker) -> None:
    one = _some(ask)[0]
    for name in described(ask, ask.get(_PATH), "queryables"):
        answer = ask.ask(_PATH, filter=f'"{name}" IS NULL')
        expect(answer.status == 200, f"{name} is told and refused")
    this = {"op": "=", "args": [{"property": "id"}, one["id"]]}
    texts = (
        {"filter": f"id = '{one['id']}'"},
        {"filter": orjson.dumps(this).decode(), "filter_lang": "cql2-json"},
    )
    for query in texts:
        expect(_ids(ask, **query) == [one["id"]], "id = … finds others")
    expect(one["id"] not in _ids(ask, filter=f"NOT id = '{one['id']}'"), "NOT finds the same")
    named = ", ".join(f"'{word}'" for word in one["keywords"] if "'" not in word)
    expect(one["id"] in _ids(ask, filter=f"A_CONTAINS(keywords, ({named}))"), "A_CONTAINS misses it")
    expect(not _ids(ask, filter="S_INTERSECTS(geometry, POINT(-170 -80))"), "it finds what is elsewhere")
    ask.refused(_PATH, 400, filter="there_is_none = 1")
    ask.refused(_PATH, 400, filter="id =")


_API = "https://api.stacspec.org/"
_OLD = f"{_API}v1.0.0-rc.1/collection-search"
_NEW = f"{_API}v1.0.0/collection-search"
_SORTED = f"{_API}v1.1.0/collection-search"

CHECKS: dict[str, Callable[[Asker], None]] = {
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/simple-query": _few,
    _OLD: _few,
    _NEW: _few,
    f"{_OLD}#free-text": words(_PATH),
    f"{_OLD}#fields": _fields,
    f"{_NEW}#fields": _fields,
    f"{_OLD}#filter": _filter,
    f"{_NEW}#filter": _filter,
    f"{_OLD}#sort": _sort,
    f"{_SORTED}#sort": _sort,
    f"{_SORTED}#sortables": _sortables,
}
"""Class → its check."""
