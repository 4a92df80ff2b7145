"""Words in which JSON Schemas are written, and what is told of an address's answers."""

from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TRUTH: Schema = {"type": "boolean"}
ANY: Schema = {}
OBJECT: Schema = {"type": "object"}
BYTES: Schema = {"type": "string", "format": "binary"}


def ref(name: str) -> Schema:
    """A schema of the same document, by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(needed: dict[str, Schema], more: dict[str, Schema] | None = None, words: str = "") -> Schema:
    """An object.

    Args:
        needed: Name → schema of what is always there.
        more: Name → schema of what may be there.
        words: What it is.
    """
    told: Schema = {"type": "object", "properties": {**needed, **(more or {})}}
    return told | ({"required": list(needed)} if needed else {}) | ({"description": words} if words else {})


def many(of: Schema, least: int = 0, most: int | None = None) -> Schema:
    """An array."""
    bounds: Schema = {"minItems": least} if least else {}
    return {"type": "array", "items": of, **bounds, **({} if most is None else {"maxItems": most})}


def table(of: Schema) -> Schema:
    """An object with any names and values of one kind."""
    return {"type": "object", "additionalProperties": of}


def one_of(*values: str) -> Schema:
    """A text out of a closed list."""
    return {"type": "string", "enum": list(values)}


def maybe(of: Schema) -> Schema:
    """The same or null."""
    return {"anyOf": [of, {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the answers at an address."""

    words: str
    """Of the answer with status 200."""
    media: dict[str, str | None]
    """Media type → name of its schema; None for what is no JSON."""
    problems: tuple[int, ...] = (400, 404)
    """Statuses of problems, beside those that any address may have."""
    headers: tuple[str, ...] = ("ETag", "Cache-Control", "Vary")
    """Of the answer with status 200; names of shared ones."""
    stale: bool = False
    """Whether an answer may be older than its source should allow: a header says so then."""
    empty: str = ""
    """What an answer with status 204 means; nothing: there is none."""
    kept: bool = True
    """Whether what the visitor has already may be told so (304)."""
    parts: bool = False
    """Whether parts of the file may be asked for (206, 416)."""
    broken: str = ""
    """Name of the schema of an answer with status 503 that is no problem."""
    example: Any = None
    """Of the first media type, where the schema's own does not fit."""
