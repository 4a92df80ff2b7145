"""SensorThings API 1.1 under ``/sta/v1.1``, read-only."""

from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import params, responses, stale
from api.formats import csv
from api.params import Datetime
from api.routing import StrictRoute
from api.service import Service
from api.sta import documents, formats, query, table
from api.sta.addresses import ROOT
from api.sta.answer import Answer
from api.sta.keeper import Keeper
from api.sta.model import KINDS, OBSERVATIONS
from api.sta.path import Target, resolve
from api.sta.query import Options
from api.sta.world import World
from catalog import deadline
from twin.errors import NotFound, RequestError
from twin.layer import Layer

_SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req"
CONFORMANCE = (
    f"{_SPEC}/datamodel",
    f"{_SPEC}/resource-path/resource-path-to-entities",
    f"{_SPEC}/request-data",
    f"{_SPEC}/request-data/status-code",
    f"{_SPEC}/request-data/query-status-code",
    f"{_SPEC}/request-data/order",
    f"{_SPEC}/request-data/expand",
    f"{_SPEC}/request-data/select",
    f"{_SPEC}/request-data/orderby",
    f"{_SPEC}/request-data/top",
    f"{_SPEC}/request-data/skip",
    f"{_SPEC}/request-data/count",
    f"{_SPEC}/request-data/filter",
    f"{_SPEC}/request-data/pagination",
    f"{_SPEC}/request-data/built-in-filter-operations",
    f"{_SPEC}/request-data/built-in-query-functions",
)

_FORMAT = "dataArray (Observations as a table for each Datastream), CSV or GeoJSON."


def _option(name: str, words: str) -> Any:
    return Query(alias=name, description=words)


def router(service: Service) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix=ROOT, route_class=StrictRoute, tags=["SensorThings"])
    keeper = Keeper(service)

    @routes.get("", summary="The entity sets, and what this service can do")
    def root(request: Request, datetime: Datetime = None) -> Response:
        at = None if datetime is None else params.asked(datetime, service.now())
        kept = World(keeper, at, datetime).kept
        body = {
            "value": [{"name": name, "url": service.url(f"{ROOT}/{name}{kept}")} for name in KINDS],
            "serverSettings": {"conformance": CONFORMANCE},
        }
        return responses.respond(request, responses.encode(body), responses.JSON)

    @routes.get("/{resource:path}", summary="A set of entities, an entity, what it links to, or a property")
    def resource(
        request: Request,
        resource: str,
        expand: Annotated[str | None, _option("$expand", "Links to show in place, with options.")] = None,
        select: Annotated[str | None, _option("$select", "Properties to show.")] = None,
        filter: Annotated[
            str | None, _option("$filter", "What has to be true of them, such as result gt 5.")
        ] = None,
        orderby: Annotated[str | None, _option("$orderby", "Properties, each with asc or desc.")] = None,
        top: Annotated[
            str | None,
            _option("$top", f"Entities of a page; {query.PAGE} if not given, at most {query.MOST}."),
        ] = None,
        skip: Annotated[str | None, _option("$skip", "Entities to pass over.")] = None,
        skiptoken: Annotated[
            str | None, _option("$skiptoken", "Where the page before ended; follow @iot.nextLink.")
        ] = None,
        count: Annotated[str | None, _option("$count", "true: tell how many there are in all.")] = None,
        format_: Annotated[str | None, _option("$resultFormat", _FORMAT)] = None,
        format_plain: Annotated[str | None, _option("resultFormat", "The same as $resultFormat.")] = None,
        datetime: Datetime = None,
    ) -> Response:
        if not resource:
            return root(request, datetime)
        at = None if datetime is None else params.asked(datetime, service.now())
        world = World(keeper, at, datetime)
        target = resolve(world, resource)
        given = {
            "$expand": expand,
            "$select": select,
            "$filter": filter,
            "$orderby": orderby,
            "$top": top,
            "$skip": skip,
            "$skiptoken": skiptoken,
            "$count": count,
            "$resultFormat": format_ if format_ is not None else format_plain,
        }
        options = query.read(target.kind, {name: text for name, text in given.items() if text is not None})
        with deadline.within(service.settings.query_s):
            answer = _answer(request, world, target, options, f"{ROOT}/{quote(resource, safe=_SAFE)}")
        answer.headers.update(stale.headers(service, _layers(service, resource), at))
        return answer

    return routes


def _layers(service: Service, resource: str) -> list[Layer]:
    """The layers of which an answer tells: that of the entity that is named, else all with values."""
    measured = [layer for _, layer in service.layers() if layer.schema_.properties]
    named = [layer for layer in measured if f"('{layer.id}" in resource]
    return named or measured


_SAFE = "/:@!$&'()*+,;=~.-_"


def _answer(request: Request, world: World, target: Target, options: Options, path: str) -> Response:
    if not target.many:
        fit = () if target.inside else ("$select", "$expand", "$resultFormat")
        for name in options.given:
            if name not in fit:
                raise RequestError(f"{name} is for sets of entities; leave it out here")
    answer = Answer(world)
    if target.counted:
        for name in options.given:
            if name != "$filter":
                raise RequestError(f"{name} changes no count; leave it out here")
        options.count, options.top = True, 0
    if target.ref:
        options.format = ""
        options.select, options.expand = frozenset({"selfLink"}), {}
    if options.format == "CSV":
        formats.check(target.kind, options)
        if target.many and target.kind.name != OBSERVATIONS and table.fits(target.kind, options):
            lines, link = table.written(world, target.kind, target.entities, options, path)
            return responses.respond(request, lines, csv.MEDIA, headers=_headers(target, link))
        options.top = min(options.top, query.MOST)
    if target.inside:
        return _property(request, world, target)
    if not target.many:
        body = answer.entity(target.entities[0], options)
    elif target.kind.name == OBSERVATIONS:
        body = answer.observations(target.streams, options, path)
    else:
        body = answer.set(target.kind, target.entities, options, path)
    if target.counted:
        number = str(orjson.loads(body)["@iot.count"]).encode()
        return responses.respond(request, number, "text/plain; charset=utf-8")
    headers: dict[str, str] = {}
    media = responses.JSON
    if options.format == "CSV":
        headers = _headers(target, orjson.loads(body).get("@iot.nextLink"))
        body, media = formats.table(target.kind, options, body), csv.MEDIA
    elif options.format == "GeoJSON":
        body, media = formats.features(target.kind, options, body), responses.GEOJSON
    return responses.respond(request, body, media, headers=headers)


def _headers(target: Target, following: str | None) -> dict[str, str]:
    """Of a table, which has no room for links."""
    headers = {"Content-Disposition": f'attachment; filename="{target.kind.name}.csv"'}
    return headers if following is None else {**headers, "Link": f'<{following}>; rel="next"'}


def _property(request: Request, world: World, target: Target) -> Response:
    value: Any = documents.properties(world, target.entities[0])
    for name in target.inside:
        if not isinstance(value, dict) or name not in value:
            raise NotFound(f"there is no property {name[:80]!r} here; ask for the entity to see what it has")
        value = value[name]
    if value is None:
        return Response(status_code=204)
    if not target.raw:
        return responses.respond(request, responses.encode({target.inside[-1]: value}), responses.JSON)
    if isinstance(value, str):
        return responses.respond(request, value.encode(), "text/plain; charset=utf-8")
    return responses.respond(request, responses.encode(value), responses.JSON)
