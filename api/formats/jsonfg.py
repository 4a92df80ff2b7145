"""JSON-FG 1.0 Core (OGC 21-045r1): GeoJSON that also tells time, type and reference system."""

from typing import Any

import orjson

from api.formats.page import CRS84, Page

MEDIA = "application/vnd.ogc.fg+json"
CORE = "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"
_OPEN = ".."


def write(page: Page) -> bytes:
    """The page as JSON-FG.

    In WGS 84 the place stands in ``geometry``; in any other CRS in ``place``, with ``geometry`` null, because
    GeoJSON readers would take it for degrees. ``time`` is when the feature is valid.
    """
    head: dict[str, Any] = {"conformsTo": [CORE], "featureType": page.layer.schema_id.partition("/")[0]}
    if page.crs != CRS84:
        head["coordRefSys"] = page.crs
    features = [_feature(page, orjson.loads(feature)) for feature in page.features]
    if page.single:
        return orjson.dumps({**features[0], **head, **page.frame})
    return orjson.dumps({**page.frame, **head, "features": features})


def _feature(page: Page, feature: dict[str, Any]) -> dict[str, Any]:
    place = None
    if page.crs != CRS84:
        place, feature["geometry"] = feature.get("geometry"), None
    return {**feature, "time": _time(feature["properties"]), "place": place}


def _time(properties: dict[str, Any]) -> dict[str, Any] | None:
    start, end = properties.get("valid_from"), properties.get("valid_to")
    return None if start is None and end is None else {"interval": [start or _OPEN, end or _OPEN]}
