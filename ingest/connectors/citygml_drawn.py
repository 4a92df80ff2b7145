"""Where the polygons of boundary surfaces and their rings stand in a run of XML."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ingest.connectors import citygml_names as N
from ingest.connectors.citygml_scan import Ints, Tags

Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Drawn:
    """Polygons in the order of the file, and their rings, outer ones first."""

    begin: Ints
    """(p,) place of each polygon."""
    owner: Ints
    """(p,) the member it lies in."""
    face: NDArray[np.uint8]
    """(p,) value of `Face`."""
    box: Ints
    """(p,) place of the geometry property it stands in."""
    stop: Ints
    """(p,) a place behind its start tag, before its coordinates."""
    identity: Ints
    """(p, 2) begin and end of its id; both 0 where it is not known."""
    rings: Ints
    """(r, 2) begin and end of the coordinates of each ring."""
    polygon: Ints
    """(r,) polygon of each ring."""

    def some(self, kept: Flags) -> "Drawn":
        """Some of the polygons, in the same order."""
        number = np.cumsum(kept) - 1
        own = kept[self.polygon]
        columns = [getattr(self, field.name)[kept] for field in fields(self)[:6]]
        return Drawn(*[*columns, self.rings[own], number[self.polygon[own]]])

    def joined(self, other: "Drawn") -> "Drawn":
        """The polygons of both, in the order of the file."""
        if not len(other.begin) or not len(self.begin):
            return self if len(self.begin) else other
        order = np.argsort(np.concatenate((self.begin, other.begin)), kind="stable")
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        columns = [
            np.concatenate((getattr(self, field.name), getattr(other, field.name)))[order]
            for field in fields(self)[:6]
        ]
        polygon = place[np.concatenate((self.polygon, other.polygon + len(self.begin)))]
        by_polygon = np.argsort(polygon, kind="stable")
        rings = np.concatenate((self.rings, other.rings))[by_polygon]
        return Drawn(*[*columns, rings, polygon[by_polygon]])


def owners(tags: Tags, members: Ints, found: Ints) -> Ints:
    """Which of `members` each tag lies in, by its place in `members`; -1 for none."""
    place = np.searchsorted(members, found, side="right") - 1
    return np.where((place >= 0) & (found < tags.match[members[place]]), place, -1)


def drawn(data: bytes, tags: Tags, code: NDArray[np.uint8], members: Ints, lod: int, plain: Flags) -> Drawn:
    """Find the polygons of a level of detail.

    Args:
        data: the text.
        tags: its tags.
        code: codes of the opening ones.
        members: places in `tags` of the members to look at, in order.
        lod: the level.
        plain: which members are ordinary; those with polygons in another form or place are taken away.
    """
    parents = tags.parents
    found = np.flatnonzero(code == N.POLYGON)
    owner = owners(tags, members, found)
    found, owner = found[owner >= 0], owner[owner >= 0]
    chain = [found]
    for _ in range(6):
        chain.append(parents(chain[-1]))
    kinds = [code[up] for up in chain[1:]]
    fits = (kinds[0] == N.SURFACE_MEMBER) & (kinds[1] == N.MULTI) & (kinds[2] == N.LOD_SURFACE + lod)
    fits &= (kinds[3] >= N.SURFACE) & (kinds[3] < N.SURFACE + 5) & (kinds[4] == N.BOUNDARY)
    level = tags.level[found]
    fits &= ((kinds[5] == N.BUILDING) & (level == 7)) | ((kinds[5] == N.PART) & (level == 9))
    other = np.zeros(len(found), bool)  # of a level that is not wanted
    for kind in kinds:
        other |= (kind >= N.LOD_SURFACE) & (kind < N.TEXT) & (kind % 10 != lod)
    plain[owner[~fits & ~other]] = False
    found, owner = found[fits], owner[fits]
    rings, polygon = _rings(data, tags, code, members, found, plain)
    behind = np.minimum(rings + 2, len(tags.begin) - 1)
    return Drawn(
        begin=tags.begin[found],
        owner=owner,
        face=(kinds[3][fits] - N.SURFACE).astype(np.uint8),
        box=tags.begin[chain[3][fits]],
        stop=tags.end[found],
        identity=np.zeros((len(found), 2), np.int64),
        rings=np.column_stack((tags.end[behind - 1] + 1, tags.begin[behind])),
        polygon=polygon,
    )


def _rings(
    data: bytes, tags: Tags, code: NDArray[np.uint8], members: Ints, polygons: Ints, plain: Flags
) -> tuple[Ints, Ints]:
    """Rings of one ``posList``, and the place of each one's polygon in `polygons`."""
    rings = np.flatnonzero(code == N.RING)
    bounds = tags.parents(rings)
    around = tags.parents(np.maximum(bounds, 0))
    place = np.minimum(np.searchsorted(polygons, around), max(len(polygons) - 1, 0))
    if not len(polygons):
        return rings[:0], rings[:0]
    ours = polygons[place] == around
    rings, bounds, place = rings[ours], bounds[ours], place[ours]
    lists = np.minimum(rings + 1, len(code) - 1)
    fits = (code[lists] == N.POSITIONS) & (tags.match[lists] == rings + 2) & (tags.match[rings] == rings + 3)
    fits &= (bounds == rings - 1) & (tags.match[bounds] == rings + 4)
    first = np.r_[True, place[1:] != place[:-1]]
    fits &= code[bounds] == np.where(first, N.EXTERIOR, N.INTERIOR)
    last = np.frombuffer(data, np.uint8)[tags.end[lists] - 1]
    rich = (last == 34) | (last == 39) | (last <= 32)  # it has attributes, the dimension perhaps
    if rich.any():
        words = np.ndarray((len(data) - 8,), "<u8", data, 0, (1,))
        fits &= ~rich | (words[tags.end[lists] - 8] == int.from_bytes(b'sion="3"', "little"))
    lonely = np.ones(len(polygons), bool)
    lonely[place] = False
    strange = owners(tags, members, np.concatenate((rings[~fits], polygons[lonely])))
    plain[strange[strange >= 0]] = False
    return rings, place
