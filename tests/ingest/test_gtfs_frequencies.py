"""Trips by headway: as many departures as the GTFS reference gives, hour by hour."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import File
from ingest.gtfs.feed import Feed
from ingest.gtfs.frequencies import Frequencies
from tests.ingest.asking import records
from tests.ingest.test_connector_gtfs import TABLES, feed, routes, stops
from twin.errors import SourceBroken, SourceChanged

HEAD = "trip_id,start_time,end_time,headway_secs,exact_times\n"


def by_hour(words):
    return {hour: int(count) for hour, count in enumerate(words.split(", ")) if count != "0"}


def hours(found, station="a"):
    return by_hour(found[station]["hours"])


@pytest.mark.parametrize("exact", ["0", "1", ""])
def test_a_trip_sets_out_a_headway_apart_and_never_at_the_end(tmp_path, exact):
    folder = feed(tmp_path, frequencies=HEAD + f"t1,06:30:00,08:00:00,600,{exact}\n")
    found = stops(folder)
    assert hours(found) == {6: 3, 7: 6}  # 6:30 to 7:50; not 8:00, and not the 7:00 of the stop times
    assert hours(found, "b") == {6: 3, 7: 6}  # five minutes later: 6:35 to 7:55
    assert found["a"]["peak"] == 6
    assert found["c"]["departures"] == 0
    line = routes(folder)["7"]
    assert (line["trips"], line["peak"], by_hour(line["hours"])) == (9, 6, {6: 3, 7: 6})


def test_the_way_to_a_stop_is_counted_from_the_first_stop_whatever_its_own_time(tmp_path):
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,00:00:00,00:00:00,a,1\nt1,00:50:00,00:50:00,b,2\nt1,01:10:00,01:10:00,c,3\n"
    )
    found = stops(feed(tmp_path, stop_times=times, frequencies=HEAD + "t1,09:00:00,10:00:00,1200,1\n"))
    assert hours(found) == {9: 3}
    assert hours(found, "b") == {9: 1, 10: 2}


def test_a_headway_longer_than_its_period_is_one_run(tmp_path):
    assert hours(stops(feed(tmp_path, frequencies=HEAD + "t1,09:00:00,09:10:00,3600,0\n"))) == {9: 1}


def test_runs_after_midnight_count_for_the_hour_on_the_clock(tmp_path):
    table = HEAD + "t1,23:30:00,25:30:00,1800,0\nt1,30:00:00,31:00:00,1200,0\n"
    assert hours(stops(feed(tmp_path, frequencies=table))) == {23: 1, 0: 2, 1: 1, 6: 3}


def test_periods_with_the_same_start_are_one_and_others_add_up(tmp_path):
    table = HEAD + "t1,06:00:00,07:00:00,1200,1\nt1,06:00:00,07:00:00,600,1\nt1,16:00:00,17:00:00,600,1\n"
    assert hours(stops(feed(tmp_path, frequencies=table))) == {6: 3, 16: 6}


def test_two_templates_with_the_same_stop_times_are_two_if_their_periods_differ(tmp_path):
    trips = "route_id,service_id,trip_id\nr,W,t1\nr,W,t2\nr,W,t3\n"
    head, *rows = TABLES["stop_times"].splitlines()
    all_rows = [row.replace("t1", name) for name in ("t1", "t2", "t3") for row in rows]
    times = "\n".join([head, *all_rows]) + "\n"
    table = HEAD + "t1,06:00:00,07:00:00,1200,0\nt2,16:00:00,17:00:00,1200,0\nt3,06:00:00,07:00:00,1200,0\n"
    folder = feed(tmp_path, trips=trips, stop_times=times, frequencies=table)
    assert hours(stops(folder)) == {6: 3, 16: 3}
    notes = records("gtfs", folder)[0].notes
    assert "1 trips that the feed tells twice were counted once" in notes
    assert "3 trips by headway (frequencies.txt) were counted as often as they set out" in notes


def test_beside_trips_of_a_timetable(tmp_path):
    trips = "route_id,service_id,trip_id\nr,W,t1\nr,W,t2\n"
    times = TABLES["stop_times"] + "t2,9:00:00,9:00:00,a,1\nt2,9:05:00,9:05:00,b,2\n"
    table = HEAD + "t1,09:30:00,10:00:00,600,0\nfort,09:30:00,10:00:00,60,0\n"
    folder = feed(tmp_path, trips=trips, stop_times=times, frequencies=table)
    assert hours(stops(folder)) == {9: 4}
    assert by_hour(routes(folder)["7"]["hours"]) == {9: 4}


def test_the_busiest_day_is_that_of_most_runs_not_of_most_trips(tmp_path):
    calendar = (
        TABLES["calendar"].partition("\n")[0]
        + "\nA,0,1,0,0,0,0,0,20260901,20260907\nB,0,0,1,0,0,0,0,20260901,20260907\n"
    )
    trips = "route_id,service_id,trip_id\nr,A,t1\nr,A,t2\nr,B,t3\n"
    times = TABLES["stop_times"] + "t3,8:00:00,8:00:00,a,1\nt3,8:05:00,8:05:00,b,2\n"
    table = HEAD + "t3,06:00:00,09:00:00,600,0\n"
    folder = feed(tmp_path, calendar=calendar, trips=trips, stop_times=times, frequencies=table)
    found = stops(folder)["a"]
    assert (found["day"], found["departures"]) == ("2026-09-02", 18)


def test_the_commonest_course_is_that_of_most_runs(tmp_path):
    trips = "route_id,service_id,trip_id\nr,W,t1\nr,W,t2\nr,W,t3\n"
    times = TABLES["stop_times"] + "".join(
        f"{name},{at}:00:00,{at}:00:00,a,1\n{name},{at}:05:00,{at}:05:00,c,2\n"
        for name, at in (("t2", 8), ("t3", 9))
    )
    plain, often = tmp_path / "plain", tmp_path / "often"
    plain.mkdir()
    often.mkdir()
    feed(plain, trips=trips, stop_times=times)
    feed(often, trips=trips, stop_times=times, frequencies=HEAD + "t1,06:00:00,09:00:00,600,0\n")
    drawn = [records("gtfs", folder, options={"things": "routes"})[0].geometry for folder in (plain, often)]
    assert [len(line) for line in drawn] == [9 + 2 * 16, 9 + 3 * 16]  # a to c, then by way of b


@pytest.mark.parametrize(
    "row",
    [
        "t1,06:00:00,07:00:00,0,0",
        "t1,06:00:00,07:00:00,-60,0",
        "t1,07:00:00,07:00:00,60,0",
        "t1,08:00:00,07:00:00,60,0",
        "t1,,07:00:00,60,0",
        "t1,06:00:00,spät,60,0",
        "t1,06:00:00,07:00:00,oft,0",
        ",06:00:00,07:00:00,60,0",
    ],
)
def test_a_period_that_is_none_is_told_and_the_trip_runs_once(tmp_path, row):
    folder = feed(tmp_path, frequencies=HEAD + row + "\nfort,06:00:00,07:00:00,60,0\n")
    assert hours(stops(folder)) == {7: 1}
    told = "1 periods of frequencies.txt that cannot be read were left out"
    assert told in records("gtfs", folder)[0].notes


def test_a_table_with_a_header_alone_or_without_exact_times(tmp_path):
    assert hours(stops(feed(tmp_path, frequencies=HEAD))) == {7: 1}
    short = "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,07:00:00,1800\n"
    assert hours(stops(feed(tmp_path, frequencies=short))) == {6: 2}


def test_a_table_with_other_columns_is_a_changed_source(tmp_path):
    with pytest.raises(SourceChanged, match="headway_secs"):
        stops(feed(tmp_path, frequencies="trip_id,start_time,end_time,takt\nt1,06:00:00,07:00:00,60\n"))


def test_a_day_without_trips_gives_stops_without_departures(tmp_path):
    found = stops(feed(tmp_path, frequencies=HEAD + "t1,06:00:00,07:00:00,600,0\n"), day="2026-09-05")
    assert {values["departures"] for values in found.values()} == {0}
    assert routes(tmp_path, day="2026-09-05") == {}


def test_a_headway_of_a_second_for_four_days_is_counted_not_listed(tmp_path):
    found = stops(feed(tmp_path, frequencies=HEAD + "t1,00:00:00,96:00:00,1,0\n"))
    assert found["a"]["departures"] == 4 * 86_400
    assert found["a"]["peak"] == 4 * 3600


clock = st.integers(0, 99 * 3600)
periods = st.lists(st.tuples(clock, st.integers(1, 8 * 3600), st.integers(60, 9000)), min_size=1, max_size=4)


@given(periods, st.integers(0, 99 * 3600))
def test_counting_comes_to_what_listing_every_run_comes_to(tmp_path_factory, given_periods, after):
    def clock_of(s):
        return f"{s // 3600}:{s // 60 % 60:02}:{s % 60:02}"

    rows = [(s, min(s + long, 99 * 3600 + 3599), every) for s, long, every in given_periods]
    rows = [next(group) for _, group in itertools.groupby(sorted(rows, key=lambda r: r[0]), lambda r: r[0])]
    table = HEAD + "".join(f"t,{clock_of(s)},{clock_of(e)},{every},1\n" for s, e, every in rows)
    folder = tmp_path_factory.mktemp("feed")
    (folder / "frequencies.txt").write_text(table)

    file = File("frequencies.txt", folder / "frequencies.txt", 1_000_000)
    told = Frequencies(Feed([file], "the feed"))
    listed = np.zeros(24, dtype=int)
    for start, end, every in rows:
        for at in range(start, end, every):
            listed[(at + after) // 3600 % 24] += 1
    found = told.hours(np.array([0]), np.array([after]))
    assert found[0].tolist() == listed.tolist()
    assert told.runs(np.array([0, -1])).tolist() == [listed.sum(), 1]


def test_text_that_is_not_utf8_is_told(tmp_path):
    feed(tmp_path)
    (tmp_path / "frequencies.txt").write_bytes(HEAD.encode() + b"S\xfcd,06:00:00,07:00:00,600,0\n")
    with pytest.raises(SourceBroken, match="UTF-8"):
        stops(tmp_path)


@pytest.mark.parametrize("table", ["frequencies", "shapes", "calendar_dates"])
def test_an_optional_table_without_a_byte_is_none(tmp_path, table):
    assert hours(stops(feed(tmp_path, **{table: ""}))) == {7: 1}
    trips = "route_id,service_id,trip_id,shape_id\nr,W,t1,s\n"
    assert routes(feed(tmp_path, **{table: "", "trips": trips}))["7"]["trips"] == 1


def test_a_trip_with_very_many_periods_is_counted(tmp_path):
    """A period for each second of two hours: as many runs as periods."""
    clocks = [f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(7_201)]
    rows = (f"t1,{start},{end},1,1" for start, end in itertools.pairwise(clocks))
    found = stops(feed(tmp_path, frequencies=HEAD + "\n".join(rows) + "\n"))
    assert found["a"]["departures"] == 7_200
    assert found["b"]["peak"] == 3600
