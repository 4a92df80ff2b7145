"""CityJSON 1.0, 1.1 and 2.0, and CityJSON sequences (``.jsonl``): one record per top-level object.

Source: files (``.json``, ``.jsonl``, also ``.gz`` and in a ``.zip``), a folder of them, or one address. What
a file is, its first line tells, not its name. Extensions are kept as attributes; their addresses are never
asked.

Options:
    lod: level of detail wanted, ``2.2``, or ``2`` for the best 2.x; by default the best that is whole, in
        the order 3, 2, 4, 1, 0.
    classes: CityGML classes wanted; by default ``["Building"]``. What is of no class of CityJSON counts as
        ``GenericCityObject``.
    attributes: ``"all"`` keeps those without a common name, too, under ``generic``.
    textures: true keeps the pictures on the faces.
    trees: true gives single plants (``SolitaryVegetationObject``) without faces of their own, or with a
        template, as points with a size: records of the class ``Tree``.
    tiles, hosts: as for ``citygml``.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ingest.beside import without_others
from ingest.connectors.cityjson_cut import first_line, lines, used
from ingest.connectors.cityjson_head import Head, Wanted, head_of, wanted
from ingest.connectors.cityjson_json import loads
from ingest.connectors.cityjson_objects import Family, families
from ingest.connectors.cityjson_part import Part, parsed, read_part
from ingest.connectors.tiled import files
from ingest.files import File
from twin.errors import SourceBroken
from twin.record import Record
from twin.source import Source

if TYPE_CHECKING:
    from ingest.fetch import Fetch  # who reads parts never asks, and needs no settings

__all__ = ["Part", "parts", "read", "read_part"]

_SUFFIXES = (".json", ".jsonl", ".cityjson", ".cityjsonl")
_MARKS = (b"CityJSON", b'"CityObjects"')
_WHOLE = 16 << 20
"""Bytes of a document that travels as it is; the objects of a larger one are dealt out."""
_DEALT = 1000
"""Objects of a large document that make a part."""


def read(source: Source, fetch: "Fetch") -> Iterator[Record]:
    """Yield one record per top-level object; its parts and installations belong to it.

    Values: ``class``, ``gml_id``, ``name``, ``measured_height`` (float, m), ``part_heights`` (list of float,
    m), ``roof_type``, ``function``, ``storeys``, ``year_built``, ``creation_date``, ``municipality_key``
    (text), ``lod`` (number) and ``generic``. Addresses are not read. Geometry: a `Solid` in the file's CRS,
    None if no face is usable; a note then says why.

    Raises:
        SourceBroken: no CityJSON of a known version, cut off, or without a usable transform.
    """
    for part in parts(source, fetch):
        yield from read_part(part)


def parts(source: Source, fetch: "Fetch") -> Iterator[Part]:
    """Yield the pieces of the files, in order; each can be read by itself. Raises as `read` does."""
    asked = wanted(source)
    for file in without_others(files(source, fetch, _SUFFIXES), ".json", _MARKS):
        for part in _cut(file, asked, source.crs, stays=fetch.is_local(source.url)):
            yield replace(part, file=file) if asked.textures else part


def _cut(file: File, asked: Wanted, crs: str | None, *, stays: bool) -> Iterator[Part]:
    with file.open() as stream:
        line, rest = first_line(stream)
        if not line.strip():
            raise SourceBroken(f"{file.name} is empty; fetch it again")
        if line.lstrip().startswith(b"<"):
            raise SourceBroken(f"{file.name} is XML, no CityJSON; CityGML is read by the connector citygml")
        path = file.path if stays and file.is_plain else None
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
    head, objects, points = parsed(name, asked, crs, data)
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
