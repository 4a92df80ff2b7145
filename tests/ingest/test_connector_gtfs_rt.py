"""Delays: what a realtime feed says of trips, and what of that may be told."""

from contextlib import suppress
from pathlib import Path

import pytest
from google.transit import gtfs_realtime_pb2 as gtfs
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import File
from ingest.gtfs.realtime import Message
from tests.ingest.asking import records
from tests.ingest.test_connector_gtfs import zipped
from tests.replay import HTML, Answer, Replay
from twin.errors import RecipeError, SourceBroken, SourceRefused
from twin.record import Shape

AT = 1790706896  # 2026-09-29T18:34:56Z
PREFIX = {"prefix": ["de:09162:"]}
STOP = "de:09162:6:1:1"


def message(**header: int) -> gtfs.FeedMessage:
    made = gtfs.FeedMessage()
    made.header.gtfs_realtime_version = "2.0"
    made.header.timestamp = AT
    for name, value in header.items():
        setattr(made.header, name, value)
    return made


def trip(made: gtfs.FeedMessage, *delays: int, stop: str = STOP, after_s: int | None = 60) -> gtfs.TripUpdate:
    entity = made.entity.add()
    entity.id = "tu-geheim"
    update = entity.trip_update
    update.trip.trip_id = "fahrt-geheim"
    update.vehicle.id = "wagen-geheim"
    for number, delay in enumerate(delays):
        told = update.stop_time_update.add(stop_id=stop, stop_sequence=number)
        told.departure.delay = delay
        if after_s is not None:
            told.departure.time = AT + after_s
    return update


def values(folder: Path, made: gtfs.FeedMessage | bytes, **options: object) -> list[dict[str, object]]:
    body = made if isinstance(made, bytes) else made.SerializePartialToString()
    (folder / "rt.pb").write_bytes(body)
    found = records("gtfs_rt", folder / "rt.pb", options=PREFIX | options)
    assert "geheim" not in str(found)
    return [dict(r.values) for r in found if r.shape is Shape.OBSERVATION]


def test_means_by_station(tmp_path):
    made = message()
    trip(made, 0, 301, -30)
    trip(made, 300, stop="de:09162:6:1:2")
    (told,) = values(tmp_path, made)
    assert told == {
        "station": "de:09162:6",
        "time": "2026-09-29T18:34:56Z",
        "departures": 4,
        "delay": 142.8,
        "late": 25.0,
    }


def test_few_departures_tell_of_vehicles_and_are_not_told(tmp_path):
    made = message()
    trip(made, 10, 20)
    assert values(tmp_path, made) == []
    assert len(values(tmp_path, made, least=2)) == 1


@pytest.mark.parametrize(("after_s", "count"), [(0, 3), (3600, 3), (3601, 0), (-1, 0), (None, 3)])
def test_departures_of_the_next_hour_count_and_those_without_a_time(tmp_path, after_s, count):
    made = message()
    trip(made, 10, 20, 30, after_s=after_s)
    assert sum(v["departures"] for v in values(tmp_path, made)) == count
    assert [v["departures"] for v in values(tmp_path, made, window=120)] == ([] if after_s == -1 else [3])


@pytest.mark.parametrize("relationship", ["CANCELED", "DELETED"])
def test_trips_that_do_not_run_have_no_delay(tmp_path, relationship):
    made = message()
    update = trip(made, 10, 20, 30)
    update.trip.schedule_relationship = gtfs.TripDescriptor.ScheduleRelationship.Value(relationship)
    assert values(tmp_path, made) == []


@pytest.mark.parametrize("relationship", ["SKIPPED", "NO_DATA"])
def test_stops_without_a_departure_have_no_delay(tmp_path, relationship):
    made = message()
    update = trip(made, 10, 20, 30, 40)
    kinds = gtfs.TripUpdate.StopTimeUpdate.ScheduleRelationship
    update.stop_time_update[0].schedule_relationship = kinds.Value(relationship)
    assert values(tmp_path, made)[0]["departures"] == 3


def test_an_arrival_stands_for_a_departure_without_a_delay(tmp_path):
    made = message()
    update = trip(made, 0, 0, 0)
    for told, more in zip(update.stop_time_update, (1, 2, 3), strict=True):
        told.departure.ClearField("delay")
        told.arrival.delay = 60 * more
        told.arrival.time = AT + 5
    assert values(tmp_path, made)[0]["delay"] == 120.0


