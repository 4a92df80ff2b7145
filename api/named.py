"""Queryables by their own names, ``?roof_type=flat`` (OGC API Features 3, Queryables as Query Parameters)."""

import math
import re
from collections.abc import Collection
from typing import Any

from starlette.requests import Request

from api import schemas
from api.routing import refuse_unknown
from catalog.cql.tree import Call, Instant, Literal, Name, Node
from catalog.partitions import micros
from twin import times
from twin.errors import RequestError
from twin.schema import Column, Kind, Schema

ANY: dict[str, Any] = {
    "name": "queryables",
    "in": "query",
    "description": "Every queryable of the layer by its own name, such as `height_m=12.5`: only features "
    "with just this value. `/ogc/api` has them for each layer.",
    "required": False,
    "style": "form",
    "explode": True,
    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
}
"""All of them at once, for the address that all layers share."""

_LONGEST = 500
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


def given(request: Request, own: Collection[str], schema: Schema) -> dict[str, str]:
    """The queryables that a request names, as they came.

    Args:
        request: Whose parameters.
        own: Those of the address itself, which no column may be called.
        schema: Of the layer.

    Raises:
        RequestError: A parameter is neither, or is there twice.
    """
    refuse_unknown(request, [*own, *schema.names])
    return {name: value for name, value in request.query_params.items() if name not in own}


def conditions(more: dict[str, str], schema: Schema) -> list[Node]:
    """One condition each; `RequestError` if a value is not of the column's type."""
    return [Call("=", (Name(name), _value(schema.column(name), value))) for name, value in more.items()]


def parameters(schema: Schema) -> list[dict[str, Any]]:
    """OpenAPI parameters of a layer, with the schemas of its queryables."""
    told = schemas.sortables(schema)
    return [
        {
            "name": name,
            "in": "query",
            "description": f"Only features with just this value: {column['title']}.",
            "required": False,
            "schema": {key: value for key, value in column.items() if not key.startswith("x-")},
        }
        for name, column in told.items()
    ]


def _value(column: Column, value: str) -> Node:
    if len(value) > _LONGEST or "\0" in value:
        raise RequestError(
            f"{column.name} is longer than {_LONGEST} characters or no text; use filter= with LIKE"
        )
    match column.kind:
        case Kind.INTEGER:
            if not _WHOLE.fullmatch(value):
                raise RequestError(f"{column.name} is no whole number of at most 18 digits; write digits")
            return Literal(int(value))
        case Kind.NUMBER:
            found = float(value) if _NUMBER.fullmatch(value) else math.inf
            if not math.isfinite(found):
                raise RequestError(f"{column.name} is no number; write for example 12.5")
            return Literal(found)
        case Kind.BOOLEAN:
            if value not in ("true", "false"):
                raise RequestError(f"{column.name} is neither true nor false; write one of them")
            return Literal(value == "true")
        case Kind.TIME:
            instant = micros(times.parse(value))
            return Instant(instant, instant)
        case Kind.TEXTS:
            raise RequestError(
                f"{column.name} is a list; write for example filter=A_CONTAINS({column.name}, ('…'))"
            )
        case Kind.ENUM:
            choices = [choice.value for choice in column.choices]
            if value not in choices:
                raise RequestError(f"{column.name} has no such choice; there are: {', '.join(choices)}")
    return Literal(value)
