"""Mapping function for yes and no."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.fields import Context

_YES = ("true", "yes", "ja", "j", "wahr", "1")
_NO = ("false", "no", "nein", "n", "falsch", "0")


def boolean(values: Sequence[Any], context: "Context") -> bool | None:
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
