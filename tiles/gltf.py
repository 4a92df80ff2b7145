"""glTF: meshes and their features become one glb, the content of a 3D tile.

Geometry goes in as metres east, north, up of the tile's local frame and is written as glTF wants it
(y up): ``(east, up, -north)``; viewers turn it back for 3D Tiles. Quantised positions are 16-bit steps
of one cube around the whole tile (`KHR_mesh_quantization`), so neighbours stay watertight; the step is
`coordinate_error` times two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.glb import Container
from tiles.property_table import add_property_table
from tiles.tree import extent
from twin.errors import TilingError
from twin.schema import Schema

ENCODINGS = ("meshopt", "quantised", "plain")
TRIANGLES, LINES = 4, 1
_STEPS = 65535

_Colour = tuple[float, float, float, float]
MATERIALS: Mapping[str, _Colour] = {
    "wall": (0.86, 0.84, 0.80, 1.0),
    "roof": (0.62, 0.36, 0.28, 1.0),
    "ground": (0.55, 0.53, 0.50, 1.0),
    "terrain": (0.66, 0.70, 0.58, 1.0),
    "area": (0.90, 0.55, 0.15, 0.75),
    "line": (0.35, 0.37, 0.42, 1.0),
    "station": (0.10, 0.40, 0.65, 1.0),
    "leaves": (0.16, 0.30, 0.09, 1.0),
    "needles": (0.07, 0.18, 0.09, 1.0),
    "trunk": (0.16, 0.10, 0.06, 1.0),
}
"""Name → base colour (linear RGB, opacity). Viewers find the primitives by name and restyle them."""


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


def coordinate_error(extent: float, encoding: str) -> float:
    """Largest distance along an axis, in metres, between a position and what is read back.

    Args:
        extent: Longest side in metres of the box around all positions.
        encoding: One of `ENCODINGS`.
    """
    # Half a step; float32 keeps 24 bits, for which the extent bounds the magnitude.
    return extent / _STEPS / 2 if encoding != "plain" else extent * 2.0**-23


def write_glb(
    meshes: Sequence[Mesh],
    *,
    schema: Schema | None = None,
    rows: Sequence[Mapping[str, Any]] | None = None,
    copyright: str,
    encoding: str = "meshopt",
    extras: Mapping[str, Any] | None = None,
) -> bytes:
    """Write one glb; the same input gives the same bytes.

    Args:
        meshes: What is drawn. Feature ids are rows of `rows`.
        schema: Types of the property table's columns (those with ``tiles``); None writes no table.
        rows: One mapping per feature: the schema's columns including ``id`` and ``source_id``.
        copyright: Attribution, ends up in ``asset.copyright``.
        encoding: ``meshopt`` (quantised and compressed), ``quantised`` or ``plain`` (float32).
        extras: Further facts for ``asset.extras``.

    Raises:
        TilingError: if there is nothing to draw or a mesh is not made as `Mesh` says.
    """
    if encoding not in ENCODINGS:
        raise TilingError(f"encoding {encoding!r} is not known; write one of: {', '.join(ENCODINGS)}")
    drawn = [_checked(mesh) for mesh in meshes if len(mesh.indices)]
    if not drawn:
        raise TilingError("a tile without triangles or lines cannot be written")
    writer = _Writer(drawn, encoding)
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "Stadtzwilling", "copyright": copyright},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(writer.nodes)))}],
        "nodes": writer.nodes,
        "meshes": writer.meshes,
        "materials": [_material(name) for name in writer.materials],
    }
    if extras:
        document["asset"]["extras"] = dict(extras)
    if schema is not None and rows:
        document["extensions"] = {
            "EXT_structural_metadata": add_property_table(writer.container, schema, rows)
        }
        writer.used.add("EXT_structural_metadata")
    if writer.used:
        document["extensionsUsed"] = sorted(writer.used)
    if writer.required:
        document["extensionsRequired"] = sorted(writer.required)
    return writer.container.pack(document)


class _Writer:
    def __init__(self, meshes: Sequence[Mesh], encoding: str) -> None:
        self.container = Container(compress=encoding == "meshopt")
        self.materials = sorted({mesh.material for mesh in meshes})
        self.nodes: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.used: set[str] = set()
        self.required: set[str] = set()
        self._encoding = encoding
        if encoding == "meshopt":
            self.required.add("EXT_meshopt_compression")
        fixed = [mesh for mesh in meshes if mesh.instances is None]
        if fixed:
            low, scale = self._frame(fixed)
            node: dict[str, Any] = {"mesh": len(self.meshes)}
            if scale:
                node |= {"translation": low.tolist(), "scale": [scale] * 3}
                self.required.add("KHR_mesh_quantization")
            self.nodes.append(node)
            self.meshes.append({"primitives": [self._primitive(mesh, low, scale) for mesh in fixed]})
        instanced: dict[int, list[Mesh]] = {}
        for mesh in meshes:
            if mesh.instances is not None:
                instanced.setdefault(id(mesh.instances), []).append(mesh)
        for parts in instanced.values():
            self._instanced(parts)
        self.used |= self.required

    def _frame(self, meshes: Sequence[Mesh]) -> tuple[NDArray[np.float64], float]:
        """South-west-bottom corner (as y up) and step of the quantisation; step 0: not quantised."""
        if self._encoding == "plain":
            return np.zeros(3), 0.0
        low, high = extent(np.concatenate([extent(mesh.positions) for mesh in meshes]))
        corner = np.array([low[0], low[2], -high[1]])
        return corner, max(float((high - low).max()), 1e-3) / _STEPS

    def _primitive(self, mesh: Mesh, low: NDArray[np.float64], scale: float) -> dict[str, Any]:
        indices, order = mesh.indices, None
        triangles = mesh.mode == TRIANGLES
        if self._encoding == "meshopt":
            indices, order = _reordered(indices, triangles)
        positions = _y_up(mesh.positions if order is None else mesh.positions[order])
        attributes = {}
        if scale:
            steps = np.rint((positions - low) / scale).clip(0, _STEPS).astype(np.uint16)
            attributes["POSITION"] = self.container.attribute(steps, bounds=True)
        else:
            attributes["POSITION"] = self.container.attribute(positions.astype(np.float32), bounds=True)
        if mesh.normals is not None:
            normals = _y_up(mesh.normals if order is None else mesh.normals[order])
            if scale:
                steps = np.rint(normals * 127).astype(np.int8)
                attributes["NORMAL"] = self.container.attribute(steps, normalized=True)
            else:
                attributes["NORMAL"] = self.container.attribute(normals.astype(np.float32))
        primitive: dict[str, Any] = {
            "attributes": attributes,
            "indices": self.container.indices(indices, triangles=triangles, vertices=len(positions)),
            "material": self.materials.index(mesh.material),
            "mode": mesh.mode,
        }
        if mesh.feature_ids is not None and mesh.instances is None:
            ids = mesh.feature_ids if order is None else mesh.feature_ids[order]
            attributes["_FEATURE_ID_0"] = self.container.attribute(_id_type(ids))
            primitive["extensions"] = {"EXT_mesh_features": {"featureIds": [_ids(ids)]}}
            self.used.add("EXT_mesh_features")
        return primitive

    def _instanced(self, parts: Sequence[Mesh]) -> None:
        # Not quantised: a node's scale would also scale the instances' translations.
        self.meshes.append({"primitives": [self._primitive(mesh, np.zeros(3), 0.0) for mesh in parts]})
        mesh = parts[0]
        assert mesh.instances is not None  # the caller's choice
        translations = _y_up(mesh.instances).astype(np.float32)
        attributes = {"TRANSLATION": self.container.attribute(translations, target=None)}
        if mesh.rotations is not None:
            turned = np.column_stack((_y_up(mesh.rotations[:, :3]), mesh.rotations[:, 3]))
            attributes["ROTATION"] = self.container.attribute(turned.astype(np.float32), target=None)
        if mesh.scales is not None:
            stretched = mesh.scales[:, [0, 2, 1]].astype(np.float32)
            attributes["SCALE"] = self.container.attribute(stretched, target=None)
        extensions: dict[str, Any] = {"EXT_mesh_gpu_instancing": {"attributes": attributes}}
        self.required.add("EXT_mesh_gpu_instancing")
        if mesh.feature_ids is not None:
            # Four bytes each: without a stride, which only vertices may have, rows lie close together.
            numbers = mesh.feature_ids.astype(np.float32)
            attributes["_FEATURE_ID_0"] = self.container.attribute(numbers, target=None)
            extensions["EXT_instance_features"] = {"featureIds": [_ids(mesh.feature_ids)]}
            self.used.add("EXT_instance_features")
        self.nodes.append({"mesh": len(self.meshes) - 1, "extensions": extensions})


def _checked(mesh: Mesh) -> Mesh:
    if mesh.material not in MATERIALS:
        raise TilingError(f"material {mesh.material!r} is not known; write one of: {', '.join(MATERIALS)}")
    if not np.isfinite(mesh.positions).all():
        raise TilingError("a mesh has positions that are not finite")
    if int(mesh.indices.max()) >= len(mesh.positions):
        raise TilingError("a mesh has indices beyond its positions")
    return mesh


def _y_up(vectors: NDArray[Any]) -> NDArray[Any]:
    """East, north, up → glTF's x, y, z."""
    return np.column_stack((vectors[:, 0], vectors[:, 2], -vectors[:, 1]))


