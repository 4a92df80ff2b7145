"""A run of objects becomes records: quickly where they are ordinary, carefully where they are not."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from lxml import etree

from ingest.connectors.citygml_cut import Cut
from ingest.connectors.citygml_head import DOCTYPE, Head
from ingest.connectors.citygml_library import Library
from ingest.connectors.citygml_names import BUILDING, MEMBER, MEMBERS
from ingest.connectors.citygml_object import object_of
from ingest.connectors.citygml_plain import Plain, plain_buildings
from ingest.connectors.citygml_roles import local
from ingest.connectors.citygml_scan import PAD, Ints, Tags, masked
from ingest.connectors.citygml_surfaces import Known
from ingest.connectors.citygml_taken import Taken, known, read_tags
from ingest.connectors.citygml_textures import Textures, of_model, of_object
from ingest.connectors.citygml_trees import tree_record
from ingest.files import File
from twin.errors import SourceBroken, SourceRefused, UnknownCRS
from twin.record import Record

_USUAL = 2
"""The level of detail that most buildings have, and no other one."""
_GROUP = "CityObjectGroup"
_FALLBACK = "the file's CRS name is not known; the stated one was taken"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    classes: frozenset[str]
    lod: int | None
    generic: bool
    crs: str | None
    """What to take where the file names no CRS, or one that nobody knows."""
    file: File | None = None
    """The whole file, to look for textures in; None if none are wanted."""
    trees: bool = False
    """Plants without faces of their own become points with a size."""


def read_cut(cut: Cut, wanted: Wanted) -> Iterator[Record]:
    """Yield the records of a run of objects.

    Raises:
        SourceRefused: a DOCTYPE.
        SourceBroken: XML that is not well-formed.
    """
    learned = known(cut.head.prefixes)
    reading = _Reading(cut, wanted, *cut.text())
    found = read_tags(reading.data, learned) if learned is not None else None
    if found is None:
        reading = _Reading(cut, wanted, *cut.text(careful=True))
        found = reading.hide(learned)
    if found is not None:
        yield from reading.records(*found)
    elif not reading.empty:
        yield from reading.all_carefully()


class _Reading:
    def __init__(self, cut: Cut, wanted: Wanted, data: bytes, offset: int) -> None:
        self.head, self.wanted = cut.head, wanted
        self.data = data
        self.empty = len(data) == 2 * len(PAD)
        self.offset = offset - len(PAD)
        """Place of `data` in the file."""
        self.library = Library(cut, data)
        self.hidden: Ints = np.zeros(0, np.int64)
        """Where comments and the like stand in `data`."""
        self.told = False
        """Whether a record tells what is wrong with the textures beside all objects."""

    def hide(self, learned: Known | None) -> tuple[Tags, Taken | None] | None:
        """Find the tags that are not in comments, CDATA sections or processing instructions."""
        text = masked(self.data)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise SourceRefused(DOCTYPE.format(self.head.name))
        if learned is None:
            return None
        here, there = np.frombuffer(self.data, np.uint8), np.frombuffer(text, np.uint8)
        self.hidden = np.flatnonzero(here != there)
        return read_tags(text, learned)

    def records(self, tags: Tags, taken: Taken | None) -> Iterator[Record]:
        members = np.flatnonzero(tags.opens & (tags.level == 0) & (tags.name == MEMBER))
        plain = self._plain(tags, taken, members)
        begins, ends = tags.begin[members].tolist(), (tags.end[tags.match[members]] + 1).tolist()
        child = np.minimum(members + 1, len(tags.begin) - 1)
        single = (tags.match[child] + 1 == tags.match[members]).tolist()
        kinds = zip(tags.begin[child].tolist(), tags.end[child].tolist(), strict=True)
        for begin, end, alone, (first, last) in zip(begins, ends, single, kinds, strict=True):
            made = plain.get(begin)
            if made is not None:
                crs, notes = self._crs(made.crs)
                yield Record(self._place(begin), made.values, made.solid, crs, notes=notes)
                continue
            kind = self.data[first + 1 : last].split(None, 1)[0].rpartition(b":")[2].rstrip(b"/").decode()
            if kind in self.wanted.classes or kind == _GROUP or not alone:
                yield from self._carefully(self.data[begin:end], begin)

    def _plain(self, tags: Tags, taken: Taken | None, members: Ints) -> dict[int, Plain]:
        """Place of the member → building, for the ordinary ones."""
        if "Building" not in self.wanted.classes or not len(members) or self.wanted.file is not None:
            return {}  # only the careful reader looks for textures
        child = np.minimum(members + 1, len(tags.begin) - 1)
        fits = (tags.name[child] == BUILDING) & (tags.match[child] + 1 == tags.match[members])
        if len(self.hidden):
            near = np.searchsorted(self.hidden, tags.begin[members])
            inside = self.hidden[np.minimum(near, len(self.hidden) - 1)]
            fits &= (inside < tags.begin[members]) | (inside > tags.end[tags.match[members]])
        members = members[fits]
        wanted, generic = self.wanted.lod, self.wanted.generic
        lod = _USUAL if wanted is None else wanted
        try:
            found = plain_buildings(
                self.data, tags, taken, members, lod, alone=wanted is None, generic=generic
            )
        except UnicodeDecodeError:  # the parser tells which object it is
            return {}
        return {int(tags.begin[members[place]]): made for place, made in found.items()}

    def all_carefully(self) -> Iterator[Record]:
        """Objects of a text whose tags are not as simple as to be found without a parser."""
        yield from self._carefully(self.data.strip(), len(PAD))

    def _carefully(self, data: bytes, begin: int) -> Iterator[Record]:
        number = 0
        for member in parsed(self.head, data, self._place(begin)):
            if local(member.tag) not in MEMBERS:
                continue
            for feature in _features(member, self.wanted.classes):
                number += 1
                textures = self._textures(feature)
                made = object_of(
                    feature,
                    self.wanted.lod,
                    generic=self.wanted.generic,
                    find=self.library.find,
                    textures=textures,
                    trees=self.wanted.trees,
                )
                crs, notes = self._crs(made.crs)
                place = self._place(begin) + (f", no. {number}" if number > 1 else "")
                told = (*made.notes, *notes, *(note for each in textures[:1] for note in each.notes))
                leaning = self.library.asked
                if made.tree is not None:
                    yield tree_record(made.tree, place, crs, told, leaning=leaning)
                    continue
                yield Record(place, made.values, made.solid, crs, notes=told, leaning=leaning)

    def _textures(self, feature: etree._Element) -> tuple[Textures, ...]:
        """Where to look for its pictures: in itself, then beside all objects."""
        if self.wanted.file is None:
            return ()
        own, beside = of_object(feature), of_model(self.wanted.file, self.head)
        if not self.told:
            own.notes += beside.notes
            self.told = True
        return own, beside

    def _place(self, begin: int) -> str:
        return f"{self.head.name}, object at byte {self.offset + begin}"

    def _crs(self, name: str | None) -> tuple[str | None, tuple[str, ...]]:
        name, stated = name or self.head.crs, self.wanted.crs
        if name is None or stated is None:
            return name or stated, ()
        return (name, ()) if _known(name) else (stated, (_FALLBACK,))


def _features(member: etree._Element, classes: frozenset[str]) -> Iterator[etree._Element]:
    """The features asked for in a member: directly, or in a group."""
    for child in member:
        name = local(child.tag)
        if name in classes:
            yield child
        elif name == _GROUP or name in MEMBERS or name == "groupMember" or name == "role":
            yield from _features(child, classes)


def parsed(head: Head, objects: bytes, place: str) -> etree._Element:
    """Parse objects on their own; the root has them as children.

    Raises:
        SourceBroken: they are not well-formed.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        return etree.fromstring(head.wrap(objects), parser)
    except etree.XMLSyntaxError:
        raise SourceBroken(f"{place}: cut off or not well-formed; fetch the file again") from None


@lru_cache(maxsize=256)
def _known(name: str) -> bool:
    from tiles.crs import resolve_crs

    try:
        resolve_crs(name)
    except UnknownCRS:
        return False
    return True
