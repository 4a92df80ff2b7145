"""A small city made by hand: layers, features, tiles and a store that fails when told to."""

import hashlib
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from catalog.cities import write_city
from catalog.observations import append
from catalog.publish import Publication
from catalog.status import write_status
from twin.base import Text
from twin.city import City
from twin.errors import StoreError
from twin.layer import Layer, Theme, Tiling
from twin.licence import licence
from twin.provenance import Origin, Provenance
from twin.record import Face, Feature, Observation, Solid
from twin.revision import Revision
from twin.source import Gap, Source
from twin.status import Status
from twin.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTICE = Text(de="Demo – erfundene Daten", en="Demo – made-up data")


def layer(name: str, schema: str, theme: Theme = Theme.MODEL, writer: str | None = None) -> Layer:
    return Layer(
        id=f"probe.{name}",
        title=Text(de=f"{name} auf Deutsch", en=f"{name} in English"),
        summary=Text(de="Ein Satz.", en="One sentence."),
        theme=theme,
        schema=schema,
        source=Source(
            connector="geojson",
            url="https://data.example/file.geojson",
            interval="1h",
            licence="DL-DE-BY-2.0",
            attribution="Probestadt, dl-de/by-2-0",
            publisher="Vermessungsamt Probestadt",
        ),
        tiles=None if writer is None else Tiling(writer=writer),
    )


BUILDINGS = layer("buildings", "building/1", writer="buildings")
SITES = layer("construction-sites", "roadwork/1", Theme.CONSTRUCTION)
COUNTS = layer("bike-counts", "counter/1", Theme.TRAFFIC)
AIR = layer("air-quality", "air-station/1", Theme.ENVIRONMENT)
CITY = City(
    id="probe",
    title=Text(de="Probestadt", en="Probe City"),
    area=(11.5, 48.1, 11.6, 48.2),
    centre=(11.55, 48.15),
    contact="gis@probe.example",
    notice=NOTICE,
    gaps=(
        Gap(
            name="parking",
            title=Text(de="Parkhäuser", en="Car parks"),
            reason=Text(de="Keine offene Quelle.", en="No open source."),
        ),
    ),
    layers=(BUILDINGS, SITES, COUNTS, AIR),
)


def square(west: float, south: float, size: float = 0.001) -> bytes:
    """A polygon as 2D WKB, written by hand so that the tests do not lean on what they test."""
    ring = [
        (west, south),
        (west + size, south),
        (west + size, south + size),
        (west, south + size),
        (west, south),
    ]
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + b"".join(struct.pack("<dd", *p) for p in ring)


def point(lon: float, lat: float) -> bytes:
    return struct.pack("<BIdd", 1, 1, lon, lat)


def box_solid(x: float, height: float) -> Solid:
    """A ground and a roof with a hole in it."""
    outer = [(x, 0.0), (x + 10, 0.0), (x + 10, 10.0), (x, 10.0)]
    hole = [(x + 2, 2.0), (x + 2, 4.0), (x + 4, 4.0)]
    points = [(*p, 500.0) for p in outer] + [(*p, 500 + height) for p in outer + hole]
    return Solid(
        points=np.array(points),
        rings=np.array([0, 4, 8, 11], np.int32),
        polygons=np.array([0, 1, 3], np.int32),
        faces=np.array([Face.GROUND, Face.ROOF], np.uint8),
    )


