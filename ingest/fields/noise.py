"""Mapping functions for bands of noise maps, as Directive 2002/49/EC and its reporting write them.

A band is ``Lden5559``, ``LdenGreaterThan75``, ``Lnight5054`` (European reporting), ``55-59``, ``55 - 60 dB``,
``ab 55 bis 59``, ``> 75`` or ``über 75``. Beside it a second field may say which indicator it is.
"""

import re
from collections.abc import Sequence
from typing import Any

from ingest.fields.context import Context

_REPORTED = re.compile(
    r"(lden|lnight|ln)[_ ]?(?:(\d{2})(\d{2})|(?:greaterthan|gt|>)[_ ]?(\d{2}))", re.IGNORECASE
)
_OPEN = re.compile(
    r"(?:>=?|über|ab|mehr als|greater than)\s{0,3}(\d{2})(?:\s{0,3}dB(?:\(A\))?)?", re.IGNORECASE
)
_SPAN = re.compile(
    r"(?:ab|>=?)?\s{0,3}(\d{2})\s{0,3}(?:-|–|bis|<)\s{0,3}(?:unter|<=?)?\s{0,3}(\d{2})(?:\s{0,3}dB(?:\(A\))?)?",
    re.IGNORECASE,
)
_STEP = 5
"""Width of a band in dB; an upper limit of 59 or 60 is the same band."""


def _band(values: Sequence[Any]) -> tuple[int, int | None]:
    text = values[0].strip() if isinstance(values[0], str) else ""
    reported = _REPORTED.fullmatch(text)
    if reported:
        return (
            (int(reported[4]), None)
            if reported[4]
            else (int(reported[2]), int(reported[3]) // _STEP * _STEP + _STEP)
        )
    span = _SPAN.fullmatch(text)
    if span:
        low, high = int(span[1]), int(span[2])
        high = high if high % _STEP == 0 else high // _STEP * _STEP + _STEP
        if low < high:
            return low, high
    open_ = _OPEN.fullmatch(text)
    if open_:
        return int(open_[1]), None
    raise ValueError("is no band of noise")


def noise_from(values: Sequence[Any], context: Context) -> int:
    """Lower limit in dB of a band of a noise map (``Lden5559``, ``55-59``, ``> 75``)."""
    return _band(values)[0]


def noise_to(values: Sequence[Any], context: Context) -> int | None:
    """Upper limit in dB of such a band, itself excluded; none of one that is open above."""
    return _band(values)[1]


def noise_indicator(values: Sequence[Any], context: Context) -> str:
    """``lden`` or ``lnight``: from the band, or from a second field (``LDEN``, ``Nacht``)."""
    for value in values:
        word = value.strip().lower() if isinstance(value, str) else ""
        if word.startswith(("lden", "tag", "24")):
            return "lden"
        if word.startswith(("lnight", "ln", "nacht", "night")):
            return "lnight"
    raise ValueError("does not say whether it is the day or the night")
