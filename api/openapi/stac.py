"""Answers of ``/stac``."""

from typing import Any

from api import responses, schemas
from api.openapi.shared import AREA, HOW_STALE, LINK, STALE
from api.openapi.write import (
    COUNT,
    TEXT,
    TIME,
    Schema,
    Told,
    many,
    maybe,
    one_of,
    record,
    ref,
    table,
)

_VERSION = one_of("1.1.0")
_ASSET = record({"href": TEXT}, {"type": TEXT, "title": TEXT, "roles": many(TEXT)})
_FRAME: dict[str, Schema] = {"numberMatched": COUNT, "numberReturned": COUNT, "links": many(ref("Link"))}
_PROPERTIES = record(
    {},
    {f"twin:{name}": schema for name, schema in {**STALE, **HOW_STALE}.items()},
    "Whether it is stale is told of the newest revision: older ones do not change.",
)
_COLLECTION_MEMBERS: dict[str, Schema] = {
    "type": one_of("Collection"),
    "stac_version": _VERSION,
    "stac_extensions": many(TEXT),
    "id": TEXT,
    "title": TEXT,
    "description": TEXT,
    "keywords": many(TEXT),
    "license": TEXT,
    "attribution": TEXT,
    "created": TIME,
    "updated": TIME,
    "extent": record(
        {},
        {
            "spatial": record({"bbox": many(ref("Box"), 1)}),
            "temporal": record({"interval": many(many(maybe(TIME), 2, 2), 1)}),
        },
    ),
    "links": many(ref("Link")),
    "table:columns": many(record({"name": TEXT}, {"type": TEXT, "description": TEXT})),
    "table:row_count": COUNT,
    "twin:city": TEXT,
    "twin:theme": TEXT,
    "twin:schema": TEXT,
    "twin:freshness": ref("Freshness"),
}
SCHEMAS: dict[str, Schema] = {
    "Catalog": record(
        {
            "type": one_of("Catalog"),
            "stac_version": _VERSION,
            "id": TEXT,
            "description": TEXT,
            "links": many(ref("Link"), 1),
            "conformsTo": many(TEXT, 1),
        },
        {"title": TEXT},
    ),
    "StacCollection": {
        "allOf": [
            ref("SomeStacCollection"),
            {
                "required": [
                    "type",
                    "stac_version",
                    "id",
                    "description",
                    "license",
                    "extent",
                    "links",
                ]
            },
        ]
    },
    "SomeStacCollection": record({}, _COLLECTION_MEMBERS, "A layer; `fields` may leave any part out."),
    "StacChildren": record({"children": many(ref("StacCollection")), "links": many(ref("Link"), 1)}),
    "StacCollections": record({"collections": many(ref("SomeStacCollection")), **_FRAME}),
    "Item": record(
        {},
        {
            "type": one_of("Feature"),
            "stac_version": _VERSION,
            "stac_extensions": many(TEXT),
            "id": TEXT,
            "collection": TEXT,
            "geometry": maybe(ref("Geometry")),
            "bbox": ref("Box"),
            "properties": _PROPERTIES,
            "links": many(ref("Link")),
            "assets": table(_ASSET),
        },
        "A revision; `fields` may leave any part out.",
    ),
    "WholeItem": {
        "allOf": [
            ref("Item"),
            {
                "required": [
                    "type",
                    "stac_version",
                    "id",
                    "collection",
                    "geometry",
                    "properties",
                    "links",
                    "assets",
                ]
            },
        ]
    },
    "ItemCollection": record({"type": one_of("FeatureCollection"), "features": many(ref("Item")), **_FRAME}),
}
_ITEM: dict[str, Any] = {
    "type": "Feature",
    "stac_version": "1.1.0",
    "id": "000043",
    "collection": "demo.buildings",
    "geometry": AREA,
    "bbox": [11.5, 48.1, 11.6, 48.2],
    "properties": {"datetime": "2026-03-01T12:00:00Z", "twin:stale": False},
    "links": [{**LINK, "href": "/stac/collections/demo.buildings/items/000043"}],
    "assets": {
        "features": {
            "href": "/stac/collections/demo.buildings/items/000043/features.parquet",
            "type": responses.PARQUET,
            "roles": ["data"],
        }
    },
}
_COLLECTION = {
    "type": "Collection",
    "stac_version": "1.1.0",
    "id": "demo.buildings",
    "description": "Buildings",
    "license": "CC0-1.0",
    "extent": {
        "spatial": {"bbox": [[11.5, 48.1, 11.6, 48.2]]},
        "temporal": {"interval": [["2026-02-19T12:00:00Z", None]]},
    },
    "links": [{**LINK, "href": "/stac/collections/demo.buildings"}],
}
EXAMPLES: dict[str, Any] = {
    "Catalog": {
        "type": "Catalog",
        "stac_version": "1.1.0",
        "id": "stadtzwilling",
        "description": "Digital twins of cities.",
        "links": [{**LINK, "href": "/stac"}],
        "conformsTo": ["https://api.stacspec.org/v1.0.0/core"],
    },
    "StacCollection": _COLLECTION,
    "StacChildren": {"children": [_COLLECTION], "links": [{**LINK, "href": "/stac/children"}]},
    "StacCollections": {
        "collections": [_COLLECTION],
        "numberMatched": 1,
        "numberReturned": 1,
        "links": [{**LINK, "href": "/stac/collections"}],
    },
    "WholeItem": _ITEM,
    "ItemCollection": {
        "type": "FeatureCollection",
        "features": [_ITEM],
        "numberMatched": 1,
        "numberReturned": 1,
        "links": [{**LINK, "href": "/stac/search"}],
    },
}
_ITEMS = "/stac/collections/{layer}/items"
_JSON, _GEOJSON = responses.JSON, responses.GEOJSON
ANSWERS: dict[str, Told] = {
    "/stac": Told("The root catalog", {_JSON: "Catalog"}, (400,)),
    "/stac/conformance": Told("What the service keeps to", {_JSON: "Conformance"}, (400,)),
    "/stac/functions": Told("The functions", {_JSON: "Functions"}, (400,)),
    "/stac/children": Told("All layers", {_JSON: "StacChildren"}, (400,), stale=True),
    "/stac/collections": Told("The layers", {_JSON: "StacCollections"}, (400,), stale=True),
    "/stac/collections/{layer}": Told("The layer", {_JSON: "StacCollection"}, stale=True),
    **{
        f"/stac/{name}": Told("The schema", {schemas.MEDIA: "JSONSchema"}, (400,))
        for name in ("queryables", "sortables", "collection-queryables", "collection-sortables")
    },
    **{
        f"/stac/collections/{{layer}}/{name}": Told("The schema", {schemas.MEDIA: "JSONSchema"}, stale=True)
        for name in ("queryables", "sortables")
    },
    _ITEMS: Told("Revisions of the layer", {_GEOJSON: "ItemCollection"}, stale=True),
    "/stac/search": Told("Revisions that fit", {_GEOJSON: "ItemCollection"}, (400, 408, 413), stale=True),
    f"{_ITEMS}/{{revision}}": Told("The revision", {_GEOJSON: "WholeItem"}, stale=True),
    f"{_ITEMS}/{{revision}}/{{asset}}": Told(
        "The features or the provenance",
        {_JSON: "RevisionProvenance", responses.PARQUET: None},
        headers=("ETag", "Cache-Control", "Vary", "Content-Disposition"),
        parts=True,
    ),
}
"""Path → what is told of it."""
