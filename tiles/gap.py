"""Gap: how far buildings float above the terrain or are sunk into it; and how to lift what has no height."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.ground import Ground
from twin.record import Face, Solid

_WORST = 10
_AT_ZERO_M = 0.01
"""A thing is drawn at height zero if all its points lie closer to it than this."""
_OFF_M = 5.0
"""And the terrain is farther from zero than this."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gaps:
    """How buildings stand on the terrain. Metres; positive floats above it, negative is sunk."""

    buildings: int
    """How many were measured."""
    unknown: int
    """How many stand where no terrain is known, or have no face."""
    median_m: float | None
    p05_m: float | None
    p95_m: float | None
    max_m: float | None
    """The widest gap that can be seen under a building."""
    worst: tuple[tuple[str, float], ...]
    """Ids and gaps of the ten that are farthest off, either way."""

    def report(self) -> dict[str, Any]:
        """For the provenance and for people: rounded to centimetres."""
        facts: dict[str, Any] = asdict(self)
        for name, value in facts.items():
            if isinstance(value, float):
                facts[name] = round(value, 2)
        facts["worst"] = [{"id": id_, "gap_m": round(gap, 2)} for id_, gap in self.worst]
        return facts


def gaps(solids: Sequence[Solid], ground: Ground) -> Floats:
    """(b,) gap of each building: how far the highest-floating corner of its ground is above the terrain.

    So 0 or less means that no light is to be seen under it, and how deep even that corner is sunk.

    Args:
        solids: In the city's 3D CRS. Where one has no ground faces, the lowest points of its outline count.
        ground: The terrain; where it knows no height (stated heights do not count) the gap is NaN.
    """
    points, owners = _feet(solids)
    result = np.full(len(solids), -np.inf)
    if len(points):
        np.fmax.at(result, owners, points[:, 2] - ground.measured(points[:, :2]))
    result[np.isinf(result)] = np.nan
    return result


def summary(gap_m: Floats, ids: Sequence[str]) -> Gaps:
    """Sum up the gaps (b,) of buildings with these ids."""
    known = np.flatnonzero(np.isfinite(gap_m))
    values = gap_m[known]
    if not len(known):
        return Gaps(0, len(gap_m), None, None, None, None, ())
    low, middle, high = (float(v) for v in np.percentile(values, [5, 50, 95]))
    far = known[np.argsort(-np.abs(values), kind="stable")[:_WORST]]
    return Gaps(
        buildings=len(known),
        unknown=len(gap_m) - len(known),
        median_m=middle,
        p05_m=low,
        p95_m=high,
        max_m=float(values.max()),
        worst=tuple((ids[i], float(gap_m[i])) for i in far),
    )


def at_zero(solids: Sequence[Solid], ground: Ground) -> NDArray[np.bool_]:
    """(b,) which ones were drawn at height zero although the ground there is not: their height is unknown.

    A building counts by its lowest point, what is flat by all of them. Beyond the terrain its middle height
    tells whether the ground is elsewhere.
    """
    points, owners = _joined(solids)
    lowest = np.full(len(solids), np.inf)
    off = np.zeros(len(solids))
    np.fmin.at(lowest, owners, points[:, 2])
    heights = np.abs(ground.heights(points[:, :2]))
    np.fmax.at(off, owners, heights)
    seen = np.bincount(owners[np.isfinite(heights)], minlength=len(solids)) > 0
    if not seen.all():
        off[~seen] = abs(ground.middle)
    found: NDArray[np.bool_] = (np.abs(lowest) < _AT_ZERO_M) & (off > _OFF_M)
    return found


