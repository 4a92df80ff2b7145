"""Mapping: which column of a schema comes from which field, proposed by the words that sources use."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ingest.fields.texts import clean
from ingest.scaffold.people import folded
from ingest.scaffold.profile import Field
from twin.record import Record
from twin.schema import Column, Kind, Schema
from twin.schemas import SCHEMAS

_REASONS = ("massnahme", "grund", "anlass", "art_der_massnahme", "massnahmenart", "art_der_arbeiten")
_WORDS: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "bezeichnung",
        "bez",
        "title",
        "titel",
        "label",
        "standort",
        "station_name",
        "longname",
        "shortname",
    ),
    "title": ("title", "titel", "strasse", "strassenname", "street", "ort", "lage", "bezeichnung", "name"),
    "description": ("description", "beschreibung", *_REASONS, "info", "hinweis", "text", "bemerkung"),
    "restriction": ("einschraenkung", "beeintraechtigung", "restriction", "sperrung", "verkehrsbehinderung"),
    "link": ("link", "url", "website", "internet", "weitere_info", "homepage"),
    "valid_from": ("valid_from", "von", "beginn", "start", "startdate", "begin", "gueltig_ab", "datum_von"),
    "valid_to": ("valid_to", "bis", "ende", "end", "enddate", "gueltig_bis", "datum_bis"),
    "species": ("species", "art_bot", "baumart", "art", "gattung", "botanisch"),
    "height_m": ("height_m", "hoehe", "height", "baumhoehe", "baum_hoehe"),
    "crown_m": ("crown_m", "kronedurch", "kronendurchmesser", "krone", "crown"),
    "trunk_m": ("trunk_m", "stammdurchmesser", "stamm"),
    "planted": ("planted", "pflanzjahr", "baujahr"),
    "capacity": ("capacity", "kapazitaet", "stellplaetze", "plaetze", "anzahl", "total", "gesamt"),
    "number": ("number", "nummer", "nr", "sb_nummer"),
    "key": ("key", "ags", "schluessel"),
    "station": ("station", "station_id", "id", "kennung", "nummer"),
    "road": ("road", "strasse", "street", "strassenname"),
    "operator": ("operator", "betreiber", "provider"),
    "water": ("water", "gewaesser", "fluss"),
    "area_km2": ("area_km2", "flaeche", "area"),
    "area_m2": ("area_m2", "flaeche", "area"),
}
_AREAS = {"m2": 1.0, "qm": 1.0, "sqm": 1.0, "ha": 1e4, "hektar": 1e4, "km2": 1e6, "qkm": 1e6}
"""Words at a field's end that say its unit: square metres in one."""
_PLURALS = ("s", "es", "n", "en", "e")
_KEYS = (
    "id",
    "nr",
    "nummer",
    "kennung",
    "uuid",
    "key",
    "gml_id",
    "objectid",
    "fachliche_id",
    "number",
    "code",
    "station_id",
    "stop_id",
    "station",
)
_KEY_ENDS = ("_id", "nr", "nummer", "kennung", "schluessel", "_key", "_uuid")
_RUNNING = ("lfd", "laufende")  # they number the rows of a list
MEASURES = "it holds measures or times"
FOR_MEANS = ("air-cell/1",)
"""Schemas of means over single things, which no list of single things is."""
_TELLS_NOTHING = ("station",)
"""Columns that every list of things with a number fills: they do not say what the things are."""
_OURS = ("id", "source_id", "observed_at")
"""Columns that a run writes by itself."""
_GEOMETRY = {"Point": "point", "LineString": "line", "Polygon": "area"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One column of the recipe."""

    column: str
    field: str
    by: str
    options: dict[str, Any]


def proposed(schema: Schema, fields: Sequence[Field], key: str | None = None) -> list[Proposal]:
    """Columns that a field seems made for; what is personal is never proposed, and no field twice.

    Args:
        schema: the layer's.
        fields: the source's.
        key: the field that tells stations apart.
    """
    usable = [f for f in fields if f.personal is None and f.kind not in ("nested", "empty")]
    open_ = [c for c in schema.columns if c.name not in _OURS and c.kind not in (Kind.ENUM, Kind.TEXTS)]
    found: dict[str, Proposal] = {}
    taken: set[str] = set()
    if key is not None and any(column.name == "station" for column in open_):
        found["station"] = Proposal("station", key, "text", {})
        taken.add(key)
    for nearness in (_exact, _plural, _by_unit, _part, _close):  # a better name is never taken by a worse one
        for column in open_:
            free = [f for f in usable if f.name not in taken and _fits(column, f)]
            field = None if column.name in found else nearness(column, _by_name(free))
            if field is not None:
                taken.add(field.name)
                by, options = _function(column, field)
                found[column.name] = Proposal(column.name, field.name, by, options)
    return [found[column.name] for column in open_ if column.name in found]


def business_key(fields: Sequence[Field]) -> str | None:
    """The field that tells things apart, if one does: by its name and because all its values differ."""
    unique = [f for f in fields if f.unique and f.personal is None and f.kind in ("text", "integer")]
    unique = [f for f in unique if not folded(f.name).startswith(_RUNNING)]
    named = [f for word in _KEYS for f in unique if folded(f.name) == word]
    ending = [f for f in unique if folded(f.name).endswith(_KEY_ENDS)]
    return next((f.name for f in (*named, *ending) if not f.name.startswith("@")), None)


def nearly_keys(fields: Sequence[Field], records: Sequence[Record]) -> list[tuple[str, tuple[str, str]]]:
    """Fields that are called as keys are and have one value twice: name, and the places of the first two.

    More than one in twenty that occur again are no slip of the pen: then the field says something else.
    """
    found = []
    for field in fields:
        called = folded(field.name) in _KEYS or folded(field.name).endswith(_KEY_ENDS)
        if not called or field.unique or field.personal is not None or field.kind not in ("text", "integer"):
            continue
        places: dict[str, str] = {}
        again = []
        for record in records:
            value = clean(record.values.get(field.name))
            if value is not None and places.setdefault(value, record.place) != record.place:
                again.append((places[value], record.place))
        if again and len(again) <= max(1, len(records) // 20):
            found.append((field.name, again[0]))
    return found


def not_keys(fields: Sequence[Field]) -> list[tuple[str, str]]:
    """Fields that differ from thing to thing and yet are not taken as key, each with the reason."""
    return [(field.name, _why_no_key(field)) for field in fields if field.unique]


def _why_no_key(field: Field) -> str:
    if field.personal is not None:
        return "it is personal"
    if field.kind not in ("text", "integer"):
        return MEASURES
    if field.name.startswith("@") or folded(field.name).startswith(_RUNNING):
        return "its source may number anew on every export"
    return "its name does not say that it is a key"


def schemas_for(geometry: str | None, fields: Sequence[Field]) -> list[str]:
    """Ids of schemas that fit, in their newest version, the likeliest first: by geometry and columns."""
    kind = _GEOMETRY.get((geometry or "").removeprefix("Multi"), geometry)
    newest = {s.id.partition("/")[0]: s for s in sorted(SCHEMAS.values(), key=_version)}
    fitting = [
        s for s in newest.values() if (kind is None or s.geometry in (kind, "any")) and s.id not in FOR_MEANS
    ]

    def likely(schema: Schema) -> tuple[int, bool, str]:
        found = sum(each.column not in _TELLS_NOTHING for each in proposed(schema, fields))
        return -found, schema.id != "place/1", schema.id

    return [s.id for s in sorted(fitting, key=likely)]


def _version(schema: Schema) -> int:
    return int(schema.id.partition("/")[2])


def _fits(column: Column, field: Field) -> bool:
    match column.kind:
        case Kind.NUMBER:
            return field.kind in ("number", "integer")
        case Kind.INTEGER:
            return field.kind == "integer"
        case Kind.TIME:
            return field.kind in ("day", "instant")
        case Kind.BOOLEAN:
            return False
        case _:
            return field.kind in ("text", "integer")


def _by_name(fields: Sequence[Field]) -> dict[str, Field]:
    by_name: dict[str, Field] = {}
    for field in sorted(
        fields, key=lambda f: f.name.count(".")
    ):  # what lies on top is said of the thing itself
        by_name.setdefault(folded(field.name), field)
    return by_name


def _words(column: Column) -> tuple[str, ...]:
    return _WORDS.get(column.name, (column.name, folded(column.title.de)))


def _exact(column: Column, by_name: dict[str, Field]) -> Field | None:
    return next((by_name[word] for word in _words(column) if word in by_name), None)


def _plural(column: Column, by_name: dict[str, Field]) -> Field | None:
    many = (f"{word}{ending}" for word in _words(column) for ending in _PLURALS)
    return next((by_name[word] for word in many if word in by_name), None)


def _by_unit(column: Column, by_name: dict[str, Field]) -> Field | None:
    """An area is known by its unit, whatever else its name says."""
    if column.unit not in _AREAS:
        return None
    return next((field for name, field in by_name.items() if name.rpartition("_")[2] in _AREAS), None)


def _part(column: Column, by_name: dict[str, Field]) -> Field | None:
    for word in _words(column):
        longer = [name for name in by_name if name.startswith(f"{word}_") or name.endswith(f"_{word}")]
        if longer and len(word) > 2:
            return by_name[longer[0]]
    return None


def _close(column: Column, by_name: dict[str, Field]) -> Field | None:
    for word in _words(column):
        close = difflib.get_close_matches(word, by_name, 1, 0.85)
        if close and len(word) > 3:
            return by_name[close[0]]
    return None


def _function(column: Column, field: Field) -> tuple[str, dict[str, Any]]:
    comma = {"comma": True} if field.comma else {}
    match column.kind:
        case Kind.NUMBER:
            return "number", comma | _factor(column, field)
        case Kind.INTEGER:
            return "integer", {}
        case Kind.TIME if field.kind == "instant":
            return "instant", {}
        case Kind.TIME:
            return ("day_end" if column.name == "valid_to" else "day_start"), {}
        case _:
            return ("link" if column.name == "link" else "plain" if column.free_text else "text"), {}


def _factor(column: Column, field: Field) -> dict[str, Any]:
    """From the unit that the field's name says to the column's; nothing if both are the same."""
    told = _AREAS.get(folded(field.name).rpartition("_")[2])
    wanted = _AREAS.get(column.unit or "")
    if told is None or wanted is None or told == wanted:
        return {}
    return {"factor": told / wanted}
