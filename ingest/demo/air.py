"""Air quality as the Umweltbundesamt's API v3 answers: arrays by position, CET all year, hour 24 included."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np

from ingest.demo.names import LOCALITY
from ingest.demo.place import NOTICE, Point, to_lonlat

DAYS = 10
_CET = timezone(timedelta(hours=1))
PM10, CO, O3, NO2, PM25 = 1, 2, 3, 5, 9
_BOUNDS = {PM10: (20, 35, 50, 100), O3: (60, 120, 180, 240), NO2: (20, 40, 100, 200), PM25: (10, 20, 25, 50)}
"""Upper limits of the publisher's classes, from very good to poor, in µg/m³."""

STATIONS: tuple[tuple[str, str, str, Point, bool], ...] = (
    ("9001", "DEXX001", "Demostadt/Zwillingsallee", (-62.0, 120.0), True),
    ("9002", "DEXX002", "Demostadt/Modellring", (-612.0, -250.0), True),
    ("9003", "DEXX003", "Demostadt/Skizzenpark", (470.0, 430.0), False),
    ("9004", "DEXX004", "Demostadt/Kirchplatz", (110.0, 48.0), False),
)
"""Number, code, name, place, and whether it stands beside a road."""

_INDICES = (
    "station id",
    "station code",
    "station name",
    "station city",
    "station synonym",
    "station active from",
    "station active to",
    "station longitude",
    "station latitude",
    "network id",
    "station setting id",
    "station type id",
    "network code",
    "network name",
    "station setting name",
    "station setting short name",
    "station type name",
    "station street",
    "station street nr",
    "station zip code",
)


def write_air(folder: Path, now: datetime, back: int = DAYS) -> None:
    """Write ``stations.json``, ``airquality.json`` and ``measures.json`` for 10 days (or `back`) to `now`."""
    import orjson

    folder.mkdir(parents=True, exist_ok=True)
    last = now.astimezone(_CET).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    first = (last - timedelta(days=back)).replace(hour=0)
    asked = {"date_from": f"{first:%Y-%m-%d}", "date_to": f"{last:%Y-%m-%d}", "lang": "de", "index": "id"}
    for name, body in (
        ("stations", {"indices": _INDICES, "count": len(STATIONS), "data": _stations()}),
        ("airquality", {"data": {row[0]: _hours(row, first, last) for row in STATIONS}}),
        ("measures", {"data": {row[0]: _carbon_monoxide(row, first, last) for row in STATIONS if row[4]}}),
    ):
        data = orjson.dumps({"request": asked, "hinweis": NOTICE, **body}, option=orjson.OPT_INDENT_2)
        (folder / f"{name}.json").write_bytes(data)


def _stations() -> dict[str, list[str | None]]:
    places = to_lonlat([row[3] for row in STATIONS])
    rows: dict[str, list[str | None]] = {}
    for (number, code, name, _, road), (lon, lat) in zip(STATIONS, places, strict=True):
        kind = ("3", "Verkehr") if road else ("1", "Hintergrund")
        rows[number] = [
            number,
            code,
            name,
            LOCALITY,
            "",
            "2020-01-01",
            None,
            f"{lon:.4f}",
            f"{lat:.4f}",
            "99",
            "1",
            kind[0],
            "XX",
            NOTICE,
            "städtisches Gebiet",
            "städtisch",
            kind[1],
            name.partition("/")[2],
            "",
            "00000",
        ]
    return rows


def _hours(row: tuple[str, str, str, Point, bool], first: datetime, last: datetime) -> dict[str, list[Any]]:
    """Every full hour: end, index, incomplete, then one entry for each component."""
    hours: dict[str, list[Any]] = {}
    start = first
    while start < last:
        entries: list[list[Any]] = [
            [component, value, _class(component, value), f"{value / _BOUNDS[component][1]:.2f}"]
            for component, value in _values(row, start)
            if value is not None
        ]
        worst = max((entry[2] for entry in entries), default=None)
        hours[f"{start:%Y-%m-%d %H:%M:%S}"] = [_end(start, first), worst, int(len(entries) < 3), *entries]
        start += timedelta(hours=1)
    return hours


def _carbon_monoxide(
    row: tuple[str, str, str, Point, bool], first: datetime, last: datetime
) -> dict[str, Any]:
    """Hourly means (scope 2) of what the index leaves out, in mg/m³; null where nothing was measured."""
    hours: dict[str, list[Any]] = {}
    start = first
    while start < last:
        no2 = dict(_values(row, start))[NO2]
        value = None if no2 is None else round(0.18 + no2 / 110, 1)
        hours[f"{start:%Y-%m-%d %H:%M:%S}"] = [CO, 2, value, _end(start, first), None]
        start += timedelta(hours=1)
    return hours


def _end(start: datetime, first: datetime) -> str:
    """End of the hour; on one of the days the last hour ends at 24, which the API does as well."""
    end = start + timedelta(hours=1)
    if end.hour == 0 and (start.date() - first.date()).days == 4:
        return f"{start:%Y-%m-%d} 24:00:00"
    return f"{end:%Y-%m-%d %H:%M:%S}"


def _values(row: tuple[str, str, str, Point, bool], start: datetime) -> list[tuple[int, int | None]]:
    """What a station measured in an hour; it depends on the hour alone, not on when we ask."""
    number, _, _, _, road = row
    key = start.toordinal() * 24 + start.hour
    day = np.random.default_rng(start.toordinal()).random(3)
    rng = np.random.default_rng((key, int(number)))
    still = 0.6 + 0.9 * day[0]  # little wind: everything gathers
    rush = np.exp(-(((start.hour - 7.5) / 1.8) ** 2)) + 0.9 * np.exp(-(((start.hour - 18.5) / 2.6) ** 2))
    light = max(0.0, np.cos((start.hour - 14.5) / 24 * 2 * np.pi))
    no2 = (31 if road else 13) * still * (0.45 + 0.75 * rush)
    pm10 = (19 if road else 14) * still * (0.8 + 0.3 * rush)
    o3 = 28 + 75 * light * (0.5 + 0.6 * day[1]) - 0.35 * no2
    means = {PM10: pm10, NO2: no2, PM25: 0.55 * pm10}
    if not road:
        means[O3] = o3
    out = rng.random() < 0.012
    noise = rng.normal(1.0, 0.07, len(means))
    return [
        (component, None if out else max(1, round(float(mean * factor))))
        for (component, mean), factor in zip(sorted(means.items()), noise, strict=True)
    ]


def _class(component: int, value: int) -> int:
    """The publisher's class: 0 very good to 4 very poor."""
    return sum(value > bound for bound in _BOUNDS[component])
