"""Tables: CSV with its encoding and its columns of positions, and heights as bare numbers."""

import codecs
import re
from pathlib import Path
from typing import Any

from ingest.connectors.rows import SEPARATOR_LINE
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.people import folded
from twin.errors import SourceBroken

_SEPARATORS = ",;\t|"
LON = (
    *("longitude", "lon", "lng", "long", "laenge", "laengengrad", "geolon", "x", "rechtswert", "ostwert"),
    *("easting", "xkoordinate", "xkoord", "xcoord", "utmost", "utmx", "gkrechts"),
)
LAT = (
    *("latitude", "lat", "breite", "breitengrad", "geolat", "y", "hochwert", "nordwert"),
    *("northing", "ykoordinate", "ykoord", "ycoord", "utmnord", "utmy", "gkhoch"),
)
"""Words for the two numbers of a position, in degrees or in metres, as `plain` writes them."""
_WKT = re.compile(r"\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*Z?\s*\(", re.IGNORECASE)

_HEIGHTS = re.compile(
    r"(?:[-+]?\d{1,12}(?:\.\d{1,9})?[ \t;,]+){2}[-+]?\d{1,6}(?:\.\d{1,9})?[ \t]*\r?\n\s*[-+]?\d"
)
"""Three numbers in the first line, and a number after it."""


def plain(name: str) -> str:
    """A column's name without case, umlauts, signs and blanks: ``X-Koord`` is ``xkoord``."""
    return folded(name).replace("_", "")


def of_table(head: bytes, name: str) -> Dialect:
    """What a text is, by its first bytes; `SourceBroken` if it has no columns, or is no text."""
    options: dict[str, Any] = {}
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)  # its last sign may be cut in two
    except UnicodeDecodeError:
        text, options["encoding"] = head.decode("cp1252", "replace"), "cp1252"
    if "\0" in text:
        raise SourceBroken(f"{name}: a format that no connector reads; convert it to GeoJSON or CSV")
    if _HEIGHTS.match(text):
        return Dialect("xyz", {}, ".xyz", "heights, a line for each cell")
    line, _, rest = text.partition("\n")
    if SEPARATOR_LINE.fullmatch(line):
        line, _, rest = rest.partition("\n")
    separator = max(_SEPARATORS, key=line.count)
    columns = [column.strip().strip('"') for column in line.split(separator)]
    if len(columns) < 2:
        raise SourceBroken(f"{name}: a text without columns; convert it to GeoJSON or CSV")
    row = rest.partition("\n")[0].split(separator)
    known = {plain(column): column for column in reversed(columns)}  # the first of several counts
    lon, lat = (next((known[n] for n in names if n in known), None) for names in (LON, LAT))
    wkt = next((c for c, cell in zip(columns, row, strict=False) if _WKT.match(cell.strip('" '))), None)
    if wkt is not None:
        options["wkt"] = wkt
    elif lon and lat:
        options |= {"lon": lon, "lat": lat}
    return Dialect("csv", options, ".csv", f"a CSV table with {len(columns)} columns")


def utf8(path: Path) -> bool:
    """Whether all of a text is UTF-8: a table's first umlaut may come late."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as stream:
        try:
            while part := stream.read(1 << 20):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
