"""Publish: check everything, make it durable, then claim the next revision. Nothing is public before that."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from catalog import checks, documents, history, keys, parquet, parts, revisions, sightings, stac, whences
from catalog.cities import write_city
from catalog.digest import digest as content_digest
from twin import times
from twin.city import City
from twin.compress import SUFFIXES, siblings
from twin.errors import AlreadyExists, NotFound, StoreError
from twin.layer import Layer
from twin.provenance import Provenance
from twin.record import Feature
from twin.revision import Cut, Entry, Revision
from twin.shelf import Shelf
from twin.status import AHEAD
from twin.store import Store
from twin.whence import Whence

_ATTEMPTS = 100


def is_current(store: Store, layer_id: str, digest: str, at: datetime | None = None) -> Revision | None:
    """The revision that held at `at` (None: the newest) if its digest is `digest`, else None."""
    held = revisions.current(store, layer_id, at)
    return held if held is not None and held.digest == digest else None


class Publication:
    """One attempt to publish one layer. A failed one leaves unreferenced objects behind, never less."""

    def __init__(self, store: Store, layer: Layer, city: City, repair: bool = False) -> None:
        """Begin; with `repair` objects already there are compared byte by byte, not by size alone."""
        self.store = store
        self.layer = layer
        self.city = city
        self.claim = secrets.token_hex(16)
        self._repair = repair
        self._sizes: dict[str, int] = {}
        self._siblings: dict[str, dict[str, Entry]] = {}

    def put(self, data: bytes, suffix: str, packed: Mapping[str, bytes] | None = None) -> str:
        """Store content under its checksum, once; returns ``content/<sha256>.<suffix>``.

        Its compressed siblings lie beside it, named ``….br`` and ``….gz``; given as `packed`, or made here.
        """
        name = f"content/{hashlib.sha256(data).hexdigest()}.{suffix}"
        if name not in self._sizes:
            self._keep(name, data)
            self._sizes[name] = len(data)
            forms = siblings(data, suffix) if packed is None else packed
            self._siblings[name] = {
                f"{name}.{end}": self._sibling(f"{name}.{end}", forms[end]) for end in forms
            }
        return name

    def known(self, objects: Mapping[str, tuple[int, str]]) -> bool:
        """Whether the store has all of these, tiles and siblings; then they count as put.

        Args:
            objects: Name, as `put` returned it (siblings with their ending) → (size, SHA-256).
        """
        if self._repair or any(
            self.store.size(keys.inside(self.layer.id, name)) != size for name, (size, _) in objects.items()
        ):
            return False
        for name, (size, sha) in objects.items():
            whole, _, end = name.rpartition(".")
            if end in SUFFIXES.values():
                self._siblings.setdefault(whole, {})[name] = Entry(size=size, sha256=sha)
            else:
                self._sizes[name] = size
        return True

    def _keep(self, name: str, data: bytes) -> None:
        key = keys.inside(self.layer.id, name)
        there = self.store.size(key) == len(data)
        if not there or (self._repair and self.store.get(key) != data):
            self.store.put(key, data)

    def _sibling(self, name: str, data: bytes) -> Entry:
        self._keep(name, data)
        return Entry(size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def digest(self, features: Sequence[Feature], basis: str) -> str:
        """Checksum of the content; see `catalog.digest`."""
        return content_digest(features, basis)

    def publish(
        self,
        features: Sequence[Feature],
        provenance: Provenance,
        tileset: dict[str, Any] | None,
        contents: Sequence[str],
        digest: str,
        now: datetime | None = None,
        basis: str | None = None,
        whence: Whence | None = None,
    ) -> Revision:
        """Write the snapshot, check it, and claim the next revision.

        Args:
            features: All of the layer.
            provenance: Its ``observed_at`` is since when the revision holds.
            tileset: 3D Tiles 1.1 with content URIs ``../../content/<sha>.glb``, or None.
            contents: Keys that `put` gave for everything the snapshot needs, tiles and rasters.
            digest: What `digest` gave.
            now: Instant of publication; tests set it.
            basis: What beside their checksums makes features what they are, see `catalog.parts.cut`; None:
                no file is taken over from an earlier revision.
            whence: In which of the provenance's bodies each feature lay; None where there is but one.

        Raises:
            StoreError: The snapshot is not whole or the store failed; the last revision stays as it is.
        """
        now = now or times.now()
        checks.features(self.layer, features)
        checks.counts(self.layer, provenance)
        needed = checks.contents(self.layer, tileset, contents)
        snapshot = f"snapshots/{now:%Y%m%dT%H%M%SZ}-{digest[:8]}-{self.claim[:6]}"
        pieces = {keys.PROVENANCE: documents.encode(provenance)}
        found = self._cut(features, provenance.observed_at, basis)
        if found is None:
            table = parquet.write_features(features, self.layer.schema_, provenance.observed_at)
            pieces = {keys.FEATURES: table} | pieces
            boxes = [checks.bbox(table)]
        else:
            needed += [part.name for part in found.parts]
            boxes = [part.bbox for part in found.parts]
        if whence is not None:
            pieces[keys.WHENCE] = whences.encode(whence, features, None if found else pieces[keys.FEATURES])
        if tileset is not None:
            pieces[keys.TILESET] = documents.compact(tileset)
        objects = {
            f"{snapshot}/{name}": self._write(f"{snapshot}/{name}", piece) for name, piece in pieces.items()
        }
        objects |= {name: self._entry(name) for name in needed}
        for name in needed:
            objects |= self._siblings.get(name, {})
        revision = Revision(
            layer=self.layer.id,
            number=0,
            claim=self.claim,
            snapshot=snapshot,
            published_at=now,
            holds_from=provenance.observed_at,
            digest=digest,
            features=len(features),
            bbox=checks.around(boxes),
            objects=objects,
            cut=found,
        )
        if self.store.size(keys.city(self.city.id)) is None:
            write_city(self.store, self.city)
        _resume(self.store, revision)
        revision = claim(self.store, revision)
        stac.write_layer(self.store, self.city, self.layer.id)
        history.index(self.store, self.layer.id)
        return revision

    def _cut(self, features: Sequence[Feature], at: datetime, basis: str | None) -> Cut | None:
        """The features in parts, if they are many and lie on a shelf."""
        if not isinstance(features, Shelf) or len(features) <= parts.MANY:
            return None
        newest = None if basis is None or self._repair else revisions.current(self.store, self.layer.id)

        def kept(name: str) -> bool:
            place = keys.inside(self.layer.id, name)
            return newest is not None and self.store.size(place) == newest.objects[name].size

        def put(data: bytes) -> str:
            return self.put(data, "parquet")

        before = None if newest is None else newest.cut
        return Cut(observed_at=at, parts=tuple(parts.cut(features, basis or "", before, put, kept)))

    def _write(self, name: str, data: bytes) -> Entry:
        key = keys.inside(self.layer.id, name)
        self.store.put(key, data)
        if self.store.get(key) != data:
            raise StoreError(f"{key} does not read back as written; check the store's disk")
        return Entry(size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def _entry(self, name: str) -> Entry:
        size = self.store.size(keys.inside(self.layer.id, name))
        if size is None or self._sizes.get(name, size) != size:
            raise StoreError(f"{self.layer.id}: {name} is needed by the tileset but not whole in the store")
        return Entry(size=size, sha256=keys.sha_of(name))


def claim(store: Store, revision: Revision) -> Revision:
    """Make what was put durable and publish `revision` under the next free number.

    An unclear answer is settled by reading back; if the number is somebody else's the next one is tried.
    """
    store.sync()
    number = max(revisions.numbers(store, revision.layer), default=0)
    for _ in range(_ATTEMPTS):
        number += 1
        revision = revision.model_copy(update={"number": number})
        key = keys.revision(revision.layer, number)
        data = documents.encode(revision)
        try:
            store.create(key, data)
        except AlreadyExists:
            if store.get(key) != data:
                continue
        except Exception:
            try:
                ours = store.get(key) == data
            except NotFound:
                ours = False
            if not ours:
                raise
        return revision
    raise StoreError(
        f"{revision.layer}: no free revision number after {_ATTEMPTS} tries; others publish too fast"
    )


def _resume(store: Store, revision: Revision) -> None:
    """Let the state that `revision` interrupts hold again from when the source was seen to say it again.

    An archive may bring a day that lies between two on which another state was seen. Claimed before the
    revision itself: a crash between the two leaves a state that held then anyway.
    """
    found = revisions.revisions(store, revision.layer)
    ahead = revision.published_at + AHEAD  # seen later than now was seen by a clock that was wrong
    later = min((r.holds_from for r in found if r.holds_from > revision.holds_from), default=None)
    for at, digest in sightings.between(store, revision.layer, revision.holds_from, later):
        if at > ahead:
            return
        if digest != revision.digest:
            same = next((r for r in reversed(found) if r.digest == digest), None)
            if same is not None:
                fresh = {"claim": secrets.token_hex(16), "published_at": revision.published_at}
                claim(store, same.model_copy(update=fresh | {"holds_from": at}))
            return


def rollback(store: Store, city: City, layer_id: str, number: int, now: datetime | None = None) -> Revision:
    """Publish the snapshot of an old revision again, under a new number, holding from now.

    Raises:
        NotFound: There is no such revision.
        Damaged: Its snapshot is no longer whole.
    """
    now = now or times.now()
    old = revisions.read(store, layer_id, number)
    checks.whole(store, old, deep=True)
    newest = revisions.current(store, layer_id)
    if newest is not None and newest.holds_from >= now:
        now = newest.holds_from + timedelta(microseconds=1)
    fresh = {"claim": secrets.token_hex(16), "published_at": now, "holds_from": now}
    revision = claim(store, old.model_copy(update=fresh))
    stac.write_layer(store, city, layer_id)
    history.index(store, layer_id)
    return revision
