"""Tiles lately asked for, in each coding, bounded in bytes; and the sheets they are cut from."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from api import responses
from api.vector.grid import Tile
from api.vector.sheet import Sheet
from catalog import parts
from twin.errors import Damaged
from twin.layer import Layer
from twin.revision import Revision
from twin.store import Store

BYTES = 64 * 1024 * 1024
"""Of encoded tiles."""
FEATURES = 1_000_000
"""Of all sheets together; the last used one is always kept."""
_SMALLEST = 600
_OVERHEAD = 400
"""Bytes that an entry costs beside its body, so that empty tiles do not come for nothing."""

Place = tuple[str, int, Tile, str | None]
"""Layer, number of the revision, tile, coding."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An encoded tile."""

    tag: str
    """Names the bytes before they were packed."""
    body: bytes
    coding: str | None


class Kept:
    """The last used tiles. Safe to use from several threads."""

    def __init__(self, limit: int = BYTES) -> None:
        """Keep up to `limit` bytes."""
        self.limit = limit
        self.size = 0
        self._lock = Lock()
        self._ready: OrderedDict[Place, Ready] = OrderedDict()

    def get(self, place: Place) -> Ready | None:
        """The tile, if it is kept."""
        with self._lock:
            found = self._ready.get(place)
            if found is not None:
                self._ready.move_to_end(place)
            return found

    def put(self, place: Place, ready: Ready) -> None:
        """Keep a tile; those not used for longest go."""
        with self._lock:
            if place in self._ready or len(ready.body) > self.limit // 4:
                return
            self._ready[place] = ready
            self.size += len(ready.body) + _OVERHEAD
            while self.size > self.limit:
                self.size -= len(self._ready.popitem(last=False)[1].body) + _OVERHEAD


class Tiles:
    """Encoded tiles of a store."""

    def __init__(self, store: Store, shows: Callable[[str], bool], limit: int = BYTES) -> None:
        """Cut tiles from the store's snapshots.

        Args:
            store: Where they lie.
            shows: Whether a layer is certainly shown to visitors; asked before memory answers.
            limit: Most bytes of tiles that are kept.
        """
        self.kept = Kept(limit)
        self.lost: dict[tuple[str, str], tuple[float, Damaged]] = {}
        """Layer and snapshot that were found damaged → when (`time.monotonic`), and how."""
        self._store = store
        self._shows = shows
        self._lock = Lock()
        self._sheets: OrderedDict[tuple[str, str], Sheet] = OrderedDict()

    def ready(self, place: Place) -> Ready | None:
        """A tile from memory alone; None if it is not there, or its layer may be cleared no more."""
        return self.kept.get(place) if self._shows(place[0]) else None

    def tile(self, layer: Layer, revision: Revision, tile: Tile, coding: str | None) -> Ready:
        """A tile in a coding (``br``, ``gzip``, None); in none if it is too small to gain.

        Raises:
            Damaged: The features are missing or not what the revision says.
        """
        place = (layer.id, revision.number, tile, coding)
        found = self.kept.get(place)
        if found is not None:
            return found
        plain = None if coding is None else self.kept.get((layer.id, revision.number, tile, None))
        if plain is None:
            body = self.sheet(layer, revision).tile(layer.id, tile)
            plain = Ready(hashlib.blake2b(body, digest_size=16).hexdigest(), body, None)
        ready = plain
        if coding is not None and len(plain.body) >= _SMALLEST:
            ready = Ready(plain.tag, responses.pack(coding, plain.body), coding)
        self.kept.put(place, ready)
        return ready

    def sheet(self, layer: Layer, revision: Revision) -> Sheet:
        """The sheet of a revision; one is read at a time, as a map asks for many tiles at once."""
        key = (revision.layer, revision.snapshot)
        with self._lock:
            sheet = self._sheets.get(key)
            if sheet is None:
                sheet = self._sheets[key] = Sheet(parts.load(self._store, revision), layer.schema_.names)
                while len(self._sheets) > 1 and sum(map(len, self._sheets.values())) > FEATURES:
                    self._sheets.popitem(last=False)
            self._sheets.move_to_end(key)
            return sheet
