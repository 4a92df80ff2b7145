"""Meshes: what a glb draws, as points in the tile's own axes (z up), float64."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.glb import Broken, Glb

Floats = NDArray[np.float64]

_Z_UP = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
"""glTF's y up → 3D Tiles' z up."""
_POINTS, _TRIANGLES, _STRIP, _FAN = 0, 4, 5, 6
_RESTART = {2: 65535, 4: 2**32 - 1}


@dataclass(frozen=True, slots=True)
class FeatureIds:
    """One set of feature ids of a primitive or of instances."""

    numbers: NDArray[np.int64]
    """Different ones, sorted, without the null id."""
    stated: int
    """featureCount."""
    table: int | None
    """Property table they are rows of."""


@dataclass(slots=True)
class Piece:
    """One primitive, placed."""

    positions: Floats
    """(n, 3) metres in the tile's axes; all instances, where there are some."""
    vertices: int
    """As stored: instances share them; 0 where they are those of an earlier piece."""
    triangles: int
    """As drawn."""
    points: bool
    steps: float
    """Largest distance between neighbouring float32 values of its stored coordinates; 0 for integers."""
    reach: float
    """Largest stored coordinate."""
    features: list[FeatureIds] = field(default_factory=list)


def pieces(glb: Glb) -> Iterator[Piece]:
    """Everything that the glb's scene draws.

    Raises:
        Broken: if indices or accessors lead nowhere.
    """
    scenes = glb.json.get("scenes") or [{"nodes": range(len(glb.json.get("nodes", [])))}]
    seen: set[int] = set()
    open_nodes = [(number, _Z_UP, 0) for number in scenes[glb.json.get("scene", 0)].get("nodes", [])]
    while open_nodes:
        number, above, depth = open_nodes.pop()
        if depth > 100:
            raise Broken("its nodes are nested without end")
        node = glb.json["nodes"][number]
        matrix = above @ _local(node)
        open_nodes += [(child, matrix, depth + 1) for child in node.get("children", [])]
        if "mesh" not in node:
            continue
        instancing = node.get("extensions", {}).get("EXT_mesh_gpu_instancing")
        placed = None if instancing is None else _instances(glb, instancing["attributes"])
        for primitive in glb.json["meshes"][node["mesh"]]["primitives"]:
            piece = _piece(glb, primitive, matrix, placed)
            if primitive["attributes"]["POSITION"] in seen:
                piece.vertices = 0
            seen.add(primitive["attributes"]["POSITION"])
            if instancing is not None:
                piece.features += _instance_ids(glb, node, instancing["attributes"], placed)
            yield piece


