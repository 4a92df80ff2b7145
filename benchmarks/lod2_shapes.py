"""Forms of the buildings of `benchmarks.lod2`, in local metres around their lot's centre."""

import math
import random
from dataclasses import dataclass, field

SHAPES = 48
"""Ordinary forms; the odd ones follow after them."""
ANGLES = 7
"""Directions in which the streets of a tile may run."""

Corner = tuple[float, float, float]
Ring = list[int]


@dataclass
class Body:
    """A building or a part of one."""

    roof_type: str
    """AdV code."""
    faces: list[tuple[str, list[Ring]]] = field(default_factory=list)
    """Boundary surface class, and rings of places in `Shape.corners`: the outer one, then holes."""
    solid: bool = True


@dataclass
class Shape:
    """One form: corners used by one body or by several."""

    corners: list[Corner] = field(default_factory=list)
    """East, north, metres above ground; 0 stays on the ground when the building is made taller."""
    bodies: list[Body] = field(default_factory=list)

    @property
    def height(self) -> float:
        """Metres from ground to ridge."""
        return max(up for _, _, up in self.corners)

    def at(self, x: float, y: float, up: float) -> int:
        """Place of a corner, added if it is new."""
        corner = (round(x, 3), round(y, 3), round(up, 3))
        if corner not in self.corners:
            self.corners.append(corner)
        return self.corners.index(corner)


def shape(number: int, angle: int) -> Shape:
    """Return form `number` in direction `angle` of `ANGLES`."""
    dice = random.Random(7919 * number)
    form = Shape()
    if number >= SHAPES:
        _odd(form, number - SHAPES, dice)
    elif number % 16 in (0, 5):
        _flat(
            form,
            _bays(dice, dice.uniform(9, 16), dice.uniform(9, 14), dice.randint(2, 4)),
            dice.uniform(5, 9),
        )
    elif number % 16 in (1, 6, 11):
        _angled(form, dice.uniform(14, 19), dice.uniform(12, 18), dice.uniform(5, 7), dice.uniform(4, 6), 5)
    elif number % 16 in (2, 9):
        _ridged(
            form,
            0,
            0,
            dice.uniform(11, 17),
            dice.uniform(8, 12),
            dice.uniform(4, 6),
            dice.uniform(2, 4),
            3,
            2.5,
        )
    elif number % 16 in (3, 8, 13):  # a house with a garage
        width = dice.uniform(9, 12)
        _ridged(form, -3, 0, width, dice.uniform(9, 13), dice.uniform(4, 6), dice.uniform(2, 5), 5, 0)
        _flat(form, _box(width / 2 - 3, -3, width / 2 + 0.5, 3), 2.6)
    else:
        splits = dice.randint(3, 10)
        _ridged(
            form,
            0,
            0,
            dice.uniform(10, 18),
            dice.uniform(8, 12),
            dice.uniform(4, 7),
            dice.uniform(2, 5),
            splits,
            0,
        )
    turn = math.pi / 2 * angle / ANGLES
    cos, sin = math.cos(turn), math.sin(turn)
    form.corners = [(x * cos - y * sin, x * sin + y * cos, up) for x, y, up in form.corners]
    return form


def _odd(form: Shape, kind: int, dice: random.Random) -> None:
    if kind == 0:  # a courtyard
        outer, inner = _box(-11, -10, 11, 10), _box(-4, -4, 4, 4)[::-1]
        _flat(form, outer, 9.0, inner)
    elif kind == 1:  # a roof that is not quite plane
        _ridged(form, 0, 0, 14, 10, 5, 3, 4, 0)
        x, y, up = form.corners[-1]
        form.corners[-1] = (x, y, up + 0.12)
    elif kind == 2:  # no solid
        _ridged(form, 0, 0, 12, 9, 5, 3, 4, 0)
        form.bodies[0].solid = False
    elif kind == 3:  # a repeated corner, and a ring that touches itself
        _flat(form, _bays(dice, 12, 10, 3), 6)
        rings = form.bodies[0].faces[-1][1]
        rings[0].insert(2, rings[0][1])
    else:  # many parts
        for place in range(3):
            _ridged(form, 7.0 * place - 7, 0, 7, 11, 5 + place, 3, 2, 0)