def stand(solids: Sequence[Solid], ground: Ground, *, drape: bool = False) -> list[Solid | None]:
    """Put things of unknown height on the ground.

    Args:
        solids: In the city's 3D CRS, with heights from an unknown base.
        ground: Where to, or the height that the city states.
        drape: Lay down each point by itself, for roads and areas, without the polygons that reach beyond the
            known ground; else a thing is lifted as a whole until its lowest point is at the lowest ground
            along its outline, for buildings.

    Returns:
        The same in the same order; None where the ground is not known, below any point or (draped) below
        any polygon as a whole.
    """
    points, owners = _joined(solids)
    there = ground.heights(points[:, :2])
    if drape:
        heights = there
    else:
        lowest, base = np.full(len(solids), np.inf), np.full(len(solids), np.inf)
        np.fmin.at(lowest, owners, points[:, 2])
        feet, standing = _feet(solids)
        np.fmin.at(base, standing, ground.heights(feet[:, :2]))
        heights = points[:, 2] + (base - lowest)[owners]
        heights[np.isnan(there)] = np.nan  # the base is not known then either
    moved = np.column_stack([points[:, :2], heights])
    ends = np.cumsum([0, *(len(solid.points) for solid in solids)])
    lifted = (replace(solid, points=moved[ends[i] : ends[i + 1]]) for i, solid in enumerate(solids))
    return [_known(solid, parts=drape) for solid in lifted]


def _known(solid: Solid, *, parts: bool) -> Solid | None:
    """The solid, or its polygons, whose heights are known; None if there are none."""
    lost = np.isnan(solid.points[:, 2])
    if not len(lost) or lost.all() or (lost.any() and not parts):
        return None
    if not lost.any():
        return solid
    lengths, rings = np.diff(solid.rings), np.diff(solid.polygons)
    polygon = np.repeat(np.repeat(np.arange(len(rings)), rings), lengths)  # of each point
    kept = np.bincount(polygon[lost], minlength=len(rings)) == 0
    if not kept.any():
        return None
    skin = solid.skin
    if skin is not None:
        skin = replace(skin, chosen=skin.chosen[kept], uv=skin.uv[kept[polygon]])
    return Solid(
        points=solid.points[kept[polygon]],
        rings=_offsets(lengths[np.repeat(kept, rings)]),
        polygons=_offsets(rings[kept]),
        faces=solid.faces[kept],
        skin=skin,
    )


def _offsets(counts: NDArray[Any]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


def _joined(solids: Sequence[Solid]) -> tuple[Floats, NDArray[np.int64]]:
    """(n, 3) points of all solids, and (n,) whose they are."""
    counts = [len(solid.points) for solid in solids]
    points = np.concatenate([np.zeros((0, 3)), *(solid.points for solid in solids)])
    return points, np.repeat(np.arange(len(solids)), counts)


def _feet(solids: Sequence[Solid]) -> tuple[Floats, NDArray[np.int64]]:
    """(n, 3) points on which buildings stand, and (n,) whose they are.

    Those of the ground faces; where there are none, of all points above one another the lowest ones.
    """
    points, owners = _joined(solids)
    faces = np.concatenate([np.zeros(0, np.uint8), *(solid.faces for solid in solids)])
    rings, lengths = (_steps([getattr(solid, name) for solid in solids]) for name in ("polygons", "rings"))
    chosen = np.repeat(np.repeat(faces == Face.GROUND, rings), lengths)
    groundless = np.ones(len(solids), np.bool_)
    groundless[owners[chosen]] = False
    chosen[_lowest(points, owners, groundless)] = True
    return points[chosen], owners[chosen]


def _steps(offsets: Sequence[NDArray[np.int32]]) -> NDArray[np.int64]:
    """Differences within each of some arrays of offsets, one behind the other."""
    if not offsets:
        return np.zeros(0, np.int64)
    steps = np.diff(np.concatenate(offsets).astype(np.int64))
    ends = np.cumsum([len(part) for part in offsets])[:-1]
    return np.delete(steps, ends - 1)


def _lowest(points: Floats, owners: NDArray[np.int64], of: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Numbers of the lowest of all points above one another, for some owners."""
    among = np.flatnonzero(of[owners])
    x, y, z = points[among].T
    order = np.lexsort([z, y, x, owners[among]])
    among, x, y = among[order], x[order], y[order]
    first = np.ones(len(among), np.bool_)
    first[1:] = (np.abs(np.diff(x)) > _AT_ZERO_M) | (np.abs(np.diff(y)) > _AT_ZERO_M)
    first[1:] |= np.diff(owners[among]) != 0
    lowest: NDArray[np.int64] = among[first]
    return lowest
