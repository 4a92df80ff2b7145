"""DWD's latest observations (POI): a table with three header rows, decimal commas, ``---`` for nothing."""

import csv
import io
from collections.abc import Iterator

from ingest.connectors.dwd_units import LATEST, LATEST_UNITS, brought
from ingest.connectors.features import printable
from ingest.files import File
from twin.errors import SourceChanged
from twin.record import Record, Shape

_MISSING = ("---", "", "--")
_MOST = 2_000_000


def read(file: File, own: str | None) -> Iterator[Record]:
    """Yield the observations of a file; ``station`` is the one in the header (WMO number, without padding).

    Raises:
        SourceChanged: another header, or a parameter in another unit.
    """
    with file.open() as stream:
        text = io.StringIO(stream.read(_MOST).decode("latin-1"))
    rows = csv.reader(text, delimiter=";")
    header, units, _ = (next(rows, []) for _ in range(3))
    if len(header) < 3 or len(units) != len(header):
        raise SourceChanged(f"{file.name}: its header is not that of a POI file; look at it")
    station = units[0].strip().rstrip("_")
    for name, unit in zip(header, units, strict=True):
        if name in LATEST and LATEST_UNITS[LATEST[name][0]] != unit.strip():
            raise SourceChanged(
                f"{file.name}: {name} comes in {printable(unit.strip())!r}, another unit than before"
            )
    for number, row in enumerate(rows, 4):
        place = f"{file.name}, line {number}"
        if len(row) != len(header):
            if row:
                yield Record(place, {"station": station}, shape=Shape.OBSERVATION)
            continue
        time = _time(row[0], row[1])
        for name, cell in zip(header[2:], row[2:], strict=True):
            if name in LATEST and cell.strip() not in _MISSING:
                yield Record(
                    place, {"station": station, "time": time} | _value(name, cell), shape=Shape.OBSERVATION
                )


def _time(day: str, clock: str) -> str:
    """``06.04.20`` and ``08:00`` are UTC."""
    parts = day.strip().split(".")
    if len(parts) == 3 and len(parts[2]) == 2:
        parts[2] = f"20{parts[2]}"
    return f"{'-'.join(reversed(parts))}T{clock.strip()}:00Z"


def _value(name: str, cell: str) -> dict[str, object]:
    parameter, factor, offset = LATEST[name]
    try:
        value: object = brought(float(cell.strip().replace(",", ".")), factor, offset)
    except ValueError:
        value = "unreadable"  # the reading refuses it, by its place
    return {"parameter": parameter, "value": value}
