"""Answers to searches: pages of items."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from api import responses, stale
from api.referred import Referred
from api.stac.asked import Asked
from api.stac.told import Told
from catalog import deadline, stac_search
from catalog.stac_stories import Story
from twin.city import City
from twin.revision import Revision


def cities(told: Told, question: Asked) -> Mapping[str, City]:
    """Published layer → its city, of the layers that a search names or of all.

    Raises:
        Damaged: a layer is named of which nothing can be read; nobody knows what would be found.
    """
    found = {layer.id: city for city, layer in told.service.layers()}
    for layer in sorted(found.keys() & (question.search.layers or ())):
        told.service.current(layer, None)
    return found


def found(told: Told, cities: Mapping[str, City], question: Asked) -> stac_search.Page:
    """One page of the revisions that fit; `TooMuch` if to find them takes longer than a question may."""
    known = {layer: told.service.listing.revisions(layer) for layer in cities}

    def story(revision: Revision) -> Story | None:
        deadline.check()
        return told.story(cities[revision.layer], revision)

    search = question.search
    now = told.service.now()
    last = now if search.time is None or search.time[1] is None else search.time[1]
    until = None if question.after is None else question.after.until
    with deadline.within(told.service.settings.query_s):
        referred = Referred(told.service, None, last, until=until)
        search = replace(search, tree=referred.resolved(search.tree))
        return stac_search.find(search, known, story, question.limit, question.after)


def following(told: Told, path: str, question: Asked, page: stac_search.Page) -> list[dict[str, Any]]:
    """The link to the next page, if there is one."""
    if page.token is None:
        return []
    query = urlencode({**question.given, "token": str(page.token)})
    return [told.link("next", f"{path}?{query}", responses.GEOJSON)]


def answer(
    told: Told,
    request: Request,
    cities: Mapping[str, City],
    question: Asked,
    page: stac_search.Page,
    links: list[dict[str, Any]],
) -> Response:
    """A page as an ItemCollection."""
    kept = {name: value for name, value in question.given.items() if name == "datetime"}
    items = [told.item(cities[revision.layer], revision) for revision in page.revisions]
    for item in items:
        for one in item["links"]:
            if one["rel"] in ("root", "parent", "collection"):
                one["href"] = _path(one["href"], kept)
    if question.selection is not None:
        items = [question.selection.of(item) for item in items]
    frame: dict[str, Any] = {
        "type": "FeatureCollection",
        "numberMatched": page.matched,
        "numberReturned": len(items),
        "features": items,
        "links": links,
    }
    layers = [told.service.layer(name)[1] for name in dict.fromkeys(r.layer for r in page.revisions)]
    return responses.respond(
        request,
        responses.encode(frame),
        responses.GEOJSON,
        headers=stale.headers(told.service, layers),
    )


def _path(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
