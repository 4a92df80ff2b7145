"""Buildings in the ordinary form, hundreds at once: one boundary surface a face, a solid of references.

That is how the surveying authorities and 3DCityDB write LoD2. A building that differs in anything is left
to the careful reader (`ingest.connectors.citygml_object`), which must give the same for these, too.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.connectors import citygml_names as N
from ingest.connectors.citygml_drawn import Drawn, Flags, drawn, owners
from ingest.connectors.citygml_numbers import numbers
from ingest.connectors.citygml_patterns import equal_texts
from ingest.connectors.citygml_scan import Ints, Tags
from ingest.connectors.citygml_taken import Taken
from ingest.connectors.citygml_texts import plain_values, text_of
from twin.record import Solid

_POLYGON_ID = re.compile(rb'id="([^"]*)"')
_LINK = re.compile(rb'href="#?([^"]*)"')
_SRS = re.compile(rb"""srsName\s*=\s*["']([^"']*)["']""")
_STRANGE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)")
_NEAR = 400
"""Bytes of a solid in which the name of its CRS is looked for."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What a record is made of."""

    values: dict[str, Any]
    solid: Solid
    crs: str | None


def plain_buildings(
    data: bytes,
    tags: Tags,
    taken: Taken | None,
    members: Ints,
    lod: int,
    *,
    alone: bool = False,
    generic: bool = False,
) -> dict[int, Plain]:
    """Read the ordinary ones of some buildings.

    Args:
        data: the text `tags` were found in.
        tags: all of them.
        taken: what was taken out before they were looked for.
        members: places in `tags` of the members to read, in order, each with one building and nothing else.
        lod: the level of detail to read; a building without it is not ordinary.
        alone: a building with any other level is not ordinary: which of them is whole, others find out.
        generic: read generic attributes, too.

    Returns:
        Place in `members` → building.
    """
    if not len(members):
        return {}
    reading = _Reading(data, tags, taken, members, lod, generic)
    if alone:
        reading.several()
    return reading.buildings()


