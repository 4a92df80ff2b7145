"""The common manners of our nouns: frozen, and deaf to keys nobody defined."""

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """A frozen value; an unknown key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Noun):
    """A text that people see, in German and English."""

    de: str
    """German: Sie, short, active."""
    en: str
    """English."""

    def get(self, language: str) -> str:
        """Return the text in `language` ("de" or "en"); German for any other."""
        return self.en if language.startswith("en") else self.de
