"""The layers of the made-up city of many kinds: what their recipes say, which fields, which features."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

LON, LAT = 11.5695, 48.1396
"""The middle, degrees."""

_USES = (
    *("residential", "industry", "mixed", "public", "road", "rail"),
    *("farmland", "forest", "green", "cemetery", "water", "other"),
)

Fields = dict[str, str]
Features = Iterable[tuple[dict[str, Any], dict[str, Any]]]


def point(east: float, north: float) -> dict[str, Any]:
    """A GeoJSON point so many metres from the middle."""
    return {"type": "Point", "coordinates": _place(east, north)}


def _place(east: float, north: float) -> list[float]:
    return [round(LON + east / 74_300, 7), round(LAT + north / 111_200, 7)]


def _way(*places: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [_place(*each) for each in places]}


def box(east: float, north: float, wide: float, high: float) -> dict[str, Any]:
    """A GeoJSON polygon from a corner so many metres from the middle."""
    corners = [(0, 0), (wide, 0), (wide, high), (0, high), (0, 0)]
    ring = [_place(east + x, north + y) for x, y in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def layers(now: datetime, more: int) -> dict[str, tuple[dict[str, Any], Fields, Features]]:
    """Each layer: the head of its recipe, its fields and their functions, its features.

    Args:
        now: values are of 20 minutes ago; what has a time began three days ago and ends in nine, except for
            a warning that ended an hour ago.
        more: how many stations and stops.
    """
    at = (now - timedelta(minutes=20)).isoformat()
    soon = (now + timedelta(days=9)).isoformat()
    since = (now - timedelta(days=3)).isoformat()
    before = (now - timedelta(hours=1)).isoformat()
    station: Fields = {"name": "", "station": ""}
    ranks = range(more)
    return {
        "rental-bikes": (
            {
                "schema": "rental-station/1",
                "theme": "traffic",
                "title": "Leihräder",
                "writer": "stations",
                "interval": "15min",
                "readings": ["vehicles_available", "docks_available"],
            },
            {**station, "operator": "", "capacity": "integer"},
            [
                (
                    {
                        "id": f"r{i}",
                        "name": f"Marktplatz {i + 1}",
                        "station": f"r{i}",
                        "operator": "Radverleih",
                        "capacity": 12,
                        "at": at,
                        "vehicles_available": 7 - i % 5,
                        "docks_available": 5 + i % 5,
                    },
                    point(-60 + 130 * (i % 7) - 300 * (i > 0), 90 + 150 * (i // 7) - 250 * (i > 0)),
                )
                for i in ranks
            ],
        ),
        "weather": (
            {
                "schema": "weather-station/1",
                "theme": "environment",
                "title": "Wetter",
                "writer": "stations",
                "interval": "1h",
                "readings": ["air_temperature", "relative_humidity"],
            },
            {**station, "altitude_m": "number"},
            [
                (
                    {
                        "id": "w1",
                        "name": "Wetterwarte",
                        "station": "w1",
                        "altitude_m": 515.5,
                        "at": at,
                        "air_temperature": -3.1,
                        "relative_humidity": 81,
                    },
                    point(150, 60),
                )
            ],
        ),
        "stops": (
            {"schema": "stop/1", "theme": "traffic", "title": "Haltestellen", "writer": "stations"},
            {**station, "mode": "", "lines": "", "departures_weekday": "integer", "departures_by_hour": ""},
            [
                (
                    {
                        "id": f"s{i}",
                        "name": f"Rathaus {i + 1}",
                        "station": f"s{i}",
                        "mode": ["tram", "bus", "subway"][i % 3],
                        "lines": "17, 18",
                        "departures_weekday": 240,
                        "departures_by_hour": ", ".join(["0", "0", "0", "0", "2", *["12"] * 18, "20"]),
                    },
                    point(-180 + 190 * (i % 5), -60 - 140 * (i // 5)),
                )
                for i in ranks
            ],
        ),
        "routes": (
            {"schema": "route/1", "theme": "traffic", "title": "Linienwege", "writer": "lines"},
            {"name": "", "long_name": "", "mode": "", "trips_weekday": "integer"},
            [
                (
                    {
                        "id": f"l{i}",
                        "name": str(17 + i),
                        "long_name": "Nord – Süd",
                        "mode": ["tram", "bus", "subway", "rail"][i % 4],
                        "trips_weekday": 120,
                    },
                    _way((-500, -300 + 170 * i), (0, -20 + 90 * i), (500, 260 - 60 * i)),
                )
                for i in range(min(more, 6))
            ],
        ),
        "closures": (
            {"schema": "roadwork/2", "theme": "construction", "title": "Sperrungen", "writer": "areas"},
            {
                "title": "",
                "description": "",
                "kind": "",
                "road": "",
                "site": "",
                "valid_from": "instant",
                "valid_to": "instant",
                "blocked": "boolean",
            },
            [
                (
                    {
                        "id": "c1",
                        "title": "Ringstraße",
                        "description": "Gesperrt wegen eines Festes.",
                        "kind": "closure",
                        "road": "R 1",
                        "valid_from": since,
                        "valid_to": soon,
                        "blocked": "ja",
                    },
                    _way((40, -160), (170, -120)),
                ),
                *(
                    (
                        {
                            "id": f"d{i}",
                            "title": f"Altstraße {i}",
                            "kind": "roadworks",
                            "site": "d",
                            "valid_from": since,
                            "valid_to": before,
                        },
                        box(-420 + 90 * i, -330, 60, 40),
                    )
                    for i in range(2)
                ),
            ],
        ),
        "land-use": (
            {"schema": "land-use/1", "theme": "environment", "title": "Nutzung", "writer": "areas"},
            {"kind": "", "area_m2": "number"},
            [
                (
                    {"id": f"u{i}", "kind": kind, "area_m2": 90_000},
                    box(-900 + 300 * (i % 6), -450 + 300 * (i // 6), 296, 296),
                )
                for i, kind in enumerate(_USES)
            ],
        ),
        "noise": (
            {
                "schema": "noise/1",
                "theme": "environment",
                "title": "Lärm",
                "writer": "areas",
                "options": ["[tiles.options]", "outline = false"],
            },
            {"source": "", "indicator": "", "from_db": "integer", "to_db": "integer", "year": "integer"},
            [
                (
                    {
                        "id": f"{indicator}{i}",
                        "source": ["road", "rail"][i % 2],
                        "indicator": indicator,
                        "from_db": low + 5 * i,
                        "to_db": low + 5 + 5 * i if i < 4 else None,
                        "year": 2022,
                    },
                    box(-600, 150 - 40 * i, 1200, 36),
                )
                for indicator, low in (("lden", 55), ("lnight", 50))
                for i in range(5)
            ],
        ),
        "warnings": (
            {
                "schema": "weather-warning/1",
                "theme": "environment",
                "title": "Wetterwarnungen",
                "writer": "areas",
            },
            {"title": "", "description": "", "severity": "", "valid_from": "instant", "valid_to": "instant"},
            [
                (
                    {
                        "id": "a1",
                        "title": "Warnung vor Frost",
                        "description": "Es wird kalt.",
                        "severity": "minor",
                        "valid_from": since,
                        "valid_to": soon,
                    },
                    box(-3000, -3000, 6000, 6000),
                ),
                (
                    {
                        "id": "a2",
                        "title": "Warnung vor Nebel",
                        "description": "Man sah wenig.",
                        "severity": "minor",
                        "valid_from": since,
                        "valid_to": before,
                    },
                    box(-300, -200, 600, 300),
                ),
            ],
        ),
        "gauges": (
            {"schema": "gauge/1", "theme": "environment", "title": "Pegel", "writer": "stations"},
            {"name": ""},
            [],
        ),
        "limits": (
            {
                "schema": "boundary/1",
                "theme": "model",
                "title": "Stadtgrenze",
                "writer": "areas",
                "options": ["[tiles.options]", "fill = false"],
            },
            {"name": "", "key": "", "level": ""},
            [
                (
                    {"id": "b1", "name": "Stadt Vielfeld", "key": "09999000", "level": "municipality"},
                    box(-400, -260, 800, 620),
                )
            ],
        ),
    }
