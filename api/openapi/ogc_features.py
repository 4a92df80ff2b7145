"""What ``/ogc`` tells of features, as GeoJSON and as JSON-FG."""

from typing import Any

from api.openapi.shared import AREA, HOW_STALE, LINK, STALE
from api.openapi.write import COUNT, OBJECT, TEXT, Schema, many, maybe, one_of, record, ref

_FRAME: dict[str, Schema] = {
    "type": one_of("FeatureCollection"),
    "numberMatched": COUNT,
    "numberReturned": COUNT,
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
SCHEMAS: dict[str, Schema] = {
    "Feature": record(_FEATURE, {"links": many(ref("Link"))}),
    "OneFeature": {"allOf": [ref("Feature"), record(STALE, HOW_STALE)]},
    "FeatureCollection": record({**_FRAME, "features": many(ref("Feature"))}, HOW_STALE),
    "FeatureFG": record({**_FEATURE, **_FG}, {"links": many(ref("Link")), "conformsTo": many(TEXT)}),
    "OneFeatureFG": {"allOf": [ref("FeatureFG"), record(STALE, HOW_STALE)]},
    "FeatureCollectionFG": record(
        {**_FRAME, "conformsTo": many(TEXT, 1), "features": many(ref("FeatureFG"))},
        {"featureType": TEXT, "coordRefSys": TEXT, **HOW_STALE},
    ),
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
    "attribution": "Demo",
    "notice": None,
    "links": [{**LINK, "href": "/ogc/collections/demo.buildings/items?limit=10"}],
    **_STALE_EXAMPLE,
}
_FG_EXAMPLE = {**_FEATURE_EXAMPLE, "time": {"date": "2026-03-01"}, "place": None}
EXAMPLES: dict[str, Any] = {
    "OneFeature": {**_FEATURE_EXAMPLE, **_STALE_EXAMPLE},
    "FeatureCollection": {**_FRAME_EXAMPLE, "features": [_FEATURE_EXAMPLE]},
    "OneFeatureFG": {**_FG_EXAMPLE, **_STALE_EXAMPLE},
    "FeatureCollectionFG": {
        **_FRAME_EXAMPLE,
        "conformsTo": ["http://www.opengis.net/spec/json-fg-1/1.0/conf/core"],
        "featureType": "building",
        "features": [_FG_EXAMPLE],
    },
}
