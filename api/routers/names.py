"""``/ogc/names``: the names of all features of a city in one document."""

import difflib
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import params, responses, stale
from api.ogc import names
from api.params import Datetime, Format
from api.routing import StrictRoute
from api.service import Service
from twin.city import City
from twin.errors import RequestError

_City = Annotated[
    str | None,
    Query(max_length=80, description="Id of a city; without it all cities.", examples=["demo"]),
]


def router(service: Service) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/ogc", route_class=StrictRoute, tags=["OGC API"])
    index = names.Index(service.store)

    @routes.get("/names", summary="The names of all features and where they lie, to search in at home")
    def everywhere(
        request: Request, city: _City = None, datetime: Datetime = None, f: Format = None
    ) -> Response:
        at = None if datetime is None else params.asked(datetime, service.now())
        cities = service.cities() if city is None else [_city(service, city)]
        body = names.document(service, index, cities, at)
        headers = stale.headers(service, [layer for each in cities for layer in each.layers], at)
        return responses.respond(request, body, responses.JSON, headers=headers)

    return routes


def _city(service: Service, name: str) -> City:
    found = service.city(name)
    if found is None:
        known = [city.id for city in service.cities()]
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else "all cities are listed at /ogc"
        raise RequestError(f"there is no city {name!r}; {hint}")
    return found
