"""Departure boards: what may be told of them, and answers that are none."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import RecipeError, SourceBroken, SourceDown
from twin.record import Shape

AT = "2026-11-20T07:00:00+01:00"
PLACES = {
    "Haltestellen": [{"Haltestellenname": "Markt", "VGNKennung": 7, "Longitude": 11.08, "Latitude": 49.45}]
}


def departure(planned: str, real: str | None = None, **more: object) -> dict[str, object]:
    told = {"AbfahrtszeitSoll": planned, "AbfahrtszeitIst": real or planned, "Fahrtnummer": "geheim"}
    return told | {"Linienname": "U1", "Fahrzeugnummer": "geheim", "Prognose": True} | more


def board(*departures: object, stop: int = 7, at: object = AT) -> dict[str, object]:
    return {"Metadata": {"Timestamp": at}, "VGNKennung": stop, "Abfahrten": list(departures)}


def told(folder: Path, *documents: object, **options: object) -> list[dict[str, object]]:
    for number, document in enumerate(documents):
        (folder / f"{number}.json").write_text(json.dumps(document), "utf-8")
    found = records("departures", folder, options=options)
    assert "geheim" not in str(found)
    return [dict(r.values) for r in found if r.shape is Shape.OBSERVATION]


def clock(minute: int, second: int = 0) -> str:
    return f"2026-11-20T{7 + minute // 60:02d}:{minute % 60:02d}:{second:02d}+01:00"


def test_departures_of_an_hour_are_counted_by_their_real_time(tmp_path):
    late = departure(clock(0), clock(6))
    gone = departure("2026-11-20T06:59:00+01:00")
    found = told(
        tmp_path, board(departure(clock(0)), late, gone, departure(clock(59, 59)), departure(clock(60)))
    )
    assert found == [
        {"station": "7", "time": "2026-11-20T06:00:00Z", "departures": 3, "delay": 120.0, "late": 33.3}
    ]


def test_a_departure_without_a_forecast_has_no_delay(tmp_path):
    plain = [departure(clock(n), Prognose=False) for n in range(5)]
    (values,) = told(tmp_path, board(*plain, departure(clock(1))))
    assert (values["departures"], values["delay"], values["late"]) == (6, None, None)


def test_few_forecasts_would_tell_of_single_vehicles(tmp_path):
    two = board(departure(clock(1)), departure(clock(2)))
    assert told(tmp_path, two)[0]["delay"] is None
    assert told(tmp_path, two, least=2)[0]["delay"] == 0


@pytest.mark.parametrize("word", ["n/v", "", None, 7, {}, "9999-12-31T23:59:59-23:00"])
def test_a_time_that_is_none_costs_one_departure(tmp_path, word):
    (tmp_path / "0.json").write_text(json.dumps(board(departure(clock(1)), departure(word, word), None)))  # type: ignore[arg-type]
    (found,) = records("departures", tmp_path)
    assert found.values["departures"] == 1
    assert found.notes == ("2 departures whose times cannot be read were left out",)


@given(st.lists(st.tuples(st.integers(-120, 120), st.integers(-30, 90)), max_size=20))
def test_late_is_a_share_and_the_count_never_more_than_the_board(tmp_path_factory, minutes):
    folder = tmp_path_factory.getbasetemp() / "boards"
    folder.mkdir(exist_ok=True)
    rows = [departure(_at(m), _at(m + late)) for m, late in minutes]
    (values,) = told(folder, board(*rows), least=1)
    inside = [late for m, late in minutes if 0 <= m + late < 60]
    assert values["departures"] == len(inside)
    if inside:
        assert values["delay"] == round(60 * sum(inside) / len(inside), 1)
        assert 0 <= values["late"] <= 100  # type: ignore[operator]


def _at(minute: int) -> str:
    return (datetime.fromisoformat(AT) + timedelta(minutes=minute)).isoformat()


def test_one_stop_without_an_answer_does_not_cost_the_others():
    with Replay() as replay:
        replay.routes["/b/7"] = [as_json(board(departure(clock(1))))]
        replay.routes["/b/9"] = [as_json(board(stop=9))]
        replay.routes["/places"] = [as_json(PLACES)]
        options = {"stops": ["7", "8", "9"], "places": replay.url + "/places"}
        found = records("departures", replay.url + "/b/{stop}", options=options)
        assert [r.values.get("station") for r in found] == ["7", "7", None, "9"]
        assert found[0].values == {"station": "7", "name": "Markt"}
        assert "404" in found[2].notes[0]
        replay.routes["/b/9"] = [Answer(status=503)]
        with pytest.raises(SourceDown):
            records("departures", replay.url + "/b/{stop}", options=options)


@pytest.mark.parametrize(
    ("body", "words"),
    [(b'{"Message": "No HTTP resource"}', "no departure board"), (b"[]", "no departure board"),
     (json.dumps(board(at=None)).encode(), "no time"),
     (json.dumps(board() | {"Metadata": 1}).encode(), "no time"),
     (HTML, "web page"), (b'{"Abfahrten": [', "cut off")],
)  # fmt: skip
def test_an_answer_that_is_no_board_is_told(tmp_path, body, words):
    (tmp_path / "a.json").write_bytes(body)
    with pytest.raises(SourceBroken, match=words):
        records("departures", tmp_path / "a.json")


@pytest.mark.parametrize(
    "options", [{}, {"stops": ["7/../../secret"]}, {"stops": ["7"], "least": 0}, {"stop": ["7"]}]
)
def test_options_of_boards_are_a_closed_list(options):
    with pytest.raises(RecipeError, match="option"):
        records("departures", "https://example.org/{stop}", options=options)
