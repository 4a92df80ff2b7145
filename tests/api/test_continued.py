"""Tokens of next links hold for the revision and the question that they were given for, for no other."""

import pytest

from api import continued
from twin.errors import RequestError
from twin.revision import Revision

from made import NOON  # isort: skip

REVISION = Revision(
    layer="probe.buildings",
    number=7,
    claim="a" * 32,
    snapshot="snapshots/x",
    published_at=NOON,
    holds_from=NOON,
    digest="d" * 64,
    features=30,
    bbox=None,
    objects={},
)


def test_a_token_says_where_to_go_on():
    token = continued.write(REVISION, "question", 4, NOON)
    assert continued.number(token) == 7
    assert continued.place(token, REVISION, "question") == (4, NOON)
    assert (
        continued.place(continued.write(REVISION, "question", 2**40, NOON), REVISION, "question")[0] == 2**40
    )


@pytest.mark.parametrize(
    "change",
    [
        {"layer": "probe.streets"},
        {"number": 8},
        {"claim": "b" * 32},
        {"digest": "e" * 64},
    ],
)
def test_no_token_opens_another_revision(change):
    other = REVISION.model_copy(update=change)
    for mine, yours in ((REVISION, other), (other, REVISION)):
        token = continued.write(mine, "question", 4, NOON)
        assert continued.place(token, mine, "question") == (4, NOON)
        with pytest.raises(RequestError, match="token"):
            continued.place(token, yours, "question")


def test_no_token_answers_another_question():
    token = continued.write(REVISION, "question", 4, NOON)
    for other in ("", "questio", "question ", "Question"):
        with pytest.raises(RequestError, match="token"):
            continued.place(token, REVISION, other)


def test_what_is_told_of_a_revision_does_not_run_together():
    one = REVISION.model_copy(update={"layer": "probe.ab", "claim": "c"})
    two = REVISION.model_copy(update={"layer": "probe.a", "claim": "bc"})
    with pytest.raises(RequestError, match="token"):
        continued.place(continued.write(one, "q", 4, NOON), two, "q")


def test_no_other_place_can_be_written_in():
    token = continued.write(REVISION, "question", 4, NOON)
    other = continued.write(REVISION, "question", 5, NOON)
    assert token != other
    with pytest.raises(RequestError, match="token"):
        continued.place(other[:26] + token[26:], REVISION, "question")
