"""The tile tree: nodes with local frames and true volumes become a 3D Tiles 1.1 tileset.

Every node has its own east-north-up frame. Its volume is a box along that frame's axes which holds its
own content and all volumes below it, so a parent always contains its children.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.groups import grouped
from twin.errors import TilingError

CONTENT_PREFIX = "../../"
"""From a tileset (``…/snapshots/<id>/tileset.json`` and ``…/r/<n>/tileset.json``) to the layer's folder."""
_MARGIN_M = 0.01
"""Room around a volume for float32 arithmetic in viewers."""
_A, _F = 6378137.0, 1 / 298.257223563
"""WGS84's semi-major axis in metres, and flattening."""

_METRES = 4
"""Decimals of lengths: a tenth of a millimetre, far below `_MARGIN_M`."""
_TURNS = 11
"""Decimals of rotations: some 10 nm over a kilometre."""

Matrix = NDArray[np.float64]


@dataclass(slots=True)
class Node:
    """One tile."""

    frame: Matrix
    """(4, 4) matrix from the tile's east-north-up metres to EPSG:4978, as `enu_frame` makes it."""
    low: NDArray[np.float64]
    """(3,) lowest east, north, up of the content, with its coordinate error; grows over the children."""
    high: NDArray[np.float64]
    """(3,) highest east, north, up likewise."""
    geometric_error: float
    """Metres by which this content differs from the source where it differs most; 0 for the true one."""
    content: str | None = None
    """Key of the content, ``content/<sha256>.glb``; None for a tile that only groups."""
    children: list["Node"] = field(default_factory=list)
    refine: str = "REPLACE"
    """``REPLACE`` or ``ADD``."""
    cell: tuple[float, int, int] | None = None
    """Width in metres, row and column of the quadtree's cell whose content this is (`tiles.quadtree`)."""
    parts: tuple[tuple[str, str], ...] = ()
    """Group (see `tiles.contents`) and key of each of several contents, in place of `content`."""


def enu_frame(longitude: float, latitude: float, origin: Sequence[float] | NDArray[np.float64]) -> Matrix:
    """Matrix from local east, north, up to earth-centred coordinates (EPSG:4978).

    Args:
        longitude: Degrees.
        latitude: Degrees, geodetic.
        origin: (3,) the same place in EPSG:4978.
    """
    lam, phi = np.radians(longitude), np.radians(latitude)
    matrix = np.eye(4)
    matrix[:3, 0] = -np.sin(lam), np.cos(lam), 0.0
    matrix[:3, 1] = -np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)
    matrix[:3, 2] = np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)
    matrix[:3, 3] = origin
    return matrix


def frame_at(origin: NDArray[np.float64]) -> Matrix:
    """`enu_frame` at a point in EPSG:4978 near the ground.

    Bowring's formula (1976) for the latitude; below 1e-10 degrees off for heights of a few kilometres.
    """
    x, y, z = origin
    axis = _A * (1 - _F)
    around = np.hypot(x, y)
    theta = np.arctan2(z * _A, around * axis)
    squared = _F * (2 - _F)
    latitude = np.arctan2(
        z + squared / (1 - squared) * axis * np.sin(theta) ** 3,
        around - squared * _A * np.cos(theta) ** 3,
    )
    return enu_frame(float(np.degrees(np.arctan2(y, x))), float(np.degrees(latitude)), origin)


def ecef_of(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64], height: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n, 3) EPSG:4978 of places on WGS84's ellipsoid: radians, and metres above it."""
    sine, cosine = np.sin(latitude), np.cos(latitude)
    squared = _F * (2 - _F)
    normal = _A / np.sqrt(1 - squared * sine * sine)
    around = (normal + height) * cosine
    up = (normal * (1 - squared) + height) * sine
    return np.column_stack((around * np.cos(longitude), around * np.sin(longitude), up))


def height_near(ecef: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) heights above the ellipsoid of points (n, 3), given the latitude of some place near each, radians.

    Half a millimetre off where that place is 80 m away: the distance squared over the earth's diameter.
    """
    sine, cosine = np.sin(latitude), np.cos(latitude)
    around = np.hypot(ecef[:, 0], ecef[:, 1])
    return np.asarray(around * cosine + ecef[:, 2] * sine - _A * np.sqrt(1 - _F * (2 - _F) * sine * sine))


def extent(points: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(k,) least and greatest of (n, k) points."""
    columns = np.ascontiguousarray(points.T)  # numpy is ten times slower across short rows
    return columns.min(axis=1), columns.max(axis=1)


