"""Look: fetch an answer once, find out what it is, and read some hundred records of it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ingest.addresses import is_local, local_path, with_query
from ingest.connectors import CONNECTORS, connector
from ingest.fetch import Fetch
from ingest.scaffold.dialect import Dialect, dialect_of
from ingest.scaffold.profile import Field, profiled
from twin.errors import SourceBroken, SourceDown
from twin.record import Record, Shape
from twin.settings import Settings
from twin.source import Source

_MOST = 500
_COLUMNS = ("geojson", "wfs", "ogc_features", "csv", "json", "vector")
"""Connectors whose columns a recipe states."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of a source."""

    dialect: Dialect
    file: Path
    """The answer, as long as `looked_at` lasts."""
    fields: list[Field]
    count: int
    """Records looked at, at most some hundred."""
    geometry: str | None
    """GeoJSON type of the first geometry."""
    crs: str | None
    crs_guessed: bool
    observations: int
    """Records that are measurements."""

    @property
    def has_columns(self) -> bool:
        """Whether the recipe states the source's columns."""
        return self.dialect.connector in _COLUMNS


@contextmanager
def looked_at(address: str, settings: Settings, crs: str | None = None) -> Iterator[Looked]:
    """Look at a file or an address.

    Args:
        address: path or http address, typed by the operator.
        settings: caps and contact.
        crs: CRS of positions where the answer says none.

    Raises:
        SourceError: it cannot be had or read.
    """
    with tempfile.TemporaryDirectory(prefix="twin-") as folder, Fetch(settings, trusted=True) as fetch:
        path = _answer(address, fetch, Path(folder))
        dialect = dialect_of(path, address)
        if dialect.connector not in CONNECTORS:
            raise SourceBroken(f"{path.name} is {dialect.said}, which no connector reads yet")
        named = path.rename(path.with_name(f"answer{dialect.suffix}"))
        records = _records(dialect, named, fetch, crs)
        if not records:
            raise SourceBroken(f"{address} has no records; look at it when there is something in it")
        things = [record for record in records if record.shape is Shape.FEATURE]
        own = next((record.crs for record in things if record.crs), None)
        kind, guess = _placed(things)
        yield Looked(
            dialect,
            named,
            profiled(records),
            len(records),
            kind,
            crs or (guess if own is None else _stated(own, dialect)),
            crs is None and own is None and guess is not None,
            len(records) - len(things),
        )


def _stated(own: str, dialect: Dialect) -> str | None:
    """GeoJSON says its CRS itself, or has the one of its standard."""
    return None if dialect.connector in ("geojson", "vector", "cityjson", "citygml") else own


def _answer(address: str, fetch: Fetch, folder: Path) -> Path:
    if is_local(address):
        path = Path(local_path(address))
        if path.is_dir():
            path = next((entry for entry in sorted(path.iterdir()) if entry.is_file()), path)
        if not path.is_file():
            raise SourceDown(f"{address}: no such file; check the path")
        target = folder / path.name
        for beside in (path, *(path.with_suffix(end) for end in (".shx", ".dbf", ".prj", ".cpg"))):
            if beside == path or (path.suffix == ".shp" and beside.is_file()):
                shutil.copyfile(beside, folder / f"answer{beside.suffix}" if beside != path else target)
        return _inflated(target)
    wanted = with_query(address, [("count", str(_MOST))]) if "service=wfs" in address.lower() else address
    file = fetch.download(wanted)
    return _inflated(Path(shutil.copyfile(file.path, folder / file.name.replace("/", "_"))))


def _inflated(path: Path) -> Path:
    import gzip

    with path.open("rb") as stream:
        if stream.read(2) != b"\x1f\x8b":
            return path
    plain = path.with_name(f"plain-{path.stem}")
    with gzip.open(path) as packed, plain.open("wb") as sink:
        shutil.copyfileobj(packed, sink, 1 << 20)
    return plain


def _records(dialect: Dialect, path: Path, fetch: Fetch, crs: str | None) -> list[Record]:
    source = Source(
        connector=dialect.connector,
        url=str(path),
        interval="1d",
        licence="CC0-1.0",
        attribution="-",
        publisher="-",
        options=dialect.options,
        crs=crs,
    )
    return list(islice(connector(dialect.connector)(source, fetch), _MOST))


def _placed(things: list[Record]) -> tuple[str | None, str | None]:
    """Type of the first geometry, and the CRS that its numbers look like."""
    import shapely

    for record in things:
        if isinstance(record.geometry, bytes):
            shape = shapely.from_wkb(record.geometry)
            east, north = shape.bounds[:2]
            if abs(east) <= 180 and abs(north) <= 90:
                return shape.geom_type, "EPSG:4326"
            utm = 200_000 < east < 900_000 and 5_200_000 < north < 6_200_000
            return shape.geom_type, "EPSG:25832" if utm else None
        if record.geometry is not None:
            return "building", None
    return None, None
