"""DWD's climate archives (CDC): padded columns, -999 for missing, UTC, but standard time before 2000."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.connectors.dwd_units import CLIMATE, brought
from ingest.connectors.wkb import point
from ingest.files import File, unpacked
from twin.errors import SourceBroken, SourceChanged
from twin.record import Record, Shape

_MISSING = ("-999", "-999.0", "")
_FORMS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M"}
_KEYS = ("STATIONS_ID", "MESS_DATUM")
_CET = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the files beside the values say."""

    stations: tuple[Record, ...] = ()
    central: tuple[tuple[str, str, str], ...] = ()
    """(parameter, first day, last day) that are Central European Time."""

    def is_central(self, parameter: str, day: str) -> bool:
        return any(name == parameter and first <= day <= last for name, first, last in self.central)


def read(file: File, archive: File | None) -> Iterator[Record]:
    """Yield the station where the archive tells where it stands, and the values of one product.

    Args:
        file: the product.
        archive: it lies in with its metadata; None for a file of its own.

    Raises:
        SourceBroken: not in the archive's encoding, or no header.
        SourceChanged: none of its columns is one that we know.
    """
    told = _Told() if archive is None else _told(archive)
    yield from told.stations
    with file.open() as stream:
        text = io.TextIOWrapper(stream, "latin-1", newline="")
        rows = csv.reader(text, delimiter=";")
        header = [name.strip() for name in next(rows, [])]
        if header[:2] != list(_KEYS):
            raise SourceBroken(f"{file.name} has not the header of a climate archive; check the address")
        known = [(at, name) for at, name in enumerate(header) if name in CLIMATE]
        if not known:
            raise SourceChanged(
                f"{file.name}: no column is known ({', '.join(header[2:12])}); ask for another product"
            )
        for number, row in enumerate(rows, 2):
            place = f"{file.name}, line {number}"
            if len(row) < len(header) - 1:
                if any(cell.strip() for cell in row):
                    yield Record(place, {}, shape=Shape.OBSERVATION)
                continue
            station, written = row[0].strip().zfill(5), row[1].strip()
            for at, name in known:
                if row[at].strip() not in _MISSING:
                    parameter, factor, offset = CLIMATE[name]
                    values = {"station": station, "time": _time(written, name, told), "parameter": parameter}
                    values["value"] = _number(row[at], factor, offset)
                    yield Record(place, values, shape=Shape.OBSERVATION)


def _number(cell: str, factor: float, offset: float) -> str:
    try:
        return repr(brought(float(cell), factor, offset))
    except ValueError:
        return "unreadable"


def _time(written: str, parameter: str, told: _Told) -> str:
    """ISO 8601 in UTC; what cannot be read stays as it is, and the reading refuses it."""
    try:
        time = datetime.strptime(written, _FORMS[len(written)])
    except (KeyError, ValueError):
        return written
    if told.is_central(parameter, written[:8]):
        time -= _CET
    return f"{time.isoformat()}Z"


def _told(archive: File) -> _Told:
    stations: list[Record] = []
    central: list[tuple[str, str, str]] = []
    for file in unpacked(archive, (".txt",)):
        name = file.name.rpartition("/")[2]
        if name.startswith("Metadaten_Geographie"):
            stations += _stations(file)
        elif name.startswith("Metadaten_Parameter"):
            rows = csv.reader(io.StringIO(file.read().decode("latin-1")), delimiter=";")
            central += [
                (r[4].strip(), r[1].strip(), r[2].strip())
                for r in rows
                if len(r) > 7 and "MEZ" in ";".join(r)
            ]
    return _Told(tuple(stations[-1:]), tuple(central))


def _stations(file: File) -> list[Record]:
    """Where the station stood, in order of time; it may have moved."""
    rows = csv.reader(io.StringIO(file.read().decode("latin-1")), delimiter=";")
    next(rows, None)
    found = []
    for row in rows:
        try:
            station, altitude, latitude, longitude, _, _, name = (cell.strip() for cell in row[:7])
            geometry = point(float(longitude), float(latitude))
        except ValueError:
            raise SourceBroken(f"{file.name} is not readable; fetch the archive again") from None
        values = {"station": station.zfill(5), "name": name, "altitude": altitude}
        found.append(Record(file.name, values, geometry, "EPSG:4326"))
    return found
