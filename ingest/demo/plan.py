"""The plan of a quarter: main streets drawn by hand, side streets by splitting what lies between them."""

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any

from ingest.demo.names import StreetNames
from ingest.demo.place import CORE, Point, Quarter, river_middle
from ingest.demo.split import joined, polygons, split
from ingest.demo.streets import PARK, Street, main_streets, park_paths

BANKS = 78.0
"""Nothing is built nearer than this to the river's middle."""
_RAILWAY = ((-905.0, -1000.0), (-905.0, 1000.0))


@dataclass(frozen=True)
class Block:
    """A piece of land between streets."""

    ring: tuple[Point, ...]
    """Counter-clockwise, open."""
    centrality: float
    """0 in the quarter's heart, 1 at its edge."""
    street: str
    """Name of the nearest street."""


@dataclass
class Plan:
    """Everything that is drawn before a house is built. Local metres."""

    quarter: Quarter
    edge: Any
    """Polygon of the quarter."""
    square: tuple[Point, ...]
    """The church square."""
    streets: list[Street] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    """From the heart outwards."""


def draw(quarter: Quarter) -> Plan:
    """Draw the plan of a quarter; the same quarter is always drawn alike."""
    import shapely

    rng = Random(f"plan {quarter.number}")
    given = StreetNames(rng)
    cx, cy = quarter.centre
    edge = shapely.Polygon(_outline(quarter, rng))
    plan = Plan(quarter, edge, _rectangle(cx + 75, cy + 12, 104, 84, 0.1))
    free = [shapely.Polygon(plan.square), shapely.Point(cx - 318, cy - 118).buffer(58, quad_segs=5)]
    for street, whole in main_streets(quarter, rng, given):
        line = shapely.LineString(street.line)
        free.append(line.buffer(street.width / 2, cap_style="flat", join_style="mitre"))
        plan.streets += [street] if whole else _within(street, line.intersection(edge.buffer(60)))
    if quarter.has_river:
        free.append(shapely.LineString(river_middle(cy - 1000, cy + 1000)).buffer(BANKS))
    if quarter == CORE:
        free += [shapely.Polygon(PARK), shapely.LineString(_RAILWAY).buffer(38)]
    lines: list[tuple[Any, float]] = []
    plots: list[Any] = []
    for land in polygons(edge.difference(shapely.union_all(free))):
        split(land, (cx, cy), rng, plots, lines, depth=0)
    for line, width in joined(lines, plan.streets):
        kind = "Sammelstraße" if width >= 17 else "Anliegerstraße"
        plan.streets.append(Street(given.take(), kind, width, tuple((x, y) for x, y in line.coords)))
    plan.blocks = _blocks(plots, plan)
    if quarter == CORE:
        plan.streets += park_paths()
    return plan


def _blocks(plots: list[Any], plan: Plan) -> list[Block]:
    import shapely

    cx, cy = plan.quarter.centre
    tree = shapely.STRtree([shapely.LineString(street.line) for street in plan.streets])
    blocks = []
    for plot in plots:
        centre = plot.centroid
        ring = tuple((x, y) for x, y in shapely.orient_polygons(plot).exterior.coords[:-1])
        far = math.hypot(0.9 * (centre.x - cx - 40), centre.y - cy) / 850
        blocks.append(Block(ring, far, plan.streets[int(tree.nearest(centre))].name))
    return sorted(blocks, key=lambda block: (block.centrality, block.ring))


def _within(street: Street, line: Any) -> list[Street]:
    """The parts of a street that are left of it."""
    parts = getattr(line, "geoms", [line])
    return [
        Street(street.name, street.kind, street.width, tuple((x, y) for x, y in part.coords))
        for part in parts
    ]


def _outline(quarter: Quarter, rng: Random) -> list[Point]:
    """The quarter's edge: a rounded square with a ragged rim, so that towns do not end at a ruler."""
    a, b = rng.uniform(0, 6.3), rng.uniform(0, 6.3)
    cx, cy = quarter.centre
    points = []
    for i in range(72):
        t = i * math.tau / 72
        squareness = (abs(math.cos(t)) ** 3 + abs(math.sin(t)) ** 3) ** (-1 / 3)
        reach = 722 * squareness * (1 + 0.035 * math.sin(3 * t + a) + 0.03 * math.sin(7 * t + b))
        if quarter == CORE:  # the town has climbed the terrace beyond the river
            reach *= 1 + 0.14 * max(0.0, math.cos(t)) ** 2
        x, y = reach * math.cos(t), reach * math.sin(t)
        points.append((cx + max(-955.0, min(955.0, x)), cy + max(-955.0, min(955.0, y))))
    return points


def _rectangle(x: float, y: float, width: float, height: float, turn: float) -> tuple[Point, ...]:
    c, s = math.cos(turn), math.sin(turn)
    corners = ((-width, -height), (width, -height), (width, height), (-width, height))
    return tuple((x + (a * c - b * s) / 2, y + (a * s + b * c) / 2) for a, b in corners)
