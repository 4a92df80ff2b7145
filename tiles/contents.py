"""Contents: the surfaces of a tile, divided where they differ, so that clients can show or hide a kind.

3D Tiles 1.1, ``contents`` and 3DTILES metadata groups: buildings divide into roofs, walls, grounds and what
shows pictures; other objects by their class. A group's property ``kind`` is its name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tiles.polygons import Ints, Mask, offsets
from tiles.shapes import MATERIAL_NAMES, Shapes

if TYPE_CHECKING:
    import pyarrow as pa

CONTENTS = ("one", "many")
PICTURES = "picture"
_CLASS = "class"
_UNKNOWN = "generic"


def divided(
    shapes: Shapes, columns: "Mapping[str, pa.Array]"
) -> Iterator[tuple[str, Shapes, "Mapping[str, pa.Array]"]]:
    """Yield group, shapes and columns of each part that has faces, without the features that have none there.

    Args:
        shapes: of a tile.
        columns: of its features.
    """
    for name, chosen in _groups(shapes, columns):
        part, there = _cut(shapes, chosen)
        if len(part.corners):
            yield name, part, {column: values.take(there) for column, values in columns.items()}


def _groups(shapes: Shapes, columns: "Mapping[str, pa.Array]") -> list[tuple[str, Mask]]:
    """(v,) which vertices are of each group; all corners of a triangle agree."""
    if _CLASS in columns:
        classes = np.array([name or _UNKNOWN for name in columns[_CLASS].to_pylist()], object)
        own = np.repeat(classes, shapes.counts)
        return [(name, own == name) for name in sorted(set(classes.tolist()))]
    shown = np.zeros(len(shapes.kinds), bool) if shapes.skin is None else shapes.skin.chosen >= 0
    plain = [(name, (shapes.kinds == kind) & ~shown) for kind, name in enumerate(MATERIAL_NAMES)]
    return [*plain, (PICTURES, shown)]


def _cut(shapes: Shapes, chosen: Mask) -> tuple[Shapes, Ints]:
    """The chosen vertices and their triangles, and the places of the features that have any."""
    triangles = chosen[shapes.corners[:, 0]]
    of_feature = np.repeat(np.arange(len(shapes.counts)), shapes.counts)
    vertices = np.bincount(of_feature[chosen], minlength=len(shapes.counts))
    there = np.flatnonzero(vertices)
    owner = np.repeat(np.arange(len(shapes.counts)), np.diff(shapes.triangles))[triangles]
    number = np.cumsum(chosen) - 1
    places = np.flatnonzero(chosen)
    skin = None if shapes.skin is None else shapes.skin.at(places)
    part = replace(
        shapes,
        positions=shapes.positions[places],
        normals=shapes.normals[places],
        kinds=shapes.kinds[places],
        corners=number[shapes.corners[triangles]].astype(np.uint32),
        vertices=offsets(vertices[there]),
        triangles=offsets(np.bincount(owner, minlength=len(shapes.counts))[there]),
        skin=skin if skin is not None and (skin.chosen >= 0).any() else None,
    )
    return part, there
