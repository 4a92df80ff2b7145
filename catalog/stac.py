"""The static STAC catalog in the store: valid from any file server, all links relative.

Everything is derived from cities and revisions and can be written again at any time: what a crash left out,
the next `write_layer` or `write_stac` heals.
"""

import posixpath
from collections.abc import Collection

from catalog import documents, revisions
from catalog import stac_documents as stac
from catalog.cities import readable_cities
from twin.city import City
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
    for revision in found:
        place = stac.item_place(layer.id, revision.name)
        if place not in there:  # an item never changes once it is whole
            provenance = revisions.provenance(store, revision)
            store.put(place, documents.encode(stac.item(city, revision, provenance, _relative(place))))
    place = stac.collection_place(layer.id)
    _put(store, place, documents.encode(stac.collection(city, layer, found, _relative(place))))


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
