"""What the made-up city's publishers said on some days of the year before its first start, in own files.

In that year a museum was built on bare ground and a house beside it was raised, sites came and went, counters
and stations were set up. None of it has a fixed date: it is always as long ago as it says here.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.demo import air, bikes, citygml, sites
from ingest.demo.houses import DWELLING, DWELLING_AND_TRADE, MUSEUM, lowered
from ingest.demo.place import CORE, Point
from ingest.demo.sites import Works
from ingest.demo.streets import Street
from ingest.demo.town import Sited
from ingest.job import Earlier

WEEKS = (52, 39, 26, 17, 12, 8, 6, 4, 3, 2, 1)
"""So many weeks ago publishers were asked, at noon; sites every time."""
SURVEYED, COUNTED, MEASURED = 6, 12, 1
"""Weeks since the survey has the town of today, since there are counters, and stations for the air."""
RAISED_BY = 2
"""Storeys."""
_MUSEUM: Point = (150.0, -250.0)
_NEAR = 150.0
_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class News:
    """Places in the town's order of what the year has brought; none where the town is too small for it."""

    new: frozenset[int]
    raised: frozenset[int]


def write_past(
    folder: Path, today: Path, built: Sequence[Sited], streets: Sequence[Street], now: datetime
) -> tuple[Earlier, ...]:
    """Write what was said on each of the days into a folder of its own.

    Args:
        folder: Where to make them.
        today: The files of today; the survey's hold for some weeks already.
        built: The core's houses of today.
        streets: The core's.
        now: The instant of the first start, with a zone.

    Returns:
        The days, in order of time.
    """
    last = now.astimezone(_ZONE).date()
    news = news_of(built)
    days: list[Earlier] = []
    for weeks in WEEKS:
        at = datetime.combine(last - timedelta(weeks=weeks), time(12), _ZONE).astimezone(UTC)
        own, told = folder / f"{at:%Y-%m-%d}", {"construction-sites"}
        own.mkdir(parents=True)
        sites.write_sites(own / "construction-sites.json", streets, at, _works(built, news, last, weeks))
        if weeks == WEEKS[0]:
            (own / "buildings").mkdir()
            before = [_before(place, sited, news) for place, sited in enumerate(built)]
            citygml.write_tile(own / "buildings" / f"{CORE.tile}.gml", CORE, before, news.new)
            told.add("buildings")
        if weeks == SURVEYED:
            days.append(Earlier(at, today, frozenset({"buildings"})))
        if weeks == COUNTED:
            bikes.write_counts(own / "bike-counts", at, back=1)
            told.add("bike-counts")
        if weeks == MEASURED:
            air.write_air(own / "air-quality", at, back=1)
            told.add("air-quality")
        days.append(Earlier(at, own, frozenset(told)))
    return tuple(days)


def news_of(built: Sequence[Sited]) -> News:
    """Which of the core's houses are new, and which one was raised."""
    far = [math.dist(_middle(sited.house.footprint), _MUSEUM) for sited in built]
    new = [n for n, sited in enumerate(built) if sited.house.function == MUSEUM and far[n] < _NEAR]
    plain = [n for n, sited in enumerate(built) if _is_plain(sited)]
    return News(frozenset(new), frozenset(sorted(plain, key=far.__getitem__)[:1] if new else ()))


def _is_plain(sited: Sited) -> bool:
    house = sited.house
    return house.function in (DWELLING, DWELLING_AND_TRADE) and house.storeys == 5 and len(house.bodies) == 1


def _before(place: int, sited: Sited, news: News) -> Sited:
    return replace(sited, house=lowered(sited.house, RAISED_BY)) if place in news.raised else sited


def _works(built: Sequence[Sited], news: News, last: date, weeks: int) -> Iterator[Works]:
    """The works at these houses as they were announced so many weeks ago: of both the end was postponed."""

    def ago(number: int) -> date:
        return last - timedelta(weeks=number)

    if news.new:
        at = [point for place in news.new for point in built[place].house.footprint]
        street = built[min(news.new)].house.street
        what = "Neubau eines Museums", "Gehweg gesperrt, Baustellenzufahrt"
        yield Works("99100001", street, *what, _around(at), ago(60), ago(10 if weeks > 39 else SURVEYED))
    for place in news.raised:
        house = built[place].house
        what = f"Aufstockung um {RAISED_BY} Geschosse, Gerüst und Kran", "Gehweg eingeengt"
        ends = ago(9 if weeks > 8 else SURVEYED - 1)
        yield Works("99200001", house.street, *what, _around(house.footprint), ago(20), ends)


def _around(points: Sequence[Point]) -> list[Point]:
    """The plot on which the points lie, with a little of the pavement: counter-clockwise, open."""
    import shapely

    plot = shapely.orient_polygons(shapely.MultiPoint(points).convex_hull.buffer(3.0, join_style="mitre"))
    return [(x, y) for x, y in plot.exterior.coords[:-1]]


def _middle(points: Sequence[Point]) -> Point:
    xs, ys = zip(*points, strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)
