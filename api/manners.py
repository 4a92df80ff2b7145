"""Manners towards every visitor: HEAD, OPTIONS, CORS, limits, and never a traceback."""

import logging
import time
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import bodies
from api.limit import Limit
from api.meter import Meter
from api.responses import problem
from twin.settings import Settings

log = logging.getLogger("twin")

ALWAYS = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Accept-Ranges, Allow, Content-Crs, Content-Disposition, Content-Encoding, Content-Range, ETag, "
        b"Link, OGC-NumberMatched, OGC-NumberReturned, RateLimit, RateLimit-Policy, Retry-After, "
        b"Stadtzwilling-Damaged, Stadtzwilling-Stale, Vary",
    ),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]
_PREFLIGHT = [
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
_ASKED_BY_BODY = ("/stac/search",)
"""Addresses that take a question as a JSON body, too."""

_DOORS = ("/ogc/", "/stac/", "/sta/v1.1/", "/live/", "/docs/", "/ops/")
"""Of these addresses a slash at the end means nothing; ``/ogc/`` has a route of its own."""


def methods(path: str) -> str:
    """The methods that an address knows, as in ``Allow``."""
    return "GET, HEAD, OPTIONS" + (", POST" if path in _ASKED_BY_BODY else "")


def _without_slash(scope: Scope) -> Scope:
    """An address of a door with a slash too many is that without it; some clients follow no redirect.

    A slash that belongs to a name is escaped in the address.
    """
    path: str = scope["path"]
    if not path.endswith("/") or not path.startswith(_DOORS) or path == "/ogc/" or path.endswith("//"):
        return scope
    raw: bytes = scope.get("raw_path", path.encode())
    return {**scope, "path": path[:-1], "raw_path": raw[:-1]} if raw.endswith(b"/") else scope


class Manners:
    """ASGI middleware around everything."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        limit: Limit,
        meter: Meter,
        told: Callable[[str, Exception], Response | None] = lambda *_: None,
    ) -> None:
        """Put around `app`; `told` makes answers of a path and an error, None of what is a fault of ours."""
        self.app = app
        self._told = told
        self._meter = meter
        self._limit = limit
        self._most = settings.max_request_kb * 1024
        self._patience_s = settings.client_patience_s

    async def _plainly(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is no request, or one of our own: without limits and headers for others."""
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            found = self._told(scope.get("path", ""), error)
            if found is None:
                raise
            await found(scope, receive, send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or "twin.own" in scope:
            await self._plainly(scope, receive, send)
            return
        scope = _without_slash(scope)
        if scope["method"] == "OPTIONS":
            known = methods(scope["path"]).encode()
            told = [(b"access-control-allow-methods", known), (b"allow", known)]
            await send({"type": "http.response.start", "status": 204, "headers": ALWAYS + _PREFLIGHT + told})
            await send({"type": "http.response.body", "body": b""})
            return
        begun = time.perf_counter()
        path, bodiless, started = scope["path"], scope["method"] == "HEAD", False
        verdict = self._limit.ask(scope)
        more = ALWAYS if verdict is None else ALWAYS + verdict.headers
        if bodiless:
            scope = {**scope, "method": "GET", "twin.head": True}  # an answer without an end is not begun

        async def polite(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._meter.note(path, message["status"], time.perf_counter() - begun)
                message = {**message, "headers": [*message["headers"], *more]}
            elif bodiless and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            if verdict is not None and verdict.wait_s:
                words = f"You may ask again in {verdict.wait_s} s; see the headers RateLimit and Retry-After."
                answer = problem(path, 429, "Too many requests", words, "rate")
                await answer(scope, receive, polite)
                return
            if scope["method"] == "POST":
                receive = await bodies.read(scope, receive, self._most, self._patience_s)
            await self.app(scope, receive, polite)
        except bodies.Left:
            return  # no fault of ours, and nobody to answer
        except bodies.Refused as error:
            answer = problem(path, error.status, "The body is not taken", str(error), error.code)
            await answer(scope, receive, polite)
        except Exception as error:
            found = None if started else self._told(path, error)
            if found is None:
                log.exception("an answer failed")  # without the address: it may tell who asked for what
                if started:
                    raise
                words = "This is a fault of ours; the operator finds it in the log. Please try again later."
                found = problem(path, 500, "Something went wrong", words, "internal")
            await found(scope, receive, polite)
