"""``/live``: what changes, as it changes, as Server-Sent Events with CloudEvents in JSON."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import params, several
from api.live.hub import Hub
from api.live.stream import Stream
from api.routing import StrictRoute
from api.service import Service

_Place = Annotated[
    str | None,
    Query(alias="last-event-id", description="As the header `Last-Event-ID`, which comes first."),
]
_Header = Annotated[
    str | None,
    Header(
        alias="last-event-id", description="`id` of the last event seen: what came after it is sent first."
    ),
]


def router(service: Service, hub: Hub) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(route_class=StrictRoute, tags=["Live"])

    @routes.get(
        "/live",
        summary="What changes, as it changes: revisions, values and freshness as Server-Sent Events",
        response_class=Response,
    )
    async def live(
        request: Request,
        layers: several.Layers = None,
        bbox: params.Bbox = None,
        place: _Place = None,
        header: _Header = None,
    ) -> Response:
        boxes = params.boxes(bbox)
        wanted = await run_in_threadpool(several.ids, service, layers)
        return Stream(hub, header or place, wanted, boxes)

    return routes
