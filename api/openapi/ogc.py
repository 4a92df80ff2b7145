"""Answers of ``/ogc``: Common, Features with their formats, Schemas."""

from typing import Any

from api import negotiation, responses, schemas
from api.openapi.shared import AREA, FRESH, FRESHNESS, HOW_STALE, LINK, STALE, WORDS
from api.openapi.write import (
    ANY,
    COUNT,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    Told,
    many,
    maybe,
    one_of,
    record,
    ref,
    table,
)
from catalog.changes import Change
from twin.schema import Kind

_FRAME: dict[str, Schema] = {
    "type": one_of("FeatureCollection"),
    "numberMatched": COUNT,
    "numberReturned": COUNT,
    "timeStamp": TIME,
    "attribution": TEXT,
    "notice": maybe(TEXT),
    "links": many(ref("Link"), 1),
    **STALE,
}
_FEATURE: dict[str, Schema] = {
    "type": one_of("Feature"),
    "id": TEXT,
    "geometry": maybe(ref("Geometry")),
    "properties": maybe(OBJECT),
}
_FG: dict[str, Schema] = {"time": maybe(OBJECT), "place": maybe(OBJECT)}
_COLUMN = record(
    {"name": TEXT, "title": ref("Words"), "kind": one_of(*Kind), "unit": maybe(TEXT), "choices": many(OBJECT)}
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
SCHEMAS: dict[str, Schema] = {
    "City": _CITY,
    "Landing": record(
        {"title": TEXT, "description": TEXT, "links": many(ref("Link"), 1), "cities": many(ref("City"))}
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
    "Feature": record(_FEATURE, {"links": many(ref("Link"))}),
    "OneFeature": {"allOf": [ref("Feature"), record(STALE, HOW_STALE)]},
    "FeatureCollection": record({**_FRAME, "features": many(ref("Feature"))}, HOW_STALE),
    "FeatureFG": record({**_FEATURE, **_FG}, {"links": many(ref("Link")), "conformsTo": many(TEXT)}),
    "OneFeatureFG": {"allOf": [ref("FeatureFG"), record(STALE, HOW_STALE)]},
    "FeatureCollectionFG": record(
        {**_FRAME, "conformsTo": many(TEXT, 1), "features": many(ref("FeatureFG"))},
        {"featureType": TEXT, "coordRefSys": TEXT, **HOW_STALE},
    ),
    "History": record(
        {
            "layer": TEXT,
            "id": TEXT,
            "appeared": maybe(TIME),
            "gone": maybe(TIME),
            "numberMatched": COUNT,
            "numberReturned": COUNT,
            "changes": many(
                record(
                    {
                        "at": TIME,
                        "from": TIME,
                        "to": maybe(TIME),
                        "revision": TEXT,
                        "change": one_of(*Change),
                        "columns": table(record({"before": ANY, "after": ANY})),
                        "links": many(ref("Link")),
                    },
                    words="A change, and from when until when the feature was as this change left it: to is "
                    "no part of that, and null while it is so. Between gone and returned there is none.",
                )
            ),
            "schema_changes": many(
                record(
                    {
                        "at": TIME,
                        "revision": TEXT,
                        "column": TEXT,
                        "change": one_of("added", "removed", "remade"),
                        "before": maybe(TEXT),
                        "after": maybe(TEXT),
                        "features": COUNT,
                    },
                    words="What happened to a column of the whole layer while the feature was there.",
                )
            ),
            "attribution": TEXT,
            "notice": maybe(TEXT),
            "links": many(ref("Link"), 1),
            **STALE,
        },
        HOW_STALE,
    ),
    "Provenance": record(
        {
            "layer": TEXT,
            "id": TEXT,
            "since": maybe(TIME),
            "chain": many(
                record({"step": one_of("source", "fetched", "changed", "checked", "published")}), 5, 5
            ),
            "attribution": TEXT,
            "notice": maybe(TEXT),
            **STALE,
            "links": many(ref("Link"), 1),
            "prov": OBJECT,
        },
        {"observation": OBJECT, **HOW_STALE},
        words="The chain of a feature: where it comes from, and what happened to it on the way.",
    ),
    "JSONSchema": record(
        {"$schema": TEXT, "$id": TEXT, "type": one_of("object"), "title": TEXT, "properties": OBJECT},
        words="A JSON Schema (2020-12) of what features have, may be asked for or sorted by.",
    ),
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
_FEATURE_EXAMPLE: dict[str, Any] = {
    "type": "Feature",
    "id": "demo.buildings.DEBY_1",
    "geometry": AREA,
    "properties": {"id": "demo.buildings.DEBY_1", "height_m": 12.5},
}
_STALE_EXAMPLE: dict[str, Any] = {
    "stale": True,
    "state": "late",
    "as_of": "2026-03-01T12:00:00Z",
    "due_since": "2026-03-01T13:00:00Z",
}
_FRAME_EXAMPLE: dict[str, Any] = {
    "type": "FeatureCollection",
    "numberMatched": 1,
    "numberReturned": 1,
    "timeStamp": "2026-03-01T12:00:00Z",
    "attribution": "Demo",
    "notice": None,
    "links": [{**LINK, "href": "/ogc/collections/demo.buildings/items?limit=10"}],
    **_STALE_EXAMPLE,
}
_FG_EXAMPLE = {**_FEATURE_EXAMPLE, "time": {"date": "2026-03-01"}, "place": None}
EXAMPLES: dict[str, Any] = {
    "Landing": {
        "title": "Stadtzwilling",
        "description": "Digital twins of cities, from open data.",
        "links": [LINK],
        "cities": [],
    },
    "Conformance": {"conformsTo": ["http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core"]},
    "OpenAPI": {
        "openapi": "3.1.0",
        "info": {"title": "Stadtzwilling", "version": "0.1.0"},
        "paths": {},
        "components": {},
    },
    "Collection": _COLLECTION_EXAMPLE,
    "Collections": {"collections": [_COLLECTION_EXAMPLE], "links": [{**LINK, "href": "/ogc/collections"}]},
    "OneFeature": {**_FEATURE_EXAMPLE, **_STALE_EXAMPLE},
    "FeatureCollection": {**_FRAME_EXAMPLE, "features": [_FEATURE_EXAMPLE]},
    "OneFeatureFG": {**_FG_EXAMPLE, **_STALE_EXAMPLE},
    "FeatureCollectionFG": {
        **_FRAME_EXAMPLE,
        "conformsTo": ["http://www.opengis.net/spec/json-fg-1/1.0/conf/core"],
        "featureType": "building",
        "features": [_FG_EXAMPLE],
    },
    "History": {
        "layer": "demo.buildings",
        "id": "demo.buildings.DEBY_1",
        "appeared": "2026-02-19T12:00:00Z",
        "gone": None,
        "numberMatched": 2,
        "numberReturned": 2,
        "changes": [
            {
                "at": "2026-02-19T12:00:00Z",
                "from": "2026-02-19T12:00:00Z",
                "to": "2026-03-01T12:00:00Z",
                "revision": "000001",
                "change": "appeared",
                "columns": {},
                "links": [{**LINK, "rel": "item"}],
            },
            {
                "at": "2026-03-01T12:00:00Z",
                "from": "2026-03-01T12:00:00Z",
                "to": None,
                "revision": "000002",
                "change": "changed",
                "columns": {"height_m": {"before": 10.0, "after": 12.0}},
                "links": [{**LINK, "rel": "item"}],
            },
        ],
        "schema_changes": [],
        "attribution": "Demo",
        "notice": None,
        "stale": False,
        "links": [LINK],
    },
    "Provenance": {
        "layer": "demo.buildings",
        "id": "demo.buildings.DEBY_1",
        "since": "2026-02-19T12:00:00Z",
        "chain": [{"step": step} for step in ("source", "fetched", "changed", "checked", "published")],
        "attribution": "Demo",
        "notice": None,
        "stale": False,
        "links": [LINK],
        "prov": {},
    },
    "JSONSchema": {
        "$schema": schemas.DIALECT,
        "$id": "/ogc/collections/demo.buildings/queryables",
        "type": "object",
        "title": "Buildings",
        "properties": {"height_m": {"title": "Height", "type": "number"}},
    },
}
_FEATURES_HEADERS = ("ETag", "Cache-Control", "Vary", "Link", "Content-Crs", "Content-Disposition")


def document(
    words: str, schema: str, media: str = responses.JSON, *problems: int, stale: bool = False
) -> Told:
    """What is told of a document that is there as JSON and as a page."""
    return Told(words, {media: schema, "text/html": None}, (400, 406, *problems), stale=stale)


def of_layer(words: str, schema: str, media: str = responses.JSON) -> Told:
    """What is told of a document about a layer, or of what is in it."""
    return document(words, schema, media, 404, stale=True)


def features(words: str, geojson: str, jsonfg: str, *headers: str) -> Told:
    """What is told of features, in all formats that there are."""
    known = {responses.GEOJSON: geojson, responses.JSON: geojson, "application/vnd.ogc.fg+json": jsonfg}
    media = {name: known.get(name) for format_ in negotiation.ALL for name in (format_.accepted[0],)}
    return Told(words, media, (400, 404, 406), _FEATURES_HEADERS + headers, stale=True)


_ITEMS = "/ogc/collections/{layer}/items"
ANSWERS: dict[str, Told] = {
    "/ogc": document("The first document", "Landing"),
    "/ogc/conformance": document("What the service keeps to", "Conformance"),
    "/ogc/api": document("This document", "OpenAPI", "application/vnd.oai.openapi+json"),
    "/ogc/collections": document("All layers", "Collections", stale=True),
    "/ogc/collections/{layer}": of_layer("The layer", "Collection"),
    _ITEMS: features(
        "Features, in the format asked for",
        "FeatureCollection",
        "FeatureCollectionFG",
        "OGC-NumberMatched",
        "OGC-NumberReturned",
    ),
    f"{_ITEMS}/{{feature}}": features("The feature, in the format asked for", "OneFeature", "OneFeatureFG"),
    f"{_ITEMS}/{{feature}}/history": of_layer("What became of it", "History"),
    f"{_ITEMS}/{{feature}}/provenance": of_layer("Its chain", "Provenance"),
    **{
        f"/ogc/collections/{{layer}}/{name}": of_layer("The schema", "JSONSchema", schemas.MEDIA)
        for name in ("schema", "queryables", "sortables")
    },
}
"""Path → what is told of it."""
