"""Files: the part of the store that everybody may have, as files under ``/store/``.

That is the static STAC catalog and what the revisions of shown layers name. Everything else in the store
(status, leases, values as they lie, what an unfinished run has left) is nobody's business.
"""

from collections.abc import Collection

import orjson

from api.service import Service
from catalog import keys, stac_documents
from twin.errors import Damaged, NotFound
from twin.revision import Revision

MEDIA = {
    "json": "application/json",
    "glb": "model/gltf-binary",
    "parquet": "application/vnd.apache.parquet",
    "tif": "image/tiff; application=geotiff",
}
"""How a name ends → media type; what ends otherwise is no file for visitors."""


def media(name: str) -> str | None:
    """Media type of a file, None if it is none for visitors (such as the packed form of another one)."""
    return MEDIA.get(name.rpartition(".")[2])


def named(service: Service, layer_id: str, name: str) -> Revision | None:
    """The newest revision of a shown layer that names a file (relative to the layer's folder), or None.

    Raises:
        NotFound: The layer is not shown.
        Damaged: No revision that can be read names it, and there are some that cannot be read.
    """
    _, layer = service.layer(layer_id)
    if media(name) is not None:
        for revision in reversed(service.listing.revisions(layer.id)):
            if name in revision.objects:
                return revision
        service.refuse_lost(layer.id)
    return None


def shown_root(data: bytes, shown: Collection[str]) -> bytes:
    """The root of the static catalog with links to layers that are shown; as it is if it has no others.

    Raises:
        Damaged: It cannot be read.
    """
    try:
        document = orjson.loads(data)
        kept = [
            link
            for link in document["links"]
            if link["rel"] != "child" or link["href"].split("/")[-2] in shown
        ]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        raise Damaged(f"{stac_documents.ROOT} cannot be read; publish any layer again") from None
    if len(kept) == len(document["links"]):
        return data
    return orjson.dumps({**document, "links": kept})


def catalog(service: Service, key: str) -> bytes:
    """A document of the static catalog.

    Args:
        service: Whose store.
        key: Below ``stac/``.

    Raises:
        NotFound: There is none, or its layer is not shown.
        Damaged: It is the root, which cannot be read.
    """
    if key == stac_documents.ROOT:
        return shown_root(service.store.get(key), {layer.id for _, layer in service.layers()})
    parts = key.split("/")
    if len(parts) != 3 or not parts[2].endswith(".json") or parts[2].startswith("."):
        raise NotFound(f"there is no such file; start at /store/{stac_documents.ROOT}")
    _, layer = service.layer(parts[1])
    return service.store.get(f"stac/{layer.id}/{parts[2]}")


def split(key: str) -> tuple[str, str] | None:
    """(layer, name) of a key below ``layers/``; None for any other key."""
    parts = key.split("/", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and keys.layer(parts[1]) == "/".join(parts[:2]) else None
