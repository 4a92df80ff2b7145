"""Again: how a run begins where the last one ended — what it may ask, and whether it need read anything."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from catalog.revisions import current
from catalog.sound import Sound
from catalog.verify import verify
from ingest.fetch import Fetch
from ingest.kept import folder_of
from ingest.remembered import Memory
from twin.layer import Layer
from twin.revision import Revision
from twin.settings import Settings
from twin.source import Source
from twin.status import Status
from twin.store import Store


def memory_of(settings: Settings, store: Store, layer: Layer) -> Memory | None:
    """What is remembered of a layer's source; None where nothing can be kept."""
    folder = folder_of(settings, store)
    if folder is None:
        return None
    most = settings.kept_mb * 1_000_000
    return Memory(folder / "fetch" / layer.id, bodies=layer.source.nothing_personal, most=most)


def sound_of(settings: Settings, store: Store, layer: Layer, now: datetime) -> Sound | None:
    """What is remembered of a layer's published files; None where nothing can be kept."""
    folder = folder_of(settings, store)
    return None if folder is None else Sound(folder / "fetch" / layer.id / "sound.json", now)


def hosts_of(source: Source) -> frozenset[str]:
    """The hosts that a recipe names: that of its address, of addresses in its options, and options.hosts."""
    found = {urlsplit(url).hostname for url in (source.url, *_addresses(source.options))}
    stated = source.options.get("hosts", ())
    if isinstance(stated, list | tuple):
        found |= {str(host).lower() for host in stated}
    return frozenset(host for host in found if host)


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(("http://", "https://")):
            yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _addresses(each)


def limit_s(layer: Layer, settings: Settings) -> float:
    """Seconds that a run of the layer may take."""
    own = layer.source.limit
    return settings.layer_minutes * 60 if own is None else own.total_seconds()


def same_as_before(
    store: Store,
    layer: Layer,
    before: Status | None,
    fetch: Fetch,
    memory: Memory,
    basis: str,
    now: datetime,
    sound: Sound | None = None,
) -> Revision | None:
    """The revision that still holds if the source answers just as it did in the last good run; else None.

    Only if that run was of this recipe, city and code, its revision is still the newest and whole, and it did
    not depend on the day. What was asked here is not asked for again by the run that follows.

    Raises:
        SourceError: the source gave no proper answer.
    """
    if before is None or before.error is not None or before.last_success is None:
        return None
    revision = current(store, layer.id)
    last = memory.last(basis, revision.number, now) if revision is not None else []
    if not last or not fetch.unchanged(last):
        return None
    return None if verify(store, layer.id, deep=True, past=False, sound=sound) else revision
