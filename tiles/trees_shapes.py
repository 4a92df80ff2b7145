"""Crown shapes: each form of tree as a mesh of height 1 and crown diameter 1, near and far.

Instances stretch it to the tree's own size, so a tile holds one mesh for all trees of a form.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tiles.trees import FORMS

Floats = NDArray[np.float64]

NEAR, FAR = 0, 1
_Profile = tuple[tuple[float, float], ...]
"""Radius and height along the outline of a crown, from below; the first and last lie on the axis."""

_NEAR: dict[str, tuple[_Profile, int, float]] = {
    "broadleaf": (
        ((0, 0.20), (0.29, 0.22), (0.45, 0.36), (0.50, 0.57), (0.42, 0.78), (0.24, 0.94), (0, 1)),
        9,
        0.13,
    ),
    "conifer": (
        ((0, 0.13), (0.50, 0.11), (0.21, 0.42), (0.37, 0.40), (0.14, 0.70), (0.24, 0.68), (0, 1)),
        9,
        0.06,
    ),
    "column": (((0, 0.07), (0.36, 0.12), (0.50, 0.40), (0.43, 0.70), (0.22, 0.92), (0, 1)), 8, 0.08),
    "slender": (((0, 0.26), (0.27, 0.30), (0.50, 0.48), (0.44, 0.70), (0.22, 0.92), (0, 1)), 8, 0.15),
    "shrub": (((0, 0), (0.40, 0.02), (0.50, 0.38), (0.40, 0.76), (0, 1)), 8, 0.15),
    "unknown": (((0, 0.20), (0.30, 0.26), (0.50, 0.50), (0.42, 0.76), (0.20, 0.94), (0, 1)), 8, 0.0),
}
"""Outline, sides, and how far the surface is uneven."""
_FAR: dict[str, tuple[_Profile, int]] = {
    "broadleaf": (((0, 0.18), (0.46, 0.36), (0.45, 0.75), (0, 1)), 5),
    "conifer": (((0, 0.12), (0.48, 0.12), (0, 1)), 5),
    "column": (((0, 0.07), (0.44, 0.20), (0.42, 0.72), (0, 1)), 5),
    "slender": (((0, 0.25), (0.46, 0.44), (0.42, 0.72), (0, 1)), 5),
    "shrub": (((0, 0), (0.44, 0.12), (0.44, 0.70), (0, 1)), 5),
    "unknown": (((0, 0.19), (0.46, 0.40), (0.42, 0.76), (0, 1)), 5),
}
_TRUNKS: dict[str, tuple[float, float]] = {
    "broadleaf": (0.040, 0.30),
    "conifer": (0.045, 0.16),
    "column": (0.070, 0.12),
    "slender": (0.030, 0.36),
    "unknown": (0.040, 0.30),
}
"""Radius as a share of the crown's diameter, and where it ends inside the crown."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Triangles of one material, of a tree of height 1 and crown diameter 1 that stands on the origin."""

    material: str
    positions: Floats
    """(n, 3) east, north, up."""
    normals: NDArray[np.float32]
    """(n, 3)."""
    indices: NDArray[np.uint32]
    """(t, 3) counter-clockwise seen from outside."""


@cache
def shapes(form: str, level: int) -> tuple[Shape, ...]:
    """Crown and trunk of a form; `level` is `NEAR` or `FAR`."""
    needles = form == "conifer"
    profile, sides, uneven = _NEAR[form] if level == NEAR else (*_FAR[form], 0.0)
    crown = _turned("needles" if needles else "leaves", profile, sides, uneven)
    if form not in _TRUNKS:
        return (crown,)
    radius, top = _TRUNKS[form]
    return crown, _trunk(radius, top, 6 if level == NEAR else 3)


@cache
def vertices(form: str, level: int) -> int:
    """Vertices of a tree."""
    return sum(len(shape.positions) for shape in shapes(form, level))


@cache
def triangles(form: str, level: int) -> int:
    """Triangles of a tree."""
    return sum(len(shape.indices) for shape in shapes(form, level))


@cache
def deviations(form: str) -> Floats:
    """How the far shape differs from the near one: (k, 2) horizontal and vertical ways between them.

    For samples of either surface the way to the nearest point of the other, in the shape's own units.
    Stretched to a tree's size the longest bounds the distance of the two surfaces (Hausdorff) from above.
    """
    near, far = (
        np.concatenate([shape.positions[shape.indices] for shape in shapes(form, level)])
        for level in (NEAR, FAR)
    )
    # As a usual tree of the form is stretched, so that "nearest" means what it does in the city.
    stretch = np.array([FORMS[form].crown, FORMS[form].crown, 1.0])
    ways = np.concatenate(
        [
            _ways(_samples(one * stretch), other * stretch) / stretch
            for one, other in ((near, far), (far, near))
        ]
    )
    found = np.column_stack([np.hypot(ways[:, 0], ways[:, 1]), np.abs(ways[:, 2])])
    # Only ways that no other one exceeds both across and up can be the longest of any tree.
    found = found[np.lexsort((-found[:, 1], -found[:, 0]))]
    above = np.maximum.accumulate(found[:, 1])
    longest: Floats = found[np.r_[True, found[1:, 1] > above[:-1]]]
    return longest


