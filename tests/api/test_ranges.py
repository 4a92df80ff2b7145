import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.ranges import asked

FILE = "/stac/collections/probe.buildings/items/000001/features.parquet"


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("bytes=0-0", (0, 1)),
        ("bytes=2-5", (2, 6)),
        ("bytes= 2-5", (2, 6)),
        ("bytes=8-", (8, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-30", (0, 10)),
        ("bytes=5-500", (5, 10)),
        ("bytes=9-9", (9, 10)),
        ("bytes=10-12", (10, 10)),
        ("bytes=-0", (10, 10)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("bytes=\u0663-", None),
        ("items=0-1", None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("", None),
    ],
)
def test_ranges_as_the_rfc_has_them(header, wanted):
    assert asked(header, 10) == wanted


@given(st.text(max_size=60), st.integers(0, 100))
def test_nothing_is_ever_outside(header, size):
    for text in (header, f"bytes={header}"):
        wanted = asked(text, size)
        assert wanted is None or 0 <= wanted[0] <= wanted[1] <= size


def test_a_part_of_a_file(ask):
    whole = ask(FILE)
    assert whole.headers["accept-ranges"] == "bytes"
    size, tag = len(whole.content), whole.headers["etag"]
    tail = ask(FILE, range="bytes=-8")
    assert (tail.status_code, tail.content) == (206, whole.content[-8:])
    assert tail.content.endswith(b"PAR1")
    assert tail.headers["content-range"] == f"bytes {size - 8}-{size - 1}/{size}"
    assert tail.headers["etag"] == tag
    assert ask(FILE, range="bytes=0-3", if_range=tag).content == b"PAR1"
    assert ask(FILE, range="bytes=0-3", if_range='"another"').content == whole.content
    assert ask(FILE, range="bytes=0-3", if_none_match=tag).status_code == 304
    head = ask(FILE, "HEAD", range="bytes=0-3")
    assert (head.status_code, head.headers["content-length"]) == (200, str(size))


def test_a_range_that_is_not_there(ask):
    size = len(ask(FILE).content)
    answer = ask(FILE, range=f"bytes={size}-")
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")
    assert answer.json()["type"] == "/docs#problem-range"
    assert str(size) in answer.json()["detail"]
    assert 'id="problem-range"' in ask("/docs").text


def test_what_changes_is_sent_whole(ask):
    answer = ask("/ogc/collections", range="bytes=0-3")
    assert answer.status_code == 200
    assert answer.json()["collections"]
