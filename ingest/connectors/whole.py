"""Whole: whether the faces of an object make up all of it. So one of several levels of detail is chosen.

A closed shell is whole. Real LoD3 seldom closes to the millimetre (reveals without depth, walls drawn on both
sides), so a shell is as good if nothing of it can be missing from sight: the outward area vectors of a closed
surface add up to nothing (divergence theorem), a wall that lacks leaves its own, and a roof lacks where more
looks down than up. The ground may be missing: nobody sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.record import Solid

ORDER = (3, 2, 4, 1, 0)
"""Best level first. Of LoD 4 only the outer shell is drawn; LoD 0 is a footprint without height."""
LAST_ORDER = (3, 2, 1, 4, 0)
"""The same where none is whole."""
SKIPPED = "a level of detail that is not whole was passed over"
BROKEN = "no level of detail is whole: the best of them was taken"
MIXED = "parts in different levels of detail were put together"

_OPEN = 0.05
"""Share of all area that may lack on one side. Of the 40 LoD3 buildings of Ingolstadt, drawn by hand, four in
five stay below 3 %; a box of 10 m that lacks one wall has 20 %."""
_ROOFLESS = 0.2
"""Share of the plan that may be without roof: where more looks down than up."""
_STEEP = 0.2
"""Vertical part of a unit normal below which a face is a wall."""
DETAILED = 3
"""Levels from which on a part may stand alone, such as a porch, while the house is in a lower one."""
_LEAST_PLAN = 0.5
"""Share of what a lower level covers, seen from above, that a detailed one must."""
_DEGREES = 361.0
_WIDEST = 0.1
"""Degrees; nothing as narrow is a house in metres."""
_M_A_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Shells:
    """What the faces of objects say of their being whole."""

    whole: NDArray[np.bool_]
    """(n,) whether all of the object is there."""
    plan: NDArray[np.float64]
    """(n,) m² covered, seen from above; what lies one above the other counts each time."""


def shells(solids: Sequence[Solid]) -> Shells:
    """Look at objects, each at one level of detail; all at once, for that is the cost.

    Args:
        solids: in any CRS, in metres or degrees, the third axis up; each has faces.
    """
    from tiles.polygons import cleaned, gather
    from tiles.seams import seamless
    from tiles.winding import wound

    count = len(solids)
    whole, plan = np.zeros(count, bool), np.zeros(count)
    with np.errstate(all="ignore"):  # of coordinates that are none, which the gate tells of
        polygons, rings, _ = cleaned(gather([replace(s, points=_near(s.points), skin=None) for s in solids]))
        if not len(polygons.faces):
            return Shells(whole, plan)
        winding = wound(polygons, rings)
        first, vectors = winding.starts, winding.vectors
        there = winding.polygons.owners[first]
        areas = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        total = np.add.reduceat(areas, first)
        left = np.abs(np.add.reduceat(vectors[:, :2], first, axis=0)).max(axis=1)
        up = np.add.reduceat(vectors[:, 2].clip(min=0), first)
        down = np.add.reduceat(-vectors[:, 2].clip(max=0), first)
        walls = np.add.reduceat(np.where(np.abs(vectors[:, 2]) < _STEEP * areas, areas, 0.0), first)
        sound = (left <= _OPEN * total) & (up > 0) & (down - up <= _ROOFLESS * down) & (walls > 0)
        whole[there] = sound | seamless(winding.polygons, winding)
        plan[there] = np.maximum(up, down)
    return Shells(whole, plan)


def best_of(
    numbers: Sequence[float | None], solids: Sequence[Solid], sound: Sequence[bool], *, shell: bool
) -> tuple[int, bool]:
    """Choose among an object's levels of detail.

    Args:
        numbers: the levels, best first; None for a name that is no number.
        solids: the object in each of them.
        sound: of which nothing was left out.
        shell: whether faces all round are expected, as of a building.

    Returns:
        Place of the first one that is whole, or of the best where none is; and whether it is whole.
    """
    found = shells(solids)
    plans = found.plan.tolist()
    enough = [
        (number or 0) < DETAILED
        or all(
            plan >= _LEAST_PLAN * other
            for other, lower in zip(plans, numbers, strict=True)
            if lower and 0 < lower < (number or 0)
        )
        for number, plan in zip(numbers, plans, strict=True)
    ]
    for place, closes in enumerate(found.whole.tolist()):
        if enough[place] and sound[place] and (closes or not shell):
            return place, True
    return min(
        range(len(numbers)), key=lambda place: (not enough[place], _last(numbers[place]), place)
    ), False


def _last(number: float | None) -> int:
    known = number is not None and int(number) in LAST_ORDER
    return LAST_ORDER.index(int(number or 0)) if known else len(LAST_ORDER)


def _near(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres near zero; degrees are stretched, which does not matter to what adds up to nothing."""
    near = points - points[0]
    if np.abs(points[:, :2]).max() < _DEGREES and np.abs(near[:, :2]).max() < _WIDEST:
        near[:, :2] *= _M_A_DEGREE
    return np.asarray(near)
