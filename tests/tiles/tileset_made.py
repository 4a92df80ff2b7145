"""A small tileset on disk, made by our writers, and ways to spoil it."""

import json
import struct
from pathlib import Path

import numpy as np

from tiles.geodesy import Geodesy
from tiles.gltf import Mesh, write_glb
from tiles.tree import frame_at
from twin.city import Heights
from twin.schemas import SCHEMAS

SIDE = 12.0
CORNERS = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], dtype=float)
BOX = np.array(
    [
        0,
        2,
        1,
        1,
        2,
        3,
        4,
        5,
        6,
        5,
        7,
        6,
        0,
        1,
        4,
        1,
        5,
        4,
        2,
        6,
        3,
        3,
        6,
        7,
        0,
        4,
        2,
        2,
        4,
        6,
        1,
        3,
        5,
        3,
        7,
        5,
    ],
    dtype=np.uint32,
)
ROWS = [
    {
        "id": f"b{n}",
        "source_id": f"DEBY_{n}",
        "height_m": height,
        "height_source": "measured",
        "roof_type": roof,
    }
    for n, (height, roof) in enumerate([(10.5, "flat"), (4.0, "gabled"), (21.0, None), (7.25, "gabled")])
]
FRAME = frame_at(
    Geodesy("EPSG:25832", Heights(undulation_m=45.66)).to_ecef(np.array([[691_000.0, 5_335_000.0, 515.0]]))[0]
)


def house(n, row, east=0.0):
    return Mesh(
        CORNERS * (SIDE, SIDE, ROWS[n]["height_m"]) + (20.0 * n - 40.0 + east, 0, 0),
        BOX,
        "wall",
        feature_ids=np.full(8, row, dtype=np.uint32),
    )


def glb(numbers, encoding="meshopt", east=0.0):
    meshes = [house(n, row, east) for row, n in enumerate(numbers)]
    rows = [ROWS[n] for n in numbers]
    return write_glb(
        meshes, schema=SCHEMAS["building/1"], rows=rows, copyright="© Testamt", encoding=encoding
    )


def box(low, high):
    middle, half = (np.array(low) + high) / 2.0, (np.array(high, float) - low) / 2.0 + 0.01
    return {"box": [*middle.tolist(), *np.diag(half).ravel().tolist()]}


def document():
    def leaf(name, low, high):
        return {
            "boundingVolume": box(low, high),
            "geometricError": 0,
            "content": {"uri": f"content/{name}.glb"},
        }

    return {
        "asset": {"version": "1.1", "extras": {"copyright": "© Testamt"}},
        "geometricError": 80.0,
        "root": {
            "boundingVolume": box([-40, 0, 0], [32, SIDE, 21]),
            "geometricError": 21.0,
            "refine": "REPLACE",
            "transform": FRAME.T.ravel().tolist(),
            "content": {"uri": "content/root.glb"},
            "children": [
                leaf("west", [-40, 0, 0], [-8, SIDE, 10.5]),
                leaf("east", [0, 0, 0], [32, SIDE, 21]),
            ],
        },
    }


def write(folder: Path, encoding="meshopt") -> Path:
    (folder / "content").mkdir(parents=True)
    for name, numbers in (("root", [2, 0]), ("west", [0, 1]), ("east", [2, 3])):
        (folder / "content" / f"{name}.glb").write_bytes(glb(numbers, encoding))
    (folder / "tileset.json").write_text(json.dumps(document()), "utf-8")
    return folder


def changed(folder: Path, change) -> None:
    """Change the tileset's JSON in place."""
    file = folder / "tileset.json"
    whole = json.loads(file.read_text("utf-8"))
    change(whole)
    file.write_text(json.dumps(whole), "utf-8")


def unpacked(data: bytes):
    """(JSON, body) of a glb."""
    (size,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + size]), data[28 + size :]


def packed(whole, body: bytes) -> bytes:
    text = json.dumps(whole).encode()
    text += b" " * (-len(text) % 4)
    body += b"\0" * (-len(body) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(body))
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(body), b"BIN\0") + body
    return head + chunks


def spoiled(file: Path, change) -> None:
    """Change a glb in place: `change(JSON, body)` returns the new body, or None for the old one."""
    whole, body = unpacked(file.read_bytes())
    new = change(whole, body)
    file.write_bytes(packed(whole, body if new is None else new))
