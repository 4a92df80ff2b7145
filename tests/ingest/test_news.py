"""What is said to be new is new, whatever two ids' hashes are; and nothing is remembered of what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.news import News

TEXTS = st.lists(st.lists(st.text("ab", max_size=3), max_size=6), max_size=12)


@given(TEXTS)
def test_all_new_is_what_a_set_says(parts):
    news, there = News(), set()
    for ids in parts:
        wanted = len(set(ids)) == len(ids) and there.isdisjoint(ids)
        assert news.all_new(ids) is wanted
        there |= set(ids) if wanted else set()


class Odd(str):
    """A text whose hash is that of many others."""

    def __hash__(self):
        return len(self)


@pytest.mark.parametrize("ids", [["aa", "bb"], ["a", "b"]])
def test_ids_of_one_hash_are_not_taken_for_new(ids):
    news = News()
    assert news.all_new([Odd("aa")])
    assert not news.all_new(list(map(Odd, ids)))


def test_hundreds_of_parts_lie_in_few_runs():
    news = News()
    for part in range(300):
        assert news.all_new([f"{part}-{number}" for number in range(40)])
    assert not news.all_new(["0-0"])
    assert not news.all_new(["299-39"])
    assert len(news._runs) < 12
    assert sum(map(len, news._runs)) == 12_000
