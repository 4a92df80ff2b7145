"""What items are sorted and asked by: a closed list of typed fields, known without making the items."""

import difflib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from twin import times
from twin.errors import RequestError
from twin.provenance import Provenance
from twin.revision import Revision

Value = str | float | datetime
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
OPERATORS = ("eq", "neq", "lt", "lte", "gt", "gte", "startsWith", "endsWith", "contains", "in")
MOST = 1000
"""Most values of one list in a request, and most characters of one value."""


class Story(NamedTuple):
    """What of a provenance can be asked for."""

    title: str
    licence: str
    attribution: str
    schema: str
    theme: str
    recipe: str
    fetched_at: datetime
    text: str
    """Everything that free text is looked for in, case-folded."""


def story_of(told: Provenance, words: list[str]) -> Story:
    """The story of a snapshot; `words` are its item's keywords."""
    texts = [told.title.en, told.title.de, told.summary.en, told.summary.de, told.attribution, told.publisher]
    if told.notice is not None:
        texts += [told.notice.en, told.notice.de]
    return Story(
        title=told.title.en,
        licence=told.licence,
        attribution=told.attribution,
        schema=told.schema_id,
        theme=told.theme,
        recipe=told.recipe_sha256,
        fetched_at=told.fetched_at,
        text="\n".join([*texts, *words]).casefold(),
    )


@dataclass(frozen=True)
class Field:
    """One field: how it is read of a revision or, where that does not say it, of its story."""

    kind: type[str] | type[float] | type[datetime]
    de: str
    """What it is called in German."""
    en: str
    """And in English."""
    of: Callable[[Revision], Value] | None
    told: Callable[[Story], Value] | None = None

    def value(self, revision: Revision, story: Story | None) -> Value | None:
        """The value; None if the story is needed and cannot be read."""
        if self.of is not None:
            return self.of(revision)
        return None if story is None or self.told is None else self.told(story)


FIELDS: dict[str, Field] = {
    "id": Field(str, "Id", "Id", lambda r: r.name),
    "collection": Field(str, "Layer", "Layer", lambda r: r.layer),
    "datetime": Field(datetime, "Gilt seit", "Holds from", lambda r: r.holds_from),
    "created": Field(datetime, "Veröffentlicht", "Published", lambda r: r.published_at),
    "updated": Field(datetime, "Veröffentlicht", "Published", lambda r: r.published_at),
    "published": Field(datetime, "Veröffentlicht", "Published", lambda r: r.published_at),
    "version": Field(str, "Stand", "Version", lambda r: str(r.number)),
    "table:row_count": Field(float, "Anzahl der Objekte", "Number of features", lambda r: r.features),
    "twin:revision": Field(float, "Nummer des Stands", "Number of the revision", lambda r: r.number),
    "license": Field(str, "Lizenz", "Licence", None, lambda s: s.licence),
    "attribution": Field(str, "Namensnennung", "Attribution", None, lambda s: s.attribution),
    "twin:schema": Field(str, "Schema", "Schema", None, lambda s: s.schema),
    "twin:theme": Field(str, "Thema", "Theme", None, lambda s: s.theme),
    "twin:recipe_sha256": Field(
        str, "Prüfsumme des Rezepts", "Checksum of the recipe", None, lambda s: s.recipe
    ),
    "twin:fetched_at": Field(datetime, "Abgerufen", "Fetched", None, lambda s: s.fetched_at),
}
"""Name as in an item's properties (`id` and `collection` beside them) → field."""


def field(name: Any) -> Field:
    """The field called so, with or without ``properties.``; `RequestError` names the nearest one."""
    if not isinstance(name, str):
        raise RequestError('a field is named by a text, such as "properties.datetime"')
    bare = name.removeprefix("properties.")
    if bare not in FIELDS:
        near = difflib.get_close_matches(bare[:200], FIELDS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"these can be asked: {', '.join(FIELDS)}"
        raise RequestError(f"unknown field {name[:80]!r}; {hint}")
    return FIELDS[bare]


@dataclass(frozen=True)
class Condition:
    """One comparison; a revision without the value does not meet it."""

    field: Field
    operator: str
    value: Any

    def holds(self, found: Any) -> bool:
        """Whether a value meets it."""
        if found is None:
            return False
        return _HOLDS[self.operator](found, self.value)


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "neq": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "startsWith": lambda a, b: a.startswith(b),
    "endsWith": lambda a, b: a.endswith(b),
    "contains": lambda a, b: b in a,
    "in": lambda a, b: a in b,
}


def conditions(query: Any) -> tuple[Condition, ...]:
    """Read the query extension's ``{"field": {"operator": value}}``; `RequestError` says what is wrong."""
    if not isinstance(query, dict) or not all(isinstance(asked, dict) and asked for asked in query.values()):
        raise RequestError('query is not understood; write for example {"version": {"eq": "3"}}')
    found = []
    for name, asked in query.items():
        of = field(name)
        for operator, value in asked.items():
            if operator not in OPERATORS:
                raise RequestError(f"unknown operator {operator[:40]!r}; there are: {', '.join(OPERATORS)}")
            if operator in ("startsWith", "endsWith", "contains") and of.kind is not str:
                raise RequestError(f"{operator} compares texts, and {name} is none; use lt, lte, gt or gte")
            if operator == "in":
                if not isinstance(value, list) or not 0 < len(value) <= MOST:
                    raise RequestError(f"in takes a list of 1 to {MOST} values")
                found.append(Condition(of, operator, frozenset(_value(of, name, one) for one in value)))
            else:
                found.append(Condition(of, operator, _value(of, name, value)))
    return tuple(found)


def _value(of: Field, name: str, value: Any) -> Value:
    if of.kind is float:
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return float(value)  # as pystac-client writes it
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise RequestError(f"{name} is a number; compare it with one")
        return value
    if not isinstance(value, str) or len(value) > MOST:
        raise RequestError(f"{name} is compared with a text of up to {MOST} characters in quotes")
    return times.parse(value) if of.kind is datetime else value
