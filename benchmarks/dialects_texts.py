"""Made-up sources of any size as CSV and XML, each in the dialect of its connector."""

import gzip
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.dialects import START, pages, place, write_lines

_ALERT = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>2.49.0.0.276.0.DWD.{n}</identifier>
<sender>opendata@dwd.de</sender><sent>2026-11-20T20:00:00+01:00</sent><status>Actual</status>
<msgType>Alert</msgType><scope>Public</scope><info><language>de-DE</language><category>Met</category>
<event>WINDBÖEN</event><urgency>Immediate</urgency><severity>Minor</severity><certainty>Likely</certainty>
<onset>2026-11-20T20:00:00+01:00</onset><expires>2026-11-21T06:00:00+01:00</expires>
<headline>Amtliche WARNUNG vor WINDBÖEN</headline><description>Es treten Windböen auf.</description>
<area><areaDesc>Kreis {n}</areaDesc>
<polygon>{s},{w} {s},{e} {n2},{e} {n2},{w} {s},{w}</polygon></area></info></alert>
"""


def cap(folder: Path, rows: int) -> None:
    """One archive, a file for each warning."""
    with zipfile.ZipFile(folder / "cap.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(rows):
            lon, lat = place(number)
            box = {"w": lon, "e": round(lon + 0.1, 6), "s": lat, "n2": round(lat + 0.1, 6)}
            archive.writestr(f"{number}.xml", _ALERT.format(n=number, **box))


def ckan_csv(folder: Path, rows: int) -> None:
    """Fifteen-minute counts, a hundred thousand rows a file as in a month of many stations."""
    head = "datum,uhrzeit_start,uhrzeit_ende,zaehlstelle,richtung_1,richtung_2,gesamt\n"
    for page, numbers in pages(rows, 100_000):
        times = (START + timedelta(minutes=15 * number) for number in numbers)
        lines = (f"{at:%Y.%m.%d,%H:%M,%H:%M},Muster,{at.hour},{at.day},{at.hour + at.day}\n" for at in times)
        write_lines(folder / f"rad_{page:03}.csv", head, lines)


def csv(folder: Path, rows: int) -> None:
    """Trees with longitude and latitude."""
    lines = (
        "{};{};Tilia cordata;Winter-Linde;{}\n".format(n, "{};{}".format(*place(n)), n % 30)
        for n in range(rows)
    )
    write_lines(folder / "trees.csv", "id;lon;lat;art_bot;art_dtsch;hoehe\n", lines)


_WORK = """<situation id="S-{n}" version="1">
<situationRecord xsi:type="MaintenanceWorks" id="S-{n}-1" version="1">
<situationRecordCreationTime>2026-10-01T09:00:00+02:00</situationRecordCreationTime><validity>
<validityStatus>definedByValidityTimeSpec</validityStatus><validityTimeSpecification>
<overallStartTime>2026-11-16T00:00:00+01:00</overallStartTime>
<overallEndTime>2026-11-21T00:00:00+01:00</overallEndTime>
</validityTimeSpecification></validity>
<generalPublicComment><comment><values><value lang="de">Brückenbau</value>
</values></comment></generalPublicComment>
<groupOfLocations xsi:type="Point">
<pointByCoordinates><pointCoordinates><latitude>{lat}</latitude><longitude>{lon}</longitude></pointCoordinates></pointByCoordinates></groupOfLocations>
</situationRecord></situation>
"""


_DATEX = """<?xml version="1.0" encoding="UTF-8"?>
<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
modelBaseVersion="2"><payloadPublication xsi:type="SituationPublication" lang="de">
<publicationTime>2026-11-20T10:00:00+01:00</publicationTime>
"""


def datex2(folder: Path, rows: int) -> None:
    """Roadworks, fifty thousand a document: more than 64 MB are refused."""
    for page, numbers in pages(rows, 50_000):
        items = (_WORK.format(n=n, lon=place(n)[0], lat=place(n)[1]) for n in numbers)
        tail = "</payloadPublication></d2LogicalModel>\n"
        write_lines(folder / f"works_{page:03}.xml", _DATEX, items, "", tail)


def dwd(folder: Path, rows: int) -> None:
    """Hourly archives of ten thousand hours a station, temperature and humidity: two records an hour."""
    head = "STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\n"
    places = "Stations_id;Stationshoehe;Geogr.Breite;Geogr.Laenge;von_datum;bis_datum;Stationsname\n"
    for page, numbers in pages(rows, 10_000):
        name, hours = f"{page + 1:05}", len(numbers)
        times = (datetime(2019, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(hours))
        lines = (f"{page + 1:11};{at:%Y%m%d%H};    3;  {at.hour / 3:4.1f};  88.0;eor\n" for at in times)
        with zipfile.ZipFile(
            folder / f"stundenwerte_TU_{name}_akt.zip", "w", zipfile.ZIP_DEFLATED
        ) as archive:
            row = f"{page + 1:11};  515.00; 48.1000; 11.5000;19820101;        ;Muster {page}\n"
            archive.writestr(f"Metadaten_Geographie_{name}.txt", (places + row).encode("cp1252"))
            archive.writestr(f"produkt_tu_stunde_20190101_20261120_{name}.txt", head + "".join(lines))


def gtfs(folder: Path, rows: int) -> None:
    """A timetable whose trips have twenty stops each, two thousand stops in all; a row is a stop time."""
    tables = {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Muster,https://m.de,Europe/Berlin\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
        "end_date\n"
        "1,1,1,1,1,1,0,0,20260928,20261011\n",
        "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nr,1,U9,Muster,1\n",
    }
    for name, text in tables.items():
        (folder / name).write_text(text, "utf-8")
    stops = (f"de:09162:{n},Halt {n},{place(n)[1]},{place(n)[0]},0,\n" for n in range(2000))
    head = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    write_lines(folder / "stops.txt", head, stops)
    trips = (f"r,1,t{n}\n" for n in range(-(-rows // 20)))
    write_lines(folder / "trips.txt", "route_id,service_id,trip_id\n", trips)

    def call(n: int) -> str:
        at = f"{n // 20 % 20 + 4:02}:{n % 60:02}:00"
        return f"t{n // 20},{at},{at},de:09162:{n % 2000},{n % 20}\n"

    write_lines(
        folder / "stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n",
        map(call, range(rows)),
    )


def osm(folder: Path, rows: int) -> None:
    """Roads in XML: a way of five nodes for each five rows; a row is a node."""
    nodes = (
        f'<node id="{n + 1}" lon="{place(n)[0]}" lat="{place(n)[1]}" version="1"/>\n' for n in range(rows)
    )
    refs = (range(5 * way + 1, min(5 * way + 5, rows) + 1) for way in range(rows // 5))
    ways = (
        f'<way id="{number}" version="1">{"".join(f"""<nd ref="{ref}"/>""" for ref in own)}'
        f'<tag k="highway" v="residential"/><tag k="cycleway" v="lane"/></way>\n'
        for number, own in enumerate(refs, 1)
    )
    with gzip.open(folder / "town.osm.gz", "wt", encoding="utf-8", compresslevel=1) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="benchmarks">\n')
        file.writelines(nodes)
        file.writelines(ways)
        file.write("</osm>\n")


_GML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" \
xmlns:app="http://example.org/app">
"""


def wfs(folder: Path, rows: int) -> None:
    """Trees in GML 3.2, all in one file."""
    members = (
        f'<wfs:member><app:tree gml:id="t.{n}"><app:gisid>T{n}</app:gisid>'
        "<app:art_bot>Tilia cordata</app:art_bot>"
        f'<app:shape><gml:Point srsName="urn:ogc:def:crs:EPSG::4326">'
        f"<gml:pos>{place(n)[1]} {place(n)[0]}</gml:pos>"
        f"</gml:Point></app:shape></app:tree></wfs:member>\n"
        for n in range(rows)
    )
    write_lines(folder / "trees.gml", _GML_HEAD, members, "", "</wfs:FeatureCollection>\n")
