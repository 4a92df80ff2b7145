"""Reads back what tiles.gltf wrote without meshopt: an independent look at our own files."""

import json
import struct

import numpy as np

TYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


class Glb:
    """One glb: its JSON, and meshes as metres east, north, up."""

    def __init__(self, data: bytes) -> None:
        magic, version, length = struct.unpack_from("<4sII", data)
        assert (magic, version, length) == (b"glTF", 2, len(data))
        (size,) = struct.unpack_from("<I", data, 12)
        self.json = json.loads(data[20 : 20 + size])
        self.body = data[28 + size :]

    def accessor(self, number: int) -> np.ndarray:
        accessor = self.json["accessors"][number]
        view = self.json["bufferViews"][accessor["bufferView"]]
        dtype, width = np.dtype(TYPES[accessor["componentType"]]), WIDTH[accessor["type"]]
        start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        stride = view.get("byteStride", dtype.itemsize * width)
        rows = [np.frombuffer(self.body, dtype, width, start + i * stride) for i in range(accessor["count"])]
        values = np.array(rows)
        if accessor.get("normalized"):
            values = np.maximum(values / np.iinfo(dtype).max, -1)
        return values[:, 0] if width == 1 else values

    def primitives(self):
        """Yield (material, positions, indices, normals or None, feature ids or None, mode) of plain nodes."""
        for node in self.json["nodes"]:
            if "EXT_mesh_gpu_instancing" in node.get("extensions", {}):
                continue
            matrix = np.array(node.get("matrix", np.eye(4).ravel())).reshape(4, 4).T
            for primitive in self.json["meshes"][node["mesh"]]["primitives"]:
                attributes = primitive["attributes"]
                x, y, z = matrix[:3, :3] @ self.accessor(attributes["POSITION"]).T + matrix[:3, 3:]
                normals = None
                if "NORMAL" in attributes:
                    turned = matrix[:3, :3] @ self.accessor(attributes["NORMAL"]).T
                    a, b, c = turned / np.linalg.norm(turned, axis=0)
                    normals = np.column_stack([a, -c, b])
                ids = attributes.get("_FEATURE_ID_0")
                yield (
                    self.json["materials"][primitive["material"]]["name"],
                    np.column_stack([x, -z, y]),
                    self.accessor(primitive["indices"]),
                    normals,
                    None if ids is None else self.accessor(ids).astype(int),
                    primitive["mode"],
                )
