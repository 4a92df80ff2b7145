"""Side streets: land is cut into blocks, and the cuts are the streets."""

import math
from random import Random
from typing import Any

from ingest.demo.place import Point
from ingest.demo.streets import Street


def split(
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
    pieces = [p for p in polygons(plot.difference(line.buffer(width / 2, cap_style="flat"))) if p.area > 350]
    if len(pieces) < 2:
        plots.append(plot)
        return
    inside = line.intersection(plot)
    lines += [(part, width) for part in getattr(inside, "geoms", [inside]) if part.length > 20]
    for piece in pieces:
        split(piece, heart, rng, plots, lines, depth + 1)


def joined(lines: list[tuple[Any, float]], main: list[Street]) -> list[tuple[Any, float]]:
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


def polygons(geometry: Any) -> list[Any]:
    """The polygons a shapely geometry consists of, one or several."""
    return [part for part in getattr(geometry, "geoms", [geometry]) if part.geom_type == "Polygon"]
