"""Timetables: what stands in the tables of German feeds, and what it comes to."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ingest.gtfs.feed import seconds, whole
from ingest.gtfs.modes import RANK, mode
from ingest.gtfs.stations import station_of
from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceDown, SourceRefused

WEEK = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
TABLES = {
    "agency": "agency_id,agency_name,agency_timezone\n1,Muster AG,Europe/Berlin\n",
    "calendar": f"service_id,{WEEK},start_date,end_date\nW,1,1,1,1,1,0,0,20260901,20260930\n",
    "stops": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "a,Anfang,48.10,11.50,0,\nb,Mitte,48.11,11.51,0,\nc,Ende,48.12,11.52,0,\n"
    ),
    "routes": "route_id,agency_id,route_short_name,route_long_name,route_type\nr,1,7,Anfang - Ende,3\n",
    "trips": "route_id,service_id,trip_id\nr,W,t1\n",
    "stop_times": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,7:00:00,7:00:00,a,1\nt1,7:05:00,7:05:00,b,2\nt1,7:10:00,7:10:00,c,3\n"
    ),
}


def feed(folder: Path, **tables: str | None) -> Path:
    for name, text in (TABLES | tables).items():
        if text is not None:
            (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def zipped(**tables: str | None) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (TABLES | tables).items():
            if text is not None:
                archive.writestr(f"{name}.txt", text)
    return body.getvalue()


def stops(folder: Path, **options: object) -> dict[str, dict[str, object]]:
    return {r.values["station"]: dict(r.values) for r in records("gtfs", folder, options=options)}


def routes(folder: Path, **options: object) -> dict[str, dict[str, object]]:
    found = records("gtfs", folder, options={"things": "routes"} | options)
    return {r.values["name"]: dict(r.values) for r in found}


def test_departures_are_stops_where_people_get_in_and_that_are_not_the_last(tmp_path):
    found = stops(feed(tmp_path))
    assert {key: values["departures"] for key, values in found.items()} == {"a": 1, "b": 1, "c": 0}
    assert found["a"]["lines"] == "7"
    assert found["c"]["mode"] is None


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_feed_with_bom_and_every_field_quoted_reads_the_same(tmp_path, ending):
    def quoted(text: str) -> str:
        lines = [",".join(f'"{v}"' for v in line.split(",")) for line in text.splitlines()]
        return "\ufeff" + ending.join(lines) + ending

    plain, dressed = tmp_path / "plain", tmp_path / "dressed"
    plain.mkdir()
    dressed.mkdir()
    feed(plain)
    feed(dressed, **{name: quoted(text) for name, text in TABLES.items()})
    assert stops(plain) == stops(dressed)
    assert routes(plain) == routes(dressed)


def test_rows_in_any_order_and_in_any_column_order_count_the_same(tmp_path):
    head, *rows = TABLES["stop_times"].splitlines()
    turned = [",".join(reversed(line.split(","))) for line in [head, *reversed(rows)]]
    (tmp_path / "b").mkdir()
    shuffled = feed(tmp_path / "b", stop_times="\n".join(turned) + "\n")
    assert stops(feed(tmp_path)) == stops(shuffled)
    assert routes(tmp_path) == routes(shuffled)


def test_times_of_a_long_service_day_count_for_the_hour_on_the_clock(tmp_path):
    late = "trip_id,departure_time,stop_id,stop_sequence\nt1,30:08:00,a,1\nt1,30:20:00,b,2\n"
    early = "trip_id,departure_time,stop_id,stop_sequence\nt1,6:08:00,a,1\nt1,6:20:00,b,2\n"
    both = "route_id,service_id,trip_id\nr,W,t1\nr,W,t2\n"
    at_six = late + early.partition("\n")[2].replace("t1", "t2")
    assert stops(feed(tmp_path, stop_times=late))["a"]["departures"] == 1
    found = stops(feed(tmp_path, stop_times=at_six, trips=both))["a"]
    assert found["peak"] == 2
    assert found["hours"] == ", ".join("2" if hour == 6 else "0" for hour in range(24))


def test_a_trip_told_twice_is_one_whether_under_one_id_or_two(tmp_path):
    head, *rows = TABLES["stop_times"].splitlines()
    other = [row.replace("t1", "t2") for row in rows]
    trips = "route_id,service_id,trip_id\nr,W,t1\nr,W,t1\nr,W,t2\n"
    folder = feed(tmp_path, trips=trips, stop_times="\n".join([head, *rows, *rows, *other]) + "\n")
    found = records("gtfs", folder)
    assert [r.values["departures"] for r in found] == [1, 1, 0]
    assert "2 trips that the feed tells twice were counted once" in found[0].notes
    assert routes(folder)["7"]["trips"] == 1


def test_the_typical_day_is_a_tuesday_to_thursday_that_is_no_holiday(tmp_path):
    calendar = (
        f"service_id,{WEEK},start_date,end_date\n"
        "W,1,1,1,1,1,0,0,20260928,20261004\nS,0,0,0,0,0,1,1,20260928,20261004\n"
    )
    # Tuesday is without school, Wednesday a feast; Saturday has most trips of all.
    dates = "service_id,date,exception_type\nW,20260929,2\nW,20260930,2\nS,20260930,1\n"
    trips = TABLES["trips"] + "".join(f"r,S,s{n}\n" for n in range(9))
    head, *rows = TABLES["stop_times"].splitlines()
    shifted = [r.replace("t1", f"s{n}").replace(",7:", f",{n + 8}:") for n in range(9) for r in rows]
    table = "\n".join([head, *rows, *shifted]) + "\n"
    folder = feed(tmp_path, calendar=calendar, calendar_dates=dates, trips=trips, stop_times=table)
    assert stops(folder)["a"] | {} == stops(folder, day="2026-09-30")["a"]  # nine trips beat one
    (tmp_path / "calendar_dates.txt").write_text(dates.replace("S,20260930,1\n", ""), "utf-8")
    assert (stops(folder)["a"]["day"], stops(folder)["a"]["departures"]) == ("2026-10-01", 1)
    assert stops(folder, day="2026-10-03")["a"]["departures"] == 9


def test_a_feed_that_runs_on_weekends_only_has_a_day_all_the_same(tmp_path):
    dates = "service_id,date,exception_type\nX,20261003,1\nX,20261004,2\n"
    folder = feed(
        tmp_path, calendar=None, calendar_dates=dates, trips="route_id,service_id,trip_id\nr,X,t1\n"
    )
    assert stops(folder)["a"]["day"] == "2026-10-03"


def test_platforms_become_the_station_that_people_know(tmp_path):
    table = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "de:09162:6,Hauptplatz,48.10,11.50,1,\n"
        "de:09162:6:40:81,Gleis 1,48.12,11.50,0,de:09162:6\n"
        "de:09162:6:E1,Aufzug,48.13,11.50,2,de:09162:6\n"
        "de:09162:70:1:1,Ohne Eltern,48.10,11.60,0,\n"
        "de:09162:70:1:2,Ohne Eltern,48.12,11.60,0,\n"
        "x,Anderswo,48.2,11.7,0,\n"
    )
    times = (
        "trip_id,departure_time,stop_id,stop_sequence\n"
        "t1,7:00:00,de:09162:6:40:81,1\nt1,7:05:00,de:09162:70:1:2,2\nt1,7:09:00,x,3\n"
    )
    found = {r.values["station"]: r for r in records("gtfs", feed(tmp_path, stops=table, stop_times=times))}
    assert list(found) == ["de:09162:6", "de:09162:70", "x"]
    assert found["de:09162:6"].values["name"] == "Hauptplatz"
    assert shapely.from_wkb(found["de:09162:6"].geometry).coords[0] == (11.5, 48.1)
    assert shapely.from_wkb(found["de:09162:70"].geometry).coords[0] == pytest.approx((11.6, 48.11))
    assert [found[k].values["departures"] for k in found] == [1, 1, 0]


def test_only_stations_in_the_box_and_lines_that_depart_there(tmp_path):
    other = TABLES["routes"] + "r2,1,8,,3\n"
    trips = TABLES["trips"] + "r2,W,t2\n"
    times = TABLES["stop_times"] + "t2,9:00:00,9:00:00,b,1\nt2,9:05:00,9:05:00,c,2\n"
    folder = feed(tmp_path, routes=other, trips=trips, stop_times=times)
    box = [11.49, 48.09, 11.505, 48.105]
    assert list(stops(folder, box=box)) == ["a"]
    found = routes(folder, box=box)
    assert list(found) == ["7"]
    assert found["7"]["trips"] == 1


def test_routes_of_one_name_and_operator_are_one_line_that_outlives_their_numbers(tmp_path):
    table = TABLES["routes"] + "r-neu,1,7,,700\n"
    trips = TABLES["trips"] + "r-neu,W,t2\n"
    times = TABLES["stop_times"] + "t2,7:30:00,7:30:00,a,1\nt2,7:35:00,7:35:00,b,2\n"
    found = routes(feed(tmp_path, routes=table, trips=trips, stop_times=times))
    assert found["7"]["line"] == "bus:7:Muster AG"
    assert (found["7"]["trips"], found["7"]["peak"]) == (2, 2)


SHAPES = (
    "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
    "s,48.10,11.50,1\ns,48.12,11.52,10\ns,48.11,11.515,9\n"
)


def line_of(folder: Path, **options: object) -> tuple[str, tuple[str, ...]]:
    (record,) = records("gtfs", folder, options={"things": "routes"} | options)
    return shapely.from_wkb(record.geometry).wkt, record.notes


def test_lines_run_along_shapes_else_maps_else_straight_from_stop_to_stop(tmp_path):
    wkt, notes = line_of(feed(tmp_path, shapes=SHAPES.partition("\n")[0] + "\n"))
    assert wkt == "LINESTRING (11.5 48.1, 11.51 48.11, 11.52 48.12)"
    assert notes[0].startswith("drawn straight")

    shaped = feed(tmp_path, shapes=SHAPES, trips="route_id,service_id,trip_id,shape_id\nr,W,t1,s\n")
    wkt, notes = line_of(shaped)
    assert wkt == "LINESTRING (11.5 48.1, 11.515 48.11, 11.52 48.12)"
    assert not [note for note in notes if "drawn" in note]


def course(name: str) -> dict[str, object]:
    line = {"type": "LineString", "coordinates": [[11.5, 48.1], [11.6, 48.2]]}
    return {"type": "Feature", "geometry": line, "properties": {"linie": name}}


def test_courses_of_a_map_service_are_found_by_the_lines_name(tmp_path):
    with Replay() as replay:
        replay.routes["/gtfs.zip"] = [Answer(zipped(), "application/zip")]
        layer = {"url": replay.wfs("/ows", [course(" 7"), course("7"), course("8")]), "type": "l"}
        wkt, notes = line_of(replay.url + "/gtfs.zip", lines_wfs=[layer | {"name": "linie"}])
        assert wkt == "MULTILINESTRING ((11.5 48.1, 11.6 48.2), (11.5 48.1, 11.6 48.2))"
        assert notes[0] == "drawn as the map service has it"

        replay.routes["/ows"] = [Answer(status=503)]
        # Lines that jump back and forth would tell of changes there never were.
        with pytest.raises(SourceDown):
            line_of(replay.url + "/gtfs.zip", lines_wfs=[layer])


def test_files_beside_the_tables_stand_for_the_map_service(tmp_path):
    feed(tmp_path)
    layer = {"url": "https://example.org/ows", "type": "l", "name": "linie"}
    assert line_of(tmp_path, lines_wfs=[layer])[0].startswith("LINESTRING")
    document = {"type": "FeatureCollection", "features": [course("7")]}
    (tmp_path / "linien.geojson").write_text(json.dumps(document), "utf-8")
    assert line_of(tmp_path, lines_wfs=[layer])[0].startswith("MULTILINESTRING")


def test_a_zip_is_a_folder(tmp_path):
    (tmp_path / "latest.zip").write_bytes(zipped())
    (tmp_path / "folder").mkdir()
    assert stops(tmp_path / "latest.zip") == stops(feed(tmp_path / "folder"))


@pytest.mark.parametrize(
    ("tables", "error", "words"),
    [
        ({"stop_times": None}, SourceBroken, "no table stop_times"),
        ({"calendar": None}, SourceBroken, "neither calendar"),
        ({"calendar": f"service_id,{WEEK},start_date,end_date\nW,0,0,0,0,0,0,0,20260901,20260930\n"},
         SourceBroken, "no trip runs"),
        ({"calendar": f"service_id,{WEEK},start_date,end_date\nW,1,1,1,1,1,0,0,Erika,20260930\n"},
         SourceBroken, "no day"),
        ({"stop_times": "fahrt,departure_time,stop_id,stop_sequence\nt1,7:00:00,a,1\n"},
         SourceChanged, "missing: trip_id"),
        ({"stops": HTML.decode()}, SourceBroken, "web page"),
    ],
)  # fmt: skip
def test_a_feed_that_is_none_is_told_with_table_and_reason(tmp_path, tables, error, words):
    with pytest.raises(error, match=words) as caught:
        stops(feed(tmp_path, **tables))
    assert "Erika" not in str(caught.value)


def test_text_that_is_not_utf8_is_told(tmp_path):
    feed(tmp_path)
    (tmp_path / "stops.txt").write_bytes(TABLES["stops"].replace("Anfang", "Süd").encode("cp1252"))
    with pytest.raises(SourceBroken, match="UTF-8"):
        stops(tmp_path)


def test_an_archive_that_climbs_is_refused(tmp_path):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("../stops.txt", TABLES["stops"])
    (tmp_path / "a.zip").write_bytes(body.getvalue())
    with pytest.raises(SourceRefused, match="leads out"):
        stops(tmp_path / "a.zip")


def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path):
    times = TABLES["stop_times"] + "t1,7:00:00,7:00:00,a,1\n" * 2_000_000  # 48 MB; the cap here is 16 × 2 MB
    (tmp_path / "a.zip").write_bytes(zipped(stop_times=times))
    with pytest.raises(SourceRefused, match="inflated"):
        stops(tmp_path / "a.zip")


@pytest.mark.parametrize(
    "options", [{"things": "trips"}, {"day": "morgen"}, {"box": [1, 2, 3]}, {"box": [3, 2, 1, 4]},
                {"modes": {"S": "train"}}, {"boxes": []}, {"things": "routes", "lines_wfs": [{"url": "x"}]}],
)  # fmt: skip
def test_options_are_a_closed_list(tmp_path, options):
    folder = feed(tmp_path)
    with pytest.raises(RecipeError, match="option"):
        records("gtfs", folder, options=options)


@pytest.mark.parametrize(
    ("route_type", "name", "means"),
    [(0, "16", "tram"), (1, "U3", "subway"), (2, "RE 5", "rail"), (3, "X30", "bus"), (109, "S8", "rail"),
     (402, "U6", "subway"), (400, "U6", "subway"), (700, "58", "bus"), (715, "Flex", "bus"),
     (900, "19", "tram"),
     (1000, "Fähre", "ferry"), (1400, "Bahn", "cable"), (1501, "Taxi", "other"), (-1, "?", "other"),
     (0, "S8", "rail"), (2, "S 20", "rail"), (3, "SEV 1", "bus"), (0, "S", "tram"), (200, "Flix", "bus")],
)  # fmt: skip
def test_means_by_type_and_by_name(route_type, name, means):
    assert mode(route_type, name, {"S": "rail"}) == means


@given(st.integers(-1, 2000), st.text(max_size=60))
def test_every_type_has_a_means(route_type, name):
    assert mode(route_type, name, {"S": "rail", "(": "bus"}) in RANK


@pytest.mark.parametrize(
    ("word", "value"),
    [("00:00:00", 0), ("7:05:09", 25509), ("30:08:00", 108480), (" 24:00:00 ", 86400), ("7:05", -1), ("", -1),
     ("07:60:00", -1), ("-1:00:00", -1), ("²:00:00", -1), ("100:00:00", -1), ("a:b:c", -1)],
)  # fmt: skip
def test_times_of_a_service_day(word, value):
    assert seconds(word) == value


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers_of_numbers(word):
    assert seconds(word) >= -1
    assert whole(word) >= -1


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_every_time_is_read(hours, minutes, rest):
    assert seconds(f"{hours}:{minutes:02d}:{rest:02d}") == hours * 3600 + minutes * 60 + rest


@pytest.mark.parametrize(
    ("stop", "parent", "station"),
    [("de:09162:6:40:81", None, "de:09162:6"), ("de:09162:6", None, "de:09162:6"),
     ("8000261", None, "8000261"),
     ("de:09162:6:40:81", "de:09162:6_G", "de:09162:6_G"), ("123", "9", "9"),
     ("de:9:6:1:1", None, "de:9:6:1:1"),
     ("de:09162:6:40:81", "de:09162:6:40", "de:09162:6")],
)  # fmt: skip
def test_the_station_of_a_stop_point(stop, parent, station):
    assert station_of(stop, parent) == station


@given(st.text(max_size=200))
def test_the_station_of_a_station_is_itself(stop):
    assert station_of(station_of(stop)) == station_of(stop)
