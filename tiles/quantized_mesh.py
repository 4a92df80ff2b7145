"""Quantized-mesh 1.0: one tile of terrain in the format that Cesium's terrain speaks.

Format: "quantized-mesh-1.0 terrain format", CesiumGS/quantized-mesh. Longitude, latitude and ellipsoidal
height are numbers from 0 to 32767 between a tile's borders and between its lowest and highest point.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

QUANTA = 32767
"""Steps from one border of a tile to the other."""
Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_A, _F = 6378137.0, 1 / 298.257223563
_RADII = np.array([_A, _A, _A * (1 - _F)])
_FARTHEST = 1e6
"""Earth radii: a point so far away is above every horizon."""
_NORMALS, _METADATA = 1, 4
_MOST_16 = 65536
"""A tile with more vertices has indices of four bytes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The surface of one tile."""

    bounds: Bounds
    u: Ints
    """(n,) from 0 at the western border to `QUANTA` at the eastern."""
    v: Ints
    """(n,) from 0 at the southern border to `QUANTA` at the northern."""
    heights: Floats
    """(n,) metres above the ellipsoid."""
    faces: Ints
    """(t, 3) counter-clockwise from above."""
    normals: Floats
    """(n, 3) of length 1, in EPSG:4978."""


def encode(piece: Piece, available: Sequence[Sequence[dict[str, int]]] | None = None) -> bytes:
    """Encode a tile, with normals; not compressed.

    Args:
        piece: What to encode. Every vertex is used by a face.
        available: Ranges of tiles (``startX``, ``startY``, ``endX``, ``endY``, TMS) on the levels below, for
            tiles that carry such metadata.
    """
    faces, order = _ordered(piece)
    u, v, heights = piece.u[order], piece.v[order], piece.heights[order]
    low, high = _float32_around(float(heights.min()), float(heights.max()))
    scale = QUANTA / (high - low) if high > low else 0.0
    raised = np.rint((heights - low) * scale).astype(np.int64)
    positions = ecef(piece.bounds, u, v, low + raised / scale if scale else np.full(len(u), low))
    wide = len(u) > _MOST_16
    index = "<u4" if wide else "<u2"
    parts = [_header(piece.bounds, low, high, positions), struct.pack("<I", len(u))]
    parts += [_zigzag(column) for column in (u, v, raised)]
    size = sum(map(len, parts))
    parts.append(b"\0" * (-size % (4 if wide else 2)))
    parts += [struct.pack("<I", len(faces)), _high_water(faces.ravel()).astype(index).tobytes()]
    # West and east from south to north, south and north from west to east.
    for line, border, along in ((u, 0, v), (v, 0, u), (u, QUANTA, v), (v, QUANTA, u)):
        edge = np.flatnonzero(line == border)
        edge = edge[np.argsort(along[edge], kind="stable")]
        parts += [struct.pack("<I", len(edge)), edge.astype(index).tobytes()]
    parts.append(_extension(_NORMALS, octahedral(piece.normals[order]).tobytes()))
    if available is not None:
        import orjson

        text = orjson.dumps({"available": available})
        parts.append(_extension(_METADATA, struct.pack("<I", len(text)) + text))
    return b"".join(parts)


def ecef(bounds: Bounds, u: NDArray[Any], v: NDArray[Any], heights: Floats) -> Floats:
    """(n, 3) EPSG:4978 of points in a tile, by the closed formula."""
    west, south, east, north = bounds
    lon = np.radians(west + u * ((east - west) / QUANTA))
    lat = np.radians(south + v * ((north - south) / QUANTA))
    squared = _F * (2 - _F)
    radius = _A / np.sqrt(1 - squared * np.sin(lat) ** 2)
    around = (radius + heights) * np.cos(lat)
    return np.column_stack(
        [around * np.cos(lon), around * np.sin(lon), (radius * (1 - squared) + heights) * np.sin(lat)]
    )


def octahedral(normals: Floats) -> NDArray[np.uint8]:
    """(n, 2) bytes for (n, 3) unit vectors (Cigolle et al., Survey of Efficient Representations, 2014)."""
    flat = normals[:, :2] / np.abs(normals).sum(axis=1, keepdims=True)
    folded = (1 - np.abs(flat[:, ::-1])) * np.where(flat >= 0, 1.0, -1.0)
    flat = np.where(normals[:, 2:] < 0, folded, flat)
    return np.rint((np.clip(flat, -1, 1) * 0.5 + 0.5) * 255).astype(np.uint8)


def horizon_point(centre: Floats, positions: Floats) -> Floats:
    """The point that is below the horizon only if all `positions` are, in units of the earth's radii.

    K. Ring, "Horizon Culling 2: Computing the Horizon Occlusion Point" (2013). For tiles so large that no
    such point exists, one that is never below.
    """
    direction = centre / _RADII
    direction /= np.linalg.norm(direction)
    scaled = positions / _RADII
    length = np.linalg.norm(scaled, axis=1)
    towards = scaled / length[:, None]
    length = np.maximum(length, 1.0)
    cos_a = towards @ direction
    sin_a = np.linalg.norm(np.cross(towards, direction), axis=1)
    below = cos_a / length - sin_a * np.sqrt(length**2 - 1) / length
    return np.asarray(direction * (1 / max(float(below.min()), 1 / _FARTHEST)))


def _header(bounds: Bounds, low: float, high: float, positions: Floats) -> bytes:
    middle = np.array([QUANTA / 2])
    centre = ecef(bounds, middle, middle, np.array([(low + high) / 2]))[0]
    sphere = (positions.min(axis=0) + positions.max(axis=0)) / 2
    radius = float(np.linalg.norm(positions - sphere, axis=1).max())
    occlusion = horizon_point(centre, positions)
    return struct.pack("<3d2f3dd3d", *centre, low, high, *sphere, radius, *occlusion)


def _float32_around(low: float, high: float) -> tuple[float, float]:
    """The nearest float32 numbers that enclose these two."""
    least, most = np.float32(low), np.float32(high)
    if float(least) > low:
        least = np.nextafter(least, np.float32(-np.inf))
    if float(most) < high:
        most = np.nextafter(most, np.float32(np.inf))
    return float(least), float(most)


def _ordered(piece: Piece) -> tuple[Ints, Ints]:
    """Faces along a Morton curve, their vertices numbered by first use; and the order of the vertices."""
    faces = piece.faces[np.argsort(_morton(piece.u[piece.faces].sum(1), piece.v[piece.faces].sum(1)))]
    flat = faces.ravel()
    _, first, inverse = np.unique(flat, return_index=True, return_inverse=True)
    by_use = np.argsort(first)
    number = np.empty(len(by_use), np.int64)
    number[by_use] = np.arange(len(by_use))
    return number[inverse].reshape(-1, 3), flat[first[by_use]]


def _morton(x: Ints, y: Ints) -> Ints:
    """Interleaved bits of two numbers below 2¹⁷."""
    result = np.zeros(len(x), np.int64)
    for bit in range(17):
        result |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
    return result


def _zigzag(values: Ints) -> bytes:
    steps = np.diff(values, prepend=0)
    return ((steps << 1) ^ (steps >> 63)).astype("<u2").tobytes()


def _high_water(indices: Ints) -> Ints:
    """Each index as its distance from the number of vertices met so far; 0 is a new one."""
    met = np.maximum.accumulate(indices) + 1  # after each index
    before = np.concatenate([[0], met[:-1]])
    return before - indices


def _extension(number: int, data: bytes) -> bytes:
    return struct.pack("<BI", number, len(data)) + data
