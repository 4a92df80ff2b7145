"""STAC API under ``/stac``: the static catalog's documents with links for HTTP, and its assets."""

from datetime import datetime as Instant

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import functions, params, responses, schemas, stale
from api.asking import FilterCrs, FilterLang
from api.contents import Contents
from api.ogc.links import path_of
from api.params import Bbox, Datetime, Limit, Offset
from api.routers import stac_schemas, stac_search
from api.routers.stac_search import SEARCH
from api.routing import StrictRoute, join
from api.service import Service
from api.stac import collections as layers
from api.stac import members
from api.stac.conformance import CONFORMANCE
from api.stac.parameters import Fields, Filter, Sortby, Words
from api.stac.told import QUERYABLES, SORTABLES, Told
from catalog import keys
from twin.errors import NotFound

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
_ASSETS = {keys.FEATURES: responses.PARQUET, keys.PROVENANCE: responses.JSON}


def router(service: Service, contents: Contents) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/stac", route_class=StrictRoute, tags=["STAC"])
    told = Told(service)

    def then(datetime: str | None) -> Instant | None:
        return None if datetime is None else params.asked(datetime, service.now())

    @routes.get("", summary="The root catalog")
    def root(request: Request, datetime: Datetime = None) -> Response:
        kept = {"datetime": None if datetime is None else _checked(datetime)}
        document = told.catalog(datetime)
        document["conformsTo"] = CONFORMANCE
        document["links"] += [
            told.link("self", path_of("/stac", kept), responses.JSON),
            told.link("data", path_of("/stac/collections", kept), responses.JSON),
            told.link("children", path_of("/stac/children", kept), responses.JSON),
            told.link("conformance", "/stac/conformance", responses.JSON),
            {**told.link("search", path_of(SEARCH, kept), responses.GEOJSON, "Search"), "method": "GET"},
            {**told.link("search", path_of(SEARCH, kept), responses.GEOJSON, "Search"), "method": "POST"},
            told.link(QUERYABLES, "/stac/queryables", schemas.MEDIA),
            told.link(functions.REL, "/stac/functions", responses.JSON),
            told.link(SORTABLES, "/stac/sortables", schemas.MEDIA),
            told.link("service-desc", "/ogc/api", OPENAPI),
            told.link("service-doc", "/docs", "text/html"),
        ]
        return responses.respond(request, responses.encode(document), responses.JSON)

    @routes.get("/conformance", summary="Conformance classes")
    def conformance(request: Request) -> Response:
        return responses.respond(request, responses.encode({"conformsTo": CONFORMANCE}), responses.JSON)

    @routes.get("/children", summary="What the root catalog leads to, whole")
    def children(request: Request, datetime: Datetime = None) -> Response:
        kept = {"datetime": None if datetime is None else _checked(datetime)}
        there = layers.all_of(told, datetime)
        links = [
            told.link("self", path_of("/stac/children", kept), responses.JSON),
            told.link("root", path_of("/stac", kept), responses.JSON),
        ]
        about = stale.headers(service, [service.layer(one["id"])[1] for one in there], then(datetime))
        body = responses.encode({"children": there, "links": links})
        return responses.respond(request, body, responses.JSON, headers=about)

    @routes.get("/collections", summary="Published layers, all or those looked for")
    def collections(
        request: Request,
        bbox: Bbox = None,
        datetime: Datetime = None,
        q: Words = None,
        filter: Filter = None,
        filter_lang: FilterLang = None,
        filter_crs: FilterCrs = None,
        sortby: Sortby = None,
        fields: Fields = None,
        limit: Limit = params.MOST,
        offset: Offset = 0,
    ) -> Response:
        body, ids = layers.answer(told, layers.read(request.query_params, limit, offset))
        about = stale.headers(service, [service.layer(name)[1] for name in ids], then(datetime))
        return responses.respond(request, responses.encode(body), responses.JSON, headers=about)

    @routes.get("/collections/{layer}", summary="One layer")
    def collection(request: Request, layer: str, datetime: Datetime = None) -> Response:
        city, known = service.layer(layer)
        if datetime is not None:
            _checked(datetime)
        service.held(known.id, None)
        body = responses.encode(told.collection(city, known, datetime))
        return responses.respond(request, body, responses.JSON)

    @routes.get("/collections/{layer}/items/{revision}", summary="One revision")
    def item(request: Request, layer: str, revision: str) -> Response:
        city, known = service.layer(layer)
        body = responses.encode(told.item(city, service.revision(known.id, revision)))
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

    join(routes, stac_search.router(told))
    join(routes, stac_schemas.router(service))
    return routes


def _checked(datetime: str) -> str:
    """The time as it was asked for; `RequestError` if STAC does not know it so."""
    members.when(datetime)
    return datetime
