"""CityJSON 1.0, 1.1 and 2.0, and CityJSON sequences (``.jsonl``): one record per top-level object.

Source: files (``.json``, ``.jsonl``, also ``.gz``), a folder of them, or one address. What a file is, its
first line tells, not its name. Extensions are kept as attributes; their addresses are never asked.

Options:
    lod: level of detail wanted, ``2.2``, or ``2`` for the best 2.x; by default the best that is whole, in
        the order 2, 3, 1, 4, 0.
    classes: CityGML classes wanted; by default ``["Building"]``. What is of no class of CityJSON counts as
        ``GenericCityObject``.
    attributes: ``"all"`` keeps those without a common name, too, under ``generic``.
    textures: true keeps the pictures on the faces.
    tiles, hosts: as for ``citygml``.
"""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ingest.connectors.cityjson_build import Builder, Job
from ingest.connectors.cityjson_cut import first_line, lines, used
from ingest.connectors.cityjson_faces import vertices
from ingest.connectors.cityjson_head import Head, Wanted, head_of, wanted
from ingest.connectors.cityjson_json import loads
from ingest.connectors.cityjson_objects import Family, families
from ingest.connectors.cityjson_values import values_of
from ingest.connectors.tiled import files
from ingest.fetch import Fetch
from ingest.files import File
from twin.errors import SourceBroken
from twin.record import Record
from twin.source import Source

LINE = "a line that is no CityJSONFeature was left out"

_SUFFIXES = (".json", ".jsonl", ".cityjson", ".cityjsonl")
_BATCH = 64
"""Objects that numpy sees at once."""
_WHOLE = 16 << 20
"""Bytes of a document that travels as it is; the objects of a larger one are dealt out."""
_DEALT = 1000
"""Objects of a large document that make a part."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a file: some lines of a sequence, a whole document, or some objects of one."""

    name: str
    """The file, for messages."""
    wanted: Wanted
    stated_crs: str | None
    head: Head | None
    """None for a whole document, which brings its own."""
    first: int
    """Number of its first line or object."""
    data: bytes | None
    """None if it is to be read from `path`."""
    path: Path | None = None
    start: int = 0
    size: int = 0
    ends: bool = False
    """Whether its last line is the file's last one and lacks a line feed."""
    used: NDArray[np.int64] | None = None
    """Of a dealt document: the vertices its objects refer to, and where they are."""
    points: NDArray[np.float64] | None = None
    count: int = 0
    """How many vertices the document has."""

    def bytes(self) -> bytes:
        """What it holds."""
        if self.data is not None:
            return self.data
        assert self.path is not None
        try:
            with self.path.open("rb") as file:
                file.seek(self.start)
                return file.read(self.size)
        except OSError as error:
            raise SourceBroken(f"{self.name} cannot be read: {error.strerror}") from None


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per top-level object; its parts and installations belong to it.

    Values: ``class``, ``gml_id``, ``name``, ``measured_height`` (float, m), ``part_heights`` (list of float,
    m), ``roof_type``, ``function``, ``storeys``, ``creation_date``, ``municipality_key`` (text), ``lod``
    (number) and ``generic``. Addresses are not read. Geometry: a `Solid` in the file's CRS, None if no face
    is usable; a note then says why.

    Raises:
        SourceBroken: no CityJSON of a known version, cut off, or without a usable transform.
    """
    for part in parts(source, fetch):
        yield from read_part(part)


def parts(source: Source, fetch: Fetch) -> Iterator[Part]:
    """Yield the pieces of the files, in order; each can be read by itself. Raises as `read` does."""
    asked = wanted(source)
    for file in files(source, fetch, _SUFFIXES):
        yield from _cut(file, asked, source.crs, stays=fetch.is_local(source.url))


def _cut(file: File, asked: Wanted, crs: str | None, *, stays: bool) -> Iterator[Part]:
    with file.open() as stream:
        line, rest = first_line(stream)
        if not line.strip():
            raise SourceBroken(f"{file.name} is empty; fetch it again")
        if line.lstrip().startswith(b"<"):
            raise SourceBroken(f"{file.name} is XML, no CityJSON; CityGML is read by the connector citygml")
        path = file.path if stays and _lies_plain(file, line + rest) else None
        header = _header(line) if rest else None
        if header is None:
            yield from _document(file.name, asked, crs, line + rest + stream.read(), path)
            return
        head = head_of(header, file.name, crs, textures=asked.textures)
        if header.get("CityObjects"):  # against the standard, but it loses nothing
            yield Part(file.name, asked, crs, None, 1, line)
        after = line.count(b"\n") + 1
        for first, offset, piece, ends in lines(stream, rest, after, file.name):
            if path is None:
                yield Part(file.name, asked, crs, head, first, piece, ends=ends)
            else:
                start = len(line) + offset
                yield Part(file.name, asked, crs, head, first, None, path, start, len(piece), ends)


def _lies_plain(file: File, begin: bytes) -> bool:
    """Whether the file's own bytes are what its stream gives: neither compressed nor in an archive."""
    with file.path.open("rb") as raw:
        return raw.read(len(begin)) == begin