def to_local(frame: Matrix, ecef: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 3) EPSG:4978 → (n, 3) east, north, up of `frame`; double precision throughout."""
    return np.asarray((ecef - frame[:3, 3]) @ frame[:3, :3])


def inverse(frame: Matrix) -> Matrix:
    """Inverse of a rotation and translation, exactly transposed rather than solved for."""
    result = np.eye(4)
    result[:3, :3] = frame[:3, :3].T
    result[:3, 3] = -frame[:3, :3].T @ frame[:3, 3]
    return result


def group(children: Sequence[Node], *, refine: str = "REPLACE") -> Node:
    """A tile without content around `children`, in the frame of the first; its error is its size."""
    if not children:
        raise TilingError("a tile needs children or content")
    node = Node(children[0].frame, np.full(3, np.inf), np.full(3, -np.inf), 0.0, refine=refine)
    node.children = list(children)
    return node


def tileset(
    root: Node,
    *,
    copyright: str,
    notice: str | None = None,
    extras: Mapping[str, Any] | None = None,
    prefix: str = CONTENT_PREFIX,
) -> dict[str, Any]:
    """Return the tileset JSON; volumes grow over their children, errors become monotone.

    Args:
        root: The tree.
        copyright: Attribution.
        notice: For example "Demo – made-up data".
        extras: Further facts for ``asset.extras``.
        prefix: Stands before the content's keys, which makes them uris.
    """
    _settle(root)
    names = sorted(_names(root))
    facts: dict[str, Any] = {"copyright": copyright} if copyright else {}
    if notice:
        facts["notice"] = notice
    return {
        "asset": {"version": "1.1", "extras": {**facts, **(extras or {})}},
        # Cesium and three both compare this one with the root's screen size before loading anything.
        "geometricError": round(max(root.geometric_error, _size(root)), _METRES),
        **grouped(names),
        "root": _tile(root, np.eye(4), prefix, names),
    }


def _settle(node: Node) -> None:
    for child in node.children:
        _settle(child)
        corners = _corners(child.low, child.high)
        ecef = corners @ child.frame[:3, :3].T + child.frame[:3, 3]
        local = to_local(node.frame, ecef)
        node.low = np.minimum(node.low, local.min(axis=0))
        node.high = np.maximum(node.high, local.max(axis=0))
        node.geometric_error = max(node.geometric_error, child.geometric_error)
    if not (np.isfinite(node.low).all() and np.isfinite(node.high).all()):
        raise TilingError("a tile has neither content nor children to bound it")
    if node.content is None and not node.parts:  # drawing nothing is wrong by as much as there is to draw
        node.geometric_error = max(node.geometric_error, _size(node))


def _corners(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    picks = np.array([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(8)], dtype=bool)
    return np.where(picks, high, low)


def _size(node: Node) -> float:
    return float(np.linalg.norm(node.high - node.low))


def _written(numbers: Iterable[float], digits: int) -> list[float]:
    """Numbers as they are sent: the tileset is read before any tile, so every digit counts."""
    return [round(float(number), digits) + 0.0 for number in numbers]  # + 0.0 makes -0.0 a plain 0


def _names(node: Node) -> set[str]:
    """Groups of all contents."""
    return {name for name, _ in node.parts}.union(*map(_names, node.children))


def _tile(node: Node, above: Matrix, prefix: str, names: Sequence[str]) -> dict[str, Any]:
    centre = (node.low + node.high) / 2
    half = (node.high - node.low) / 2 + _MARGIN_M
    tile: dict[str, Any] = {
        "boundingVolume": {"box": _written([*centre, *np.diag(half).ravel()], _METRES)},
        "geometricError": round(node.geometric_error, _METRES),
        "refine": node.refine,
    }
    relative = inverse(above) @ node.frame
    if not np.array_equal(above, node.frame):
        columns = relative.T  # column-major, as glTF writes it
        tile["transform"] = [
            number
            for column, digits in zip(columns, (_TURNS, _TURNS, _TURNS, _METRES), strict=True)
            for number in _written(column, digits)
        ]
    if node.content is not None:
        tile["content"] = {"uri": prefix + node.content}
    elif node.parts:
        tile["contents"] = [{"uri": prefix + key, "group": names.index(name)} for name, key in node.parts]
    if node.children:
        tile["children"] = [_tile(child, node.frame, prefix, names) for child in node.children]
    return tile
