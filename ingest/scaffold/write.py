"""Write: a proposal as TOML, with a remark beside every line that a person should look at."""

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from ingest.scaffold.look import Looked
from ingest.scaffold.mapping import Proposal, not_keys
from ingest.scaffold.profile import Field
from twin.schema import Schema

_WRITERS = {
    "point": "stations",
    "line": "lines",
    "area": "areas",
    "any": "areas",
    "building": "buildings",
    "model": "models",
    "terrain": "terrain",
    "cloud": "points",
}
_INSTEAD = "//example.org/"
"""Stands in for an address that nobody has said."""
_THEMES = ("traffic", "construction", "environment")


def theme_of(schema: Schema) -> str:
    """The section of the viewer to which layers of a schema belong."""
    for theme in _THEMES:
        module = import_module(f"twin.schemas.{theme}")
        if any(each is schema for each in vars(module).values()):
            return theme
    return "environment" if schema.id.startswith("tree") else "model"


def recipe(
    looked: Looked, schema: Schema, key: str | None, columns: Sequence[Proposal], answers: dict[str, str]
) -> str:
    """The recipe as text.

    Args:
        looked: what was seen of the source.
        schema: the layer's.
        key: the field that tells things apart; None for a checksum of the content.
        columns: the mapping.
        answers: ``title_de``, ``title_en``, ``licence``, ``publisher``, ``interval``, ``url``.
    """
    return "\n".join(_lines(looked, schema, key, columns, answers)) + "\n"


def overlay(like: str, answers: dict[str, str]) -> str:
    """A recipe over a shared one: the protocol is known, only the address is the city's."""
    return (
        f"like = {_text(like)}\n\n[source]\nurl = {_text(answers['url'])}\n"
        f"licence = {_text(answers['licence'])}\npublisher = {_text(answers['publisher'])}\n"
        f"attribution = {_text(answers['publisher'])}\n"
    )


def _lines(
    looked: Looked, schema: Schema, key: str | None, columns: Sequence[Proposal], answers: dict[str, str]
) -> Iterator[str]:
    personal = [field for field in looked.fields if field.personal]
    yield f"# Proposed by twin new after looking at {looked.count:,} records ({looked.dialect.said})."
    yield f"schema = {_text(schema.id)}"
    yield f"theme = {_text(theme_of(schema))}"
    yield f"title = {{ de = {_text(answers['title_de'])}, en = {_text(answers['title_en'])} }}"
    yield f"summary = {{ de = {_text(answers['title_de'] + '.')}, en = {_text(answers['title_en'] + '.')} }}"
    if key is None:
        for name, why in not_keys(looked.fields):
            yield f"# {_text(name)} differs from thing to thing and is not taken as key: {why}."
        yield "# No key yet: a checksum of the content tells the things apart. Name one if you know it."
    else:
        yield f"business_key = [{_text(key)}]   # differs from thing to thing; does it stay from day to day?"
    yield f"min_features = {max(1, looked.count // 2)}   # fewer than this is an alarm"
    yield ""
    yield "[source]"
    yield f"connector = {_text(looked.dialect.connector)}"
    unknown = "   # only a file was looked at: put the address here" if _INSTEAD in answers["url"] else ""
    yield f"url = {_text(answers['url'])}{unknown}"
    yield f"interval = {_text(answers['interval'])}"
    yield f"licence = {_text(answers['licence'])}"
    yield f"publisher = {_text(answers['publisher'])}"
    yield f"attribution = {_text(answers['publisher'])}   # the line that the licence wants to be shown"
    if looked.crs is not None:
        guessed = "   # guessed from the numbers: check it" if looked.crs_guessed else ""
        yield f"crs = {_text(looked.crs)}{guessed}"
    if any(looked.dialect.options):
        yield ""
        yield "[source.options]"
        yield from (f"{name} = {_value(value)}" for name, value in looked.dialect.options.items())
    if looked.has_columns:
        mapped = list(dict.fromkeys([*([key] if key else []), *(p.field for p in columns)]))
        others = [field.name for field in looked.fields if field.name not in mapped and field.name != "@id"]
        yield ""
        yield "[source.columns]   # a column that is in neither means that the source changed"
        yield f"required = {_value([name for name in mapped if name != '@id'])}"
        yield f"optional = {_value(others)}"
    if personal:
        yield ""
        yield "[[gate]]"
        yield from _dropped(personal)
        yield 'reason = { de = "Angaben zu Personen weggelassen.", en = "Details of persons left out." }'
    for column in columns:
        yield ""
        yield f"[fields.{column.column}]"
        yield f"from = {_text(column.field)}"
        if column.by != "text":
            yield f"by = {_text(column.by)}"
        if column.options:
            yield f"options = {_value(column.options)}"
    yield ""
    yield "[tiles]"
    yield f"writer = {_text('trees' if schema.id.startswith('tree') else _WRITERS[schema.geometry])}"


def _dropped(personal: Sequence[Field]) -> Iterator[str]:
    """What the gate drops, with the reason of each field."""
    if len({field.personal for field in personal}) == 1:
        yield f"drop = {_value([field.name for field in personal])}   # {personal[0].personal}"
        return
    yield "drop = ["
    yield from (f"    {_text(field.name)},   # {field.personal}" for field in personal)
    yield "]"


def _text(value: str) -> str:
    # A JSON string is a TOML basic string, but for the one sign that TOML does not allow bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(name)} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return (
        str(value).lower()
        if isinstance(value, bool)
        else _text(value)
        if isinstance(value, str)
        else str(value)
    )
