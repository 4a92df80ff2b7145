"""What several doors have in common: links, geometries, freshness, provenance, headers, problems."""

from typing import Any

from api import stale
from api.openapi.write import (
    ANY,
    COUNT,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    TRUTH,
    WHOLE,
    Schema,
    many,
    maybe,
    one_of,
    record,
    ref,
    table,
)
from api.responses import PROBLEM
from twin.status import State

_KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
STALE_WORDS = "Whether the source was not asked since the next answer was due; then the rest is told, too."
STALE: dict[str, Schema] = {"stale": {**TRUTH, "description": STALE_WORDS}}
"""Members of what may be stale that are always there."""
HOW_STALE: dict[str, Schema] = {
    "state": one_of(*State),
    "as_of": {**maybe(TIME), "description": "Last time that the source answered as it should."},
    "due_since": {**maybe(TIME), "description": "Since when its next answer is due."},
}
"""Members that are there where something is stale."""
FRESHNESS: dict[str, Schema] = {
    **STALE,
    **HOW_STALE,
    "state_title": ref("Words"),
    "state_words": ref("Words"),
    "reason": {**maybe(TEXT), "description": "What the program said of the last failure, for operators."},
    "reason_words": {**maybe(ref("Words")), "description": "Why it failed, for visitors."},
    "last_attempt": maybe(TIME),
    "last_success": maybe(TIME),
    "last_change": maybe(TIME),
    "last_value_at": maybe(TIME),
    "next_due": maybe(TIME),
    "failures": maybe(COUNT),
    "requests": maybe(COUNT),
    "received": maybe(COUNT),
    "interval_s": WHOLE,
}
_ORIGIN = record({"url": TEXT, "size": COUNT, "fetched_at": TIME}, {"sha256": TEXT, "blake3": TEXT})
SCHEMAS: dict[str, Schema] = {
    "Problem": record(
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": TEXT,
            "instance": TEXT,
        },
        words="RFC 9457; `detail` says what to do next.",
    ),
    "Link": record(
        {"rel": TEXT, "href": TEXT},
        {
            "type": TEXT,
            "title": TEXT,
            "hreflang": TEXT,
            "profile": many(TEXT),
            "templated": TRUTH,
            "method": one_of("GET", "POST"),
            "body": OBJECT,
        },
    ),
    "Words": record(
        {"de": TEXT, "en": TEXT},
        {"ls": TEXT},
        words="The same in German and English, and where it is written in Leichte Sprache.",
    ),
    "Geometry": {
        "description": "GeoJSON (RFC 7946), OGC:CRS84 unless another CRS was asked for.",
        "oneOf": [
            record({"type": one_of(*_KINDS), "coordinates": many(ANY)}),
            record({"type": one_of("GeometryCollection"), "geometries": many(ref("Geometry"))}),
        ],
    },
    "Box": {**many(NUMBER, 4, 6), "description": "west, south, east, north in degrees"},
    "Counts": {**table(COUNT), "description": "in = published + held + broken + duplicate"},
    "Origin": _ORIGIN,
    "Freshness": record(
        FRESHNESS,
        words="How the source is doing: a fact of its own, never a silent old value. With `datetime` how it "
        "was doing then: attempts before the last one are not kept, and what is not known is null.",
    ),
    "RevisionProvenance": record(
        {
            "layer": TEXT,
            "title": ref("Words"),
            "theme": TEXT,
            "schema": TEXT,
            "publisher": TEXT,
            "licence": TEXT,
            "licence_url": maybe(TEXT),
            "attribution": TEXT,
            "origins": many(ref("Origin")),
            "fetched_at": TIME,
            "observed_at": TIME,
            "recipe_sha256": TEXT,
            "software": TEXT,
            "counts": ref("Counts"),
        },
        words="Who published a revision, from which bytes, and what was changed, held back or broken.",
    ),
}
WORDS = {"de": "Gebäude", "en": "Buildings"}
LINK = {"rel": "self", "href": "/ogc", "type": "application/json"}
AREA = {"type": "Polygon", "coordinates": [[[11.5, 48.1], [11.6, 48.1], [11.6, 48.2], [11.5, 48.1]]]}
FRESH: dict[str, Any] = {
    "stale": False,
    "as_of": None,
    "due_since": None,
    "state": "fresh",
    "state_title": {"de": "frisch", "en": "fresh"},
    "state_words": {"de": "Zuletzt geprüft vor 4 Minuten.", "en": "Checked 4 minutes ago."},
    "reason": None,
    "reason_words": None,
    "last_attempt": "2026-03-01T12:00:00Z",
    "last_success": "2026-03-01T12:00:00Z",
    "last_change": "2026-02-27T09:00:00Z",
    "last_value_at": None,
    "next_due": "2026-03-01T13:00:00Z",
    "failures": 0,
    "requests": 3,
    "received": 20480,
    "interval_s": 3600,
}
EXAMPLES: dict[str, Any] = {
    "RevisionProvenance": {
        "layer": "demo.buildings",
        "title": WORDS,
        "theme": "model",
        "schema": "building/1",
        "publisher": "Demo",
        "licence": "CC0-1.0",
        "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
        "attribution": "Demo",
        "origins": [
            {
                "url": "https://data.example/buildings.gml",
                "sha256": "0" * 64,
                "size": 1024,
                "fetched_at": "2026-03-01T12:00:00Z",
            }
        ],
        "fetched_at": "2026-03-01T12:00:00Z",
        "observed_at": "2026-03-01T12:00:00Z",
        "recipe_sha256": "1" * 64,
        "software": "stadtzwilling 0.1.0",
        "counts": {"in": 32, "published": 30, "held": 1, "broken": 1, "duplicate": 0},
    },
}
HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"description": "Names these bytes.", "required": True, "schema": TEXT},
    "Cache-Control": {"description": "How long they may be kept.", "required": True, "schema": TEXT},
    "Vary": {"description": "Which headers decide what comes.", "schema": TEXT},
    "Link": {"description": "In formats without room for links: self, next, prev.", "schema": TEXT},
    "Content-Crs": {"description": "CRS of the geometries, in angle brackets.", "schema": TEXT},
    "OGC-NumberMatched": {"description": "In formats without room for it.", "schema": COUNT},
    "OGC-NumberReturned": {"description": "In formats without room for it.", "schema": COUNT},
    "Content-Disposition": {"description": "A name for the file.", "schema": TEXT},
    "Retry-After": {"description": "Seconds until you may ask again.", "required": True, "schema": COUNT},
    "RateLimit": {"description": "What is left for this client.", "schema": TEXT},
    "Content-Range": {"description": "Which bytes of how many.", "required": True, "schema": TEXT},
    stale.HEADER: {
        "description": "If the answer is stale (RFC 9651): `?1` with `state`, `as-of` and `due-since`, or "
        "with those of several `layers` that are.",
        "schema": {"type": "string", "pattern": r'^\?1(;[a-z-]+="[^"]*")+$'},
    },
    "Allow": {"description": "The methods that there are.", "required": True, "schema": TEXT},
}
"""Of answers, by name."""
_PROBLEMS: dict[int, tuple[str, str, str, str]] = {
    400: (
        "The request cannot be answered as asked; the detail names parameter and remedy.",
        "request",
        "The request cannot be answered as asked",
        "unknown query parameter 'bbx'; did you mean 'bbox'?",
    ),
    404: (
        "There is nothing at this address, or there was nothing yet at that time.",
        "not-found",
        "There is no such thing here",
        "there is no layer 'demo.building'; did you mean demo.buildings?",
    ),
    405: (
        "The service is read-only.",
        "http-405",
        "Method Not Allowed",
        "This service is read-only: ask with GET or HEAD.",
    ),
    406: (
        "Nothing that Accept names can be had here.",
        "not-acceptable",
        "The answer is not there in a format you accept",
        "nothing that Accept names can be had here; there is application/json (f=json), text/html (f=html)",
    ),
    408: (
        "The body did not come in time.",
        "body",
        "The body is not taken",
        "The body did not come within 30 seconds; send it faster, or a smaller one.",
    ),
    413: (
        "The body is too large.",
        "body",
        "The body is not taken",
        "The body is larger than 1048576 bytes; send a smaller one, in several requests.",
    ),
    416: (
        "Nothing of the range that is asked for is there.",
        "range",
        "Nothing of this range is there",
        "The file has 1024 bytes; ask for some of these with Range: bytes=first-last.",
    ),
    429: (
        "This client has asked too often, where the operator set a limit.",
        "rate",
        "Too many requests",
        "You may ask again in 3 s; see the headers RateLimit and Retry-After.",
    ),
    500: (
        "What was published is damaged, which is said rather than hidden; or a fault of ours.",
        "damaged",
        "The store is damaged",
        "layers/demo.buildings/snapshots/a1/tileset.json is missing; publish the layer again",
    ),
    503: (
        "The store cannot be read at the moment.",
        "store",
        "The store cannot be read",
        "the store does not answer; try again later",
    ),
}
ALWAYS = (405, 429, 500, 503)
"""Statuses of problems that any address may have."""


def problems() -> dict[str, Any]:
    """Name → each problem as an answer, for the document's shared part."""
    found = {}
    for status, (words, code, title, detail) in _PROBLEMS.items():
        example = {
            "type": f"/docs#problem-{code}",
            "title": title,
            "status": status,
            "detail": detail,
            "instance": "/ogc/collections",
        }
        answer: dict[str, Any] = {
            "description": words,
            "content": {PROBLEM: {"schema": ref("Problem"), "example": example}},
        }
        shown = {405: ("Allow",), 416: ("Content-Range",), 429: ("Retry-After", "RateLimit")}.get(status, ())
        if shown:
            answer["headers"] = {name: header(name) for name in shown}
        found[f"Problem{status}"] = answer
    return found


def header(name: str) -> dict[str, str]:
    """A header of the document's shared part."""
    return {"$ref": f"#/components/headers/{name}"}
