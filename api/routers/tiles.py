"""3D Tiles under ``/tiles``. Never a redirect: clients resolve children against the address they asked."""

from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import params, responses, stale
from api.contents import Contents
from api.params import Carried, Datetime
from api.routing import StrictRoute, refuse_unknown
from api.service import Service
from catalog import keys
from twin import volumes
from twin.errors import Damaged, NotFound
from twin.revision import Revision


def router(service: Service, contents: Contents) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/tiles", route_class=StrictRoute, tags=["3D Tiles"])

    async def content(request: Request) -> Response:
        """Content of a tile, by its checksum: the busiest address, so it bypasses the framework's reading."""
        if request.url.query:
            refuse_unknown(request, ["datetime"])  # carried on by clients, see `params.Carried`
            params.asked(request.query_params.get("datetime"), service.now())
        layer, sha = request.path_params["layer"], request.path_params["sha"]
        welcome = responses.codings(request)
        found = None
        if service.surely_shows(layer):
            found = contents.ready(keys.inside(layer, f"content/{sha}.glb"), welcome)
        if found is None:
            found = await run_in_threadpool(_content, service, contents, layer, sha, welcome)
        data, packed = found
        return responses.respond(
            request, data, responses.GLB, cache=responses.IMMUTABLE, etag=sha, packed=packed
        )

    routes.add_route("/tiles/{layer}/content/{sha}.glb", content, methods=["GET"])

    @routes.get("/{layer}/r/{revision}/tileset.json", summary="The tileset of one revision, for ever")
    def stored(request: Request, layer: str, revision: str, datetime: Carried = None) -> Response:
        params.asked(datetime, service.now())  # refuses what is no time
        _, known = service.layer(layer)
        found = service.revision(known.id, revision)
        name = f"{found.snapshot}/{keys.TILESET}"
        if name not in found.objects:
            raise NotFound(f"{layer} has no tiles; its features are at /ogc/collections/{layer}/items")
        data, packed = _noticing(service, contents, found, name, responses.codings(request))
        etag = found.objects[name].sha256
        return responses.respond(
            request, data, responses.JSON, cache=responses.IMMUTABLE, etag=etag, packed=packed
        )

    @routes.get("/{name}/tileset.json", summary="The tileset of a layer or of a whole city")
    def tileset(request: Request, name: str, datetime: Datetime = None) -> Response:
        city = service.city(name)
        ids = [service.layer(name)[1].id] if city is None else [layer.id for layer in city.layers]
        at = None if datetime is None else params.asked(datetime, service.now())
        found = [revision for i in ids if (revision := service.listing.current(i, at)) is not None]
        roots = [root for revision in found if (root := _root(service, contents, revision)) is not None]
        if not roots:
            for i in ids:
                service.current(i, at)  # damage is not the same as nothing there
            if city is None:
                service.held(ids[0], at)
            raise NotFound(f"{name} has no tiles at this time; its features are at /ogc/collections")
        for root in roots:
            root["stale"] = stale.of(service, service.layer(root["layer"])[1], at).fields()
        if city is None:
            document = _wrapped(roots[0])
        else:
            query = "" if datetime is None else f"?{urlencode({'datetime': datetime})}"
            document = _combined(roots, query)
        told = stale.headers(service, [service.layer(root["layer"])[1] for root in roots], at)
        return responses.respond(request, responses.encode(document), responses.JSON, headers=told)

    return routes


def _content(
    service: Service, contents: Contents, layer_id: str, sha: str, welcome: list[str]
) -> tuple[bytes, str | None]:
    _, layer = service.layer(layer_id)
    name = f"content/{sha}.glb"
    for revision in reversed(service.listing.revisions(layer.id)):
        if name in revision.objects:
            return _noticing(service, contents, revision, name, welcome)
    service.refuse_lost(layer.id)
    raise NotFound(f"{layer.id} has no such tile; start at /tiles/{layer.id}/tileset.json")


def _noticing(
    service: Service, contents: Contents, revision: Revision, name: str, welcome: list[str]
) -> tuple[bytes, str | None]:
    """Read an object in a welcome coding; damage is remembered for ``/ops/health``."""
    try:
        return contents.packed(revision, name, welcome)
    except Damaged as error:
        service.damaged[keys.inside(revision.layer, name)] = str(error)
        raise


def _root(service: Service, contents: Contents, revision: Revision) -> dict[str, Any] | None:
    """What a tileset around the stored one needs to know of it; None if the revision has no tiles."""
    name = f"{revision.snapshot}/{keys.TILESET}"
    if name not in revision.objects:
        return None
    stored = orjson.loads(_noticing(service, contents, revision, name, [])[0])
    return {
        "layer": revision.layer,
        "revision": revision.name,
        "asset": stored["asset"],
        "error": stored["geometricError"],
        "box": volumes.outer_box(stored["root"]),
    }


def _wrapped(root: dict[str, Any]) -> dict[str, Any]:
    return {
        "asset": root["asset"],
        "extras": root["stale"],
        "geometricError": root["error"],
        "root": _leaf(root, f"r/{root['revision']}/tileset.json"),
    }


def _combined(roots: list[dict[str, Any]], query: str) -> dict[str, Any]:
    error = max(root["error"] for root in roots)
    extras: dict[str, Any] = {
        "layers": [{"layer": r["layer"], **r["asset"].get("extras", {}), **r["stale"]} for r in roots]
    }
    return {
        "asset": {"version": "1.1", "extras": extras},
        "geometricError": error,
        "root": {
            "boundingVolume": {"box": volumes.around([root["box"] for root in roots])},
            "geometricError": error,
            "refine": "ADD",
            "children": [_leaf(root, f"../{root['layer']}/tileset.json{query}") for root in roots],
        },
    }


def _leaf(root: dict[str, Any], uri: str) -> dict[str, Any]:
    return {
        "boundingVolume": {"box": root["box"]},
        "geometricError": root["error"],
        "refine": "REPLACE",
        "content": {"uri": uri},
    }
