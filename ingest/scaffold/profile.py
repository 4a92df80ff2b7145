"""Profile: what the fields of a source hold, as far as some hundred records tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.fields.texts import clean
from ingest.scaffold.people import BY_COMPANY, about_people, beside_people, personal
from twin.record import Record

_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}")
_YES_OR_NO = frozenset({"ja", "nein", "j", "n", "x", "yes", "no", "y", "true", "false", "wahr", "falsch"})
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a source."""

    name: str
    kind: str
    """``number``, ``integer``, ``day``, ``instant``, ``yes or no``, ``text``, ``nested`` or ``empty``."""
    filled: int
    """Records with a value."""
    unique: bool
    """Whether all values differ and none is missing."""
    personal: str | None
    """Why it must not be published, in words; None if nothing speaks for that."""
    comma: bool = False
    """Numbers with a decimal comma."""


def profiled(records: Sequence[Record]) -> list[Field]:
    """Describe every field of some records, in the order in which they come.

    In a file about people, names and addresses are personal, too.
    """
    names = list(dict.fromkeys(name for record in records for name in record.values))
    fields = [_field(name, [record.values.get(name) for record in records]) for name in names]
    if not about_people(field.personal for field in fields):
        return fields
    return [
        replace(field, personal=BY_COMPANY) if field.personal is None and beside_people(field.name) else field
        for field in fields
    ]


def _field(name: str, values: list[Any]) -> Field:
    there = [value for value in values if value not in (None, "")]
    if any(isinstance(value, dict | list) for value in there):
        return Field(name, "nested", len(there), False, personal(name, []))
    words = [text for value in there if (text := clean(value))]
    kind, comma = _kind(words)
    unique = bool(words) and len(set(words)) == len(values)
    return Field(name, kind, len(there), unique, personal(name, words if kind == "text" else []), comma)


def _kind(words: list[str]) -> tuple[str, bool]:
    if not words:
        return "empty", False
    if all(_DAY.fullmatch(word) for word in words):
        return "day", False
    if all(_INSTANT.fullmatch(word) for word in words):
        return "instant", False
    if all(re.fullmatch(r"[-+]?\d{1,15}", word) for word in words):
        return "integer", False
    if all(re.fullmatch(r"[-+]?\d{1,15}(\.\d+)?([eE][-+]?\d+)?", word) for word in words):
        return "number", False
    if all(re.fullmatch(r"[-+]?\d{1,3}(\.?\d{3})*(,\d+)?", word) for word in words):
        return "number", True
    if {word.casefold() for word in words} <= _YES_OR_NO:
        return "yes or no", False
    return "text", False
