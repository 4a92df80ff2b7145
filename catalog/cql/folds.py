"""Texts as CASEI and ACCENTI see them."""

import unicodedata

CASE, ACCENT = "casei", "accenti"
_STROKES = str.maketrans("ØøĐđŁłĦħŦŧƗɨƵƶ", "OoDdLlHhTtIiZz")
"""Strokes through letters, which Unicode does not take apart: København is found as Kobenhavn."""


def fold(text: str, ways: frozenset[str]) -> str:
    """A text without its case (ß is ss), without its accents (ä is a), or without both."""
    if CASE in ways:
        text = text.casefold()
    if ACCENT in ways and not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in parts if not unicodedata.combining(letter))
        text = unicodedata.normalize("NFC", text).translate(_STROKES)
    return text
