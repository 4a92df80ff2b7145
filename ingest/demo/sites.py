"""Construction sites as Munich's GeoServer answers: unstable ids, and contacts that must not pass.

Sites come and go in a fixed cycle, so that a site keeps its dates from one day to the next, and there are
always some that are over, some that run and some that come. Of a few the end is postponed while they run.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from ingest.demo.maps import write_collection
from ingest.demo.place import Point, to_lonlat
from ingest.demo.streets import Street

CYCLE = 90
"""Days after which a slot gets its next site."""
SLOTS = 45
AHEAD, BEHIND = 28, 21
"""The city shows sites four weeks ahead; three weeks after their end they are gone."""

_WORKS = (
    ("Arbeiten am Stromnetz", "Gehweg, Radweg", "Gehweg eingeengt, Radler auf der Fahrbahn"),
    ("Arbeiten am Trinkwassernetz", "Gehweg,Fahrbahn", "Fahrbahn verengt, Gehweg gegenüber benutzen"),
    ("Fernwärmeleitung", "Fahrbahn, Parkbucht", "halbseitige Sperrung, Wegfall von Parkplätzen"),
    ("Baustelleneinrichtungsfläche", "Gehweg,Parkbucht", "Fußgängerschutztunnel, Parkbucht belegt"),
    ("Bautelleneinrichtungsfläche", "Parkbucht", None),
    ("Fahrbahnsanierung", "Fahrbahn, Radweg", "Einbahnregelung, Radfahrer frei"),
    ("Glasfaserausbau", "Gehweg", "Gehweg eingeengt"),
    ("Kanalarbeiten", "Fahrbahn", "Vollsperrung, Anlieger frei"),
    ("Kranaufstellung", "Gehweg,Fahrbahn", None),
    ("Neubau einer Haltestelle", "Fahrbahn, Gehweg", "Haltestelle verlegt"),
)
_LINK = '<a href="https://baustellen.example.org/{0}" target="_blank">https://baustellen.example.org/{0}</a>'
_LENGTHS = (12, 5, 40, 25, 60, 20, 80)
"""How many days a site takes."""
_CONTACT = "baustellen@example.org oder +49 89 99998-123"


@dataclass(frozen=True, slots=True)
class Works:
    """Works at a house, beside those that come and go in the cycle."""

    number: str
    """The publisher's own, ``fachliche_id``."""
    address: str
    what: str
    restriction: str
    ring: Sequence[Point]
    """Open."""
    begin: date
    end: date


def write_sites(path: Path, streets: Sequence[Street], now: datetime, works: Iterable[Works] = ()) -> None:
    """Write the answer of ``mor_wfs:baustellen_opendata`` for the day of `now` in Munich.

    Args:
        path: Where to.
        streets: Along which sites lie.
        now: With a zone.
        works: More of them; like all others they are shown four weeks ahead and three weeks after.
    """
    today = now.astimezone(ZoneInfo("Europe/Berlin")).date()
    built_up = [street for street in streets if street.kind != "Weg" and _length(street) > 90]
    rows = [_row(each) for each in works if _is_shown(each.begin, each.end, today)]
    for slot in range(SLOTS):
        rows += _slot(slot, today, built_up)
    rows += _no_stopping(today, built_up)
    Random(f"order {today}").shuffle(rows)  # feature ids are positions and change from day to day
    features = [
        {
            "type": "Feature",
            "id": f"baustellen_opendata.{place}",
            "geometry": {"type": "MultiPolygon", "coordinates": row.pop("geometry")},
            "geometry_name": "shape",
            "properties": row,
        }
        for place, row in enumerate(rows, start=1)
    ]
    stamp = datetime.combine(today, datetime.min.time()).isoformat() + "Z"
    write_collection(path, features, "urn:ogc:def:crs:EPSG::4326", {"timeStamp": stamp})


