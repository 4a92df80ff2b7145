"""Mapping functions: real spellings in, plain values out, refusals without values."""

import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fields import FUNCTIONS, SHORTCUTS, Context
from twin.record import Solid

PLAIN = Context()


def made(name: str, *values: object, **options: object) -> object:
    return FUNCTIONS[name](list(values), Context(dict(options)))


def test_text_loses_blanks_and_survives_lone_surrogates() -> None:
    assert made("text", "  Arnulf   Straße ") == "Arnulf Straße"
    assert made("text", "   ") is None
    str(made("text", "a\ud800b")).encode("utf-8")
    assert made("text", "NA", missing=["NA"]) is None


def test_anchor_becomes_address_and_script_does_not() -> None:
    anchor = '<a href="https://netze.example.org/a?b=1&amp;c=2" target="_blank">mehr</a>'
    assert made("link", anchor) == "https://netze.example.org/a?b=1&c=2"
    assert made("link", "siehe https://example.org/x.") == "https://example.org/x"
    assert made("link", '<a href="javascript:alert(1)">x</a>') is None


def test_html_goes_text_stays() -> None:
    assert made("plain", "<b>Gehweg</b>&nbsp;frei &amp; sicher") == "Gehweg frei & sicher"


def test_days_are_berlin_days_and_the_last_one_counts() -> None:
    assert made("day_start", "27.06.2025") == datetime(2025, 6, 26, 22, tzinfo=UTC)
    assert made("day_end", "31.12.2026") == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert made("day_end", "29.03.2026") == datetime(2026, 3, 29, 22, tzinfo=UTC)  # the 23-hour day
    assert made("day_start", None) is None


@pytest.mark.parametrize("wrong", ["31.02.2026", "heute", "2026-13-01", "1.1.26"])
def test_a_wrong_day_is_refused_without_being_told(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a date") as caught:
        made("day_start", wrong)
    assert wrong not in str(caught.value)


@pytest.mark.parametrize("wrong", ["1e999", "NaN", "inf", "viele", "1,5"])
def test_numbers_are_finite_numbers(wrong: str) -> None:
    with pytest.raises(ValueError, match="number"):
        made("number", wrong)


def test_decimal_comma_only_where_the_recipe_says_so() -> None:
    assert made("number", "1.234,5", comma=True) == 1234.5
    assert made("number", "4363287.495", factor=1e-6) == pytest.approx(4.363287495)


@pytest.mark.parametrize(
    ("told", "factor", "wanted"),
    [
        ("92", 0.0031831, "0.2928452"),
        ("0.1", 3, "0.3"),
        ("123456789.12345678", 1, "123456789.12345678"),
        ("-1,1", 1.1, "-1.21"),
    ],
)
def test_a_factor_leaves_numbers_as_people_write_them(told: str, factor: float, wanted: str) -> None:
    assert repr(made("number", told, factor=factor, comma="," in told)) == wanted


def test_what_a_factor_makes_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        made("number", "1e308", factor=1000)


def test_choices_by_word_then_by_longest_beginning_then_otherwise() -> None:
    options = {"map": {"1000": "flat"}, "prefix": {"31": "a", "3100": "b"}, "otherwise": "other"}
    assert made("choice", "1000", **options) == "flat"
    assert made("choice", "31001", **options) == "b"
    assert made("choice", "99", **options) == "other"
    with pytest.raises(ValueError, match="words the recipe knows"):
        made("choice", "99", map={})


def test_height_says_where_it_comes_from() -> None:
    points = np.array([[0, 0, 510.0], [1, 0, 510.0], [1, 1, 517.25]])
    solid = Solid(points, np.array([0, 3]), np.array([0, 1]), np.array([1], np.uint8))

    def both(*values: object) -> tuple[object, object]:
        context = Context(geometry=solid)
        names = ("building_height", "building_height_source")
        height, source = (FUNCTIONS[name](list(values), context) for name in names)
        return height, source

    assert both("21.5", [9.0]) == (21.5, "measured")
    assert both(None, [9.0, 12.5]) == (12.5, "part")
    assert both("0", []) == (7.25, "derived")
    assert FUNCTIONS["building_height"]([None, None], PLAIN) is None


@given(st.dates(min_value=datetime(1990, 1, 1).date(), max_value=datetime(2090, 1, 1).date()))
def test_a_day_ends_where_the_next_begins(day: object) -> None:
    from datetime import date, timedelta

    assert isinstance(day, date)
    after = day + timedelta(days=1)
    assert made("day_end", day.isoformat()) == made("day_start", after.strftime("%d.%m.%Y"))
    local = made("day_start", day.isoformat())
    assert isinstance(local, datetime)
    assert local.astimezone(ZoneInfo("Europe/Berlin")).date() == day


@given(
    st.sampled_from(sorted(FUNCTIONS)),
    st.one_of(st.none(), st.text(), st.integers(), st.booleans(), st.floats()),
)
def test_no_function_fails_otherwise_than_by_valueerror(name: str, value: object) -> None:
    if name.startswith("raster") or name == "constant":
        return
    with contextlib.suppress(ValueError):
        FUNCTIONS[name]([value, None], PLAIN)


def test_of_two_heights_exactly_one_is_the_tree_s() -> None:
    assert made("tree_height", "519.2", "14.5", between=[2, 60]) == 14.5
    assert made("tree_height", "14.5", "519.2", between=[2, 60]) == 14.5
    for neither in (("14.5", "15.5"), ("519.2", "1.1"), (None, None), (None, "700")):
        with pytest.raises(ValueError, match="not exactly one is the height of a tree"):
            made("tree_height", *neither, between=[2, 60])


@pytest.mark.parametrize("name", SHORTCUTS)
@given(value=st.one_of(st.none(), st.floats(), st.integers(), st.booleans(), st.text(max_size=5)))
def test_a_shortcut_says_what_its_function_says(name, value):
    known = SHORTCUTS[name](value)
    if known is not None:
        assert known == FUNCTIONS[name]([value, []], PLAIN)
