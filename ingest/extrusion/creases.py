"""Roofs made for rectangles: where their creases lie, and how high they are at each point of the plan."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Line = list[tuple[float, float]]

_BEYOND = 1.05
"""Creases reach a little over the rectangle, so that they surely cut the outline."""
_SLACK_M = 6e-3
"""Points lie on a grid of a millimetre: what is so near the eaves or the ridge is on them."""
_HALF_HIP = 0.5
_KNEE = (0.7, 0.55)
"""Where the steep part of a mansard or gambrel roof ends: part of the way out, part of the rise."""
_ROUND = tuple(math.cos(math.radians(a)) for a in (22.5, 45.0, 67.5, 90.0))
SALTBOX = 0.35
"""How far across the ridge of a saltbox lies."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The smallest rectangle around an outline, turned so that the ridge runs along its first axis."""

    centre: Points
    along: Points
    """(2,) unit vector of the ridge; the second axis is this one turned left."""
    length: float
    width: float
    """Across the ridge."""
    fill: float
    """Part of the rectangle that the outline covers."""

    @classmethod
    def of(cls, ring: Points, direction: float | None, across: bool) -> "Frame":
        """The frame of an open ring; `direction` (degrees from north) is where a slope looks to."""
        import shapely

        polygon = shapely.Polygon(ring)
        corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))[:4]
        first, second = corners[1] - corners[0], corners[2] - corners[1]
        long, short = (first, second) if math.hypot(*first) >= math.hypot(*second) else (second, first)
        if across:
            long, short = short, long
        along, length, width = long / math.hypot(*long), math.hypot(*long), math.hypot(*short)
        left = np.array([-along[1], along[0]])
        if direction is not None:
            look = np.array([math.sin(math.radians(direction)), math.cos(math.radians(direction))])
            if abs(along @ look) > abs(left @ look):
                along, left, length, width = left, -along, width, length
            if left @ look > 0:  # the slope looks along minus the second axis
                along = -along
        area = polygon.area / max(length * width, 1e-9)
        return cls(corners.mean(axis=0), along, length, width, area)

    def inside(self, xy: Points) -> Points:
        """Plan (n, 2) → along and across the ridge, in half widths of the rectangle."""
        left = np.array([-self.along[1], self.along[0]])
        axes: Points = np.column_stack([self.along, left])
        found: Points = (xy - self.centre) @ axes / (self.width / 2)
        return found

    def outside(self, line: Line) -> Points:
        """The way back, for a line."""
        left = np.array([-self.along[1], self.along[0]])
        axes: Points = np.vstack([self.along, left])
        found: Points = self.centre + np.array(line) * (self.width / 2) @ axes
        return found


@dataclass(frozen=True, slots=True)
class Relief:
    """A roof as heights over the plan."""

    creases: list[Points]
    """Lines (k, 2) between which the roof is plane."""
    height: Callable[[Points], Points]
    """Plan (n, 2) → part of the rise, 0 to 1."""


def relief_of(shape: str, frame: Frame) -> Relief:
    """The creases and heights of a roof form over a frame."""
    half = frame.length / frame.width  # half the length, in half widths
    lines, height = _FORMS[shape](half)

    slack = _SLACK_M / frame.width

    def over(xy: Points) -> Points:
        uv = frame.inside(xy)
        z = height(np.clip(uv[:, 0], -half, half), np.clip(uv[:, 1], -1.0, 1.0))
        return np.where(z < slack, 0.0, np.where(z > 1 - slack, 1.0, z))

    return Relief([frame.outside(line) for line in lines], over)


Form = tuple[list[Line], Callable[[Points, Points], Points]]


def _profile(half: float, *steps: tuple[float, float]) -> Form:
    """A roof that looks the same all along its ridge: (across, height) from one side to the other."""
    across, heights = [v for v, _ in steps], [z for _, z in steps]
    lines = [[(-half * _BEYOND, v), (half * _BEYOND, v)] for v in across[1:-1]]
    return lines, lambda u, v: np.interp(v, across, heights)


def _gabled(half: float) -> Form:
    return _profile(half, (-1, 0), (0, 1), (1, 0))


def _gambrel(half: float) -> Form:
    knee, rise = _KNEE
    return _profile(half, (-1, 0), (-knee, rise), (0, 1), (knee, rise), (1, 0))


def _round(half: float) -> Form:
    side = [(v, math.sqrt(1 - v * v)) for v in reversed(_ROUND[:3])]
    return _profile(half, (-1, 0), *((-v, z) for v, z in reversed(side)), (0, 1), *side, (1, 0))


def _skillion(half: float) -> Form:
    return _profile(half, (-1, 0), (1, 1))


def _saltbox(half: float) -> Form:
    return _profile(half, (-1, 0), (SALTBOX, 1), (1, 1 - (1 - SALTBOX) / (1 + SALTBOX)))


def _hips(half: float, begin: float) -> list[Line]:
    """The four hips and the ridge; hips leave the short sides `begin` of the half width off the ridge."""
    end = max(half - begin, 0.0)
    reach = min(half, begin)  # of a rectangle shorter than wide the hips meet before they reach the ridge
    lines: list[Line] = []
    for side in (-1, 1):
        for v in (-1, 1):
            foot, head = (side * half, v * begin), (side * (half - reach), v * (begin - reach))
            more = (_BEYOND - 1) * half
            lines.append([(foot[0] + side * more, foot[1] + v * more), head])
    if half > begin:
        lines.append([(-end, 0.0), (end, 0.0)])
    elif half < begin:
        lines.append([(0.0, -(begin - half)), (0.0, begin - half)])
    return lines


def _inset(half: float) -> Callable[[Points, Points], Points]:
    return lambda u, v: np.minimum(1 - np.abs(v), half - np.abs(u))


def _hipped(half: float) -> Form:
    inset, most = _inset(half), min(1.0, half)
    return _hips(half, 1.0), lambda u, v: inset(u, v) / most


def _half_hipped(half: float) -> Form:
    begin = min(_HALF_HIP, half)
    lines = _hips(half, begin)
    return lines, lambda u, v: np.minimum(1 - np.abs(v), 1 - begin + half - np.abs(u))


def _mansard(half: float) -> Form:
    most = min(1.0, half)
    knee, rise = (1 - _KNEE[0]) * most, _KNEE[1]
    inset = _inset(half)
    u, v = half - knee, 1 - knee
    ring: Line = [(-u, -v), (u, -v), (u, v), (-u, v), (-u, -v)]
    return [*_hips(half, 1.0), ring], lambda x, y: np.interp(inset(x, y), [0, knee, most], [0, rise, 1])


_FORMS: dict[str, Callable[[float], Form]] = {
    "gabled": _gabled,
    "gambrel": _gambrel,
    "round": _round,
    "skillion": _skillion,
    "saltbox": _saltbox,
    "hipped": _hipped,
    "half-hipped": _half_hipped,
    "mansard": _mansard,
}
"""Name of a form → its creases and heights, in half widths along and across the ridge."""
