"""HTML: values of features as people write them."""

import re
from html import escape
from typing import Any

from api import words as shared
from api.firsts import day, last_day, moment, number
from api.formats import words
from api.units import unit
from catalog import several
from twin.schema import Column, Kind, Schema

_LONGEST = 120
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][!-~]{1,2000}")


def shown(column: Column, value: Any, language: str) -> str:
    """A value of a column, escaped; empty if there is none."""
    if value is None:
        return ""
    match column.kind:
        case Kind.BOOLEAN:
            return escape((words.YES if value else words.NO).get(language))
        case Kind.TIME:
            return escape(_instant(column.name, value, language))
        case Kind.ENUM:
            titles = {choice.value: choice.title.get(language) for choice in column.choices}
            return escape(titles.get(value, str(value)))
        case Kind.NUMBER | Kind.INTEGER:
            plain = column.kind is Kind.INTEGER and column.unit is None  # a year has no thousands
            return escape(f"{value if plain else number(value, language)} {unit(column.unit)}".strip())
        case _ if isinstance(value, list):
            return escape(several.BETWEEN.join(value))
        case _:
            return escape(column.in_words(str(value), language))


def led_to(column: Column, value: Any, language: str) -> str:
    """As `shown`, but an address of the web can be followed; nothing else becomes a link."""
    told = shown(column, value, language)
    if not isinstance(value, str) or _ADDRESS.fullmatch(value) is None:
        return told
    return f'<a rel="external nofollow noopener noreferrer" href="{told}">{told}</a>'


def _instant(name: str, text: str, language: str) -> str:
    """A time; a midnight means a day, and at the end of something the day before it."""
    if name == "valid_to":
        last = last_day(text, language)
        if last != day(text, language):
            return last
    told = moment(text, language)
    return day(text, language) if re.search(r", 00:00( Uhr)?\Z", told) else told


def short(text: str) -> str:
    """The beginning of a long text that is escaped already."""
    cut = text[:_LONGEST].rsplit(" ", 1)[0]
    return text if len(text) <= _LONGEST else f"{cut.partition('&')[0] if '&' in cut[-8:] else cut} …"


def latest(schema: Schema, properties: dict[str, Any], language: str) -> list[tuple[str, str, str]]:
    """(property, value, when) of what a station measured last, escaped."""
    values = properties.get("latest") or {}
    return [
        (
            escape(told.title.get(language)),
            escape(f"{number(values[told.name]['value'], language)} {unit(told.unit)}".strip()),
            escape(moment(values[told.name]["observed_at"], language)),
        )
        for told in schema.properties
        if told.name in values
    ]


def phase(properties: dict[str, Any], language: str) -> str:
    """Whether works are coming, running or done, in words."""
    found = shared.PHASES.get(properties.get("phase", ""))
    return "" if found is None else escape(found.get(language))


def place(geometry: dict[str, Any] | None, language: str) -> str:
    """A geometry in words: its kind, and where about it lies."""
    if geometry is None:
        return escape(words.NO_PLACE.get(language))
    points = list(_points(geometry))
    kind = words.SHAPES[geometry["type"]].get(language)
    if not points:
        return escape(kind)
    middle = [sum(point[axis] for point in points) / len(points) for axis in (0, 1)]
    about = ", ".join(f"{value:.5f}" for value in middle)
    if len(points) == 1:
        return escape(f"{kind}: {about}")
    return escape(f"{kind}: {words.POINTS.get(language).format(len(points), about)}")


def _points(geometry: dict[str, Any]) -> Any:
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _points(part)
        return
    waiting = [geometry["coordinates"]]
    while waiting:
        found = waiting.pop()
        if found and isinstance(found[0], (int, float)):
            yield found
        else:
            waiting += found
