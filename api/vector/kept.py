"""Tiles lately asked for, in each coding, bounded in bytes; and the sheets they are cut from."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from api import responses
from api.vector.grid import Tile
from api.vector.sheet import Sheet, cut
from catalog import parquet, parts
from twin.errors import Damaged
from twin.layer import Layer
from twin.revision import Revision
from twin.store import Store

BYTES = 64 * 1024 * 1024
"""Of encoded tiles."""
FEATURES = 1_000_000
"""Of all sheets together; the last used one is always kept."""
_COLUMNS = 100
"""Columns whose values are known still: styles ask for them."""
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
        self._sheets: OrderedDict[tuple[str, str, str], Sheet] = OrderedDict()
        self._features = 0
        self._values: OrderedDict[tuple[str, str, str], set[Any]] = OrderedDict()

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
            body = cut(layer.id, self._meeting(layer, revision, tile), tile)
            plain = Ready(hashlib.blake2b(body, digest_size=16).hexdigest(), body, None)
        ready = plain
        if coding is not None and len(plain.body) >= _SMALLEST:
            ready = Ready(plain.tag, responses.pack(coding, plain.body), coding)
        self.kept.put(place, ready)
        return ready

    def values(self, revision: Revision, column: str) -> set[Any]:
        """The different values of a column of a revision's features; raises as `tile` does."""
        import pyarrow.compute as pc

        key = (revision.layer, revision.snapshot, column)
        with self._lock:
            found = self._values.get(key)
            if found is None:
                data = parts.load(self._store, revision)
                there = column in parquet.column_names(data)  # else written before there was one
                told = pc.unique(parquet.read_table(data, [column])[column]).to_pylist() if there else []
                found = self._values[key] = set(told) - {None}
                while len(self._values) > _COLUMNS:
                    self._values.popitem(last=False)
            return found

    def _meeting(self, layer: Layer, revision: Revision, tile: Tile) -> list[Sheet]:
        """The sheets of a revision that a tile may meet; of a large layer the others are not read."""
        west, south, east, north = tile.box()
        return [
            self._sheet(layer, revision, piece)
            for piece in parts.pieces(self._store, revision)
            if piece.bbox is not None
            and piece.bbox[0] <= east
            and piece.bbox[2] >= west
            and piece.bbox[1] <= north
            and piece.bbox[3] >= south
        ]

    def _sheet(self, layer: Layer, revision: Revision, piece: parts.Piece) -> Sheet:
        """One is read at a time, as a map asks for many tiles at once."""
        key = (revision.layer, revision.snapshot, piece.name)
        with self._lock:
            sheet = self._sheets.get(key)
            if sheet is None:
                sheet = self._sheets[key] = Sheet(piece.load(), layer.schema_.names)
                self._features += len(sheet)
                while len(self._sheets) > 1 and self._features > FEATURES:
                    self._features -= len(self._sheets.popitem(last=False)[1])
            self._sheets.move_to_end(key)
            return sheet
