"""Polygons: the faces of many buildings in one set of flat arrays, and their repair.

Everything here works on all polygons at once; a city has some ten million of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.bows import bows
from tiles.repairs import Repairs
from tiles.skins import Skins
from twin.record import Solid
from twin.solids import Solids
from twin.solids import offsets as offsets  # everybody here speaks of them

SAME_POINT_M = 0.001
"""Neighbours in a ring that are closer than this are one point."""
SMALLEST_FACE_M2 = 1e-4
"""Faces and holes below this have no inside."""
OFF_PLANE_M = 0.05
"""Points farther than this from their face's plane make it uneven."""
FLAT = "face without area left out"
_SPIKE = "spike in a ring cut off"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Polygons:
    """Planar polygons with holes, flattened like `Solid`, each with an owner."""

    points: Floats
    """(n, 3) metres in a local frame."""
    rings: Ints
    """(r + 1,) offsets into `points`."""
    polygons: Ints
    """(p + 1,) offsets into `rings`; a polygon's first ring is the outer one."""
    faces: NDArray[np.uint8]
    """(p,) values of `Face`."""
    owners: Ints
    """(p,) number of the building."""
    skin: Skins | None = None
    """Pictures on them; None where not one has any."""

    @property
    def point_offsets(self) -> Ints:
        """(p + 1,) offsets of the polygons into `points`."""
        return self.rings[self.polygons]

    @property
    def outer(self) -> Mask:
        """(r,) whether a ring is its polygon's outer one."""
        mask = np.zeros(len(self.rings) - 1, dtype=bool)
        mask[self.polygons[:-1]] = True
        return mask

    @property
    def ring_polygons(self) -> Ints:
        """(r,) polygon of each ring."""
        return np.repeat(np.arange(len(self.faces)), np.diff(self.polygons))


def gather(solids: Sequence[Solid]) -> Polygons:
    """Lay the faces of several solids one behind the other; the owner is the solid's place."""
    return gathered(Solids.of(solids))


def gathered(solids: Solids) -> Polygons:
    """The faces of solids that lie one behind the other already, without their pictures."""
    return Polygons(solids.points, solids.rings, solids.polygons, solids.faces, solids.owners)


def boxes(solids: Sequence[Solid]) -> tuple[Floats, Floats]:
    """Lowest and highest corner of each solid, both (n, 3); every solid has points."""
    points = np.concatenate([solid.points for solid in solids])
    starts = offsets(np.array([len(solid.points) for solid in solids]))[:-1]
    return np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)


def spans(starts: Ints, counts: Ints) -> Ints:
    """All indices of several spans, one behind the other."""
    total = offsets(counts)
    return np.repeat(starts - total[:-1], counts) + np.arange(total[-1])


def shifted(values: NDArray[Any], rings: Ints) -> NDArray[Any]:
    """(n,) the value of the point after each point of its ring, round about; no ring may be empty."""
    after = np.empty_like(values)
    after[:-1] = values[1:]
    after[rings[1:] - 1] = values[rings[:-1]]
    return after


def area_vectors(points: Floats, rings: Ints) -> Floats:
    """(r, 3) normal of each ring, as long as its area (Newell's method); no ring may be empty."""
    starts, sizes = rings[:-1], np.diff(rings)
    found = np.empty((len(starts), 3))
    if not len(starts):
        return found
    # From the first point of each ring, near zero: keeps digits. Column by column: twice as fast.
    x, y, z = (points[:, axis] - np.repeat(points[starts, axis], sizes) for axis in range(3))
    nx, ny, nz = shifted(x, rings), shifted(y, rings), shifted(z, rings)
    for axis, (a, b, c, d) in enumerate(((y, nz, z, ny), (z, nx, x, nz), (x, ny, y, nx))):
        found[:, axis] = np.add.reduceat(a * b - c * d, starts)
    found /= 2
    return found


def reordered(polygons: Polygons, keep: NDArray[np.intp]) -> Polygons:
    """The polygons with the numbers `keep`, in that order."""
    counts = np.diff(polygons.polygons)[keep]
    rings = spans(polygons.polygons[:-1][keep], counts)
    sizes = np.diff(polygons.rings)[rings]
    places = spans(polygons.rings[:-1][rings], sizes)
    return Polygons(
        points=polygons.points.take(places, axis=0),
        rings=offsets(sizes),
        polygons=offsets(counts),
        faces=polygons.faces[keep],
        owners=polygons.owners[keep],
        skin=polygons.skin and polygons.skin.at(places),
    )


def cleaned(polygons: Polygons) -> tuple[Polygons, Floats, Repairs]:
    """Remove repeated points, and faces and holes that enclose nothing.

    Returns:
        The rest, the area vectors of its rings, and how often what was removed from whom.
    """
    notes = Repairs()
    polygons = _without_repeats(polygons, notes)
    rings = area_vectors(polygons.points, polygons.rings)
    sound = np.einsum("ij,ij->i", rings, rings) >= SMALLEST_FACE_M2**2
    if not sound.all():
        polygons, kept = _without_rings(polygons, sound, notes)
        rings = rings[kept]
    return polygons, rings, notes


