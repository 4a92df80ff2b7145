"""The common manners of our nouns: frozen, and deaf to keys nobody defined."""

from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer


class Noun(BaseModel):
    """A frozen value; an unknown key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Noun):
    """A text that people see, in German and English, and where it is written in Leichte Sprache, too."""

    de: str
    """German: Sie, short, active."""
    en: str
    """English."""
    ls: str | None = None
    """Leichte Sprache: short sentences, long words with a hyphen; without it German stands in its place."""

    def get(self, language: str) -> str:
        """Return the text in `language` ("de", "en" or "ls"); German for any other."""
        if language == "ls" and self.ls is not None:
            return self.ls
        return self.en if language.startswith("en") else self.de

    @model_serializer(mode="wrap")
    def _as_told(self, usual: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without ``ls`` where nobody wrote it: documents stay as they were."""
        return {name: text for name, text in usual(self).items() if text is not None}
