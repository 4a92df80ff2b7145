"""Properties of entities as JSON in SensorThings' words: a column of a group at a time, as ready bytes."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import numpy as np
import orjson
from numpy.typing import NDArray

from api.responses import encode
from api.sta import addresses
from api.sta.groups import Group, Readings
from api.sta.stations import Stations
from api.sta.things import Observed, Procedure
from api.sta.world import World
from catalog.partitions import instant
from catalog.stac_documents import both
from twin import times

Cells = bytes | list[bytes]
"""JSON of one column: (n,), or what is the same in all."""
_GEOJSON = "application/geo+json"
_MEASURED = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
_SECOND = 1_000_000


def cells(world: World, group: Group, name: str) -> Cells:
    """A property of the model."""
    if isinstance(group.part, Readings):
        return _reading(group, name)
    if group.kind == "Datastreams":
        return _stream(world, group, name)
    if isinstance(group.part, list):
        told = [encode(_few(world, of)[name]) for of in group.part]
        return told[0] if len(told) == 1 else [told[row] for row in group.rows.tolist()]
    return _station(world, group, name)


def inner(world: World, group: Group, name: str) -> Cells | None:
    """A member of ``properties`` of Things and Datastreams; None if none of them has it."""
    if name == "provenance":
        return _chain(world, group)
    layer = group.part.stations.layer if group.kind == "Datastreams" else group.part.layer
    source = world.source(layer.id)
    if group.kind == "Datastreams":
        if name == "every":
            every = [encode(observed.every) for observed in group.part.observed]
            return _of_codes(every, group.part.which[group.rows])
        return encode(source[name]) if name in source else None
    if name in source:
        return encode(source[name])
    return group.part.snapshot.cells(name, group.rows) if published(world, group.part, name) else None


def published(world: World, stations: Stations, name: str) -> bool:
    """Whether a member of a Thing's ``properties`` is a column of the layer, not something that we add."""
    added = name == "provenance" or name in world.source(stations.layer.id)
    return not added and name in stations.snapshot.names


