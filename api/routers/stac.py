"""STAC API under ``/stac``: the documents of the static catalog with links for HTTP, and its assets."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import params, responses
from api.contents import Contents
from api.params import Bbox, Datetime, Limit, Offset
from api.routing import StrictRoute
from api.service import Service
from catalog import keys
from catalog import stac_documents as stac
from twin import times
from twin.city import City
from twin.errors import NotFound
from twin.layer import Layer
from twin.revision import Revision

CONFORMANCE = (
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
_ASSETS = {keys.FEATURES: responses.PARQUET, keys.PROVENANCE: responses.JSON}


def router(service: Service, contents: Contents) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/stac", route_class=StrictRoute, tags=["STAC"])

    @routes.get("", summary="The root catalog")
    def root(request: Request) -> Response:
        layers = [layer for _, layer in _published(service)]
        document = stac.catalog(service.cities(), layers, _address(service))
        document["conformsTo"] = CONFORMANCE
        document["links"] += [
            _link(service, "self", "/stac", responses.JSON),
            _link(service, "data", "/stac/collections", responses.JSON),
            _link(service, "conformance", "/stac/conformance", responses.JSON),
            _link(service, "service-desc", "/openapi.json", OPENAPI),
            _link(service, "service-doc", "/docs", "text/html"),
        ]
        return responses.respond(request, responses.encode(document), responses.JSON)

    @routes.get("/conformance", summary="Conformance classes")
    def conformance(request: Request) -> Response:
        return responses.respond(request, responses.encode({"conformsTo": CONFORMANCE}), responses.JSON)

    @routes.get("/collections", summary="All published layers")
    def collections(request: Request) -> Response:
        found = [_collection(service, city, layer) for city, layer in _published(service)]
        links = [
            _link(service, "self", "/stac/collections", responses.JSON),
            _link(service, "root", "/stac", responses.JSON),
        ]
        return responses.respond(
            request, responses.encode({"collections": found, "links": links}), responses.JSON
        )

    @routes.get("/collections/{layer}", summary="One layer")
    def collection(request: Request, layer: str) -> Response:
        city, known = service.layer(layer)
        service.held(known.id, None)
        body = responses.encode(_collection(service, city, known))
        return responses.respond(request, body, responses.JSON)

    @routes.get("/collections/{layer}/items", summary="Revisions of a layer, the newest first")
    def items(
        request: Request,
        layer: str,
        bbox: Bbox = None,
        datetime: Datetime = None,
        limit: Limit = 10,
        offset: Offset = 0,
    ) -> Response:
        city, known = service.layer(layer)
        service.current(known.id, None)  # damage is no empty answer
        found = _between(service.listing.revisions(known.id), datetime, params.box(bbox))
        limit = min(limit, params.MOST)
        page = found[offset : offset + limit]
        path = f"/stac/collections/{known.id}/items"
        given = {k: v for k, v in (("bbox", bbox), ("datetime", datetime), ("limit", str(limit))) if v}
        links = [
            _link(service, "self", f"{path}?{urlencode({**given, 'offset': offset})}", responses.GEOJSON),
            _link(service, "root", "/stac", responses.JSON),
            _link(service, "collection", f"/stac/collections/{known.id}", responses.JSON),
        ]
        if offset + limit < len(found):
            query = urlencode({**given, "offset": offset + limit})
            links.append(_link(service, "next", f"{path}?{query}", responses.GEOJSON))
        document = {
            "type": "FeatureCollection",
            "numberMatched": len(found),
            "numberReturned": len(page),
            "timeStamp": times.iso(service.now()),
            "features": [_item(service, city, revision) for revision in page],
            "links": links,
        }
        return responses.respond(request, responses.encode(document), responses.GEOJSON)

    @routes.get("/collections/{layer}/items/{revision}", summary="One revision")
    def item(request: Request, layer: str, revision: str) -> Response:
        city, known = service.layer(layer)
        body = responses.encode(_item(service, city, service.revision(known.id, revision)))
        return responses.respond(request, body, responses.GEOJSON)

    @routes.get(
        "/collections/{layer}/items/{revision}/{asset}", summary="A revision's features or provenance"
    )
    def asset(request: Request, layer: str, revision: str, asset: str) -> Response:
        _, known = service.layer(layer)
        found = service.revision(known.id, revision)
        if asset not in _ASSETS:
            raise NotFound(f"a revision has {' and '.join(_ASSETS)}; its tiles are at /tiles/{known.id}")
        name = f"{found.snapshot}/{asset}"
        whole = asset == keys.FEATURES and found.cut is not None
        data = contents.joined(found) if whole else contents.promised(found, name)
        return responses.respond(
            request,
            data,
            _ASSETS[asset],
            cache=responses.IMMUTABLE,
            etag=None if whole else found.objects[name].sha256,
            headers={"Content-Disposition": f'inline; filename="{known.id}-{found.name}-{asset}"'},
        )

    return routes


def _published(service: Service) -> list[tuple[City, Layer]]:
    return [(city, layer) for city, layer in service.layers() if service.listing.revisions(layer.id)]


def _collection(service: Service, city: City, layer: Layer) -> dict[str, Any]:
    address = _address(service)
    document = stac.collection(city, layer, service.listing.revisions(layer.id), address)
    path = f"/stac/collections/{layer.id}"
    document["links"] += [
        _link(service, "self", path, responses.JSON),
        _link(service, "items", f"{path}/items", responses.GEOJSON),
        _link(service, "alternate", f"/ogc/collections/{layer.id}", responses.JSON, "Its features"),
    ]
    return document


def _item(service: Service, city: City, revision: Revision) -> dict[str, Any]:
    path = f"/stac/collections/{revision.layer}/items/{revision.name}"
    places = {
        f"layers/{revision.layer}/{revision.snapshot}/{keys.FEATURES}": f"{path}/{keys.FEATURES}",
        f"layers/{revision.layer}/{revision.snapshot}/{keys.PROVENANCE}": f"{path}/{keys.PROVENANCE}",
        f"layers/{revision.layer}/{revision.snapshot}/{keys.TILESET}": (
            f"/tiles/{revision.layer}/r/{revision.name}/tileset.json"
        ),
    }
    address = _address(service)

    def link(place: str) -> str:
        return service.url(places[place]) if place in places else address(place)

    document = stac.item(city, revision, service.listing.provenance(revision), link, joined=True)
    document["links"].append(_link(service, "self", path, responses.GEOJSON))
    return document


def _between(
    found: list[Revision], datetime: str | None, box: tuple[float, float, float, float] | None
) -> list[Revision]:
    """Revisions within a time and a box; an instant means the revision that held then."""
    if datetime is not None:
        first, last = times.interval(datetime)
        found = [r for r in found if last is None or r.holds_from <= last]
        if first is not None and found:
            # what holds when the interval begins counts, and what came later within it
            before = max((r for r in found if r.holds_from <= first), key=_age, default=None)
            found = [r for r in found if r is before or r.holds_from > first]
    if box is not None:
        west, south, east, north = box
        found = [
            r
            for r in found
            if r.bbox is not None
            and (r.bbox[0] <= east and r.bbox[2] >= west and r.bbox[1] <= north and r.bbox[3] >= south)
        ]
    return sorted(found, key=_age, reverse=True)


def _age(revision: Revision) -> tuple[Any, int]:
    return revision.holds_from, revision.number


def _address(service: Service) -> stac.Link:
    """Places in the static catalog → addresses of this door."""

    def link(place: str) -> str:
        parts = place.split("/")
        if place == stac.ROOT:
            return service.url("/stac")
        if parts[-1] == "collection.json":
            return service.url(f"/stac/collections/{parts[1]}")
        return service.url(f"/stac/collections/{parts[1]}/items/{parts[2].removesuffix('.json')}")

    return link


def _link(service: Service, rel: str, path: str, media: str, title: str | None = None) -> dict[str, str]:
    link = {"rel": rel, "href": service.url(path), "type": media}
    return link if title is None else {**link, "title": title}
