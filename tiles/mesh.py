"""Mesh: what is drawn, before it becomes part of a glb."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tiles.materials import MATERIALS
from twin.errors import TilingError

TRIANGLES, LINES = 4, 1


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles or lines of one material."""

    positions: NDArray[np.float64]
    """(n, 3) metres east, north, up from the tile's origin; with `instances`: from each instance's."""
    indices: NDArray[np.uint32]
    """Flat: three to a triangle (mode 4), counter-clockwise seen from outside; two to a line (mode 1)."""
    material: str
    """Key of `MATERIALS`."""
    normals: NDArray[np.float32] | None = None
    """(n, 3) unit vectors east, north, up."""
    feature_ids: NDArray[np.uint32] | None = None
    """(n,) rows of the property table; with `instances` (k,)."""
    mode: int = TRIANGLES
    """4 triangles, 1 lines."""
    instances: NDArray[np.float64] | None = None
    """(k, 3) metres east, north, up: the mesh is drawn once at each. Meshes that share this very array (a
    crown and its trunk) are parts of one thing; the first one's ids, rotations and scales hold for all."""
    rotations: NDArray[np.float32] | None = None
    """(k, 4) how each instance is turned: unit quaternions x, y, z, w over east, north, up."""
    scales: NDArray[np.float32] | None = None
    """(k, 3) how each is stretched, before it is turned: factors along the mesh's own east, north, up."""
    uv: NDArray[np.float32] | None = None
    """(n, 2) place in `picture`, 0 to 1, origin upper left."""
    picture: bytes | None = None
    """WebP drawn on it instead of the material's colour; see `tiles.atlas`."""
    faceted: bool = False
    """Flat faces that meet in points but share no vertices, as buildings have. Meshes that share their very
    arrays (walls and roofs of the same buildings) have their vertices written once."""


def checked(meshes: Sequence[Mesh]) -> Sequence[Mesh]:
    """The meshes themselves; `TilingError` if one is not made as `Mesh` says."""
    for positions in {id(mesh.positions): mesh.positions for mesh in meshes}.values():
        if not np.isfinite(positions).all():
            raise TilingError("a mesh has positions that are not finite")
    for mesh in meshes:
        if mesh.material not in MATERIALS:
            known = ", ".join(MATERIALS)
            raise TilingError(f"material {mesh.material!r} is not known; write one of: {known}")
        if int(mesh.indices.max()) >= len(mesh.positions):
            raise TilingError("a mesh has indices beyond its positions")
        if mesh.picture is not None and (mesh.uv is None or not np.isfinite(mesh.uv).all()):
            raise TilingError("a mesh with a picture has points without a place in it")
    return meshes


def ordered(mesh: Mesh) -> Mesh:
    """The same with triangles and vertices in an order that GPUs and the codec like; for smooth ones."""
    import meshopt

    indices, places, used = meshopt.reorder_mesh(
        mesh.indices.astype(np.uint32), mesh.mode == TRIANGLES, False
    )
    order = np.zeros(used, dtype=np.uint32)
    kept = places != 0xFFFFFFFF  # vertices no triangle uses
    order[places[kept]] = np.flatnonzero(kept)
    ids = mesh.feature_ids
    return replace(
        mesh,
        positions=mesh.positions.take(order, axis=0),
        indices=indices,
        normals=None if mesh.normals is None else mesh.normals.take(order, axis=0),
        feature_ids=ids if ids is None or mesh.instances is not None else ids.take(order),
        uv=None if mesh.uv is None else mesh.uv.take(order, axis=0),
    )
