"""Answers of ``/ogc``: Common, Features with their formats, Schemas."""

from typing import Any

from api import negotiation, responses, schemas
from api.openapi import ogc_features, ogc_history, ogc_layers, ogc_names
from api.openapi.write import OBJECT, TEXT, Schema, Told, one_of, record

_SCHEMAS: dict[str, Schema] = {
    "JSONSchema": record(
        {"$schema": TEXT, "$id": TEXT, "type": one_of("object"), "title": TEXT, "properties": OBJECT},
        words="A JSON Schema (2020-12) of what features have, may be asked for or sorted by.",
    ),
}
_EXAMPLES: dict[str, Any] = {
    "JSONSchema": {
        "$schema": schemas.DIALECT,
        "$id": "/ogc/collections/demo.buildings/queryables",
        "type": "object",
        "title": "Buildings",
        "properties": {"height_m": {"title": "Height", "type": "number"}},
    },
}
SCHEMAS = ogc_layers.SCHEMAS | ogc_features.SCHEMAS | ogc_history.SCHEMAS | ogc_names.SCHEMAS | _SCHEMAS
EXAMPLES = ogc_layers.EXAMPLES | ogc_features.EXAMPLES | ogc_history.EXAMPLES | ogc_names.EXAMPLES | _EXAMPLES
_FG = negotiation.JSONFG.also[0]
"""The media type of JSON-FG's drafts; by the standard it has that of GeoJSON, which it is, too."""
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
    known = {responses.GEOJSON: geojson, _FG: jsonfg}
    media = {name: known.get(name) for name in (*[one.accepted[0] for one in negotiation.ALL], _FG)}
    return Told(words, media, (400, 404, 406), _FEATURES_HEADERS + headers, stale=True)


_ITEMS = "/ogc/collections/{layer}/items"
ANSWERS: dict[str, Told] = ogc_names.ANSWERS | {
    "/ogc": document("The first document", "Landing"),
    "/ogc/functions": document("The functions", "Functions"),
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
