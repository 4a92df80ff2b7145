"""Fields by which items and collections are sorted and asked for: closed lists, each field with its type."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from twin.base import Text
from twin.errors import RequestError
from twin.schema import Column, Kind, Schema

Value = str | float | datetime | tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One field: its type and its names."""

    kind: type[str] | type[float] | type[datetime] | type[tuple[str, ...]]
    de: str
    """What it is called in German."""
    en: str
    """And in English."""

    @property
    def many(self) -> bool:
        """Whether a value is a list of texts."""
        return self.kind is tuple


_KINDS = {str: Kind.TEXT, float: Kind.NUMBER, datetime: Kind.TIME, tuple: Kind.TEXTS}
Known = TypeVar("Known", bound=Field)


def schema(schema_id: str, title: Text, fields: Mapping[str, Field]) -> Schema:
    """Fields as a schema, for filters and for what is told of them; ``geometry`` stands beside them."""
    named = [
        Column(name=name, title=Text(de=field.de, en=field.en), kind=_KINDS[field.kind])
        for name, field in fields.items()
    ]
    return Schema(id=schema_id, title=title, geometry="area", columns=tuple(named))


def field(name: Any, fields: Mapping[str, Known]) -> Known:
    """The field called so, with or without ``properties.``; `RequestError` names the nearest one."""
    if not isinstance(name, str):
        raise RequestError('a field is named by a text, such as "properties.datetime"')
    bare = name.removeprefix("properties.")
    if bare not in fields:
        near = difflib.get_close_matches(bare[:200], fields, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"these can be asked: {', '.join(fields)}"
        raise RequestError(f"unknown field {name[:80]!r}; {hint}")
    return fields[bare]
