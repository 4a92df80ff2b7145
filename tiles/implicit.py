"""Implicit tiling: a finished tree of cells becomes tiles that are found by their level, x and y.

3D Tiles 1.1, section "Implicit tiling". Clients divide the root's box into four again and again and halve
its error each time. Buildings stick out of such boxes, which cannot be helped: boxes side by side do not
overlap. So each subtree states its tiles' true volumes and errors (`tiles.subtree`); for clients that do
not read those, no error is less than the true one and the root holds everything.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from tiles.build import Built
from tiles.geodesy import Geodesy
from tiles.glb import moved
from tiles.square import Square, box, square_of
from tiles.subtree import SCHEMA, Known, Place, levels_of, subtrees
from tiles.tree import Matrix, Node, inverse
from tiles.work import run
from twin.compress import siblings
from twin.errors import TilingError

_CONTENT = "/content/{level}/{x}/{y}.glb"
_SUBTREE = "/subtrees/{level}.{x}.{y}.subtree"
_MARGIN_M = 0.01
"""Room around a volume: viewers reckon with float32, in which its numbers are written, too."""


class Keep(Protocol):
    """Keeps a file under a name."""

    def __call__(self, name: str, data: bytes, packed: Mapping[str, bytes] | None = None) -> None:
        """Keep `data`, with the siblings that were `packed` elsewhere; without them they are made here."""


@dataclass(frozen=True, slots=True)
class _Content:
    data: bytes
    matrix: Matrix
    """(4, 4) from the tile's frame to that of all tiles, which have none of their own any more."""


def implicit(
    built: Built,
    geodesy: Geodesy,
    *,
    read: Callable[[str], bytes],
    keep: Keep,
    folder: str,
    executor: Executor | None = None,
) -> Built:
    """The same tiles under implicit names; the same input gives the same bytes.

    Args:
        built: Tiles with a tree, of which each has at most one below it in each quarter of its cell.
        geodesy: From the CRS of the tree's cells.
        read: Gives the content for a key of the tree.
        keep: Takes contents and subtrees under their new names.
        folder: Begins all new names.
        executor: Where contents are changed and compressed.

    Raises:
        TilingError: if the tiles know no cells, or would share places.
    """
    root = built.root
    if root is None:
        raise TilingError("only tiles of buildings and models know their cells; leave --implicit away")
    square = square_of(root, geodesy)
    contents = (
        _Content(read(_key(node)), inverse(square.frame) @ node.frame) for node in square.places.values()
    )
    names, size = [], 0
    for place, (data, packed) in zip(square.places, run(_moved, contents, executor), strict=True):
        names.append(_named(folder + _CONTENT, place))
        keep(names[-1], data, packed)
        size += len(data)
    available = 1 + max(level for level, _, _ in square.places)
    levels = levels_of(available)
    known = [
        Known(place, box(square.frame, node, _MARGIN_M).ravel(), node.geometric_error)
        for place, node in square.places.items()
    ]
    count = 0
    for place, data in subtrees(known, levels):
        keep(_named(folder + _SUBTREE, place), data)
        count += 1
    out = square.sticking_out()
    facts = {
        "levels": available,
        "subtree_levels": levels,
        "subtrees": count,
        "sticking_out": int((out > _MARGIN_M).sum()),
        "sticking_out_m": round(float(out.max()), 1),
    }
    return replace(
        built,
        tileset=_tileset(built, square, folder, levels, available),
        contents=tuple(names),
        report=built.report | {"bytes": size, "implicit": facts},
    )


def _key(node: Node) -> str:
    if node.content is None:
        raise TilingError("a tile that only groups others has no content to divide; leave --implicit away")
    return node.content


def _named(template: str, place: Place) -> str:
    return template.format(level=place[0], x=place[1], y=place[2])


def _moved(content: _Content) -> tuple[bytes, dict[str, bytes]]:
    data = moved(content.data, content.matrix)
    return data, siblings(data, "glb")


def _tileset(built: Built, square: Square, folder: str, levels: int, available: int) -> dict[str, Any]:
    """The tileset of the implicit root."""
    half = (square.high - square.low) / 2 + _MARGIN_M
    centre = (square.high + square.low) / 2
    # Halved level by level, it must nowhere fall below the error that is there.
    error = max(node.geometric_error * 2.0**level for (level, _, _), node in square.places.items())
    return {
        "asset": built.tileset["asset"],
        "schema": dict(SCHEMA),
        "geometricError": max(built.tileset["geometricError"], error),
        "root": {
            "boundingVolume": {"box": np.concatenate((centre, np.diag(half).ravel())).round(4).tolist()},
            "geometricError": error,
            "refine": square.places[0, 0, 0].refine,
            "transform": square.frame.T.ravel().tolist(),
            "content": {"uri": folder + _CONTENT},
            "implicitTiling": {
                "subdivisionScheme": "QUADTREE",
                "subtreeLevels": levels,
                "availableLevels": available,
                "subtrees": {"uri": folder + _SUBTREE},
            },
        },
    }
