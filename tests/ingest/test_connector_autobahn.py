import json

import pytest
import shapely

from ingest.connectors.features import UNREADABLE
from ingest.german_times import UNREAD
from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import RecipeError, SourceBroken, SourceDown

OPTIONS = {"roads": ["A99", " A99 ", "A8"]}
LINE = {"type": "LineString", "coordinates": [[11.70, 48.05], [11.71, 48.06]]}


def message(identifier="2026-1--vi.de1", **more):
    own = {
        "identifier": identifier,
        "isBlocked": "false",
        "future": True,
        "title": "A99 | Musterdorf - Beispielheim",
        "subtitle": " München-Süd -> München-Nord",
        "display_type": "ROADWORKS",
        "coordinate": {"lat": 48.05, "long": 11.70},
        "point": "48.05,11.70",
        "extent": "48.05,11.70,48.06,11.71",
        "description": ["Beginn: 31.07.26 um 08:30 Uhr", "Ende: 01.05.27 um 00:00 Uhr", "", "Länge: 1 km"],
        "geometry": LINE,
        "impact": {"lower": "X", "upper": "Y", "symbols": ["ARROW_UP", "SEPARATE", "CLOSED"]},
        "footer": [],
    }
    return own | more


@pytest.fixture
def replay():
    with Replay() as server:
        for road in ("A99", "A8"):
            for service in ("roadworks", "closure", "warning"):
                server.routes[f"/o/autobahn/{road}/services/{service}"] = [as_json({service: []})]
        yield server


def put(replay, road, service, *messages):
    replay.routes[f"/o/autobahn/{road}/services/{service}"] = [as_json({service: messages})]


def ask(replay, **options):
    return records("autobahn", replay.url + "/o/autobahn/", options=OPTIONS | options)


def test_the_format_of_2026(replay):
    put(replay, "A99", "roadworks", message())
    (record,) = ask(replay)
    assert record.place == "A99 roadworks, roadworks 1"
    assert shapely.from_wkb(record.geometry) == shapely.LineString(LINE["coordinates"])
    assert record.crs == "OGC:CRS84"
    assert record.notes == ()
    assert record.values["road"] == "A99"
    assert record.values["blocked"] is False
    assert record.values["begin"] == "2026-07-31T06:30:00Z"
    assert record.values["end"] == "2027-04-30T22:00:00Z"
    assert record.values["windows"] == "2026-07-31T06:30:00Z/2027-04-30T22:00:00Z"
    assert record.values["description"].endswith("Ende: 01.05.27 um 00:00 Uhr · Länge: 1 km")
    assert len(replay.asked) == 4  # two roads, two services


def test_the_format_of_2021_whose_axes_are_the_other_way_round(tmp_path):
    old = message(
        coordinate={"lat": "54.006057", "long": "10.729057"},
        point="10.729057,54.006057",
        startTimestamp="2021-06-29T09:00:00.000+0200",
        description=["Beginn: 29.06.2021 09:00", "Ende: 28.11.2021 17:00"],
        title="A1 | AS Pansdorf (17)",
    )
    del old["geometry"], old["impact"]
    (tmp_path / "a1.json").write_text(json.dumps({"roadworks": [old]}))
    (record,) = records("autobahn", tmp_path / "a1.json")
    assert shapely.from_wkb(record.geometry) == shapely.Point(10.729057, 54.006057)
    assert record.values["blocked"] is None
    assert record.values["end"] == "2021-11-28T16:00:00Z"


OLD = {
    "coordinate": {"lat": "48.05", "long": "11.70"},
    "point": "11.70,48.05",
    "extent": "11.70,48.05,11.71,48.06",
    "startTimestamp": "2021-06-29T09:00:00.000+0200",
    "description": ["Beginn: 29.06.2021 09:00", "Ende: 28.11.2021 17:00"],
}


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize(
    ("service", "kind"),
    [
        ("roadworks", "SHORT_TERM_ROADWORKS"),
        ("closure", "CLOSURE"),
        ("closure", "CLOSURE_ENTRY_EXIT"),
        ("warning", "WARNING"),
    ],
)
def test_every_service_in_both_formats(replay, service, kind, old):
    item = message("MjAyMQ==", display_type=kind, source="polizei") | (OLD if old else {})
    if old:
        del item["geometry"], item["impact"]
    put(replay, "A99", service, item)
    (record,) = ask(replay, services=["roadworks", "closure", "warning"])
    drawn = shapely.from_wkb(record.geometry)
    assert drawn == (shapely.Point(11.70, 48.05) if old else shapely.LineString(LINE["coordinates"]))
    assert (record.values["service"], record.values["display_type"]) == (service, kind)
    begin, end = (
        ("2021-06-29T07:00:00Z", "2021-11-28T16:00:00Z")
        if old
        else ("2026-07-31T06:30:00Z", "2027-04-30T22:00:00Z")
    )
    assert (record.values["begin"], record.values["end"]) == (begin, end)
    assert record.values["blocked"] is (None if old else False)


def test_a_neighbours_message_comes_once_and_is_counted_as_it_came_first(replay):
    put(replay, "A99", "roadworks", message("x", title="A8 | Eins"), message("y"))
    put(replay, "A8", "roadworks", message("x", title="A8 | Zwei"))
    found = ask(replay)
    assert [(r.values["identifier"], r.values["title"], r.values["road"]) for r in found] == [
        ("x", "A8 | Eins", "A8"),
        ("y", "A99 | Musterdorf - Beispielheim", "A99"),
        ("x", "A8 | Eins", "A8"),
    ]
    assert found[2] == found[0]


