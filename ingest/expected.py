"""Expected: what a recipe's sample has to give, read from ``expected.json``, and where it differs."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from twin.errors import RecipeError
from twin.layer import Layer
from twin.record import Feature
from twin.report import Report
from twin.times import iso

_COUNTS = ("in", "published", "held", "broken", "duplicate")
_VALUES = 20
"""Values that a proof names."""
_MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Expected:
    """The proof of a recipe."""

    place: str
    """The file, for messages: ``samples/parking/expected.json``."""
    text: str
    counts: dict[str, int]
    rows: list[dict[str, Any]]
    values: list[list[Any]]

    def line(self, word: str) -> str:
        """The file, and the line in which a word stands first."""
        needle = json.dumps(word, ensure_ascii=False)
        for number, line in enumerate(self.text.splitlines(), 1):
            if needle in line:
                return f"{self.place}, line {number}"
        return self.place


def read_expected(file: Path) -> Expected:
    """Read a proof.

    Raises:
        RecipeError: it is no JSON, or lacks something; names file, line and remedy.
    """
    place = f"samples/{file.parent.name}/{file.name}"
    try:
        text = file.read_text("utf-8")
        told = json.loads(text)
    except UnicodeDecodeError:
        raise RecipeError(f"{place} is not UTF-8; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise RecipeError(
            f"{place}, line {error.lineno}: not valid JSON ({error.msg}); look at commas, quotes and brackets"
        ) from None
    if not isinstance(told, dict) or not isinstance(told.get("counts"), dict):
        raise RecipeError(f'{place}: "counts" is missing; write {{"counts": {{"in": …, …}}, "rows": [ … ]}}')
    rows, values = told.get("rows", []), told.get("values", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "source_id" in row for row in rows):
        raise RecipeError(f'{place}: a row has no "source_id", by which it is found; add it to each row')
    if not isinstance(values, list) or not all(isinstance(each, list) and len(each) == 4 for each in values):
        raise RecipeError(f"{place}: each of the values is [station, property, time, value]")
    return Expected(place, text, told["counts"], rows, values)


def promised(
    layer: Layer, rows: Sequence[Feature], values: Sequence[dict[str, Any]], report: Report
) -> bytes:
    """What a sample gives now, as ``expected.json``: all rows with the columns that are mapped."""
    mapped = ("source_id", *layer.fields)
    expected = {
        "counts": report.counts(),
        "rows": [{name: value for name, value in _plain(row).items() if name in mapped} for row in rows],
        "values": [
            [o["station"], o["property"], iso(o["observed_at"]), o["value"]] for o in values[:_VALUES]
        ],
    }
    return orjson.dumps(expected, option=orjson.OPT_INDENT_2) + b"\n"


def difference(
    expected: Expected, rows: list[Feature], values: list[dict[str, Any]], report: Report
) -> str | None:
    """The first thing in which a sample differs from what is expected, with its place and the reason."""
    counts = report.counts()
    wrong = [name for name in _COUNTS if counts.get(name) != expected.counts.get(name)]
    if wrong:
        told = ", ".join(
            f"{name} {counts[name]} instead of {expected.counts.get(name, 'none')}" for name in wrong
        )
        place = expected.line("counts")
        return f"{place}: the sample gives {told}{_why(report)}; mend the recipe, or the counts"
    found = {row.source_id: _plain(row) for row in rows}
    for wanted in expected.rows:
        name = str(wanted["source_id"])
        row = found.get(name)
        if row is None:
            return (
                f"{expected.line(name)}: the sample gives no row with source_id {name!r}; it gives "
                f"{', '.join(sorted(found)) or 'none'}"
            )
        for column, value in wanted.items():
            if column not in row and value is not None:
                close = difflib.get_close_matches(column, row, 1, 0.5)
                remedy = f"did you mean {close[0]!r}?" if close else "map it under [fields], or leave it out"
                return f"{expected.line(column)}: the rows have no column {column!r}; {remedy}"
            if row.get(column) != value:
                told = f"row {name}: {column} is {row.get(column)!r}, expected {value!r}"
                return f"{expected.line(name)}: {told}; mend the recipe, or the row"
    known = {(o["station"], o["property"], iso(o["observed_at"])): o["value"] for o in values}
    for station, name, at, value in expected.values:
        own = known.get((station, name, at), "missing")
        if own != value:
            told = f"value {station} {name} {at} is {own}, expected {value}"
            return f"{expected.line(str(station))}: {told}; mend the recipe, or the value"
    return None


def _why(report: Report) -> str:
    """The reasons of what did not come through."""
    told = [
        f"{times:,} {verdict}: {reason}"
        for verdict, reasons in report.reasons.items()
        for reason, times in reasons.items()
    ]
    return f" ({'; '.join(told[:_MOST_REASONS])})" if told else ""


def _plain(row: Feature) -> dict[str, Any]:
    values = {"id": row.id, "source_id": row.source_id, **row.values}
    return {name: iso(value) if isinstance(value, datetime) else value for name, value in values.items()}
