"""Bicycle counters as Munich publishes them: quarter hours in monthly files, padded, gappy, one counter dead.

A day's numbers depend on the day alone: a later run adds quarter hours and changes none.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ingest.demo.place import NOTICE, Point, to_lonlat

DAYS = 90
DEAD = "Malachit"
"""This counter says 0 from its last good day on."""
DEAD_DAYS = 9
_ZONE = ZoneInfo("Europe/Berlin")

STATIONS: tuple[tuple[str, str, Point, str, str, float], ...] = (
    ("Zwilling", "Zwillingsallee Nord", (-86.0, 418.0), "stadtauswärts", "stadteinwärts", 3900.0),
    ("Spiegel", "Spiegelbrücke", (590.0, -152.0), "nach Osten", "nach Westen", 5200.0),
    ("Skizzen", "Skizzenpark West", (334.0, 180.0), "nach Norden", "nach Süden", 2600.0),
    ("Modell", "Modellring West", (-636.0, 60.0), "im Uhrzeigersinn", "gegen den Uhrzeigersinn", 1500.0),
    ("Entwurf", "Entwurfstraße", (-450.0, 55.0), "stadtauswärts", "stadteinwärts", 1900.0),
    (DEAD, "Modellring Süd", (140.0, -640.0), "nach Osten", "nach Westen", 1200.0),
)
"""Name, long name, place, both directions, bicycles on a fine weekday."""


def write_counts(folder: Path, now: datetime, back: int = DAYS) -> None:
    """Write ``stations.csv`` and one ``rad_JJJJ_MM_15min.csv`` per month for 90 days (or `back`) to `now`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["zaehlstelle,zaehlstelle_lang,latitude,longitude,richtung_1,richtung_2,besonderheiten"]
    for (name, title, _, one, two, _), (lon, lat) in zip(
        STATIONS, to_lonlat([station[2] for station in STATIONS]), strict=True
    ):
        rows.append(f"{name},{title},{lat:.6f},{lon:.6f},{one},{two},{NOTICE}")
    (folder / "stations.csv").write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    local = now.astimezone(_ZONE)
    last = local.date()
    days = [last - timedelta(days=ago) for ago in range(back, -1, -1)]
    months = sorted({(day.year, day.month) for day in days})
    for year, month in months:
        own = [day for day in days if (day.year, day.month) == (year, month)]
        lines = ["datum,uhrzeit_start,uhrzeit_ende,zaehlstelle,richtung_1,richtung_2,gesamt"]
        for index in range(len(STATIONS)):
            for day in own:
                lines += _day(index, day, now)
        path = folder / f"rad_{year}_{month:02d}_15min.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig", newline="\n")


def _day(index: int, day: date, now: datetime) -> Iterator[str]:
    """One station's rows of one day, in one of the file's manners of writing."""
    name = STATIONS[index][0]
    dead = name == DEAD and day.toordinal() > now.astimezone(_ZONE).date().toordinal() - DEAD_DAYS
    rng = np.random.default_rng((day.toordinal(), index))
    out, home = _counts(index, day, rng)
    gap = _gap(rng)
    dots = day.day % 5 == 2  # some days come with dots in the times, one a week with the date turned
    shown = f"{day:%d.%m.%Y}" if day.day % 7 == 3 else f"{day:%Y.%m.%d}"
    padded = day.day % 9 == 4
    for slot, start in enumerate(_quarters(day)):
        if start + timedelta(minutes=15) > now:
            return
        if slot in gap:
            continue
        local = start.astimezone(_ZONE)
        end = local + timedelta(minutes=14)
        first, final = f"{local:%H:%M}", f"{end:%H:%M}"
        if dots:
            first, final = first.replace(":", "."), final.replace(":", ".")
        one, two = (0, 0) if dead else (int(out[slot % 96]), int(home[slot % 96]))
        if slot == 61 and day.day % 11 == 6:
            yield f"{shown},{first},{final},{name},NA,{two},NA"
        elif padded:
            yield f"{shown},{first}        ,       {final},{name}   ,       {one},       {two},   {one + two}"
        else:
            yield f"{shown},{first},{final},{name},{one},{two},{one + two}"


def _quarters(day: date) -> Iterator[datetime]:
    """Starts of a local day's quarter hours: 92 or 100 of them when the clocks change."""
    start = datetime(day.year, day.month, day.day, tzinfo=_ZONE).astimezone(ZoneInfo("UTC"))
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=_ZONE).astimezone(ZoneInfo("UTC"))
    while start < end:
        yield start
        start += timedelta(minutes=15)


def _counts(index: int, day: date, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both directions of 96 quarter hours: two peaks on working days, one long hill at weekends."""
    hours = (np.arange(96) + 0.5) / 4
    free = day.weekday() >= 5
    noon = np.exp(-(((hours - 14.5) / 3.6) ** 2))
    if free:
        morning, evening = 0.35 * noon, 0.5 * noon
    else:
        morning = np.exp(-(((hours - 8.0) / 1.1) ** 2)) + 0.16 * noon
        evening = np.exp(-(((hours - 17.4) / 1.7) ** 2)) + 0.2 * noon
    floor = 0.012 * (1 + np.cos((hours - 14) / 24 * 2 * np.pi))
    out = 0.75 * evening + 0.35 * morning + floor
    home = 0.3 * evening + 0.85 * morning + floor
    scale = STATIONS[index][5] * _weather(day) * (0.72 if free else 1.0) / (out + home).sum()
    return rng.poisson(scale * out), rng.poisson(scale * home)


def _weather(day: date) -> float:
    """What the weather leaves of a fine day's traffic: the same for all counters, mild in summer."""
    season = 0.78 + 0.24 * np.cos((day.timetuple().tm_yday - 190) / 365.25 * 2 * np.pi)
    rain = np.random.default_rng((day.toordinal(), 99)).random()
    return float(season * (0.45 if rain < 0.14 else 0.72 if rain < 0.36 else 1.0))


def _gap(rng: np.random.Generator) -> range:
    """Quarter hours that are missing altogether: on one day in twenty, for a few hours."""
    if rng.random() > 0.05:
        return range(0)
    start = int(rng.integers(8, 80))
    return range(start, start + int(rng.integers(3, 16)))
