"""OGC API Tiles under ``/ogc/tiles``: all layers, or those that are named, in one tile."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import responses
from api.params import Datetime
from api.service import Service
from api.vector import answers, grid
from api.vector.chosen import Collections, chosen, there
from api.vector.documents import STYLE
from api.vector.joined import joined
from api.vector.kept import Tiles

Json = Annotated[str | None, Query(alias="f", pattern="^json$", description="Only `json`.")]
Mvt = Annotated[str | None, Query(alias="f", pattern="^mvt$", description="Only `mvt`.")]
_OF_ALL = ".dataset.vector"
"""Operations are named as OGC 20-057 wants it (table 11), as those of one layer are."""


def add(routes: APIRouter, service: Service, tiles: Tiles) -> None:
    """Put the routes of all layers together beside those of one; both share the tiles that are kept."""

    @routes.get(
        "/tiles",
        summary="The tilesets of all layers together",
        operation_id=f"{_OF_ALL}.getTileSetsList",
    )
    def all_tilesets(
        request: Request, collections: Collections = None, datetime: Datetime = None, f: Json = None
    ) -> Response:
        found = chosen(service, collections, datetime)
        return answers.document(request, found.listed(), headers=found.headers)

    @routes.get(
        f"/tiles/{grid.ID}",
        summary="The vector tiles of all layers together, described",
        operation_id=f"{_OF_ALL}.getTileSet",
    )
    def whole_tileset(
        request: Request, collections: Collections = None, datetime: Datetime = None, f: Json = None
    ) -> Response:
        found = there(service, collections, datetime)
        return answers.document(request, found.tileset(), headers=found.headers)

    @routes.get(f"/tiles/{grid.ID}/tilejson.json", summary="The same as TileJSON 3")
    def whole_tilejson(
        request: Request, collections: Collections = None, datetime: Datetime = None, f: Json = None
    ) -> Response:
        found = there(service, collections, datetime)
        return answers.document(request, found.tilejson(), headers=found.headers)

    @routes.get(f"/tiles/{grid.ID}/style.json", summary="How maps draw all layers: for MapLibre and Mapbox")
    def whole_style(
        request: Request, collections: Collections = None, datetime: Datetime = None, f: Json = None
    ) -> Response:
        found = there(service, collections, datetime)
        return answers.document(request, found.style(tiles), STYLE, headers=found.headers)

    @routes.get(
        f"/tiles/{grid.ID}/{{z}}/{{y}}/{{x}}",
        summary="A vector tile of all layers: level, row from the north, column",
        operation_id=f"{_OF_ALL}.getTile",
        response_class=Response,
    )
    def whole_tile(
        request: Request,
        z: str,
        y: str,
        x: str,
        collections: Collections = None,
        datetime: Datetime = None,
        f: Mvt = None,
    ) -> Response:
        place = grid.tile(z, y, x)
        found = there(service, collections, datetime)
        grid.refuse_outside(place, found.box)
        coding = next(iter(responses.codings(request)), None)
        ready, more = joined(service, tiles, found, place, coding)
        # names no revision: what it shows may be another one soon
        return answers.tile(request, ready, responses.SHORT, found.headers | more)
