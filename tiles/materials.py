"""Materials: the plain colours that tell primitives apart. Viewers find them by name and restyle them."""

from collections.abc import Mapping
from typing import Any

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
"""Name → base colour (linear RGB, opacity)."""


def material(name: str) -> dict[str, Any]:
    """The glTF material called `name`."""
    colour = MATERIALS[name]
    found: dict[str, Any] = {
        "name": name,
        "doubleSided": True,  # not every source closes its shells
        "pbrMetallicRoughness": {
            "baseColorFactor": list(colour),
            "metallicFactor": 0.0,
            "roughnessFactor": 0.9,
        },
    }
    if colour[3] < 1:
        found["alphaMode"] = "BLEND"
    return found
