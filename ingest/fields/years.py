"""The mapping function for a year of construction, as CityGML, CityJSON and OpenStreetMap write it."""

import re
from collections.abc import Sequence
from typing import Any

from ingest.fields.context import Context

_YEAR = re.compile(r"([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2})?(?:T[0-9:.]{1,20})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
"""A year, month or day of XML Schema or of OpenStreetMap's ``start_date``."""
_EARLIEST, _LATEST = 800, 2100
"""Outside of it numbers stand for "not known": 1, 1111, 9999."""
_STANDINS = frozenset({1111, 1234})


def year(values: Sequence[Any], context: Context) -> int | None:
    """The year of a year or a date. None for what tells no certain one (``~1900``, ``1880s``, ``C19``,
    ``before 1914``, ``1890..1910``) and for numbers that stand for none: a year is never guessed.
    """
    raw = values[0]
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    text = str(int(raw)) if isinstance(raw, float) and raw == raw // 1 else str(raw).strip()
    found = _YEAR.fullmatch(text) if len(text) <= 40 else None
    told = int(found[1]) if found else 0
    return told if _EARLIEST <= told <= _LATEST and told not in _STANDINS else None
