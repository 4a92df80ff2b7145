"""A reader of quantized-mesh 1.0 written from the specification, step by step, unlike the writer."""

import gzip
import json
import struct
from dataclasses import dataclass

import numpy as np


@dataclass
class Read:
    centre: tuple
    low: float
    high: float
    sphere: tuple
    radius: float
    occlusion: tuple
    u: np.ndarray
    v: np.ndarray
    height: np.ndarray
    triangles: np.ndarray
    edges: dict
    normals: np.ndarray | None
    metadata: dict | None
    index_bytes: int

    @property
    def metres(self):
        return self.low + self.height / 32767 * (self.high - self.low)


def read(data):
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    head = struct.unpack_from("<3d 2f 4d 3d".replace(" ", ""), data, 0)
    at = 88
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    columns = []
    for _ in range(3):
        value, out = 0, []
        for code in struct.unpack_from(f"<{count}H", data, at):
            value += (code >> 1) ^ -(code & 1)
            out.append(value)
        columns.append(np.array(out))
        at += 2 * count
    size, letter = (4, "I") if count > 65536 else (2, "H")
    at += -at % size
    (triangles,) = struct.unpack_from("<I", data, at)
    at += 4
    highest, indices = 0, []
    for code in struct.unpack_from(f"<{3 * triangles}{letter}", data, at):
        indices.append(highest - code)
        if code == 0:
            highest += 1
    at += 3 * triangles * size
    edges = {}
    for side in ("west", "south", "east", "north"):
        (length,) = struct.unpack_from("<I", data, at)
        edges[side] = np.array(struct.unpack_from(f"<{length}{letter}", data, at + 4), int)
        at += 4 + length * size
    normals = metadata = None
    while at < len(data):
        kind, length = struct.unpack_from("<BI", data, at)
        body = data[at + 5 : at + 5 + length]
        assert len(body) == length
        at += 5 + length
        if kind == 1:
            assert length == 2 * count
            normals = np.array([_unfold(*body[i : i + 2]) for i in range(0, length, 2)])
        elif kind == 4:
            (text,) = struct.unpack_from("<I", body)
            assert text == length - 4
            metadata = json.loads(body[4:])
        else:
            raise AssertionError(f"extension {kind}")
    assert at == len(data)
    return Read(
        head[:3],
        head[3],
        head[4],
        head[5:8],
        head[8],
        head[9:12],
        *columns,
        np.array(indices).reshape(-1, 3),
        edges,
        normals,
        metadata,
        size,
    )


def _unfold(x, y):
    x, y = x / 255 * 2 - 1, y / 255 * 2 - 1
    z = 1 - abs(x) - abs(y)
    if z < 0:
        x, y = (1 - abs(y)) * (1 if x >= 0 else -1), (1 - abs(x)) * (1 if y >= 0 else -1)
    vector = np.array([x, y, z])
    return vector / np.linalg.norm(vector)
