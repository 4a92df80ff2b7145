"""Mapping functions for one of several words, and for yes and no."""

from collections.abc import Sequence
from typing import Any

from ingest.fields.context import Context
from ingest.fields.texts import text

_YES = ("true", "yes", "ja", "j", "wahr", "1")
_NO = ("false", "no", "nein", "n", "falsch", "0")


def boolean(values: Sequence[Any], context: Context) -> bool | None:
    """Yes or no, in any case: ``true``, ``yes``, ``ja``, ``1`` and their contraries. Options ``true`` and
    ``false`` (lists of the source's words instead), ``missing``.
    """
    raw = values[0]
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, dict | list):
        raise ValueError("is not a plain value")
    word = " ".join(str(raw).split()).casefold()
    stated = context.options
    if not word or word in map(str.casefold, stated.get("missing", ())):
        return None
    if word in map(str.casefold, stated.get("true", _YES)):
        return True
    if word in map(str.casefold, stated.get("false", _NO)):
        return False
    raise ValueError("is neither yes nor no")


def among(values: Sequence[Any], context: Context) -> bool | None:
    """Whether the value is one of the option ``words``; None without a value."""
    found = text(values, context)
    return None if found is None else found in context.options.get("words", ())


def choice(values: Sequence[Any], context: Context) -> str | None:
    """One of the column's choices. Options ``map`` (source's word → ours), ``prefix`` (the same by the
    beginning of the word, longest first), ``otherwise`` (for words in neither).
    """
    raw = text(values, context)
    if raw is None:
        return context.options.get("empty")
    exact = context.options.get("map", {})
    if raw in exact:
        return str(exact[raw])
    prefixes = context.options.get("prefix", {})
    for start in sorted(prefixes, key=len, reverse=True):
        if raw.startswith(start):
            return str(prefixes[start])
    if "otherwise" in context.options:
        return str(context.options["otherwise"])
    raise ValueError("is not one of the words the recipe knows")
