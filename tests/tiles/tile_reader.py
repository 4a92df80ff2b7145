"""Reads tilesets and glb files the way a client does, sharing no code with the writer."""

import json
import struct
from itertools import pairwise

import meshopt
import numpy as np

TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
NUMBERS = {
    "FLOAT32": "<f4",
    "FLOAT64": "<f8",
    "INT32": "<i4",
    "INT64": "<i8",
    "UINT8": "<u1",
    "UINT16": "<u2",
    "UINT32": "<u4",
}


class Content:
    """One glb, decoded."""

    def __init__(self, data):
        magic, version, length = struct.unpack_from("<4sII", data)
        assert (magic, version, length) == (b"glTF", 2, len(data))
        size, kind = struct.unpack_from("<I4s", data, 12)
        assert kind == b"JSON"
        assert size % 4 == 0
        self.json = json.loads(data[20 : 20 + size])
        body, kind = struct.unpack_from("<I4s", data, 20 + size)
        assert kind == b"BIN\0"
        self.body = data[28 + size : 28 + size + body]
        assert len(self.body) == body == self.json["buffers"][0]["byteLength"]
        self.primitives = [
            Primitive(self, node, primitive)
            for node in self.json["nodes"]
            for primitive in self.json["meshes"][node["mesh"]]["primitives"]
        ]

    @property
    def vertices(self):
        """As stored: primitives may share them."""
        meshes = [self.json["meshes"][node["mesh"]] for node in self.json["nodes"]]
        used = {part["attributes"]["POSITION"] for mesh in meshes for part in mesh["primitives"]}
        return sum(self.json["accessors"][number]["count"] for number in used)

    def view(self, number):
        view = self.json["bufferViews"][number]
        packed = view.get("extensions", {}).get("EXT_meshopt_compression")
        if packed is None:
            assert view["buffer"] == 0
            return self.body[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        assert self.json["buffers"][view["buffer"]]["extensions"]["EXT_meshopt_compression"]["fallback"]
        assert view["byteLength"] == packed["count"] * packed["byteStride"]
        data = self.body[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
        return meshopt.decode_gltf_buffer(
            data, packed["count"], packed["byteStride"], packed["mode"]
        ).tobytes()

    def accessor(self, number):
        accessor = self.json["accessors"][number]
        view = self.json["bufferViews"][accessor["bufferView"]]
        dtype, width = np.dtype(TYPES[accessor["componentType"]]), WIDTH[accessor["type"]]
        packed = view.get("extensions", {}).get("EXT_meshopt_compression", {})
        stride = packed.get("byteStride") or view.get("byteStride") or dtype.itemsize * width
        data = np.frombuffer(self.view(accessor["bufferView"]), np.uint8).reshape(accessor["count"], stride)
        values = np.ascontiguousarray(data[:, : dtype.itemsize * width]).view(dtype)
        if "min" in accessor:
            assert values.min(axis=0).tolist() == accessor["min"]
            assert values.max(axis=0).tolist() == accessor["max"]
        if accessor.get("normalized"):
            values = np.maximum(values / np.iinfo(dtype).max, -1.0)
        return values[:, 0] if width == 1 else values

    def table(self):
        """The property table as a list of rows; None where the value is noData."""
        metadata = self.json["extensions"]["EXT_structural_metadata"]
        (table,) = metadata["propertyTables"]
        types = metadata["schema"]["classes"][table["class"]]["properties"]
        columns = {
            name: self._column(types[name], entry, table["count"], metadata["schema"].get("enums", {}))
            for name, entry in table["properties"].items()
        }
        assert set(columns) == set(types)
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _column(self, kind, entry, count, enums):
        for key in ("values", "stringOffsets"):
            if key in entry:
                assert self.json["bufferViews"][entry[key]]["byteOffset"] % 8 == 0
        body = self.view(entry["values"])
        if kind["type"] == "STRING":
            ends = np.frombuffer(self.view(entry["stringOffsets"]), NUMBERS[entry["stringOffsetType"]])
            assert len(ends) == count + 1
            values = [body[a:b].decode() for a, b in pairwise(ends)]
        elif kind["type"] == "ENUM":
            enum = enums[kind["enumType"]]
            names = {value["value"]: value["name"] for value in enum["values"]}
            values = [names[code] for code in np.frombuffer(body, NUMBERS[enum["valueType"]]).tolist()]
        else:
            values = np.frombuffer(body, NUMBERS[kind["componentType"]]).tolist()
        assert len(values) == count
        return [None if value == kind["noData"] else value for value in values]


class Primitive:
    """One primitive: positions and normals east, north, up in the tile's frame."""

    def __init__(self, content, node, primitive):
        attributes = primitive["attributes"]
        self.material = content.json["materials"][primitive["material"]]["name"]
        self.mode = primitive["mode"]
        indices = content.accessor(primitive["indices"]).astype(np.int64)
        self.corners = indices.reshape(-1, 3 if self.mode == 4 else 2)
        local = content.accessor(attributes["POSITION"]).astype(np.float64)
        matrix = np.array(node.get("matrix", np.eye(4).ravel())).reshape(4, 4).T
        self.positions = _z_up(local @ matrix[:3, :3].T + matrix[:3, 3])
        self.normals = None
        if "NORMAL" in attributes:
            turned = content.accessor(attributes["NORMAL"]) @ matrix[:3, :3].T
            self.normals = _z_up(turned / np.linalg.norm(turned, axis=1)[:, None])
        ids = attributes.get("_FEATURE_ID_0")
        self.ids = None if ids is None else content.accessor(ids).astype(np.int64)
        if ids is not None:
            (entry,) = primitive["extensions"]["EXT_mesh_features"]["featureIds"]
            assert entry["featureCount"] == len(np.unique(self.ids))
        self.instances, self.instance_ids = None, None
        instancing = node.get("extensions", {}).get("EXT_mesh_gpu_instancing")
        if instancing:
            self.instances = _z_up(content.accessor(instancing["attributes"]["TRANSLATION"]))
            self.instance_ids = content.accessor(instancing["attributes"]["_FEATURE_ID_0"]).astype(np.int64)

    @property
    def triangles(self):
        """(t, 3, 3)."""
        return self.positions[self.corners]


def _z_up(vectors):
    return np.column_stack((vectors[:, 0], -vectors[:, 2], vectors[:, 1]))


class Tile:
    """One tile with its transform to EPSG:4978."""

    def __init__(self, tile, contents, above=None, depth=0):
        matrix = np.array(tile.get("transform", np.eye(4).ravel())).reshape(4, 4).T
        self.transform = matrix if above is None else above @ matrix
        self.error, self.box, self.refine, self.depth = (
            tile["geometricError"],
            tile["boundingVolume"]["box"],
            tile["refine"],
            depth,
        )
        uri = tile.get("content", {}).get("uri")
        self.content = Content(contents[uri.removeprefix("../../")]) if uri else None
        self.contents = {
            entry["group"]: Content(contents[entry["uri"].removeprefix("../../")])
            for entry in tile.get("contents", ())
        }
        """Number of the group → one of several contents."""
        self.children = [
            Tile(child, contents, self.transform, depth + 1) for child in tile.get("children", ())
        ]

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def ecef(self, points):
        return points @ self.transform[:3, :3].T + self.transform[:3, 3]

    def positions(self):
        """All vertices in EPSG:4978."""
        return self.ecef(np.concatenate([primitive.positions for primitive in self.content.primitives]))

    def contains(self, ecef, slack=1e-6):
        local = (ecef - self.transform[:3, 3]) @ np.linalg.inv(self.transform[:3, :3]).T
        centre, axes = np.array(self.box[:3]), np.array(self.box[3:]).reshape(3, 3)
        lengths = np.linalg.norm(axes, axis=1)
        along = (local - centre) @ (axes / lengths[:, None]).T
        return (np.abs(along) <= lengths + slack).all()


def read_tileset(tileset, contents):
    """The root of a tileset; `contents` maps keys to bytes."""
    assert tileset["asset"]["version"] == "1.1"
    return Tile(tileset["root"], contents)
