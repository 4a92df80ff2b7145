"""Patterns of the boundary surfaces of a kind of file, learned from the first ones of each form.

What a pattern means is found out by reading its example as all else is read. So whether a surface is known
by its pattern or read by itself makes no difference but time.
"""

import re
from dataclasses import dataclass, field

import numpy as np

from ingest.connectors import citygml_names as N
from ingest.connectors.citygml_drawn import Drawn, drawn
from ingest.connectors.citygml_patterns import Pattern, gaps_of, pattern_of
from ingest.connectors.citygml_scan import PAD, Ints, Names, scan

_MOST = 24
"""Patterns that are remembered: more of them cost more than they save."""
TRIES = 6
"""Examples that are looked at in a part."""
_LONGEST = 8000
"""Bytes of an example."""
_BOUNDARY = re.compile(rb"<((?:[\w.-]+:)?bound(?:edBy|ary))(?:\s[^<>]*)?>")
_LINK = re.compile(rb"""<[\w.:-]+\s+[\w.-]+:href="#?([^"<>&]*)"\s*/>[^<]*<""")
_BEFORE, _BEHIND = b"<cityObjectMember><Building>", b"</Building></cityObjectMember>"


@dataclass(frozen=True, slots=True)
class Surface:
    """A boundary surface that is written in some way."""

    pattern: Pattern
    lod: int
    face: tuple[int, ...]
    """`Face` of each polygon."""
    marks: tuple[tuple[int, int], ...]
    """For each polygon: numbers of the ``<`` of its geometry property and of itself."""
    identity: tuple[int, ...]
    """For each polygon: the gap that is its id, or -1."""
    rings: tuple[tuple[int, int], ...]
    """For each ring: its gap, and its polygon."""

    def drawn(self, marks: Ints, rows: Ints, gaps: Ints, owner: Ints) -> Drawn:
        """The polygons of surfaces that were found.

        Args:
            marks: places of all ``<``.
            rows: numbers of those that begin the surfaces.
            gaps: their gaps.
            owner: what each of them belongs to.
        """
        count = len(self.face)
        first = np.array(self.marks, np.int64).reshape(-1, 2)
        places = marks[rows[:, None, None] + first[None]].reshape(-1, 2)
        stops = marks[rows[:, None] + first[None, :, 1] + 1].ravel()
        identity = gaps[:, self.identity].reshape(-1, 2)
        identity[np.tile(np.array(self.identity) < 0, len(rows))] = 0
        of = np.array([polygon for _, polygon in self.rings], np.int64)
        return Drawn(
            begin=places[:, 1],
            owner=np.repeat(owner, count),
            face=np.tile(np.array(self.face, np.uint8), len(rows)),
            box=places[:, 0],
            stop=stops,
            identity=identity,
            rings=gaps[:, [gap for gap, _ in self.rings]].reshape(-1, 2),
            polygon=(np.arange(len(rows))[:, None] * count + of[None]).ravel(),
        )


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to a polygon, as it is written somewhere."""

    pattern: Pattern


@dataclass(slots=True)
class Known:
    """What has been learned of files with the same names of tags."""

    table: Names
    surfaces: list[Surface] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def surface(self, data: bytes, place: int) -> Surface | None:
        """Understand the surface around the coordinates at a place; None if it is out of the ordinary."""
        if len(self.surfaces) >= _MOST:
            return None
        before = [*_BOUNDARY.finditer(data, max(place - _LONGEST, 0), place)]
        if not before:
            return None
        begin, name = before[-1].start(), before[-1][1]
        end = data.find(b"</" + name + b">", place, place + _LONGEST) + len(name) + 3
        if end < place:
            return None
        anchor = data.count(b"<", begin, place)
        return _understood(data[begin:end], anchor, self.table)

    def link(self, data: bytes, place: int) -> Link | None:
        """Understand the reference that begins at a place."""
        found = _LINK.match(data, place, place + _LONGEST)
        if found is None or len(self.links) >= _MOST:
            return None
        begin = found.start()
        pattern = pattern_of(found[0], [(found.start(1) - begin, found.end(1) - begin)], 0)
        return None if pattern is None else Link(pattern)


def _understood(piece: bytes, anchor: int, table: Names) -> Surface | None:
    """Read an example as if it were all of a building."""
    data = PAD + _BEFORE + piece + _BEHIND + PAD
    tags = scan(data, table)
    if tags is None or b"&" in piece:
        return None
    code = np.where(tags.opens, tags.name, 0)
    lods = {int(each) for each in code if N.LOD_SURFACE <= each < N.TEXT}
    if len(lods) != 1 or (code == N.UNUSUAL).any():
        return None
    lod = lods.pop() - N.LOD_SURFACE
    plain = np.ones(1, bool)
    found = drawn(data, tags, code, np.zeros(1, np.int64), lod, plain)
    members = np.flatnonzero(code == N.SURFACE_MEMBER)
    if not plain[0] or not len(found.begin) or (tags.match[members] - members <= 1).any():
        return None
    shift = len(PAD) + len(_BEFORE)
    gaps = [*gaps_of(piece)]
    pattern = pattern_of(piece, gaps, anchor)
    begins = {begin + shift: number for number, (begin, _) in enumerate(gaps)}
    rings = [begins.get(begin, -1) for begin in found.rings[:, 0].tolist()]
    if pattern is None or -1 in rings:
        return None
    marks = np.flatnonzero(np.frombuffer(piece, np.uint8) == 60) + shift
    columns = (found.begin.tolist(), found.stop.tolist())
    identity = [
        next((n for place, n in begins.items() if begin < place < stop), -1)
        for begin, stop in zip(*columns, strict=True)
    ]
    return Surface(
        pattern,
        lod,
        tuple(found.face.tolist()),
        tuple(zip(*np.searchsorted(marks, (found.box, found.begin)).tolist(), strict=True)),
        tuple(identity),
        tuple(zip(rings, found.polygon.tolist(), strict=True)),
    )
