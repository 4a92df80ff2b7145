"""Square: the root of an implicit tiling. Its quarters, and theirs, are the cells of a tree's tiles.

Its box lies along the axes of the cells' CRS as well as a plane allows: over 30 km the lines of a UTM grid
bend by some 20 m.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiles.geodesy import Geodesy
from tiles.subtree import Place
from tiles.tree import Matrix, Node, inverse, to_local
from twin.errors import TilingError

Floats = NDArray[np.float64]

_SIGNS = np.array([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(8)]) * 2.0 - 1


@dataclass(frozen=True, slots=True)
class Square:
    """Where on earth the root lies, and which tiles are below it."""

    frame: Matrix
    """(4, 4) from metres along the cells' axes and up to EPSG:4978."""
    low: Floats
    """(3,) least coordinates in that frame; all volumes of the tree are inside."""
    high: Floats
    """(3,) greatest coordinates; as far from `low` along the first axis as along the second."""
    places: dict[Place, Node]
    """All tiles by level, x and y; in that order."""

    def sticking_out(self) -> Floats:
        """(n,) metres by which each tile's volume reaches beyond its part of the square, at least 0."""
        found = np.zeros(len(self.places))
        for number, ((level, x, y), node) in enumerate(self.places.items()):
            width = (self.high - self.low)[:2] / 2**level
            low = self.low[:2] + width * (x, y)
            points = _corners(box(self.frame, node))[:, :2]
            found[number] = max(float(np.maximum(low - points, points - low - width).max()), 0.0)
        return found


def box(frame: Matrix, node: Node, margin: float = 0.0) -> Floats:
    """(4, 3) centre and half axes, in `frame`, of a tile's volume with a `margin` in metres around it."""
    into = inverse(frame) @ node.frame
    half = np.diag((node.high - node.low) / 2 + margin)
    return np.vstack((into[:3, :3] @ ((node.low + node.high) / 2) + into[:3, 3], half @ into[:3, :3].T))


def square_of(root: Node, geodesy: Geodesy) -> Square:
    """The square of a finished tree.

    Args:
        root: Volumes hold those below them (`tiles.tree.tileset` sees to that). Each tile has at most one
            child in each quarter of its cell; the cell of a leaf may be smaller than that quarter.
        geodesy: From the CRS of the cells.

    Raises:
        TilingError: if a tile has no cell, or two would share a place.
    """
    chain = [root]  # down to the first that is divided
    while len(chain[-1].children) == 1:
        chain += chain[-1].children
    turn, scale, shift = _axes(root, geodesy)
    frame = root.frame.copy()
    frame[:3, :2] = root.frame[:3, :2] @ turn
    corners = np.concatenate([_corners(box(frame, node)) for node in _all(root)])
    low, high = corners.min(axis=0), corners.max(axis=0)
    if chain[-1].children:
        width, corner = _cells(chain[-1].children)
        width *= 2.0 ** (len(chain) - 1)
        middle = scale * (corner + width / 2) + shift
        half = max(scale * width / 2, float(np.abs([low[:2] - middle, high[:2] - middle]).max()))
        low[:2], high[:2] = middle - half, middle + half
    else:  # nothing is divided: the south-western part of the last level holds everything
        width, corner = 1.0, np.full(2, -np.inf)
        high[:2] = low[:2] + float((high - low)[:2].max()) * 2.0 ** (len(chain) - 1)
    places: dict[Place, Node] = {}
    row: list[tuple[Place, Node]] = [((0, 0, 0), root)]
    for (level, x, y), node in row:
        if (level, x, y) in places:
            raise TilingError("two tiles would share a place of the implicit tiling; leave --implicit away")
        places[level, x, y] = node
        for child in node.children:
            there = (0, 0)
            if level + 1 >= len(chain):
                east, north = ((_middle(child) - corner) / width * 2 ** (level + 1)).astype(int).tolist()
                there = east, north
            if (there[0] >> 1, there[1] >> 1) != (x, y):
                raise TilingError("a tile lies outside the cell above it; leave --implicit away")
            row.append(((level + 1, *there), child))
    return Square(frame, low, high, dict(sorted(places.items(), key=lambda entry: entry[0])))


def _corners(centre_and_axes: Floats) -> Floats:
    corners: Floats = centre_and_axes[0] + _SIGNS @ centre_and_axes[1:]
    return corners


def _all(root: Node) -> Iterator[Node]:
    yield root
    for child in root.children:
        yield from _all(child)


def _cell(node: Node) -> tuple[float, int, int]:
    if node.cell is None:
        raise TilingError("only tiles of buildings and models know their cells; leave --implicit away")
    return node.cell


def _middle(node: Node) -> Floats:
    """(2,) easting and northing of the middle of a tile's cell."""
    width, row, column = _cell(node)
    return np.array([column + 0.5, row + 0.5]) * width


def _cells(children: list[Node]) -> tuple[float, Floats]:
    """Width and south-western corner of the square whose quarters hold the cells of `children`."""
    width = max(_cell(child)[0] for child in children)
    while True:
        quarters = np.array([np.floor(_middle(child) / width) for child in children])
        if np.ptp(quarters, axis=0).max() <= 1:
            return 2 * width, quarters.min(axis=0) * width
        width *= 2


def _axes(root: Node, geodesy: Geodesy) -> tuple[Floats, float, Floats]:
    """How the cells' CRS lies in the root's frame: ``turn @ (scale * coordinates + shift)``.

    Fitted to the corners of all leaves, as complex numbers: a similarity is then a line.
    """
    corners = np.array(
        [
            ((column + i) * width, (row + j) * width)
            for node in _all(root)
            if not node.children
            for width, row, column in [_cell(node)]
            for i in (0, 1)
            for j in (0, 1)
        ]
    )
    ecef = geodesy.to_ecef(np.column_stack((corners, np.zeros(len(corners)))))
    known = np.isfinite(ecef).all(axis=1)
    if known.sum() < 2:
        raise TilingError("the cells of the tiles have no place on earth; leave --implicit away")
    local = to_local(root.frame, ecef[known])[:, :2] @ (1, 1j)
    grid = corners[known] @ (1, 1j)
    grid_middle, local_middle = grid.mean(), local.mean()
    line = ((grid - grid_middle).conj() @ (local - local_middle)) / np.square(
        np.abs(grid - grid_middle)
    ).sum()
    scale = float(abs(line))
    unit = line / scale
    shift = local_middle * unit.conjugate() - scale * grid_middle
    turn = np.array([[unit.real, -unit.imag], [unit.imag, unit.real]])
    return turn, scale, np.array([shift.real, shift.imag])
