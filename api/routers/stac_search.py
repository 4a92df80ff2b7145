"""STAC search under ``/stac``: a layer's revisions, and those of all.

What a route takes stands in its parameters, for its description and their types; `api.stac.asked` then reads
all of them from the address in one way.
"""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import responses
from api.asking import FilterCrs, FilterLang
from api.ogc.links import path_of
from api.params import Bbox, Datetime, Limit
from api.routing import StrictRoute
from api.stac import answers
from api.stac import asked as ask
from api.stac.parameters import BODY, Comparisons, Fields, Filter, Names, Shape, Sortby, Token, Words
from api.stac.told import Told

SEARCH = "/stac/search"


def router(told: Told) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/stac", route_class=StrictRoute, tags=["STAC"])
    service = told.service

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
        question = ask.in_address(request.query_params, limit, collections=[known.id])
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
        question = ask.in_address(request.query_params, limit)
        cities = answers.cities(told, question)
        page = answers.found(told, cities, question)
        links = [
            told.link("self", _as_asked(request), responses.GEOJSON),
            told.link("root", path_of("/stac", {"datetime": datetime}), responses.JSON),
            *answers.following(told, SEARCH, question, page),
        ]
        return answers.answer(told, request, cities, question, page, links)

    @routes.post("/search", summary="The same with a JSON body", openapi_extra=BODY)
    async def posted(request: Request, datetime: Datetime = None) -> Response:
        question = await ask.in_body(request, datetime)

        def answer() -> Response:
            cities = answers.cities(told, question)
            page = answers.found(told, cities, question)
            kept = {"datetime": question.given.get("datetime")}
            links = [told.link("root", path_of("/stac", kept), responses.JSON)]
            if page.token is not None:
                body = {**question.given, "token": str(page.token)}
                link = told.link("next", SEARCH, responses.GEOJSON)
                links.append({**link, "method": "POST", "body": body})
            return answers.answer(told, request, cities, question, page, links)

        return await run_in_threadpool(answer)

    return routes


def _as_asked(request: Request) -> str:
    """Path and query as they came; the host is ours to say."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
