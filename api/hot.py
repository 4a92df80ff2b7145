"""Hot: tiles that lie in memory are answered before any framework looks at the request."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

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
Ready = tuple[list[tuple[bytes, bytes]], bytes]


class Hot:
    """The plainest case of the busiest address: a whole tile that was asked for before.

    Whatever is not that (parts, 304, a query, a tile not read yet, a layer that may not be shown) it leaves.
    """

    def __init__(self, service: Service, contents: Contents, meter: Meter) -> None:
        self._service = service
        self._contents = contents
        self._meter = meter

    async def sent(self, scope: Scope, send: Send) -> bool:
        """Answer a request if that can be done at once; whether it was."""
        begun = time.perf_counter()
        ready = self._ready(scope)
        if ready is None:
            return False
        self._meter.note(scope["path"], 200, time.perf_counter() - begun)
        headers, body = ready
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        return True

    def _ready(self, scope: Scope) -> Ready | None:
        """Headers and body of the answer to a request, None if others shall answer it. Reads nothing."""
        path: str = scope["path"]
        if (
            not path.endswith(".glb")
            or "twin.own" in scope
            or not limit.immutable(path)
            or scope["query_string"]
        ):
            return None
        accepted = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding" and not accepted:
                accepted = value
            elif name in (b"range", b"if-none-match", b"accept-encoding"):
                return None
        _, _, layer, folder, file = path.split("/", 4)
        if (
            folder != "content"
            or scope["method"] not in ("GET", "HEAD")
            or not self._service.surely_shows(layer)
        ):
            return None
        welcome = _welcome(accepted)
        found = self._contents.ready(keys.inside(layer, f"content/{file}"), welcome)
        if found is None or (welcome and found[1] is None):  # it may be worth packing
            return None
        data, coding = found
        tag = file[:-4] if coding is None else f"{file[:-4]}-{coding}"
        told = [*_HEADERS, (b"etag", f'"{tag}"'.encode()), (b"content-length", b"%d" % len(data))]
        if coding is not None:
            told.append((b"content-encoding", coding.encode()))
        return told, data


@lru_cache(maxsize=1000)
def _welcome(accepted: bytes) -> list[str]:
    return responses.welcome(accepted.decode("latin-1")) if len(accepted) < 1000 else []
