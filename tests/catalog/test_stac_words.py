"""Free text, basic and advanced."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.stac_words import read, texts
from twin.errors import RequestError

TEXT = texts(["Probe City: Trees", "Bäume an der Straße", "Climate  model", "E-Bike, quick brown dog"])


@pytest.mark.parametrize(
    ("q", "there"),
    [
        ("trees", True),
        ("TREES", True),
        ("baume", True),
        ("BÄUME an der strasse", True),
        ("tree,nothing", True),
        ("nothing, e-bike", True),
        ("climate   model", True),
        ("model climate", False),
        ("trees baume", False),  # a phrase, and no phrase reaches from one text into the next
        ("nothing", False),
        ("quick - brown", False),
        (["trees,nothing"], False),
        (["nothing", "trees"], True),
        ("climate AND model", True),
        ("climate AND nothing", False),
        ("nothing OR model", True),
        ("(nothing OR quick) AND brown", True),
        ("(nothing OR quick) AND fox", False),
        ("quick +brown -fox", True),
        ("nothing +brown -dog", False),
        ("nothing +brown", True),
        ("+brown +fox", False),
        ("-fox", True),
        ("-dog", False),
        ('"climate model"', True),
        ('"model climate"', False),
        ('model AND climate AND "e-bike"', True),
        ("climate AND -fox", True),
        ("climate AND -dog", False),
        ('nothing "quick brown"', True),
        ("nothing,trees AND (climate,fox)", True),
        ("+(nothing trees) -(fox OR nothing)", True),
        ("((((trees))))", True),
        ('"AND"', False),
        ("and OR nothing", False),
        ("quick OR -dog", False),
    ],
)
def test_what_is_found(q, there):
    assert read(q).within(TEXT) is there


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("", "empty word"),
        ("a,,b", "empty word"),
        (" , ", "empty word"),
        ([], "no text"),
        ([1], "no text"),
        (5, "no text"),
        ({"a": 1}, "no text"),
        ("x" * 1001, "longer than 1000"),
        (["x" * 600, "y" * 600], "longer than 1000"),
        (",".join("x" * 51), "more than 50"),
        (" ".join("x" * 51) + " AND y", "more than 50"),
        ('say "hello', "does not close"),
        ("(a", "does not close"),
        ("a AND b)", "nothing opens"),
        ("()", "nothing where a word"),
        ("a AND", "nothing where a word"),
        ("AND a", "nothing where a word"),
        ("a OR", "ends where a word"),
        ("a OR OR b", "nothing where a word"),
        ("a +", None),
        ('""', "empty word"),
        ("+-a", "nothing where a word"),
        ("(" * 12 + "a" + ")" * 12, "nested deeper"),
    ],
)
def test_what_is_no_question_is_refused(q, words):
    if words is None:
        read(q)
        return
    with pytest.raises(RequestError, match=words):
        read(q)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from(["a", "AND", "OR", "(", ")", '"', "+", "-", ",", " ", "ß", "\0"]), max_size=30)
)
def test_anything_is_read_or_refused_in_words(parts):
    with suppress(RequestError):
        assert read("".join(parts)).within("a b") in (True, False)
