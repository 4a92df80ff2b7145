"""glTF: meshes and their features become one glb, the content of a 3D tile.

Geometry goes in as metres east, north, up of the tile's local frame. Viewers expect glTF with y up and turn
it back for 3D Tiles. Quantised positions (`KHR_mesh_quantization`) are steps of one lattice for the whole
tile, so neighbours stay watertight; they stay east, north, up, and the node's matrix turns them.

Bytes are counted as they travel, which is behind brotli or gzip. Meshes that say `faceted` may share their
vertices, building behind building, so that corners of walls, roof and ground that meet lie near each other;
their normals, the same for all corners of a face, those coders find best as they are.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tiles.glb import Container
from tiles.materials import WEBP, surfaces
from tiles.mesh import LINES, TRIANGLES, Mesh, checked, ordered
from tiles.outlines import outlines as outlines_of
from tiles.property_table import add_property_table
from tiles.tree import extent
from twin.errors import TilingError
from twin.schema import Schema

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ENCODINGS", "LINES", "TRIANGLES", "Mesh", "coordinate_error", "write_glb"]

ENCODINGS = ("meshopt", "quantised", "plain")
_STEPS = 65534
_LEAST_STEP_M = 1 / 64
_OUTLINE = "CESIUM_primitive_outline"

Floats = NDArray[np.float64]


def coordinate_error(extent: float, encoding: str) -> float:
    """Largest distance along an axis, in metres, between a position and what is read back.

    Args:
        extent: Longest side in metres of the box around all positions.
        encoding: One of `ENCODINGS`.
    """
    # Half a step; float32 keeps 24 bits, for which the extent bounds the magnitude.
    return _step(extent) / 2 if encoding != "plain" else extent * 2.0**-23


def _step(extent: float) -> float:
    """Step of the quantisation: a power of two, so that reading it back is exact in float32."""
    return max(_LEAST_STEP_M, 2.0 ** math.ceil(math.log2(max(extent, 1e-3) / _STEPS)))


def write_glb(
    meshes: Sequence[Mesh],
    *,
    schema: Schema | None = None,
    rows: Sequence[Mapping[str, Any]] | None = None,
    columns: "Mapping[str, pa.Array] | pa.RecordBatch | None" = None,
    copyright: str,
    encoding: str = "meshopt",
    extras: Mapping[str, Any] | None = None,
    outlines: bool = False,
) -> bytes:
    """Write one glb; the same input gives the same bytes.

    Args:
        meshes: What is drawn. Feature ids are rows of `rows`.
        schema: Types of the property table's columns (those with ``tiles``); None writes no table.
        rows: One mapping per feature: the schema's columns including ``id`` and ``source_id``.
        columns: The same as Arrow arrays by the columns' names, instead of rows. A record batch will do.
        copyright: Attribution, ends up in ``asset.copyright``.
        encoding: ``meshopt`` (quantised and compressed), ``quantised`` or ``plain`` (float32).
        extras: Further facts for ``asset.extras``.
        outlines: Add the edges of triangles (CESIUM_primitive_outline); who cannot draw them ignores them.

    Raises:
        TilingError: if there is nothing to draw or a mesh is not made as `Mesh` says.
    """
    if encoding not in ENCODINGS:
        raise TilingError(f"encoding {encoding!r} is not known; write one of: {', '.join(ENCODINGS)}")
    drawn = checked([mesh for mesh in meshes if len(mesh.indices)])
    if not drawn:
        raise TilingError("a tile without triangles or lines cannot be written")
    writer = _Writer(drawn, encoding, outlines)
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "Stadtzwilling", "copyright": copyright},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(writer.nodes)))}],
        "nodes": writer.nodes,
        "meshes": writer.meshes,
        **surfaces(writer.container, writer.surfaces, writer.pictures),
    }
    if extras:
        document["asset"]["extras"] = dict(extras)
    table = rows or () if columns is None else columns
    if schema is not None and len(table):
        document["extensions"] = {
            "EXT_structural_metadata": add_property_table(writer.container, schema, table)
        }
        writer.used.add("EXT_structural_metadata")
    if writer.used:
        document["extensionsUsed"] = sorted(writer.used)
    if writer.required:
        document["extensionsRequired"] = sorted(writer.required)
    return writer.container.pack(document)


class _Writer:
    def __init__(self, meshes: Sequence[Mesh], encoding: str, outlines: bool) -> None:
        self.container = Container(compress=encoding == "meshopt")
        self.pictures = list(dict.fromkeys(mesh.picture for mesh in meshes if mesh.picture is not None))
        self.surfaces = sorted({self._surface(mesh) for mesh in meshes})
        self.nodes: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.used: set[str] = set()
        self.required: set[str] = set()
        self._encoding = encoding
        self._outlines = outlines
        if encoding == "meshopt":
            self.required.add("EXT_meshopt_compression")
        if self.pictures:
            self.required.add(WEBP)
        fixed = [mesh for mesh in meshes if mesh.instances is None]
        if fixed:
            self._fixed(fixed)
        instanced: dict[int, list[Mesh]] = {}
        for mesh in meshes:
            if mesh.instances is not None:
                instanced.setdefault(id(mesh.instances), []).append(mesh)
        for parts in instanced.values():
            self._instanced(parts)
        self.used |= self.required

    def _surface(self, mesh: Mesh) -> tuple[str, int]:
        """The material's name and the number of the picture, -1 for none."""
        return mesh.material, -1 if mesh.picture is None else self.pictures.index(mesh.picture)

    def _fixed(self, meshes: Sequence[Mesh]) -> None:
        node: dict[str, Any] = {"mesh": len(self.meshes)}
        self.nodes.append(node)
        if self._encoding == "plain":
            self.meshes.append({"primitives": self._primitives(meshes, None)})
            return
        self.required.add("KHR_mesh_quantization")
        places = {id(mesh.positions): mesh.positions for mesh in meshes}.values()  # many share theirs
        low, high = extent(np.concatenate([extent(positions) for positions in places]))
        step = _step(float((high - low).max()))
        low = np.floor(low / step) * step
        # By columns: east → x, north → -z, up → y, and the corner.
        node["matrix"] = [step, 0, 0, 0, 0, 0, -step, 0, 0, step, 0, 0, low[0], low[2], -low[1], 1]
        self.meshes.append({"primitives": self._primitives(meshes, (low, step))})

    def _primitives(
        self, meshes: Sequence[Mesh], lattice: tuple[NDArray[np.float64], float] | None
    ) -> list[dict[str, Any]]:
        """Attribute by attribute through all meshes: like lies near like, which packs better."""
        if self._encoding == "meshopt":
            meshes = [mesh if mesh.faceted else ordered(mesh) for mesh in meshes]
        primitives: list[dict[str, Any]] = [
            {"attributes": {}, "material": self.surfaces.index(self._surface(mesh)), "mode": mesh.mode}
            for mesh in meshes
        ]
        both = list(zip(meshes, primitives, strict=True))
        known: dict[int, int] = {}  # accessors of arrays that several meshes share
        features: dict[int, dict[str, int]] = {}

        def put(values: NDArray[Any], write: Callable[[], int]) -> int:
            if id(values) not in known:
                known[id(values)] = write()
            return known[id(values)]

        for mesh, primitive in both:
            primitive["attributes"]["POSITION"] = put(
                mesh.positions, partial(self._positions, mesh.positions, lattice)
            )
        for mesh, primitive in both:
            if mesh.normals is not None:
                primitive["attributes"]["NORMAL"] = put(
                    mesh.normals, partial(self._normals, mesh.normals, lattice is None, mesh.faceted)
                )
        for mesh, primitive in both:
            if mesh.uv is not None and mesh.picture is not None:
                primitive["attributes"]["TEXCOORD_0"] = put(mesh.uv, partial(self._uv, mesh.uv))
        for mesh, primitive in both:
            if mesh.feature_ids is not None and mesh.instances is None:
                ids = mesh.feature_ids
                number = put(ids, partial(self.container.attribute, _id_type(ids)))
                primitive["attributes"]["_FEATURE_ID_0"] = number
                told = features.get(id(ids)) or features.setdefault(id(ids), _ids(ids))
                primitive["extensions"] = {"EXT_mesh_features": {"featureIds": [told]}}
                self.used.add("EXT_mesh_features")
        for mesh, primitive in both:
            triangles, count = mesh.mode == TRIANGLES, len(mesh.positions)
            primitive["indices"] = self.container.indices(mesh.indices, triangles=triangles, vertices=count)
            if self._outlines and triangles and mesh.instances is None:
                edges = outlines_of(mesh.positions, mesh.indices)
                if len(edges):
                    number = self.container.indices(edges, triangles=False, vertices=count)
                    primitive.setdefault("extensions", {})[_OUTLINE] = {"indices": number}
                    self.used.add(_OUTLINE)
        return primitives

    def _positions(self, positions: Floats, lattice: tuple[Floats, float] | None) -> int:
        if lattice is None:
            return self.container.attribute(_y_up(positions).astype(np.float32), bounds=True)
        low, step = lattice
        steps = np.zeros((len(positions), 4), np.uint16)
        for axis in range(3):
            steps[:, axis] = np.rint((positions[:, axis] - low[axis]) / step)
        return self.container.attribute(steps, width=3, bounds=True)

    def _normals(self, normals: NDArray[np.float32], exact: bool, faceted: bool) -> int:
        if exact:
            return self.container.attribute(_y_up(normals).astype(np.float32))
        rounded = np.zeros((len(normals), 4), np.int8)
        rounded[:, :3] = np.rint(normals * np.float32(127))
        return self.container.attribute(rounded, width=3, normalized=True, packed=not faceted)

    def _uv(self, uv: NDArray[np.float32]) -> int:
        return self.container.attribute(np.rint(uv.clip(0, 1) * 65535).astype(np.uint16), normalized=True)

    def _instanced(self, parts: Sequence[Mesh]) -> None:
        # Not quantised: a node's scale would also scale the instances' translations.
        self.meshes.append({"primitives": self._primitives(parts, None)})
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


def _y_up(vectors: NDArray[Any]) -> NDArray[Any]:
    """East, north, up → glTF's x, y, z."""
    return np.column_stack((vectors[:, 0], vectors[:, 2], -vectors[:, 1]))


def _id_type(ids: NDArray[np.uint32]) -> NDArray[Any]:
    # Vertex attributes cannot be 32-bit integers; float32 counts exactly up to 2**24.
    return ids.astype(np.uint16 if ids.max() <= 65535 else np.float32)


def _ids(ids: NDArray[np.uint32]) -> dict[str, int]:
    steps = ids[1:] != ids[:-1]
    ascending = (ids[1:] >= ids[:-1]).all()
    count = int(np.count_nonzero(steps)) + 1 if ascending else len(np.unique(ids))
    return {"featureCount": count, "attribute": 0, "propertyTable": 0}
