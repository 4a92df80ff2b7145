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
from ingest.connectors.citygml_numbers import numbers
from ingest.connectors.citygml_scan import Ints, Tags
from ingest.connectors.citygml_texts import owners, plain_values, text_of
from twin.record import Solid

_POLYGON_ID = re.compile(rb'id="([^"]*)"')
_LINK = re.compile(rb'href="#?([^"]*)"')
_SRS = re.compile(rb"""srsName\s*=\s*["']([^"']*)["']""")
_STRANGE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)")
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Plain:
    """What a record is made of."""

    values: dict[str, Any]
    solid: Solid
    crs: str | None


def plain_buildings(
    data: bytes, tags: Tags, members: Ints, lod: int, *, generic: bool = False
) -> dict[int, Plain]:
    """Read the ordinary ones of some buildings.

    Args:
        data: the text `tags` were found in.
        tags: all of them.
        members: places in `tags` of the members to read, in order, each with one building and nothing else.
        lod: the level of detail to read; a building without it is not ordinary.
        generic: read generic attributes, too.

    Returns:
        Place in `members` → building.
    """
    return _Reading(data, tags, members, lod, generic).buildings() if len(members) else {}


class _Reading:
    def __init__(self, data: bytes, tags: Tags, members: Ints, lod: int, generic: bool) -> None:
        self.data, self.tags, self.members, self.lod, self.generic = data, tags, members, lod, generic
        self.code = np.where(tags.opens, tags.name, 0)
        self.plain: Flags = np.ones(len(members), bool)
        """Which of the members are ordinary, as far as we know."""

    def buildings(self) -> dict[int, Plain]:
        self._strange()
        polygons, owner = self._polygons()
        rings, ring_polygon = self._rings(polygons)
        self._links(polygons, owner)
        has = np.zeros(len(self.members), bool)
        has[owner] = True
        self.plain &= has
        keep = self.plain[owner[ring_polygon]]
        rings, ring_polygon = rings[keep], ring_polygon[keep]
        points, counts, bad = numbers(self.data, self.tags.end[rings + 1] + 1, self.tags.begin[rings + 2])
        self.plain[owner[ring_polygon[bad]]] = False
        return self._assemble(polygons, owner, ring_polygon, points, counts)

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

    def _polygons(self) -> tuple[Ints, Ints]:
        """Polygons of the wanted level in boundary surfaces, and the member of each."""
        code, parents = self.code, self.tags.parents
        found = np.flatnonzero(code == N.POLYGON)
        owner = self._owner(found)
        found, owner = found[owner >= 0], owner[owner >= 0]
        chain = [found]
        for _ in range(6):
            chain.append(parents(chain[-1]))
        kinds = [code[up] for up in chain[1:]]
        fits = (kinds[0] == N.SURFACE_MEMBER) & (kinds[1] == N.MULTI) & (kinds[2] == N.LOD_SURFACE + self.lod)
        fits &= (kinds[3] >= N.SURFACE) & (kinds[3] < N.SURFACE + 10) & (kinds[4] == N.BOUNDARY)
        level = self.tags.level[found]
        fits &= ((kinds[5] == N.BUILDING) & (level == 7)) | ((kinds[5] == N.PART) & (level == 9))
        other = np.zeros(len(found), bool)  # of a level that is not wanted
        for kind in kinds:
            other |= (kind >= N.LOD_SURFACE) & (kind < N.TEXT) & (kind % 10 != self.lod)
        self.plain[owner[~fits & ~other]] = False
        self.faces = (kinds[3][fits] - N.SURFACE).astype(np.uint8)
        self.boxes = chain[3][fits]
        return found[fits], owner[fits]

    def _rings(self, polygons: Ints) -> tuple[Ints, Ints]:
        """Rings of one ``posList``, and the place of each one's polygon in `polygons`."""
        tags, code = self.tags, self.code
        rings = np.flatnonzero(code == N.RING)
        bounds = tags.parents(rings)
        around = tags.parents(np.maximum(bounds, 0))
        place = np.minimum(np.searchsorted(polygons, around), max(len(polygons) - 1, 0))
        if not len(polygons):
            return rings[:0], rings[:0]
        ours = polygons[place] == around
        rings, bounds, place = rings[ours], bounds[ours], place[ours]
        lists = np.minimum(rings + 1, len(code) - 1)
        fits = (
            (code[lists] == N.POSITIONS) & (tags.match[lists] == rings + 2) & (tags.match[rings] == rings + 3)
        )
        fits &= (bounds == rings - 1) & (tags.match[bounds] == rings + 4)
        first = np.r_[True, place[1:] != place[:-1]]
        fits &= code[bounds] == np.where(first, N.EXTERIOR, N.INTERIOR)
        last = np.frombuffer(self.data, np.uint8)[tags.end[lists] - 1]
        rich = (last == 34) | (last == 39) | (last <= 32)  # it has attributes, the dimension perhaps
        if rich.any():
            words = np.ndarray((len(self.data) - 8,), "<u8", self.data, 0, (1,))
            fits &= ~rich | (words[tags.end[lists] - 8] == int.from_bytes(b'sion="3"', "little"))
        self._spoil(rings[~fits])
        lonely = np.ones(len(polygons), bool)
        lonely[place] = False
        self._spoil(polygons[lonely])
        return rings, place

    def _links(self, polygons: Ints, owner: Ints) -> None:
        """References must be those of a solid to polygons of the same building."""
        tags, code, data = self.tags, self.code, self.data
        members = np.flatnonzero(code == N.SURFACE_MEMBER)
        links = members[tags.match[members] - members <= 1]
        up = links
        for kind in (N.COMPOSITE, N.EXTERIOR, N.SOLID):
            up = tags.parents(np.maximum(up, 0))
            self._spoil(links[code[up] != kind])
        up = tags.parents(np.maximum(up, 0))
        self._spoil(links[(code[up] < N.LOD_SOLID) | (code[up] >= N.LOD_OTHER)])
        ends = np.searchsorted(owner, np.arange(len(self.members) + 1))
        solids = np.flatnonzero(code == N.LOD_SOLID + self.lod)
        self.solids: dict[int, list[tuple[int, int]]] = {}
        spans = (self._owner(solids), tags.begin[solids], tags.begin[tags.match[solids]])
        for member, begin, end in zip(*(column.tolist() for column in spans), strict=True):
            if member >= 0 and self.plain[member]:
                self.solids.setdefault(member, []).append((begin, end))
        begins, stops = tags.begin[polygons].tolist(), tags.end[polygons].tolist()
        for member, own in self.solids.items():
            first, last = ends[member], ends[member + 1]
            known = set(
                _POLYGON_ID.findall(
                    b"".join([data[a:b] for a, b in zip(begins[first:last], stops[first:last], strict=True)])
                )
            )
            for begin, end in own:
                if not known.issuperset(_LINK.findall(data[begin:end])):
                    self.plain[member] = False

    def _assemble(
        self, polygons: Ints, owner: Ints, ring_polygon: Ints, points: NDArray[np.float64], counts: Ints
    ) -> dict[int, Plain]:
        """Cut the arrays of all into those of each."""
        rings_of = np.bincount(ring_polygon, minlength=len(polygons))
        ring_ends = np.r_[0, np.cumsum(counts)].astype(np.int32)
        polygon_ends = np.r_[0, np.cumsum(rings_of)].astype(np.int32)
        cut = np.searchsorted(owner, np.arange(len(self.members) + 1)).tolist()
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
                self.faces[a:b],
            )
            own = values[member]
            own["lod"] = self.lod
            out[member] = Plain(
                own, solid, self._crs(member, int(self.boxes[a]), int(polygons[a])) or envelopes.get(member)
            )
        return out

    def _crs(self, member: int, box: int, polygon: int) -> str | None:
        begin, end = int(self.tags.begin[box]), int(self.tags.end[polygon])
        for first, last in (
            (begin, end),
            *((a, min(b, a + 400)) for a, b in self.solids.get(member, ())[:1]),
        ):
            if self.data.find(b"srsName", first, last) >= 0 and (
                match := _SRS.search(self.data, first, last)
            ):
                return text_of(match[1])
        return None
