"""The buildings people find their way by: the church on its square, the schools, the museum."""

import math
from collections.abc import Sequence

from ingest.demo import roofs
from ingest.demo.houses import CHURCH, MUSEUM, SCHOOL, House, Lots
from ingest.demo.place import Point
from ingest.demo.rings import inset, rectangle, square_to


def church(square: Sequence[Point], street: str) -> House:
    """Nave, choir, two low aisles and a tower with a spire on a square: one building, five parts."""
    a, b = square[0], square[1]
    wide, deep = math.dist(a, b), math.dist(square[1], square[2])
    left, middle = (wide - 52) / 2, deep / 2
    nave = rectangle(a, b, left, middle - 8, 42, 16)
    p, q, r, s = nave
    south = rectangle(a, b, left + 5, middle - 14, 36, 6)
    north = rectangle(a, b, left + 5, middle + 8, 36, 6)
    choir = [q]
    for step in range(1, 6):  # half a circle of six sides, east of the nave
        turn = -math.pi / 2 + step * math.pi / 6
        choir.append(square_to(a, b, left + 42 + 8 * math.cos(turn), middle + 8 * math.sin(turn)))
    choir.append(r)
    tower = rectangle(a, b, left - 10, middle - 5, 10, 10)
    aisle = roofs.shed_profile(8.0, 11.0)
    bodies = (
        roofs.band([p, q], [s, r], roofs.gabled_profile(18.0, 27.0), roofs.GABLED),
        roofs.band([south[0], south[1]], [south[3], south[2]], aisle, roofs.SHED),
        roofs.band([north[2], north[3]], [north[1], north[0]], aisle, roofs.SHED),
        roofs.cone(choir, 15.0, 23.0, roofs.OTHER),
        roofs.cone(tower, 38.0, 71.0, roofs.SPIRE),
    )
    return House(bodies, CHURCH, None, street)


def school(ring: Sequence[Point], street: str) -> list[House]:
    """Three wings around a yard under one roof, and a flat gymnasium; nothing if the block is too small."""
    edges = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    a, b = max(edges, key=lambda edge: math.dist(*edge))
    lots = Lots(ring, 6.0)
    for wide, deep in ((74, 46), (60, 40), (48, 34)):
        at = (math.dist(a, b) - wide) / 2
        if not lots.take(rectangle(a, b, at, 8, wide, deep)):
            continue
        front = [
            square_to(a, b, at, 8 + deep),
            square_to(a, b, at, 8),
            square_to(a, b, at + wide, 8),
            square_to(a, b, at + wide, 8 + deep),
        ]
        back = [
            square_to(a, b, at + 12, 8 + deep),
            square_to(a, b, at + 12, 20),
            square_to(a, b, at + wide - 12, 20),
            square_to(a, b, at + wide - 12, 8 + deep),
        ]
        body = roofs.band(front, back, roofs.gabled_profile(12.5, 16.6), roofs.MIXED)
        houses = [House((body,), SCHOOL, 3, street)]
        hall = rectangle(a, b, at + wide / 2 - 14, 8 + deep + 8, 28, 16)
        if lots.take(hall):
            houses.append(House((roofs.flat(hall, 8.5),), SCHOOL, 1, street))
        return houses
    return []


def museum(ring: Sequence[Point], street: str) -> list[House]:
    """A palace around a court with a round hall in the middle of it; nothing if the block is too small."""
    inner = inset(ring, 15.0)
    if inner is None:
        return []
    x, y = (sum(axis) / len(inner) for axis in zip(*inner, strict=True))
    hall = [(x + 11 * math.cos(i * math.tau / 12), y + 11 * math.sin(i * math.tau / 12)) for i in range(12)]
    if not Lots(inner, 0.0).take(hall):
        return []
    around = roofs.court(ring, inner, roofs.gabled_profile(16.0, 21.0), roofs.GABLED)
    dome = roofs.cone(hall, 17.0, 25.0, roofs.PYRAMID)
    return [House((around,), MUSEUM, 3, street), House((dome,), MUSEUM, 1, street)]
