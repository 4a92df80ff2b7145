"""A tile of buildings, read back: the triangles of each feature."""

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.solids.form import Form, form_of
from twin.glb import Broken, Glb

_Z_UP = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
"""From glTF's axes (y is up) to those of 3D Tiles."""
_TRIANGLES = 4

Floats = NDArray[np.float64]


def forms(files: Collection[bytes], matrix: Floats, wanted: Collection[str]) -> dict[str, Form]:
    """Those of the wanted features that a tile draws: id → form.

    Args:
        files: The tile's contents, glb as `tiles` writes them, in any encoding.
        matrix: (4, 4) from the tile's frame to ECEF.
        wanted: Values of the property ``id``.
    """
    found: dict[str, list[Floats]] = {}
    for data in files:
        try:
            glb = Glb(data)
        except Broken:  # its checksum is right: a content of another kind, which has no features to tell of
            continue
        rows = [(row, name) for row, name in enumerate(_ids(glb)) if name in wanted]
        drawn = list(_triangles(glb)) if rows else []
        if drawn:
            corners, owners = (np.concatenate(arrays) for arrays in zip(*drawn, strict=True))
            order = np.argsort(owners, kind="stable")
            owners, corners = owners[order], corners[order]
            for row, name in rows:
                first, last = np.searchsorted(owners, (row, row + 1))
                found.setdefault(name, []).append(corners[first:last])
    return {name: form_of(np.concatenate(parts), matrix) for name, parts in found.items()}


def _triangles(glb: Glb) -> Iterator[tuple[Floats, NDArray[np.int64]]]:
    """(m, 3, 3) corners in the tile's frame and (m,) rows of their features, of each primitive."""
    for node in glb.json.get("nodes", ()):
        to_tile = _Z_UP @ np.array(node.get("matrix", np.eye(4).ravel()), float).reshape(4, 4).T
        for primitive in glb.json["meshes"][node["mesh"]]["primitives"] if "mesh" in node else ():
            owned = primitive["attributes"].get("_FEATURE_ID_0")
            if owned is None or primitive.get("mode", _TRIANGLES) != _TRIANGLES:
                continue
            points = glb.accessor(primitive["attributes"]["POSITION"]).astype(float)
            placed = points @ to_tile[:3, :3].T + to_tile[:3, 3]
            places = glb.accessor(primitive["indices"])[:, 0].reshape(-1, 3).astype(np.int64)
            yield placed[places], glb.accessor(owned)[places[:, 0], 0].astype(np.int64)


def _ids(glb: Glb) -> list[str]:
    """Ids of the features of a tile, by their rows in its property table; none without one."""
    told: dict[str, Any] = glb.json.get("extensions", {}).get("EXT_structural_metadata", {})
    for table in told.get("propertyTables", ())[:1]:
        place = table["properties"]["id"]
        width = {"UINT8": "<u1", "UINT16": "<u2", "UINT32": "<u4", "UINT64": "<u8"}
        kind = width[place.get("stringOffsetType", "UINT32")]
        ends = np.frombuffer(glb.view(place["stringOffsets"]), kind)[: table["count"] + 1].tolist()
        text = glb.view(place["values"])
        return [text[start:end].decode() for start, end in pairwise(ends)]
    return []
