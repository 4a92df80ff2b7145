"""A plan becomes houses: which block is built up in which way, from the heart outwards."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from ingest.demo import blocks, houses, landmarks
from ingest.demo.houses import House
from ingest.demo.place import Point
from ingest.demo.plan import Block, Plan
from ingest.demo.relief import heights
from ingest.demo.rings import tidy


@dataclass(frozen=True, slots=True)
class Sited:
    """A house with the height of the ground it stands on."""

    house: House
    ground: float
    """Lowest ground under the house, metres."""


def build(plan: Plan) -> list[Sited]:
    """Build up a quarter; the order is from the heart outwards and never changes."""
    built = list(_houses(plan))
    feet = [house.footprint for house in built]
    flat = np.array([point for foot in feet for point in foot])
    ground = heights(flat[:, 0], flat[:, 1])
    starts = np.cumsum([0, *(len(foot) for foot in feet[:-1])])
    lowest = np.round(np.minimum.reduceat(ground, starts), 3)
    return [Sited(house, float(low)) for house, low in zip(built, lowest, strict=True)]


def _houses(plan: Plan) -> Iterator[House]:
    rng = Random(f"town {plan.quarter.number}")
    wanted = _landmarks(plan)
    if plan.square:
        yield landmarks.church(plan.square, plan.blocks[0].street)
    for number, block in enumerate(plan.blocks):
        ring = tidy(block.ring)
        if len(ring) < 4:
            continue
        special = wanted.get(number)
        yield from _special(special, ring, block, rng) or _ordinary(ring, block, rng)


def _landmarks(plan: Plan) -> dict[int, str]:
    """Block → landmark: the block whose middle is nearest to where each should stand."""
    cx, cy = plan.quarter.centre
    chosen: dict[int, str] = {}
    for kind, (x, y) in (
        ("museum", (-190, 60)),
        ("museum", (150, -250)),
        ("school", (-440, 120)),
        ("school", (150, 480)),
        ("school", (640, -420)),
        ("towers", (-700, -330)),
        ("towers", (-760, -60)),
        ("towers", (-30, -820)),
        ("towers", (-560, 420)),
    ):
        distances = [
            math.inf if number in chosen else math.dist(_middle(block), (cx + x, cy + y))
            for number, block in enumerate(plan.blocks)
        ]
        chosen[distances.index(min(distances))] = kind
    return chosen


def _middle(block: Block) -> Point:
    xs, ys = zip(*block.ring, strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)


def _special(kind: str | None, ring: list[Point], block: Block, rng: Random) -> list[House]:
    if kind == "museum":
        return landmarks.museum(ring, block.street)
    if kind == "school":
        return landmarks.school(ring, block.street)
    if kind == "towers":
        return houses.towers(ring, block.street, rng)
    return []


def _ordinary(ring: list[Point], block: Block, rng: Random) -> list[House]:
    """Closed blocks in the heart, open rows and slabs around it, villas at the edge."""
    import shapely

    far = block.centrality + rng.uniform(-0.1, 0.1)
    if far < 0.66:
        for shortest in (9.0, 17.0, 26.0):  # the plainer the ring, the likelier a court fits
            built = blocks.perimeter(tidy(ring, shortest), block.street, rng, block.centrality)
            if built:
                return built
        if block.centrality < 0.55 and shapely.Polygon(ring).area < 2600:
            return [blocks.solid(ring, block.street, rng)]
    elif far < 0.8:
        kind = rng.random()
        if kind < 0.4:
            return houses.slabs(ring, block.street, rng)
        if kind < 0.75:
            return houses.terraces(ring, block.street, rng)
    if rng.random() < 0.2:
        return houses.terraces(ring, block.street, rng)
    return houses.villas(ring, block.street, rng)
