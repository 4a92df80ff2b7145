"""Materials: the plain colours that tell primitives apart. Viewers find them by name and restyle them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tiles.glb import Container

WEBP = "EXT_texture_webp"
_Colour = tuple[float, float, float, float]
MATERIALS: Mapping[str, _Colour] = {
    "wall": (0.86, 0.84, 0.80, 1.0),
    "roof": (0.62, 0.36, 0.28, 1.0),
    "ground": (0.55, 0.53, 0.50, 1.0),
    "terrain": (0.66, 0.70, 0.58, 1.0),
    "area": (0.90, 0.55, 0.15, 0.75),
    "line": (0.35, 0.37, 0.42, 1.0),
    "water": (0.10, 0.33, 0.60, 0.85),
    "green": (0.22, 0.46, 0.14, 0.70),
    "station": (0.10, 0.40, 0.65, 1.0),
    "leaves": (0.16, 0.30, 0.09, 1.0),
    "needles": (0.07, 0.18, 0.09, 1.0),
    "trunk": (0.16, 0.10, 0.06, 1.0),
}
"""Name → base colour (linear RGB, opacity)."""
_ONE_SIDED = frozenset({"terrain"})
"""What is only looked at from above. Where edges are smoothed (CesiumJS with MSAA) the dark backs of skirts
and hills would show as thin lines along them; what has no back has none. Not every other source closes its
shells."""


def surfaces(
    container: Container, kinds: Sequence[tuple[str, int]], pictures: Sequence[bytes]
) -> dict[str, Any]:
    """Materials of a document, and the textures and images they show.

    Args:
        container: Takes the pictures.
        kinds: Of each material the name and the number of its picture, -1 for none.
        pictures: WebP.
    """
    found: dict[str, Any] = {"materials": [_material(name, None if i < 0 else i) for name, i in kinds]}
    if pictures:
        found["textures"] = [
            {"sampler": 0, "extensions": {WEBP: {"source": number}}} for number in range(len(pictures))
        ]
        # Smooth near and far, and no repetition: an atlas has other pictures beside.
        found["samplers"] = [{"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071}]
        found["images"] = [
            {"bufferView": container.view(data), "mimeType": "image/webp"} for data in pictures
        ]
    return found


def _material(name: str, texture: int | None = None) -> dict[str, Any]:
    """The glTF material called `name`; with a texture it shows that instead of its colour."""
    colour = MATERIALS[name]
    found: dict[str, Any] = {
        "name": name,
        **({} if name in _ONE_SIDED else {"doubleSided": True}),
        "pbrMetallicRoughness": {
            "baseColorFactor": list(colour),
            "metallicFactor": 0.0,
            "roughnessFactor": 0.9,
        },
    }
    if texture is not None:
        found["pbrMetallicRoughness"] |= {
            "baseColorFactor": [1, 1, 1, 1],
            "baseColorTexture": {"index": texture},
        }
    elif colour[3] < 1:
        found["alphaMode"] = "BLEND"
    return found
