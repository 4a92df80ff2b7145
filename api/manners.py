"""Manners towards every visitor: HEAD, OPTIONS, CORS, and never a traceback."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.responses import problem

log = logging.getLogger("twin")

_ALWAYS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Content-Encoding, Link, Allow"),
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


class Manners:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            methods = b"GET, HEAD, OPTIONS" + (b", POST" if scope["path"] in _ASKED_BY_BODY else b"")
            told = [(b"access-control-allow-methods", methods), (b"allow", methods)]
            await send({"type": "http.response.start", "status": 204, "headers": _ALWAYS + _PREFLIGHT + told})
            await send({"type": "http.response.body", "body": b""})
            return
        bodiless = scope["method"] == "HEAD"
        if bodiless:
            scope = {**scope, "method": "GET", "twin.head": True}  # an answer without an end is not begun
        started = False

        async def polite(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": [*message["headers"], *_ALWAYS]}
            elif bodiless and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, polite)
        except Exception:
            log.exception("an answer failed")  # without the address: it may tell who asked for what
            if started:
                raise
            words = "This is a fault of ours; the operator finds it in the log. Please try again later."
            await problem(scope["path"], 500, "Something went wrong", words, "internal")(
                scope, receive, polite
            )