def _box(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    return [(west, south), (east, south), (east, north), (west, north)]


def _bays(dice: random.Random, width: float, depth: float, count: int) -> list[tuple[float, float]]:
    """A box whose southern wall comes forward `count` times."""
    step = width / (2 * count + 1)
    ring = [(-width / 2, -depth / 2)]
    for bay in range(count):
        west, out = -width / 2 + step * (2 * bay + 1), dice.uniform(0.4, 1.8)
        south = -depth / 2
        ring += [(west, south), (west, south - out), (west + step, south - out), (west + step, south)]
    return [*ring, (width / 2, -depth / 2), (width / 2, depth / 2), (-width / 2, depth / 2)]


def _walls(form: Shape, body: Body, ring: list[Corner]) -> None:
    """Walls below the eaves `ring`, which runs counter-clockwise seen from above."""
    for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
        low = [form.at(*here[:2], 0), form.at(*there[:2], 0)]
        body.faces.append(("WallSurface", [[*low, form.at(*there), form.at(*here)]]))


def _flat(
    form: Shape, ring: list[tuple[float, float]], height: float, hole: list[tuple[float, float]] | None = None
) -> None:
    body = Body("1000")
    rings = [ring, *([hole] if hole else [])]
    for one in rings:
        _walls(form, body, [(x, y, height) for x, y in one])
    body.faces.append(("GroundSurface", [[form.at(x, y, 0) for x, y in reversed(one)] for one in rings]))
    body.faces.append(("RoofSurface", [[form.at(x, y, height) for x, y in one] for one in rings]))
    form.bodies.append(body)


def _ridged(
    form: Shape,
    x: float,
    y: float,
    width: float,
    depth: float,
    eaves: float,
    roof: float,
    splits: int,
    hip: float,
) -> None:
    """A gabled (`hip` 0) or hipped roof on a box; long walls in `splits` pieces, as neighbours cut them."""
    w, d, top = width / 2, depth / 2, eaves + roof
    south = [(x - w + width * i / splits, y - d, eaves) for i in range(splits + 1)]
    north = [(x + w - width * i / splits, y + d, eaves) for i in range(splits + 1)]
    west, east = (x - w + hip, y, top), (x + w - hip, y, top)
    body = Body("3200" if hip else "3100")
    if hip:
        _walls(form, body, [*south, *north])
    else:
        _walls(form, body, [*south, east, *north, west])  # gables in two halves
    floor = [*south, *north] if hip else [*south, east, *north, west]
    body.faces.append(("GroundSurface", [[form.at(*corner[:2], 0) for corner in reversed(floor)]]))
    slopes = [[*south, east, west], [*north, west, east]]
    if hip:
        slopes += [[south[-1], north[0], east], [north[-1], south[0], west]]
    body.faces += [("RoofSurface", [[form.at(*corner) for corner in slope]]) for slope in slopes]
    form.bodies.append(body)


def _angled(form: Shape, a: float, b: float, width: float, eaves: float, splits: int) -> None:
    """An L of two gabled arms of equal width: `a` to the east, `b` to the north."""
    x, y, h, top = -a / 2, -b / 2, width / 2, eaves + width * 0.4
    south = [(x + a * i / splits, y, eaves) for i in range(splits + 1)]
    west = [(x, y + b - b * i / splits, eaves) for i in range(splits)]
    inner = (x + width, y + width, eaves)
    east, north, knee = (x + a, y + h, top), (x + h, y + b, top), (x + h, y + h, top)
    end_a, end_b = (x + a, y + width, eaves), (x + width, y + b, eaves)
    body = Body("3100")
    ring = [*south, east, end_a, inner, end_b, north, *west]
    _walls(form, body, ring)
    body.faces.append(("GroundSurface", [[form.at(*corner[:2], 0) for corner in reversed(ring)]]))
    for slope in (
        [*south, east, knee],
        [end_a, inner, knee, east],
        [inner, end_b, north, knee],
        [*west, south[0], knee, north],
    ):
        body.faces.append(("RoofSurface", [[form.at(*corner) for corner in slope]]))
    form.bodies.append(body)
