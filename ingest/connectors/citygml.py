"""CityGML 1.0, 2.0 and 3.0: buildings, and other city objects when they are asked for.

Source: files (``.gml``, ``.xml``, ``.citygml``, also ``.gz`` and ``.zip``), a folder of them, one address, an
address with ``{E}`` and ``{N}``, or a metalink (``.meta4``) of a surveying authority.

Options:
    tiles: list of ``E_N`` names, to choose from a metalink or to fill in ``{E}`` and ``{N}``.
    hosts: further hosts that a metalink may point to.
    lod: level of detail wanted; by default the best that is whole, in the order 3, 2, 4, 1, 0.
    classes: names of feature classes; by default ``["Building"]``.
    attributes: ``all`` for the generic attributes, too.
    textures: true keeps the pictures on the faces.
    trees: true gives single plants (``SolitaryVegetationObject``) without faces of their own, or with a form
        that is drawn once for many, as points with a size: records of the class ``Tree``.
"""

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.beside import without_others
from ingest.connectors.citygml_cut import Cut, cuts
from ingest.connectors.citygml_head import Head
from ingest.connectors.citygml_read import Wanted, read_cut
from ingest.connectors.citygml_roles import CLASSES
from ingest.connectors.options import listed
from ingest.connectors.tiled import files
from ingest.files import File
from twin.errors import RecipeError
from twin.record import Record
from twin.source import Source

if TYPE_CHECKING:
    from ingest.fetch import Fetch  # who reads parts never asks, and needs no settings

_SUFFIXES = (".gml", ".xml", ".citygml")
_MARKS = (b"CityModel", b"FeatureCollection")


@dataclass(frozen=True, slots=True)
class Part:
    """Some objects of a file, to be read in any process."""

    cut: Cut
    wanted: Wanted

    @property
    def name(self) -> str:
        """Of the file."""
        return self.cut.head.name

    @property
    def file(self) -> File | None:
        """Where addresses of pictures start from; None if none are wanted."""
        return self.wanted.file


def read(source: Source, fetch: "Fetch") -> Iterator[Record]:
    """Yield one record per feature; its parts belong to it.

    Values: ``class`` (such as ``Building``), ``gml_id``, ``name``, ``measured_height`` (float, m),
    ``part_heights`` (list of float, m), ``roof_type``, ``function``, ``storeys``, ``year_built``,
    ``creation_date``, ``municipality_key`` (text), ``lod`` (int) and ``generic`` (dict). Addresses and
    external references are not read. Geometry: a `Solid` in the source's CRS, None if no face is usable.

    Raises:
        RecipeError: an option that is not understood.
        SourceRefused: a DOCTYPE, or an object that would fill the memory.
        SourceBroken: no CityGML, or XML that is cut off or not well-formed.
    """
    for part in parts(source, fetch):
        yield from read_part(part)


def parts(source: Source, fetch: "Fetch") -> Iterator[Part]:
    """Yield the pieces of the source's files, in order; none of them needs another one. Raises as `read`."""
    wanted = _wanted(source)
    textured = bool(source.options.get("textures", False))
    local = fetch.is_local(source.url)
    for file in without_others(files(source, fetch, _SUFFIXES), ".xml", _MARKS):
        for cut in cuts(file, local=local):
            yield Part(cut, replace(wanted, file=file) if textured else wanted)


def read_part(part: Part) -> Iterator[Record]:
    """Yield the records of a piece. Raises as `read`."""
    yield from read_cut(part.cut, part.wanted)


def _wanted(source: Source) -> Wanted:
    options = source.options
    lod = options.get("lod")
    if lod is not None and str(lod) not in ("0", "1", "2", "3", "4"):
        raise RecipeError(f"options.lod is a number from 0 to 4, not {lod!r}")
    classes = listed(options.get("classes", ["Building"]), "classes")
    for name in classes:
        if name not in CLASSES:
            close = difflib.get_close_matches(name, CLASSES, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(CLASSES)}"
            raise RecipeError(f"options.classes: {name[:40]!r} is no class of CityGML; {hint}")
    attributes = options.get("attributes")
    if attributes not in (None, "all"):
        raise RecipeError(f"options.attributes is all, or left out; not {attributes!r}")
    return Wanted(
        frozenset(classes),
        None if lod is None else int(lod),
        attributes == "all",
        source.crs,
        trees=bool(options.get("trees", False)),
    )


def place(part: Part) -> str | None:
    """Tells the part from any other one without reading it: by its file's place, size and times.

    As with git's index, a change that changes none of these is not noticed. None if it is no plain file.
    """
    cut = part.cut
    if cut.data is not None or part.file is not None:
        return None
    stat = os.stat(cut.path)
    told = f"{stat.st_ino} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {cut.offset} {cut.end}"
    return f"{cut.path} {told} {_told(cut.head, part.wanted)}"


def checksum(part: Part) -> str:
    """Tells the part from any other one by what is in it, wherever it lies.

    An XXH3 of 128 bits: it tells any change that happened, at the speed at which memory is read, but is no
    proof against a publisher who makes up two parts that look alike. What came as a whole is told by the
    file's own checksum, in the provenance.
    """
    from xxhash import xxh3_128

    digest = xxh3_128()
    part.cut.hash_into(digest)
    # The file's name is for messages only: the same objects under another name are the same.
    digest.update(_told(replace(part.cut.head, name=""), part.wanted).encode())
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _told(head: Head, wanted: Wanted) -> str:
    """What all parts of a file have in common, in words: said once and not for each."""
    return f"{head!r} {wanted!r}"
