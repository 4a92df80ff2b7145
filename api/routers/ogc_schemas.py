"""OGC API Features Part 5 under ``/ogc``: what features have, may be asked for and sorted by."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import negotiation, schemas
from api.formats import html_more
from api.negotiation import DocumentFormat
from api.routing import StrictRoute
from api.service import Service

RESOURCES = {
    "http://www.opengis.net/def/rel/ogc/1.0/schema": "schema",
    "http://www.opengis.net/def/rel/ogc/1.0/queryables": "queryables",
    "http://www.opengis.net/def/rel/ogc/1.0/sortables": "sortables",
}
"""Link relation → resource of a collection."""


def router(service: Service) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/ogc/collections/{layer}", route_class=StrictRoute, tags=["OGC API"])

    def answer(
        request: Request, f: str | None, layer_id: str, name: str, described: dict[str, Any]
    ) -> Response:
        _, layer = service.layer(layer_id)
        address = service.url(f"/ogc/collections/{layer.id}/{name}")
        body = schemas.document(address, layer.title.en, described)
        return negotiation.document(
            request, f, body, partial(html_more.schema, layer=layer.title), schemas.MEDIA
        )

    @routes.get("/schema", summary="What the features of a layer have, as JSON Schema")
    def schema(request: Request, layer: str, f: DocumentFormat = None) -> Response:
        return answer(request, f, layer, "schema", schemas.properties(service.layer(layer)[1].schema_))

    @routes.get("/queryables", summary="What a filter may ask for, as JSON Schema")
    def queryables(request: Request, layer: str, f: DocumentFormat = None) -> Response:
        return answer(request, f, layer, "queryables", schemas.queryables(service.layer(layer)[1].schema_))

    @routes.get("/sortables", summary="What features may be sorted by, as JSON Schema")
    def sortables(request: Request, layer: str, f: DocumentFormat = None) -> Response:
        return answer(request, f, layer, "sortables", schemas.sortables(service.layer(layer)[1].schema_))

    return routes
