"""Names of the objects in a store. The one place that knows the store's layout."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

REVISIONS = "revisions"
SEEN = "seen"
CHANGES = "changes"
FEATURES = "features.parquet"
PROVENANCE = "provenance.json"
TILESET = "tileset.json"
WHENCE = "whence.arrow"
_UP = "../../"  # from layers/<layer>/snapshots/<id>/ to layers/<layer>/


def layer(layer_id: str) -> str:
    """Folder of a layer."""
    return f"layers/{layer_id}"


def revision(layer_id: str, number: int) -> str:
    """Key of a revision."""
    return f"layers/{layer_id}/{REVISIONS}/{number:06d}.json"


def inside(layer_id: str, relative: str) -> str:
    """Key of an object named relative to its layer's folder, as revisions name theirs."""
    return f"layers/{layer_id}/{relative}"


def sightings(layer_id: str, at: datetime) -> str:
    """Key of the sightings of a layer in the month of an instant."""
    return f"layers/{layer_id}/{SEEN}/{at.astimezone(UTC):%Y-%m}.json"


def changes(layer_id: str, before: str, after: str) -> str:
    """Key of what changed between two snapshots, named as revisions name theirs."""
    names = "~".join(snapshot.rpartition("/")[2] for snapshot in (before, after))
    return f"layers/{layer_id}/{CHANGES}/{names}.arrow"


def status(layer_id: str) -> str:
    """Key of a layer's status."""
    return f"layers/{layer_id}/status.json"


def leases(layer_id: str) -> str:
    """Folder of a layer's leases, apart from the layer: they are no part of its data."""
    return f"leases/{layer_id}"


def lease(layer_id: str, number: int) -> str:
    """Key of a lease."""
    return f"{leases(layer_id)}/{number:09d}.json"


def city(city_id: str) -> str:
    """Key of a city."""
    return f"cities/{city_id}.json"


def observations(layer_id: str) -> str:
    """Folder of a layer's observations."""
    return f"observations/{layer_id}"


def retention(layer_id: str) -> str:
    """Key of what retention did to a layer's observations."""
    return f"observations/{layer_id}/retention.json"


def uris(tileset: dict[str, Any]) -> Iterator[str]:
    """All content URIs of a tileset, depth first."""
    stack = [tileset["root"]]
    while stack:
        tile = stack.pop()
        for content in (tile.get("content"), *tile.get("contents", ())):
            if content is not None:
                yield content["uri"]
        stack.extend(reversed(tile.get("children", ())))


def content_of(uri: str) -> str | None:
    """Key (relative to the layer) of the content that a stored tileset names, None for any other URI."""
    relative = uri.removeprefix(_UP)
    return relative if relative != uri and relative.startswith("content/") else None


def sha_of(content: str) -> str:
    """The checksum that is a content object's name."""
    return content.rpartition("/")[2].partition(".")[0]
