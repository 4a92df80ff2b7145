"""Made-up sources of any size in JSON, each in the dialect of its connector."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.dialects import collection, dump, feature, pages, place, time_of


def _site(number: int) -> dict[str, Any]:
    dates = {"von": "2026-07-01", "bis": "2026-12-01"}
    return {"id": str(number), "titel": f"Musterstraße {number}", "art": "Kanalbau", **dates}


def register(number: int) -> dict[str, Any]:
    """A tree in the columns of a city's register."""
    numbers = {"pflanzjahr": 1950 + number % 70, "kronedurch": 6.0, "baumhoehe": 5.0 + number % 20}
    return {"gisid": f"T{number}", "art_dtsch": "Winter-Linde", "art_bot": "Tilia cordata", **numbers}


def autobahn(folder: Path, rows: int) -> None:
    """A document for each road, of a hundred roadworks."""
    for page, numbers in pages(rows, 100):
        items = []
        for number in numbers:
            lon, lat = place(number)
            items.append(
                {
                    "identifier": f"2026-{number:06}--vi-bs.de1",
                    "isBlocked": "false",
                    "future": False,
                    "display_type": "SHORT_TERM_ROADWORKS",
                    "title": "A8 | AS Musterdorf - AS Beispielheim",
                    "subtitle": "München -> Stuttgart",
                    "coordinate": {"lat": lat, "long": lon},
                    "description": [
                        "Beginn: 29.06.2026 09:00",
                        "Ende: 28.11.2026 17:00",
                        "",
                        "Asphaltarbeiten",
                    ],
                    "geometry": {
                        "type": "LineString",
                        "coordinates": [[lon, lat], [lon + 0.02, lat + 0.005]],
                    },
                }
            )
        (folder / f"a{page:05}_roadworks.json").write_text(dump({"roadworks": items}), "utf-8")


def departures(folder: Path, rows: int) -> None:
    """Boards of twenty departures each; a row is a departure."""
    for page, numbers in pages(rows, 20):
        at = "2026-11-20T07:{:02}:00+01:00"
        board = [
            {
                "Linienname": "U1",
                "Richtungstext": "Musterziel",
                "AbfahrtszeitSoll": at.format(number % 50),
                "AbfahrtszeitIst": at.format(number % 50 + 2),
                "Produkt": "UBahn",
                "Prognose": True,
            }
            for number in numbers
        ]
        head = {
            "Metadata": {"Timestamp": at.format(0)},
            "Haltestellenname": f"Halt {page}",
            "VGNKennung": page,
        }
        (folder / f"abfahrten_{page:06}.json").write_text(dump({**head, "Abfahrten": board}), "utf-8")


def gbfs(folder: Path, rows: int) -> None:
    """One system: its three documents."""
    head = {"last_updated": 1795176000, "ttl": 60, "version": "2.3"}
    system = {"system_id": "x", "name": "Musterrad", "timezone": "Europe/Berlin", "license_id": "CC0-1.0"}
    (folder / "system_information.json").write_text(dump({**head, "data": system}), "utf-8")
    names = ("station_id", "name", "lon", "lat", "capacity")
    things = [dict(zip(names, (str(n), f"Platz {n}", *place(n), 20), strict=True)) for n in range(rows)]
    state = {"num_bikes_available": 7, "num_docks_available": 13, "last_reported": 1795175940}
    flags = {"is_installed": True, "is_renting": True, "is_returning": True}
    states = [{"station_id": str(n), **state, **flags} for n in range(rows)]
    for name, stations in (("station_information", things), ("station_status", states)):
        (folder / f"{name}.json").write_text(dump({**head, "data": {"stations": stations}}), "utf-8")


def geojson(folder: Path, rows: int) -> None:
    """Construction sites, all in one file."""
    collection(folder / "sites.geojson", (feature(n, _site(n)) for n in range(rows)))


