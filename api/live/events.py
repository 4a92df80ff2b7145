"""Events: what happened to a layer, as CloudEvents 1.0 in JSON and as blocks of Server-Sent Events."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from api.responses import encode
from twin import times
from twin.layer import Layer
from twin.revision import Revision

Box = tuple[float, float, float, float]
MOST_VALUES = 2_000
"""Values of one event, the newest; it says how many were left out."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    kind: str
    """``revision``, ``observation`` or ``freshness``."""
    layer: str
    box: Box | None
    """Where the layer lies, in degrees; None if nobody knows: then it lies everywhere."""
    document: dict[str, Any]
    """The CloudEvent; empty in one that is `light`."""
    place: str = ""
    """The ``id:``, see `api.live.positions`."""
    block: bytes = field(default=b"", repr=False)
    """The event as it is sent to whoever wants all of the layer."""

    def at(self, place: str) -> "Event":
        """The same with its ``id:``."""
        return Event(
            self.kind, self.layer, self.box, self.document, place, _block(self, place, self.document)
        )

    def light(self) -> "Event":
        """The same with its bytes alone: as objects 2,000 values take ten times as much."""
        return replace(self, document={})

    def only(self, stations: Collection[str]) -> bytes:
        """The block with the values of some stations alone; empty if there are none."""
        document = orjson.loads(self.block.partition(b"\ndata: ")[2])
        data = document["data"]
        values = [value for value in data["values"] if value["station"] in stations]
        if not values:
            return b""
        return _block(self, self.place, {**document, "data": {**data, "values": values}})


def _block(event: Event, place: str, document: dict[str, Any]) -> bytes:
    return b"event: %b\nid: %b\ndata: %b\n\n" % (event.kind.encode(), place.encode(), encode(document))


def revision(source: str, url: str, layer: Layer, of: Revision) -> Event:
    """A revision was published.

    Args:
        source: Address of the door, for CloudEvents.
        url: Public address of the service.
        layer: Whose.
        of: The revision.
    """
    data = {
        "revision": of.number,
        "published_at": times.iso(of.published_at),
        "holds_from": times.iso(of.holds_from),
        "features": of.features,
        "bbox": None if of.bbox is None else list(of.bbox),
        "attribution": layer.source.attribution,
        "items": f"{url}/ogc/collections/{layer.id}/items",
        "stac": f"{url}/stac/collections/{layer.id}/items/{of.name}",
    }
    document = _document(source, "revision", layer.id, of.name, of.published_at, data)
    return Event("revision", layer.id, of.bbox, document)


def observation(
    source: str, layer: Layer, at: datetime, values: Sequence[dict[str, Any]], left_out: int, box: Box | None
) -> Event:
    """New values came in, those of one look at the source.

    Args:
        source: Address of the door, for CloudEvents.
        layer: Whose.
        at: When the source was asked.
        values: station, property, value, unit, observed_at, quality; the newest first.
        left_out: How many more there were.
        box: Where the layer lies.
    """
    data = {"values": list(values), "left_out": left_out, "attribution": layer.source.attribution}
    document = _document(source, "observation", layer.id, f"{at:%Y%m%dT%H%M%SZ}", at, data)
    return Event("observation", layer.id, box, document)


def freshness(source: str, layer: Layer, told: dict[str, Any], box: Box | None) -> Event:
    """The source was asked again, or has been silent for too long; `told` as in ``/ops/freshness``."""
    at = None if told["last_attempt"] is None else times.parse(told["last_attempt"])
    name = f"{told['state']}-{'never' if at is None else f'{at:%Y%m%dT%H%M%SZ}'}"
    return Event("freshness", layer.id, box, _document(source, "freshness", layer.id, name, at, told))


def _document(
    source: str, kind: str, layer: str, name: str, at: datetime | None, data: dict[str, Any]
) -> dict[str, Any]:
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"{layer}/{kind}/{name}",
        "source": source,
        "type": kind,
        "subject": layer,
        "datacontenttype": "application/json",
        "data": data,
    }
    return document if at is None else {**document, "time": times.iso(at)}
