"""The parameters of STAC searches, as the interface's description shows them."""

from typing import Annotated, Any

from fastapi import Query

Token = Annotated[str | None, Query(description="Where the page before ended; follow `rel=next`.")]
Sortby = Annotated[
    str | None, Query(description="Fields by which to sort, `-` before those that descend: `-datetime,id`.")
]
Fields = Annotated[
    str | None,
    Query(
        description="Only these parts, `-` before those to leave out of all: `title,geometry` or `-assets`."
    ),
]
Comparisons = Annotated[
    str | None, Query(description='Comparisons as JSON: `{"table:row_count": {"gte": 100}}`.')
]
Words = Annotated[str | None, Query(alias="q", description="Words, separated by commas; one must be there.")]
Names = Annotated[str | None, Query(description="Ids, separated by commas.")]
Shape = Annotated[str | None, Query(description="A GeoJSON geometry that the item meets; not with `bbox`.")]
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
                        "intersects": {"type": "object", "description": "A GeoJSON geometry"},
                        "datetime": {"type": "string"},
                        "ids": {"type": "array", "items": {"type": "string"}},
                        "collections": {"type": "array", "items": {"type": "string"}},
                        "limit": {"type": "integer", "minimum": 1},
                        "sortby": {"type": "array", "items": {"type": "object"}},
                        "fields": {"type": "object"},
                        "query": {"type": "object"},
                        "q": {"type": "array", "items": {"type": "string"}},
                        "filter": {"description": "CQL2 JSON, or CQL2 Text with `filter-lang`"},
                        "filter-lang": {"type": "string", "enum": ["cql2-json", "cql2-text"]},
                        "filter-crs": {"type": "string"},
                        "token": {"type": "string"},
                    },
                }
            }
        },
    }
}
"""Of POST, for the description; `api.stac.asked` reads it."""
