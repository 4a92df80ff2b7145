"""Verify: is everything that revisions promise still there, bit for bit?"""

import hashlib

import orjson

from catalog import checks, documents, keys, revisions, sightings
from catalog import stac_documents as stac
from catalog.cities import run_of
from catalog.sound import Sound
from twin.errors import Damaged, NotFound, StoreError
from twin.revision import Entry, Revision
from twin.status import Status
from twin.store import Store


def verify(
    store: Store, layer_id: str, deep: bool = False, past: bool = True, sound: Sound | None = None
) -> list[str]:
    """Damages of a layer in words that name layer, revision, object and remedy; empty if it is whole.

    Args:
        store: Where the layer lies.
        layer_id: Its full id.
        deep: Compare checksums too, not sizes alone; observations and STAC items are looked at only then.
        past: Look at superseded revisions as well. Without it the answer says whether publishing the layer
            again (`catalog.publish.Publication` with ``repair``) has anything to mend.
        sound: What was found sound before and has not been written since is not read again, but for a share
            of it each day.
    """
    damages: list[str] = []
    found: list[Revision] = []
    taken = revisions.numbers(store, layer_id)
    if past:
        damages.extend(_lost(store, layer_id, max(taken, default=0)))
    for number in taken:
        try:
            revision = revisions.read(store, layer_id, number)
            if not _is_itself(revision, layer_id, number):
                raise Damaged(keys.revision(layer_id, number))
            found.append(revision)
        except StoreError:
            key = keys.revision(layer_id, number)
            words = f"{key} cannot be read; restore it from a backup, or delete it and {_again(layer_id)}"
            damages.append(f"{layer_id}: revision {number:06d}: {words}")
    newest = revisions.pick(found)
    found.sort(key=lambda revision: revision is not newest)  # first what is served now
    seen: set[tuple[str, Entry]] = set()
    for revision in found if past else found[:1]:
        for name, entry in revision.objects.items():
            if (name, entry) not in seen:  # many revisions share their content
                seen.add((name, entry))
                stamp = None if sound is None else store.stamp(keys.inside(layer_id, name))
                known = sound is not None and stamp is not None and sound.has(name, stamp)
                fault = None if known else checks.fault(store, layer_id, name, entry, deep)
                if sound is not None and stamp is not None and fault is None and deep:
                    sound.note(name, stamp)
                if fault is not None:
                    remedy = _again(layer_id) if revision is newest else _give_up(revision)
                    damages.append(f"{layer_id}: revision {revision.name}: {name} {fault}; {remedy}")
    if sound is not None:
        sound.settle()
    damages.extend(_status(store, layer_id))
    if past:  # whoever publishes again writes these again, mended or not
        damages.extend(_static(store, layer_id, deep))
    if deep:
        damages.extend(_observations(store, layer_id))
    if deep and past:
        damages.extend(
            f"{layer_id}: {key} cannot be read; restore it from a backup, or delete it to give up "
            "what was seen in that month"
            for key in sightings.damaged(store, layer_id)
        )
    return damages


def _is_itself(revision: Revision, layer_id: str, number: int) -> bool:
    """Whether a revision is of where it lies, and names the snapshot whose objects it lists."""
    listed = f"{revision.snapshot}/{keys.PROVENANCE}" in revision.objects
    return listed and (revision.layer, revision.number) == (layer_id, number)


def _lost(store: Store, layer_id: str, last: int) -> list[str]:
    """Revisions after the `last` there is: the static catalog has an item of each that was published."""
    names = (place[-11:-5] for place in store.list(f"stac/{layer_id}") if place.endswith(".json"))
    return [
        f"{layer_id}: revision {name}: {keys.revision(layer_id, int(name))} is missing; restore it from a "
        f"backup, or give it up: delete stac/{layer_id}/{name}.json and {_again(layer_id)}"
        for name in sorted(names)
        if name.isdecimal() and int(name) > last
    ]


def _again(layer_id: str) -> str:
    return f"publish the layer again with {run_of(layer_id.partition('.')[0], layer_id)}"


def _give_up(revision: Revision) -> str:
    key = keys.revision(revision.layer, revision.number)
    return f"restore it from a backup, or delete {key} to give up this past state"


def _status(store: Store, layer_id: str) -> list[str]:
    key = keys.status(layer_id)
    if store.size(key) is None:
        return []
    try:
        documents.read(Status, store, key)
    except Damaged:
        return [f"{layer_id}: {key} cannot be read; delete it, the next run writes it again"]
    return []


def _static(store: Store, layer_id: str, deep: bool) -> list[str]:
    """Documents of the static catalog that no client could read; missing ones come with the next run."""
    collection = stac.collection_place(layer_id)
    places = {stac.ROOT: "Catalog", collection: "Collection"}
    if deep:
        places |= {place: "Feature" for place in store.list(f"stac/{layer_id}") if place != collection}
    return [
        f"{place} is not a readable STAC {kind}; delete it and run {run_of(layer_id.partition('.')[0])}, "
        "which writes it again"
        for place, kind in places.items()
        if not _is_stac(store, place, kind)
    ]


def _is_stac(store: Store, place: str, kind: str) -> bool:
    try:
        document = orjson.loads(store.get(place))
    except NotFound:
        return True
    except (StoreError, orjson.JSONDecodeError):
        return False
    return (
        isinstance(document, dict)
        and document.get("type") == kind
        and isinstance(document.get("links"), list)
    )


def _observations(store: Store, layer_id: str) -> list[str]:
    return [
        f"{layer_id}: observations: {key} has other bytes than its name says; restore it from a backup, or "
        f"delete it and {_again(layer_id)}"
        for key in store.list(keys.observations(layer_id))
        if key.endswith(".parquet") and not _named_by_content(store, key)
    ]


def _named_by_content(store: Store, key: str) -> bool:
    try:
        return hashlib.sha256(store.get(key)).hexdigest().startswith(keys.sha_of(key))
    except NotFound:  # retention put another file in its place since it was listed
        return True
