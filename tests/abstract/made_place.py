"""A made-up city for the abstract tests: areas, lines, points with observations, all kinds of values."""

import struct
from datetime import datetime, timedelta

import made

from catalog.cities import write_city
from catalog.observations import append
from catalog.status import write_status
from twin.layer import Theme
from twin.record import Feature
from twin.status import Status

NOW = made.NOON + timedelta(minutes=4)
LATE = made.NOON + timedelta(days=400)
ROADS = made.layer("roads", "road/1", Theme.TRAFFIC)
LAYERS = (made.BUILDINGS, made.SITES, made.COUNTS, ROADS, made.AIR)
CITY = made.CITY.model_copy(update={"layers": LAYERS})
NAMES = (
    *("København", "Koblenz", "Kiev", "Berlin", "Bern", "Birmingham", "Athens", "Äußere Straße", "Åbo"),
    *("Zürich", "zürich", "Ännchen", "100% Steigung", "O'Connell Street", "Tab\tweg", "_", None, "Ae"),
)
AREA = (11.5, 48.1, 11.6, 48.2)


def line(*points: tuple[float, float]) -> bytes:
    """A line as 2D WKB, written by hand."""
    return struct.pack("<BII", 1, 2, len(points)) + b"".join(struct.pack("<dd", *point) for point in points)


def road(place: int, name: str | None) -> tuple[dict, list[tuple[float, float]]]:
    """(values, points) of a road; every third has no width, every fourth is not known to be one-way."""
    west, south = 11.5 + 0.005 * place, 48.1 + 0.004 * (place % 7)
    start = made.NOON - timedelta(days=200 - 20 * place)
    values = {
        "name": name,
        "ref": name if place % 2 else "L 2",
        "surface": "asphalt" if place % 5 else None,
        "class": "residential",
        "lanes": place % 4,
        "speed_limit_kmh": (30, 2, 50, 1)[place % 4],
        "width_m": None if place % 3 == 2 else 2.5 + place / 2,
        "oneway": None if place % 4 == 3 else place % 2 == 0,
        "valid_from": None if place % 6 == 5 else start,
        "valid_to": None if place % 6 == 4 else start + timedelta(days=30 + place),
        "observed_at": made.NOON,
    }
    return values, [(west, south), (west + 0.01, south + 0.02)]


def roads() -> list[tuple[dict, list[tuple[float, float]]]]:
    return [road(place, name) for place, name in enumerate(NAMES)]


def fill(store) -> None:
    """The whole city; the air stations have never been published."""
    write_city(store, CITY)
    made.publish(store, made.BUILDINGS, made.buildings(25), made.NOON - timedelta(days=10), (made.glb(1),))
    made.publish(store, made.BUILDINGS, made.buildings(30, 12.0), made.NOON, (made.glb(1), made.glb(3)))
    made.publish(store, made.SITES, made.sites(), made.NOON - timedelta(days=1))
    made.publish(store, made.COUNTS, made.stations(made.COUNTS), made.NOON - timedelta(days=40))
    append(store, made.COUNTS.id, made.counts(days=2), made.NOON)
    features = [
        Feature(id=f"{ROADS.id}.r{place}", source_id=f"r{place}", values=values, geometry=line(*points))
        for place, (values, points) in enumerate(roads())
    ]
    made.publish(store, ROADS, features, made.NOON - timedelta(days=2))
    for of in (made.BUILDINGS, made.SITES, made.COUNTS, ROADS):
        _asked(store, of.id, made.NOON)


def _asked(store, layer: str, at: datetime) -> None:
    write_status(
        store, Status(layer=layer, interval_s=3600, last_attempt=at, last_success=at, last_change=at)
    )
