"""What JSON-FG 1.0 wants of root objects, as a JSON Schema: features and collections of them, no extension
but solids. Written from OGC 21-045r1, clauses 7 to 9 and 13."""

from typing import Any

_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
_DATE = r"\d{4}-\d\d-\d\d"
_URI = {"type": "string", "pattern": r"^https?://\S+$"}


def _list(of: dict[str, Any], least: int = 0, most: int | None = None) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least, **({} if most is None else {"maxItems": most})}


_POSITION = _list({"type": "number"}, 2, 3)
_LINE, _RING = _list(_POSITION, 2), _list(_POSITION, 4)
_SHELL = _list(_list(_list(_list({"type": "number"}, 3, 3), 4), 1), 1)
_DEPTHS = {
    "Point": _POSITION,
    "MultiPoint": _list(_POSITION),
    "LineString": _LINE,
    "MultiLineString": _list(_LINE),
    "Polygon": _list(_RING, 1),
    "MultiPolygon": _list(_list(_RING, 1)),
}
_SOLIDS = {"Polyhedron": _list(_SHELL, 1), "MultiPolyhedron": _list(_list(_SHELL, 1))}


def _shape(depths: dict[str, Any]) -> dict[str, Any]:
    """A geometry of one of the types, or null; a CRS belongs to the root object alone."""
    return {
        "anyOf": [
            {"type": "null"},
            *(
                {
                    "type": "object",
                    "required": ["type", "coordinates"],
                    "properties": {
                        "type": {"const": name},
                        "coordinates": coordinates,
                        "coordRefSys": False,
                        "conformsTo": False,
                    },
                }
                for name, coordinates in depths.items()
            ),
        ]
    }


def _interval(of: str) -> dict[str, Any]:
    return _list({"type": "string", "pattern": rf"^({of}|\.\.)$"}, 2, 2)


_FEATURE = {
    "type": "object",
    "required": ["type", "time", "place", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "id": {"type": ["string", "number"]},
        "time": {
            "type": ["object", "null"],
            "properties": {
                "date": {"type": "string", "pattern": f"^{_DATE}$"},
                "timestamp": {"type": "string", "pattern": f"^{_INSTANT}$"},
                "interval": {"anyOf": [_interval(_DATE), _interval(_INSTANT)]},
            },
        },
        "place": _shape(_DEPTHS | _SOLIDS),
        "geometry": _shape(_DEPTHS),
        "properties": {"type": ["object", "null"]},
    },
}
_HEAD = {
    "conformsTo": {"type": "array", "items": _URI, "contains": {"pattern": "json-fg-1/1.0/conf/core$"}},
    "coordRefSys": _URI,
    "featureType": {"type": "string"},
    "featureSchema": _URI,
}
ROOT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["type", "conformsTo"],
    "properties": _HEAD,
    "oneOf": [
        _FEATURE,
        {
            "required": ["features"],
            "properties": {
                "type": {"const": "FeatureCollection"},
                "features": _list(
                    {
                        **_FEATURE,
                        "properties": _FEATURE["properties"]
                        | dict.fromkeys(("conformsTo", "coordRefSys"), False),
                    }
                ),
            },
        },
    ],
}
