"""The benchmarks' made-up sources are what their connectors read: else a figure is of something else."""

import pytest

from benchmarks.connectors import read_all
from benchmarks.muenchen import answer, lines_of
from benchmarks.server import Asked, serving
from benchmarks.sources import MADE
from ingest.connectors import CONNECTORS

ROWS = 40


@pytest.mark.parametrize("made", MADE, ids=[f"{made.connector} {made.how}" for made in MADE])
def test_a_made_up_source_gives_the_records_that_it_should(made, tmp_path):
    if made.serve is None:
        made.write(tmp_path, ROWS)
        found = read_all(made.source(str(tmp_path)))
    else:
        with serving(lambda asked: made.serve(ROWS, asked)) as (address, _):
            found = read_all(made.source(address))
    assert found[0] == made.gives(ROWS)


def test_every_connector_is_measured():
    assert {made.connector for made in MADE} == set(CONNECTORS)


def test_the_server_of_the_benchmarks_says_what_is_unchanged_and_what_is_missing():
    import httpx

    with serving(answer) as (address, traffic):
        first = httpx.get(f"{address}/o/autobahn/A8/services/roadworks")
        again = httpx.get(first.url, headers={"If-None-Match": first.headers["ETag"]})
        nothing = httpx.get(f"{address}/nowhere")
    assert [first.status_code, again.status_code, nothing.status_code] == [200, 304, 404]
    assert (traffic.requests, traffic.unchanged, traffic.missing, traffic.sent) == (
        3,
        1,
        1,
        len(first.content),
    )
    assert answer(Asked("/nowhere", {})) is None


def test_lines_that_say_something_are_counted(tmp_path):
    (tmp_path / "a.toml").write_text("# no\n\nlike = 'x'\n  # no\n[source]\n")
    assert lines_of([tmp_path / "a.toml"]) == 2
