"""Shapefiles: a file with siblings, of which only those that belong to it are laid out for the driver."""

import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ingest.archive import unpacked
from ingest.files import File
from ingest.inflate import ZIP_MAGIC
from twin.errors import RecipeError, SourceBroken

_MAGIC = b"\x00\x00\x27\x0a"
_SIBLINGS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = (".shp", ".shx", ".dbf")
_DAMAGED = "{}: the Shapefile is damaged or cut off; fetch it again"
_Chosen = Callable[[list[str]], list[str]]


def layers(
    file: File, folder: Path, chosen: _Chosen, encoding: str | None, batch: int
) -> Iterator[tuple[str | None, set[str], int, list[tuple[Any, dict[str, Any]]]]]:
    """Yield (CRS, columns, number of the first, [(WKB, values)]) of every Shapefile in `file`, in batches.

    Args:
        file: a ``.shp`` with its siblings beside it, or a zip archive with them.
        folder: an empty one; the files are laid there under names of our own: the driver finds no others.
        chosen: which of the columns are read.
        encoding: of texts, where no ``.cpg`` says it.
        batch: rows at a time.

    Raises:
        SourceBroken: siblings are missing, or it is damaged.
        SourceRefused: the archive explodes, or climbs out of its folder.
    """
    for number, parts in enumerate(_found(file)):
        missing = [suffix for suffix in _NEEDED if suffix not in parts]
        if missing:
            raise SourceBroken(
                f"{file.name}: {', '.join(missing)} of the Shapefile is missing; fetch all of it"
            )
        own = folder / str(number)
        own.mkdir()
        for suffix, part in parts.items():
            with part.open() as stream, (own / f"layer{suffix}").open("wb") as sink:
                shutil.copyfileobj(stream, sink, 1 << 20)
        with (own / "layer.shp").open("rb") as raw:
            if raw.read(4) != _MAGIC:  # else another driver might take it for something of its own
                raise SourceBroken(f"{file.name} is no Shapefile; fetch it again")
        if _is_cut(own / "layer.shp"):
            raise SourceBroken(_DAMAGED.format(file.name))
        yield from _rows(own / "layer.shp", file.name, chosen, encoding, batch)
        shutil.rmtree(own)


def _found(file: File) -> list[dict[str, File]]:
    """The Shapefiles, each as ending → file."""
    with file.path.open("rb") as raw:
        zipped = raw.read(4) == ZIP_MAGIC
    if not zipped:
        beside = {suffix: _beside(file, suffix) for suffix in _SIBLINGS}
        return [{suffix: part for suffix, part in beside.items() if part is not None}]
    by_stem: dict[str, dict[str, File]] = {}
    for part in unpacked(file, _SIBLINGS):
        stem, _, suffix = part.name.rpartition(".")
        by_stem.setdefault(stem, {})[f".{suffix.lower()}"] = part
    found = [parts for _, parts in sorted(by_stem.items()) if ".shp" in parts]
    if not found:
        raise SourceBroken(f"archive {file.name}: no file in it ends with .shp")
    return found


def _beside(file: File, suffix: str) -> File | None:
    for spelt in (suffix, suffix.upper()):
        path = file.path.with_suffix(spelt)
        if path.is_file():
            return File(f"{file.stem}{suffix}", path, file.limit)
    return None


def _rows(
    path: Path, name: str, chosen: _Chosen, encoding: str | None, batch: int
) -> Iterator[tuple[str | None, set[str], int, list[tuple[Any, dict[str, Any]]]]]:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    written = None if path.with_suffix(".cpg").exists() else _encoding(path, encoding, name)
    try:
        info = pyogrio.read_info(path, encoding=written)
        names = [str(field) for field in info["fields"]]
        with pyogrio.open_arrow(
            path, columns=chosen(names), encoding=written, batch_size=batch, use_pyarrow=True
        ) as (meta, reader):
            at, shape = 1, meta["geometry_name"] or "wkb_geometry"
            for rows in reader:
                shapes = rows.column(shape).to_pylist()
                columns = {n: rows.column(n).to_pylist() for n in rows.schema.names if n != shape}
                values = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
                values = values or [{} for _ in shapes]
                yield info["crs"], set(names), at, list(zip(shapes, values, strict=True))
                at += len(shapes)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError):
        raise SourceBroken(_DAMAGED.format(name)) from None


def _is_cut(path: Path) -> bool:
    """The driver reads what lacks its end as if nothing had been there; the heads know better."""
    with path.with_suffix(".dbf").open("rb") as table:
        head = table.read(32)
    if len(head) < 32:
        return True
    rows, start, width = struct.unpack_from("<IHH", head, 4)
    if path.with_suffix(".dbf").stat().st_size < start + rows * width:
        return True
    sizes = {}
    for suffix in (".shp", ".shx"):  # ESRI Shapefile Technical Description (1998): lengths in 16-bit words
        part = path.with_suffix(suffix)
        with part.open("rb") as raw:
            head = raw.read(100)
        if len(head) < 100:
            return True
        sizes[suffix] = 2 * struct.unpack_from(">I", head, 24)[0]
        if part.stat().st_size < sizes[suffix]:
            return True
    return bool((sizes[".shx"] - 100) // 8 != rows)


def _encoding(path: Path, stated: str | None, name: str) -> str:
    """How the texts of the table are written: as stated; else UTF-8 if they can be read so; else cp1252."""
    if stated is not None:
        try:
            "".encode(stated)
        except LookupError:
            raise RecipeError(
                f"options.encoding: {stated[:40]!r} is no encoding; write utf-8 or cp1252"
            ) from None
        return stated
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.with_suffix(".dbf").open("rb") as table:
            head = table.read(32)
            table.seek(int.from_bytes(head[8:10], "little"))
            while piece := table.read(1 << 20):
                decoder.decode(piece)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
