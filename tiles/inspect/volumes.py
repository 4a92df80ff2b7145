"""Volumes: boxes, regions and spheres, and what lies how far outside of them.

3D Tiles 1.1 section 6.5 (bounding volumes); geodetic conversion after Bowring (1976).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.glb import Broken

Floats = NDArray[np.float64]

_A, _F = 6378137.0, 1 / 298.257223563
_E2 = _F * (2 - _F)


@dataclass(frozen=True, slots=True)
class Volume:
    """One bounding volume in EPSG:4978."""

    kind: str
    """``box``, ``region`` or ``sphere``."""
    numbers: Floats
    """Box: centre and half axes (4, 3). Sphere: centre and radius (4,). Region: as written, radians (6,)."""

    def overshoot(self, points: Floats) -> Floats:
        """(n,) metres by which each of (n, 3) points in EPSG:4978 lies outside; negative inside."""
        if self.kind == "box":
            centre, axes = self.numbers[0], self.numbers[1:]
            lengths = np.linalg.norm(axes, axis=1)
            along = (points - centre) @ _directions(axes, lengths).T
            return np.asarray((np.abs(along) - lengths).max(axis=1))
        if self.kind == "sphere":
            return np.asarray(np.linalg.norm(points - self.numbers[:3], axis=1) - self.numbers[3])
        west, south, east, north, low, high = self.numbers
        degrees = geodetic(points)
        (lon, lat), height = np.radians(degrees[:, :2]).T, degrees[:, 2]
        width = (east - west) % (2 * np.pi) or 2 * np.pi
        middle = west + width / 2
        turn = np.abs((lon - middle + np.pi) % (2 * np.pi) - np.pi) - width / 2
        sideways = np.maximum(turn * np.cos(lat), np.maximum(south - lat, lat - north)) * _A
        outside: Floats = np.maximum(sideways, np.maximum(low - height, height - high))
        return outside

    def samples(self) -> Floats:
        """(n, 3) points of its hull in EPSG:4978, corners first."""
        if self.kind == "box":
            signs = np.array(np.meshgrid((-1, 1), (-1, 1), (-1, 1))).reshape(3, -1).T
            corners: Floats = self.numbers[0] + signs @ self.numbers[1:]
            return corners
        if self.kind == "sphere":
            ends: Floats = self.numbers[:3] + np.vstack([np.eye(3), -np.eye(3)]) * self.numbers[3]
            return ends
        west, south, east, north, low, high = self.numbers
        width = (east - west) % (2 * np.pi) or 2 * np.pi
        lon, lat, height = np.meshgrid(
            west + width * np.linspace(0, 1, 3), np.linspace(south, north, 3), (low, high)
        )
        return cartesian(np.column_stack([np.degrees(lon.ravel()), np.degrees(lat.ravel()), height.ravel()]))

    def within(self, other: "Volume") -> float:
        """Metres by which it reaches out of `other`; 0 or less if it is inside."""
        if self.kind == "sphere":
            return float(other.overshoot(self.numbers[None, :3])[0] + self.numbers[3])
        return float(other.overshoot(self.samples()).max())

    @property
    def size(self) -> float:
        """Diagonal or diameter in metres."""
        if self.kind == "sphere":
            return 2 * float(self.numbers[3])
        corners = self.samples()
        return float(np.linalg.norm(corners.max(axis=0) - corners.min(axis=0)))


def volume(stated: Mapping[str, Any], transform: Floats) -> Volume:
    """A tile's bounding volume, brought to EPSG:4978.

    Args:
        stated: As in the tileset.
        transform: (4, 4) from the tile's axes; regions are not transformed.

    Raises:
        Broken: if it is none of the three kinds, or has no extent.
    """
    found = [kind for kind in ("box", "region", "sphere") if kind in stated]
    if not found:
        raise Broken("its boundingVolume is no box, region or sphere")
    kind = found[0]
    numbers = np.array(stated[kind], dtype=np.float64)
    if len(numbers) != {"box": 12, "region": 6, "sphere": 4}[kind] or not np.isfinite(numbers).all():
        raise Broken(f"its {kind} is not {len(numbers)} finite numbers")
    linear, shift = transform[:3, :3], transform[:3, 3]
    if kind == "box":
        placed = numbers.reshape(4, 3) @ linear.T
        placed[0] += shift
        return Volume(kind, placed)
    if kind == "sphere":
        scale = float(np.linalg.norm(linear, axis=0).max())
        return Volume(kind, np.append(linear @ numbers[:3] + shift, numbers[3] * scale))
    if numbers[1] > numbers[3] or numbers[4] > numbers[5] or np.abs(numbers[:4]).max() > 2 * np.pi:
        raise Broken("its region is not west, south, east, north in radians, least and greatest height")
    return Volume(kind, numbers)


def _directions(axes: Floats, lengths: Floats) -> Floats:
    """Unit vectors; flat boxes get the missing one from the others."""
    flat = np.flatnonzero(lengths == 0)
    units: Floats = axes / np.where(lengths == 0, 1, lengths)[:, None]
    for axis in flat:
        units[axis] = np.cross(units[axis - 2], units[axis - 1])
    return units


def geodetic(points: Floats) -> Floats:
    """EPSG:4978 (n, 3) → longitude, latitude in degrees, ellipsoidal height in metres."""
    x, y, z = points.T
    around = np.hypot(x, y)
    polar = _A * (1 - _F)
    theta = np.arctan2(z * _A, around * polar)
    lat = np.arctan2(z + _E2 / (1 - _E2) * polar * np.sin(theta) ** 3, around - _E2 * _A * np.cos(theta) ** 3)
    normal = _A / np.sqrt(1 - _E2 * np.sin(lat) ** 2)
    height = around * np.cos(lat) + z * np.sin(lat) - _A**2 / normal
    return np.column_stack([np.degrees(np.arctan2(y, x)), np.degrees(lat), height])


def cartesian(points: Floats) -> Floats:
    """Longitude, latitude in degrees, ellipsoidal height (n, 3) → EPSG:4978."""
    lon, lat = np.radians(points[:, :2]).T
    normal = _A / np.sqrt(1 - _E2 * np.sin(lat) ** 2)
    level = (normal + points[:, 2]) * np.cos(lat)
    return np.column_stack(
        [level * np.cos(lon), level * np.sin(lon), (normal * (1 - _E2) + points[:, 2]) * np.sin(lat)]
    )


def frame(origin: Floats) -> Floats:
    """(3, 3) rows east, north, up at a point in EPSG:4978."""
    lon, lat = np.radians(geodetic(origin[None])[0, :2])
    return np.array(
        [
            [-np.sin(lon), np.cos(lon), 0.0],
            [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)],
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)],
        ]
    )
