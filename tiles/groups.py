"""Groups: what a tileset says of the kinds that its tiles' several contents are of (3DTILES metadata)."""

from collections.abc import Sequence
from typing import Any

_SCHEMA = {
    "id": "contents",
    "classes": {
        "contents": {
            "name": "Contents of a tile",
            "properties": {
                "kind": {
                    "type": "STRING",
                    "required": True,
                    "description": "roof, wall, ground or picture; the class of what is no building",
                }
            },
        }
    },
}


def grouped(names: Sequence[str]) -> dict[str, Any]:
    """What a tileset says of its groups, in the order of their numbers; nothing without any."""
    if not names:
        return {}
    return {
        "schema": _SCHEMA,
        "groups": [{"class": "contents", "properties": {"kind": name}} for name in names],
    }
