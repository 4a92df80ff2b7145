"""Heights, storeys and directions as people write them: ``12 m``, ``39'``, ``12,5``, ``NNE``."""

import math
import re
from typing import Any

_LENGTH = re.compile(
    r"\s*(?:~|ca\.?|c\.)?\s*([+-]?\d{1,9}(?:[.,]\d{1,12})?)\s*"
    r"(m|mtr|meter|metre|meters|metres|cm|mm|ft|feet|foot|'|′)?\.?\s*",
    re.IGNORECASE,
)
_FEET_INCHES = re.compile(r"""\s*(\d{1,5})\s*['′]\s*(?:(\d{1,2}(?:\.\d{1,6})?)\s*(?:"|''|″)\s*)?""")
_STOREYS = re.compile(r"\s*([+-]?\d{1,4}(?:[.,]\d{1,4})?)\s*")
_FOOT = 0.3048
_UNITS = {"cm": 0.01, "mm": 0.001, "ft": _FOOT, "feet": _FOOT, "foot": _FOOT, "'": _FOOT, "′": _FOOT}
_POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
_COMPASS = {name: 22.5 * i for i, name in enumerate(_POINTS)}


def metres(written: Any) -> float | None:
    """Return a length in metres; None for what is no finite length. Plain numbers are metres."""
    if isinstance(written, str):
        if match := _FEET_INCHES.fullmatch(written):
            return (int(match[1]) + float(match[2] or 0) / 12) * _FOOT
        if match := _LENGTH.fullmatch(written):
            return float(match[1].replace(",", ".")) * _UNITS.get((match[2] or "").lower(), 1.0)
        return None
    return _number(written)


def storeys(written: Any) -> float | None:
    """Return a number of storeys, halves too; None for what is none."""
    if isinstance(written, str):
        match = _STOREYS.fullmatch(written)
        return float(match[1].replace(",", ".")) if match else None
    return _number(written)


def degrees(written: Any) -> float | None:
    """Return a bearing in degrees clockwise from north, 0 to 360; None for what is none."""
    if isinstance(written, str):
        name = written.strip().upper()
        if name in _COMPASS:
            return _COMPASS[name]
        written = storeys(name.removesuffix("°"))
    number = _number(written)
    return None if number is None else number % 360


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
