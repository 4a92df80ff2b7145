"""Answers of the tiles: vector tiles under ``/ogc``, 3D Tiles under ``/tiles``."""

from typing import Any

from api import responses
from api.openapi.shared import HOW_STALE, LINK, STALE
from api.openapi.write import (
    COUNT,
    NUMBER,
    OBJECT,
    TEXT,
    Schema,
    Told,
    many,
    maybe,
    one_of,
    record,
    ref,
)
from api.vector import grid
from api.vector.documents import MVT, STYLE

_CORNERS = many(NUMBER, 2, 2)
_MATRIX = record(
    {
        "id": TEXT,
        "scaleDenominator": NUMBER,
        "cellSize": NUMBER,
        "cornerOfOrigin": TEXT,
        "pointOfOrigin": _CORNERS,
        "tileWidth": COUNT,
        "tileHeight": COUNT,
        "matrixWidth": COUNT,
        "matrixHeight": COUNT,
    }
)
_TILESET: dict[str, Schema] = {
    "title": TEXT,
    "dataType": one_of("vector"),
    "crs": TEXT,
    "tileMatrixSetId": TEXT,
    "tileMatrixSetURI": TEXT,
    "links": many(ref("Link"), 1),
}
_LIMITS = record(
    {
        "tileMatrix": TEXT,
        "minTileRow": COUNT,
        "maxTileRow": COUNT,
        "minTileCol": COUNT,
        "maxTileCol": COUNT,
    }
)
_VOLUME = record(
    {}, {"box": many(NUMBER, 12, 12), "region": many(NUMBER, 6, 6), "sphere": many(NUMBER, 4, 4)}
)
SCHEMAS: dict[str, Schema] = {
    "TileMatrixSets": record(
        {
            "tileMatrixSets": many(
                record({"id": TEXT, "title": TEXT, "uri": TEXT, "crs": TEXT, "links": many(ref("Link"), 1)})
            ),
            "links": many(ref("Link"), 1),
        }
    ),
    "TileMatrixSet": record(
        {
            "id": TEXT,
            "title": TEXT,
            "uri": TEXT,
            "crs": TEXT,
            "orderedAxes": many(TEXT, 2, 2),
            "tileMatrices": many(_MATRIX, 1),
        }
    ),
    "VectorTilesets": record({"tilesets": many(record(_TILESET)), "links": many(ref("Link"), 1)}),
    "VectorTileset": record(
        {**_TILESET, **STALE},
        {
            "description": TEXT,
            "attribution": TEXT,
            "boundingBox": record({"lowerLeft": _CORNERS, "upperRight": _CORNERS, "crs": TEXT}),
            "tileMatrixSetLimits": many(_LIMITS),
            "layers": many(record({"id": TEXT, "title": TEXT, "propertiesSchema": OBJECT})),
            **HOW_STALE,
        },
    ),
    "TileJSON": record(
        {
            "tilejson": TEXT,
            "name": TEXT,
            "tiles": many(TEXT, 1),
            "minzoom": COUNT,
            "maxzoom": COUNT,
            "vector_layers": many(record({"id": TEXT, "fields": OBJECT}), 1),
            **STALE,
        },
        {
            "bounds": ref("Box"),
            "center": many(NUMBER, 2, 3),
            "attribution": TEXT,
            "description": TEXT,
            **HOW_STALE,
        },
    ),
    "Style": record(
        {"version": {"type": "integer"}, "name": TEXT, "sources": OBJECT, "layers": many(OBJECT)}
        | {"metadata": record(STALE, HOW_STALE)},
        words="A style of MapLibre and Mapbox.",
    ),
    "Tile": record(
        {"boundingVolume": _VOLUME, "geometricError": {**NUMBER, "minimum": 0}},
        {
            "refine": one_of("ADD", "REPLACE"),
            "transform": many(NUMBER, 16, 16),
            "content": record({"uri": TEXT}),
            "children": many(ref("Tile")),
        },
    ),
    "Tileset": record(
        {
            "asset": record({"version": one_of("1.1")}),
            "geometricError": {**NUMBER, "minimum": 0},
            "root": ref("Tile"),
        },
        {"schema": maybe(OBJECT), "extras": record({}, {**STALE, **HOW_STALE})},
        words="3D Tiles 1.1",
    ),
}
_BASE = "/ogc/collections/demo.buildings/tiles"
_SET = {
    "id": grid.ID,
    "title": "Google Maps Compatible for the World",
    "uri": grid.URI,
    "crs": grid.CRS,
}
_TILESET_EXAMPLE = {
    "title": "Demo: Buildings",
    "dataType": "vector",
    "crs": grid.CRS,
    "tileMatrixSetId": grid.ID,
    "tileMatrixSetURI": grid.URI,
    "links": [{**LINK, "href": f"{_BASE}/{grid.ID}"}],
}
_BOX = {"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]}
EXAMPLES: dict[str, Any] = {
    "TileMatrixSets": {
        "tileMatrixSets": [{**_SET, "links": [LINK]}],
        "links": [{**LINK, "href": "/ogc/tileMatrixSets"}],
    },
    "TileMatrixSet": {
        **_SET,
        "orderedAxes": ["X", "Y"],
        "tileMatrices": [
            {
                "id": "0",
                "scaleDenominator": 559082264.0287178,
                "cellSize": 156543.03392804097,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-20037508.342789244, 20037508.342789244],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": 1,
                "matrixHeight": 1,
            }
        ],
    },
    "VectorTilesets": {"tilesets": [_TILESET_EXAMPLE], "links": [{**LINK, "href": _BASE}]},
    "VectorTileset": {**_TILESET_EXAMPLE, "stale": False},
    "TileJSON": {
        "tilejson": "3.0.0",
        "name": "Demo: Buildings",
        "tiles": [f"{_BASE}/{grid.ID}/{{z}}/{{y}}/{{x}}?revision=000043"],
        "minzoom": 0,
        "maxzoom": 16,
        "vector_layers": [{"id": "demo.buildings", "fields": {"height_m": "Height (m)"}}],
        "stale": False,
    },
    "Style": {
        "version": 8,
        "name": "Demo: Buildings",
        "metadata": {"stale": False},
        "sources": {"demo.buildings": {"type": "vector"}},
        "layers": [{"id": "demo.buildings-area", "type": "fill", "source": "demo.buildings"}],
    },
    "Tileset": {
        "asset": {"version": "1.1"},
        "geometricError": 32,
        "root": {
            "boundingVolume": _BOX,
            "geometricError": 16,
            "refine": "REPLACE",
            "content": {"uri": "r/000043/tileset.json"},
        },
    },
}
_VECTOR = f"/ogc/collections/{{layer}}/tiles/{grid.ID}"
_ALL = f"/ogc/tiles/{grid.ID}"
ANSWERS: dict[str, Told] = {
    "/ogc/tileMatrixSets": Told("The tile matrix sets", {responses.JSON: "TileMatrixSets"}, (400,)),
    "/ogc/tileMatrixSets/{scheme}": Told("The tile matrix set", {responses.JSON: "TileMatrixSet"}),
    "/ogc/collections/{layer}/tiles": Told("The tilesets", {responses.JSON: "VectorTilesets"}, stale=True),
    _VECTOR: Told("The tileset", {responses.JSON: "VectorTileset"}, stale=True),
    f"{_VECTOR}/tilejson.json": Told("The tileset", {responses.JSON: "TileJSON"}, stale=True),
    f"{_VECTOR}/style.json": Told("The style", {STYLE: "Style"}, stale=True),
    f"{_VECTOR}/{{z}}/{{y}}/{{x}}": Told(
        "The tile", {MVT: None}, empty="A tile within the limits, with nothing in it", parts=True, stale=True
    ),
    "/ogc/tiles": Told("The tilesets", {responses.JSON: "VectorTilesets"}, (400,), stale=True),
    _ALL: Told("The tileset", {responses.JSON: "VectorTileset"}, stale=True),
    f"{_ALL}/tilejson.json": Told("The tileset", {responses.JSON: "TileJSON"}, stale=True),
    f"{_ALL}/style.json": Told("The style", {STYLE: "Style"}, stale=True),
    f"{_ALL}/{{z}}/{{y}}/{{x}}": Told(
        "The tile", {MVT: None}, empty="A tile within the limits, with nothing in it", stale=True
    ),
    "/tiles/{name}/tileset.json": Told("The tileset", {responses.JSON: "Tileset"}, stale=True),
    "/tiles/{layer}/r/{revision}/tileset.json": Told("The tileset", {responses.JSON: "Tileset"}, parts=True),
    "/tiles/{layer}/content/{sha}.glb": Told("The tile's content", {responses.GLB: None}, parts=True),
}
"""Path → what is told of it."""
