"""Ways become the rings of a multipolygon, as far as they are there."""

import numpy as np
from numpy.typing import NDArray

from ingest.extrusion.wkb import Polygons

MISSING = "a relation with missing members: what is whole was used"
ODD = "a relation whose holes lie outside its outline: they were left out"
_Way = tuple[NDArray[np.int64], NDArray[np.float64], bool]


class Incomplete(ValueError):
    """No ring of the outline is whole."""


def area_of(ways: list[_Way], missing: bool) -> tuple[Polygons, tuple[str, ...]]:
    """Assemble a multipolygon.

    Args:
        ways: node ids, places (n, 2) and whether it is a hole, of each member.
        missing: members are known to be absent.

    Returns:
        Polygons with their holes, and remarks.

    Raises:
        Incomplete: no outer ring closes.
    """
    outers, loose = _rings([way for way in ways if not way[2]])
    holes, loose_holes = _rings([way for way in ways if way[2]])
    if not outers:
        raise Incomplete("its outline is incomplete in the file")
    notes: tuple[str, ...] = (MISSING,) if missing or loose or loose_holes else ()
    if len(outers) == 1:
        return [[outers[0], *holes]], notes
    import shapely

    shells = [shapely.Polygon(ring) for ring in outers]
    polygons: Polygons = [[ring] for ring in outers]
    for hole in holes:
        inside = shapely.Polygon(hole).representative_point()
        home = next((i for i, shell in enumerate(shells) if shell.contains(inside)), None)
        if home is None:
            notes += (ODD,)
        else:
            polygons[home].append(hole)
    return polygons, tuple(dict.fromkeys(notes))


def _rings(ways: list[_Way]) -> tuple[list[NDArray[np.float64]], bool]:
    """Join ways end to end by their nodes; the rings that close, and whether something is left over."""
    rings: list[NDArray[np.float64]] = []
    ends: dict[int, list[int]] = {}
    left = dict(enumerate(ways))
    for number, (nodes, places, _) in enumerate(ways):
        if nodes[0] == nodes[-1]:
            if len(nodes) >= 4:
                rings.append(places)
            del left[number]
        else:
            ends.setdefault(int(nodes[0]), []).append(number)
            ends.setdefault(int(nodes[-1]), []).append(number)
    loose = False
    while left:
        number, (nodes, places, _) = left.popitem()
        start, end, chain = int(nodes[0]), int(nodes[-1]), [places]
        while end != start:
            following = next((i for i in ends[end] if i in left), None)
            if following is None:
                break
            nodes, places, _ = left.pop(following)
            forward = int(nodes[0]) == end
            chain.append((places if forward else places[::-1])[1:])
            end = int(nodes[-1] if forward else nodes[0])
        if end == start:
            rings.append(np.concatenate(chain))
        else:
            loose = True
    return rings, loose
