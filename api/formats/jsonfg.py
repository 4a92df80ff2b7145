"""JSON-FG 1.0 (OGC 21-045r1): GeoJSON that also tells time, type, schema, CRS and solids."""

from typing import Any

import orjson

from api.formats.page import CRS84, CRS84H, Page
from catalog import deadline

BEFORE = ("application/vnd.ogc.fg+json", "application/fg+json")
"""Media types of its drafts. The standard has that of GeoJSON, of which it is a profile (`api.profiles`)."""
_SPEC = "http://www.opengis.net/spec/json-fg-1/1.0/conf/"
CORE, POLYHEDRA, TYPES = f"{_SPEC}core", f"{_SPEC}polyhedra", f"{_SPEC}types-schemas"
CONFORMANCE = (CORE, POLYHEDRA, TYPES, f"{_SPEC}profiles", f"{_SPEC}api")
"""What the service keeps to; a document names those of the first three that it needs."""
_OPEN = ".."


def write(page: Page) -> bytes:
    """The page as JSON-FG.

    In WGS 84 the place stands in ``geometry``; in any other CRS in ``place``, with ``geometry`` null, because
    GeoJSON readers would take it for degrees. In CRS84h a closed form in 3D stands in ``place``, else the
    outline in ``geometry``. ``time`` is when the feature is valid.
    """
    head: dict[str, Any] = {
        "conformsTo": [CORE, POLYHEDRA, TYPES] if page.crs == CRS84H else [CORE, TYPES],
        "featureType": page.layer.schema_id.partition("/")[0],
        "featureSchema": page.schema,
    }
    if page.crs != CRS84:
        head["coordRefSys"] = page.crs
    features = [_feature(page, orjson.loads(feature)) for feature in deadline.some(page.features)]
    if page.single:
        return orjson.dumps({**features[0], **head, **page.frame})
    return orjson.dumps({**page.frame, **head, "features": features})


def _feature(page: Page, feature: dict[str, Any]) -> dict[str, Any]:
    place = None
    if page.crs == CRS84H:
        form = page.forms.get(feature["id"])
        place = None if form is None else form.geometry()
        if place is not None:
            feature["geometry"] = None
    elif page.crs != CRS84:
        place, feature["geometry"] = feature.get("geometry"), None
    return {**feature, "time": _time(feature["properties"]), "place": place}


def _time(properties: dict[str, Any]) -> dict[str, Any] | None:
    start, end = properties.get("valid_from"), properties.get("valid_to")
    return None if start is None and end is None else {"interval": [start or _OPEN, end or _OPEN]}
