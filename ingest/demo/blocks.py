"""Blocks of the nineteenth century: houses wall to wall along the streets, wings and sheds in the court."""

import math
from collections.abc import Sequence
from random import Random

from ingest.demo import roofs
from ingest.demo.houses import (
    DWELLING,
    DWELLING_AND_TRADE,
    GARAGE,
    MUSEUM,
    OFFICE,
    STOREY,
    UNKNOWN,
    House,
    Lots,
    pitched,
)
from ingest.demo.place import Point
from ingest.demo.rings import inset, reaches, rectangle, square_to

Cut = tuple[int, float]
"""Edge of the ring and metres along it."""


def perimeter(ring: Sequence[Point], street: str, rng: Random, centrality: float) -> list[House]:
    """Build a closed block around its court; an empty list if the block is too narrow for that."""
    for depth in (rng.uniform(12.0, 13.5), 10.5, 9.0):
        inner = inset(ring, depth)
        if inner and inset(ring, depth + 3.0):
            break
    else:
        return []
    cuts = _cuts(ring, depth, rng)
    if len(cuts) < 3:
        return [palace(ring, inner, street, rng)]
    storeys = rng.choice((4, 5, 5, 5, 6)) if centrality < 0.5 else rng.choice((3, 4, 4, 5))
    modern = rng.random() < 0.11
    yard = Lots(inner, 3.0)
    houses = []
    for cut, following in zip(cuts, [*cuts[1:], cuts[0]], strict=True):
        front, back = _slice(ring, inner, depth, cut, following)
        straight = len(front) == 2
        if straight and centrality > 0.42 and rng.random() < 0.16 * centrality:
            continue  # a gap in the row
        house = _row_house(front, back, storeys, modern, straight, street, rng)
        if straight and math.dist(front[0], front[1]) > 13.5 and rng.random() < 0.24:
            house = _with_wing(house, front, back, yard, rng)
        houses.append(house)
    return houses + _court(inner, yard, street, rng)


def palace(ring: Sequence[Point], inner: Sequence[Point], street: str, rng: Random) -> House:
    """One building all the way round its court, as museums and ministries have it."""
    if rng.random() < 0.25:
        body = roofs.flat(ring, 17.0, hole=list(reversed(inner)))
    else:
        eaves = rng.uniform(13.0, 16.5)
        body = roofs.court(ring, inner, roofs.gabled_profile(eaves, eaves + 4.4), roofs.GABLED)
    return House((body,), rng.choice((MUSEUM, OFFICE)), 4, street)


def solid(ring: Sequence[Point], street: str, rng: Random) -> House:
    """A block too small for a court, built over altogether."""
    return House((roofs.flat(ring, rng.uniform(15.0, 20.0)),), OFFICE, 5, street)


def _cuts(ring: Sequence[Point], depth: float, rng: Random) -> list[Cut]:
    """Where one house ends and the next begins; never so near a corner that its house would not fit."""
    reach = reaches(ring, depth)
    cuts: list[Cut] = []
    for i, here in enumerate(ring):
        j = (i + 1) % len(ring)
        length = math.dist(here, ring[j])
        first = max(reach[i], 0.0) + rng.uniform(3.0, 6.0)
        last = length - max(reach[j], 0.0) - rng.uniform(3.0, 6.0)
        if last - first < 0:
            continue
        if last - first < 10:
            cuts.append((i, (first + last) / 2))
            continue
        count = max(1, round((last - first) / rng.uniform(14.0, 18.5)))
        width = (last - first) / count
        cuts.append((i, first))
        cuts += [(i, first + k * width + rng.uniform(-0.16, 0.16) * width) for k in range(1, count)]
        cuts.append((i, last))
    return cuts


def _slice(
    ring: Sequence[Point], inner: Sequence[Point], depth: float, start: Cut, end: Cut
) -> tuple[list[Point], list[Point]]:
    """Front and back line of the house between two cuts, with the block's corners that lie between."""

    def at(cut: Cut, behind: float) -> Point:
        return square_to(ring[cut[0]], ring[(cut[0] + 1) % len(ring)], cut[1], behind)

    front, back = [at(start, 0.0)], [at(start, depth)]
    edge = start[0]
    while edge != end[0]:
        edge = (edge + 1) % len(ring)
        front.append(ring[edge])
        back.append(inner[edge])
    return [*front, at(end, 0.0)], [*back, at(end, depth)]


