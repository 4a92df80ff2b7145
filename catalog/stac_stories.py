"""What of items can be sorted and asked by, known without making the items: revisions and their stories."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from catalog import stac_words
from catalog.stac_fields import Field, Value
from catalog.stac_table import column_names
from twin.provenance import Provenance
from twin.revision import Revision


class Story(NamedTuple):
    """What of a provenance can be asked for."""

    title: str
    licence: str
    attribution: str
    schema: str
    theme: str
    recipe: str
    fetched_at: datetime
    keywords: tuple[str, ...]
    text: str
    """Everything that free text is looked for in, folded (`stac_words.texts`)."""


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
        keywords=tuple(words),
        text=stac_words.texts([*texts, *words]),
    )


@dataclass(frozen=True)
class ItemField(Field):
    """How it is read of a revision or, where that does not say it, of its story."""

    of: Callable[[Revision], Value] | None
    told: Callable[[Story], Value] | None = None

    def value(self, revision: Revision, story: Story | None) -> Value | None:
        """The value; None if the story is needed and cannot be read."""
        if self.of is not None:
            return self.of(revision)
        return None if story is None or self.told is None else self.told(story)


FIELDS: dict[str, ItemField] = {
    "id": ItemField(str, "Id", "Id", lambda r: r.name),
    "collection": ItemField(str, "Layer", "Layer", lambda r: r.layer),
    "datetime": ItemField(datetime, "Gilt seit", "Holds from", lambda r: r.holds_from),
    "created": ItemField(datetime, "Veröffentlicht", "Published", lambda r: r.published_at),
    "updated": ItemField(datetime, "Veröffentlicht", "Published", lambda r: r.published_at),
    "published": ItemField(datetime, "Veröffentlicht", "Published", lambda r: r.published_at),
    "version": ItemField(str, "Stand", "Version", lambda r: str(r.number)),
    "table:row_count": ItemField(float, "Anzahl der Objekte", "Number of features", lambda r: r.features),
    "twin:revision": ItemField(float, "Nummer des Stands", "Number of the revision", lambda r: r.number),
    "license": ItemField(str, "Lizenz", "Licence", None, lambda s: s.licence),
    "attribution": ItemField(str, "Namensnennung", "Attribution", None, lambda s: s.attribution),
    "twin:schema": ItemField(str, "Schema", "Schema", None, lambda s: s.schema),
    "twin:theme": ItemField(str, "Thema", "Theme", None, lambda s: s.theme),
    "twin:recipe_sha256": ItemField(
        str, "Prüfsumme des Rezepts", "Checksum of the recipe", None, lambda s: s.recipe
    ),
    "twin:fetched_at": ItemField(datetime, "Abgerufen", "Fetched", None, lambda s: s.fetched_at),
    "keywords": ItemField(tuple, "Stichwörter", "Keywords", None, lambda s: s.keywords),
    "table:columns": ItemField(
        tuple, "Namen der Spalten", "Names of the columns", None, lambda s: column_names(s.schema)
    ),
}
"""Name as in an item's properties (`id` and `collection` beside them) → field."""
