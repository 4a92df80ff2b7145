"""Mapping functions for numbers."""

import math
from collections.abc import Sequence
from typing import Any

from ingest.fields.context import Context
from ingest.fields.texts import text


def number(values: Sequence[Any], context: Context) -> float | None:
    """A number. Options ``comma`` (true for a decimal comma), ``factor``, ``missing``."""
    if type(values[0]) is float and not context.options and math.isfinite(values[0]):
        return values[0]
    raw = text(values, context)
    if raw is None:
        return None
    if context.options.get("comma"):
        raw = raw.replace(".", "").replace(",", ".")
    factor = float(context.options.get("factor", 1))
    try:
        result = float(raw) if factor == 1 else _plain(float(raw) * factor)
    except ValueError:
        raise ValueError("is not a number") from None
    if not math.isfinite(result):
        raise ValueError("is not a finite number")
    return result


def _plain(value: float) -> float:
    """With 15 digits, which people's numbers have: 92 · 0.0031831 is 0.2928452, not 0.29284519999999997."""
    return float(f"{value:.15g}")


def integer(values: Sequence[Any], context: Context) -> int | None:
    """A whole number. Option ``missing``."""
    result = number(values, context)
    if result is None:
        return None
    if result != int(result):
        raise ValueError("is not a whole number")
    return int(result)
