"""One tile of points as glb: quantised positions, linear colours, intensity and class of every point.

The attributes are described by EXT_structural_metadata property attributes, so clients can style by them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.glb import Container
from tiles.gltf import ENCODINGS
from tiles.tree import extent
from twin.errors import TilingError

POINTS = 0
"""glTF's drawing mode."""
_STEPS = 65535
CLASSES = {
    0: ("never_classified", (0.60, 0.60, 0.60)),
    1: ("unassigned", (0.62, 0.61, 0.59)),
    2: ("ground", (0.66, 0.58, 0.47)),
    3: ("low_vegetation", (0.70, 0.78, 0.52)),
    4: ("medium_vegetation", (0.54, 0.69, 0.42)),
    5: ("high_vegetation", (0.36, 0.55, 0.32)),
    6: ("building", (0.78, 0.47, 0.39)),
    7: ("low_noise", (0.80, 0.20, 0.60)),
    8: ("key_point", (0.75, 0.72, 0.30)),
    9: ("water", (0.42, 0.62, 0.76)),
    10: ("rail", (0.45, 0.42, 0.45)),
    11: ("road", (0.52, 0.52, 0.54)),
    13: ("wire_guard", (0.35, 0.33, 0.55)),
    14: ("wire_conductor", (0.40, 0.35, 0.62)),
    15: ("transmission_tower", (0.45, 0.40, 0.68)),
    16: ("wire_connector", (0.50, 0.45, 0.72)),
    17: ("bridge", (0.72, 0.66, 0.58)),
    18: ("high_noise", (0.86, 0.26, 0.66)),
}
"""ASPRS class (LAS 1.4, table 17) → name, and sRGB colour for clouds without colours of their own."""
_BASE = (0.6, 0.6, 0.6)


def _linear(srgb: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Colours, sRGB 0…1 → linear in 16 bits, as glTF wants colours (IEC 61966-2-1)."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    steps: NDArray[np.uint16] = np.rint(linear * _STEPS).astype(np.uint16)
    return steps


_BYTES = _linear(np.arange(256) / 255)
_BY_CLASS = _linear(np.array([CLASSES.get(number, ("", _BASE))[1] for number in range(256)]))


def step_of(low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """Width in metres of a quantisation step for points between two corners."""
    return max(float((high - low).max()), 1e-3) / _STEPS


def write_points(
    local: NDArray[np.float64],
    rgb: NDArray[np.uint8] | None,
    classes: NDArray[np.uint8],
    intensity: NDArray[np.uint16],
    *,
    copyright: str,
    encoding: str,
) -> bytes:
    """Write one glb; the same input gives the same bytes.

    Args:
        local: (n, 3) metres east, north, up of the tile's frame.
        rgb: (n, 3) sRGB; None colours by class.
        classes: (n,) as ASPRS numbers them.
        intensity: (n,).
        copyright: Attribution.
        encoding: ``meshopt``, ``quantised`` or ``plain``.
    """
    if encoding not in ENCODINGS:
        raise TilingError(f"encoding {encoding!r} is not known; write one of: {', '.join(ENCODINGS)}")
    container = Container(compress=encoding == "meshopt")
    required = ["EXT_meshopt_compression"] if encoding == "meshopt" else []
    positions = np.column_stack([local[:, 0], local[:, 2], -local[:, 1]])
    node: dict[str, Any] = {"mesh": 0}
    if encoding == "plain":
        place = container.attribute(positions.astype(np.float32), bounds=True)
    else:
        low, high = extent(positions)
        step = step_of(low, high)
        steps = np.rint((positions - low) / step).clip(0, _STEPS).astype(np.uint16)
        place = container.attribute(steps, bounds=True)
        node |= {"translation": low.tolist(), "scale": [step] * 3}
        required.append("KHR_mesh_quantization")
    colours = _BY_CLASS[classes] if rgb is None else _BYTES[rgb]
    attributes = {
        "POSITION": place,
        "COLOR_0": container.attribute(colours, normalized=True),
        "_CLASSIFICATION": container.attribute(classes),
        "_INTENSITY": container.attribute(intensity),
    }
    primitive = {
        "attributes": attributes,
        "mode": POINTS,
        "material": 0,
        "extensions": {"EXT_structural_metadata": {"propertyAttributes": [0]}},
    }
    return container.pack(
        {
            "asset": {"version": "2.0", "generator": "Stadtzwilling", "copyright": copyright},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [node],
            "meshes": [{"primitives": [primitive]}],
            "materials": [
                {
                    "name": "points",
                    "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 1.0},
                    "extensions": {"KHR_materials_unlit": {}},  # points have no side that faces the sun
                }
            ],
            "extensions": {"EXT_structural_metadata": _METADATA},
            "extensionsUsed": sorted({"EXT_structural_metadata", "KHR_materials_unlit", *required}),
            **({"extensionsRequired": sorted(required)} if required else {}),
        }
    )


_METADATA: dict[str, Any] = {
    "schema": {
        "id": "point_cloud_1",
        "version": "1",
        "classes": {
            "point": {
                "name": "Punkt / Point",
                "properties": {
                    "classification": {
                        "name": "Klasse (ASPRS) / Class (ASPRS)",
                        "type": "SCALAR",
                        "componentType": "UINT8",
                    },
                    "intensity": {
                        "name": "Intensität / Intensity",
                        "type": "SCALAR",
                        "componentType": "UINT16",
                    },
                },
            }
        },
    },
    "propertyAttributes": [
        {
            "name": "points",
            "class": "point",
            "properties": {
                "classification": {"attribute": "_CLASSIFICATION"},
                "intensity": {"attribute": "_INTENSITY"},
            },
        }
    ],
}
