"""Closed shells: walls, roof and ground of one body, every edge shared by exactly two faces.

Heights count from the body's own ground. Rings are open and turn counter-clockwise seen from outside.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.demo.place import Point

Vertex = tuple[float, float, float]
GROUND, WALL, ROOF = "Ground", "Wall", "Roof"

# AdV code list "Dachform".
FLAT, SHED, GABLED, HIPPED, MANSARD, PYRAMID, SPIRE, MIXED, OTHER = (
    "1000",
    "2100",
    "3100",
    "3200",
    "3400",
    "3500",
    "4000",
    "5000",
    "9999",
)


@dataclass(frozen=True, slots=True)
class Face:
    """One polygon of a shell: the outer ring, then holes."""

    kind: str
    rings: tuple[tuple[Vertex, ...], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """One closed shell with its roof type and height."""

    faces: tuple[Face, ...]
    roof: str
    height: float


def lowered(body: Body, by: float) -> Body:
    """The same shell with all that is above its ground so many metres lower; its walls must be higher."""
    faces = tuple(
        Face(face.kind, tuple(tuple((x, y, z - by if z else z) for x, y, z in ring) for ring in face.rings))
        for face in body.faces
    )
    return Body(faces, body.roof, body.height - by)


def _walls(ring: Sequence[Point], top: float) -> list[Face]:
    return [
        Face(WALL, (((ax, ay, 0.0), (bx, by, 0.0), (bx, by, top), (ax, ay, top)),))
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]


def _ground(outer: Sequence[Point], holes: Sequence[Sequence[Point]] = ()) -> Face:
    rings = [tuple((x, y, 0.0) for x, y in reversed(ring)) for ring in (outer, *holes)]
    return Face(GROUND, tuple(rings))


def flat(outer: Sequence[Point], height: float, hole: Sequence[Point] = ()) -> Body:
    """A prism over a counter-clockwise ring, with a clockwise ring as courtyard if there is one."""
    holes = [hole] if hole else []
    faces = [_ground(outer, holes)]
    for ring in (outer, *holes):
        faces += _walls(ring, height)
    roof = tuple(tuple((x, y, height) for x, y in ring) for ring in (outer, *holes))
    return Body((*faces, Face(ROOF, roof)), FLAT, height)


def band(
    front: Sequence[Point], back: Sequence[Point], profile: Sequence[tuple[float, float]], roof: str
) -> Body:
    """A body between two parallel lines of points, open at both ends, with the same roof section throughout.

    Args:
        front: Points along the street, the body lying to the left of the way.
        back: For each of them the point behind it. Lines must be parallel, else roofs are not plane.
        profile: Roof section from front to back: share of the depth (0…1), height above ground.
        roof: AdV roof type.
    """
    faces = [_ground([*front, *reversed(back)])]
    lines = [_line(a, b, profile) for a, b in zip(front, back, strict=True)]
    for one, two in pairwise(lines):
        faces += _section(one, two)
    for line, walk in ((lines[0], -1), (lines[-1], 1)):  # the end walls
        feet = [_foot(line[0]), _foot(line[-1])]
        face = (*feet[::walk], *line[::-walk])
        faces.append(Face(WALL, (face,)))
    return Body(tuple(faces), roof, max(z for _, z in profile))


def court(
    front: Sequence[Point], back: Sequence[Point], profile: Sequence[tuple[float, float]], roof: str
) -> Body:
    """A body that runs all the way round a courtyard; arguments as for `band`, both lines closed."""
    faces = [_ground(front, [list(reversed(back))])]
    lines = [_line(a, b, profile) for a, b in zip(front, back, strict=True)]
    for one, two in zip(lines, [*lines[1:], lines[0]], strict=True):
        faces += _section(one, two)
    return Body(tuple(faces), roof, max(z for _, z in profile))


def _line(front: Point, back: Point, profile: Sequence[tuple[float, float]]) -> list[Vertex]:
    (ax, ay), (bx, by) = front, back
    between = [
        (ax + (bx - ax) * share, ay + (by - ay) * share, height) for share, height in profile[1:-1]
    ]  # the ends are taken as they are: a rounding in the last digit would open the shell
    return [(ax, ay, profile[0][1]), *between, (bx, by, profile[-1][1])]


def _foot(vertex: Vertex) -> Vertex:
    return vertex[0], vertex[1], 0.0


def _section(one: list[Vertex], two: list[Vertex]) -> list[Face]:
    faces = [
        Face(WALL, ((_foot(one[0]), _foot(two[0]), two[0], one[0]),)),
        Face(WALL, ((_foot(two[-1]), _foot(one[-1]), one[-1], two[-1]),)),
    ]
    for (a, b), (c, d) in zip(pairwise(one), pairwise(two), strict=True):
        faces.append(Face(ROOF, ((a, c, d, b),)))
    return faces


def hipped(corners: Sequence[Point], eaves: float, ridge: float) -> Body:
    """A rectangle under four slopes; the ridge runs along the longer side (`corners` counter-clockwise)."""
    a, b, c, d = corners
    if math.dist(a, b) < math.dist(b, c):
        a, b, c, d = b, c, d, a
    length, width = math.dist(a, b), math.dist(b, c)
    if length - width < 1.5:
        return cone([a, b, c, d], eaves, ridge, PYRAMID)
    share = width / 2 / length
    west = ((a[0] + d[0]) / 2, (a[1] + d[1]) / 2)
    east = ((b[0] + c[0]) / 2, (b[1] + c[1]) / 2)
    dx, dy = (east[0] - west[0]) * share, (east[1] - west[1]) * share
    p, q = (west[0] + dx, west[1] + dy, ridge), (east[0] - dx, east[1] - dy, ridge)
    ta, tb, tc, td = ((x, y, eaves) for x, y in (a, b, c, d))
    slopes = ((ta, tb, q, p), (tb, tc, q), (tc, td, p, q), (td, ta, p))
    roofs = [Face(ROOF, (slope,)) for slope in slopes]
    return Body((_ground([a, b, c, d]), *_walls([a, b, c, d], eaves), *roofs), HIPPED, ridge)


def cone(ring: Sequence[Point], eaves: float, top: float, roof: str) -> Body:
    """Any convex ring under one peak: pyramid roofs, spires, apses."""
    x = sum(p[0] for p in ring) / len(ring)
    y = sum(p[1] for p in ring) / len(ring)
    peak = (x, y, top)
    roofs = [
        Face(ROOF, (((ax, ay, eaves), (bx, by, eaves), peak),))
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    return Body((_ground(ring), *_walls(ring, eaves), *roofs), roof, top)


def gabled_profile(eaves: float, ridge: float) -> list[tuple[float, float]]:
    """Two slopes that meet in the middle."""
    return [(0.0, eaves), (0.5, ridge), (1.0, eaves)]


def mansard_profile(eaves: float, ridge: float) -> list[tuple[float, float]]:
    """Steep below, gentle above."""
    kink = eaves + 0.62 * (ridge - eaves)
    return [(0.0, eaves), (0.16, kink), (0.5, ridge), (0.84, kink), (1.0, eaves)]


def shed_profile(low: float, high: float) -> list[tuple[float, float]]:
    """One slope that rises towards the back."""
    return [(0.0, low), (1.0, high)]