def _turned(material: str, profile: _Profile, sides: int, uneven: float) -> Shape:
    """An outline turned around the axis; every second ring is twisted by half a side."""
    rings = profile[1:-1]
    at = np.arange(sides)
    points = []
    for number, (radius, height) in enumerate(rings):
        turn = 2 * np.pi * (at + 0.5 * (number % 2)) / sides
        # Two waves that do not repeat around the crown: bulges, the same in every tile.
        bulge = 1 + uneven * (np.sin(2.4 * number + 2 * turn) * np.cos(3 * turn - 1.7 * number) - 0.5)
        points.append(
            np.column_stack(
                [radius * bulge * np.cos(turn), radius * bulge * np.sin(turn), np.full(sides, height)]
            )
        )
    body = np.concatenate(points)
    widest = np.hypot(body[:, 0], body[:, 1]).max()
    body[:, :2] *= max(radius for radius, _ in rings) / widest
    positions = np.concatenate([body, [[0, 0, profile[0][1]], [0, 0, profile[-1][1]]]])
    foot, head = len(body), len(body) + 1
    after = (at + 1) % sides
    faces = [np.column_stack([np.full(sides, foot), after, at])]
    for number in range(len(rings) - 1):
        low, high = number * sides, (number + 1) * sides
        # An odd ring is twisted ahead of an even one, so the diagonals lean the other way.
        if number % 2 == 0:
            faces.append(np.column_stack([low + at, low + after, high + at]))
            faces.append(np.column_stack([low + after, high + after, high + at]))
        else:
            faces.append(np.column_stack([low + at, high + after, high + at]))
            faces.append(np.column_stack([low + at, low + after, high + after]))
    last = (len(rings) - 1) * sides
    faces.append(np.column_stack([last + at, last + after, np.full(sides, head)]))
    indices = np.concatenate(faces).astype(np.uint32)
    return Shape(material, positions, _smooth(positions, indices), indices)


def _trunk(radius: float, top: float, sides: int) -> Shape:
    """A column that is open where nobody looks: below the ground and inside the crown."""
    at = np.arange(sides)
    turn = 2 * np.pi * at / sides
    around = np.column_stack([np.cos(turn), np.sin(turn), np.zeros(sides)])
    positions = np.concatenate([around * radius, around * radius * 0.8 + [0, 0, top]])
    after = (at + 1) % sides
    indices = np.concatenate(
        [
            np.column_stack([at, after, after + sides]),
            np.column_stack([at, after + sides, at + sides]),
        ]
    ).astype(np.uint32)
    return Shape("trunk", positions, np.concatenate([around, around]).astype(np.float32), indices)


def _smooth(positions: Floats, indices: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Normals at the vertices: those of the faces around, weighted by area."""
    corners = positions[indices]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(positions)
    for corner in range(3):
        np.add.at(normals, indices[:, corner], faces)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return normals.astype(np.float32)


def _samples(corners: Floats) -> Floats:
    """Corners, middles of edges and centres of (t, 3, 3) triangles."""
    middles = (corners + np.roll(corners, -1, axis=1)) / 2
    return np.concatenate([corners.reshape(-1, 3), middles.reshape(-1, 3), corners.mean(axis=1)])


def _ways(points: Floats, corners: Floats) -> Floats:
    """(n, 3) from each point to the nearest one of (t, 3, 3) triangles."""
    best = np.full((len(points), 3), np.inf)
    for triangle in corners:
        way = _nearest(points, *triangle) - points
        closer = (way**2).sum(axis=1) < (best**2).sum(axis=1)
        best[closer] = way[closer]
    return best


def _nearest(points: Floats, a: Floats, b: Floats, c: Floats) -> Floats:
    """Nearest points of one triangle: inside it, else on its edges."""
    normal = np.cross(b - a, c - a)
    normal /= np.linalg.norm(normal)
    flat = points - np.outer((points - a) @ normal, normal)
    inside = np.ones(len(points), bool)
    best = np.full_like(points, np.inf)
    for start, end in ((a, b), (b, c), (c, a)):
        along = end - start
        inside &= (flat - start) @ np.cross(normal, along) >= 0
        share = np.clip((points - start) @ along / (along @ along), 0, 1)
        foot = start + np.outer(share, along)
        closer = ((foot - points) ** 2).sum(axis=1) < ((best - points) ** 2).sum(axis=1)
        best[closer] = foot[closer]
    best[inside] = flat[inside]
    return best