def _slot(slot: int, today: date, streets: Sequence[Street]) -> list[dict[str, Any]]:
    """The site that a slot shows today: none, one row, or two where it touches two streets."""
    offset = slot * CYCLE // SLOTS
    lap = (today.toordinal() + AHEAD - offset) // CYCLE
    begin = date.fromordinal(lap * CYCLE + offset)
    rng = Random(f"site {slot} {lap}")
    days = _LENGTHS[slot * 3 % 7]
    end = begin + timedelta(days=days)
    if not _is_shown(begin, end, today):
        return []
    if slot % 6 == 1 and (today - begin).days < days // 2:
        end -= timedelta(days=days // 4)  # half of the time is over before anybody says that it takes longer
    number = rng.randrange(len(streets))
    street = streets[number]
    what, affects, restriction = rng.choice(_WORKS)
    along = rng.uniform(0.15, 0.7)
    shapes = [_strip(street, along, rng)]
    row: dict[str, Any] = {
        "strasse_hausnr": street.name if slot % 4 == 0 else f"{street.name} {rng.randint(1, 80)}",
        "betroffene_bereiche": affects,
        "beschreibung": what,
        "beeintraechtigung": restriction,
        "art": "Baumaßnahme",
        "weitere_info": _LINK.format(slot) if slot % 3 == 1 else None,
        "kontakt_oeffentlich": _CONTACT if slot % 3 == 1 else None,
        "beginn_datum_kombiniert": _day(begin),
        "ende_datum_kombiniert": _day(end),
        "fachliche_id": f"9{slot:02d}{lap:05d}" if slot % 3 == 1 else None,
    }
    twin: list[dict[str, Any]] = []
    match slot % 15:
        case 3:
            row["beschreibung"] += ", Rückfragen an bauleitung@example.org oder Tel. +49 89 99998-456"
        case 5:
            row["beschreibung"] += ", Ansprechpartnerin Frau Erika Mustermann"
        case 7:
            shapes.append(_strip(street, along + 0.18, rng))
        case 9:
            a, b, c, d = shapes[0]
            shapes[0] = [a, c, b, d]  # crosses itself
        case 11:
            twin = [{"strasse_hausnr": streets[(number + 1) % len(streets)].name}]
    row["geometry"] = [[_closed(shape)] for shape in shapes]
    return [row, *({**row, **other, "geometry": row["geometry"]} for other in twin)]


def _is_shown(begin: date, end: date, today: date) -> bool:
    return begin <= today + timedelta(days=AHEAD) and end >= today - timedelta(days=BEHIND)


def _row(works: Works) -> dict[str, Any]:
    return {
        "strasse_hausnr": works.address,
        "betroffene_bereiche": "Gehweg,Parkbucht",
        "beschreibung": works.what,
        "beeintraechtigung": works.restriction,
        "art": "Baumaßnahme",
        "weitere_info": None,
        "kontakt_oeffentlich": None,
        "beginn_datum_kombiniert": _day(works.begin),
        "ende_datum_kombiniert": _day(works.end),
        "fachliche_id": works.number,
        "geometry": [[_closed(list(works.ring))]],
    }


def _no_stopping(today: date, streets: Sequence[Street]) -> list[dict[str, Any]]:
    """No-stopping zones: a house number and a day, so somebody's removal. They must never be published."""
    rows = []
    for ahead in range(-1, 7):
        day = today + timedelta(days=ahead)
        rng = Random(f"zone {day}")
        street = rng.choice(streets)
        rows.append(
            {
                "strasse_hausnr": f"{street.name} {rng.randint(1, 80)}",
                "betroffene_bereiche": "Parkbucht",
                "beschreibung": "Umzug",
                "beeintraechtigung": None,
                "art": "Vorübergehendes Haltverbot",
                "weitere_info": None,
                "kontakt_oeffentlich": None,
                "beginn_datum_kombiniert": _day(day),
                "ende_datum_kombiniert": _day(day),
                "fachliche_id": None,
                "geometry": [[_closed(_strip(street, rng.uniform(0.1, 0.8), rng, 12.0))]],
            }
        )
    return rows


def _strip(street: Street, along: float, rng: Random, length: float | None = None) -> list[Point]:
    """A four-cornered area on one side of the street."""
    import shapely

    line = shapely.LineString(street.line)
    start = along * line.length
    end = min(start + (length or rng.uniform(18.0, 62.0)), line.length - 2)
    a, b = line.interpolate(start), line.interpolate(end)
    size = max(a.distance(b), 0.5)
    nx, ny = (a.y - b.y) / size, (b.x - a.x) / size
    side = rng.choice((-1, 1))
    near, far = side * rng.uniform(0.0, 0.12) * street.width, side * rng.uniform(0.3, 0.46) * street.width
    return [
        (a.x + nx * near, a.y + ny * near),
        (b.x + nx * near, b.y + ny * near),
        (b.x + nx * far, b.y + ny * far),
        (a.x + nx * far, a.y + ny * far),
    ]


def _closed(ring: list[Point]) -> list[list[float]]:
    return to_lonlat([*ring, ring[0]])


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _length(street: Street) -> float:
    import shapely

    return float(shapely.LineString(street.line).length)
