"""Columns: a recipe's mapping, applied to many records at a time."""

from collections.abc import Sequence
from datetime import datetime
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

from ingest.fields import FUNCTIONS, SHORTCUTS, WORDS_ALONE, Context, Function
from twin.layer import Layer
from twin.record import Record

_PLAIN = (str, int, float, bool)
_NONE = type(None)


class Fault(str):
    """Why a record does not fit."""

    __slots__ = ()


_OTHER_TYPE = "column {}: its value has another type than the recipe expects"
_NO_CHOICE = "column {}: its value is none of the schema's choices"
_ENDS_FIRST = Fault("it ends before it begins")


def blank(layer: Layer, observed_at: datetime) -> dict[str, Any]:
    """The values of a feature of which nothing is known."""
    names = (name for name in layer.schema_.names if name not in ("id", "source_id"))
    return dict.fromkeys(names) | {"observed_at": observed_at}


def columns(
    records: Sequence[Record], geometries: Sequence[Any], layer: Layer
) -> tuple[dict[str, Sequence[Any]], dict[int, Fault]]:
    """Return the mapped columns of records, and why some records do not fit.

    Args:
        records: Some hundred: what depends on words alone is worked out once for each word.
        geometries: Theirs, where the twin wants them.
        layer: Its recipe.

    Returns:
        Column → a value for each record, and number of the record → its first fault.
    """
    zone, allowed = ZoneInfo(layer.source.timezone), layer.schema_.allowed
    given = [record.values for record in records]
    made: dict[str, Sequence[Any]] = {}
    for column, mapping in layer.fields.items():
        names = (mapping.source,) if isinstance(mapping.source, str) else mapping.source or ()
        raw = [[values.get(name) for values in given] for name in names]
        one = _One(column, FUNCTIONS[mapping.by], mapping.options, zone, allowed.get(column))
        if mapping.by in WORDS_ALONE and all(map(_alike, raw)):
            made[column] = one.of_words(raw, len(records))
        else:
            rows = zip(*raw, strict=True) if raw else [()] * len(records)
            short = SHORTCUTS.get(mapping.by)
            known = map(short, raw[0]) if short and raw else repeat(None, len(records))
            made[column] = [
                one.of(row, geometry) if value is None else one.admitted(value)
                for value, row, geometry in zip(known, rows, geometries, strict=True)
            ]
    faults: dict[int, Fault] = {}
    for values in made.values():
        if Fault in map(type, values):
            for number, value in enumerate(values):
                if type(value) is Fault:
                    faults.setdefault(number, value)
    if "valid_from" in made and "valid_to" in made:
        for number, (begin, end) in enumerate(zip(made["valid_from"], made["valid_to"], strict=True)):
            if number not in faults and begin is not None and end is not None and end < begin:
                faults[number] = _ENDS_FIRST
    return made, faults


def _alike(values: list[Any]) -> bool:
    """Whether equal values are the same: not where 1, 1.0 and True are side by side."""
    kinds = set(map(type, values)) - {_NONE}
    return not kinds or (len(kinds) == 1 and kinds.pop() in _PLAIN)


class _One:
    """One column."""

    def __init__(
        self, column: str, function: Function, options: dict[str, Any], zone: ZoneInfo, allowed: Any
    ) -> None:
        self._column, self._function, self._options, self._zone = column, function, options, zone
        self._allowed = allowed

    def of_words(self, raw: list[list[Any]], count: int) -> list[Any]:
        """The column's values where they depend on plain words alone."""
        if len(raw) == 1:
            single = {word: self.of((word,), None) for word in set(raw[0])}
            return [single[word] for word in raw[0]]
        rows = [*zip(*raw, strict=True)] if raw else [()] * count
        known = {row: self.of(row, None) for row in set(rows)}
        return [known[row] for row in rows]

    def of(self, row: Sequence[Any], geometry: Any) -> Any:
        """One value, or a `Fault`."""
        try:
            value = self._function([*row], Context(self._options, self._zone, geometry))
        except (TypeError, OverflowError):
            return Fault(_OTHER_TYPE.format(self._column))
        except ValueError as error:
            return Fault(f"column {self._column}: its value {error}")
        return None if value is None else self.admitted(value)

    def admitted(self, value: Any) -> Any:
        """The value, or a `Fault` if it is none of the schema's choices."""
        if self._allowed is not None and value not in self._allowed:
            return Fault(_NO_CHOICE.format(self._column))
        return value