def _piece(glb: Glb, primitive: dict[str, Any], matrix: Floats, placed: Floats | None) -> Piece:
    number = primitive["attributes"]["POSITION"]
    stored = glb.accessor(number)
    accessor = glb.json["accessors"][number]
    if not np.isfinite(stored).all():
        raise Broken("it has positions that are not finite")
    if not accessor.get("normalized"):
        low, high = stored.min(axis=0), stored.max(axis=0)
        if not (np.array_equal(low, accessor.get("min")) and np.array_equal(high, accessor.get("max"))):
            raise Broken(f"min and max of accessor {number} are not those of its positions")
    count, mode = len(stored), primitive.get("mode", _TRIANGLES)
    corners = count
    if "indices" in primitive:
        indices = glb.accessor(primitive["indices"])[:, 0]
        corners = len(indices)
        highest = int(indices.max())
        if highest >= count or highest == _RESTART.get(indices.dtype.itemsize):
            raise Broken(f"an index {highest:,} for {count:,} vertices")
    if mode == _TRIANGLES and corners % 3:
        raise Broken(f"{corners:,} corners are no triangles")
    outline = primitive.get("extensions", {}).get("CESIUM_primitive_outline")
    if outline is not None:
        ends = glb.accessor(outline["indices"])[:, 0]
        if len(ends) % 2 or int(ends.max()) >= count:
            raise Broken("its outline leads to vertices that are not there")
    triangles = {_TRIANGLES: corners // 3, _STRIP: corners - 2, _FAN: corners - 2}.get(mode, 0)
    positions = _applied(matrix if placed is None else np.eye(4), stored.astype(np.float64))
    if placed is not None:
        turned = np.einsum("kij,nj->kni", placed[:, :3, :3], positions) + placed[:, None, :3, 3]
        positions = _applied(matrix, turned.reshape(-1, 3))
        triangles *= len(placed)
    reach = float(np.abs(stored).max()) if stored.dtype.kind == "f" else 0.0
    if placed is not None:
        reach = max(reach, float(np.abs(placed[:, :3, 3]).max()))
    steps = float(np.spacing(np.float32(reach))) if reach else 0.0
    piece = Piece(positions, count, triangles, mode == _POINTS, steps, reach)
    if placed is None:
        stated = primitive.get("extensions", {}).get("EXT_mesh_features", {}).get("featureIds", [])
        piece.features += [
            ids for entry in stated if (ids := _ids(glb, entry, primitive["attributes"], count)) is not None
        ]
    return piece


def _ids(glb: Glb, entry: dict[str, Any], attributes: dict[str, int], count: int) -> FeatureIds | None:
    if "texture" in entry:
        return None  # pixels: not looked into
    if "attribute" in entry:
        values = glb.accessor(attributes[f"_FEATURE_ID_{entry['attribute']}"])[:, 0]
        if len(values) != count:
            raise Broken(f"{len(values):,} feature ids for {count:,} vertices or instances")
        if values.dtype.kind == "f" and not (np.isfinite(values) & (values == np.rint(values))).all():
            raise Broken("feature ids are not whole numbers")
        numbers = np.unique(values).astype(np.int64)
    else:
        numbers = np.arange(count)
    numbers = numbers[numbers != entry.get("nullFeatureId", -1)]
    return FeatureIds(numbers, entry["featureCount"], entry.get("propertyTable"))


def _instance_ids(
    glb: Glb, node: dict[str, Any], attributes: dict[str, int], placed: Floats | None
) -> list[FeatureIds]:
    stated = node.get("extensions", {}).get("EXT_instance_features", {}).get("featureIds", [])
    count = 0 if placed is None else len(placed)
    return [ids for entry in stated if (ids := _ids(glb, entry, attributes, count)) is not None]


def _instances(glb: Glb, attributes: dict[str, int]) -> Floats:
    """(k, 4, 4) matrices of the instances."""
    given = {name: glb.accessor(number).astype(np.float64) for name, number in attributes.items()}
    count = len(next(iter(given.values())))
    matrices = np.tile(np.eye(4), (count, 1, 1))
    if "ROTATION" in given:
        matrices[:, :3, :3] = _rotations(given["ROTATION"])
    if "SCALE" in given:
        matrices[:, :3, :3] *= given["SCALE"][:, None, :]
    if "TRANSLATION" in given:
        matrices[:, :3, 3] = given["TRANSLATION"]
    return matrices


def _local(node: dict[str, Any]) -> Floats:
    if "matrix" in node:
        return np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
    matrix = np.eye(4)
    if "rotation" in node:
        matrix[:3, :3] = _rotations(np.array([node["rotation"]], dtype=np.float64))[0]
    matrix[:3, :3] *= np.array(node.get("scale", [1, 1, 1]), dtype=np.float64)
    matrix[:3, 3] = node.get("translation", [0, 0, 0])
    return matrix


def _rotations(quaternions: Floats) -> Floats:
    """(k, 4) x, y, z, w → (k, 3, 3)."""
    x, y, z, w = (quaternions / np.linalg.norm(quaternions, axis=1, keepdims=True)).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)


def _applied(matrix: Floats, points: Floats) -> Floats:
    return points @ matrix[:3, :3].T + matrix[:3, 3]
