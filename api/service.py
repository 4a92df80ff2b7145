"""What every door needs: the store's cities, revisions, features and values, looked at now and then."""

import difflib
import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from api.near import ADDRESS
from api.together import Together
from catalog import at_hand, keys
from catalog.cities import readable_cities
from catalog.features import Features
from catalog.history import History
from catalog.outlines import Outlines
from catalog.revisions import Listing
from catalog.status import read_status
from catalog.values import Values
from twin import times
from twin.city import City
from twin.errors import Damaged, NotFound
from twin.layer import Layer
from twin.revision import Revision
from twin.settings import Settings
from twin.source import Gap
from twin.status import Status
from twin.store import Store

T = TypeVar("T")


class Service:
    """Read-only view of a store for the HTTP doors. Safe to use from several threads."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        ttl: float,
        now: Callable[[], datetime],
        together: Together | None = None,
    ) -> None:
        """Look at `store`; what can change there is looked at again after `ttl` seconds, and when another of
        the workers that are `together` has seen something new."""
        self.settings = settings
        self.store = store
        self.now = now
        self._together = together or Together()
        self.listing = Listing(store, ttl, others=self._together)
        self.values = Values(store, ttl)
        self.features = Features(store, self.values, settings.query_s)
        self.history = History(store)
        self.outlines = Outlines(self.features)
        self.damaged: dict[str, str] = {}
        """Key → words: what answering requests has found damaged; see `noticed`."""
        self.ages: dict[str, tuple[int, tuple[object, ...], Any]] = {}
        """Layer id → how stale it is, from which second on and of what; see `api.stale`."""
        self._ttl = ttl
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Any]] = {}
        self._cleared_cities: tuple[list[City], list[City]] = ([], [])
        """As they lie in the store when they were last looked at, and what is shown of these."""
        self._by_id: tuple[object, dict[str, tuple[City, Layer]]] = (None, {})
        """The cities, and their layers by id."""
        self._shown: tuple[object, frozenset[str]] = (None, frozenset())

    def url(self, path: str) -> str:
        """Address of a path, from the configured public URL; without one see `api.near`."""
        return (self.settings.public_url.rstrip("/") or ADDRESS.get()) + path

    def cities(self) -> list[City]:
        """All cities of the store that can be read; `Damaged` if there are some and none can."""
        cities, lost = self._cities()
        if lost and not cities:
            raise Damaged("; ".join(lost.values()))
        return cities

    def lost_cities(self) -> dict[str, str]:
        """The cities that cannot be read: id → what is wrong, in words."""
        return self._cities()[1]

    def withheld(self) -> list[tuple[City, Layer]]:
        """The layers that are not shown because no operator has cleared them."""
        cities, _ = self._recent("cities", lambda: readable_cities(self.store))
        return [(city, layer) for city in cities for layer in city.layers if not self.settings.shows(layer)]

    def surely_shows(self, layer_id: str) -> bool:
        """Whether the cities, as looked at within the last `ttl` seconds, show the layer. Reads nothing.

        Whoever answers from memory asks here first: what was cleared a moment ago may not be any more.
        If this says no, `layer` looks and knows.
        """
        with self._lock:
            known = self._kept.get("cities")
            if known is None or not self._counts(known[0]):
                return False
            if self._shown[0] is not known[1]:
                layers = (layer for city in known[1][0] for layer in city.layers)
                ids = frozenset(layer.id for layer in layers if self.settings.shows(layer))
                self._shown = (known[1], ids)
            return layer_id in self._shown[1]

    def _cities(self) -> tuple[list[City], dict[str, str]]:
        cities, lost = self._recent("cities", lambda: readable_cities(self.store))
        known, cleared = self._cleared_cities
        if known is not cities:
            cleared = [self._cleared(city) for city in cities]
            self._cleared_cities = cities, cleared
        return cleared, lost

    def _cleared(self, city: City) -> City:
        """The city without the layers that are not cleared; each is named as missing instead."""
        shown = tuple(layer for layer in city.layers if self.settings.shows(layer))
        gaps = tuple(
            Gap(name=layer.name, title=layer.title, reason=layer.source.unclear)
            for layer in city.layers
            if layer.source.unclear is not None and layer not in shown
        )
        return (
            city
            if len(shown) == len(city.layers)
            else city.model_copy(update={"layers": shown, "gaps": city.gaps + gaps})
        )

    def city(self, city_id: str) -> City | None:
        """The city with this id, or None."""
        return next((city for city in self.cities() if city.id == city_id), None)

    def layers(self) -> list[tuple[City, Layer]]:
        """All layers of all cities, published or not."""
        return [(city, layer) for city in self.cities() for layer in city.layers]

    def layer(self, layer_id: str) -> tuple[City, Layer]:
        """The layer with this id and its city; `NotFound` names the nearest one.

        Raises:
            NotFound: there is none.
            Damaged: its city cannot be read.
        """
        cities = self.cities()
        known, found = self._by_id
        if known is not cities:
            found = {layer.id: (city, layer) for city in cities for layer in city.layers}
            self._by_id = cities, found
        if layer_id not in found:
            words = self.lost_cities().get(layer_id.partition(".")[0])
            if words is not None:
                raise Damaged(words)
            near = difflib.get_close_matches(layer_id[:200], found, 1)
            hint = f"did you mean {near[0]}?" if near else "all layers are listed at /ogc/collections"
            raise NotFound(f"there is no layer {layer_id[:80]!r}; {hint}")
        return found[layer_id]

    def noticed(self) -> list[str]:
        """What answering requests has found damaged since this was last asked, in words."""
        return [words for key in list(self.damaged) if (words := self.damaged.pop(key, None)) is not None]

    def status(self, layer_id: str) -> Status | None:
        """The last attempts at a layer; None if there was none, or if its status cannot be read."""

        def look() -> Status | None:
            try:
                return read_status(self.store, layer_id)
            except Damaged as error:
                self.damaged[f"status {layer_id}"] = str(error)
                return None

        return self._recent(f"status {layer_id}", look)

    def current(self, layer_id: str, at: datetime | None) -> Revision | None:
        """The revision that held at `at` (None: the newest), or None if there was none yet.

        Raises:
            Damaged: none that can be read held then, but others cannot be read: nobody knows.
        """
        revision = self.listing.current(layer_id, at)
        if revision is None:
            self.refuse_lost(layer_id)
        return revision

    def refuse_lost(self, layer_id: str) -> None:
        """`Damaged` if the layer has revisions that cannot be read."""
        lost = self.listing.lost(layer_id)
        if lost:
            raise Damaged("; ".join(lost))

    def held(self, layer_id: str, at: datetime | None) -> Revision:
        """The revision that held at `at` (None: the newest); `NotFound` if there was none yet."""
        revision = self.current(layer_id, at)
        if revision is None:
            when = "yet" if at is None else f"at {times.iso(at)}"
            raise NotFound(f"{layer_id} was not published {when}; see /stac/collections/{layer_id}/items")
        return revision

    def revision(self, layer_id: str, name: str) -> Revision:
        """The revision called ``000043``; `NotFound` if there is none."""
        number = int(name) if name.isascii() and name.isdecimal() and len(name) == 6 else 0
        revision = self.listing.revision(layer_id, number)
        if revision is None:
            words = self.listing.damages.get(keys.revision(layer_id, number))
            if words is not None:
                raise Damaged(words)
            raise NotFound(
                f"{layer_id} has no revision {name[:40]!r}; see /stac/collections/{layer_id}/items"
            )
        return revision

    def _recent(self, key: str, look: Callable[[], T]) -> T:
        known = self._kept.get(key)  # without the lock: a pair is put there whole
        if known is not None and self._counts(known[0]):
            kept: T = known[1]
            return kept
        at_hand.leave()
        now = time.monotonic()
        value = look()
        if known is not None and value != known[1]:
            self._together.changed()
            now = self._together.since
        with self._lock:
            self._kept[key] = (now, value)
        return value

    def _counts(self, looked: float) -> bool:
        """Whether what was looked at then need not be looked at again."""
        return time.monotonic() - looked < self._ttl and looked >= self._together.since
