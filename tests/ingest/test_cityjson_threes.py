"""Vertices read apart from their line are those that stand there; whatever is unusual is left alone."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.connectors.cityjson_json import loads
from ingest.connectors.cityjson_threes import threes
from tests.ingest.asking import records
from tests.ingest.cityjson import VERTICES, feature, sequence, solid, thing

NUMBERS = st.integers(-(2**62), 2**62)
ODD = st.one_of(NUMBERS, st.floats(-9, 9), st.none(), st.booleans(), st.text("[,]1-", max_size=3))
VERTEX = st.one_of(st.lists(NUMBERS, min_size=3, max_size=3), st.lists(ODD, max_size=5), ODD)
HOUSE = {
    "a": thing("Building", solid(), attributes={"vertices": [[1, 2, 3]], "name": '"vertices":[[1,2,3]]}'})
}


def line(written, compact):
    return json.dumps(feature(HOUSE, written), separators=(",", ":") if compact else None).encode()


@given(st.lists(VERTEX, max_size=5), st.booleans())
def test_the_parts_of_a_line_say_what_the_line_says(written, compact):
    whole = line(written, compact)
    rest, numbers = threes(whole)
    if numbers is None:
        assert rest == whole
    else:
        assert loads(rest) == {**loads(whole), "vertices": []}
        assert np.reshape(numbers, (-1, 3)).tolist() == loads(whole)["vertices"]


@pytest.mark.parametrize("compact", [True, False])
def test_usual_vertices_are_read_apart(compact):
    _, numbers = threes(line(VERTICES, compact))
    assert numbers == [number for vertex in VERTICES for number in vertex]


@pytest.mark.parametrize(
    "text",
    [
        b'{"vertices":[[1,2,3]]}}',
        b'{"vertices":[[1,2,3]],"id":[[1,2,3]]}',
        b'{"vertices":[[1,2],[3,4,5,6]]}',
        b'{"vertices":[[1,2,3][4,5,6]]}',
        b'{"vertices":[[1,,2]]}',
        b'{"vertices":[[1,2,3 4]]}',
        b'{"vertices":[[1,2,03]]}',
        b'{"vertices":[[1.5,2,3]]}',
        b'{"vertices":][1,2,3]]}',
        b'{"vertices":[[[1,2,3]]]}',
        b'{"id":[[1,2,3]]}',
        b"[[1,2,3]]}",
        b"",
    ],
)
def test_what_is_written_otherwise_is_left_to_others(text):
    assert threes(text) == (text, None)


def test_features_of_all_kinds_of_vertices_stand_side_by_side(tmp_path):
    path = tmp_path / "a.city.jsonl"
    exact = [[number / 1 for number in vertex] for vertex in VERTICES]
    last = feature({"d": thing("Building", solid())}, [*VERTICES[:7], [1, 2]])
    written = zip("abc", (VERTICES, exact, VERTICES), strict=True)
    lines = [feature({name: thing("Building", solid())}, own) for name, own in written]
    path.write_text(sequence(*lines, last))
    one, two, three, broken = records("cityjson", path)
    assert len(one.geometry.points) == 24
    for other in (two, three):
        np.testing.assert_array_equal(other.geometry.points, one.geometry.points)
    assert len(broken.geometry.faces) == 3  # those without the corner that is none
