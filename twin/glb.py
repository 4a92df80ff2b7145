"""glb: the binary container of glTF 2.0, opened with suspicion; meshopt-compressed or not.

Formats: glTF 2.0 section 4 and 3.6 (accessors), EXT_meshopt_compression.
"""

import re
import struct
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_PICTURES = {
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/ktx2": re.compile(rb"\xabKTX 20\xbb"),
}
_MOST_BYTES = 1 << 28
"""A bufferView that claims more than 256 MiB unpacked is refused, not tried."""


class Broken(Exception):
    """A file or a part of it cannot be read; the message says which part and why."""


class Glb:
    """One glb: its JSON, and its accessors as arrays."""

    def __init__(self, data: bytes) -> None:
        """Open it.

        Raises:
            Broken: if the container is not what its header says.
        """
        if len(data) < 20 or data[:4] != b"glTF":
            raise Broken("it does not begin with the magic glTF")
        version, length = struct.unpack_from("<II", data, 4)
        if version != 2:
            raise Broken(f"glTF version {version} instead of 2")
        if length != len(data):
            raise Broken(f"the header says {length:,} bytes, the file has {len(data):,}")
        chunks = dict(_chunks(data))
        try:
            self.json: dict[str, Any] = orjson.loads(chunks[b"JSON"])
        except KeyError:
            raise Broken("there is no JSON chunk") from None
        except orjson.JSONDecodeError as error:
            raise Broken(f"its JSON ends the reading at character {error.pos:,}") from None
        if not isinstance(self.json, dict):
            raise Broken("its JSON is no object")
        self._body = chunks.get(b"BIN\0", b"")
        self._views: dict[int, bytes] = {}

    @property
    def body(self) -> int:
        """Bytes of the BIN chunk."""
        return len(self._body)

    def view(self, number: int) -> bytes:
        """Bytes of a bufferView, decompressed."""
        if number not in self._views:
            self._views[number] = self._view(number)
        return self._views[number]

    def accessor(self, number: int) -> NDArray[Any]:
        """(n, k) values of an accessor in their own type; normalised ones as float64.

        Raises:
            Broken: if it reaches beyond its bufferView, or is of a kind that is not read here.
        """
        accessor = _entry(self.json, "accessors", number)
        if "sparse" in accessor or "bufferView" not in accessor:
            raise Broken(f"accessor {number} is sparse or empty, which is not read")
        kind, shape = COMPONENTS.get(accessor["componentType"]), _WIDTHS.get(accessor["type"])
        if kind is None or shape is None:
            raise Broken(f"accessor {number} has no known component type and shape")
        dtype, count = np.dtype(kind), int(accessor["count"])
        view = _entry(self.json, "bufferViews", accessor["bufferView"])
        data = self.view(accessor["bufferView"])
        packed = _packed(view)
        stride = (packed or {}).get("byteStride") or view.get("byteStride") or dtype.itemsize * shape
        start = accessor.get("byteOffset", 0)
        end = start + stride * (count - 1) + dtype.itemsize * shape
        if count < 1 or start < 0 or end > len(data):
            raise Broken(
                f"accessor {number} ends at byte {end:,} of bufferView {accessor['bufferView']}, "
                f"which has {len(data):,}"
            )
        rows = np.ndarray((count, shape), dtype, data, start, (stride, dtype.itemsize))
        if accessor.get("normalized") and dtype.kind != "f":
            return np.maximum(rows / np.iinfo(dtype).max, -1.0)
        return rows

    def pictures(self) -> int:
        """Number of images, each of the type that it says.

        Raises:
            Broken: if one is not.
        """
        images = self.json.get("images", [])
        for number, image in enumerate(images):
            if "bufferView" not in image:
                raise Broken(f"image {number} is not in the file itself")
            data, stated = self.view(image["bufferView"]), image.get("mimeType")
            real = next(
                (kind for kind, begins in _PICTURES.items() if begins.match(data)), "of no known type"
            )
            if real != stated:
                raise Broken(f"image {number} is said to be {stated} and is {real}")
        return len(images)

    def _view(self, number: int) -> bytes:
        view = _entry(self.json, "bufferViews", number)
        packed = _packed(view)
        if packed is None:
            return self._slice(f"bufferView {number}", view)
        import meshopt

        count, stride, mode = packed["count"], packed["byteStride"], packed["mode"]
        if count * stride != view["byteLength"] or count * stride > _MOST_BYTES:
            raise Broken(f"bufferView {number} does not unpack to the {view['byteLength']:,} bytes it says")
        data = self._slice(f"bufferView {number}", packed)
        try:
            rows = meshopt.decode_gltf_buffer(data, count, stride, mode, packed.get("filter"))
        except (ValueError, TypeError, KeyError) as error:
            raise Broken(f"bufferView {number} is no meshopt data ({error})") from None
        return bytes(rows.tobytes())

    def _slice(self, name: str, place: dict[str, Any]) -> bytes:
        if place.get("buffer", 0) != 0:
            raise Broken(f"{name} is in another buffer than the glb's own")
        start, length = place.get("byteOffset", 0), place["byteLength"]
        if start < 0 or length < 1 or start + length > len(self._body):
            raise Broken(f"{name} ends at byte {start + length:,} of {len(self._body):,}")
        return self._body[start : start + length]


def _packed(view: dict[str, Any]) -> dict[str, Any] | None:
    extensions = view.get("extensions", {})
    found: dict[str, Any] | None = next((extensions[name] for name in _MESHOPT if name in extensions), None)
    return found


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], 12
    while place < len(data):
        if place + 8 > len(data):
            raise Broken("its last chunk has no header")
        length, kind = struct.unpack_from("<I4s", data, place)
        if place + 8 + length > len(data) or length % 4:
            raise Broken(f"a chunk of {length:,} bytes does not fit into the file")
        found.append((kind, data[place + 8 : place + 8 + length]))
        place += 8 + length
    return found


def _entry(document: dict[str, Any], name: str, number: Any) -> dict[str, Any]:
    entries = document.get(name, [])
    if not isinstance(number, int) or not 0 <= number < len(entries):
        raise Broken(f"there is no number {number} among its {len(entries)} {name}")
    entry: dict[str, Any] = entries[number]
    return entry