def with_rings(polygons: Polygons, notes: Repairs | None = None) -> Polygons:
    """The polygons without rings that are no ring: of less than three points; `notes` says how many."""
    sound = np.diff(polygons.rings) >= 3
    return polygons if sound.all() else _without_rings(polygons, sound, notes or Repairs())[0]


def unevenness(polygons: Polygons, normals: Floats) -> Floats:
    """(p,) largest distance in metres between two points of a polygon along its normal."""
    starts = polygons.point_offsets
    heights = np.einsum("ij,ij->i", polygons.points, np.repeat(normals, np.diff(starts), axis=0))
    return np.asarray(np.maximum.reduceat(heights, starts[:-1]) - np.minimum.reduceat(heights, starts[:-1]))


def _without_repeats(polygons: Polygons, notes: Repairs) -> Polygons:
    """Rings without points that repeat the one before, and without spikes (there and back on one line)."""
    polygons = with_rings(polygons, notes)
    while len(polygons.faces):
        repeated, tips = _needless(polygons)
        where = np.flatnonzero(repeated if tips is None else tips)
        if not len(where):
            break
        sizes = np.diff(polygons.rings)
        ring = np.searchsorted(polygons.rings, where, side="right") - 1
        left = sizes - np.bincount(ring, minlength=len(sizes))
        touched = np.unique(ring)
        owners = polygons.owners[polygons.ring_polygons[touched[left[touched] >= 3]]]
        if tips is not None:
            notes.add(_SPIKE, owners)
        elif _SPIKE not in notes.counts:  # where a spike stood, points repeat
            notes.add("repeated point in a ring", owners)
        shortened = Polygons(
            points=np.delete(polygons.points, where, axis=0),
            rings=offsets(left),
            polygons=polygons.polygons,
            faces=polygons.faces,
            owners=polygons.owners,
            skin=polygons.skin and polygons.skin.at(np.delete(np.arange(len(polygons.points)), where)),
        )
        polygons = with_rings(shortened, notes)
    return polygons


def _needless(polygons: Polygons) -> tuple[Mask, Mask | None]:
    """(n,) points that the next one repeats; and, if there are any, tips of spikes in larger rings."""
    rings = polygons.rings
    dot = np.zeros(len(polygons.points))
    squared, before = np.zeros(len(dot)), np.empty(len(dot))
    for axis in range(3):
        values = polygons.points[:, axis]
        step = shifted(values, rings) - values
        squared += step * step
        before[1:] = step[:-1]
        before[rings[:-1]] = step[rings[1:] - 1]
        dot -= before * step
    repeated = squared < SAME_POINT_M**2
    if repeated.any():
        return repeated, None  # they make false neighbours: first things first
    before[1:] = squared[:-1]
    before[rings[:-1]] = squared[rings[1:] - 1]
    # Squared area between both sides of a sharp corner: as a height over the longer one next to nothing.
    area = squared * before - dot * dot
    tip = np.flatnonzero((area < SAME_POINT_M**2 * np.maximum(squared, before)) & (dot > 0))
    tip = tip[np.diff(rings)[np.searchsorted(rings, tip, side="right") - 1] > 3]
    if not len(tip):
        return repeated, None
    tips = np.zeros(len(dot), dtype=bool)
    tips[tip] = True
    return repeated, tips


def _without_rings(polygons: Polygons, sound: Mask, notes: Repairs) -> tuple[Polygons, NDArray[np.intp]]:
    """Drop unsound holes, and polygons whose outer ring is unsound; also say which rings are left."""
    outer, parents = polygons.outer, polygons.ring_polygons
    good = sound[polygons.polygons[:-1]]
    rings = (sound | outer) & good[parents]
    gone = np.flatnonzero(~good)
    bows = _bows(polygons, gone)
    notes.add(FLAT, polygons.owners[gone[~bows]])
    notes.add("crossing rings of equal halves left out", polygons.owners[gone[bows]])
    notes.add("hole without area filled", polygons.owners[parents[~sound & ~outer & good[parents]]])
    chosen = np.flatnonzero(rings)
    sizes = np.diff(polygons.rings)[chosen]
    places = spans(polygons.rings[:-1][chosen], sizes)
    left = Polygons(
        points=polygons.points.take(places, axis=0),
        rings=offsets(sizes),
        polygons=offsets(np.bincount(parents[chosen], minlength=len(good))[good]),
        faces=polygons.faces[good],
        owners=polygons.owners[good],
        skin=polygons.skin and polygons.skin.at(places),
    )
    return left, chosen


def _bows(polygons: Polygons, faces: NDArray[np.intp]) -> Mask:
    """Which of some faces without an area have one outer ring that crosses itself: its halves cancel out."""
    rings = polygons.polygons[:-1][faces]
    return bows(polygons.points, polygons.rings[rings], polygons.rings[rings + 1])