def _reordered(indices: NDArray[np.uint32], triangles: bool) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Indices in an order that GPUs and the codec like, and the old number of each new vertex."""
    import meshopt

    renumbered, places, used = meshopt.reorder_mesh(indices.astype(np.uint32), triangles, False)
    order = np.zeros(used, dtype=np.uint32)
    kept = places != 0xFFFFFFFF  # vertices no triangle uses
    order[places[kept]] = np.flatnonzero(kept)
    return renumbered, order


def _id_type(ids: NDArray[np.uint32]) -> NDArray[Any]:
    # Vertex attributes cannot be 32-bit integers; float32 counts exactly up to 2**24.
    return ids.astype(np.uint16 if ids.max() <= 65535 else np.float32)


def _ids(ids: NDArray[np.uint32]) -> dict[str, int]:
    return {"featureCount": len(np.unique(ids)), "attribute": 0, "propertyTable": 0}


def _material(name: str) -> dict[str, Any]:
    colour = MATERIALS[name]
    material: dict[str, Any] = {
        "name": name,
        "doubleSided": True,  # not every source closes its shells
        "pbrMetallicRoughness": {
            "baseColorFactor": list(colour),
            "metallicFactor": 0.0,
            "roughnessFactor": 0.9,
        },
    }
    if colour[3] < 1:
        material["alphaMode"] = "BLEND"
    return material
