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
Words = Annotated[
    str | None,
    Query(
        alias="q",
        description="Words, separated by commas; one must be there. With `AND`, `OR`, `+`, `-`, quotes or "
        "brackets as the advanced free text: `(tree OR park) AND -bench`.",
    ),
]
Filter = Annotated[
    str | None,
    Query(
        description="CQL2 condition on the queryables: at most 4 kB, 10 brackets deep, 200 operators.",
        examples=["twin:theme = 'traffic' AND table:row_count > 10"],
    ),
]
Names = Annotated[str | None, Query(description="Ids, separated by commas.")]
Shape = Annotated[str | None, Query(description="A GeoJSON geometry that the item meets; not with `bbox`.")]


def _maybe(told: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [told, {"type": "null"}]}


_NAMES = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
_ONE_OR_MORE = {"anyOf": [_NAMES, {"type": "string", "minLength": 1}, {"type": "null"}]}
_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
_SORTBY = {
    "type": "array",
    "minItems": 1,
    "maxItems": 10,
    "items": {
        "type": "object",
        "required": ["field"],
        "properties": {
            "field": {"type": "string"},
            "direction": {"type": "string", "enum": ["asc", "desc"]},
        },
        "additionalProperties": False,
    },
}
_PARTS = {"anyOf": [{"type": "array", "items": {"type": "string", "minLength": 1}}, {"type": "null"}]}
_FIELDS = {
    "type": "object",
    "properties": {"include": _PARTS, "exclude": _PARTS},
    "additionalProperties": False,
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "bbox": _maybe(_NUMBERS),
                        "intersects": _maybe({"type": "object", "description": "A GeoJSON geometry"}),
                        "datetime": _maybe({"type": "string"}),
                        "ids": _ONE_OR_MORE,
                        "collections": _ONE_OR_MORE,
                        "limit": _maybe({"type": "integer", "minimum": 1}),
                        "sortby": _maybe(_SORTBY),
                        "fields": _FIELDS,
                        "query": _maybe({"type": "object"}),
                        "q": _ONE_OR_MORE,
                        "filter": {"description": "CQL2 JSON, or CQL2 Text with `filter-lang`"},
                        "filter-lang": _maybe({"type": "string", "enum": ["cql2-json", "cql2-text"]}),
                        "filter-crs": _maybe({"type": "string"}),
                        "token": _maybe({"type": "string"}),
                    },
                },
                "example": {"collections": ["demo.buildings"], "limit": 1},
            }
        },
    }
}
"""Of POST, for the description; `api.stac.asked` reads it."""
