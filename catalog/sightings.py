"""Sightings: when a source was seen to say again what is published already.

Equal content publishes nothing, but that it was still so is a fact: without it, a day put into the middle of
a history afterwards would seem to last until the next change. They lie by month, a file each.
"""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from catalog import documents, keys
from twin.base import Noun
from twin.errors import Damaged, NotFound
from twin.revision import Revision
from twin.store import Store


class Sightings(Noun):
    """The sightings of one layer in one month (UTC)."""

    seen: dict[str, tuple[datetime, ...]] = Field(default_factory=dict)
    """Digest of the content → when the source said just that."""


def note(store: Store, revision: Revision, at: datetime) -> None:
    """Write down that at the instant `at` the source said what `revision` says."""
    key = keys.sightings(revision.layer, at)
    try:
        before = documents.read(Sightings, store, key).seen
    except NotFound:
        before = {}
    except Damaged:  # `catalog.verify` names it; it must not stop the layer
        return
    known = before.get(revision.digest, ())
    if at not in known and at != revision.holds_from:
        seen = before | {revision.digest: tuple(sorted((*known, at)))}
        store.put(key, documents.compact(Sightings(seen=seen).model_dump(mode="json")))


def damaged(store: Store, layer_id: str) -> Iterator[str]:
    """Keys of the sightings that cannot be read."""
    for key in store.list(f"{keys.layer(layer_id)}/{keys.SEEN}"):
        try:
            documents.read(Sightings, store, key)
        except Damaged:
            yield key


def between(
    store: Store, layer_id: str, after: datetime, before: datetime | None
) -> Iterator[tuple[datetime, str]]:
    """(instant, digest) of all sightings between two instants, both excluded, in order of time."""
    first, found = keys.sightings(layer_id, after), []
    for key in store.list(f"{keys.layer(layer_id)}/{keys.SEEN}"):
        if key >= first and (before is None or key <= keys.sightings(layer_id, before)):
            try:
                seen = documents.read(Sightings, store, key).seen
            except Damaged:
                continue
            for digest, instants in seen.items():
                found += [(at, digest) for at in instants if at > after and (before is None or at < before)]
    yield from sorted(found)