def json_tables(folder: Path, rows: int) -> None:
    """Readings of citizens' sensors: documents of a thousand."""
    for page, numbers in pages(rows):
        items = []
        for n in numbers:
            lon, lat = place(n)
            where = {"id": n, "latitude": str(lat), "longitude": str(lon), "country": "DE"}
            values = [{"id": 2 * n + k, "value_type": f"P{k}", "value": f"{n % 40}.5"} for k in (1, 2)]
            where |= {"indoor": 0, "exact_location": 0}
            sensor = {"id": n, "pin": "1", "sensor_type": {"id": 14, "name": "SDS011"}}
            item = {
                "id": n,
                "timestamp": time_of(n)[:19].replace("T", " "),
                "location": where,
                "sensor": sensor,
            }
            items.append({**item, "sensordatavalues": values})
        (folder / f"data_{page:05}.json").write_text(dump(items), "utf-8")


def parkapi(folder: Path, rows: int) -> None:
    """Car parks of version 3 with their states: documents of a thousand."""
    for page, numbers in pages(rows):
        state: dict[str, Any] = {"capacity": 120, "has_realtime_data": True, "realtime_capacity": 118}
        state |= {"realtime_free_capacity": 59, "realtime_data_updated_at": "2026-11-20T11:44:30Z"}
        items = []
        for n in numbers:
            where = {"lon": str(place(n)[0]), "lat": str(place(n)[1]), "purpose": "CAR", "type": "CAR_PARK"}
            items.append({"id": n, "name": f"P+R {n}", **where, **state})
        (folder / f"page_{page:05}.json").write_text(dump({"items": items, "total_count": rows}), "utf-8")


def rest_json(folder: Path, rows: int) -> None:
    """Nitrogen dioxide by the hour as ``measures`` of version 4: a document for each station, of a year."""
    for page, numbers in pages(rows, 8760):
        first = datetime(2025, 1, 1, tzinfo=UTC)
        hours = [first + timedelta(hours=k) for k in range(len(numbers) + 1)]
        words = [f"{at:%Y-%m-%d %H:00:00}" for at in hours]
        values = {a: [5, 2, k % 60, b, "1"] for k, (a, b) in enumerate(pairwise(words))}
        (folder / f"m_{page:05}.json").write_text(dump({"data": {str(100 + page): values}}), "utf-8")


def sensorthings(folder: Path, rows: int) -> None:
    """Pages of fifty datastreams with twenty observations each; a row is an observation."""
    for page, numbers in pages(rows, 1000):
        streams = []
        for n in numbers[::20]:
            lon, lat = place(n)
            where = {
                "encodingType": "application/geo+json",
                "location": {"type": "Point", "coordinates": [lon, lat]},
            }
            own = {"layerName": "Anzahl_Fahrraeder_Zaehlstelle_15-Min"}
            thing = {"@iot.id": n, "name": f"Zählstelle {n}", "properties": own, "Locations": [where]}
            seen = [
                {"@iot.id": k, "phenomenonTime": time_of(k), "resultTime": time_of(k), "result": k % 60}
                for k in range(n, min(n + 20, rows))
            ]
            stream = {
                "@iot.id": n,
                "name": f"Strom {n}",
                "properties": own,
                "Thing": thing,
                "Observations": seen,
            }
            kind = {"@iot.id": 1, "name": "Anzahl Fahrräder", "definition": "http://example.org"}
            streams.append({**stream, "ObservedProperty": kind, "unitOfMeasurement": {"symbol": None}})
        (folder / f"page_{page:05}.json").write_text(dump({"value": streams}), "utf-8")


def wzdx(folder: Path, rows: int) -> None:
    """Work zones, all in one file."""

    def zone(n: int) -> dict[str, Any]:
        core = {"event_type": "work-zone", "road_names": ["Musterstraße"], "direction": "northbound"}
        dates = {"start_date": "2026-11-16T06:00:00Z", "end_date": "2026-12-18T15:00:00Z"}
        lanes = [
            {"order": 1, "status": "open", "type": "general"},
            {"order": 2, "status": "closed", "type": "general"},
        ]
        return {"core_details": core, **dates, "vehicle_impact": "some-lanes-closed", "lanes": lanes}

    collection(folder / "feed.geojson", (feature(n, zone(n), line=True) for n in range(rows)))