def buildings(count: int, height: float = 10.0) -> list[Feature]:
    return [
        Feature(
            id=f"probe.buildings.b{i}",
            source_id=f"DEBY_{i}",
            values={
                "height_m": height + i,
                "height_source": "measured",
                "roof_type": "gabled",
                "use": None,
                "storeys": i,
                "observed_at": NOON,
            },
            geometry=square(11.5 + 0.002 * (i % 10), 48.1 + 0.002 * (i // 10)),
            solid=box_solid(float(i), height),
        )
        for i in range(count)
    ]


def sites() -> list[Feature]:
    spans = {"done": (-20, -10), "running": (-1, 5), "coming": (3, 9), "open": (None, None)}
    return [
        Feature(
            id=f"probe.construction-sites.{name}",
            source_id=name,
            values={
                "title": f"Straße <{name}>",
                "valid_from": None if start is None else NOON + timedelta(days=start),
                "valid_to": None if end is None else NOON + timedelta(days=end),
                "observed_at": NOON,
            },
            geometry=square(11.51, 48.11) if name != "open" else None,
        )
        for name, (start, end) in spans.items()
    ]


def stations(of: Layer) -> list[Feature]:
    return [
        Feature(
            id=f"{of.id}.{name}",
            source_id=name,
            values={"name": name.title(), "station": name, "observed_at": NOON},
            geometry=point(11.55, 48.15 + i / 100),
        )
        for i, name in enumerate(("arnulf", "hirsch"))
    ]


def counts(days: int = 36, until: datetime = NOON) -> list[Observation]:
    """Every 15 minutes 1 bicycle a slot, 2 in the last day; the second station fell silent a day ago."""
    found = []
    for name, silent in (("arnulf", timedelta()), ("hirsch", timedelta(days=1))):
        start = until - timedelta(days=days)
        while start < until - silent:
            value = 2.0 if start >= until - timedelta(days=1) else 1.0
            found.append(Observation(f"probe.bike-counts.{name}", "bicycles", value, "1/15min", start))
            start += timedelta(minutes=15)
    return found


def provenance(of: Layer, at: datetime, published: int) -> Provenance:
    known = licence(of.source.licence)
    return Provenance(
        layer=of.id,
        title=of.title,
        summary=of.summary,
        theme=of.theme.value,
        schema=of.schema_id,
        publisher=of.source.publisher,
        licence=known.id,
        licence_title=known.title,
        licence_url=known.url,
        attribution=of.source.attribution,
        notice=CITY.notice,
        origins=(Origin(url=of.source.url, sha256="0" * 64, size=10, fetched_at=at),),
        fetched_at=at,
        observed_at=at,
        recipe_sha256="1" * 64,
        software="test",
        counts={"in": published + 2, "published": published, "held": 1, "broken": 1, "duplicate": 0},
        observations=0,
        reasons={"held": {"a phone number": 1}, "broken": {"no geometry": 1}},
        notes={},
        examples=(),
        changed=(Text(de="Umgerechnet.", en="Converted."),),
        heights=None,
        tiling=None,
    )


def tileset(contents: list[str]) -> dict:
    box = {"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]}
    children = [
        {"boundingVolume": box, "geometricError": 0, "content": {"uri": f"../../{name}"}} for name in contents
    ]
    root = {"boundingVolume": box, "geometricError": 16, "refine": "REPLACE", "children": children}
    return {"asset": {"version": "1.1"}, "geometricError": 32, "root": root}


def publish(
    store: Store, of: Layer, features: list[Feature], at: datetime = NOON, glbs: tuple[bytes, ...] = ()
) -> Revision:
    publication = Publication(store, of, CITY)
    names = [publication.put(data, "glb") for data in glbs]
    digest = publication.digest(features, "basis")
    tiles = tileset(names) if glbs else None
    story = provenance(of, at, len(features))
    return publication.publish(features, story, tiles, names, digest, now=at)


def glb(seed: int, size: int = 5000) -> bytes:
    return b"glTF" + hashlib.shake_256(str(seed).encode()).digest(size)


def fill(store: Store) -> None:
    """The whole city: two revisions of the buildings, one of everything else, and 36 days of counts."""
    write_city(store, CITY)
    publish(store, BUILDINGS, buildings(25), NOON - timedelta(days=10), (glb(1), glb(2)))
    publish(store, BUILDINGS, buildings(30, 12.0), NOON, (glb(1), glb(3)))
    publish(store, SITES, sites(), NOON - timedelta(days=1))
    publish(store, COUNTS, stations(COUNTS), NOON - timedelta(days=40))
    append(store, COUNTS.id, counts(), NOON)
    for of in (BUILDINGS, SITES, COUNTS):
        write_status(
            store,
            Status(layer=of.id, interval_s=3600, last_attempt=NOON, last_success=NOON, last_change=NOON),
        )


class Faulty:
    """A store that fails at the k-th change: before it is done, or after (the answer is lost)."""

    def __init__(self, inner: Store, fail_at: int, after: bool = False) -> None:
        self.inner = inner
        self.url = inner.url
        self.left = fail_at
        self.after = after

    def get(self, key: str) -> bytes:
        return self.inner.get(key)

    def size(self, key: str) -> int | None:
        return self.inner.size(key)

    def stamp(self, key: str) -> str | None:
        return self.inner.stamp(key)

    def list(self, prefix: str) -> Iterator[str]:
        return self.inner.list(prefix)

    def put(self, key: str, data: bytes) -> None:
        self._change(lambda: self.inner.put(key, data))

    def create(self, key: str, data: bytes) -> None:
        self._change(lambda: self.inner.create(key, data))

    def sync(self) -> None:
        self._change(self.inner.sync)

    def _change(self, act) -> None:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise StoreError("the disk is gone")
        act()
        if self.left == 0:
            raise StoreError("the answer was lost")
