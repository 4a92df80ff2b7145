"""Bodies of visitors are read whole, handed on once, or refused in words; who leaves meanwhile is let go."""

import pytest

from api import bodies

GONE = {"type": "http.disconnect"}


def part(data, more):
    return {"type": "http.request", "body": data, "more_body": more}


def read(run_apart, *messages, length=None):
    """What comes of a body, after which its reader is asked twice more."""
    left = list(messages)

    async def receive():
        return left.pop(0)

    async def ask():
        headers = [] if length is None else [(b"content-length", length)]
        handed_on = await bodies.read({"headers": headers}, receive, 10, 60)
        return [await handed_on(), await handed_on()]

    return run_apart(ask)


def test_what_was_read_is_handed_on_once_and_then_what_comes_after_it(run_apart):
    assert read(run_apart, part(b"a", True), part(b"b", False), GONE) == [part(b"ab", False), GONE]


def test_who_leaves_amid_a_body_is_not_answered_as_if_it_were_whole(run_apart):
    with pytest.raises(bodies.Left):
        read(run_apart, part(b"a", True), GONE, GONE, GONE)


@pytest.mark.parametrize(("length", "messages"), [(b"11", ()), (None, (part(b"x" * 11, True),))])
def test_a_refusal_is_a_sentence(run_apart, length, messages):
    with pytest.raises(bodies.Refused, match=r"^The body is larger than 10 bytes"):
        read(run_apart, *messages, length=length)
