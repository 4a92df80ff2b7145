"""CQL2's array functions over columns that are lists, against what sets of Python say."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.cql import check, evaluate, objects, text
from twin.base import Text
from twin.errors import RequestError
from twin.schema import Column, Kind, Schema

SCHEMA = Schema(
    id="probe/1",
    title=Text(de="Probe", en="Probe"),
    geometry="any",
    columns=tuple(
        Column(name=name, title=Text(de=name, en=name), kind=kind)
        for name, kind in (
            ("lines", Kind.TEXTS),
            ("usual", Kind.TEXTS),
            ("gone", Kind.TEXTS),
            ("name", Kind.TEXT),
            ("number", Kind.NUMBER),
        )
    ),
)
SOME = [["U3", "U6", "Bus 53"], ["U3"], [], None, ["u3", "größer"]]
USUAL = [["U6", "U3"], ["U3"], [], ["U3"], ["x"]]
NAMES = ["U6", None, None, "U3", "U3"]


class Rows:
    """Columns written by hand."""

    def __init__(self, lines, usual, names):
        kind = pa.list_(pa.string())
        self._columns = {
            "lines": pa.array(lines, kind),
            "usual": pa.array(usual, kind),
            "gone": pa.nulls(len(lines)),
            "name": pa.array(names, pa.string()),
            "number": pa.array([3.0] * len(lines)),
        }
        self.bounds = np.full((len(lines), 4), np.nan)

    def __len__(self):
        return len(self.bounds)

    def column(self, name):
        return self._columns[name]

    def compared(self, op, name, value):
        return None

    def folded(self, name, ways):
        return pa.array([None if v is None else v.casefold() for v in self._columns[name].to_pylist()])


def found(condition, rows=None, lang=text):
    tree = lang.read(condition, lambda shape: shape)
    check.check(tree, SCHEMA)
    mask = evaluate.holds(tree, Rows(SOME, USUAL, NAMES) if rows is None else rows)
    return "".join("abcde"[place] for place in np.flatnonzero(mask))


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("A_CONTAINS(lines, ('U3'))", "ab"),
        ("A_CONTAINS(lines, ('U3', 'U6'))", "a"),
        ("A_CONTAINS(lines, ())", "abce"),
        ("NOT A_CONTAINS(lines, ('U3'))", "ce"),
        ("A_CONTAINEDBY(lines, ('U3', 'U6'))", "bc"),
        ("A_CONTAINEDBY(('U3'), lines)", "ab"),
        ("A_CONTAINS(('U3', 'U6', 'Bus 53'), lines)", "abc"),
        ("A_EQUALS(lines, ('Bus 53', 'U6', 'U3', 'U3'))", "a"),
        ("A_EQUALS(('U3'), lines)", "b"),
        ("A_EQUALS(lines, ())", "c"),
        ("A_OVERLAPS(lines, ('U6', 'größer'))", "ae"),
        ("A_OVERLAPS(lines, ())", ""),
        ("A_OVERLAPS(lines, (3, TRUE, DATE('2026-03-01'), ('U3'), POINT(1 1), INTERVAL('..','..')))", ""),
        ("A_CONTAINS(lines, ('U3', 3))", ""),
        ("A_CONTAINS(lines, (name))", "a"),
        ("A_OVERLAPS(lines, (name, 'U3'))", "ab"),
        ("A_OVERLAPS(lines, (number))", ""),
        ("A_CONTAINS(lines, (CASEI('U3')))", "e"),
        ("A_OVERLAPS(lines, (CASEI(name)))", "e"),
        ("A_CONTAINS(lines, usual)", "abc"),
        ("A_CONTAINEDBY(usual, lines)", "abc"),
        ("A_CONTAINEDBY(lines, usual)", "bc"),
        ("A_EQUALS(lines, usual)", "bc"),
        ("A_OVERLAPS(lines, usual)", "ab"),
        ("A_EQUALS(lines, lines)", "abce"),
        ("lines IS NULL", "d"),
        ("lines IS NOT NULL AND NOT A_OVERLAPS(lines, ('U3'))", "ce"),
        ("A_CONTAINS(gone, ()) OR NOT A_CONTAINS(gone, ('U3')) OR A_EQUALS(gone, lines)", ""),
        ("gone IS NULL", "abcde"),
    ],
)
def test_what_is_found_in_lists(condition, rows):
    assert found(condition) == rows


def test_lists_in_json():
    assert found('{"op":"a_contains","args":[{"property":"lines"},["U3","U6"]]}', lang=objects) == "a"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("lines = 'U3'", "an array where = takes a text or a number"),
        ("lines = 'U3'", "write for example A_CONTAINS(lines, ('…'))"),
        ("lines LIKE 'U%'", "A_CONTAINS(lines"),
        ("CASEI(lines) = 'u3'", "an array where casei takes a text"),
        ("lines IN ('U3')", "A_CONTAINS(lines"),
        ("A_CONTAINS((lines), ('U3'))", "lines within an array, and it is one itself"),
        ("A_CONTAINS(lines, name)", "a text where a_contains takes an array"),
        ("A_CONTAINS(linse, ('U3'))", "did you mean 'lines'?"),
        ("A_CONTAINS(lines, (" + "'a'," * 1000 + "'a'))", "longer than 4096|more than 1000"),
    ],
)
def test_what_is_no_question_to_a_list_is_refused(condition, words):
    with pytest.raises(RequestError) as caught:
        found(condition)
    assert any(part in str(caught.value) for part in words.split("|"))


LIST = st.lists(st.sampled_from("abc"), max_size=4)
MAYBE = st.none() | LIST


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(MAYBE, MAYBE), min_size=1, max_size=5), LIST)
def test_sets_say_the_same(rows, asked):
    lines, usual = ([row[side] for row in rows] for side in (0, 1))
    written = ", ".join(f"'{one}'" for one in asked)
    over = Rows(lines, usual, [None] * len(rows))
    truth = {
        "A_CONTAINS": lambda a, b: a >= b,
        "A_CONTAINEDBY": lambda a, b: a <= b,
        "A_EQUALS": lambda a, b: a == b,
        "A_OVERLAPS": lambda a, b: bool(a & b),
    }
    for op, holds in truth.items():
        for others, right in ([asked] * len(rows), f"({written})"), (usual, "usual"):
            known = [a is not None and b is not None for a, b in zip(lines, others, strict=True)]
            right_ones = [
                k and holds(set(a or ()), set(b or ())) for k, a, b in zip(known, lines, others, strict=True)
            ]
            for condition, wanted in (
                (f"{op}(lines, {right})", right_ones),
                (f"NOT {op}(lines, {right})", [k and not r for k, r in zip(known, right_ones, strict=True)]),
            ):
                assert found(condition, over) == "".join("abcde"[i] for i, one in enumerate(wanted) if one), (
                    condition
                )
