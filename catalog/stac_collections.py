"""Looking for collections: by place, time, words and a filter over their fields, in the order asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog import stac_words
from catalog.cql import evaluate
from catalog.cql.tree import Node
from catalog.stac_fields import Field, Value, schema
from catalog.stac_filter import Rows
from catalog.stac_search import Box, meet
from catalog.stac_words import Words
from twin import times
from twin.base import Text

Document = dict[str, Any]


@dataclass(frozen=True)
class CollectionField(Field):
    """How it is read of a collection's document."""

    of: Callable[[Document], Value]


def _plain(name: str) -> Callable[[Document], Value]:
    return lambda document: document[name]


def _time(name: str) -> Callable[[Document], Value]:
    return lambda document: times.parse(document[name])


def _begin(document: Document) -> datetime:
    return times.parse(document["extent"]["temporal"]["interval"][0][0])


def _columns(document: Document) -> tuple[str, ...]:
    return tuple(column["name"] for column in document["table:columns"])


FIELDS: Mapping[str, CollectionField] = {
    "id": CollectionField(str, "Id", "Id", _plain("id")),
    "title": CollectionField(str, "Titel", "Title", _plain("title")),
    "description": CollectionField(str, "Beschreibung", "Description", _plain("description")),
    "keywords": CollectionField(tuple, "Stichwörter", "Keywords", lambda d: tuple(d["keywords"])),
    "license": CollectionField(str, "Lizenz", "Licence", _plain("license")),
    "attribution": CollectionField(str, "Namensnennung", "Attribution", _plain("attribution")),
    "extent.temporal": CollectionField(datetime, "Gibt es seit", "Begins", _begin),
    "created": CollectionField(datetime, "Zuerst veröffentlicht", "First published", _time("created")),
    "updated": CollectionField(datetime, "Zuletzt veröffentlicht", "Last published", _time("updated")),
    "table:columns": CollectionField(tuple, "Namen der Spalten", "Names of the columns", _columns),
    "table:row_count": CollectionField(
        float, "Anzahl der Objekte", "Number of features", _plain("table:row_count")
    ),
    "twin:city": CollectionField(str, "Stadt", "City", _plain("twin:city")),
    "twin:theme": CollectionField(str, "Thema", "Theme", _plain("twin:theme")),
    "twin:schema": CollectionField(str, "Schema", "Schema", _plain("twin:schema")),
}
"""Name → field; each stands in the document under this name."""
SCHEMA = schema("stac-collection/1", Text(de="Layer", en="Layers"), FIELDS)
"""What a filter of collections may ask for, beside ``geometry``, their place."""


@dataclass(frozen=True)
class CollectionSearch:
    """What is looked for; None or empty: no matter what."""

    boxes: tuple[Box, ...] = ()
    """One of them is met by the place of a collection."""
    time: tuple[datetime | None, datetime | None] | None = None
    """First and last instant; collections that were there within it are found."""
    words: Words | None = None
    tree: Node | None = None
    """A checked CQL2 filter."""
    order: tuple[tuple[CollectionField, bool], ...] = ()
    """Fields and whether they descend; without any as they are given."""


def find(search: CollectionSearch, documents: Sequence[Document]) -> list[Document]:
    """Those of the collections that fit; `TooMuch` when the time for it is over (`catalog.deadline`)."""
    found = [document for document in documents if _fits(search, document)]
    if search.tree is not None:
        here = found

        def values(name: str) -> list[Any]:
            return [FIELDS[name].of(document) for document in here]

        mask = evaluate.holds(search.tree, Rows(FIELDS, values, [_box(document) for document in here]))
        found = [document for document, holds in zip(here, mask, strict=True) if holds]
    for field, descending in reversed(search.order):
        found.sort(key=lambda document, of=field.of: of(document), reverse=descending)  # type: ignore[misc]
    return found


def _fits(search: CollectionSearch, document: Document) -> bool:
    if search.boxes and not meet(_box(document), search.boxes):
        return False
    last = None if search.time is None else search.time[1]
    if last is not None and last < _begin(document):
        return False
    parts = [document["title"], document["description"], *document["keywords"]]
    return search.words is None or search.words.within(stac_words.texts(parts))


def _box(document: Document) -> Box:
    west, south, east, north = document["extent"]["spatial"]["bbox"][0]
    return west, south, east, north
