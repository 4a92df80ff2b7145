from datetime import UTC, datetime, timedelta

import pytest
from made import AIR, COUNTS, NOON, SITES, publish, stations

from api import firsts
from api.service import Service
from catalog.observations import append
from twin.record import Feature, Observation
from twin.settings import Settings
from twin.store import open_store


@pytest.fixture
def service():
    return Service(Settings(), open_store("memory://"), 0, lambda: NOON)


def test_air_is_told_in_the_publishers_words_first(service):
    revision = publish(service.store, AIR, stations(AIR), NOON - timedelta(days=1))
    rows = [("pm10", 9.44, "ug/m3"), ("no2", 112.0, "ug/m3"), ("air_quality_index", 3.0, "1")]
    hour = NOON - timedelta(hours=1)
    append(service.store, AIR.id, [Observation("probe.air-quality.arnulf", *row, hour) for row in rows], NOON)
    told, more = firsts.firsts(service, AIR, revision, "de")
    assert told[0] == (
        "Arnulf: Luftqualitätsindex: schlecht; PM10 (feiner Staub): 9,4 µg/m³; "
        "NO₂ (Stickstoffdioxid): 112 µg/m³ (Stand 01.03.2026, 12:00 Uhr)"
    )
    assert told[1:] == ["Hirsch: zurzeit keine Werte"]
    assert more == 0


@pytest.mark.parametrize(
    ("name", "unit", "said"),
    [("speed", "km/h", "110 km/h"), ("occupancy", "%", "7,5 %")],
)
def test_values_have_their_units(service, name, unit, said):
    revision = publish(service.store, COUNTS, stations(COUNTS), NOON - timedelta(days=1))
    hour, value = NOON - timedelta(hours=1), {"speed": 110.0, "occupancy": 7.5}[name]
    append(service.store, COUNTS.id, [Observation("probe.bike-counts.arnulf", name, value, unit, hour)], NOON)
    told, _ = firsts.firsts(service, COUNTS, revision, "de")
    assert f": {said} (Stand" in told[0]


def test_what_is_more_is_counted(service):
    many = stations(COUNTS) * 5
    features = [type(f)(f"{f.id}{i}", f.source_id, {"name": f"s{i}"}, f.geometry) for i, f in enumerate(many)]
    revision = publish(service.store, COUNTS, features)
    told, more = firsts.firsts(service, COUNTS, revision, "en")
    assert (len(told), more) == (6, 4)
    assert "no values at present" in told[0]


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [(1234567.0, "de", "1.234.567"), (1234.0, "en", "1,234"), (0.25, "de", "0,2"), (0.0, "en", "0")],
)
def test_numbers_as_people_write_them(value, language, text):
    assert firsts.number(value, language) == text


@pytest.mark.parametrize(
    ("end", "language", "text"),
    [
        ("2027-01-18T23:00:00Z", "de", "18.01.2027"),  # the midnight after the last day, in winter
        ("2026-06-30T22:00:00Z", "en", "30 June 2026"),  # and in summer
        ("2026-10-24T22:00:00Z", "de", "24.10.2026"),  # before the night that has an hour more
        ("2027-01-19T00:00:00Z", "de", "19.01.2027"),  # one o'clock: an instant, no day
        ("2027-01-18T22:59:59Z", "de", "18.01.2027"),
    ],
)
def test_the_last_day_that_counts_is_told(end, language, text):
    assert firsts.last_day(end, language) == text


def test_a_site_runs_until_its_last_day(service):
    values = {"title": "Kanal", "valid_from": None, "valid_to": datetime(2027, 1, 18, 23, tzinfo=UTC)}
    revision = publish(service.store, SITES, [Feature("probe.construction-sites.a", "a", values, None)])
    assert firsts.firsts(service, SITES, revision, "de")[0] == ["Kanal: läuft bis 18.01.2027"]


def test_dates_are_local(service):
    assert firsts.day("2026-06-30T22:30:00Z", "de") == "01.07.2026"
    assert firsts.day("2026-06-30T22:30:00Z", "en") == "1 July 2026"
    assert firsts.day(None, "de") == ""