class _Reading:
    def __init__(
        self, data: bytes, tags: Tags, taken: Taken | None, members: Ints, lod: int, generic: bool
    ) -> None:
        self.data, self.tags, self.taken, self.members = data, tags, taken, members
        self.lod, self.generic = lod, generic
        self.code = np.where(tags.opens, tags.name, 0)
        self.plain: Flags = np.ones(len(members), bool)
        """Which of the members are ordinary, as far as we know."""

    def several(self) -> None:
        """Members with another level of detail are not ordinary."""
        code = self.code
        levels = (code >= N.LOD_SURFACE) & (code < N.TEXT)
        self._spoil(np.flatnonzero(levels & (code % 10 != self.lod)))
        if self.taken is None:
            return
        signs = self._signs()
        for surface, rows, _ in self.taken.surfaces:
            if surface.lod != self.lod:
                self._spoil(signs[np.searchsorted(self.taken.runs, rows, side="right") - 1])

    def buildings(self) -> dict[int, Plain]:
        self._strange()
        found = drawn(self.data, self.tags, self.code, self.members, self.lod, self.plain)
        found = self._with_taken(found)
        self._links(found)
        has = np.zeros(len(self.members), bool)
        has[found.owner] = True
        self.plain &= has
        found = found.some(self.plain[found.owner])
        points, counts, bad = numbers(self.data, found.rings[:, 0], found.rings[:, 1])
        self.plain[found.owner[found.polygon[bad]]] = False
        return self._assemble(found, points, counts)

    def _owner(self, found: Ints) -> Ints:
        return owners(self.tags, self.members, found)

    def _spoil(self, found: Ints) -> None:
        """The members around these tags are not ordinary."""
        place = self._owner(found)
        self.plain[place[place >= 0]] = False

    def _strange(self) -> None:
        self._spoil(np.flatnonzero(self.code == N.UNUSUAL))
        if self.generic:
            self._spoil(np.flatnonzero(self.code == N.GENERIC_SET))
        data = self.data
        if data.find(b"&") >= 0:
            found = np.array([match.start() for match in _STRANGE.finditer(data)], np.int64)
            self._spoil(np.searchsorted(self.tags.begin, found, side="right") - 1)

    def _with_taken(self, found: Drawn) -> Drawn:
        """Add the polygons that were taken out; only directly in a building or a part they are ordinary."""
        more = None if self.taken is None else self.taken.drawn(self.lod)
        if more is None:
            return found
        signs = self._signs()[more.owner]
        around, level = self.code[self.tags.parents(signs)], self.tags.level[signs]
        fits = ((around == N.BUILDING) & (level == 2)) | ((around == N.PART) & (level == 4))
        self._spoil(signs[~fits])
        more.owner = self._owner(signs)
        return found.joined(more.some(fits & (more.owner >= 0)))

    def _signs(self) -> Ints:
        """The signs that stand for what was taken out, run by run."""
        return np.flatnonzero((self.code == N.TAKEN_SURFACES) | (self.code == N.TAKEN_LINKS))

    def _links(self, found: Drawn) -> None:
        """References must be those of a solid to polygons of the same building."""
        tags, code = self.tags, self.code
        members = np.flatnonzero(code == N.SURFACE_MEMBER)
        links = members[tags.match[members] - members <= 1]
        links = np.concatenate((links, np.flatnonzero(code == N.TAKEN_LINKS)))
        up = links
        for kind in (N.COMPOSITE, N.EXTERIOR, N.SOLID):
            up = tags.parents(np.maximum(up, 0))
            self._spoil(links[code[up] != kind])
        up = tags.parents(np.maximum(up, 0))
        self._spoil(links[(code[up] < N.LOD_SOLID) | (code[up] >= N.LOD_OTHER)])
        solids = np.flatnonzero(code == N.LOD_SOLID + self.lod)
        owner, begin, end = self._owner(solids), tags.begin[solids], tags.begin[tags.match[solids]]
        kept = owner >= 0
        owner, begin, end = owner[kept], begin[kept], end[kept]
        self.solid = np.full(len(self.members), -1, np.int64)
        self.solid[owner[::-1]] = begin[::-1]
        doubtful = self.plain & (self.solid >= 0) & ~self._refers(found, owner, begin, end)
        for member in np.flatnonzero(doubtful).tolist():
            own = found.owner == member
            known = {self.data[a:b] for a, b in found.identity[own].tolist()}
            tags_of = [
                self.data[a:b]
                for a, b in zip(found.begin[own].tolist(), found.stop[own].tolist(), strict=True)
            ]
            known.update(_POLYGON_ID.findall(b"".join(tags_of)))
            for place in np.flatnonzero(owner == member).tolist():
                if not known.issuperset(_LINK.findall(self.data[begin[place] : end[place]])):
                    self.plain[member] = False

    def _refers(self, found: Drawn, owner: Ints, begin: Ints, end: Ints) -> Flags:
        """The members of which each polygon is referred to once, in order: which is how most are written.

        Args:
            found: all polygons.
            owner: the member of each solid.
            begin: where it begins.
            end: where it ends.
        """
        count = len(self.members)
        if self.taken is None or not len(begin):
            return np.zeros(count, bool)
        links = self.taken.links
        solid = np.searchsorted(begin, links[:, 0], side="right") - 1
        inside = (solid >= 0) & (links[:, 0] < end[solid])
        links, member = links[inside], owner[solid[inside]]
        same: Flags = np.bincount(member, minlength=count) == np.bincount(found.owner, minlength=count)
        # Beside what was taken out there may be others in a solid.
        singles = np.flatnonzero(self.code == N.SURFACE_MEMBER)
        singles = self._owner(singles[self.tags.match[singles] - singles <= 1])
        same[singles[singles >= 0]] = False
        links, member = links[same[member]], member[same[member]]
        own = same[found.owner]
        equal = equal_texts(self.data, links, found.identity[own])
        same[member[~equal | (links[:, 0] == links[:, 1])]] = False
        return same

    def _assemble(self, found: Drawn, points: NDArray[np.float64], counts: Ints) -> dict[int, Plain]:
        """Cut the arrays of all into those of each."""
        rings_of = np.bincount(found.polygon, minlength=len(found.owner))
        ring_ends = np.r_[0, np.cumsum(counts)].astype(np.int32)
        polygon_ends = np.r_[0, np.cumsum(rings_of)].astype(np.int32)
        cut = np.searchsorted(found.owner, np.arange(len(self.members) + 1)).tolist()
        ring_cut = polygon_ends[cut].tolist()
        point_cut = ring_ends[ring_cut].tolist()
        out = {}
        values, envelopes = plain_values(
            self.data, self.tags, self.code, self.members, self.plain, generic=self.generic
        )
        for member in np.flatnonzero(self.plain).tolist():
            a, b = cut[member], cut[member + 1]
            c, d = ring_cut[member], ring_cut[member + 1]
            e, f = point_cut[member], point_cut[member + 1]
            solid = Solid(
                points[e:f],
                ring_ends[c : d + 1] - np.int32(e),
                polygon_ends[a : b + 1] - np.int32(c),
                found.face[a:b],
            )
            own = values[member]
            own["lod"] = self.lod
            crs = self._crs(int(found.box[a]), int(found.stop[a]), int(self.solid[member]))
            out[member] = Plain(own, solid, crs or envelopes.get(member))
        return out

    def _crs(self, box: int, stop: int, solid: int) -> str | None:
        """The nearest name: of the first polygon or what it stands in, else of the solid."""
        for first, last in ((box, stop), (solid, solid + _NEAR)):
            if first >= 0 and self.data.find(b"srsName", first, last) >= 0:
                match = _SRS.search(self.data, first, last)
                if match:
                    return text_of(match[1])
        return None
