"""Features of a layer: a page of them, or one."""

from datetime import datetime as Instant
from typing import Any
from urllib.parse import quote

from api import asking, continued, params, responses
from api.asking import Asked
from api.ogc.links import QUERYABLES, licence_link, link, path_of
from api.schemas import MEDIA as SCHEMA
from api.service import Service
from catalog.question import Question, Shown
from catalog.stac_documents import both
from twin import times
from twin.errors import NotFound, RequestError
from twin.layer import Layer
from twin.revision import Revision


def items(service: Service, layer_id: str, asked: Asked) -> tuple[dict[str, Any], list[bytes], Shown]:
    """The collection without its features, these, and what of each is there."""
    city, layer = service.layer(layer_id)
    question, shown = asking.question(asked, layer), asking.shown(asked, layer)
    at = params.asked(asked.datetime, service.now())
    limit = min(asked.limit, params.MOST)
    revision, before = _from_where(service, layer, asked, question, at)
    features: list[bytes] = []
    matched = 0
    if revision is not None:
        page = service.features.page(layer, revision, at, limit, before, question=question, shown=shown)
        features, matched = page.features, page.matched
    base = f"/ogc/collections/{layer.id}"
    links = [
        link(service, "self", path_of(f"{base}/items", asked.query()), responses.GEOJSON),
        link(service, "collection", base, responses.JSON),
        link(service, QUERYABLES, f"{base}/queryables", SCHEMA),
        licence_link(service, layer),
    ]
    if revision is not None and before + len(features) < matched and features:
        # the instant and the revision stay the same from page to page, whatever is published meanwhile
        token = continued.write(revision, f"{question.key} {times.iso(at)}", before + len(features))
        following = asked.query(datetime=times.iso(at), offset=None, token=token)
        links.insert(1, link(service, "next", path_of(f"{base}/items", following), responses.GEOJSON))
    frame = {
        "type": "FeatureCollection",
        "numberMatched": matched,
        "numberReturned": len(features),
        "timeStamp": times.iso(service.now()),
        "attribution": layer.source.attribution,
        "notice": None if city.notice is None else both(city.notice),
        "links": links,
    }
    return frame, features, shown


def _from_where(
    service: Service, layer: Layer, asked: Asked, question: Question, at: Instant
) -> tuple[Revision | None, int]:
    """The revision that is asked, and how many features come before the page."""
    if asked.token is None:
        return service.current(layer.id, at), asked.offset or 0
    if asked.offset is not None:
        raise RequestError("token and offset say both where to go on; leave offset out")
    revision = service.listing.revision(layer.id, continued.number(asked.token))
    if revision is None:
        raise RequestError("token names a revision that is not there; begin at the first page, without it")
    return revision, continued.place(asked.token, revision, f"{question.key} {times.iso(at)}")


def item(
    service: Service, layer_id: str, feature_id: str, datetime: str | None, crs: str | None, shown: Shown
) -> tuple[bytes, list[dict[str, str]]]:
    """The feature, and its links."""
    _, layer = service.layer(layer_id)
    at = params.asked(datetime, service.now())
    revision = service.held(layer.id, None if datetime is None else at)
    feature = service.features.one(layer, revision, at, feature_id, shown)
    if feature is None:
        raise NotFound(
            f"{layer.id} has no feature of this id at this time; see /ogc/collections/{layer.id}/items"
        )
    base = f"/ogc/collections/{layer.id}"
    path = path_of(f"{base}/items/{quote(feature_id, safe='')}", {"datetime": datetime, "crs": crs})
    links = [
        link(service, "self", path, responses.GEOJSON),
        link(service, "collection", base, responses.JSON),
        link(
            service, "version-history", f"{base}/items/{quote(feature_id, safe='')}/history", responses.JSON
        ),
        licence_link(service, layer),
    ]
    return feature, links
