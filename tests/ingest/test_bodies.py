"""JSON as sources write it, and what is said of what is none."""

import math

import pytest

from ingest.bodies import parse_json
from twin.errors import SourceBroken


@pytest.mark.parametrize("word", ["nan", "-nan", "inf", "-Inf", "+infinity", "1.#QNAN", "1.#IND", "None"])
def test_a_number_that_is_none_is_named_with_its_line_and_the_remedy(word):
    for text in (f'{{"a": [0,\n{word}, 1]}}', f'{{"a":\n {word}}}', f"[1,\n[2,{word}\n]]"):
        with pytest.raises(SourceBroken) as told:
            parse_json(text.encode(), "a.geojson")
        words = f"a.geojson: {word} in line 2 is no number of JSON; write null there, or mend what wrote it"
        assert str(told.value) == words


@pytest.mark.parametrize("text", ["[nano]", "[infix, 1]", "[1 2]", "{'a': nan}", "[1.5, 2.#5]"])
def test_what_only_looks_like_one_is_not_readable(text):
    with pytest.raises(SourceBroken, match=r"a\.json is not readable JSON \(line 1\)"):
        parse_json(text.encode(), "a.json")


def test_what_python_reads_is_taken():
    (number,) = parse_json(b"[NaN]", "a.json")
    assert math.isnan(number)


@pytest.mark.parametrize(
    "text", ['{"a": [{"type": "Feat]ure and more', '{"a": [1, 2', '{"a": [1], "b": tru', "["]
)
def test_what_ends_early_seems_cut_off(text):
    with pytest.raises(SourceBroken, match="seems cut off"):
        parse_json(text.encode(), "a.json")
