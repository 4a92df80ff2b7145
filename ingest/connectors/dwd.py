"""Weather of Germany's DWD: climate archives (CDC), latest observations (POI), point forecasts (MOSMIX).

Which of them a file is, its content says. Files, a folder, or an address below which `files` lie.

Options:
    stations: list of station ids; each stands for ``{id}`` in `files`. For folders the others are left out.
    files: list of paths below the address, with ``{id}``; several products of one station are one layer.
    hosts: further hosts that may be asked.
"""

from collections.abc import Iterator
from urllib.parse import quote

from ingest.archive import is_zip
from ingest.connectors import dwd_climate, dwd_forecast, dwd_latest
from ingest.connectors.options import listed, options
from ingest.connectors.seen import Seen
from ingest.fetch import Fetch
from ingest.files import File
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield stations as features and values as observations, one for each station, time and parameter.

    Station values: ``station``, ``name``, ``altitude`` (m), position in EPSG:4326 where the file tells it.
    Observation values: ``station``, ``time`` (ISO, UTC), ``parameter`` (a property of ``weather-station/1``),
    ``value`` in that property's unit (None where missing).

    Raises:
        SourceBroken: a file of another kind, or cut off.
        SourceChanged: other columns.
    """
    asked = options(source, ("stations", "files", "hosts"))
    stations = listed(asked.get("stations", []), "stations")
    known = Seen()
    for file, own in _files(source, fetch, stations):
        for record in _read(file, own):
            if stations and record.values.get("station", own) not in stations:
                continue
            # every product of a station tells where it stands
            if record.shape.name != "FEATURE" or known.add(str(record.values["station"])) is None:
                yield record


def _files(source: Source, fetch: Fetch, stations: list[str]) -> Iterator[tuple[File, str | None]]:
    if fetch.is_local(source.url):
        for file in fetch.files(source.url, (".zip", ".kmz", ".kml", ".csv", ".txt")):
            if "Metadaten" not in file.name and "Meta_Daten" not in file.name:
                yield file, None
        return
    paths = listed(source.options.get("files", []), "files")
    if not stations or not paths:
        raise RecipeError("options.stations and options.files list what is asked below the address")
    for own in stations:
        for path in paths:
            yield fetch.download(source.url + path.replace("{id}", quote(own))), own


def _read(file: File, own: str | None) -> Iterator[Record]:
    if is_zip(file.path):
        from ingest.files import opened

        for inner in opened(file, (".kml", ".txt")):
            if inner.has_suffix((".kml",)):
                yield from dwd_forecast.read(inner)
            elif "produkt_" in inner.name:
                yield from dwd_climate.read(inner, file)
        return
    with file.open() as stream:
        head = stream.read(200).lstrip(b"\xef\xbb\xbf \r\n")
    if head.startswith(b"STATIONS_ID"):
        yield from dwd_climate.read(file, None)
    elif head.startswith(b"surface observations"):
        yield from dwd_latest.read(file, own)
    elif head.startswith(b"<"):
        yield from dwd_forecast.read(file)
    else:
        raise SourceBroken(f"{file.name} is none of DWD's files that we read; check the address")
