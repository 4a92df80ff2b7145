"""OGC API under ``/ogc``: Common and Features, in all formats of `api.negotiation`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import asking, continued, describe, documentation, negotiation, params, responses
from api.asking import Asked
from api.formats import html_collections, html_more
from api.formats.page import Page
from api.negotiation import DocumentFormat, FeatureFormat
from api.params import Bbox, Datetime, Limit, Offset
from api.routers.ogc_schemas import RESOURCES
from api.routing import StrictRoute
from api.schemas import MEDIA as SCHEMA
from api.service import Service
from api.vector import documents as vector
from catalog.crs import CRS84, KNOWN, known
from catalog.question import Question, Shown
from catalog.stac_documents import both
from twin import times
from twin.city import City
from twin.errors import NotFound, RequestError
from twin.layer import Layer
from twin.licence import licence
from twin.revision import Revision

OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    *vector.CONFORMANCE,
)


def router(service: Service) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/ogc", route_class=StrictRoute, tags=["OGC API"])

    @routes.get(
        "",
        summary="What this service has, and its cities",
        responses=negotiation.described(negotiation.DOCUMENTS),
    )
    def landing(request: Request, datetime: Datetime = None, f: DocumentFormat = None) -> Response:
        return negotiation.document(request, f, _landing(service), html_collections.start)

    @routes.get(
        "/conformance", summary="Conformance classes", responses=negotiation.described(negotiation.DOCUMENTS)
    )
    def conformance(request: Request, f: DocumentFormat = None) -> Response:
        return negotiation.document(request, f, {"conformsTo": CONFORMANCE}, html_more.conformance)

    @routes.get("/api", summary="This interface as OpenAPI")
    def api(request: Request, f: DocumentFormat = None) -> Response:
        return negotiation.document(
            request, f, request.app.openapi(), lambda body, _: documentation.page(body), OPENAPI
        )

    @routes.get(
        "/collections",
        summary="All layers, published or not",
        responses=negotiation.described(negotiation.DOCUMENTS),
    )
    def collections(request: Request, datetime: Datetime = None, f: DocumentFormat = None) -> Response:
        found = [_collection(service, city, layer, datetime) for city, layer in service.layers()]
        links = [_link(service, "self", _path("/ogc/collections", {"datetime": datetime}), responses.JSON)]
        names = {city.id: city.title for city in service.cities()}
        body = {"collections": found, "links": links}
        return negotiation.document(
            request, f, body, lambda body, language: html_collections.collections(body, language, names)
        )

    @routes.get(
        "/collections/{layer}", summary="One layer", responses=negotiation.described(negotiation.DOCUMENTS)
    )
    def collection(
        request: Request, layer: str, datetime: Datetime = None, f: DocumentFormat = None
    ) -> Response:
        body = _collection(service, *service.layer(layer), datetime)
        return negotiation.document(request, f, body, html_collections.collection)

    @routes.get(
        "/collections/{layer}/items",
        summary="Features of a layer",
        responses=negotiation.described(negotiation.ALL),
    )
    def items(
        request: Request,
        layer: str,
        bbox: Bbox = None,
        bbox_crs: asking.BboxCrs = None,
        datetime: Datetime = None,
        limit: Limit = 10,
        offset: Offset | None = None,
        filter: asking.Filter = None,
        filter_lang: asking.FilterLang = None,
        filter_crs: asking.FilterCrs = None,
        sortby: asking.Sort = None,
        properties: asking.Properties = None,
        skip_geometry: asking.SkipGeometry = None,
        q: asking.Words = None,
        crs: asking.Crs = None,
        token: asking.Token = None,
        f: FeatureFormat = None,
    ) -> Response:
        asked = Asked(
            bbox=bbox,
            bbox_crs=bbox_crs,
            datetime=datetime,
            limit=limit,
            offset=offset,
            filter=filter,
            filter_lang=filter_lang,
            filter_crs=filter_crs,
            sortby=sortby,
            properties=properties,
            skip_geometry=skip_geometry,
            q=q,
            crs=crs,
            token=token,
        )
        frame, found, shown = _items(service, layer, asked)
        return negotiation.features(request, f, _page(service, layer, asked.datetime, frame, found, shown))

    @routes.get(
        "/collections/{layer}/items/{feature:path}/history", summary="What happened to one feature over time"
    )
    def history(
        request: Request, layer: str, feature: str, datetime: Datetime = None, f: DocumentFormat = None
    ) -> Response:
        body = _history(service, layer, feature, datetime)
        return negotiation.document(request, f, body, html_more.history)

    @routes.get(
        "/collections/{layer}/items/{feature:path}",
        summary="One feature",
        responses=negotiation.described(negotiation.ALL),
    )
    def item(
        request: Request,
        layer: str,
        feature: str,
        datetime: Datetime = None,
        crs: asking.Crs = None,
        f: FeatureFormat = None,
    ) -> Response:
        shown = Shown(crs=known(crs, "crs"))
        found, links = _item(service, layer, feature, datetime, crs, shown)
        page = _page(service, layer, datetime, {"links": links}, [found], shown, single=True)
        return negotiation.features(request, f, page)

    return routes


def _page(
    service: Service,
    layer_id: str,
    datetime: str | None,
    frame: dict[str, Any],
    features: list[bytes],
    shown: Shown,
    single: bool = False,
) -> Page:
    city, layer = service.layer(layer_id)
    at = None if datetime is None else params.asked(datetime, service.now())
    return Page(
        city,
        layer,
        frame,
        features,
        tell=lambda: describe.layer(service, city, layer, at),
        crs=shown.crs,
        columns=shown.names,
        geometry=shown.geometry,
        single=single,
    )


def _landing(service: Service) -> dict[str, Any]:
    cities = service.cities()
    notices = [f"{city.title.en}: {both(city.notice)}." for city in cities if city.notice is not None]
    return {
        "title": "Stadtzwilling",
        "description": " ".join(["Digital twins of cities, from open data.", *notices]),
        "links": [
            _link(service, "self", "/ogc", responses.JSON),
            _link(service, "service-desc", "/ogc/api", OPENAPI),
            _link(service, "service-doc", "/docs", "text/html"),
            _link(service, "conformance", "/ogc/conformance", responses.JSON),
            _link(service, "data", "/ogc/collections", responses.JSON),
            vector.schemes(service),
            _link(service, "alternate", "/stac", responses.JSON, "The same as STAC"),
        ],
        "cities": [describe.city(service, city) for city in cities],
    }


def _collection(service: Service, city: City, layer: Layer, datetime: str | None) -> dict[str, Any]:
    at = None if datetime is None else params.asked(datetime, service.now())
    told = describe.layer(service, city, layer, at)
    found = service.listing.revisions(layer.id)
    start = times.iso(min(revision.holds_from for revision in found)) if found else None
    revision = service.listing.current(layer.id, at)
    box = list(city.area if revision is None or revision.bbox is None else revision.bbox)
    base = f"/ogc/collections/{layer.id}"
    notice = "" if city.notice is None else f" ({both(city.notice)})"
    links = [
        _link(service, "self", _path(base, {"datetime": datetime}), responses.JSON),
        *negotiation.of_features("items", service.url(_path(f"{base}/items", {"datetime": datetime}))),
        _link(service, "license", told["licence"]["url"], "text/html", told["licence"]["title"]),
        _link(service, "alternate", f"/stac/collections/{layer.id}", responses.JSON, "The same as STAC"),
    ]
    links += [_link(service, rel, f"{base}/{name}", SCHEMA) for rel, name in RESOURCES.items()]
    links += vector.listed(service, layer, revision, _path("", {"datetime": datetime}))
    if told["tileset"] is not None:
        links.append(_link(service, "3d-tiles", f"/tiles/{layer.id}/tileset.json", responses.JSON))
    return {
        "id": layer.id,
        "title": f"{city.title.en}: {layer.title.en}{notice}",
        "description": f"{both(layer.summary)}{notice}",
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [box], "crs": CRS84},
            "temporal": {"interval": [[start, None]]},
        },
        "crs": list(KNOWN),
        "storageCrs": CRS84,
        "attribution": told["attribution"],
        "links": links,
        "twin": told,
    }


def _items(service: Service, layer_id: str, asked: Asked) -> tuple[dict[str, Any], list[bytes], Shown]:
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
        _link(service, "self", _path(f"{base}/items", asked.query()), responses.GEOJSON),
        _link(service, "collection", base, responses.JSON),
        _licence(service, layer),
    ]
    if revision is not None and before + len(features) < matched and features:
        # the instant and the revision stay the same from page to page, whatever is published meanwhile
        token = continued.write(revision, f"{question.key} {times.iso(at)}", before + len(features))
        following = asked.query(datetime=times.iso(at), offset=None, token=token)
        links.insert(1, _link(service, "next", _path(f"{base}/items", following), responses.GEOJSON))
    frame = {
        "type": "FeatureCollection",
        "numberMatched": matched,
        "numberReturned": len(features),
        "timeStamp": times.iso(at),
        "attribution": layer.source.attribution,
        "notice": None if city.notice is None else both(city.notice),
        "links": links,
    }
    return frame, features, shown


def _from_where(
    service: Service, layer: Layer, asked: Asked, question: Question, at: datetime
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


def _item(
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
    path = _path(f"{base}/items/{quote(feature_id, safe='')}", {"datetime": datetime, "crs": crs})
    links = [
        _link(service, "self", path, responses.GEOJSON),
        _link(service, "collection", base, responses.JSON),
        _link(
            service, "version-history", f"{base}/items/{quote(feature_id, safe='')}/history", responses.JSON
        ),
        _licence(service, layer),
    ]
    return feature, links


def _history(service: Service, layer_id: str, feature_id: str, datetime: str | None) -> dict[str, Any]:
    city, layer = service.layer(layer_id)
    at = params.asked(datetime, service.now())
    service.refuse_lost(layer.id)  # with a link missing nobody knows what changed when
    until = None if datetime is None else at
    story = service.history.story(service.listing.revisions(layer.id), feature_id, until)
    if story is None:
        raise NotFound(
            f"{layer.id} had no feature of this id up to this time; see /ogc/collections/{layer.id}/items"
        )
    base = f"/ogc/collections/{layer.id}"
    path = f"{base}/items/{quote(feature_id, safe='')}"
    links = [
        _link(service, "self", _path(f"{path}/history", {"datetime": datetime}), responses.JSON),
        _link(service, "collection", base, responses.JSON),
        _licence(service, layer),
    ]
    if not story.gone:
        links.insert(1, _link(service, "item", _path(path, {"datetime": datetime}), responses.GEOJSON))
    return {
        "layer": layer.id,
        "id": feature_id,
        "appeared": times.iso(story.events[0].revision.holds_from),
        "gone": times.iso(story.events[-1].revision.holds_from) if story.gone else None,
        "changes": [
            {
                "at": times.iso(event.revision.holds_from),
                "revision": event.revision.name,
                "change": event.change.value,
                "columns": {
                    name: {"before": event.before.get(name), "after": value}
                    for name, value in event.after.items()
                },
            }
            for event in story.events
        ],
        "schema_changes": [
            {
                "at": times.iso(revision.holds_from),
                "revision": revision.name,
                **change.model_dump(),
            }
            for revision, change in story.columns
        ],
        "attribution": layer.source.attribution,
        "notice": None if city.notice is None else both(city.notice),
        "links": links,
    }


def _licence(service: Service, layer: Layer) -> dict[str, str]:
    known = licence(layer.source.licence)
    return _link(service, "license", known.url, "text/html", known.title)


def _path(path: str, query: Mapping[str, str | None]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def _link(service: Service, rel: str, path: str, media: str, title: str | None = None) -> dict[str, str]:
    href = service.url(path) if path.startswith("/") else path
    link = {"rel": rel, "href": href, "type": media}
    return link if title is None else {**link, "title": title}
