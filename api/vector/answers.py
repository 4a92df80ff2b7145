"""How vector tiles and what is told of them are answered."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import Response

from api import responses
from api.service import Service
from api.vector.documents import MVT
from api.vector.kept import Ready
from catalog import keys
from twin.errors import Damaged
from twin.revision import Revision


def tile(request: Request, found: Ready, cache: str, headers: dict[str, str] | None = None) -> Response:
    """A tile; 204 if there is nothing in it."""
    if not found.body:
        empty = {"Cache-Control": cache, "Vary": "Accept-Encoding", **(headers or {})}
        return Response(status_code=204, headers=empty)
    return responses.respond(
        request, found.body, MVT, cache=cache, etag=found.tag, packed=found.coding, headers=headers
    )


def document(
    request: Request,
    told: dict[str, object],
    media: str = responses.JSON,
    headers: dict[str, str] | None = None,
) -> Response:
    """A JSON document."""
    return responses.respond(request, responses.encode(told), media, headers=headers)


@contextmanager
def noticing(service: Service, revision: Revision) -> Iterator[None]:
    """Damage is remembered for ``/ops/health``."""
    try:
        yield
    except Damaged as error:
        service.damaged[keys.inside(revision.layer, f"{revision.snapshot}/{keys.FEATURES}")] = str(error)
        raise
