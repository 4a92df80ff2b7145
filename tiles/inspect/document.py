"""Document: what a glb's JSON says of itself, against what is in the file (glTF 2.0)."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from twin.glb import Glb

_MODES = 7
"""Points, three kinds of lines, three of triangles."""
_PADDING = 3
_SHORT, _LONG = 0.9, 1.1
"""Lengths of a unit vector that 8-bit steps may leave."""


def judged(glb: Glb) -> Iterator[str]:
    """Everything that does not fit, one sentence each; nothing of what `tiles.inspect.meshes` tells."""
    whole = glb.json
    if not whole.get("scenes"):
        yield "it has no scene: nothing is drawn"
    yield from _buffers(whole, glb.body)
    used, required = (set(whole.get(key, ())) for key in ("extensionsUsed", "extensionsRequired"))
    if hidden := sorted(_extensions(whole) - used):
        yield f"{hidden[0]} is not in extensionsUsed"
    if hidden := sorted(required - used):
        yield f"{hidden[0]} is in extensionsRequired, but not in extensionsUsed"
    normals: set[int] = set()
    for mesh in whole.get("meshes", []):
        for primitive in mesh["primitives"]:
            material = primitive.get("material")
            if material is not None and not 0 <= material < len(whole.get("materials", ())):
                yield f"there is no material {material}"
            if not 0 <= primitive.get("mode", 0) < _MODES:
                yield f"there is no mode {primitive['mode']}"
            normals |= {primitive["attributes"]["NORMAL"]} if "NORMAL" in primitive["attributes"] else set()
    for number in sorted(normals):
        vectors = glb.accessor(number).astype(np.float64)
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        if wrong := int((~((lengths > _SHORT) & (lengths < _LONG))).sum()):
            yield f"{wrong:,} normals are no unit vectors"


def _buffers(whole: dict[str, Any], body: int) -> Iterator[str]:
    """What is wrong with the lengths that are stated; `body` is the length of the BIN chunk."""
    buffers = whole.get("buffers", [])
    if not buffers or "uri" in buffers[0]:
        return
    stated = buffers[0]["byteLength"]
    if not stated <= body <= stated + _PADDING:
        yield f"its buffer is said to have {stated:,} bytes, the file has {body:,}"
    for number, view in enumerate(whole.get("bufferViews", [])):
        end = view.get("byteOffset", 0) + view["byteLength"]
        if end > (most := buffers[view["buffer"]]["byteLength"]):
            yield f"bufferView {number} ends at byte {end:,} of {most:,}"


def _extensions(value: Any) -> set[str]:
    """Names of all extensions that are made use of, wherever they stand."""
    found, left = set[str](), [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            found |= item.get("extensions", {}).keys()
            left += [inside for key, inside in item.items() if key != "extras"]
        elif isinstance(item, list):
            left += [inside for inside in item if isinstance(inside, dict | list)]
    return found
