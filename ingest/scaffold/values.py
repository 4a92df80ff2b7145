"""Values: which fields are measurements, and how a recipe would begin to read them as observations."""

import json
import re
from collections.abc import Collection, Iterator, Sequence

from ingest.scaffold.dialect import Dialect
from ingest.scaffold.dialect_table import LAT, LON, plain
from ingest.scaffold.people import folded
from ingest.scaffold.profile import Field
from twin.schema import Schema

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "free": ("free", "frei", "freie", "available", "verfuegbar", "vacant"),
    "occupied": ("occupied", "belegt", "besetzt"),
    "occupancy": ("occupancy", "auslastung", "belegung"),
    "pm10": ("pm10", "p1"),
    "pm2_5": ("pm2_5", "pm25", "p2"),
    "no2": ("no2", "stickstoffdioxid"),
    "o3": ("o3", "ozon", "ozone"),
    "air_temperature": ("air_temperature", "temperature", "temperatur", "lufttemperatur", "temp"),
    "relative_humidity": ("humidity", "feuchte", "luftfeuchte"),
    "pressure": ("pressure", "luftdruck"),
    "wind_speed": ("wind_speed", "windgeschwindigkeit", "wind"),
    "precipitation": ("precipitation", "niederschlag", "regen"),
    "water_level": ("water_level", "wasserstand", "pegelstand", "pegel"),
    "water_temperature": ("water_temperature", "wassertemperatur"),
    "discharge": ("discharge", "abfluss", "durchfluss"),
    "sound_level": ("laeq", "schallpegel", "noise"),
    "delay": ("delay", "verspaetung"),
    "bicycles": ("bicycles", "fahrraeder", "raeder", "radfahrer"),
    "vehicles": ("vehicles", "kfz", "fahrzeuge", "autos"),
}
"""Property → words that sources use for it."""
_OTHERS = (
    "value",
    "wert",
    "messwert",
    "reading",
    "no",
    "nox",
    "so2",
    "co",
    "co2",
    "count",
    "level",
    "zaehlung",
)
"""Words of measurements that name no property by themselves."""


def measurements(
    schema: Schema, fields: Sequence[Field], dialect: Dialect, mapped: Collection[str]
) -> dict[str, str | None]:
    """Numbers that are no column of the schema and look measured, each with its property, if one is near.

    Args:
        schema: the layer's; one without observed properties has no measurements.
        fields: the source's.
        dialect: says which fields are positions.
        mapped: fields that the recipe uses as columns or key.
    """
    if not schema.properties:
        return {}
    tables = dialect.options.get("tables") or [dialect.options]
    places = {str(tables[0].get(name)) for name in ("lon", "lat")}
    found: dict[str, str | None] = {}
    for field in fields:
        name = folded(field.name)
        last = plain(re.split(r"[.:/]", field.name)[-1])
        if (
            field.kind in ("number", "integer")
            and field.personal is None
            and field.name not in places
            and field.name not in mapped
            and last not in (*LON, *LAT)
        ):
            near = _property(schema, name)
            if near is not None or any(_holds(name, word) for word in _measuring()):
                found[field.name] = near
    return found


def begun(
    schema: Schema, fields: Sequence[Field], found: dict[str, str | None], key: str | None
) -> Iterator[str]:
    """Lines of a commented ``[[readings]]`` to begin with."""
    usable = [field for field in fields if field.personal is None]
    times = [field.name for field in usable if field.kind in ("instant", "day")]
    time = times[0] if times else "THE FIELD THAT SAYS WHEN"
    properties = ", ".join(each.name for each in schema.properties)
    yield "These fields look like measurements, which are values and no columns. Take the signs # away,"
    yield "fill in what is written large, see docs/recipes.md (Reading); long rows: kind, kinds, value."
    yield f"Properties of {schema.id}: {properties}."
    yield "[[readings]]"
    yield f"when = [{quoted(next(iter(found)))}]"
    yield f"station = {quoted(key or 'THE FIELD THAT NAMES THE STATION')}"
    yield f"start = [{quoted(time)}]"
    yield 'span = "15min"'
    yield "[readings.values.15min]"
    given: set[str] = set()
    for name, near in found.items():
        yield f"{near if near is not None and near not in given else 'PROPERTY'} = {quoted(name)}"
        given.add(near or "")


def quoted(text: str) -> str:
    """A text as TOML: a JSON string, but for the one sign that TOML does not allow bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _property(schema: Schema, name: str) -> str | None:
    """The schema's property that a folded name speaks of, an exact name first."""
    names = [each.name for each in schema.properties]
    if name in names:
        return name
    for each in names:
        if any(_holds(name, word) for word in _SYNONYMS.get(each, (each,))):
            return each
    return None


def _measuring() -> Iterator[str]:
    for words in _SYNONYMS.values():
        yield from words
    yield from _OTHERS


def _holds(name: str, word: str) -> bool:
    """Whether a word is a whole part of a folded name."""
    return f"_{word}_" in f"_{name}_"
