"""What must be true of a snapshot before it may be published."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from catalog import keys, parquet
from twin.errors import Damaged, NotFound, StoreError
from twin.layer import Layer
from twin.provenance import Provenance
from twin.record import Feature
from twin.revision import Entry, Revision
from twin.shelf import Shelf
from twin.store import Store


def features(layer: Layer, rows: Sequence[Feature]) -> None:
    """Every feature has an id of its own; `StoreError` if not."""
    ids = rows.ids if isinstance(rows, Shelf) else [feature.id for feature in rows]
    if all(ids) and len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for place, identity in enumerate(ids, 1):
        if not identity:
            raise StoreError(f"{layer.id}: feature {place} has no id; check the recipe's business_key")
        if identity in seen:
            raise StoreError(f"{layer.id}: feature {place} repeats an id; check the recipe's business_key")
        seen.add(identity)


def counts(layer: Layer, provenance: Provenance) -> None:
    """``in = published + held + broken + duplicate``; `StoreError` if not."""
    found = provenance.counts
    if found["in"] != sum(found[name] for name in ("published", "held", "broken", "duplicate")):
        raise StoreError(f"{layer.id}: the report does not add up; this is a fault of ours, please report it")


def contents(layer: Layer, tileset: dict[str, Any] | None, given: Sequence[str]) -> list[str]:
    """Names of all content objects the snapshot needs, sorted; `StoreError` for a foreign URI."""
    needed = set(given)
    for uri in keys.uris(tileset) if tileset is not None else ():
        name = keys.content_of(uri)
        if name is None:
            raise StoreError(f"{layer.id}: a tile's content is not ../../content/<sha256>.glb")
        needed.add(name)
    return sorted(needed)


def bbox(table: bytes) -> tuple[float, float, float, float] | None:
    """Extent of a features file as it stands; `Damaged` if the file cannot be read."""
    import pyarrow.compute as pc

    corners = parquet.read_table(table, columns=[parquet.BBOX])[parquet.BBOX].combine_chunks()
    found = [
        getattr(pc, "min" if corner.endswith("min") else "max")(corners.field(corner)).as_py()
        for corner in ("xmin", "ymin", "xmax", "ymax")
    ]
    return None if found[0] is None else (found[0], found[1], found[2], found[3])


def around(boxes: Sequence[parquet.Box | None]) -> parquet.Box | None:
    """The extent of several; None if none of them has one."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def fault(store: Store, layer_id: str, name: str, entry: Entry, deep: bool) -> str | None:
    """What is wrong with one object of a snapshot, in words; None if nothing is."""
    key = keys.inside(layer_id, name)
    size = store.size(key)
    if size is None:
        return "is missing"
    if size != entry.size:
        return f"has {size} bytes instead of {entry.size}"
    if deep:
        try:
            if hashlib.sha256(store.get(key)).hexdigest() != entry.sha256:
                return "has other bytes than its checksum says"
        except NotFound:
            return "is missing"
    return None


def faults(store: Store, revision: Revision, deep: bool) -> Iterator[tuple[str, str]]:
    """Every (object, what is wrong with it) of a revision."""
    for name, entry in revision.objects.items():
        words = fault(store, revision.layer, name, entry, deep)
        if words is not None:
            yield name, words


def whole(store: Store, revision: Revision, deep: bool) -> None:
    """`Damaged` naming the first object of the revision that is not as it says."""
    for name, words in faults(store, revision, deep):
        raise Damaged(
            f"{revision.layer}: revision {revision.name}: {name} {words}; it cannot be published again"
        )
