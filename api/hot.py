"""Hot: tiles that lie in memory are answered before any framework looks at the request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from starlette.types import Scope, Send

from api import limit, responses
from api.contents import Contents
from api.manners import ALWAYS
from api.meter import Meter
from catalog import keys

if TYPE_CHECKING:  # it imports whom we are imported by
    from api.service import Service

_HEADERS = [
    (b"cache-control", responses.IMMUTABLE.encode()),
    (b"vary", b"Accept-Encoding"),
    (b"accept-ranges", b"bytes"),
    (b"content-type", responses.GLB.encode()),
    *ALWAYS,
]
_PLANS = 4096
_LONGEST = 200
"""Bytes of an Accept-Encoding header that is looked at; browsers send some twenty."""
Headers = list[tuple[bytes, bytes]]


class Ready(NamedTuple):
    """A whole answer."""

    headers: Headers
    """As ASGI wants them."""
    head: bytes
    """The same as they are sent."""
    body: bytes


class _Plan(NamedTuple):
    """What is known of an address and an Accept-Encoding header, whatever becomes of store and layer."""

    layer: str
    key: str
    welcome: list[str]
    told: dict[str | None, tuple[Headers, bytes]]
    """Content coding → headers. The name of a tile is its checksum: they never change."""


class Hot:
    """The plainest case of the busiest address: a whole tile that was asked for before.

    Whatever is not that (parts, 304, a query, a tile not read yet, a layer that may not be shown) it leaves.
    """

    def __init__(self, service: Service, contents: Contents, meter: Meter) -> None:
        self._service = service
        self._contents = contents
        self._meter = meter
        self._plans: dict[tuple[str, bytes], _Plan] = {}

    async def sent(self, scope: Scope, send: Send) -> bool:
        """Answer a request if that can be done at once; whether it was."""
        path = scope["path"]
        if (
            not path.endswith(".glb")
            or "twin.own" in scope
            or scope["query_string"]
            or scope["method"] not in ("GET", "HEAD")
        ):
            return False
        ready = self.ready(path, scope["headers"])
        if ready is None:
            return False
        await send({"type": "http.response.start", "status": 200, "headers": ready.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else ready.body})
        return True

    def ready(self, path: str, asked: Headers) -> Ready | None:
        """The answer to a request without a query, and count it; None if others shall answer. Reads nothing.

        Args:
            path: Its path.
            asked: Its headers, their names in lower case.
        """
        begun = time.perf_counter()
        accepted = b""
        for name, value in asked:
            if name == b"accept-encoding" and not accepted:
                accepted = value
            elif name in (b"range", b"if-none-match", b"accept-encoding"):
                return None
        plan = self._plans.get((path, accepted)) or _plan(path, accepted)
        if plan is None or not self._service.surely_shows(plan.layer):
            return None
        found = self._contents.ready(plan.key, plan.welcome)
        if found is None or (plan.welcome and found[1] is None):  # it may be worth packing
            return None
        data, coding = found
        told = plan.told.get(coding)
        if told is None:
            told = plan.told[coding] = _told(path, coding, len(data))
            if len(self._plans) >= _PLANS:
                self._plans.clear()
            self._plans[path, accepted] = plan
        self._meter.note(path, 200, time.perf_counter() - begun)
        return Ready(*told, data)


def _plan(path: str, accepted: bytes) -> _Plan | None:
    """None if this is no tile, or nobody knows what is accepted."""
    if not path.startswith("/tiles/") or not limit.immutable(path) or len(accepted) > _LONGEST:
        return None
    _, _, layer, folder, file = path.split("/", 4)
    if folder != "content":
        return None
    welcome = responses.welcome(accepted.decode("latin-1"))
    return _Plan(layer, keys.inside(layer, f"content/{file}"), welcome, {})


def _told(path: str, coding: str | None, size: int) -> tuple[Headers, bytes]:
    name = path.rpartition("/")[2][:-4]
    tag = name if coding is None else f"{name}-{coding}"
    told = [*_HEADERS, (b"etag", f'"{tag}"'.encode()), (b"content-length", b"%d" % size)]
    if coding is not None:
        told.append((b"content-encoding", coding.encode()))
    return told, b"".join(b"%b: %b\r\n" % pair for pair in told)
