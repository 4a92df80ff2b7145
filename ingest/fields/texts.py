"""Mapping functions for one text."""

import html
import re
from collections.abc import Sequence
from typing import Any

from ingest.fields.context import Context

_TAG = re.compile(r"<[^<>]{0,2000}>")

_HREF = re.compile(r"""href\s*=\s*["']?(https?://[^\s"'<>]{1,2000})""", re.IGNORECASE)

_URL = re.compile(r"https?://[^\s\"'<>]{1,2000}")


def clean(value: Any) -> str | None:
    """A value as one line of text without surrounding blanks; None if nothing is left."""
    if value is None:
        return None
    if type(value) is str and value.isascii() and value.isprintable() and " " not in value:
        return value or None  # the usual case, nothing to be done
    if isinstance(value, bool) or not isinstance(value, str):
        value = str(value)
    # Lone surrogates cannot be written as UTF-8 and make pyarrow refuse a whole table.
    text = " ".join(value.encode("utf-8", "replace").decode("utf-8").split())
    return text or None


def text(values: Sequence[Any], context: Context) -> str | None:
    """Text without surrounding or double blanks. Option ``missing``: words that mean "no value"."""
    if isinstance(values[0], dict | list):
        raise ValueError("is not a plain value")
    result = clean(values[0])
    return None if result in context.options.get("missing", ()) else result


def first(values: Sequence[Any], context: Context) -> str | None:
    """The first of several fields that is not empty."""
    return next((found for value in values if (found := text([value], context))), None)


def join(values: Sequence[Any], context: Context) -> str | None:
    """Several fields as one text. Option ``with``: what stands between them (default a blank)."""
    parts = [found for value in values if (found := text([value], context))]
    return str(context.options.get("with", " ")).join(parts) or None


def plain(values: Sequence[Any], context: Context) -> str | None:
    """Text without HTML tags and entities."""
    raw = clean(values[0])
    return clean(html.unescape(_TAG.sub(" ", raw))) if raw else None


def link(values: Sequence[Any], context: Context) -> str | None:
    """The first http(s) address in an HTML anchor or a text; anything else is dropped."""
    raw = clean(values[0])
    if not raw:
        return None
    found = _HREF.search(raw) or _URL.search(raw)
    if found is None:
        return None
    return html.unescape(found[1] if found.re is _HREF else found[0].rstrip(".,;)"))


def listing(values: Sequence[Any], context: Context) -> str | None:
    """A comma list written evenly: ``Gehweg,Radweg`` becomes ``Gehweg, Radweg``."""
    raw = clean(values[0])
    return ", ".join(part for word in raw.split(",") if (part := word.strip())) or None if raw else None
