"""The form of one feature in 3D: its triangles, and the closed bodies that they are."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Transformer

_DEGREES, _METRES = 9, 3
"""Decimals that are given: a tenth of a millimetre, and a millimetre."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Form:
    """Triangles, counterclockwise as seen from outside."""

    points: Floats
    """(n, 3) longitude, latitude in degrees, height above the ellipsoid in metres (OGC:CRS84h); each once."""
    triangles: Ints
    """(m, 3) places in `points`."""

    @property
    def ground(self) -> float:
        """Height of the lowest point, metres above the ellipsoid."""
        return float(self.points[:, 2].min())

    @cached_property
    def bodies(self) -> list[Ints]:
        """Triangles of each closed body, (m, 3); none if something of the form is open."""
        edges = np.concatenate(
            [self.triangles[:, [0, 1]], self.triangles[:, [1, 2]], self.triangles[:, [2, 0]]]
        )
        size = len(self.points)
        there, back = edges[:, 0] * size + edges[:, 1], edges[:, 1] * size + edges[:, 0]
        if not np.array_equal(np.sort(there), np.sort(back)):
            return []
        return [self.triangles[part] for part in _connected(len(self.triangles), there, back)]

    def geometry(self) -> dict[str, Any] | None:
        """As ``Polyhedron`` or ``MultiPolyhedron`` of JSON-FG 1.0; None if it is not closed."""
        shells = [[[self.points[ring].tolist()] for ring in body[:, [0, 1, 2, 0]]] for body in self.bodies]
        if not shells:
            return None
        if len(shells) == 1:
            return {"type": "Polyhedron", "coordinates": shells}
        return {"type": "MultiPolyhedron", "coordinates": [[shell] for shell in shells]}


def form_of(corners: Floats, matrix: Floats) -> Form:
    """The form of triangles.

    Args:
        corners: (m, 3, 3) in the frame of a tile; what is one corner has the same numbers.
        matrix: (4, 4) from there to ECEF.
    """
    points, places = np.unique(corners.reshape(-1, 3), axis=0, return_inverse=True)
    earth = points @ matrix[:3, :3].T + matrix[:3, 3]
    lon, lat, height = (
        np.asarray(axis) for axis in to_degrees().transform(earth[:, 0], earth[:, 1], earth[:, 2])
    )
    told = np.column_stack((np.round(lon, _DEGREES), np.round(lat, _DEGREES), np.round(height, _METRES)))
    triangles = places.reshape(-1, 3).astype(np.int64)
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    return Form(told, triangles[(a != b) & (b != c) & (c != a)])


def _connected(count: int, there: Ints, back: Ints) -> list[Ints]:
    """Numbers of the triangles of each body: those joined by edges that just two triangles have."""
    owners = np.tile(np.arange(count), 3)
    order, opposite = np.argsort(there, kind="stable"), np.argsort(back, kind="stable")
    counts = np.unique(there, return_counts=True)[1]
    single = np.repeat(counts == 1, counts)
    parent = list(range(count))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for one, other in zip(owners[order][single].tolist(), owners[opposite][single].tolist(), strict=True):
        parent[root(one)] = root(other)
    roots = np.array([root(one) for one in range(count)])
    return [np.flatnonzero(roots == one) for one in dict.fromkeys(roots.tolist())]


@lru_cache(maxsize=1)
def to_degrees() -> "Transformer":
    """From ECEF (EPSG:4978) to longitude, latitude and height above the ellipsoid."""
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4978", "OGC:CRS84h", always_xy=True)