def _row_house(
    front: list[Point],
    back: list[Point],
    storeys: int,
    modern: bool,
    straight: bool,
    street: str,
    rng: Random,
) -> House:
    own = max(3, storeys + rng.choice((-1, 0, 0, 0, 0, 1)))
    eaves = own * (2.95 if modern else STOREY) + rng.uniform(0.4, 1.6)
    kind = rng.choices(
        (roofs.GABLED, roofs.MANSARD, roofs.FLAT, roofs.SHED),
        (2, 0, 8, 1) if modern else (14, 4, 1.2, 0.3),
    )[0]
    if kind == roofs.FLAT:
        body = roofs.flat([*front, *reversed(back)], eaves)
    elif kind == roofs.MANSARD:
        profile = roofs.mansard_profile(eaves, eaves + rng.uniform(5.0, 6.2))
        body = roofs.band(front, back, profile, roofs.MANSARD)
    elif kind == roofs.SHED:
        body = roofs.band(front, back, roofs.shed_profile(eaves, eaves + 2.2), roofs.SHED)
    else:
        profile = roofs.gabled_profile(eaves, eaves + rng.uniform(4.2, 5.6))
        body = roofs.band(front, back, profile, roofs.GABLED if straight else roofs.MIXED)
    function = rng.choices((DWELLING, DWELLING_AND_TRADE, OFFICE, UNKNOWN), (10, 6, 2, 0.4))[0]
    return House((body,), function, own, street)


def _with_wing(house: House, front: list[Point], back: list[Point], yard: Lots, rng: Random) -> House:
    """Add a narrow wing that runs back into the court along the neighbour's wall."""
    a, b = back
    width, length = rng.uniform(5.5, 7.0), rng.uniform(9.0, 15.0)
    corners = rectangle(a, b, 0.4, 0.0, width, length)
    outside = rectangle(a, b, 0.4, 0.3, width, length)  # the foot stands on the court's edge itself
    if not yard.take(outside):
        return house
    eaves = max(6.0, house.bodies[0].height - rng.uniform(8.0, 11.0))
    p, q, r, s = corners
    wing = roofs.band([q, r], [p, s], roofs.shed_profile(eaves, eaves + 2.0), roofs.SHED)
    return House((*house.bodies, wing), house.function, house.storeys, house.street)


def _court(inner: Sequence[Point], yard: Lots, street: str, rng: Random) -> list[House]:
    """Rear houses, workshops and garages in the court."""
    edges = list(zip(inner, [*inner[1:], inner[0]], strict=True))
    a, b = max(edges, key=lambda edge: math.dist(*edge))
    length = math.dist(a, b)
    houses = []
    for _ in range(round(length / 13)):
        along, behind = rng.uniform(3, max(4.0, length - 14)), rng.uniform(6, 34)
        width, depth = rng.uniform(9, 19), rng.uniform(7.5, 11)
        if yard.take(rectangle(a, b, along, behind, width, depth), gap=5.0):
            storeys = rng.choice((1, 2, 3, 3, 4))
            kind = rng.choices((roofs.GABLED, roofs.FLAT, roofs.SHED, roofs.HIPPED), (5, 4, 2, 1))[0]
            body = pitched(rectangle(a, b, along, behind, width, depth), storeys * 3.05 + 0.6, 2.6, kind)
            houses.append(House((body,), DWELLING if storeys > 1 else UNKNOWN, storeys, street))
    if rng.random() < 0.3:
        along = rng.uniform(2, max(3.0, length - 20))
        for number in range(rng.randint(2, 4)):
            corners = rectangle(a, b, along + 3.2 * number, 1.5, 3.2, 6)
            if yard.take(corners, gap=0.0):
                houses.append(House((roofs.flat(corners, 2.7),), GARAGE, 1, street))
    return houses
