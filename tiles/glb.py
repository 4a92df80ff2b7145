"""The container of a glb file: binary body, bufferViews, accessors and their compression.

Formats: glTF 2.0 section 4 (binary container), EXT_meshopt_compression (vendor extension of Khronos).
"""

import json
import struct
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tiles.tree import extent

ARRAY_BUFFER = 34962
ELEMENT_ARRAY_BUFFER = 34963

_COMPONENT = {"b": 5120, "B": 5121, "h": 5122, "H": 5123, "I": 5125, "f": 5126}
_SHAPE = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
_MESHOPT = "EXT_meshopt_compression"


def moved(data: bytes, matrix: NDArray[np.float64]) -> bytes:
    """The same glb elsewhere: all that it draws hangs below a node with `matrix`; the body is untouched.

    Args:
        data: A glb as `Container.pack` writes it.
        matrix: (4, 4) rotation and translation from its east, north, up to those of where it shall be.
    """
    (size,) = struct.unpack_from("<I", data, 12)
    document = json.loads(data[20 : 20 + size])
    turn = np.eye(4)
    turn[1:3, 1:3] = [[0, 1], [-1, 0]]  # east, north, up → glTF's x, y, z
    columns = (turn @ matrix @ turn.T).T
    numbers = [round(number, 11) + 0.0 for number in columns.ravel().tolist()]
    scene = document["scenes"][document["scene"]]
    document["nodes"].append({"matrix": numbers, "children": scene["nodes"]})
    scene["nodes"] = [len(document["nodes"]) - 1]
    return _packed(document, data[28 + size :])


class Container:
    """Collects what goes into one glb, in order; the same calls give the same bytes."""

    def __init__(self, *, compress: bool) -> None:
        """Make an empty container; with `compress`, attributes and indices are meshopt-encoded."""
        self._compress = compress
        self._body = bytearray()
        self._unpacked = 0  # length of the buffer that decoders fill
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []

    def view(self, data: bytes, *, alignment: int = 8) -> int:
        """Store bytes as they are; return the bufferView's number. Property tables need 8-byte alignment."""
        offset = self._append(data, alignment)
        self._views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(data)})
        return len(self._views) - 1

    def attribute(
        self,
        values: NDArray[Any],
        *,
        normalized: bool = False,
        bounds: bool = False,
        target: int | None = ARRAY_BUFFER,
        packed: bool = True,
        width: int | None = None,
    ) -> int:
        """Store vertex (or, with target None, instance) attributes; return the accessor's number.

        Args:
            values: (n,) or (n, k) in the type of the component. Rows are padded to 4 bytes, as glTF wants.
            normalized: Integers stand for fractions.
            bounds: Write min and max (positions must have them).
            target: What the bufferView is bound to.
            packed: Encode it where the container compresses.
            width: How many columns count, if the rows are padded already.
        """
        rows = padded = values.reshape(len(values), -1)
        if width is None:
            width = rows.shape[1]
            stride = -(-width * rows.itemsize // 4) * 4
            if stride != width * rows.itemsize:
                padded = np.zeros((len(rows), stride // rows.itemsize), dtype=rows.dtype)
                padded[:, :width] = rows
        stride = padded.shape[1] * rows.itemsize
        accessor: dict[str, Any] = {
            "bufferView": self._encoded(padded, "ATTRIBUTES", stride, target, packed),
            "componentType": _COMPONENT[rows.dtype.char],
            "count": len(rows),
            "type": _SHAPE[width],
        }
        if normalized:
            accessor["normalized"] = True
        if bounds:
            accessor["min"], accessor["max"] = (corner.tolist() for corner in extent(rows[:, :width]))
        self._accessors.append(accessor)
        return len(self._accessors) - 1

    def indices(self, indices: NDArray[np.uint32], *, triangles: bool, vertices: int) -> int:
        """Store indices, 16 bits wide where `vertices` allows; return the accessor's number."""
        # 65535 itself is the primitive restart value and must not occur.
        packed = indices.astype(np.uint16 if vertices <= 65535 else np.uint32)
        mode: Literal["TRIANGLES", "INDICES"] = "TRIANGLES" if triangles else "INDICES"
        self._accessors.append(
            {
                "bufferView": self._encoded(packed, mode, packed.itemsize, ELEMENT_ARRAY_BUFFER),
                "componentType": _COMPONENT[packed.dtype.char],
                "count": len(packed),
                "type": "SCALAR",
            }
        )
        return len(self._accessors) - 1

    def pack(self, document: Mapping[str, Any]) -> bytes:
        """Return the glb with `document` completed by buffers, bufferViews and accessors."""
        body = bytes(self._body) + b"\0" * (-len(self._body) % 4)
        buffers: list[dict[str, Any]] = [{"byteLength": len(body)}]
        if self._unpacked:
            # A buffer without bytes: decoders allocate it and unpack into it.
            buffers.append({"byteLength": self._unpacked, "extensions": {_MESHOPT: {"fallback": True}}})
        whole = {
            **document,
            "accessors": self._accessors,
            "bufferViews": self._views,
            "buffers": buffers,
        }
        return _packed(whole, body)

    def _append(self, data: bytes, alignment: int) -> int:
        self._body += b"\0" * (-len(self._body) % alignment)
        offset = len(self._body)
        self._body += data
        return offset

    def _encoded(
        self,
        data: NDArray[Any],
        mode: Literal["ATTRIBUTES", "TRIANGLES", "INDICES"],
        stride: int,
        target: int | None,
        packed: bool = True,
    ) -> int:
        view: dict[str, Any] = {"buffer": 0, "byteOffset": 0, "byteLength": data.nbytes}
        if mode == "ATTRIBUTES" and target is not None:
            view["byteStride"] = stride
        if target is not None:
            view["target"] = target
        if self._compress and packed:
            import meshopt

            encoded = meshopt.encode_gltf_buffer(data, mode)
            self._unpacked += -self._unpacked % 4
            view |= {"buffer": 1, "byteOffset": self._unpacked}
            self._unpacked += data.nbytes
            view["extensions"] = {
                _MESHOPT: {
                    "buffer": 0,
                    "byteOffset": self._append(encoded, 4),
                    "byteLength": len(encoded),
                    "byteStride": stride,
                    "mode": mode,
                    "count": len(data),
                }
            }
        else:
            view["byteOffset"] = self._append(data.tobytes(), 4)
        self._views.append(view)
        return len(self._views) - 1


def _packed(document: Mapping[str, Any], body: bytes) -> bytes:
    """JSON and body, already padded, as one file."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    length = 12 + 8 + len(text) + 8 + len(body)
    return b"".join(
        (
            struct.pack("<4sII", b"glTF", 2, length),
            struct.pack("<I4s", len(text), b"JSON"),
            text,
            struct.pack("<I4s", len(body), b"BIN\0"),
            body,
        )
    )