def test_a_message_that_comes_again_among_many_is_the_one_that_came_first(tmp_path):
    odd = message("x\ud83d", title="A8 | Süd\nund\u2028Nord \ud83d", subtitle=None)
    first = [message("a"), odd, message("b"), message(None), message(7)]
    second = [message("c"), odd | {"title": "A8 | Anders"}, message(None), message(7)]
    for name, messages in (("a", first), ("b", second)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"roadworks": messages}))
    found = records("autobahn", tmp_path)
    names = [record.values["identifier"] for record in found]
    assert names == ["a", "x\ud83d", "b", None, 7, "c", "x\ud83d", None, 7]
    assert found[6] == found[1]
    assert found[6].place == "a.json, roadworks 2"


def test_what_is_nested_without_end_is_told(tmp_path):
    deep = '{"a":' * 50_000 + "1" + "}" * 50_000
    (tmp_path / "a8.json").write_text('{"roadworks":[{"identifier":"x","impact":' + deep + "}]}")
    with pytest.raises(SourceBroken, match="nested too deeply"):
        records("autobahn", tmp_path / "a8.json")


def test_jams_of_a_third_party_are_never_read(replay):
    warning = message("w", display_type="WARNING", source="polizei", title="Brücke gesperrt")
    jam = message("j", source="INRIX", title="Stau")
    put(replay, "A99", "warning", warning, jam, message("INRIX--vi-zus.1"))
    assert ask(replay) == []
    (record,) = ask(replay, services=["warning"])
    assert record.values["identifier"] == "w"
    assert record.values["road"] == "A99"


def test_a_start_stated_by_itself_counts_unless_the_text_has_windows(replay):
    warning = message(description=["Beginn: 02.10.26 um 12:01 Uhr"], startTimestamp="2026-10-02T10:01:27Z")
    put(replay, "A99", "closure", warning, message("b", startTimestamp="2020-01-01T00:00:00+01:00"))
    first, second = ask(replay)
    assert (first.values["begin"], first.values["end"]) == ("2026-10-02T10:01:27Z", None)
    assert second.values["begin"] == "2026-07-31T06:30:00Z"


@pytest.mark.parametrize("stated", ["gestern", 7, "2026-10-02T10:01:27", "2027-01-01T00:00:00Z"])
def test_a_stated_start_that_cannot_be_true_gives_way(replay, stated):
    lines = ["Ende: 01.12.26 um 12:00 Uhr"]
    put(replay, "A99", "closure", message(description=lines, startTimestamp=stated))
    (record,) = ask(replay)
    assert (record.values["begin"], record.values["end"]) == (None, "2026-12-01T11:00:00Z")


def test_texts_that_cannot_be_read_are_told_and_kept(replay):
    put(replay, "A99", "closure", message(description=["Jeden Vollmond ab dem 05.10.26", 7, None]))
    (record,) = ask(replay)
    assert record.notes == (UNREAD,)
    assert record.values["end"] is None
    assert record.values["description"] == "Jeden Vollmond ab dem 05.10.26"


@pytest.mark.parametrize(
    ("more", "blocked"),
    [
        ({"isBlocked": "true"}, True),
        ({"isBlocked": True}, True),
        ({"impact": {"symbols": ["SEPARATE", "CLOSED", "CLOSED"]}}, True),
        ({"impact": {"symbols": ["SEPARATE"]}}, None),
        ({"impact": None}, None),
        ({"impact": {"symbols": "CLOSED"}}, None),
    ],
)
def test_blocked_is_what_the_lanes_say(replay, more, blocked):
    put(replay, "A99", "closure", message(**more))
    assert ask(replay)[0].values["blocked"] is blocked


def test_positions_that_are_none(replay):
    lost = [
        message("a", geometry={"type": "LineString", "coordinates": [[11.7, 48.0]]}),
        message("b", geometry=None, coordinate=None),
        message("c", geometry=None, coordinate={"lat": "11", "long": "1148.1"}),
        message("d", geometry=None, coordinate={"lat": "x", "long": "nan"}),
        "no message",
    ]
    put(replay, "A99", "roadworks", *lost)
    a, b, c, d, e = ask(replay)
    assert shapely.from_wkb(a.geometry) == shapely.Point(11.70, 48.05)
    assert a.notes
    for record in (b, c, d):
        assert record.geometry is None
        assert record.notes[0].startswith(UNREADABLE)
    assert e.values == {}


def test_what_lies_elsewhere_is_not_read(replay):
    put(
        replay,
        "A99",
        "roadworks",
        message("a"),
        message("b", geometry=None, coordinate={"lat": 50, "long": 8}),
    )
    assert [r.values["identifier"] for r in ask(replay, box=[11.36, 48.04, 11.73, 48.25])] == ["a"]
    with pytest.raises(RecipeError, match="west, south"):
        ask(replay, box=[48, 11, 49, 10])


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (as_json({"error": "Erika"}), SourceBroken, "no list of roadworks"),
        (as_json([]), SourceBroken, "no list of roadworks"),
        (Answer(HTML, "text/html"), SourceBroken, "web page"),
        (Answer(b'{"roadworks":[{"iden', "application/json"), SourceBroken, "cut off"),
        (Answer(status=429), SourceDown, "429"),
        (Answer(status=404), SourceBroken, "404"),
    ],
)
def test_errors_in_place_of_data(replay, answer, error, words):
    replay.routes["/o/autobahn/A99/services/roadworks"] = [answer]
    with pytest.raises(error, match=words) as caught:
        ask(replay)
    assert "Erika" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, r"options\.roads"),
        ({"roads": ["A8"], "services": ["webcam"]}, "webcam"),
        ({"road": "A8"}, "roads"),
    ],
)
def test_options_that_do_not_fit(replay, options, words):
    with pytest.raises(RecipeError, match=words):
        records("autobahn", replay.url + "/o/autobahn", options=options)
