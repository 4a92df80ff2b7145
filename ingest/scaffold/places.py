"""Places: which columns of a table look like positions, by their numbers, where no name says so."""

from collections.abc import Iterable, Sequence

from ingest.connectors.csv_table import number
from ingest.connectors.wkb import NoGeometry
from twin.record import Record

_EAST = ((5.5, 15.5), (200_000, 900_000), (2_300_000, 5_700_000))
"""Longitudes of Germany, eastings of UTM, and of Gauss-Krueger with the number of the zone."""
_NORTH = ((47.0, 55.5), (5_200_000, 6_200_000), (5_200_000, 6_200_000))


def likely(records: Sequence[Record]) -> tuple[str, str] | None:
    """The columns whose numbers may be a position in Germany: east (longitude) and north; None if none are.

    Whole degrees are none: nobody says a place so, but heights and counts come like that.
    """
    names = dict.fromkeys(name for record in records for name in record.values)
    for easts, norths in zip(_EAST, _NORTH, strict=True):
        north = _first(names, records, norths)
        east = _first([name for name in names if name != north], records, easts)
        if east and north:
            return east, north
    return None


def _first(names: Iterable[str], records: Sequence[Record], within: tuple[float, float]) -> str | None:
    return next((name for name in names if _fits(name, records, within)), None)


def _fits(name: str, records: Sequence[Record], within: tuple[float, float]) -> bool:
    found = []
    for record in records:
        value = record.values.get(name)
        if value in (None, "") or isinstance(value, bool):
            continue
        try:
            found.append(number(str(value)[:40]))
        except NoGeometry:
            return False
    low, high = within
    whole = high < 180 and all(each.is_integer() for each in found)
    return bool(found) and not whole and all(low <= each <= high for each in found)
