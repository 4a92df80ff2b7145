"""Bounding volumes of stored tilesets, seen from outside: what a tileset around them must say."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import Damaged


def outer_box(tile: dict[str, Any]) -> list[float]:
    """The tile's box with its own transform applied: twelve numbers in the parent's frame (ECEF at the root).

    3D Tiles 1.1, "Bounding volumes": a centre and three half-axes; `transform` is column-major and applies
    to the tile's own volume as well. `Damaged` if the tile has another volume than we write.
    """
    try:
        box = np.array(tile["boundingVolume"]["box"], np.float64).reshape(4, 3)
        matrix = np.array(tile.get("transform", np.eye(4).ravel()), np.float64).reshape(4, 4).T
    except (KeyError, ValueError, TypeError) as error:
        raise Damaged("a stored tileset has no box around its root; publish the layer again") from error
    centre = matrix[:3, :3] @ box[0] + matrix[:3, 3]
    return [*centre.tolist(), *(box[1:] @ matrix[:3, :3].T).ravel().tolist()]


def around(boxes: Sequence[list[float]]) -> list[float]:
    """A box around boxes, lying along the axes of the first."""
    first = np.array(boxes[0]).reshape(4, 3)
    axes = first[1:] / np.linalg.norm(first[1:], axis=1, keepdims=True)
    corners = np.concatenate([_corners(np.array(box).reshape(4, 3)) for box in boxes]) @ axes.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    half = axes * ((high - low) / 2)[:, None]
    return [*((low + high) / 2 @ axes).tolist(), *half.ravel().tolist()]


def _corners(box: NDArray[np.float64]) -> NDArray[np.float64]:
    signs = np.array([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(8)]) * 2 - 1
    corners: NDArray[np.float64] = box[0] + signs @ box[1:]
    return corners
