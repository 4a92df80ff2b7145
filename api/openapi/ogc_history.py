"""What ``/ogc`` tells of a feature's history and of its chain."""

from typing import Any

from api.openapi.shared import HOW_STALE, LINK, STALE
from api.openapi.write import ANY, COUNT, OBJECT, TEXT, TIME, Schema, many, maybe, one_of, record, ref, table
from catalog.changes import Change

SCHEMAS: dict[str, Schema] = {
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
                        "columns": table(
                            record(
                                {"before": ANY, "after": ANY},
                                {"added": many(TEXT), "removed": many(TEXT)},
                                words="Of a list also what came to it and what went.",
                            )
                        ),
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
}
EXAMPLES: dict[str, Any] = {
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
}
