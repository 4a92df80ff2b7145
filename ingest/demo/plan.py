"""The plan of a quarter: main streets drawn by hand, side streets by splitting what lies between them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from ingest.demo import names
from ingest.demo.place import Point, Quarter, river_middle

BANKS = 78.0
"""Nothing is built nearer than this to the river's middle."""
PARK = ((318, -135), (345, 60), (326, 300), (345, 610), (560, 640), (700, 560), (700, 200), (640, -150))
"""The core's park between its street and the river."""


@dataclass(frozen=True)
class Street:
    """A street's middle line with its width between the houses."""

    name: str
    kind: str
    width: float
    line: tuple[Point, ...]


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
    streets: list[Street] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    square: tuple[Point, ...] = ()
    """The church square, if the quarter has one."""


def draw(quarter: Quarter) -> Plan:
    """Draw the plan of a quarter; the same quarter is always drawn alike."""
    import shapely

    rng = Random(f"plan {quarter.number}")
    given = names.StreetNames(rng)
    cx, cy = quarter.centre
    edge = shapely.Polygon(_outline(rng, cx, cy))
    plan = Plan(quarter, edge)
    free: list[Any] = []
    for name, kind, width, line in _main_streets(quarter, rng, given):
        smooth = shapely.LineString(_smooth(line))
        free.append(smooth.buffer(width / 2, cap_style="flat", join_style="mitre"))
        leaves = name in (names.BOULEVARD, names.AVENUE) or (quarter.number > 0 and kind == "Hauptstraße")
        plan.streets += _pieces(name, kind, width, smooth if leaves else smooth.intersection(edge.buffer(60)))
    square = _rectangle(cx + 75, cy + 12, 104, 84, 0.1)
    plan.square = square
    free += [shapely.Polygon(square), shapely.Point(cx - 318, cy - 118).buffer(58, quad_segs=5)]
    if quarter.has_river:
        middle = shapely.LineString(river_middle(cy - 1000, cy + 1000))
        free.append(middle.buffer(BANKS))
    if quarter.number == 0:
        free.append(shapely.Polygon(PARK))
        free.append(shapely.LineString([(-905, -1000), (-905, 1000)]).buffer(38))
    land = edge.difference(shapely.union_all(free))
    lines: list[tuple[Any, float]] = []
    plots: list[Any] = []
    for cell in _polygons(land):
        _split(cell, (cx, cy), rng, plots, lines, depth=0)
    for line, width in _joined(lines, plan.streets):
        points = tuple((x, y) for x, y in line.coords)
        kind = "Sammelstraße" if width >= 17 else "Anliegerstraße"
        plan.streets.append(Street(given.take(), kind, width, points))
    tree = shapely.STRtree([shapely.LineString(street.line) for street in plan.streets])
    for plot in plots:
        centre = plot.centroid
        ring = tuple(shapely.orient_polygons(plot).exterior.coords)[:-1]
        far = math.hypot(centre.x - cx, centre.y - cy) / 900
        plan.blocks.append(Block(ring, far, plan.streets[int(tree.nearest(centre))].name))
    plan.blocks.sort(key=lambda block: (block.centrality, block.ring))
    return plan


def _main_streets(
    quarter: Quarter, rng: Random, given: names.StreetNames
) -> list[tuple[str, str, float, list[Point]]]:
    """The core's are named and drawn by hand; other quarters get them bent and turned a little."""
    cx, cy = quarter.centre
    core = quarter.number == 0

    def bend(points: Sequence[Point]) -> list[Point]:
        wide = 0 if core else 55
        return [
            (
                cx + x + (0 if i in (0, len(points) - 1) else rng.uniform(-wide, wide)),
                cy + y + rng.uniform(-1, 1),
            )
            for i, (x, y) in enumerate(points)
        ]

    def called(name: str) -> str:
        return name if core else given.take()

    streets = [
        (
            names.BOULEVARD,
            "Hauptstraße",
            38.0,
            ((-60, -1000), (-92, -480), (-40, 0), (-84, 430), (-60, 1000)),
        ),
        (
            names.AVENUE,
            "Hauptstraße",
            27.0,
            ((-1000, -70), (-500, -150), (-40, -95), (330, -165), (1000, -70)),
        ),
        (
            names.RING,
            "Ringstraße",
            31.0,
            (
                (1000, -610),
                (420, -690),
                (-76, -590),
                (-420, -545),
                (-655, -160),
                (-585, 330),
                (-300, 590),
                (180, 640),
                (1000, 590),
            ),
        ),
        (names.DIAGONAL, "Sammelstraße", 21.0, ((-318, -118), (-560, 200), (-860, 520))),
        (names.RADIAL, "Sammelstraße", 20.0, ((-76, -590), (40, -760), (150, -1000))),
    ]
    if core:
        streets.append(
            (names.PARK_STREET, "Sammelstraße", 18.0, ((320, -165), (345, 60), (326, 300), (345, 640)))
        )
        streets.append(
            (names.BANK, "Sammelstraße", 15.0, ((720, -1000), (735, -560), (800, -90), (790, 590)))
        )
    return [(called(name), kind, width, bend(points)) for name, kind, width, points in streets]


