"""Watch: looks at the store and says what has happened since. The pipeline may run anywhere."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from api import describe
from api.live import events
from api.live.events import Box, Event
from api.live.positions import Position, Positions, encode, head, tag
from api.live.recorded import Recorded
from api.service import Service
from twin import times
from twin.errors import RequestError, StoreError
from twin.layer import Layer
from twin.status import State

MOST_MISSED = 10_000
"""Revisions that are told to one who comes back; more are looked up at the other doors."""
_STATES = {state.value: number for number, state in enumerate(State, 1)}
_VALUES_TOLD = 0
"""Stands for the state while the values of an attempt are told and its freshness is not."""


class Watch:
    """What has been seen of the store. `look` is called by one thread at a time, `missed` by any."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._recorded = Recorded(service.store)
        self._source = service.url("/live")
        self._head = 0
        self.positions: dict[bytes, Position] = {}
        """Replaced as a whole by every look, never changed in place."""
        self.shown: frozenset[str] = frozenset()
        """The layers that were shown at the last look: of others nothing is told, not even what is kept."""

    def begin(self) -> None:
        """Take everything that is there as told."""
        found = {}
        self.shown = frozenset(layer.id for _, layer in self._service.layers())
        for _, layer in self._service.layers():
            found[tag(layer.id)] = self._position(layer)[0]
            if layer.schema_.properties:
                self._recorded.begin(layer.id)
        self.positions = found
        self._head = head(encode(found))

    def look(self) -> list[Event]:
        """What has happened since the last look, each with its ``id:``."""
        told = []
        self.shown = frozenset(layer.id for _, layer in self._service.layers())
        for _, layer in self._service.layers():
            seen = self.positions.get(tag(layer.id), Position())
            now, words = self._position(layer)
            if now != seen:
                try:
                    news = list(self._news(layer, seen, now, words, None))
                except StoreError as error:  # told when it can be read again
                    self._service.damaged[f"live {layer.id}"] = str(error)
                    continue
                for position, event in news:
                    self.positions = {**self.positions, tag(layer.id): position}
                    place = encode(self.positions, self._head)
                    self._head = head(place)
                    told.append(event.at(place))
        return told

    def missed(
        self, since: Positions, after: int, until: Positions, layers: frozenset[str] | None
    ) -> list[Event]:
        """What one who knows `since` has missed up to `until`, each with its ``id:`` above `after`.

        Raises:
            RequestError: It is too much.
            StoreError: The store cannot be read.
        """
        known = dict(since)
        found: list[tuple[str, bytes, Position, Event]] = []
        for _, layer in self._service.layers():
            name = tag(layer.id)
            seen, now = since.get(name, Position()), until.get(name, Position())
            if (layers is not None and layer.id not in layers) or now == seen:
                known[name] = now
                continue
            if now.revision - seen.revision > MOST_MISSED:
                raise RequestError(
                    f"Last-Event-ID is too old: {layer.id} has more than {MOST_MISSED} revisions since; "
                    f"leave it out, and see /stac/collections/{layer.id}/items for the past"
                )
            words = describe.freshness(self._service, layer)
            last = ""
            for position, event in self._news(layer, seen, now, words, now.attempt):
                last = max(
                    last, event.document.get("time", "")
                )  # a layer's own order counts more than clocks
                found.append((last, name, position, event))
        told = []
        for _, name, position, event in sorted(found, key=lambda one: one[0]):
            known[name] = position
            place = encode(known, after)
            after = head(place)
            told.append(event.at(place))
        return told

    def stations(self, layer_id: str, box: Box) -> set[str]:
        """Ids of the layer's features of now within a box."""
        revision = self._service.listing.current(layer_id)
        layer = next((layer for _, layer in self._service.layers() if layer.id == layer_id), None)
        if revision is None or layer is None:
            return set()
        snapshot = self._service.features.snapshot(layer, revision)
        return {snapshot.ids[row] for row in snapshot.within(box)}

    def _position(self, layer: Layer) -> tuple[Position, dict[str, Any]]:
        words = describe.freshness(self._service, layer)
        numbers = [revision.number for revision in self._service.listing.revisions(layer.id)]
        attempt = 0 if words["last_attempt"] is None else _second(words["last_attempt"])
        return Position(max(numbers, default=0), attempt, _STATES[words["state"]]), words

    def _news(
        self, layer: Layer, seen: Position, now: Position, words: dict[str, Any], until: int | None
    ) -> Iterator[tuple[Position, Event]]:
        """(position after it, event): revisions, then values, then freshness, for that is how a run works.

        Args:
            layer: Whose.
            seen: Told already.
            now: To be told.
            words: Of its freshness.
            until: Values that were recorded up to that second; None: those of new files.
        """
        listing, url = self._service.listing, self._service.url("")
        current = listing.current(layer.id)
        box = None if current is None else current.bbox
        position = seen
        for revision in listing.revisions(layer.id):
            if seen.revision < revision.number <= now.revision:
                position = Position(revision.number, seen.attempt, seen.state)
                yield position, events.revision(self._source, url, layer, revision)
        if (now.attempt, now.state) == (seen.attempt, seen.state):
            return
        if layer.schema_.properties and now.attempt != seen.attempt:
            if until is None:
                values, left_out = self._recorded.fresh(layer.id, seen.attempt)
            else:
                values, left_out = self._recorded.between(layer.id, seen.attempt, until)
            if values:
                at = datetime.fromtimestamp(now.attempt, UTC)
                position = Position(position.revision, now.attempt, _VALUES_TOLD)
                yield position, events.observation(self._source, layer, at, values, left_out, box)
        if now != position:
            yield now, events.freshness(self._source, layer, words, box)


def _second(text: str) -> int:
    return int(times.parse(text).timestamp())
