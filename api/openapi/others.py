"""Answers of SensorThings, of the stream of events, for operators, and of pages."""

from typing import Any

from api import metrics, responses
from api.live.stream import MEDIA as EVENTS
from api.openapi.shared import FRESH, FRESHNESS, HOW_STALE, STALE
from api.openapi.write import (
    ANY,
    COUNT,
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
from api.sta.addresses import ROOT

_DATE: Schema = {"type": "string", "format": "date"}
SCHEMAS: dict[str, Schema] = {
    "SensorThings": record(
        {
            "value": many(record({"name": TEXT, "url": TEXT}), 1),
            "serverSettings": record({"conformance": many(TEXT, 1)}),
        }
    ),
    "Entities": record(
        {"value": many(OBJECT)},
        {"@iot.count": COUNT, "@iot.nextLink": TEXT},
        "A page of a set; Observations also as tables (`resultFormat=dataArray`).",
    ),
    "EntitiesAsFeatures": record(
        {"type": one_of("FeatureCollection"), "features": many(OBJECT)},
        {"@iot.count": COUNT, "@iot.nextLink": TEXT},
        "Entities as GeoJSON (`resultFormat=GeoJSON`): what they have by path, and the first place.",
    ),
    "Entity": {
        **OBJECT,
        "description": "An entity, or one of its properties under its name.",
        "properties": {
            "@iot.id": TEXT,
            "@iot.selfLink": TEXT,
            "properties": record(
                {}, {**STALE, **HOW_STALE}, "With what it comes from, and whether that is stale."
            ),
        },
    },
    "Resource": {
        "description": "A page of a set (`value`), an entity, a property, or the value of one (`$value`).",
        "anyOf": [ref("Entities"), ref("Entity"), many(ANY), {"type": "number"}, {"type": "boolean"}],
    },
    "Health": record(
        {"status": one_of("ok", "empty", "damaged"), "damages": many(TEXT), "generated_at": TIME}
    ),
    "FreshnessOfLayers": record(
        {
            "generated_at": TIME,
            "layers": many(record({"layer": TEXT, **FRESHNESS, "revision": maybe(WHOLE)})),
        }
    ),
    "Dates": record(
        {
            "layers": many(
                record({"layer": TEXT, "revisions": many(TIME), "left_out": COUNT, "days": many(_DATE)})
            )
        }
    ),
    "Privacy": record(
        {
            "generated_at": TIME,
            "layers": many(
                record(
                    {
                        "layer": TEXT,
                        "counts": ref("Counts"),
                        "held": table(COUNT),
                        "decisions": many(OBJECT),
                    }
                )
            ),
        }
    ),
    "ConformanceReport": record(
        {
            "checked_at": maybe(TIME),
            "counts": table(COUNT),
            "classes": many(
                record(
                    {"door": TEXT, "class": TEXT, "result": one_of("kept", "missed", "untested")},
                    {"reason": TEXT},
                )
            ),
        }
    ),
}
EXAMPLES: dict[str, Any] = {
    "SensorThings": {
        "value": [{"name": "Things", "url": f"{ROOT}/Things"}],
        "serverSettings": {"conformance": ["http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel"]},
    },
    "Resource": {
        "@iot.count": 1,
        "value": [
            {
                "@iot.id": "demo.bike-counts:demo.bike-counts.arnulf",
                "@iot.selfLink": f"{ROOT}/Things('demo.bike-counts:demo.bike-counts.arnulf')",
                "name": "Arnulf",
            }
        ],
    },
    "EntitiesAsFeatures": {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "demo.bike-counts:demo.bike-counts.arnulf", "name": "Arnulf"},
                "geometry": {"type": "Point", "coordinates": [11.54, 48.14]},
            }
        ],
    },
    "Health": {"status": "ok", "damages": [], "generated_at": "2026-03-01T12:00:00Z"},
    "FreshnessOfLayers": {
        "generated_at": "2026-03-01T12:00:00Z",
        "layers": [{"layer": "demo.buildings", **FRESH, "revision": 2}],
    },
    "Dates": {
        "layers": [
            {
                "layer": "demo.bike-counts",
                "revisions": ["2026-03-01T12:00:00Z"],
                "left_out": 0,
                "days": ["2026-02-28", "2026-03-01"],
            }
        ]
    },
    "Privacy": {
        "generated_at": "2026-03-01T12:00:00Z",
        "layers": [
            {
                "layer": "demo.buildings",
                "counts": {"in": 2, "published": 1, "held": 1, "broken": 0, "duplicate": 0},
                "held": {"a phone number": 1},
                "decisions": [],
            }
        ],
    },
    "ConformanceReport": {
        "checked_at": "2026-03-01T12:00:00Z",
        "counts": {"kept": 1, "missed": 0, "untested": 0},
        "classes": [
            {
                "door": "/ogc",
                "class": "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
                "result": "kept",
            }
        ],
    },
}
_EVENT = (
    "id: 17\nevent: revision\n"
    'data: {"specversion":"1.0","type":"revision","subject":"demo.buildings","id":"17"}\n\n'
)
_JSON = responses.JSON
_NOT_KEPT = ("Cache-Control",)
ANSWERS: dict[str, Told] = {
    ROOT: Told("The sets", {_JSON: "SensorThings"}, (400,)),
    f"{ROOT}/{{resource}}": Told(
        "What the path leads to",
        {_JSON: "Resource", "text/plain": None, "text/csv": None, responses.GEOJSON: "EntitiesAsFeatures"},
        empty="A property that has no value",
        stale=True,
    ),
    "/live": Told(
        "Events as they come; does not end",
        {EVENTS: None},
        headers=_NOT_KEPT,
        kept=False,
        example=_EVENT,
    ),
    "/ops/health": Told(
        "Everything published is whole", {_JSON: "Health"}, (400,), kept=True, broken="Health"
    ),
    "/ops/freshness": Told("How each source is doing", {_JSON: "FreshnessOfLayers"}, (400,)),
    "/ops/dates": Told("Since when each revision held, and days with values", {_JSON: "Dates"}),
    "/ops/privacy": Told("What was held back and why", {_JSON: "Privacy"}, (400,)),
    "/ops/conformance": Told("The last check", {_JSON: "ConformanceReport"}),
    "/ops/metrics": Told(
        "The metrics",
        {metrics.MEDIA.partition(";")[0]: None},
        (400,),
        example='twin_requests_total{door="ogc",status="200"} 2\n',
    ),
    "/accessibility": Told("The statement", {"text/html": None}, (400, 404)),
    "/docs": Told("Every address, for people", {"text/html": None}, (400,)),
    "/openapi.json": Told("This document", {_JSON: "OpenAPI"}, (400,)),
}
"""Path → what is told of it."""
