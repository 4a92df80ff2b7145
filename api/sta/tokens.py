"""A filter's text as tokens; its limits are checked here, before anything is built from it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from api.sta.moment import Duration, Moment
from api.sta.names import DEEPEST
from catalog.partitions import micros
from twin import times
from twin.errors import RequestError

MOST_OPERATORS = 200
OPERATORS = frozenset(
    ("eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "add", "sub", "mul", "div", "mod", "in")
)
_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[ +-]\d\d:\d\d)"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<typed>(?:geography|geometry|duration)'(?:[^']|'')*')
    | (?P<text>'(?:[^']|'')*')
    | (?P<interval>{_INSTANT}/{_INSTANT})
    | (?P<instant>{_INSTANT})
    | (?P<date>\d{{4}}-\d\d-\d\d)
    | (?P<time>\d\d:\d\d:\d\d(?:\.\d{{1,6}})?)
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d{{1,3}})?)
    | (?P<name>[^\W\d][\w.]*|@iot\.\w+)(?P<more>(?:/(?:[^\W\d][\w.-]*|@iot\.\w+))*)
    | (?P<mark>[(),:])""",
    re.VERBOSE,
)
_DURATION = re.compile(
    r"-?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?"
)
_WORDS = {"null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a filter."""

    kind: str
    """``value``, ``name``, ``operator``, ``(``, ``)``, ``,``, ``:`` or ``end``."""
    value: Any
    at: int
    """Where it begins."""


def tokens(text: str) -> list[Token]:
    """All tokens and an ``end``; `RequestError` says where the text cannot be read or what is too much."""
    found: list[Token] = []
    place = depth = operators = denied = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise RequestError(
                f"$filter cannot be read at character {place + 1}; texts stand in 'quotes', "
                "times are written 2026-03-01T12:00:00Z"
            )
        if match.lastgroup != "space":
            token = _token(match)
            found.append(token)
            depth += {"(": 1, ")": -1}.get(token.kind, 0)
            operators += token.kind == "operator"
            denied = denied + 1 if (token.kind, token.value) == ("operator", "not") else 0
            if depth + max(denied - 1, 0) > DEEPEST or operators > MOST_OPERATORS:
                raise RequestError(
                    f"$filter is too large; {DEEPEST} levels of brackets and {MOST_OPERATORS} operators "
                    "are the most"
                )
        place = match.end()
    return [*found, Token("end", None, len(text))]


def _token(match: re.Match[str]) -> Token:
    text, at = match[0], match.start()
    if match["mark"]:
        return Token(text, None, at)
    if match["name"]:
        if text in OPERATORS:
            return Token("operator", text, at)
        return Token("value", _WORDS[text], at) if text in _WORDS else Token("name", text, at)
    return Token("value", _value(match, text), at)


def _value(match: re.Match[str], text: str) -> Any:
    if match["text"]:
        return text[1:-1].replace("''", "'")
    if match["typed"]:
        kind, _, inner = text[:-1].partition("'")
        return _duration(inner) if kind == "duration" else _geometry(inner)
    try:
        if match["interval"]:
            first, last = (micros(times.parse(part)) for part in text.split("/"))
            return Moment(first, last)
        if match["instant"]:
            at = micros(times.parse(text))
            return Moment(at, at)
        if match["date"]:
            return date.fromisoformat(text)
        if match["time"]:
            return time.fromisoformat(text)
    except ValueError:
        raise RequestError(f"{text[:40]!r} in $filter is not a day or a time of day that there is") from None
    return int(text) if text.lstrip("-").isdecimal() and len(text) <= 15 else float(text)


def _duration(text: str) -> Duration:
    match = _DURATION.fullmatch(text.upper())
    if match is None or not any(match.groups()):
        raise RequestError("a duration in $filter cannot be read; write for example duration'P1DT12H'")
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    total = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
    return Duration(round(total * 1_000_000) * (-1 if text.startswith("-") else 1))


def _geometry(text: str) -> Any:
    import shapely

    wkt = text.upper().removeprefix("SRID=4326;").strip()
    try:
        shape = shapely.from_wkt(wkt)
    except shapely.errors.GEOSException:
        shape = None
    if shape is None or shape.is_empty:
        raise RequestError("a geometry in $filter is not WKT; write for example geography'POINT(11.5 48.1)'")
    return shape


def start_of(day: date) -> Moment:
    """The first instant of a day, UTC."""
    at = micros(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return Moment(at, at)
