"""Collection search: which published layers are asked for, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from api import params, responses, schemas
from api.referred import Referred
from api.stac import members
from api.stac.told import QUERYABLES, SORTABLES, Told
from catalog import crs, deadline, stac_words
from catalog.stac_collections import FIELDS, SCHEMA, CollectionSearch, find
from catalog.stac_select import COLLECTION, Selection

PATH = "/stac/collections"
NAMES = ("bbox", "datetime", "q", "filter", "filter-lang", "filter-crs", "sortby", "fields", "limit")
"""Parameters that links to other pages keep."""


@dataclass(frozen=True)
class Asked:
    """A question, read."""

    search: CollectionSearch
    selection: Selection | None
    """None: whole collections."""
    limit: int
    offset: int
    given: dict[str, str]
    """As it was written, for links."""


def read(query: Mapping[str, str], limit: int, offset: int) -> Asked:
    """Read query parameters; the route has looked at names and types, the rest is a `RequestError`."""
    given = {name: query[name] for name in NAMES if name in query}
    language, where = (
        given.get("filter-lang", "cql2-text"),
        members.placed(given.get("filter-crs", crs.CRS84)),
    )
    search = CollectionSearch(
        boxes=params.boxes(given.get("bbox")),
        time=members.when(given["datetime"]) if "datetime" in given else None,
        words=stac_words.read(given["q"]) if "q" in given else None,
        tree=members.filter_(given["filter"], language, where, SCHEMA) if "filter" in given else None,
        order=members.order(members.signed(given["sortby"]), FIELDS) if "sortby" in given else (),
    )
    chosen = members.chosen(members.parts(given["fields"]), COLLECTION) if "fields" in given else None
    return Asked(search, chosen, min(limit, params.MOST), offset, given)


def all_of(told: Told, datetime: str | None) -> list[dict[str, Any]]:
    """All published layers that were there at the end of ``datetime``, as they were then."""
    return [told.collection(city, layer, datetime) for city, layer in told.there(datetime)]


def answer(told: Told, asked: Asked) -> tuple[dict[str, Any], list[str]]:
    """One page of the collections that fit, as they were at the end of ``datetime``, and their ids.

    Raises:
        TooMuch: to find them takes longer than a question may.
    """
    time = asked.given.get("datetime")
    at = params.asked(time, told.service.now())
    with deadline.within(told.service.settings.query_s):
        tree = Referred(told.service, None, at).resolved(asked.search.tree)
        matched = find(replace(asked.search, tree=tree), all_of(told, time))
    page = matched[asked.offset :][: asked.limit]
    ids = [document["id"] for document in page]
    if asked.selection is not None:
        page = [asked.selection.of(document) for document in page]
    return {
        "collections": page,
        "numberMatched": len(matched),
        "numberReturned": len(page),
        "links": [
            told.link("self", _address(asked, asked.offset), responses.JSON),
            told.link("root", _path("/stac", {} if time is None else {"datetime": time}), responses.JSON),
            told.link(QUERYABLES, "/stac/collection-queryables", schemas.MEDIA),
            told.link(SORTABLES, "/stac/collection-sortables", schemas.MEDIA),
            *_pages(told, asked, len(matched)),
        ],
    }, ids


def _pages(told: Told, asked: Asked, matched: int) -> list[dict[str, Any]]:
    """Links to the page before and the next one, where there are some."""
    links = []
    if asked.offset:
        before = _address(asked, max(asked.offset - asked.limit, 0))
        links.append(told.link("prev", before, responses.JSON))
    if asked.offset + asked.limit < matched:
        links.append(told.link("next", _address(asked, asked.offset + asked.limit), responses.JSON))
    return links


def _address(asked: Asked, offset: int) -> str:
    return _path(PATH, asked.given | ({"offset": str(offset)} if offset else {}))


def _path(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
