"""JSON documents of the store: written the same way every time, and damage named when read."""

from typing import Any, TypeVar

import orjson

from twin.base import Noun
from twin.errors import Damaged
from twin.store import Store

N = TypeVar("N", bound=Noun)


def encode(document: Noun | dict[str, Any]) -> bytes:
    """Write a document as indented UTF-8 JSON with a final newline; equal documents give equal bytes."""
    plain = document.model_dump(mode="json", by_alias=True) if isinstance(document, Noun) else document
    return orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def compact(document: dict[str, Any]) -> bytes:
    """Write a document without a blank: for what visitors wait for."""
    return orjson.dumps(document)


def decode(kind: type[N], data: bytes, key: str) -> N:
    """Read a document; `Damaged` naming `key` if it is not a whole one of this kind."""
    try:
        return kind.model_validate_json(data)
    except ValueError as error:
        # pydantic's message would carry the document's values
        raise Damaged(f"{key} is not a readable {kind.__name__.lower()}; restore it from a backup") from error


def read(kind: type[N], store: Store, key: str) -> N:
    """Read a document from the store; `NotFound` or `Damaged`."""
    return decode(kind, store.get(key), key)
