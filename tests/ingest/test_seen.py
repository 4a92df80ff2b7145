"""What was there already is known by its checksum, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.connectors import seen
from ingest.connectors.seen import Seen

names = st.one_of(st.text(max_size=20), st.integers())


@given(st.lists(names))
def test_it_knows_what_a_dict_would_know(given_names):
    known, told = Seen(), {}
    for place, name in enumerate(given_names):
        assert known.add(name, place) == told.get(name)
        told.setdefault(name, place)
        assert known.number(name) == told[name]
    assert len(known) == len(told)
    assert all(name in known for name in told)


@given(st.lists(names, unique=True, min_size=2))
def test_it_knows_nothing_else(given_names):
    known = Seen()
    known.add(given_names[0])
    assert not any(name in known for name in given_names[1:])


def test_a_number_is_another_name_than_its_digits():
    known = Seen()
    known.add(7)
    assert 7 in known
    assert "7" not in known


def test_half_a_character_from_json_is_a_name_like_others():
    known = Seen()
    assert known.add("\ud83d") is None
    assert known.add("\ud83d") == 0


def test_what_reaches_from_one_row_into_the_next_is_no_name(monkeypatch):
    """Two rows of fifteen bytes and a number, and a third name whose rest lies across them."""
    rows = {"a": bytes(range(15)), "b": bytes(range(15, 30)), "c": bytes([14, 0, 0, 0, 0, 0, *range(15, 24)])}
    monkeypatch.setattr(seen, "_told", lambda name: (0, rows[name]))
    known = Seen()
    known.add("a")
    known.add("b", 3)
    assert known.number("c") is None
    known.add("c", 4)
    assert [known.number(name) for name in "abc"] == [0, 3, 4]


@pytest.mark.parametrize("number", [-1, 1 << 40])
def test_a_number_that_does_not_fit_is_told(number):
    with pytest.raises(ValueError, match="below"):
        Seen().add("a", number)


def test_a_name_takes_twenty_bytes_and_little_more():
    known = Seen()
    for number in range(20_000):
        known.add(f"feature.{number}", number)
    held = sum(len(bucket) for bucket in known._buckets if bucket)
    assert held == 20 * 20_000
    assert known.number("feature.19999") == 19_999
