"""STAC API under ``/stac``: the static catalog's documents with links for HTTP, its assets, and search."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import params, responses, schemas, stale
from api.asking import Filter, FilterCrs, FilterLang
from api.contents import Contents
from api.ogc.links import path_of
from api.params import Bbox, Datetime, Limit, Offset
from api.routing import NearRoute
from api.service import Service
from api.stac import answers
from api.stac import asked as ask
from api.stac.parameters import BODY, Comparisons, Fields, Names, Shape, Sortby, Token, Words
from api.stac.told import QUERYABLES, Told
from catalog import cql, keys, stac_filter
from twin.errors import NotFound

CONFORMANCE = (
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
    "https://api.stacspec.org/v1.0.0/ogcapi-features#fields",
    "https://api.stacspec.org/v1.0.0/ogcapi-features#query",
    "https://api.stacspec.org/v1.0.0/ogcapi-features#sort",
    "https://api.stacspec.org/v1.0.0-rc.1/ogcapi-features#free-text",
    "https://api.stacspec.org/v1.0.0/item-search",
    "https://api.stacspec.org/v1.0.0/item-search#fields",
    "https://api.stacspec.org/v1.0.0/item-search#filter",
    "https://api.stacspec.org/v1.0.0/item-search#query",
    "https://api.stacspec.org/v1.0.0/item-search#sort",
    "https://api.stacspec.org/v1.0.0-rc.1/item-search#free-text",
    "https://api.stacspec.org/v1.0.0-rc.1/collection-search",
    "https://api.stacspec.org/v1.0.0-rc.1/collection-search#free-text",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/simple-query",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    *cql.CONFORMANCE,
)
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SEARCH = "/stac/search"
_ASSETS = {keys.FEATURES: responses.PARQUET, keys.PROVENANCE: responses.JSON}


def router(service: Service, contents: Contents) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/stac", route_class=NearRoute, tags=["STAC"])
    told = Told(service)

    @routes.get("", summary="The root catalog")
    def root(request: Request, datetime: Datetime = None) -> Response:
        kept = {"datetime": None if datetime is None else _checked(datetime)}
        document = told.catalog(datetime)
        document["conformsTo"] = CONFORMANCE
        document["links"] += [
            told.link("self", path_of("/stac", kept), responses.JSON),
            told.link("data", path_of("/stac/collections", kept), responses.JSON),
            told.link("conformance", "/stac/conformance", responses.JSON),
            {**told.link("search", path_of(SEARCH, kept), responses.GEOJSON, "Search"), "method": "GET"},
            {**told.link("search", SEARCH, responses.GEOJSON, "Search"), "method": "POST"},
            told.link(QUERYABLES, "/stac/queryables", schemas.MEDIA),
            told.link("service-desc", "/ogc/api", OPENAPI),
            told.link("service-doc", "/docs", "text/html"),
        ]
        return responses.respond(request, responses.encode(document), responses.JSON)

    @routes.get("/conformance", summary="Conformance classes")
    def conformance(request: Request) -> Response:
        return responses.respond(request, responses.encode({"conformsTo": CONFORMANCE}), responses.JSON)

    @routes.get("/collections", summary="Published layers, all or those looked for")
    def collections(
        request: Request,
        bbox: Bbox = None,
        datetime: Datetime = None,
        q: Words = None,
        limit: Limit = params.MOST,
        offset: Offset = 0,
    ) -> Response:
        given = {"bbox": bbox, "datetime": datetime, "q": q}
        body = answers.collections(told, given, min(limit, params.MOST), offset)
        shown = [service.layer(found["id"])[1] for found in body["collections"]]
        about = stale.headers(service, shown)
        return responses.respond(request, responses.encode(body), responses.JSON, headers=about)

    @routes.get("/collections/{layer}", summary="One layer")
    def collection(request: Request, layer: str, datetime: Datetime = None) -> Response:
        city, known = service.layer(layer)
        at = None if datetime is None else params.asked(_checked(datetime), service.now())
        service.held(known.id, at)
        body = responses.encode(told.collection(city, known, datetime))
        return responses.respond(request, body, responses.JSON)

    @routes.get("/collections/{layer}/items", summary="Revisions of a layer, the newest first")
    def items(
        request: Request,
        layer: str,
        bbox: Bbox = None,
        datetime: Datetime = None,
        ids: Names = None,
        collections: Names = None,
        limit: Limit = 10,
        sortby: Sortby = None,
        fields: Fields = None,
        query: Comparisons = None,
        q: Words = None,
        filter: Filter = None,
        filter_lang: FilterLang = None,
        filter_crs: FilterCrs = None,
        token: Token = None,
    ) -> Response:
        city, known = service.layer(layer)
        given = {"bbox": bbox, "datetime": datetime, "ids": ids, "collections": collections}
        given |= {"sortby": sortby, "fields": fields}
        given |= {"query": query, "q": q, "token": token}
        given |= {"filter": filter, "filter-lang": filter_lang, "filter-crs": filter_crs}
        question = ask.in_address(given, limit, collections=[known.id])
        service.current(known.id, None)  # damage is no empty answer
        path, kept = f"/stac/collections/{known.id}/items", {"datetime": datetime}
        page = answers.found(told, {known.id: city}, question)
        links = [
            told.link("self", _as_asked(request), responses.GEOJSON),
            told.link("root", path_of("/stac", kept), responses.JSON),
            told.link("collection", path_of(f"/stac/collections/{known.id}", kept), responses.JSON),
            *answers.following(told, path, question, page),
        ]
        return answers.answer(told, request, {known.id: city}, question, page, links)

    @routes.get("/queryables", summary="What a filter of all layers may ask for, as JSON Schema")
    def queryables(request: Request) -> Response:
        described = schemas.queryables(stac_filter.SCHEMA)
        document = schemas.document(service.url("/stac/queryables"), "Stadtzwilling", described)
        return responses.respond(request, responses.encode(document), schemas.MEDIA)

    @routes.get("/collections/{layer}/queryables", summary="What a filter may ask for, as JSON Schema")
    def of_layer(request: Request, layer: str) -> Response:
        _, known = service.layer(layer)
        service.held(known.id, None)
        address = service.url(f"/stac/collections/{known.id}/queryables")
        described = schemas.queryables(stac_filter.SCHEMA)
        document = schemas.document(address, known.title.en, described)
        return responses.respond(request, responses.encode(document), schemas.MEDIA)

    @routes.get("/search", summary="Revisions of all layers that fit, the newest first")
    def search(
        request: Request,
        bbox: Bbox = None,
        intersects: Shape = None,
        datetime: Datetime = None,
        ids: Names = None,
        collections: Names = None,
        limit: Limit = 10,
        sortby: Sortby = None,
        fields: Fields = None,
        query: Comparisons = None,
        q: Words = None,
        filter: Filter = None,
        filter_lang: FilterLang = None,
        filter_crs: FilterCrs = None,
        token: Token = None,
    ) -> Response:
        given = {"bbox": bbox, "intersects": intersects, "datetime": datetime, "ids": ids}
        given |= {"collections": collections, "sortby": sortby, "fields": fields}
        given |= {"query": query, "q": q, "token": token}
        given |= {"filter": filter, "filter-lang": filter_lang, "filter-crs": filter_crs}
        question = ask.in_address(given, limit)
        cities = answers.cities(told, question)
        page = answers.found(told, cities, question)
        links = [
            told.link("self", _as_asked(request), responses.GEOJSON),
            told.link("root", path_of("/stac", {"datetime": datetime}), responses.JSON),
            *answers.following(told, SEARCH, question, page),
        ]
        return answers.answer(told, request, cities, question, page, links)

    @routes.post("/search", summary="The same with a JSON body", openapi_extra=BODY)
    async def posted(request: Request) -> Response:
        question = await ask.in_body(request)

        def answer() -> Response:
            cities = answers.cities(told, question)
            page = answers.found(told, cities, question)
            links = [told.link("root", "/stac", responses.JSON)]
            if page.token is not None:
                body = {**question.given, "token": str(page.token)}
                link = told.link("next", SEARCH, responses.GEOJSON)
                links.append({**link, "method": "POST", "body": body})
            return answers.answer(told, request, cities, question, page, links)

        return await run_in_threadpool(answer)

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

    return routes


def _checked(datetime: str) -> str:
    """The time as it was asked for; `RequestError` if STAC does not know it so."""
    ask.when(datetime)
    return datetime


def _as_asked(request: Request) -> str:
    """Path and query as they came; the host is ours to say."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
