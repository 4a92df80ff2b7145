"""A Shapefile cut down to its first records: bytes of the shapes, and a table written anew.

Layouts: ESRI Shapefile Technical Description (1998), and the table of dBASE III.
"""

import io
import shutil
import struct
import tempfile
from pathlib import Path

from ingest.archive import is_zip
from ingest.files import File, unpacked
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.mask import KEPT, LARGEST, MASK, Mask, few
from twin.errors import SourceBroken

_MOST = 4_000_000_000
_PARTS = (".shp", ".dbf", ".prj", ".cpg")
_HEAD = 100
_LOOKED_AT = 300


def cut_shapefile(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """The first small features of a ``.shp`` with its siblings, or of the first one in an archive.

    Raises:
        SourceBroken: siblings are missing.
    """
    with tempfile.TemporaryDirectory(prefix="twin-") as folder:
        parts = _parts(source, Path(folder))
        if not {".shp", ".dbf"} <= parts.keys():
            raise SourceBroken(f"{source.name}: .shp or .dbf of the Shapefile is missing; fetch all of it")
        with parts[".shp"].open("rb") as shapes:
            head = shapes.read(_HEAD)
            records: list[bytes] = []
            while len(records) < _LOOKED_AT and len(mark := shapes.read(8)) == 8:
                records.append(shapes.read(2 * struct.unpack(">ii", mark)[1]))
        kept = few([len(record) for record in records], KEPT, 4 * LARGEST)
        written = _encoding(parts, dialect)
        cut = {"answer.dbf": _table(parts[".dbf"], kept, mask, written)}
        cut["answer.shp"], cut["answer.shx"] = _shapes(head, [records[at] for at in kept])
        cut |= {f"answer{end}": parts[end].read_bytes() for end in (".prj", ".cpg") if end in parts}
        return cut


def _parts(source: Path, folder: Path) -> dict[str, Path]:
    if not is_zip(source):
        near = {end: [source.with_suffix(end), source.with_suffix(end.upper())] for end in _PARTS}
        return {end: path for end, paths in near.items() for path in paths if path.is_file()}
    found: dict[str, Path] = {}
    stem = None
    for file in sorted(
        unpacked(File(source.name, source, _MOST), _PARTS), key=lambda f: not f.has_suffix((".shp",))
    ):
        before, _, ending = file.name.rpartition(".")
        stem = stem or before
        if before == stem:
            found[f".{ending.lower()}"] = target = folder / f"part.{ending.lower()}"
            with file.open() as stream, target.open("wb") as sink:
                shutil.copyfileobj(stream, sink, 1 << 20)
    return found


def _shapes(head: bytes, records: list[bytes]) -> tuple[bytes, bytes]:
    """Shapes and their index; lengths count in words of two bytes."""
    shapes, index, at = io.BytesIO(), io.BytesIO(), _HEAD // 2
    for number, record in enumerate(records, 1):
        shapes.write(struct.pack(">ii", number, len(record) // 2) + record)
        index.write(struct.pack(">ii", at, len(record) // 2))
        at += 4 + len(record) // 2
    told = []
    for body in (shapes.getvalue(), index.getvalue()):
        told.append(head[:24] + struct.pack(">i", (_HEAD + len(body)) // 2) + head[28:] + body)
    return told[0], told[1]


def _encoding(parts: dict[str, Path], dialect: Dialect) -> str:
    if ".cpg" in parts:
        stated = parts[".cpg"].read_text("ascii", "replace").strip()
        try:
            "".encode(stated)
        except LookupError:
            return "utf-8"
        return stated
    return str(dialect.options.get("encoding", "utf-8"))


def _table(path: Path, kept: list[int], mask: Mask, encoding: str) -> bytes:
    """Rows of the same width, texts masked; what no longer fits its width is cut, as such tables do."""
    with path.open("rb") as stream:
        head = stream.read(32)
        start, width = struct.unpack_from("<HH", head, 8)
        described = stream.read(start - 32)
        rows = []
        for at in kept:
            stream.seek(start + at * width)
            rows.append(stream.read(width))
    fields, at = [], 1
    for place in range(0, len(described) - 31, 32):
        one = described[place : place + 32]
        if one[:1] == b"\r":
            break
        fields.append((one[:11].split(b"\0")[0].decode(encoding, "replace"), chr(one[11]), at, one[16]))
        at += one[16]
    body = b"".join(_row(bytearray(row), fields, mask, encoding) for row in rows)
    return head[:4] + struct.pack("<I", len(rows)) + head[8:] + described + body + b"\x1a"


def _row(row: bytearray, fields: list[tuple[str, str, int, int]], mask: Mask, encoding: str) -> bytes:
    for name, kind, at, wide in fields:
        cell = bytes(row[at : at + wide])
        if mask.hides(name) and cell.strip():
            cell = (MASK.encode(encoding, "replace") if kind == "C" and wide > 4 else b"").ljust(wide)
        elif kind == "C":
            text = cell.decode(encoding, "replace").strip()
            hidden = str(mask.value(text)) if text else ""
            if hidden != text:
                cell = hidden.encode(encoding, "replace")[:wide].ljust(wide)
        row[at : at + wide] = cell[:wide]
    return bytes(row)
