"""Shapefiles: a file with siblings, of which only those that belong to it are laid out for the driver."""

import shutil
import struct
from dataclasses import replace
from pathlib import Path

from ingest.archive import member_of
from ingest.connectors.ogr import Chosen, Rows, rows
from ingest.files import File, unpacked
from ingest.inflate import ZIP_MAGIC
from twin.errors import RecipeError, SourceBroken

MAGIC = b"\x00\x00\x27\x0a"
_SIBLINGS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = (".shp", ".shx", ".dbf")
_DAMAGED = "{}: the Shapefile is damaged or cut off; fetch it again"


def layers(file: File, folder: Path, chosen: Chosen, encoding: str | None, batch: int) -> Rows:
    """Yield (CRS, columns, number of the first, [(WKB, values)]) of every Shapefile in `file`, in batches.

    Args:
        file: a ``.shp`` with its siblings beside it (also within an archive), or a zip archive with them.
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
            if raw.read(4) != MAGIC:  # else another driver might take it for something of its own
                raise SourceBroken(f"{file.name} is no Shapefile; fetch it again")
        if _is_cut(own / "layer.shp"):
            raise SourceBroken(_DAMAGED.format(file.name))
        written = None if ".cpg" in parts else _encoding(own / "layer.shp", encoding)
        yield from rows(own / "layer.shp", _DAMAGED.format(file.name), chosen, batch, encoding=written)
        shutil.rmtree(own)


def _found(file: File) -> list[dict[str, File]]:
    """The Shapefiles, each as ending → file."""
    with file.path.open("rb") as raw:
        zipped = file.member is None and raw.read(4) == ZIP_MAGIC
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
        if file.member is not None:
            member = member_of(file.path, file.name, file.member.name[:-4] + spelt)
            if member is not None:
                return replace(file, name=file.name[:-4] + spelt, member=member)
        elif (path := file.path.with_suffix(spelt)).is_file():
            return File(f"{file.stem}{suffix}", path, file.limit)
    return None


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


def _encoding(path: Path, stated: str | None) -> str:
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
