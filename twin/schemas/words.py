"""Words in which schemas are written: columns that all have, and short forms."""

from twin.base import Text
from twin.schema import Choice, Column, Kind, Schema


def t(de: str, en: str) -> Text:
    """A text in both languages."""
    return Text(de=de, en=en)


def choices(*rows: tuple[str, str, str]) -> tuple[Choice, ...]:
    """Choices from (value, German, English)."""
    return tuple(Choice(value=value, title=t(de, en)) for value, de, en in rows)


def codes(*rows: tuple[str, str, str, str]) -> tuple[Choice, ...]:
    """Codes from (code, German, English, Leichte Sprache)."""
    return tuple(Choice(value=value, title=Text(de=de, en=en, ls=ls)) for value, de, en, ls in rows)


def text(
    name: str,
    de: str,
    en: str,
    *,
    tiles: bool = False,
    free: bool = False,
    codelist: tuple[Choice, ...] = (),
) -> Column:
    """A column of text; `free` where people wrote it for people, with codes where sources write such."""
    return Column(name=name, title=t(de, en), kind=Kind.TEXT, tiles=tiles, free_text=free, codelist=codelist)


def number(name: str, de: str, en: str, unit: str, *, tiles: bool = False) -> Column:
    """A column of numbers, with its UCUM unit."""
    return Column(name=name, title=t(de, en), kind=Kind.NUMBER, unit=unit, tiles=tiles)


def integer(
    name: str,
    de: str,
    en: str,
    unit: str | None = None,
    *,
    tiles: bool = False,
    breaks: tuple[float, ...] = (),
) -> Column:
    """A column of whole numbers; counts have no unit. Maps colour by its class breaks."""
    return Column(name=name, title=t(de, en), kind=Kind.INTEGER, unit=unit, tiles=tiles, breaks=breaks)


def boolean(name: str, de: str, en: str, *, tiles: bool = False) -> Column:
    """A column of yes and no."""
    return Column(name=name, title=t(de, en), kind=Kind.BOOLEAN, tiles=tiles)


def enum(
    name: str,
    de: str,
    en: str,
    *rows: tuple[str, str, str],
    tiles: bool = False,
    alternatives: bool = False,
) -> Column:
    """A column of choices: (value, German, English)."""
    title = t(de, en)
    return Column(
        name=name, title=title, kind=Kind.ENUM, tiles=tiles, choices=choices(*rows), alternatives=alternatives
    )


COMMON = (
    text("id", "Kennung", "Id", tiles=True),
    text("source_id", "Kennung der Quelle", "Source id", tiles=True),
    Column(name="valid_from", title=t("Gültig ab", "Valid from"), kind=Kind.TIME),
    Column(name="valid_to", title=t("Gültig bis", "Valid to"), kind=Kind.TIME),
    Column(name="observed_at", title=t("Stand", "As of"), kind=Kind.TIME),
)
"""Columns of every schema: who (id, source_id), when in the world, when seen."""

STATION = (
    *COMMON,
    text("name", "Name", "Name", tiles=True),
    text("station", "Station", "Station", tiles=True),
)
"""Columns of every station."""


def with_lists(schema_id: str, before: Schema, *names: str) -> Schema:
    """A version of a schema in which some columns of text are columns of several texts."""
    columns = (
        Column(name=column.name, title=column.title, kind=Kind.TEXTS) if column.name in names else column
        for column in before.columns
    )
    return Schema(
        id=schema_id,
        title=before.title,
        geometry=before.geometry,
        columns=tuple(columns),
        properties=before.properties,
    )
