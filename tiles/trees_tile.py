"""A tile of trees: near all of them in full, farther away simpler, and at last only some of them.

Those left away are always the smaller ones of a square on a fixed grid: the tallest of a large square is
also the tallest of the small one around it, so every level shows some of the trees of the finer ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.geodesy import Geodesy
from tiles.gltf import Mesh, coordinate_error, write_glb
from tiles.tree import Node, frame_at, to_local
from tiles.trees import FORMS
from tiles.trees_shapes import FAR, deviations, shapes, triangles, vertices
from twin.schema import Schema

VERTICES = 65_000
"""Most vertices that a tile draws, all instances counted."""
STEPS = 64
"""Positions and sizes are whole parts of a metre, and turns of a circle: short numbers pack better."""
_NAMES = tuple(FORMS)


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees in columns, in the order of their ids."""

    points: NDArray[np.float64]
    """(n, 3) feet in the city's CRS with heights."""
    owners: NDArray[np.int64]
    """(n,) features they belong to."""
    forms: NDArray[np.int8]
    """(n,) places in `FORMS`."""
    heights: NDArray[np.float64]
    """(n,) metres."""
    crowns: NDArray[np.float64]
    """(n,) diameters in metres."""
    turns: NDArray[np.int64]
    """(n,) how each is turned, 64 to the circle."""

    def __len__(self) -> int:
        return len(self.points)

    def some(self, places: NDArray[Any]) -> "Trees":
        """The trees at `places`."""
        return Trees(
            self.points[places],
            self.owners[places],
            self.forms[places],
            self.heights[places],
            self.crowns[places],
            self.turns[places],
        )

    def vertices(self, level: int) -> NDArray[np.int64]:
        """(n,) vertices of each."""
        return np.array([vertices(name, level) for name in _NAMES], np.int64)[self.forms]


@dataclass(frozen=True, slots=True)
class Style:
    """What all tiles of a layer have in common."""

    geodesy: Geodesy
    schema: Schema
    copyright: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Grove:
    """The order for one tile."""

    trees: Trees
    rows: Mapping[int, Mapping[str, Any]]
    """Feature → row of the property table."""
    level: int
    """`NEAR` or `FAR` of `tiles.trees_shapes`."""
    error: float
    """Metres by which it differs from the source."""
    style: Style


@dataclass(frozen=True, slots=True)
class Planted:
    """One tile."""

    node: Node
    data: bytes
    trees: int
    triangles: int


def thinned(trees: Trees) -> tuple[NDArray[np.int64], float]:
    """Which trees a far tile draws, and by how many metres it then differs from the source.

    The distance of the two surfaces (Hausdorff), bounded from above: the simple shapes' own deviation,
    and for a tree left away the way to the taller one that stands for it.
    """
    off = _deviation(trees)
    counts = trees.vertices(FAR)
    everyone = np.arange(len(trees))
    tallest_first = np.lexsort((everyone, -trees.heights))
    width, kept, stand_in = 0.5, everyone, everyone
    while counts[kept].sum() > VERTICES:
        width *= 2
        squares = np.floor(trees.points[:, :2] / width).astype(np.int64)
        _, first, which = np.unique(squares[tallest_first], axis=0, return_index=True, return_inverse=True)
        stand_in = np.empty(len(trees), np.int64)
        stand_in[tallest_first] = tallest_first[first][which.ravel()]
        kept = np.unique(stand_in)
    gone = np.flatnonzero(stand_in != everyone)
    way = np.linalg.norm(trees.points[gone] - trees.points[stand_in[gone]], axis=1)
    sizes = np.maximum(
        np.abs(trees.heights[gone] - trees.heights[stand_in[gone]]),
        np.abs(trees.crowns[gone] - trees.crowns[stand_in[gone]]) / 2,
    )
    other = trees.forms[gone] != trees.forms[stand_in[gone]]
    strange = np.where(other, trees.crowns[gone] / 2, 0.0)
    missing = float((way + sizes + strange).max(initial=0.0))
    return kept, float(off[kept].max()) + missing


def plant(grove: Grove) -> Planted:
    """Write one tile."""
    trees, style = grove.trees, grove.style
    ecef = style.geodesy.to_ecef(trees.points)
    frame = frame_at(ecef.mean(axis=0))
    feet = np.rint(to_local(frame, ecef) * STEPS) / STEPS
    owners, ids = np.unique(trees.owners, return_inverse=True)
    size = np.column_stack([trees.crowns, trees.crowns, trees.heights])
    size = np.maximum(np.rint(size * STEPS), 1) / STEPS
    half = np.pi * trees.turns / STEPS  # half the angle, as quaternions want it
    turned = np.column_stack([np.zeros((len(half), 2)), np.sin(half), np.cos(half)])
    meshes = []
    for number in np.unique(trees.forms):
        of = np.flatnonzero(trees.forms == number)
        at = feet[of]
        meshes += [
            Mesh(
                shape.positions,
                shape.indices.ravel(),
                shape.material,
                shape.normals,
                feature_ids=ids[of].astype(np.uint32),
                instances=at,
                rotations=turned[of].astype(np.float32),
                scales=size[of].astype(np.float32),
            )
            for shape in shapes(_NAMES[number], grove.level)
        ]
    data = write_glb(
        meshes,
        schema=style.schema,
        rows=[grove.rows[int(owner)] for owner in owners],
        copyright=style.copyright,
        encoding=style.encoding,
    )
    reach = np.column_stack([size[:, 0] / 2, size[:, 0] / 2, np.zeros(len(size))])
    low, high = feet - reach, feet + reach + np.array([0, 0, 1]) * size[:, 2:]
    # Instances are never quantised; the feet were rounded before.
    margin = coordinate_error(float(max(np.abs(low).max(), np.abs(high).max())), "plain")
    node = Node(frame, low.min(axis=0) - margin, high.max(axis=0) + margin, grove.error)
    each = np.array([triangles(name, grove.level) for name in _NAMES])
    return Planted(node, data, len(owners), int(each[trees.forms].sum()))


def _deviation(trees: Trees) -> NDArray[np.float64]:
    """(n,) metres by which each tree's far shape differs from its near one."""
    off = np.zeros(len(trees))
    for number in np.unique(trees.forms):
        of = trees.forms == number
        for wide, high in deviations(_NAMES[number]):
            way = np.hypot(wide * trees.crowns[of], high * trees.heights[of])
            off[of] = np.maximum(off[of], way)
    return off
