"""Buckets by themselves: what flows in, who is forgotten first."""

import pytest

from api.buckets import _SETS, _WAYS, SIZE, Buckets

RATE, BURST = 1.0, 5.0


@pytest.fixture
def buckets(tmp_path):
    (tmp_path / "lock").touch()
    found = Buckets(bytearray(SIZE), tmp_path / "lock")
    yield found
    found.close()


def client(number, place=7):
    """Twelve bytes of a client who lies at a place of the table."""
    return place.to_bytes(4) + number.to_bytes(8)


def take(buckets, key, now):
    return buckets.take(key, now, RATE, BURST)


def test_who_was_quiet_has_a_full_bucket_and_no_more(buckets):
    assert [take(buckets, client(1), 0.0)[1] for _ in range(3)] == [4, 3, 2]
    assert take(buckets, client(1), 1000.0) == (True, 4)


def test_a_part_of_a_request_is_none(buckets):
    for _ in range(5):
        take(buckets, client(1), 0.0)
    assert take(buckets, client(1), 0.5) == (False, 0.5)
    assert take(buckets, client(1), 1.0) == (True, 0.0)


def test_free_places_are_taken_before_anybody_is_forgotten(buckets):
    for number in range(_WAYS):
        take(buckets, client(number), float(number) / 100)
    assert take(buckets, client(0), 0.1)[1] < 4  # it is still there
    take(buckets, client(99), 0.2)  # there is no room: who has been quiet longest goes
    assert take(buckets, client(2), 0.2)[1] < 4
    assert take(buckets, client(1), 0.2)[1] == 4


def test_only_full_buckets_are_swept(buckets):
    for _ in range(5):
        take(buckets, client(1, 7), 0.0)
    for number in range(_SETS):  # once around
        take(buckets, client(number, 9), 2.0)
    assert take(buckets, client(1, 7), 2.0) == (True, 1.0)
