"""Times: UTC inside, an offset outside, and refusals with a remedy."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import RequestError
from twin.status import State, Status
from twin.times import in_words, interval, iso, parse

T = datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))
def test_written_and_read_again(naive: datetime) -> None:
    instant = naive.replace(tzinfo=UTC)
    assert parse(iso(instant)) == instant


def test_what_people_type() -> None:
    assert parse("2026-03-01T13:00:00+01:00") == T
    assert parse("2026-03-01T13:00:00 01:00") == T  # a plus lost in a URL
    assert parse("2026-03-01") == T.replace(hour=0)
    assert parse("2026-03-01t12:00:00z") == parse("2026-03-01T12:00Z") == T  # RFC 3339; OData's minutes
    assert parse("2026-03-01T12:00:00.123456789Z") == T.replace(microsecond=123456)


@pytest.mark.parametrize(
    "wrong",
    [
        "gestern",
        "2026-13-01",
        "2026-03-01T12:00:00",
        "",
        "9" * 5000,
        "20260301",
        "20260301T120000Z",
        "2026-W09-7",
        "2026-03-01X12:00:00Z",
        "2026-03-01T12Z",
        "2026-03-01T12:00:00,5Z",
        "2026-03-01T12:00:00+0100",
        "2026-03-01T12:00:00+01:00:00",
        "٢٠٢٦-03-01",
    ],
)
def test_refused_with_a_remedy(wrong: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse(wrong)
    assert len(str(caught.value)) < 200


def test_intervals() -> None:
    assert interval("2026-03-01T12:00:00Z") == (T, T)
    assert interval("2026-03-01T12:00:00Z/..") == (T, None)
    assert interval("/2026-03-01T12:00:00Z") == (None, T)
    for wrong in ("../..", "2026-03-02/2026-03-01", "a/b/c"):
        with pytest.raises(RequestError):
            interval(wrong)


@pytest.mark.parametrize(
    ("age", "de", "en"),
    [
        (timedelta(seconds=5), "gerade eben", "just now"),
        (timedelta(minutes=1), "vor einer Minute", "a minute ago"),
        (timedelta(minutes=4), "vor 4 Minuten", "4 minutes ago"),
        (timedelta(hours=25), "vor einem Tag", "a day ago"),
        (timedelta(seconds=-5), "gerade eben", "just now"),
    ],
)
def test_ages_as_people_say_them(age: timedelta, de: str, en: str) -> None:
    assert in_words(age) == (de, en)


@pytest.mark.parametrize(
    ("hours", "error", "state"),
    [
        (1, None, State.FRESH),
        (3, None, State.LATE),
        (7, None, State.SILENT),
        (1, "down", State.LATE),
        (7, "down", State.SILENT),
        (1, "changed", State.CHANGED),
        (9, "shrunk", State.CHANGED),
        (1, "refused", State.REFUSED),
        (1, "geoid", State.REFUSED),
    ],
)
def test_states(hours: int, error: str | None, state: State) -> None:
    status = Status(layer="a.b", interval_s=3600, last_attempt=T, last_success=T, error=error)
    at = T + timedelta(hours=hours)
    assert status.state(at) is state
    assert status.words(at).de != status.words(at).en


def test_never_heard_of_is_silent() -> None:
    status = Status(layer="a.b", interval_s=3600, last_attempt=T, error="down", reason="x")
    assert status.state(T) is State.SILENT
    assert "noch nichts" in status.words(T).de
