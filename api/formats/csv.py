"""CSV (RFC 4180): one feature a line, for spreadsheets, and harmless in them."""

import csv
import io
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from api.formats import table
from api.formats.page import CRS84, Page, authority
from catalog import deadline, several
from twin import times

if TYPE_CHECKING:
    import pyarrow as pa

MEDIA = "text/csv; charset=utf-8; header=present"

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:[.,][0-9]{0,40})?|[.,][0-9]{1,40})(?:[eE][+-]?[0-9]{1,4})?\Z")
_HARMLESS = re.compile(r"[^\W_][^;\t\r\n]*+\Z")
"""Nearly all texts: they begin with a letter or digit, and no other cell can begin within them."""
_BEGINNING = re.compile(r"(?:\A|[;\t\r\n])[\s\";]*+([=+\-@＝＋－＠]?)")
"""Where a cell begins that a spreadsheet would calculate: also inside, because a spreadsheet that takes
another separator for granted (German ones take the semicolon) begins a new cell there. It takes whole runs of
separators, formula or not, so that long ones are read once."""


def write(page: Page) -> bytes:
    """The page as CSV in UTF-8.

    Places are columns ``lon`` and ``lat`` (projected: ``x`` and ``y``) for layers of points, else WKT
    in ``geometry``. Lists are joined by a comma and a blank. An apostrophe stands before what a
    spreadsheet would take for a formula.
    """
    found = table.table(page)
    columns = {name: found[name].to_pylist() for name in found.column_names if name != table.GEOMETRY}
    if page.geometry:
        columns |= _places(page, found)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for row in deadline.some(zip(*columns.values(), strict=True)):
        writer.writerow(map(_cell, row))
    return buffer.getvalue().encode()


def guarded(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin to calculate; numbers stay."""
    if _HARMLESS.match(text) or _NUMBER.match(text):
        return text
    safe = _BEGINNING.sub(lambda found: f"{found[0][:-1]}'{found[1]}" if found[1] else found[0], text)
    return f"'{safe}" if safe.startswith(("\t", "\r")) else safe


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, list):  # each of them, and what they are together
        return guarded(several.BETWEEN.join(map(guarded, value)))
    return times.iso(value) if isinstance(value, datetime) else str(value)


def _places(page: Page, found: "pa.Table") -> dict[str, list[Any]]:
    import shapely

    shapes = table.shapes(found)
    if page.layer.schema_.geometry != "point":
        return {table.GEOMETRY: shapely.to_wkt(shapes, rounding_precision=-1).tolist() if len(shapes) else []}
    first, second = ("lon", "lat") if _is_degrees(page.crs) else ("x", "y")
    return {
        first: [None if shape is None else shape.x for shape in shapes],
        second: [None if shape is None else shape.y for shape in shapes],
    }


def _is_degrees(crs: str) -> bool:
    if crs == CRS84:
        return True
    from pyproj import CRS

    return bool(CRS.from_user_input(authority(crs)).is_geographic)
