"""Combined: one tileset around several, each in a file of its own beside it."""

from collections.abc import Mapping
from typing import Any

from twin.volumes import around, outer_box


def combined(tilesets: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """A tileset whose children are external tilesets, shown together.

    Args:
        tilesets: Address, relative to the new one → 3D Tiles 1.1 with a box around its root.
    """
    roots = {uri: tileset["root"] for uri, tileset in tilesets.items()}
    boxes = [outer_box(root) for root in roots.values()]
    return {
        "asset": {"version": "1.1"},
        "geometricError": max(tileset["geometricError"] for tileset in tilesets.values()),
        "root": {
            "boundingVolume": {"box": around(boxes)},
            "geometricError": max(tileset["geometricError"] for tileset in tilesets.values()),
            "refine": "ADD",
            "children": [
                {
                    "boundingVolume": {"box": box},
                    "geometricError": root["geometricError"],
                    # Not ADD from above: 3d-tiles-renderer leaves away what is no truer than such a parent.
                    "refine": "REPLACE",
                    "content": {"uri": uri},
                }
                for (uri, root), box in zip(roots.items(), boxes, strict=True)
            ],
        },
    }
