"""What ``/ogc`` tells of cities and layers: where it begins, and collections."""

from typing import Any

from api import functions
from api.openapi.shared import FRESH, FRESHNESS, LINK, WORDS
from api.openapi.write import (
    COUNT,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    many,
    maybe,
    one_of,
    record,
    ref,
)
from twin.schema import Kind

_COLUMN = record(
    {
        "name": TEXT,
        "title": ref("Words"),
        "kind": one_of(*Kind),
        "unit": maybe(TEXT),
        "choices": many(OBJECT),
    },
    {"codelist": many(OBJECT)},
)
_LAYER = record(
    {
        "city": TEXT,
        "name": TEXT,
        "theme": TEXT,
        "schema": TEXT,
        "geometry": maybe(TEXT),
        "title": ref("Words"),
        "summary": ref("Words"),
        "notice": maybe(ref("Words")),
        "publisher": TEXT,
        "licence": record({"id": TEXT, "title": TEXT, "url": maybe(TEXT)}),
        "attribution": TEXT,
        "revision": maybe(WHOLE),
        "features": COUNT,
        "published_at": maybe(TIME),
        "holds_from": maybe(TIME),
        "fetched_at": maybe(TIME),
        **FRESHNESS,
        "counts": ref("Counts"),
        "origins": many(ref("Origin")),
        "columns": many(_COLUMN),
        "properties": many(record({"name": TEXT, "title": ref("Words"), "unit": maybe(TEXT)})),
        "tileset": maybe(TEXT),
    },
    words="Everything about a layer at the instant asked for.",
)
_CITY = record(
    {
        "id": TEXT,
        "title": ref("Words"),
        "notice": maybe(ref("Words")),
        "bbox": ref("Box"),
        "centre": many(NUMBER, 2, 2),
        "languages": many(TEXT, 1),
        "contact": maybe(TEXT),
        "tileset": maybe(TEXT),
        "gaps": many(record({"name": TEXT, "title": ref("Words"), "reason": ref("Words")})),
    }
)
_TYPE = one_of("string", "number", "integer", "datetime", "geometry", "boolean")
_ARGUMENT = record({"type": many(_TYPE, 1)}, {"title": TEXT, "description": TEXT})
SCHEMAS: dict[str, Schema] = {
    "City": _CITY,
    "Landing": record(
        {"title": TEXT, "description": TEXT, "links": many(ref("Link"), 1), "cities": many(ref("City"))}
    ),
    "Functions": record(
        {
            "functions": many(
                record(
                    {"name": TEXT, "arguments": many(_ARGUMENT), "returns": many(_TYPE, 1)},
                    {"description": TEXT},
                )
            ),
            "links": many(ref("Link"), 1),
        }
    ),
    "Conformance": record({"conformsTo": many(TEXT, 1)}),
    "OpenAPI": record({"openapi": TEXT, "info": OBJECT, "paths": OBJECT, "components": OBJECT}),
    "Layer": _LAYER,
    "Collection": record(
        {
            "id": TEXT,
            "title": TEXT,
            "description": TEXT,
            "itemType": one_of("feature"),
            "crs": many(TEXT, 1),
            "storageCrs": TEXT,
            "links": many(ref("Link"), 1),
            "twin": ref("Layer"),
        },
        {
            "extent": record(
                {},
                {
                    "spatial": record({"bbox": many(ref("Box"), 1)}),
                    "temporal": record({"interval": many(many(maybe(TIME), 2, 2), 1)}),
                },
            ),
            "attribution": TEXT,
        },
    ),
    "Collections": record({"collections": many(ref("Collection")), "links": many(ref("Link"), 1)}),
}
_LAYER_EXAMPLE: dict[str, Any] = {
    "city": "demo",
    "name": "buildings",
    "theme": "model",
    "schema": "building/1",
    "geometry": "building",
    "title": WORDS,
    "summary": WORDS,
    "notice": None,
    "publisher": "Demo",
    "licence": {"id": "CC0-1.0", "title": "CC0 1.0", "url": None},
    "attribution": "Demo",
    "revision": 2,
    "features": 30,
    "published_at": "2026-03-01T12:00:00Z",
    "holds_from": "2026-03-01T12:00:00Z",
    "fetched_at": "2026-03-01T12:00:00Z",
    **FRESH,
    "counts": {"in": 30, "published": 30, "held": 0, "broken": 0, "duplicate": 0},
    "origins": [],
    "columns": [
        {
            "name": "height_m",
            "title": {"de": "Höhe", "en": "Height"},
            "kind": "number",
            "unit": "m",
            "choices": [],
        }
    ],
    "properties": [],
    "tileset": "/tiles/demo.buildings/tileset.json",
}
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_COLLECTION_EXAMPLE = {
    "id": "demo.buildings",
    "title": "Demo: Buildings",
    "description": "Buildings / Gebäude",
    "itemType": "feature",
    "crs": [_CRS84],
    "storageCrs": _CRS84,
    "links": [{**LINK, "href": "/ogc/collections/demo.buildings"}],
    "twin": _LAYER_EXAMPLE,
}
EXAMPLES: dict[str, Any] = {
    "Landing": {
        "title": "Stadtzwilling",
        "description": "Digital twins of cities, from open data.",
        "links": [LINK],
        "cities": [],
    },
    "Functions": {"functions": [functions.FEATURE], "links": [{**LINK, "href": "/ogc/functions"}]},
    "Conformance": {"conformsTo": ["http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core"]},
    "OpenAPI": {
        "openapi": "3.1.0",
        "info": {"title": "Stadtzwilling", "version": "0.1.0"},
        "paths": {},
        "components": {},
    },
    "Collection": _COLLECTION_EXAMPLE,
    "Collections": {"collections": [_COLLECTION_EXAMPLE], "links": [{**LINK, "href": "/ogc/collections"}]},
}
