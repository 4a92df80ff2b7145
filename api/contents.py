"""Objects of the store as revisions promise them: checked when read, the last used kept in memory."""

import hashlib
from collections import OrderedDict
from threading import Lock

from catalog import keys, parquet, parts
from twin.compress import SUFFIXES
from twin.errors import Damaged, NotFound
from twin.revision import Revision
from twin.store import Store

_KEPT_BYTES = 128 * 1024 * 1024
_KEPT_NAMES = 200_000


class Contents:
    """Reads what is immutable, with the siblings that publication prepared."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._joining = Lock()
        self._size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._siblings: OrderedDict[str, frozenset[str]] = OrderedDict()

    def ready(self, key: str, welcome: list[str]) -> tuple[bytes, str | None] | None:
        """The object in the first welcome coding it has, and that coding, if it is in memory and was checked.

        Args:
            key: The object itself.
            welcome: Names of content codings, the best first.
        """
        with self._lock:
            has = self._siblings.get(key)
            if has is None:
                return None
            coding = next((name for name in welcome if name in has), None)
            name = key if coding is None else f"{key}.{SUFFIXES[coding]}"
            data = self._kept.get(name)
            if data is None:
                return None
            self._kept.move_to_end(name)
            return data, coding

    def promised(self, revision: Revision, name: str) -> bytes:
        """An object of a revision, by its name relative to the layer.

        `Damaged` if it is missing or its checksum is another one.
        """
        key = keys.inside(revision.layer, name)
        with self._lock:
            data = self._kept.get(key)
            if data is not None:
                self._kept.move_to_end(key)
                return data
        try:
            data = self._store.get(key)
        except NotFound:
            raise Damaged(f"{key} is missing; publish the layer again") from None
        if hashlib.sha256(data).hexdigest() != revision.objects[name].sha256:
            raise Damaged(f"{key} has other bytes than its checksum says; publish the layer again")
        self._keep(key, data)
        return data

    def joined(self, revision: Revision) -> bytes:
        """The features of a revision in one file, though they lie in several; one is made at a time.

        `Damaged` as for `promised`.
        """
        key = keys.inside(revision.layer, f"{revision.snapshot}/{keys.FEATURES}")
        with self._joining:
            with self._lock:
                data = self._kept.get(key)
            if data is None:
                data = parquet.whole(parts.load(self._store, revision))
                self._keep(key, data)
        return data

    def packed(self, revision: Revision, name: str, welcome: list[str]) -> tuple[bytes, str | None]:
        """As `promised`, but in the first welcome coding of which there is a sibling; and that coding.

        The object itself is checked too, the first time: whoever has half of it damaged shall hear of it.
        """
        key = keys.inside(revision.layer, name)
        has = frozenset(coding for coding, end in SUFFIXES.items() if f"{name}.{end}" in revision.objects)
        with self._lock:
            checked = key in self._siblings
        coding = next((one for one in welcome if one in has), None)
        if coding is None or not checked:
            data = self.promised(revision, name)
        if coding is not None:
            data = self.promised(revision, f"{name}.{SUFFIXES[coding]}")
        with self._lock:
            self._siblings[key] = has
            while len(self._siblings) > _KEPT_NAMES:
                self._siblings.popitem(last=False)
        return data, coding

    def _keep(self, key: str, data: bytes) -> None:
        with self._lock:
            if key not in self._kept and len(data) * 8 <= _KEPT_BYTES:
                self._kept[key] = data
                self._size += len(data)
            while self._size > _KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1])
