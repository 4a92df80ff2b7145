"""How a run ended, in words that say neither more nor less than what was."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.account import in_words
from ingest.ended import failed, succeeded
from tests.ingest.town_made import CITY, recipe
from twin.errors import Damaged, SourceBroken, SourceDown, SourceShrunk, StoreError, TookTooLong, TwinError
from twin.report import Report
from twin.revision import Revision
from twin.status import State, Status

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def layer(tmp_path):
    from ingest.load import load_layer

    (tmp_path / "city.toml").write_text(CITY, "utf-8")
    (tmp_path / "districts.toml").write_text(recipe("https://h/x"), "utf-8")
    return load_layer(tmp_path / "districts.toml", "town")


def revision(features):
    return Revision.model_construct(number=3, features=features)


@pytest.mark.parametrize(
    ("features", "report", "news", "words"),
    [
        (1, Report(), True, "revision 000003: 1 feature"),
        (1200, Report(observations=1), True, "revision 000003: 1,200 features, 1 new value"),
        (2, Report(held=1, broken=2), True, "revision 000003: 2 features, 1 held back, 2 broken"),
        (5, Report(), False, "unchanged since revision 000003: 5 features"),
        (5, Report(observations=7), False, "7 new values; features as in revision 000003"),
        (
            5,
            Report(observations=7, duplicate=2),
            False,
            "7 new values, 2 duplicate; features as in revision 000003",
        ),
    ],
)
def test_new_values_are_not_called_unchanged(features, report, news, words):
    assert in_words(report, revision(features), news) == words


def test_no_revision_is_said_to_stay_where_there_is_none(layer):
    error = SourceShrunk("3 features are too few; the last revision stays. Look at the source.")
    first = failed(layer, None, NOON, error)
    assert first.reason == "3 features are too few; nothing has been published yet. Look at the source."
    good = Status(layer=layer.id, interval_s=3600, last_attempt=NOON, last_success=NOON)
    assert failed(layer, good, NOON, error).reason == str(error)
    assert failed(layer, first, NOON, error).reason == first.reason


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (SourceDown("x"), State.SILENT, "Nothing has come from this source yet."),
        (SourceShrunk("x"), State.CHANGED, "delivers something other than agreed. Nothing is shown yet."),
        (StoreError("x"), State.SILENT, "Cannot be processed at the moment. Nothing is shown yet."),
    ],
)
def test_a_layer_that_never_worked_says_what_came_of_it(layer, error, state, words):
    status = failed(layer, None, NOON, error)
    at = NOON + timedelta(minutes=1)
    assert status.state(at) is state
    assert status.words(at).en.endswith(words)


@pytest.mark.parametrize(
    "error", [StoreError("no room"), Damaged("x"), TookTooLong("x"), TwinError("an error of ours")]
)
def test_a_fault_of_ours_is_not_blamed_on_the_source(layer, error):
    month = 30 * 86_400
    good = Status(layer=layer.id, interval_s=month, last_attempt=NOON, last_success=NOON)
    at = NOON + timedelta(minutes=1)
    status = failed(layer, good, at, error)
    assert status.state(at) is State.LATE
    assert status.words(at).en == "Cannot be updated at the moment. Shown is the state of a minute ago."
    assert status.next_due(timedelta(days=30)) == at + timedelta(minutes=10)
    again = failed(layer, status, at, error)
    assert again.next_due(timedelta(days=30)) == at + timedelta(minutes=20)
    assert again.next_due(timedelta(minutes=15)) == at + timedelta(minutes=3)
    assert failed(layer, good, at, SourceBroken("x")).state(at) is State.REFUSED
    assert failed(layer, good, at, SourceBroken("x")).next_due(timedelta(days=30)) == at + timedelta(days=3)


def test_no_success_is_told_that_is_still_to_come(layer):
    later = NOON + timedelta(days=2)
    told = succeeded(layer, None, NOON, Report(), news=True, newest=None, said=later)
    assert (told.last_success, told.last_change) == (NOON, NOON)
    wrong = told.model_copy(update={"last_success": later, "last_change": later})
    again = succeeded(layer, wrong, NOON, Report(), news=True, newest=None)
    assert (again.last_success, again.last_change) == (NOON, NOON)


def test_a_run_without_news_keeps_when_there_was_some_and_the_newest_value(layer):
    told = succeeded(layer, None, NOON, Report(), news=True, newest=NOON - timedelta(days=1))
    later = NOON + timedelta(days=2)
    quiet = succeeded(layer, told, later, Report(), news=False, newest=NOON - timedelta(days=2))
    assert (quiet.last_success, quiet.last_change, quiet.last_value_at) == (
        later,
        NOON,
        NOON - timedelta(days=1),
    )
