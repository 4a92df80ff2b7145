"""Roofs over one outline without holes.

Most roofs are a height over the ground plan that is linear between creases: the outline is cut along the
creases, every point is lifted to its height, walls run up to what is above them. Points are shared, so the
shell closes whatever the outline. Domes, cones and tents shrink the outline towards a point instead.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ingest.extrusion.creases import Frame, Relief, relief_of
from ingest.extrusion.cuts import Cut, Key, cut
from twin.record import Face, Solid

Points = NDArray[np.float64]

NOT_FITTING = "a roof form that this outline does not allow was drawn flat"
RISE_ASSUMED = "a roof without a height: one taken from its form"
_PITCH = 35.0
"""Degrees, where nobody states the height of a roof: the usual pitch of tiles here."""
_LEAST_FILL = 0.72
"""Part of its smallest rectangle that an outline must fill to carry a roof made for rectangles."""
_TO_A_POINT = ("pyramidal", "cone", "dome", "onion")


@dataclass(frozen=True, slots=True)
class Roof:
    """What a roof is to be; heights as in `Solid`."""

    shape: str
    bottom: float
    top: float
    rise: float | None
    """None: from the form and `angle`."""
    rise_open: bool
    """`top` is where the roof begins, not where it ends."""
    angle: float | None
    direction: float | None
    """Degrees from north: where a slope looks to."""
    across: bool
    """The ridge runs across the outline, not along it."""


def roofed(ring: Points, roof: Roof) -> tuple[Solid | None, tuple[str, ...]]:
    """Put a roof on an outline.

    Args:
        ring: (n, 2) outer ring, open, counter-clockwise, valid, in metres.
        roof: the roof wanted.

    Returns:
        The solid, None if the outline does not carry such a roof; and remarks.
    """
    origin = ring.mean(axis=0)
    local = ring - origin
    frame = Frame.of(local, roof.direction, roof.across)
    pointed = roof.shape in _TO_A_POINT
    if not pointed and frame.fill < _LEAST_FILL:
        return None, (NOT_FITTING,)
    notes: tuple[str, ...] = ()
    rise = roof.rise
    if rise is None:
        notes = (RISE_ASSUMED,)
        rise = _usual_rise(roof, frame)
        if not roof.rise_open:
            rise = min(rise, 0.8 * (roof.top - roof.bottom))
    eaves = roof.top if roof.rise_open else roof.top - rise
    if rise < 1e-2:
        return None, (NOT_FITTING,)
    if eaves - roof.bottom < 1e-2:  # a roof down to the ground: walls of nothing would not close
        eaves = roof.bottom + 1e-2
        rise = max(rise, 2e-2) - 1e-2
    relief = None if pointed else relief_of(roof.shape, frame)
    faces = (
        _pointed(local, roof.shape, roof.bottom, eaves, rise)
        if relief is None
        else _creased(cut(local, roof.shape, frame, relief), relief, roof.bottom, eaves, rise)
    )
    if faces is None:
        return None, (NOT_FITTING,)
    return _solid(faces, origin), notes


def _usual_rise(roof: Roof, frame: Frame) -> float:
    slope = math.tan(math.radians(roof.angle or _PITCH))
    if roof.shape in ("dome", "round"):
        return frame.width / 2
    if roof.shape == "onion":
        return frame.width
    if roof.shape == "skillion":
        return frame.width * (slope if roof.angle else math.tan(math.radians(12.0)))
    return frame.width / 2 * slope


Corner = tuple[float, float, float]
Faces = list[tuple[int, list[list[Corner]]]]


def _creased(found: Cut | None, relief: Relief, bottom: float, eaves: float, rise: float) -> Faces | None:
    """Ground, walls and roof where the roof is a height over the plan."""
    step = None if found is None else _border(found.loops)
    if found is None or step is None or any(key not in step for key in found.ring):
        return None
    levels = (eaves + rise * relief.height(np.array(list(found.plan.values())))).tolist()
    up: dict[Key, Corner] = {
        key: (x, y, z) for (key, (x, y)), z in zip(found.plan.items(), levels, strict=True)
    }
    floor = [(*found.plan[key], bottom) for key in found.ring]
    faces: Faces = [(int(Face.GROUND), [floor[::-1]])]
    around = zip(found.ring, floor, found.ring[1:] + found.ring[:1], floor[1:] + floor[:1], strict=True)
    for a, foot, b, next_foot in around:
        chain = [a]
        while chain[-1] != b:
            chain.append(step[chain[-1]])
            if len(chain) > len(step) + 1:
                return None
        faces.append((int(Face.WALL), [[foot, next_foot, *(up[key] for key in reversed(chain))]]))
    faces += [(int(Face.ROOF), [[up[key] for key in loop]]) for loop in found.loops]
    return faces


def _border(loops: list[list[Key]]) -> dict[Key, Key] | None:
    """The edges that only one piece has, as point → next point; None if they do not form one ring."""
    edges = {edge for loop in loops for edge in zip(loop, loop[1:] + loop[:1], strict=True)}
    outer = [(a, b) for a, b in edges if (b, a) not in edges]
    step = dict(outer)
    return step if len(step) == len(outer) else None


_DOME = [(math.cos(math.radians(a)), math.sin(math.radians(a))) for a in (0, 15, 30, 45, 60, 75)]
_PROFILES: dict[str, list[tuple[float, float]]] = {
    # (part of the outline's size, part of the rise) from the eaves upwards; the last one is the point
    "pyramidal": [(1.0, 0.0), (0.0, 1.0)],
    "cone": [(1.0, 0.0), (0.0, 1.0)],
    "dome": [*_DOME, (0.0, 1.0)],
    "onion": [
        (1.0, 0.0), (1.15, 0.12), (1.2, 0.25), (1.05, 0.42), (0.7, 0.58), (0.35, 0.7), (0.12, 0.82),
        (0.0, 1.0),
    ],
}  # fmt: skip


def _pointed(ring: Points, shape: str, bottom: float, eaves: float, rise: float) -> Faces | None:
    """Ground, walls and a roof that shrinks to a point; None if the point does not see the whole outline."""
    following = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]
    centre = ((ring + following) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    a, b = ring - centre, following - centre
    if (a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1] <= 1e-6).any():
        return None
    steps = _PROFILES[shape]
    levels: list[list[Corner]] = []
    for size, height in steps[:-1]:
        shrunk = (centre + size * (ring - centre)).tolist()
        levels.append([(x, y, eaves + rise * height) for x, y in shrunk])
    levels[0] = [(float(x), float(y), eaves) for x, y in ring]
    floor = [(x, y, bottom) for x, y, _ in levels[0]]
    apex = (float(centre[0]), float(centre[1]), eaves + rise)
    faces: Faces = [(int(Face.GROUND), [floor[::-1]])]
    pairs = [(i, (i + 1) % len(ring)) for i in range(len(ring))]
    faces += [(int(Face.WALL), [[floor[i], floor[j], levels[0][j], levels[0][i]]]) for i, j in pairs]
    for below, above in pairwise(levels):
        faces += [(int(Face.ROOF), [[below[i], below[j], above[j], above[i]]]) for i, j in pairs]
    faces += [(int(Face.ROOF), [[levels[-1][i], levels[-1][j], apex]]) for i, j in pairs]
    return faces


def _solid(faces: Faces, origin: Points) -> Solid:
    rings = [ring for _, polygon in faces for ring in polygon]
    points = np.array([point for ring in rings for point in ring], dtype=np.float64)
    points[:, :2] += origin
    return Solid(
        points,
        np.cumsum([0, *map(len, rings)], dtype=np.int32),
        np.cumsum([0, *(len(polygon) for _, polygon in faces)], dtype=np.int32),
        np.array([face for face, _ in faces], dtype=np.uint8),
    )