def test_a_delay_of_a_day_is_a_slip(tmp_path):
    made = message()
    trip(made, 86_401, 10, 10, 10, -90_000)
    assert values(tmp_path, made)[0]["departures"] == 3


def test_a_header_behind_the_trips_is_read_too(tmp_path):
    made = message()
    trip(made, 10, 20, 30)
    head = message().SerializeToString()
    body = made.SerializeToString()
    assert values(tmp_path, body.removeprefix(head) + head) == values(tmp_path, made)


def test_fields_that_nobody_knows_yet_are_passed_over(tmp_path):
    made = message()
    trip(made, 10, 20, 30)
    strange = b"\x98\x3f\x2a" + b"\xa1\x3f" + b"8" * 8 + b"\xa5\x3f" + b"4" * 4 + b"\xaa\x3f\x03abc"
    assert values(tmp_path, strange + made.SerializeToString())[0]["departures"] == 3


def test_stations_come_from_the_timetable(tmp_path):
    tables = {
        "stops": (
            "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
            "815,Hauptplatz,48.1,11.5,1,\n816,Hauptplatz,48.1,11.5,0,815\n900,Anderswo,50.1,11.5,0,\n"
        )
    }
    made = message()
    trip(made, 60, 60, 60, stop="816")
    trip(made, 60, 60, 60, stop="900")
    trip(made, 60, 60, 60, stop="unbekannt")
    options = {"box": [11.0, 48.0, 12.0, 49.0]}
    with Replay() as replay:
        replay.routes["/rt.pb"] = [Answer(made.SerializeToString(), "application/octet-stream")]
        replay.routes["/gtfs.zip"] = [Answer(zipped(**tables), "application/zip")]
        found = records(
            "gtfs_rt", replay.url + "/rt.pb", options=options | {"stations": replay.url + "/gtfs.zip"}
        )
    assert [(r.shape, r.values["station"]) for r in found] == [
        (Shape.FEATURE, "815"),
        (Shape.OBSERVATION, "815"),
    ]
    assert found[0].values["name"] == "Hauptplatz"

    (tmp_path / "realtime.pb").write_bytes(made.SerializeToString())
    (tmp_path / "gtfs.zip").write_bytes(zipped(**tables))
    local = records("gtfs_rt", tmp_path, options=options)
    assert [r.values for r in local] == [r.values for r in found]


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (HTML, SourceBroken, "web page"),
        (b"", SourceBroken, "no time"),
        (b"\x0a", SourceBroken, "cut off"),
        (b"\xff" * 20, SourceBroken, "cut off"),
        (b"\x12\xff\xff\xff\xff\x7f", SourceRefused, "no trip"),
        (message(timestamp=0).SerializeToString(), SourceBroken, "no time"),
        (message(timestamp=2**63).SerializeToString(), SourceBroken, "time is none"),
        (message(incrementality=1).SerializeToString(), SourceBroken, "changes only"),
        (b"\x12\x0ade:09162:\xff", SourceBroken, "cut off"),
    ],
)
def test_what_is_no_feed_is_told(tmp_path, body, error, words):
    with pytest.raises(error, match=words):
        values(tmp_path, body)


def test_a_feed_that_is_cut_is_broken_wherever_it_is_cut(tmp_path):
    made = message()
    trip(made, 10, 20, 30)
    body = made.SerializeToString()
    whole = len(message().SerializeToString())
    for cut in range(1, len(body)):
        if cut != whole:  # a feed without trips is a feed
            with pytest.raises(SourceBroken):
                values(tmp_path, body[:cut])


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(tmp_path_factory, body):
    path = tmp_path_factory.getbasetemp() / "any.pb"
    path.write_bytes(body)
    with suppress(SourceBroken, SourceRefused):
        list(Message(File("any.pb", path, 1000)).trips())


@pytest.mark.parametrize("options", [{}, PREFIX | {"least": 0}, PREFIX | {"window": "1h"}, {"prefixes": []}])
def test_options_of_the_realtime_feed_are_a_closed_list(tmp_path, options):
    (tmp_path / "rt.pb").write_bytes(message().SerializeToString())
    with pytest.raises(RecipeError, match="option"):
        records("gtfs_rt", tmp_path / "rt.pb", options=options)
