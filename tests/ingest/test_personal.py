"""Personal data in text: what must be caught (personal_cases.toml), and what must not be lost."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import personal
from ingest.personal import _KEY, LONGEST, UNCHECKED, recognisers, scrub
from ingest.personal.recognisers import Recogniser, found
from twin.rule import CLASSES

HERE = Path(__file__).parent
TABLE = tomllib.loads((HERE / "personal_cases.toml").read_text("utf-8"))
CASES = [(name, text, part) for name, of in TABLE.items() for text, part, _ in of["cases"]]
CLEAN = (HERE / "clean_texts.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize(("name", "text", "part"), CASES, ids=range(len(CASES)))
def test_personal_data_are_taken_out_and_named(name: str, text: str, part: str) -> None:
    assert part in personal._plain(text), "the case is written wrongly"
    left, classes = scrub(text)
    assert left is not None
    assert part not in left
    assert "[…]" in left
    assert name in classes


def test_there_are_cases_of_every_class_and_classes_have_one_name() -> None:
    assert len(CASES) >= 150
    assert len({text for _, text, _ in CASES}) == len(CASES)
    assert set(TABLE) == {each.name for each in recognisers.RECOGNISERS} == set(CLASSES)


@pytest.mark.parametrize("text", CLEAN, ids=range(len(CLEAN)))
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert scrub(text) == (text, [])


def test_what_is_not_personal_stays_beside_what_is() -> None:
    left, classes = scrub("Kanalbau; Frau Erfunden, bau@example.org; bis Mai")
    assert left == "Kanalbau; […], […]; bis Mai"
    assert sorted(classes) == ["e-mail address", "person's name"]


@pytest.mark.parametrize(("name", "text", "part"), CASES, ids=range(len(CASES)))
def test_personal_data_do_not_hide_in_a_sentence(name: str, text: str, part: str) -> None:
    left, _ = scrub(
        f"Kanalbau in der Herrnstraße 3 vom 01.02.2026 bis 05.10.2026; {text}; Umleitung über B 2 R"
    )
    assert left is not None
    assert part not in left
    assert left.startswith("Kanalbau in der Herrnstraße 3 vom 01.02.2026 bis 05.10.2026; ")
    assert left.endswith("Umleitung über B 2 R")


@pytest.mark.parametrize("sign", [". ", ", ", ": ", "; ", "- ", " - ", ") ", "! ", "/2 ", ".", ","])
def test_personal_data_do_not_hide_behind_a_sign(sign: str) -> None:
    assert [text for _, text, part in CASES if part in (scrub(f"{text}{sign}Anlieger frei")[0] or "")] == []


def test_a_text_too_long_to_be_checked_is_not_published() -> None:
    assert scrub("a" * (LONGEST + 1))[0] is None


def test_a_recogniser_that_fails_lets_nothing_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> Iterator[tuple[int, int]]:
        raise RecursionError(text)

    monkeypatch.setattr(recognisers, "RECOGNISERS", (Recogniser("broken", broken, ("", "@")),))
    assert scrub("nie@gesehen.example") == (None, [UNCHECKED])


@settings(deadline=None)
@given(st.text(max_size=3000))
def test_scrubbing_ends_and_is_final(text: str) -> None:
    left, _ = scrub(text)
    assert left is not None
    again, _ = scrub(left)
    assert again is not None
    assert len(again) <= len(left) + 3 * left.count("…")


UNITS = [
    "a.",
    "0 ",
    "M-A ",
    "Frau ",
    "@a.",
    "DE02 ",
    "(0",
    "+4 ",
    "a at ",
    "Tel 0",
    "Dr. A",
    "von ",
    "00:",
    "A-",
    "B 1",
]


@pytest.mark.parametrize(
    "unit", [*UNITS, "Bike ", "Herr A, ", "Kontakt A. ", "IBAN 1 ", "t.me/", "mail at ", "MAC 0"]
)
def test_hostile_repetition_takes_no_time(unit: str) -> None:
    """Bounded patterns: 10,000 characters of almost-matches are done at once."""
    scrub((unit * LONGEST)[:LONGEST])


@given(st.from_regex(_KEY, fullmatch=True))
def test_the_short_way_for_keys_misses_nothing(key):
    assert not list(found(key))


PIECES = sorted({piece for _, text, _ in CASES for piece in text.replace(".", " ").split()})


@settings(derandomize=True, deadline=None)  # the first number called loads the numbering plans
@given(
    st.lists(st.sampled_from([*PIECES, " ", ".", ": ", "-", "/", "(", ")"]), max_size=8),
    st.sampled_from([" ", ": "]),
)
def test_hints_miss_nothing_that_a_recogniser_would_find(pieces: list[str], between: str) -> None:
    text = personal._plain(between.join(pieces))
    told = {name for name, _, _ in found(text)}
    assert {each.name for each in recognisers.RECOGNISERS if next(each.find(text), None)} == told


@pytest.mark.parametrize("text", [text for _, text, _ in CASES] + CLEAN, ids=range(len(CASES) + len(CLEAN)))
def test_hints_miss_nothing_in_the_tables(text: str) -> None:
    text = personal._plain(text)
    told = {name for name, _, _ in found(text)}
    assert {each.name for each in recognisers.RECOGNISERS if next(each.find(text), None)} == told
