"""Queryables and sortables under ``/stac``: what may be asked for and sorted by, as JSON Schema."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import functions, responses, schemas
from api.routing import StrictRoute
from api.service import Service
from catalog import stac_collections, stac_filter


def router(service: Service) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/stac", route_class=StrictRoute, tags=["STAC"])

    def answer(request: Request, path: str, title: str, described: dict[str, Any]) -> Response:
        document = schemas.document(service.url(f"/stac{path}"), title, described)
        return responses.respond(request, responses.encode(document), schemas.MEDIA)

    def of_layer(request: Request, layer: str, name: str, described: dict[str, Any]) -> Response:
        _, known = service.layer(layer)
        service.held(known.id, None)
        return answer(request, f"/collections/{known.id}/{name}", known.title.en, described)

    items, layers = stac_filter.SCHEMA, stac_collections.SCHEMA

    @routes.get("/queryables", summary="What a filter of revisions may ask for, as JSON Schema")
    def queryables(request: Request) -> Response:
        return answer(request, "/queryables", items.title.en, schemas.queryables(items))

    @routes.get("/sortables", summary="What revisions may be sorted by, as JSON Schema")
    def sortables(request: Request) -> Response:
        return answer(request, "/sortables", items.title.en, schemas.sortables(items))

    @routes.get("/collection-queryables", summary="What a filter of layers may ask for, as JSON Schema")
    def collection_queryables(request: Request) -> Response:
        return answer(request, "/collection-queryables", layers.title.en, schemas.queryables(layers))

    @routes.get("/collection-sortables", summary="What layers may be sorted by, as JSON Schema")
    def collection_sortables(request: Request) -> Response:
        return answer(request, "/collection-sortables", layers.title.en, schemas.sortables(layers))

    @routes.get("/collections/{layer}/queryables", summary="What a filter may ask for, as JSON Schema")
    def queryables_of_layer(request: Request, layer: str) -> Response:
        return of_layer(request, layer, "queryables", schemas.queryables(items))

    @routes.get("/collections/{layer}/sortables", summary="What it may be sorted by, as JSON Schema")
    def sortables_of_layer(request: Request, layer: str) -> Response:
        return of_layer(request, layer, "sortables", schemas.sortables(items))

    @routes.get("/functions", summary="Functions that filters may have")
    def own_functions(request: Request) -> Response:
        document = functions.document(service, "/stac/functions", functions.examples(service))
        return responses.respond(request, responses.encode(document), responses.JSON)

    return routes
