"""OGC API Tiles under ``/ogc``: every layer by itself as Mapbox Vector Tiles in WebMercatorQuad."""

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import params, responses
from api.params import Datetime
from api.routers import dataset
from api.routing import StrictRoute
from api.service import Service
from api.vector import answers, grid
from api.vector.dataset import ColumnValues
from api.vector.documents import STYLE, Told, has_tiles, link
from api.vector.kept import Tiles
from twin.city import City
from twin.errors import NotFound
from twin.layer import Layer
from twin.revision import Revision

Json = Annotated[str | None, Query(alias="f", pattern="^json$", description="Only `json`.")]
Mvt = Annotated[str | None, Query(alias="f", pattern="^mvt$", description="Only `mvt`.")]
Pinned = Annotated[
    str | None,
    Query(
        description="Number of a revision, six digits: its tile never changes and may be kept for ever. "
        "Decides which tile it is where `datetime` is there, too.",
        examples=["000043"],
    ),
]
_PINNED = re.compile(rb"revision=([0-9]{6})")
_OF_LAYER = ".collection.vector"
"""Operations are named as OGC 20-057 wants it (table 11): some clients find tiles by these names."""
_TILESET = f"/collections/{{layer}}/tiles/{grid.ID}"


def router(service: Service) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/ogc", route_class=StrictRoute, tags=["OGC API Tiles"])
    tiles = Tiles(service.store, service.surely_shows)

    @routes.get(
        "/tileMatrixSets",
        summary="The tile matrix sets in which there are tiles",
        operation_id="getTileMatrixSetsList",
    )
    def sets(request: Request, f: Json = None) -> Response:
        path = f"/ogc/tileMatrixSets/{grid.ID}"
        told = {
            "id": grid.ID,
            "title": grid.definition()["title"],
            "uri": grid.URI,
            "crs": grid.CRS,
            "links": [link(service, "self", path, responses.JSON)],
        }
        links = [link(service, "self", "/ogc/tileMatrixSets", responses.JSON)]
        return answers.document(request, {"tileMatrixSets": [told], "links": links})

    @routes.get("/tileMatrixSets/{scheme}", summary="One tile matrix set", operation_id="getTileMatrixSet")
    def definition(request: Request, scheme: str, f: Json = None) -> Response:
        if scheme != grid.ID:
            raise NotFound(f"there is no tile matrix set {scheme[:40]!r}; there is {grid.ID}")
        return answers.document(request, grid.definition())

    @routes.get(
        "/collections/{layer}/tiles",
        summary="The tilesets of a layer",
        operation_id=f"{_OF_LAYER}.getTileSetsList",
    )
    def tilesets(request: Request, layer: str, datetime: Datetime = None, f: Json = None) -> Response:
        told = _told(service, layer, datetime)
        base = f"/ogc/collections/{told.layer.id}"
        links = [
            link(service, "self", told.asked(f"{base}/tiles"), responses.JSON),
            link(service, "collection", told.asked(base), responses.JSON),
        ]
        return answers.document(request, {"tilesets": [told.item()], "links": links})

    @routes.get(_TILESET, summary="A layer's vector tiles, described", operation_id=f"{_OF_LAYER}.getTileSet")
    def tileset(request: Request, layer: str, datetime: Datetime = None, f: Json = None) -> Response:
        return answers.document(request, _told(service, layer, datetime).tileset())

    @routes.get(f"{_TILESET}/tilejson.json", summary="A layer's vector tiles as TileJSON 3")
    def tilejson(request: Request, layer: str, datetime: Datetime = None, f: Json = None) -> Response:
        return answers.document(request, _told(service, layer, datetime).tilejson())

    @routes.get(f"{_TILESET}/style.json", summary="How maps draw a layer: a style for MapLibre and Mapbox")
    def style(request: Request, layer: str, datetime: Datetime = None, f: Json = None) -> Response:
        told = _told(service, layer, datetime)
        values = ColumnValues(service, told, tiles, named=True)
        return answers.document(request, told.style(values), STYLE)

    def tile(
        request: Request,
        layer: str,
        z: str,
        y: str,
        x: str,
        datetime: Datetime = None,
        revision: Pinned = None,
        f: Mvt = None,
    ) -> Response:
        place = grid.tile(z, y, x)
        coding = next(iter(responses.codings(request)), None)
        at = None if datetime is None else params.asked(datetime, service.now())
        city, known = _layer(service, layer)
        held = service.held(known.id, at) if revision is None else service.revision(known.id, revision)
        grid.refuse_outside(place, Told(service, city, known, held, datetime).box)
        with answers.noticing(service, held):
            found = tiles.tile(known, held, place, coding)
        return answers.tile(request, found, responses.SHORT if revision is None else responses.IMMUTABLE)

    routes.add_api_route(
        f"{_TILESET}/{{z}}/{{y}}/{{x}}",
        tile,
        methods=["GET"],
        summary="A vector tile: level, row from the north, column",
        operation_id=f"{_OF_LAYER}.getTile",
        response_class=Response,
        route_class_override=_kept_first(tiles),
    )
    dataset.add(routes, service, tiles)
    return routes


def _kept_first(tiles: Tiles) -> type[StrictRoute]:
    """A route that answers from memory, past the framework's reading, where a revision alone is asked for."""

    class KeptFirst(StrictRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def quick(request: Request) -> Response:
                asked = _PINNED.fullmatch(request.scope["query_string"])
                if asked is not None:
                    path = request.path_params
                    place = grid.tile(path["z"], path["y"], path["x"])
                    coding = next(iter(responses.codings(request)), None)
                    found = tiles.ready((path["layer"], int(asked[1]), place, coding))
                    if found is not None:
                        return answers.tile(request, found, responses.IMMUTABLE)
                return await handler(request)

            return quick

    return KeptFirst


def _told(service: Service, layer_id: str, datetime: str | None) -> Told:
    city, layer = _layer(service, layer_id)
    return Told(service, city, layer, _held(service, layer, datetime), datetime)


def _layer(service: Service, layer_id: str) -> tuple[City, Layer]:
    city, layer = service.layer(layer_id)
    if not has_tiles(layer):
        raise NotFound(f"{layer.id} has no vector tiles; what it has is named at /ogc/collections/{layer.id}")
    return city, layer


def _held(service: Service, layer: Layer, datetime: str | None) -> Revision:
    return service.held(layer.id, None if datetime is None else params.asked(datetime, service.now()))
