"""Write: a proposal as TOML, with a remark beside every line that a person should look at."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from ingest.scaffold.look import Looked
from ingest.scaffold.mapping import MEASURES, Proposal, not_keys
from ingest.scaffold.profile import Field
from ingest.scaffold.values import begun, measurements, quoted
from twin.layer import Theme
from twin.licence import UNCLEAR
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
_NO_LICENCE = '{ de = "Die Quelle nennt keine Lizenz.", en = "The source states no licence." }'
_INSTEAD = "//example.org/"
"""Stands in for an address that nobody has said."""
NO_POSITIONS = (
    "No positions were found: name their columns in source.options (lon and lat), or state them under "
    "[stations] (docs/recipes.md); where there are to be none, remove [tiles]."
)
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


def overlay(like: str, answers: dict[str, str], own: dict[str, Any]) -> str:
    """A recipe over a shared one: the protocol is known, only what is the city's own is said.

    Args:
        like: the shared recipe.
        answers: as for `recipe`; those that are empty are left to the shared one.
        own: more of ``[source]``, such as ``crs``; ``options`` by name.
    """
    lines = [f"like = {quoted(like)}"]
    if answers["title_de"] and answers["title_en"]:
        lines.append(f"title = {{ de = {quoted(answers['title_de'])}, en = {quoted(answers['title_en'])} }}")
    lines += ["", "[source]"]
    lines += [f"connector = {quoted(own['connector'])}"] if "connector" in own else []
    lines.append(_address(answers["url"]))
    for key in ("interval", "licence", "publisher"):
        if answers[key]:
            lines.append(f"{key} = {quoted(answers[key])}")
    if answers["licence"] == UNCLEAR:
        lines.append(f"unclear = {_NO_LICENCE}")
    if answers["publisher"]:
        lines.append(
            f"attribution = {quoted(answers['publisher'])}   # the line that the licence wants to be shown"
        )
    if own.get("crs"):
        lines.append(f"crs = {quoted(own['crs'])}   # the source does not say it: check it")
    if own.get("options"):
        lines += ["", "[source.options]"]
        lines += [f"{name} = {_value(value)}{_about(name, value)}" for name, value in own["options"].items()]
    return "\n".join(lines) + "\n"


_ABOUT = {
    "box": "   # the city's area; what lies outside is not read",
    "next": "   # path of the next page's address",
    "roads": "   # motorways of the city: name all of them",
    "licensed": "   # the feed states no licence itself; its publisher does elsewhere: check it",
    "stations": "   # those in the answer that was looked at: name the city's",
    "prefix": "   # beginnings of the stops' ids that are the city's",
}


def _address(url: str) -> str:
    """The line of the address, with what is to be done where it only stands in for one."""
    beside = url.rpartition("/")[2]
    unknown = f"   # put the address here; or the file beside city.toml, and file:{beside} here"
    return f"url = {quoted(url)}{unknown if _INSTEAD in url else ''}"


def _about(name: str, value: Any) -> str:
    """The remark beside an option."""
    return "   # the server's own, GML" if (name, value) == ("format", "") else _ABOUT.get(name, "")


def _lines(
    looked: Looked, schema: Schema, key: str | None, columns: Sequence[Proposal], answers: dict[str, str]
) -> Iterator[str]:
    personal = [field for field in looked.fields if field.personal]
    yield f"# Proposed by twin new after looking at {looked.count:,} records ({looked.dialect.said})."
    yield f"schema = {quoted(schema.id)}"
    theme = theme_of(schema)
    elsewhere = ", ".join(each.value for each in Theme if each.value != theme)
    yield f"theme = {quoted(theme)}   # where the page shows it; or {elsewhere}"
    de, en = answers["title_de"], answers["title_en"]
    yield f"title = {{ de = {quoted(de)}, en = {quoted(en)} }}"
    yield f"summary = {{ de = {quoted(f'{de}.')}, en = {quoted(f'{en}.')} }}   # say it in one sentence"
    if key is None:
        for name, why in not_keys(looked.fields):
            if why == MEASURES:
                continue
            yield f"# {quoted(name)} differs from thing to thing and is not taken as key: {why}."
        yield "# No key yet: a checksum of the content tells the things apart. Name one if there is."
    else:
        yield f"business_key = [{quoted(key)}]   # differs from thing to thing; does it stay from day to day?"
    yield f"min_features = {max(1, looked.count // 2)}   # fewer than this is an alarm"
    yield ""
    yield "[source]"
    yield f"connector = {quoted(looked.dialect.connector)}"
    yield _address(answers["url"])
    yield f"interval = {quoted(answers['interval'])}"
    yield f"licence = {quoted(answers['licence'])}"
    if answers["licence"] == UNCLEAR:
        yield f"unclear = {_NO_LICENCE}   # until it is clear, nothing is pulled and nothing is shown"
    yield f"publisher = {quoted(answers['publisher'])}"
    yield f"attribution = {quoted(answers['publisher'])}   # the line that the licence wants to be shown"
    if looked.crs is not None:
        guessed = "   # guessed from the numbers: check it" if looked.crs_guessed else ""
        yield f"crs = {quoted(looked.crs)}{guessed}"
    if any(looked.dialect.options):
        yield ""
        yield "[source.options]"
        for name, value in looked.dialect.options.items():
            yield f"{name} = {_value(value)}{_about(name, value)}"
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
        yield f"from = {quoted(column.field)}"
        if column.by != "text":
            yield f"by = {quoted(column.by)}"
        if column.options:
            yield f"options = {_value(column.options)}"
    found = measured(looked, schema, key, columns)
    if found:
        yield ""
        yield from (f"# {line}" for line in begun(schema, looked.fields, found, key))
    yield ""
    if looked.geometry is None:
        yield f"# {NO_POSITIONS}"
    yield "[tiles]"
    yield f"writer = {quoted('trees' if schema.id.startswith('tree') else _WRITERS[schema.geometry])}"


def measured(
    looked: Looked, schema: Schema, key: str | None, columns: Sequence[Proposal]
) -> dict[str, str | None]:
    """Fields that look like measurements, see `values.measurements`."""
    mapped = {*(column.field for column in columns), *([key] if key else [])}
    return measurements(schema, looked.fields, looked.dialect, mapped)


def _dropped(personal: Sequence[Field]) -> Iterator[str]:
    """What the gate drops, with the reason of each field."""
    if len({field.personal for field in personal}) == 1:
        yield f"drop = {_value([field.name for field in personal])}   # {personal[0].personal}"
        return
    yield "drop = ["
    yield from (f"    {quoted(field.name)},   # {field.personal}" for field in personal)
    yield "]"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(name)} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return (
        str(value).lower()
        if isinstance(value, bool)
        else quoted(value)
        if isinstance(value, str)
        else str(value)
    )
