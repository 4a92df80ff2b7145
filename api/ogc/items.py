"""Features of a layer: a page of them, or one."""

from dataclasses import dataclass, replace
from datetime import datetime as Instant
from typing import Any
from urllib.parse import quote

from api import asking, continued, describe, params, responses
from api.asking import Asked
from api.ogc.links import QUERYABLES, licence_link, link, path_of
from api.referred import Referred
from api.schemas import MEDIA as SCHEMA
from api.service import Service
from api.solids import lifted
from api.solids.form import Form
from api.solids.forms import Forms, has_forms
from catalog.crs import CRS84, CRS84H, known
from catalog.question import Question, Shown
from catalog.stac_documents import both
from twin.errors import NotFound, RequestError
from twin.layer import Layer
from twin.provenance import Provenance
from twin.revision import Revision


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, before it takes a format."""

    frame: dict[str, Any]
    """The members beside the features."""
    features: list[bytes]
    """GeoJSON."""
    shown: Shown
    """What of each is there."""
    forms: dict[str, Form]
    """Id → form in 3D, where the answer is to have them."""
    revision: Revision | None
    """Whose they are; None if there was none yet."""


def items(service: Service, forms: Forms, layer_id: str, asked: Asked, solid: bool) -> Answer:
    """A page of features; `solid`: they are to be told with their forms, if the layer has such."""
    city, layer = service.layer(layer_id)
    at = params.asked(asked.datetime, service.now())
    pinned = None if asked.token is None else continued.others(asked.token)
    referred = Referred(service, city, at, pinned)
    question, shown = asking.question(asked, layer, referred), asking.shown(asked, layer)
    if solid and asked.crs is None and has_forms(layer):
        shown = replace(shown, crs=CRS84H)
    high = shown.crs == CRS84H and shown.geometry
    limit = min(asked.limit, lifted.MOST if high else params.MOST)
    revision, before, at = _from_where(service, layer, asked, question, at)
    features: list[bytes] = []
    found: dict[str, Form] = {}
    matched = 0
    if revision is not None:
        flat = replace(shown, crs=CRS84) if shown.crs == CRS84H else shown
        page = service.features.page(layer, revision, at, limit, before, question=question, shown=flat)
        features, matched = page.features, page.matched
        if high:
            features, found = _with_forms(forms, revision, features, solid)
    story = _then(service, revision, asked.datetime)
    base = f"/ogc/collections/{layer.id}"
    links = [
        link(service, "self", path_of(f"{base}/items", asked.query()), responses.GEOJSON),
        link(service, "collection", path_of(base, {"datetime": asked.datetime}), responses.JSON),
        link(service, QUERYABLES, f"{base}/queryables", SCHEMA),
        licence_link(service, layer, story),
    ]
    if revision is not None and before + len(features) < matched and features:
        # the instant and the revisions stay the same from page to page, whatever is published meanwhile
        place = before + len(features)
        token = continued.write(revision, _key(asked, question), place, at, referred.numbers)
        following = asked.query(offset=None, token=token)
        links.insert(1, link(service, "next", path_of(f"{base}/items", following), responses.GEOJSON))
    frame = {
        "type": "FeatureCollection",
        "numberMatched": matched,
        "numberReturned": len(features),
        "attribution": layer.source.attribution if story is None else story.attribution,
        "notice": None if city.notice is None else both(city.notice),
        "links": links,
    }
    return Answer(frame, features, shown, found, revision)


def _then(service: Service, revision: Revision | None, datetime: str | None) -> Provenance | None:
    """What was so of a revision when it held, where the question is about a time; None: what is so now."""
    return None if datetime is None else describe.provenance(service, revision)


def _with_forms(
    forms: Forms, revision: Revision, features: list[bytes], solid: bool
) -> tuple[list[bytes], dict[str, Form]]:
    """Features and their forms; unless these are told themselves (`solid`), outlines get heights."""
    found = forms.of(revision, lifted.boxes(features))
    return (features, found) if solid else (lifted.lifted(features, found), {})


def _from_where(
    service: Service, layer: Layer, asked: Asked, question: Question, at: Instant
) -> tuple[Revision | None, int, Instant]:
    """The revision that is asked, how many features come before the page, and the instant to tell of.

    Where the question goes on to now, that instant is the one since which all is as it is now: the same
    answer has the same bytes, whenever it is given.
    """
    if asked.token is None:
        revision = service.current(layer.id, at)
        if revision is not None and params.open_ended(asked.datetime):
            at = service.features.since(layer, revision, at)
        return revision, asked.offset or 0, at
    if asked.offset is not None:
        raise RequestError("token and offset say both where to go on; leave offset out")
    revision = service.listing.revision(layer.id, continued.number(asked.token))
    if revision is None:
        raise RequestError("token names a revision that is not there; begin at the first page, without it")
    return revision, *continued.place(asked.token, revision, _key(asked, question))


def _key(asked: Asked, question: Question) -> str:
    """What tells a question from any other at the same revision."""
    return f"{question.key} {asked.datetime or ''}"


def item(
    service: Service,
    forms: Forms,
    layer_id: str,
    feature_id: str,
    datetime: str | None,
    crs: str | None,
    solid: bool,
) -> Answer:
    """The feature; `solid` as for `items`."""
    _, layer = service.layer(layer_id)
    uri = known(crs, "crs", heights=has_forms(layer))
    if solid and crs is None and has_forms(layer):
        uri = CRS84H
    at = params.asked(datetime, service.now())
    revision = service.held(layer.id, None if datetime is None else at)
    flat = Shown(crs=CRS84 if uri == CRS84H else uri)
    feature = service.features.one(layer, revision, at, feature_id, flat)
    if feature is None:
        raise NotFound(
            f"{layer.id} has no feature of this id at this time; see /ogc/collections/{layer.id}/items, and "
            "for what became of one that was there this address with /history behind its path"
        )
    features = [feature]
    found: dict[str, Form] = {}
    if uri == CRS84H:
        features, found = _with_forms(forms, revision, features, solid)
    base = f"/ogc/collections/{layer.id}"
    path = path_of(f"{base}/items/{quote(feature_id, safe='')}", {"datetime": datetime, "crs": crs})
    links = [
        link(service, "self", path, responses.GEOJSON),
        link(service, "collection", path_of(base, {"datetime": datetime}), responses.JSON),
        link(
            service,
            "version-history",
            path_of(f"{base}/items/{quote(feature_id, safe='')}/history", {"datetime": datetime}),
            responses.JSON,
        ),
        link(
            service,
            "describedby",
            path_of(f"{base}/items/{quote(feature_id, safe='')}/provenance", {"datetime": datetime}),
            responses.JSON,
            "Where it comes from",
        ),
        licence_link(service, layer, _then(service, revision, datetime)),
    ]
    return Answer({"links": links}, features, Shown(crs=uri), found, revision)