def _outline(rng: Random, cx: float, cy: float) -> list[Point]:
    """The quarter's edge: a rounded square with a ragged rim, so that towns do not end at a ruler."""
    a, b = rng.uniform(0, 6.3), rng.uniform(0, 6.3)
    points = []
    for i in range(72):
        t = i * math.tau / 72
        squareness = (abs(math.cos(t)) ** 3 + abs(math.sin(t)) ** 3) ** (-1 / 3)
        reach = 760 * squareness * (1 + 0.035 * math.sin(3 * t + a) + 0.03 * math.sin(7 * t + b))
        x, y = reach * math.cos(t), reach * math.sin(t)
        points.append((cx + max(-955.0, min(955.0, x)), cy + max(-955.0, min(955.0, y))))
    return points


def _split(
    plot: Any, heart: Point, rng: Random, plots: list[Any], lines: list[tuple[Any, float]], depth: int
) -> None:
    """Cut land into blocks, always across its longer side, streets growing narrower."""
    import shapely

    centre = plot.centroid
    far = math.hypot(centre.x - heart[0], centre.y - heart[1]) / 900
    corners = list(plot.minimum_rotated_rectangle.exterior.coords)[:3]
    sides = [(corners[i + 1][0] - corners[i][0], corners[i + 1][1] - corners[i][1]) for i in (0, 1)]
    lengths = [math.hypot(*side) for side in sides]
    size = (9600 if far < 0.5 else 10500 if far < 0.8 else 11500) * rng.uniform(0.8, 1.35)
    if plot.area < size or min(lengths) < 44:
        plots.append(plot)
        return
    long = 0 if lengths[0] > lengths[1] else 1
    if max(lengths) < 1.25 * min(lengths) and rng.random() < 0.4:
        long = 1 - long
    (lx, ly), length = sides[long], lengths[long]
    (sx, sy), short = sides[1 - long], lengths[1 - long]
    at = rng.uniform(0.43, 0.57)
    ox = corners[1][0] - (lx if long == 0 else 0) - (sx if long == 1 else 0)
    oy = corners[1][1] - (ly if long == 0 else 0) - (sy if long == 1 else 0)
    mx, my = ox + at * lx + 0.5 * sx, oy + at * ly + 0.5 * sy
    tilt = rng.uniform(-0.07, 0.07)
    ux, uy = sx / short, sy / short
    ux, uy = ux * math.cos(tilt) - uy * math.sin(tilt), ux * math.sin(tilt) + uy * math.cos(tilt)
    bow = rng.uniform(-0.03, 0.03) * short
    mid = (mx + bow * lx / length, my + bow * ly / length)
    reach = short + 40
    line = shapely.LineString([(mx - reach * ux, my - reach * uy), mid, (mx + reach * ux, my + reach * uy)])
    width = 19.0 if depth == 0 and plot.area > 90_000 else 15.5 if plot.area > 36_000 else 13.0
    if far > 0.8:
        width -= 2.5
    pieces = [p for p in _polygons(plot.difference(line.buffer(width / 2, cap_style="flat"))) if p.area > 350]
    if len(pieces) < 2:
        plots.append(plot)
        return
    inside = line.intersection(plot)
    lines += [(part, width) for part in getattr(inside, "geoms", [inside]) if part.length > 20]
    for piece in pieces:
        _split(piece, heart, rng, plots, lines, depth + 1)


def _joined(lines: list[tuple[Any, float]], main: list[Street]) -> list[tuple[Any, float]]:
    """Lead the ends of side streets on to the middle of the street they meet."""
    import shapely

    every = [shapely.LineString(street.line) for street in main] + [line for line, _ in lines]
    tree = shapely.STRtree(every)
    joined = []
    for number, (line, width) in enumerate(lines, start=len(main)):
        points = list(line.coords)
        for end in (0, -1):
            spot = shapely.Point(points[end])
            near = [i for i in tree.query(spot, predicate="dwithin", distance=24) if i != number]
            if near:
                best = min(near, key=lambda i: (every[i].distance(spot), i))
                met = every[best].interpolate(every[best].project(spot))
                points[end] = (met.x, met.y)
        joined.append((shapely.LineString(points), width))
    return joined


def _smooth(points: list[Point]) -> list[Point]:
    """Round the corners of a line by cutting them three times (Chaikin)."""
    for _ in range(3):
        cut = [points[0]]
        for (ax, ay), (bx, by) in pairwise(points):
            cut += [
                (0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by),
                (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by),
            ]
        points = [*cut, points[-1]]
    return points


def _rectangle(x: float, y: float, width: float, height: float, turn: float) -> tuple[Point, ...]:
    c, s = math.cos(turn), math.sin(turn)
    corners = ((-width, -height), (width, -height), (width, height), (-width, height))
    return tuple((x + (a * c - b * s) / 2, y + (a * s + b * c) / 2) for a, b in corners)


def _pieces(name: str, kind: str, width: float, geometry: Any) -> list[Street]:
    parts = getattr(geometry, "geoms", [geometry])
    return [Street(name, kind, width, tuple((x, y) for x, y in part.coords)) for part in parts]


def _polygons(geometry: Any) -> list[Any]:
    return [part for part in getattr(geometry, "geoms", [geometry]) if part.geom_type == "Polygon"]
