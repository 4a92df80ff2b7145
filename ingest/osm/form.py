"""In which form an OSM file comes: XML or PBF, packed or not, by its first bytes."""

import bz2
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ingest.files import File
from ingest.inflate import GZIP_MAGIC, Cap
from twin.errors import SourceBroken, SourceRefused

DAMAGED = "{}: the OSM file is damaged, cut off or of another format; fetch it again"


@contextmanager
def readable(file: File) -> Iterator[tuple[Path, str]]:
    """The path and the format, as osmium names it, of an OSM file; told by its first bytes.

    Raises:
        SourceBroken: neither OSM XML nor PBF.
        SourceRefused: a DOCTYPE, or more inflated bytes than the cap allows.
    """
    if file.member is not None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "member"
            with file.open() as stream, path.open("wb") as sink:
                shutil.copyfileobj(stream, sink, 1 << 20)
            with readable(replace(file, path=path, member=None)) as found:
                yield found
        return
    with file.path.open("rb") as raw:
        head = raw.read(64)
    if not head:
        raise SourceBroken(f"{file.name} is empty; ask its publisher")
    if head[:3] == b"BZh":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "inflated.osm"
            _unpack(file, path)
            with path.open("rb") as raw:
                _refuse_doctype(raw.read(4096), file.name)
            yield path, "osm"
    elif b"OSMHeader" in head:
        yield file.path, "pbf"
    else:
        with file.open() as stream:
            start = stream.read(4096)
        _refuse_doctype(start, file.name)
        if b"<osm" not in start:
            raise SourceBroken(f"{file.name} is neither OSM XML nor PBF; check what it is")
        yield file.path, "osm.gz" if head[:2] == GZIP_MAGIC else "osm"


def _unpack(file: File, path: Path) -> None:
    cap = Cap(file.limit, file.name)
    try:
        with bz2.open(file.path) as stream, path.open("wb") as sink:
            while piece := stream.read(1 << 20):
                sink.write(cap.take(piece))
    except (EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the disk; bz2's own have no number
        raise SourceBroken(DAMAGED.format(file.name)) from None


def _refuse_doctype(head: bytes, name: str) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise SourceRefused(f"{name} has a DOCTYPE; XML that defines its own entities is not read")
