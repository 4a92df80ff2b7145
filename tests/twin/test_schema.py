"""Codes that sources write within texts, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from twin.schema import Column, Kind
from twin.schemas import SCHEMAS, schema
from twin.schemas.words import codes, t, text

CODED = {(s.id, c.name): c for s in SCHEMAS.values() for c in s.columns if c.codelist}


@pytest.mark.parametrize(
    ("where", "column", "said", "de", "en", "ls"),
    [
        ("road/1", "surface", "asphalt", "Asphalt", "asphalt", "Asphalt"),
        (
            "road/1",
            "surface",
            "paving_stones;sett",
            "Pflastersteine;Kopfsteinpflaster",
            "paving stones;stone setts",
            "Pflaster-Steine;Kopf-Stein-Pflaster",
        ),
        ("roadwork/4", "direction", "northBound", "nach Norden", "northbound", "nach Norden"),
        (
            "roadwork/1",
            "restriction",
            "some-lanes-closed, 1 of 2 closed",
            "einige Fahrstreifen gesperrt, 1 von 2 gesperrt",
            "some lanes closed, 1 of 2 closed",
            "zum Teil gesperrt, 1 von 2 gesperrt",
        ),
        ("roadwork/4", "restriction", "repairWork", "Reparatur", "repair work", "Reparatur"),
        ("counter/1", "direction_2", "Stadtauswärts", "stadtauswärts", "out of the city", "aus der Stadt"),
        ("parking/1", "opening_hours", "24/7", "rund um die Uhr", "day and night, every day", "immer"),
        (
            "parking/1",
            "opening_hours",
            "Mo-Fr 08:00-18:00",
            "Montag-Freitag 08:00-18:00",
            "Monday-Friday 08:00-18:00",
            "Montag-Freitag 08:00-18:00",
        ),
        (
            "weather-warning/1",
            "area_name",
            "polygonal event area",
            "das Gebiet auf der Karte",
            "the area on the map",
            "das Gebiet auf der Karte",
        ),
    ],
)
def test_codes_of_the_sources_are_told_in_words(where, column, said, de, en, ls):
    told = schema(where).column(column)
    assert [told.in_words(said, language) for language in ("de", "en", "ls")] == [de, en, ls]


@pytest.mark.parametrize(
    "prose", ["Richtung Asphaltweg", "Stuttgart Richtung München", "1,50 m", "aſphalt", "tar_gravel", ""]
)
def test_what_is_no_code_stays_as_the_source_wrote_it(prose):
    for column in CODED.values():
        assert column.in_words(prose, "de") == prose, column.name


def test_no_code_ends_within_a_word():
    surface = schema("road/1").column("surface")
    assert surface.in_words("gravelsand, gravel", "de") == "gravelsand, Schotter"


@given(st.text())
def test_any_text_can_be_told(said):
    for column in CODED.values():
        column.in_words(said, "en")


@pytest.mark.parametrize("column", CODED.values(), ids=map(str, CODED))
def test_each_code_is_found_where_it_stands_alone(column):
    for code in column.codelist:
        assert column.in_words(code.value, "de") == code.title.de
        assert not any(mark in code.title.get(language) for mark in "_:" for language in ("de", "en", "ls"))


def test_codes_are_of_texts_and_written_plainly():
    with pytest.raises(ValidationError, match="no text"):
        Column(name="x", title=t("X", "X"), kind=Kind.ENUM, codelist=codes(("a", "A", "a", "A")))
    with pytest.raises(ValidationError, match="small letters"):
        text("x", "X", "X", codelist=codes(("A.b", "A", "a", "A")))