def _header(line: bytes) -> dict[str, Any] | None:
    """The first line of a sequence; None if it is no JSON by itself, as in a document of many lines."""
    try:
        header = loads(line)
    except ValueError:
        return None
    return header if isinstance(header, dict) else None


def _document(name: str, asked: Wanted, crs: str | None, data: bytes, path: Path | None) -> Iterator[Part]:
    if len(data) <= _WHOLE or asked.textures:  # each part would need all the textures' corners
        yield Part(name, asked, crs, None, 1, None if path else data, path, 0, len(data))
        return
    head, objects, points = _parsed(name, asked, crs, data)
    del data
    several: list[Family] = []
    first = 1
    for family in families(objects):
        several.append(family)
        if len(several) == _DEALT:
            yield _dealt(name, asked, crs, head, first, several, points)
            first, several = first + len(several), []
    if several:
        yield _dealt(name, asked, crs, head, first, several, points)


def _dealt(
    name: str,
    asked: Wanted,
    crs: str | None,
    head: Head,
    first: int,
    several: list[Family],
    points: NDArray[np.float64],
) -> Part:
    needed = used(several, len(points))
    data = orjson.dumps([[f.id, f.top, f.kind, f.parts, f.others, f.notes] for f in several])
    return Part(
        name, asked, crs, head, first, data, used=needed, points=points[needed], count=len(points)
    )  # fmt: skip


def _parsed(
    name: str, asked: Wanted, crs: str | None, data: bytes
) -> tuple[Head, dict[str, Any], NDArray[np.float64]]:
    try:
        document = loads(data)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise SourceBroken(f"{name}: cut off or not well-formed in line {line}; fetch it again") from None
    head = head_of(document, name, crs, textures=asked.textures)
    objects, written = document.get("CityObjects"), document.get("vertices")
    if not isinstance(objects, dict) or not isinstance(written, list):
        raise SourceBroken(f"{name} has no CityObjects or no vertices; fetch it again")
    return head, objects, _placed(written, head)


def _placed(written: list[Any], head: Head) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):  # what gets too large is told of its object
        return vertices(written) * head.scale + head.translate


def read_part(part: Part) -> Iterator[Record]:
    """Yield the records of a part, in order, in whatever process. Raises as `read` does."""
    if part.head is not None and part.used is None:
        return _of_lines(part, part.head)
    return _of_document(part)


def _of_document(part: Part) -> Iterator[Record]:
    if part.used is not None and part.head is not None and part.points is not None:
        head = part.head
        points = np.zeros((part.count, 3))  # pages that no object refers to are never touched
        points[part.used] = part.points
        whole = iter([Family(*each) for each in orjson.loads(part.bytes())])
    else:
        head, objects, points = _parsed(part.name, part.wanted, part.stated_crs, part.bytes())
        whole = families(objects)
    builder = Builder(head, part.wanted)
    jobs: list[Job] = []
    for number, family in enumerate(whole, part.first):
        if not family.kind or family.kind in part.wanted.classes:
            jobs.append(Job(family, f"{part.name}, object {number}", 0, len(points), head.appearance))
        if len(jobs) == _BATCH:
            yield from builder.records(jobs, points)
            jobs = []
    yield from builder.records(jobs, points)


def _of_lines(part: Part, head: Head) -> Iterator[Record]:
    builder = Builder(head, part.wanted)
    written = part.bytes().split(b"\n")
    for begin in range(0, len(written), _BATCH):
        yield from _features(part, head, builder, written[begin : begin + _BATCH], part.first + begin)
    if part.ends and _feature(written[-1]) is None:
        number = part.first + len(written) - 1
        raise SourceBroken(f"{part.name}: cut off in line {number}; fetch it again")


def _features(part: Part, head: Head, builder: Builder, written: list[bytes], first: int) -> list[Record]:
    """The records of some lines. The collector of rubbish rests: there are many lists here, and no cycles."""
    resting = gc.isenabled()
    gc.disable()
    try:
        jobs: list[Job] = []
        numbers: list[Any] = []
        broken: list[tuple[int, Record]] = []
        for number, line in enumerate(written, first):
            if not line or line.isspace():
                continue
            feature = _feature(line)
            place = f"{part.name}, line {number}"
            if feature is None:
                values = values_of(Family("", {}, ""), None, generic=False)
                broken.append((len(jobs), Record(place, values, None, head.crs, notes=(LINE,))))
                continue
            own = feature["vertices"]
            appearance = feature.get("appearance", head.appearance) if part.wanted.textures else {}
            for family in families(feature["CityObjects"]):
                if not family.kind or family.kind in part.wanted.classes:
                    jobs.append(Job(family, place, len(numbers), len(own), appearance))
            numbers += own
        records = builder.records(jobs, _placed(numbers, head))
        for before, record in reversed(broken):
            records.insert(before, record)
        return records
    finally:
        if resting:
            gc.enable()


def _feature(line: bytes) -> dict[str, Any] | None:
    """The feature on a line; None if there is none."""
    try:
        feature = loads(line)
    except ValueError:
        return None
    if not isinstance(feature, dict) or feature.get("type") != "CityJSONFeature":
        return None
    sound = isinstance(feature.get("CityObjects"), dict) and isinstance(feature.get("vertices"), list)
    return feature if sound else None
