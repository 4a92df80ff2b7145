"""The query extension: comparisons of fields, as JSON."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.stac_fields import Value, field
from catalog.stac_stories import FIELDS, ItemField
from twin import times
from twin.errors import RequestError

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
OPERATORS = ("eq", "neq", "lt", "lte", "gt", "gte", "startsWith", "endsWith", "contains", "in")
MOST = 1000
"""Most values of one list in a request, and most characters of one value."""


@dataclass(frozen=True)
class Condition:
    """One comparison; a revision without the value does not meet it."""

    field: ItemField
    operator: str
    value: Any

    def holds(self, found: Any) -> bool:
        """Whether a value meets it."""
        if found is None:
            return False
        return _HOLDS[self.operator](found, self.value)


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "neq": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "startsWith": lambda a, b: a.startswith(b),
    "endsWith": lambda a, b: a.endswith(b),
    "contains": lambda a, b: b in a,
    "in": lambda a, b: a in b,
}


def conditions(query: Any) -> tuple[Condition, ...]:
    """Read the query extension's ``{"field": {"operator": value}}``; `RequestError` says what is wrong."""
    if not isinstance(query, dict) or not all(isinstance(asked, dict) and asked for asked in query.values()):
        raise RequestError('query is not understood; write for example {"version": {"eq": "3"}}')
    found = []
    for name, asked in query.items():
        of = field(name, FIELDS)
        if of.many:
            raise RequestError(f"{name} is a list; ask filter=A_CONTAINS({name}, ('…'))")
        for operator, value in asked.items():
            if operator not in OPERATORS:
                raise RequestError(f"unknown operator {operator[:40]!r}; there are: {', '.join(OPERATORS)}")
            if operator in ("startsWith", "endsWith", "contains") and of.kind is not str:
                raise RequestError(f"{operator} compares texts, and {name} is none; use lt, lte, gt or gte")
            if operator == "in":
                if not isinstance(value, list) or not 0 < len(value) <= MOST:
                    raise RequestError(f"in takes a list of 1 to {MOST} values")
                found.append(Condition(of, operator, frozenset(_value(of, name, one) for one in value)))
            else:
                found.append(Condition(of, operator, _value(of, name, value)))
    return tuple(found)


def _value(of: ItemField, name: str, value: Any) -> Value:
    if of.kind is float:
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return float(value)  # as pystac-client writes it
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise RequestError(f"{name} is a number; compare it with one")
        return value
    if not isinstance(value, str) or len(value) > MOST:
        raise RequestError(f"{name} is compared with a text of up to {MOST} characters in quotes")
    return times.parse(value) if of.kind is datetime else value
