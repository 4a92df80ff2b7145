"""OGC API under ``/ogc``: Common and Features (Core, GeoJSON)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import describe, params, responses
from api.params import Bbox, Datetime, Format, Limit, Offset
from api.routers.ogc_schemas import RESOURCES
from api.routing import StrictRoute
from api.schemas import MEDIA as SCHEMA
from api.service import Service
from api.vector import documents as vector
from catalog.stac_documents import both
from twin import times
from twin.city import City
from twin.errors import NotFound
from twin.layer import Layer
from twin.licence import licence

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    *vector.CONFORMANCE,
)


def router(service: Service) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/ogc", route_class=StrictRoute, tags=["OGC API"])

    @routes.get("", summary="What this service has, and its cities")
    def landing(request: Request, datetime: Datetime = None, f: Format = None) -> Response:
        return responses.respond(request, responses.encode(_landing(service)), responses.JSON)

    @routes.get("/conformance", summary="Conformance classes")
    def conformance(request: Request, f: Format = None) -> Response:
        return responses.respond(request, responses.encode({"conformsTo": CONFORMANCE}), responses.JSON)

    @routes.get("/api", summary="This interface as OpenAPI")
    def api(request: Request, f: Format = None) -> Response:
        return responses.respond(request, responses.encode(request.app.openapi()), OPENAPI)

    @routes.get("/collections", summary="All layers, published or not")
    def collections(request: Request, datetime: Datetime = None, f: Format = None) -> Response:
        found = [_collection(service, city, layer, datetime) for city, layer in service.layers()]
        links = [_link(service, "self", _path("/ogc/collections", {"datetime": datetime}), responses.JSON)]
        body = {"collections": found, "links": links}
        return responses.respond(request, responses.encode(body), responses.JSON)

    @routes.get("/collections/{layer}", summary="One layer")
    def collection(request: Request, layer: str, datetime: Datetime = None, f: Format = None) -> Response:
        body = _collection(service, *service.layer(layer), datetime)
        return responses.respond(request, responses.encode(body), responses.JSON)

    @routes.get("/collections/{layer}/items", summary="Features of a layer as GeoJSON")
    def items(
        request: Request,
        layer: str,
        bbox: Bbox = None,
        datetime: Datetime = None,
        limit: Limit = 10,
        offset: Offset = 0,
        f: Format = None,
    ) -> Response:
        box = params.box(bbox)
        asked = {
            "bbox": bbox,
            "datetime": datetime,
            "limit": str(min(limit, params.MOST)),
            "offset": str(offset),
        }
        frame, features = _items(service, layer, asked, box)
        about = responses.encode({**frame, "timeStamp": None, "links": None}) + features
        body = b'%b,"features":[%b]}' % (responses.encode(frame)[:-1], features)
        return responses.respond(request, body, responses.GEOJSON, about=about)

    @routes.get(
        "/collections/{layer}/items/{feature:path}/history", summary="What happened to one feature over time"
    )
    def history(
        request: Request, layer: str, feature: str, datetime: Datetime = None, f: Format = None
    ) -> Response:
        body = _history(service, layer, feature, datetime)
        return responses.respond(request, responses.encode(body), responses.JSON)

    @routes.get("/collections/{layer}/items/{feature:path}", summary="One feature as GeoJSON")
    def item(
        request: Request, layer: str, feature: str, datetime: Datetime = None, f: Format = None
    ) -> Response:
        body = _item(service, layer, feature, datetime)
        return responses.respond(request, body, responses.GEOJSON)

    return routes


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
        _link(service, "items", _path(f"{base}/items", {"datetime": datetime}), responses.GEOJSON),
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
        "crs": [CRS84],
        "attribution": told["attribution"],
        "links": links,
        "twin": told,
    }


def _items(
    service: Service,
    layer_id: str,
    asked: Mapping[str, str | None],
    box: tuple[float, float, float, float] | None,
) -> tuple[dict[str, Any], bytes]:
    """The collection without its features, and these joined."""
    city, layer = service.layer(layer_id)
    at = params.asked(asked["datetime"], service.now())
    revision = service.current(layer.id, at)
    limit, offset = int(asked["limit"] or 10), int(asked["offset"] or 0)
    if revision is None:
        features, matched = [], 0
    else:
        page = service.features.page(layer, revision, at, limit, offset, box)
        features, matched = page.features, page.matched
    base = f"/ogc/collections/{layer.id}"
    links = [
        _link(service, "self", _path(f"{base}/items", asked), responses.GEOJSON),
        _link(service, "collection", base, responses.JSON),
        _licence(service, layer),
    ]
    if offset + len(features) < matched and features:
        # the instant stays the same from page to page, whatever is published meanwhile
        following = {**asked, "datetime": times.iso(at), "offset": str(offset + len(features))}
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
    return frame, b",".join(features)


def _item(service: Service, layer_id: str, feature_id: str, datetime: str | None) -> bytes:
    _, layer = service.layer(layer_id)
    at = params.asked(datetime, service.now())
    revision = service.held(layer.id, None if datetime is None else at)
    feature = service.features.one(layer, revision, at, feature_id)
    if feature is None:
        raise NotFound(
            f"{layer.id} has no feature of this id at this time; see /ogc/collections/{layer.id}/items"
        )
    base = f"/ogc/collections/{layer.id}"
    path = _path(f"{base}/items/{quote(feature_id, safe='')}", {"datetime": datetime})
    links = [
        _link(service, "self", path, responses.GEOJSON),
        _link(service, "collection", base, responses.JSON),
        _link(
            service, "version-history", f"{base}/items/{quote(feature_id, safe='')}/history", responses.JSON
        ),
        _licence(service, layer),
    ]
    return b'%b,"links":%b}' % (feature[:-1], responses.encode(links))


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
