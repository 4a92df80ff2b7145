"""Tokens of next links hold for the revision and the question that they were given for, for no other."""

import base64

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


@pytest.mark.parametrize("size", range(45))
def test_bytes_of_any_length_are_a_token_or_refused(size):
    """None opens anything: only those as long as ours have a number at all, and no seal of these is right."""
    token = base64.urlsafe_b64encode(bytes(size)).rstrip(b"=").decode()
    if size in (32, 36, 40, 44):
        assert continued.number(token) == 0
        assert continued.others(token) == (0,) * ((size - 32) // 4)
    else:
        for read in (continued.number, continued.others):
            with pytest.raises(RequestError, match="token"):
                read(token)
    with pytest.raises(RequestError, match="token"):
        continued.place(token, REVISION, "question")


@pytest.mark.parametrize("more", ["!", "!!!!", " ", "\n", "+", "=", "====", "é"])
def test_a_token_is_written_in_one_way(more):
    token = continued.write(REVISION, "question", 4, NOON)
    for other in (token[:7] + more + token[7:], more + token, token + more):
        with pytest.raises(RequestError, match="token"):
            continued.place(other, REVISION, "question")


@pytest.mark.parametrize("byte", range(40))
def test_no_byte_of_a_token_can_be_another(byte):
    token = continued.write(REVISION, "question", 4, NOON, (3, 5))
    data = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    assert len(data) == 40
    data[byte] ^= 1
    with pytest.raises(RequestError, match="token"):
        continued.place(base64.urlsafe_b64encode(data).rstrip(b"=").decode(), REVISION, "question")
