"""Pages and files for browsers: ``/``, ``/docs``, ``/accessibility``, ``/viewer/…``, ``/static/…``."""

import hashlib
import re
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import documentation, page, params, registers, responses, stale, statement, viewer
from api.params import Datetime
from api.routing import DirectRoute, StrictRoute, join, refuse_unknown
from api.service import Service
from twin.errors import NotFound, RequestError, StoreError

_STATIC = Path(__file__).resolve().parent.parent / "static"
_VIEWERS = ("view", "layers", "selected", "list")
"""State that the viewer keeps in the address bar; the server reads nothing of it."""
_MODULE, _SCRIPT = "city-twin.js", "text/javascript; charset=utf-8"
"""The viewer for pages of other sites, at an address that stays: docs/embedding.md."""
_HUNG_ON = re.compile(r"(utm|mtm|pk)_\w{1,32}|\w{1,8}clid")
_City = Annotated[str | None, Query(description="Id of the city to open.")]
_Lang = Annotated[
    str | None, Query(description="`de`, `en` or `ls` (Leichte Sprache); otherwise the browser's language.")
]
_Known = Annotated[str | None, Query(pattern="^[a-z0-9-]{1,64}$", description="Id of the city to speak of.")]
_Register = Annotated[
    Literal["de", "en", "ls"] | None,
    Query(description="`ls` is Leichte Sprache; without it the browser's language."),
]


def router(service: Service) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(route_class=DirectRoute)  # not strict: the viewer keeps more in the address

    @routes.get("/", include_in_schema=False)
    def start(
        request: Request, city: _City = None, lang: _Lang = None, datetime: Datetime = None
    ) -> Response:
        # A link shared through a social network gets parameters hung on; whoever follows it wants the page.
        hung_on = [name for name in request.query_params if _HUNG_ON.fullmatch(name)]
        refuse_unknown(request, ["city", "lang", "datetime", *_VIEWERS, *hung_on])
        status, language = 200, registers.register_of(request)
        if datetime is not None and "text/html" in request.headers.get("accept", ""):
            try:
                params.asked(datetime, service.now())
            except RequestError:  # people with a made-up link get the city of now, and the viewer says so
                status, datetime = 400, None
        try:
            body = page.page(service, language, city, datetime).encode()
        except StoreError:  # people get a page; what exactly is wrong stands in /ops/health
            status, body = 503, page.damaged(language).encode()
        headers = {"Content-Security-Policy": page.CSP, "Vary": "Accept-Encoding, Accept-Language"}
        if status == 200:
            at = None if datetime is None else params.asked(datetime, service.now())
            headers |= stale.headers(service, [layer for _, layer in service.layers()], at)
        return responses.respond(
            request, body, responses.HTML, cache="no-cache", status=status, headers=headers
        )

    @routes.get("/viewer/{name:path}", include_in_schema=False)
    def built(request: Request, name: str) -> Response:
        loader = viewer.module(service.settings.viewer) if name == _MODULE else None
        if loader is None:
            return _file(request, service.settings.viewer, name)
        return responses.respond(request, loader, _SCRIPT, cache="no-cache")

    @routes.get("/static/{name}", include_in_schema=False)
    def static(request: Request, name: str) -> Response:
        return _file(request, _STATIC, name)

    strict = APIRouter(route_class=StrictRoute, tags=["Documentation"])

    @strict.get("/docs", summary="Every address, for people")
    def docs(request: Request) -> Response:
        body = documentation.page(request.app.openapi()).encode()
        headers = {"Content-Security-Policy": page.CSP}
        return responses.respond(request, body, responses.HTML, headers=headers)

    @strict.get(
        "/accessibility", summary="Statement on accessibility, in German, English and Leichte Sprache"
    )
    def accessibility(request: Request, lang: _Register = None, city: _Known = None) -> Response:
        body = statement.page(service, lang or registers.register_of(request), city).encode()
        headers = {"Content-Security-Policy": page.CSP, "Vary": "Accept-Encoding, Accept-Language"}
        return responses.respond(request, body, responses.HTML, cache="no-cache", headers=headers)

    @strict.get("/openapi.json", summary="This interface as OpenAPI")
    def openapi(request: Request) -> Response:
        return responses.respond(request, responses.encode(request.app.openapi()), responses.JSON)

    join(routes, strict)
    return routes


def _file(request: Request, folder: Path, name: str) -> Response:
    found = viewer.read(folder, name)
    if found is None:
        raise NotFound("there is no such file; start at /")
    data, media = found
    cache = responses.IMMUTABLE if viewer.is_hashed(name) else "no-cache"
    tag = hashlib.sha256(data).hexdigest()[:32]
    data, coding = viewer.packed(folder, name, responses.codings(request)) or (data, None)
    return responses.respond(request, data, media, cache=cache, etag=tag, packed=coding)
