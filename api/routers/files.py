"""``/store/…``: the static STAC catalog and the files it names, as they lie in the store."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import files, responses
from api.contents import Contents
from api.routing import refuse_unknown
from api.service import Service
from catalog import keys
from twin.errors import Damaged, NotFound


def router(service: Service, contents: Contents) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter()

    async def stored(request: Request) -> Response:
        """A file of the store."""
        if request.url.query:
            refuse_unknown(request, [])
        return await run_in_threadpool(_answer, request, service, contents, request.path_params["key"])

    routes.add_route("/store/{key:path}", stored, methods=["GET"], include_in_schema=False)
    return routes


def _answer(request: Request, service: Service, contents: Contents, key: str) -> Response:
    if key.startswith("stac/"):
        return responses.respond(request, files.catalog(service, key), responses.JSON)
    layer, name = files.split(key) or ("", "")
    revision = files.named(service, layer, name) if layer else None
    media = files.media(name)
    if revision is None or media is None:
        raise NotFound("there is no such file; start at /store/stac/catalog.json")
    try:
        data, packed = contents.packed(revision, name, responses.codings(request))
    except Damaged as error:
        service.damaged[keys.inside(layer, name)] = str(error)
        raise
    etag = revision.objects[name].sha256
    return responses.respond(request, data, media, cache=responses.IMMUTABLE, etag=etag, packed=packed)
