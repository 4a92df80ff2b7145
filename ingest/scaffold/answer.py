"""Answer: what a source gives, laid into a folder of our own: a file, or several that belong together."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.addresses import is_local, local_path, with_query
from ingest.bodies import parse_json
from ingest.connectors.features import whole
from ingest.connectors.gbfs import FEEDS, discovered
from ingest.fetch import Fetch
from ingest.inflate import GZIP_MAGIC
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.offered import Listed, list_of
from ingest.scaffold.recognise import dialect_in, dialect_of
from twin.errors import SourceBroken, SourceDown, TwinError

MOST = 500
"""Records that are looked at."""
_FILES = 8
"""Files of a folder that are looked at."""
_TOGETHER = ("datex2", "cap", "sensorthings", "citygml", "rest_json")
"""Connectors for which a folder of several documents is one source."""
_BESIDE = (".shx", ".dbf", ".prj", ".cpg")


def answer_of(address: str, fetch: Fetch, folder: Path) -> tuple[Path, Dialect]:
    """Have an answer of a source, and find out what it is.

    Args:
        address: path of a file or folder, or an http address.
        fetch: the client.
        folder: an empty one, into which the answer is laid.

    Raises:
        SourceError: it cannot be had, or is nothing that we read.
    """
    if is_local(address):
        path = Path(local_path(address))
        if path.is_dir():
            return _folder(path, fetch, folder)
        if not path.is_file():
            raise SourceDown(f"{address}: no such file; check the path")
        return _file(path, fetch, folder, address)
    wanted = with_query(address, [("count", str(MOST))]) if "service=wfs" in address.lower() else address
    try:
        file = fetch.download(wanted)
        path = _inflated(Path(shutil.copyfile(file.path, folder / _named(file.name))), fetch)
        dialect = dialect_of(path, address)
    except Listed:
        raise
    except SourceBroken as error:
        raise SourceBroken(f"{error}{list_of(address)}") from None
    if dialect.connector == "gbfs":
        return _feeds(path, address, fetch, folder / "feeds"), dialect
    if dialect.connector == "arcgis":
        path.write_bytes(_sample(path))
    return _ending(path, dialect), dialect


def _named(name: str) -> str:
    return name.replace("/", "_")[-80:] or "answer"


def _file(path: Path, fetch: Fetch, folder: Path, address: str) -> tuple[Path, Dialect]:
    if path.suffix == ".pb" and (path.parent / "stops.txt").is_file():
        return _folder(path.parent, fetch, folder)
    copy = _inflated(Path(shutil.copyfile(path, folder / path.name)), fetch)
    dialect = dialect_of(copy, address)
    if dialect.connector == "gbfs" and (whole := dialect_in(path.parent)):
        copy.unlink()
        return _copied(path.parent, folder, (".json",)), whole
    if dialect.suffix == ".shp":
        for ending in _BESIDE:
            for beside in (path.with_suffix(ending), path.with_suffix(ending.upper())):
                if beside.is_file():
                    shutil.copyfile(beside, folder / f"answer{ending}")
    return _ending(copy, dialect), dialect


def _folder(path: Path, fetch: Fetch, folder: Path) -> tuple[Path, Dialect]:
    """The folder as a whole where it is one; else its files of one kind; else the first that is read."""
    whole = dialect_in(path)
    if whole is not None:
        return _copied(path, folder, (".json",) if whole.connector == "gbfs" else (".txt", ".pb")), whole
    faults: list[TwinError] = []
    for entry in _entries(path):
        try:
            dialect = dialect_of(
                _inflated(Path(shutil.copyfile(entry, folder / entry.name)), fetch), str(entry)
            )
        except TwinError as error:
            faults.append(error)
            continue
        same = [entry, *_same(path, entry)]
        if dialect.connector not in _TOGETHER or len(same) == 1:
            (folder / "one").mkdir()
            return _file(entry, fetch, folder / "one", str(entry))
        inner = folder / "answer"
        inner.mkdir()
        for number, each in enumerate(same[:_FILES]):
            _inflated(Path(shutil.copyfile(each, inner / f"{number}{each.suffix}")), fetch)
        return inner, dialect
    raise faults[0] if faults else SourceBroken(f"{path.name}: a folder without files; check the path")


def _entries(path: Path) -> list[Path]:
    found = [entry for entry in sorted(path.iterdir()) if entry.is_file() and not entry.name.startswith(".")]
    return sorted(found, key=lambda entry: entry.suffix.lower() not in (".shp", ".gpkg"))


def _same(path: Path, entry: Path) -> Iterator[Path]:
    """The other files of a folder with the same ending."""
    return (each for each in _entries(path) if each != entry and each.suffix == entry.suffix)


def _copied(path: Path, folder: Path, endings: tuple[str, ...]) -> Path:
    inner = folder / "answer"
    inner.mkdir()
    for entry in _entries(path):
        if entry.suffix.lower() in endings:
            shutil.copyfile(entry, inner / entry.name)
    return inner


def _feeds(path: Path, address: str, fetch: Fetch, folder: Path) -> Path:
    """The feeds of stations that a discovery file names; those of vehicles are not asked for."""
    document: Any = parse_json(path.read_bytes(), path.name)
    folder.mkdir()
    for name, url in discovered(document, path.name, "de").items():
        if name in FEEDS:
            shutil.copyfile(fetch.download(fetch.follow(address, url, ())).path, folder / f"{name}.json")
    return folder


def _sample(path: Path) -> bytes:
    """A server's first features, without saying that it has more."""
    import orjson

    return orjson.dumps(whole(parse_json(path.read_bytes(), path.name)))


def _ending(path: Path, dialect: Dialect) -> Path:
    """With the name that its connector expects; rasters and sequences say something by theirs."""
    if dialect.connector in ("geotiff", "hgt", "las", "xyz") and path.name.lower().endswith(
        (dialect.suffix, ".zip")
    ):
        return path
    stem = path.name.partition(".")[0] if dialect.connector in ("geotiff", "hgt", "las", "xyz") else "answer"
    return path.rename(path.with_name(f"{stem}{dialect.suffix}"))


def _inflated(path: Path, fetch: Fetch) -> Path:
    with path.open("rb") as stream:
        if stream.read(2) != GZIP_MAGIC:
            return path
    plain = path.with_name(f"plain-{path.name}")
    (file,) = fetch.files(str(path), (path.suffix,))  # which knows the cap
    with file.open() as packed, plain.open("wb") as sink:
        shutil.copyfileobj(packed, sink, 1 << 20)
    path.unlink()
    return plain.rename(path.with_name(path.name.removesuffix(".gz")))
