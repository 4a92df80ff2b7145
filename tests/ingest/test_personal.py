"""Personal data in text: what must be caught, and what must not be lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.personal import _KEY, LONGEST, found, scrub

CAUGHT = [
    ("Auskunft: bau@example.org", "bau@example.org"),
    ("Mail an max.muster (at) example.org", "max.muster (at) example.org"),
    ("Rückfragen unter +49 89 99998-123", "+49 89 99998-123"),
    ("Tel.: 089 99998 123 (Mo-Fr)", "089 99998 123"),
    ("Telefon 089/99998-77", "089/99998-77"),
    ("erreichbar 0151 99998877", "0151 99998877"),
    ("mobil 015199998877", "015199998877"),
    ("0049 (89) 99998 12", "0049 (89) 99998 12"),
    ("Herr Muster wohnt hier", "Muster"),
    ("bei Frau Dr. Erfunden-Beispiel melden", "Erfunden"),
    ("Familie Beispiel zieht um", "Beispiel"),
    ("Dipl.-Ing. Anna Muster", "Muster"),
    ("Ansprechpartner: Max Muster", "Max Muster"),
    ("Bauleitung Erika Beispiel", "Erika Beispiel"),
    ("IBAN DE02 1203 0000 0000 2020 51", "1203 0000"),
    ("Fahrgestell WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001"),
    ("Halter von M-AB 1234", "M-AB 1234"),
    ("PKW M LE 2727 abschleppen", "M LE 2727"),
    ("Herr LEAKNEUNZEHN", "LEAKNEUNZEHN"),
    ("Hr Muster", "Muster"),
    ("Herr McMuster-Beispiel", "Muster"),
    ("Fr. Muster hilft", "Muster"),
    ("Ansprechpartner: Muster, Max", "Max"),
    ("Ansprechpartner: M. Muster", "Muster"),
    ("Ansprechpartnerin Muster", "Muster"),
    ("Anruf 0895550006", "0895550006"),
    ("Rufnummer 0 171 5550035", "171"),
    ("muster at example dot org", "muster at example"),
    ("muster @ example . org", "example"),
]
CLEAN = [
    "Arbeiten am Trinkwassernetz",
    "Theatinerstraße 7",
    "Aventinstr. 9 - 11",
    "Rosental 10 - 16",
    "Gehweg eingeengt, Fahrbahn verengt, Wegfall von Parkplätzen",
    "EINBAHNREGELUNG vom Oberanger über Prälat-Zistl-Str. bis Blumenstr.",
    "von 27.06.2025 bis 31.03.2027",
    "Sperrung 08:00 - 16:00 Uhr, Höhe Nr. 5/10",
    "Bauabschnitt 2024/2025, Los 3",
    "Frauenstraße, Herrnstraße, Dr.-Sandner-Platz",
    "Professor-Huber-Platz",
    "U5/U6 zwischen Marienplatz und Sendlinger Tor",
    "https://stadt.example.org/bau/4711",
    "A 99 Höhe AS München-Nord, B 2 R",
    "Tempo 30, Restbreite 3,05 m",
    "Länge 120 - 150 m",
    "Auskunft im Internet",
    "Kontakt über das Bürgertelefon",
    "Ansprechpartner: Baureferat München",
    "Bauherr: Stadtwerke München GmbH",
    "Kontakt Stadtentwässerung",
    "Mo bis Fr. Gehweg gesperrt",
    "Sperrung Mo.-Fr. Fahrbahn frei ab 18 Uhr",
    "BAB A 99, AS M 12",
    "Rohr PE DN 200 verlegen",
    "Gemeinde 09162000, Los 454731",
    "Drehleiter, Dr.-Sandner-Platz 3",
]


@pytest.mark.parametrize(("text", "personal"), CAUGHT)
def test_personal_data_are_taken_out_and_named(text: str, personal: str) -> None:
    left, classes = scrub(text)
    assert left is not None
    assert personal not in left
    assert "[…]" in left
    assert classes


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert scrub(text) == (text, [])


def test_what_is_not_personal_stays_beside_what_is() -> None:
    left, classes = scrub("Kanalbau; Frau Erfunden, bau@example.org; bis Mai")
    assert left == "Kanalbau; […], […]; bis Mai"
    assert sorted(classes) == ["e-mail address", "person's name"]


def test_a_text_too_long_to_be_checked_is_not_published() -> None:
    assert scrub("a" * (LONGEST + 1))[0] is None


@given(st.text(max_size=3000))
def test_scrubbing_ends_and_is_final(text: str) -> None:
    left, _ = scrub(text)
    assert left is not None
    again, _ = scrub(left)
    assert again is not None
    assert len(again) <= len(left) + 3 * left.count("…")


@pytest.mark.parametrize("unit", ["a.", "0 ", "M-A ", "Frau ", "@a.", "DE02 ", "(0", "+4 "])
def test_hostile_repetition_takes_no_time(unit: str) -> None:
    """Bounded patterns: 10,000 characters of almost-matches are done at once."""
    scrub((unit * LONGEST)[:LONGEST])


@given(st.from_regex(_KEY, fullmatch=True))
def test_the_short_way_for_keys_misses_nothing(key):
    assert not list(found(key))
