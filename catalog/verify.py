"""Verify: is everything that revisions promise still there, bit for bit?"""

import hashlib

from catalog import checks, documents, keys, revisions
from twin.errors import Damaged, StoreError
from twin.revision import Entry, Revision
from twin.status import Status
from twin.store import Store


def verify(store: Store, layer_id: str, deep: bool = False) -> list[str]:
    """Damages of a layer in words that name layer, revision, object and remedy; empty if it is whole.

    Sizes are always compared, checksums if `deep`. An object that many revisions share is looked at once.
    """
    remedy = f"publish the layer again with `twin run {layer_id.partition('.')[0]} {layer_id}`"
    damages: list[str] = []
    found: list[Revision] = []
    for number in revisions.numbers(store, layer_id):
        try:
            found.append(revisions.read(store, layer_id, number))
        except StoreError:
            key = keys.revision(layer_id, number)
            damages.append(f"{layer_id}: revision {number:06d}: {key} cannot be read; {remedy}")
    seen: dict[tuple[str, Entry], str | None] = {}
    for revision in reversed(found):  # the newest first: it matters most
        for name, entry in revision.objects.items():
            if (name, entry) not in seen:
                seen[name, entry] = words = checks.fault(store, layer_id, name, entry, deep)
                if words is not None:
                    damages.append(f"{layer_id}: revision {revision.name}: {name} {words}; {remedy}")
    damages.extend(_status(store, layer_id, remedy))
    if deep:
        damages.extend(_observations(store, layer_id))
    return damages


def _status(store: Store, layer_id: str, remedy: str) -> list[str]:
    key = keys.status(layer_id)
    if store.size(key) is None:
        return []
    try:
        documents.read(Status, store, key)
    except Damaged:
        return [f"{layer_id}: {key} cannot be read; {remedy}"]
    return []


def _observations(store: Store, layer_id: str) -> list[str]:
    return [
        f"{layer_id}: observations: {key} has other bytes than its name says; restore it from a backup, or "
        f"delete it and run `twin run {layer_id.partition('.')[0]} {layer_id}`"
        for key in store.list(keys.observations(layer_id))
        if not hashlib.sha256(store.get(key)).hexdigest().startswith(keys.sha_of(key))
    ]
