"""Rings of points, open and counter-clockwise: tidy them, and draw the line a fixed depth inside them."""

import math
from collections.abc import Sequence

from ingest.demo.place import Point


def tidy(ring: Sequence[Point], shortest: float = 9.0) -> list[Point]:
    """Drop bends that nobody sees, cut off sharp corners, join edges too short for a house front."""
    import shapely

    simple = shapely.Polygon(ring).simplify(3.0)
    points = [(x, y) for x, y in list(simple.exterior.coords)[:-1]]
    points = _blunt(points)
    while len(points) > 4:
        edges = [math.dist(a, b) for a, b in zip(points, [*points[1:], points[0]], strict=True)]
        least = min(edges)
        if least >= shortest:
            break
        i = edges.index(least)
        j = (i + 1) % len(points)
        middle = ((points[i][0] + points[j][0]) / 2, (points[i][1] + points[j][1]) / 2)
        points[i] = middle
        del points[j]
    return [
        here
        for before, here, after in zip([points[-1], *points], points, [*points[1:], points[0]], strict=False)
        if abs(_turn(before, here, after)) > 0.03
    ]


def _blunt(points: list[Point]) -> list[Point]:
    """Cut corners sharper than 62°, as the builders of such quarters did: wide enough for a house front."""
    cut: list[Point] = []
    for before, here, after in zip([points[-1], *points], points, [*points[1:], points[0]], strict=False):
        turn = _turn(before, here, after)
        if turn > math.radians(118):
            front = 2 * 12.0 * math.tan(turn / 4) + 4.0  # what two corners 12 m deep take up, and a little
            back = front / (2 * math.cos(turn / 2))
            for other in (before, after):
                share = min(back / math.dist(here, other), 0.45)
                cut.append((here[0] + (other[0] - here[0]) * share, here[1] + (other[1] - here[1]) * share))
        else:
            cut.append(here)
    return cut


def _turn(before: Point, here: Point, after: Point) -> float:
    """Change of direction in radians, positive to the left."""
    first = math.atan2(here[1] - before[1], here[0] - before[0])
    second = math.atan2(after[1] - here[1], after[0] - here[0])
    return (second - first + math.pi) % math.tau - math.pi


def reaches(ring: Sequence[Point], depth: float) -> list[float]:
    """For every corner the length of front that the corner's house takes up behind it at this depth."""
    turns = (
        _turn(before, here, after)
        for before, here, after in zip([ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False)
    )
    return [depth * math.tan(turn / 2) for turn in turns]


def inset(ring: Sequence[Point], depth: float) -> list[Point] | None:
    """The parallel ring `depth` metres inside, corner for corner; None if it does not fit."""
    behind = reaches(ring, depth)
    inner = []
    for i, here in enumerate(ring):
        before = ring[i - 1]
        length = math.dist(before, here)
        if length - behind[i - 1] - behind[i] < 2.0:
            return None
        ux, uy = (here[0] - before[0]) / length, (here[1] - before[1]) / length
        inner.append((here[0] - ux * behind[i] - uy * depth, here[1] - uy * behind[i] + ux * depth))
    return inner


def square_to(a: Point, b: Point, along: float, behind: float) -> Point:
    """The point `along` metres from `a` towards `b`, then `behind` metres to the left."""
    length = math.dist(a, b)
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    return a[0] + ux * along - uy * behind, a[1] + uy * along + ux * behind


def rectangle(a: Point, b: Point, along: float, behind: float, width: float, depth: float) -> list[Point]:
    """A rectangle placed from the line ``a → b``, counter-clockwise, front first."""
    return [
        square_to(a, b, along, behind),
        square_to(a, b, along + width, behind),
        square_to(a, b, along + width, behind + depth),
        square_to(a, b, along, behind + depth),
    ]