def iso(at: NDArray[np.int64]) -> list[bytes]:
    """Instants (n,), microseconds since 1970, as RFC 3339."""
    once, which = np.unique(at, return_inverse=True)
    if (once % _SECOND).any():
        told = [times.iso(instant(one)).encode() for one in once.tolist()]
    else:
        seconds = np.datetime_as_string((once // _SECOND).view("datetime64[s]"))
        told = [text.encode() + b"Z" for text in seconds.tolist()]
    return [told[number] for number in which.tolist()]


def _reading(group: Group, name: str) -> Cells:
    values = group.part.values.take(group.rows)
    if name == "phenomenonTime":
        return [b'"%b"' % text for text in iso(values.at)]
    if name == "resultTime":
        return b"null"
    if name == "result":
        return numbers(values.value)
    words = group.part.streams.table.texts.words
    once, which = np.unique(values.quality, return_inverse=True)
    told = [encode({"quality": words[code]} if words[code] else {}) for code in once.tolist()]
    return _of_codes(told, which)


def numbers(values: NDArray[np.float64]) -> list[bytes]:
    """Numbers as JSON."""
    return orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",") if len(values) else []


def _stream(world: World, group: Group, name: str) -> Cells:
    streams, rows = group.part, group.rows
    stations, which = streams.stations, streams.which[rows]
    if name == "name":
        titles = [observed.title.en for observed in streams.observed]
        named = (stations.name(row) for row in streams.rows[rows].tolist())
        return [orjson.dumps(f"{of}: {titles[code]}") for of, code in zip(named, which.tolist(), strict=True)]
    if name == "observedArea":
        return stations.snapshot.outlines(streams.rows[rows]) if len(rows) else []
    if name == "phenomenonTime":
        places = streams.places[rows]
        first, last = iso(streams.table.first[places]), iso(streams.table.last[places])
        return [b'"%b/%b"' % span for span in zip(first, last, strict=True)]
    if name == "properties":
        every, chain = inner(world, group, "every"), _chain(world, group)
        tail = encode(world.source(stations.layer.id))[1:]
        pairs = zip(_each(every, len(rows)), chain, strict=True)
        return [b'{"every":%b,"provenance":%b,%b' % (*pair, tail) for pair in pairs]
    of_code: Callable[[Any], Any] = {
        "description": lambda observed: both(observed.title),
        "observationType": lambda observed: _MEASURED,
        "unitOfMeasurement": lambda observed: {
            "name": observed.unit,
            "symbol": observed.unit,
            "definition": "http://unitsofmeasure.org/ucum.html",
        },
    }[name]
    return _of_codes([encode(of_code(observed)) for observed in streams.observed], which)


def _station(world: World, group: Group, name: str) -> Cells:
    stations, rows = group.part, group.rows
    if name == "time":
        return encode(times.iso(stations.since))
    if name == "name":
        return [orjson.dumps(stations.name(row)) for row in rows.tolist()]
    if name == "description":
        layer = stations.layer
        return encode(f"{layer.title.en}. {both(layer.summary)}")
    if name == "encodingType":
        return encode(_GEOJSON)
    if name in ("location", "feature"):
        return stations.snapshot.outlines(rows) if len(rows) else []
    if group.kind == "Things":
        return _thing(world, group)
    return encode({"layer": stations.layer.id})


def _thing(world: World, group: Group) -> Cells:
    """What the publisher tells, without what it does not, and what we add."""
    stations, rows = group.part, group.rows
    source = world.source(stations.layer.id)
    members: list[list[bytes]] = []
    for name in stations.snapshot.names:
        if not published(world, stations, name):
            continue
        own = stations.snapshot.cells(name, rows)
        key = orjson.dumps(name)
        members.append([b"" if cell == b"null" else b"%b:%b," % (key, cell) for cell in own])
    members.append([b'"provenance":' + cell for cell in _chain(world, group)])
    tail = b"," + encode(source)[1:]
    return [b"{" + b"".join(parts) + tail for parts in zip(*members, strict=True)]


def _chain(world: World, group: Group) -> list[bytes]:
    """Address of what the station comes from; with ``property`` and ``observed_at`` that of one value."""
    streams = group.kind == "Datastreams"
    stations = group.part.stations if streams else group.part
    rows = group.part.rows[group.rows] if streams else group.rows
    before = world.service.url(f"/ogc/collections/{stations.layer.id}/items/")
    after = f"/provenance{world.kept}"
    ids = stations.snapshot.ids
    found = []
    for row in rows.tolist():
        feature = ids[row]
        plain = addresses.PLAIN.fullmatch(feature) and ":" not in feature
        found.append(orjson.dumps(f"{before}{feature if plain else quote(feature, safe='')}{after}"))
    return found


def _few(world: World, of: Procedure | Observed) -> dict[str, Any]:
    if isinstance(of, Procedure):
        return {
            "name": f"{of.city.title.en}: {of.layer.title.en}",
            "description": both(of.layer.summary),
            "encodingType": "application/json",
            "metadata": world.service.url(f"/ogc/collections/{of.layer.id}{world.kept}"),
            "properties": world.source(of.layer.id),
        }
    address = f"{addresses.ROOT}/ObservedProperties('{of.id}'){world.kept}"
    return {
        "name": of.observed.title.en,
        "definition": world.service.url(address),
        "description": both(of.observed.title),
        "properties": {"title_de": of.observed.title.de},
    }


def _of_codes(told: list[bytes], which: NDArray[np.int64]) -> Cells:
    return told[0] if len(told) == 1 else [told[code] for code in which.tolist()]


def _each(found: Cells | None, number: int) -> list[bytes]:
    return [found or b"null"] * number if not isinstance(found, list) else found
