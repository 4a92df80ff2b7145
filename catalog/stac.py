"""The static STAC catalog in the store: valid from any file server, all links relative.

Everything is derived from cities and revisions and can be written again at any time: what a crash left out,
the next `write_layer` or `write_stac` heals.
"""

import posixpath
from collections.abc import Collection
from typing import Any

import orjson

from catalog import documents, revisions, stac_item
from catalog import stac_documents as stac
from catalog.cities import readable_cities
from twin.city import City
from twin.errors import Damaged, NotFound
from twin.layer import Layer
from twin.store import Store


def write_stac(store: Store) -> None:
    """Write what is missing or outdated of the whole catalog."""
    cities, _ = readable_cities(store)
    for city in cities:
        for layer in city.layers:
            _write_collection(store, city, layer)
    _write_root(store, cities)
    store.sync()


def write_layer(store: Store, city: City, layer_id: str) -> None:
    """Write what is missing or outdated of one layer, and the root."""
    layer = city.layer(layer_id)
    if layer is not None:
        _write_collection(store, city, layer)
    _write_root(store, readable_cities(store)[0])  # one that cannot be read must not stop the others
    store.sync()


def withdraw(store: Store, hidden: Collection[str]) -> None:
    """Take layers out of the static catalog: their collection and items, and their links in the root.

    Args:
        store: where it lies.
        hidden: ids of layers that are not to be shown (any more).
    """
    gone = [key for layer_id in sorted(hidden) for key in store.list(f"stac/{layer_id}")]
    if not gone:
        return
    _write_root(store, readable_cities(store)[0], hidden)  # first: no link may lead nowhere
    for key in gone:
        store.remove(key)
    store.sync()


def _write_root(store: Store, cities: list[City], hidden: Collection[str] = ()) -> None:
    published = [
        layer
        for city in cities
        for layer in city.layers
        if layer.id not in hidden and _is_listed(store, layer) and revisions.numbers(store, layer.id)
    ]
    _put(store, stac.ROOT, documents.encode(stac.catalog(cities, published, _relative(stac.ROOT))))


def _write_collection(store: Store, city: City, layer: Layer) -> None:
    found = revisions.revisions(store, layer.id)
    if not found:
        return
    there = set(store.list(f"stac/{layer.id}"))
    head = stac.collection_place(layer.id)
    collection = stac.collection(city, layer, found, _relative(head))
    old = head in there and _is_of_old(store.get(head), collection)
    for before, revision in zip((None, *found), found, strict=False):
        place = stac.item_place(layer.id, revision.name)
        if place in there and not old:  # an item never changes once it is whole
            continue
        try:
            story = revisions.provenance(store, revision)
        except (Damaged, NotFound):
            if place in there:  # what was said of it when it was whole is better than nothing
                continue
            raise
        item = stac_item.item(city, revision, story, _relative(place), before=before)
        _put(store, place, documents.encode(item))
    _put(store, head, documents.encode(collection))  # last: until it is there, the items are looked at again


def _is_of_old(data: bytes, collection: dict[str, Any]) -> bool:
    """Whether what lies there was written by a version that said less of each item."""
    try:
        known = orjson.loads(data)
    except orjson.JSONDecodeError:
        return True
    return not isinstance(known, dict) or known.get("item_assets") != collection["item_assets"]


def _is_listed(store: Store, layer: Layer) -> bool:
    """Whether a layer is in the catalog: one that was withdrawn has no collection."""
    return store.size(stac.collection_place(layer.id)) is not None


def _put(store: Store, key: str, data: bytes) -> None:
    if store.size(key) != len(data) or store.get(key) != data:
        store.put(key, data)


def _relative(base: str) -> stac.Link:
    folder = posixpath.dirname(base)

    def link(target: str) -> str:
        path = posixpath.relpath(target, folder)
        return path if path.startswith("..") else f"./{path}"

    return link
