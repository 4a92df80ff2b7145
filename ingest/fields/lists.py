"""Mapping functions for columns of several texts each."""

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.fields.context import Context
from ingest.fields.texts import clean

MOST = 1000
"""Texts that one feature may have in a column."""


def texts(values: Sequence[Any], context: Context) -> list[str] | None:
    """Several texts, none twice: those of an array (``["16", "N19"]``), or of one text that is cut at the
    option ``separator``. Of several fields each one's, and a text without separator is one of them. Option
    ``missing``: words that mean "no value".
    """
    found: list[Any] = []
    for value in values:
        if isinstance(value, list | tuple):
            found += value
        elif isinstance(value, dict):
            raise ValueError("is no list of texts")
        elif value is not None and "separator" in context.options:
            found += str(value).split(context.options["separator"])
        elif value is not None and len(values) == 1:
            raise ValueError(
                "is no list; if it is one text with several in it, state what stands between them"
            )
        else:
            found.append(value)
    return _once(found, context.options.get("missing", ()))


def flag_texts(values: Sequence[Any], context: Context) -> list[str] | None:
    """What is true in an object such as ``{"foot": true, "car": false}``, as several texts.

    Option ``map``: the source's word → ours.
    """
    if values[0] is None:
        return None
    if not isinstance(values[0], dict):
        raise ValueError("is no object of flags")
    words = context.options.get("map", {})
    return _once((words.get(name, name) for name, flag in values[0].items() if flag is True), ())


def flags(values: Sequence[Any], context: Context) -> str | None:
    """What is true in an object such as ``{"foot": true, "car": false}``, with commas.

    Option ``map``: the source's word → ours.
    """
    return ", ".join(flag_texts(values, context) or ()) or None


def _once(found: Iterable[Any], missing: Sequence[str]) -> list[str] | None:
    """Each text once, in the source's order; None if there is none."""
    kept: dict[str, None] = {}
    for value in found:
        if isinstance(value, dict | list | tuple):
            raise ValueError("has something in it that is not a plain value")
        told = clean(value)
        if told is not None and told not in missing:
            kept[told] = None
        if len(kept) > MOST:
            raise ValueError(f"has more than {MOST} texts")
    return [*kept] or None
