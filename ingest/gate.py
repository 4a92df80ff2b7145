"""The gate: nothing personal passes. Rows are held, values dropped or coarsened; all of it is counted.

Rule 1 (the schema is an allow-list) is kept by `normalise`, which copies nothing a recipe does not map.
What a rule caught is never written anywhere: not in the store, nor in reports, logs or messages.
docs/privacy.md shows every rule with an example.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ingest.cells import cells
from ingest.fields.texts import clean
from ingest.measured import Measured
from ingest.moves import standing
from ingest.personal import LONGEST, TOO_LONG, UNCHECKED, scrub
from twin.base import Text
from twin.decision import Act
from twin.features import Features
from twin.layer import Layer
from twin.record import Feature, Record
from twin.report import Report, Verdict
from twin.rule import Rule
from twin.schema import Kind
from twin.schemas import schema
from twin.telling import telling

_IDS = frozenset({"id", "source_id", "station", "site", "raster"})
"""Not searched word by word: keys are replaced as a whole, the others are made by machines."""
_IN_KEYS = frozenset(
    {
        "e-mail address",
        "phone number",
        "person's name",
        "IBAN",
        "vehicle identification number",
        "device id",
        "social media handle",
        "date of birth",
        "identity number",
        TOO_LONG,
        UNCHECKED,
    }
)
"""What a key must not tell. A plate counts if the key has a blank: others look like it (``K-A12``)."""
_IN_TEXT = Text(de="Texte dürfen niemanden nennen.", en="Texts must name nobody.")
_BY_NAME = Text(
    de="Felder mit solchen Namen nennen Personen, Fahrzeuge oder Geräte.",
    en="Fields with such names tell of people, vehicles or devices.",
)
_STATION = Text(de="Der Name der Station nennt jemanden.", en="the station's name tells of a person")
_KEY = Text(
    de="Der Schlüssel der Quelle nannte jemanden; eine Prüfsumme steht für ihn.",
    en="the source's key told of a person; a checksum stands for it",
)


def admit(records: Iterable[Record], layer: Layer, report: Report) -> Iterator[Record]:
    """Hold the rows, drop the values and coarsen the things that the recipe's rules name, before anything
    else sees them; drop what has a telling name (`twin.telling`) in any case.
    """
    kept = iter(records)
    for rule in layer.gate:
        if rule.moves:
            kept = standing(kept, rule, report)
    kept = _admitted(kept, layer, report)
    for rule in layer.gate:
        if rule.coarsen is not None:
            kept = cells(kept, rule, layer, report)
    return kept


def _admitted(records: Iterator[Record], layer: Layer, report: Report) -> Iterator[Record]:
    holds = [rule for rule in layer.gate if rule.hold and not rule.moves]
    drops = [rule for rule in layer.gate if rule.drop]
    spared = _spared(layer)
    for record in records:
        held = next((rule for rule in holds if _fitting(rule, record)), None)
        if held is not None:
            report.taken += 1
            report.count(Verdict.HELD, record.place, held.reason.en)
            report.decide(Act.HOLD, f"rule {held.condition}", ", ".join(held.fields), held.reason)
            continue
        dropped: set[str] = set()
        for rule in drops:
            for name in _fitting(rule, record):
                dropped.add(name)
                report.decide(Act.DROP, f"rule {rule.condition}".strip(), name, rule.reason)
        for name, kind in _named(tuple(record.values)):
            if name not in dropped and record.values[name] not in (None, ""):
                if name in spared:
                    if (reason := spared[name]) is not None:
                        report.decide(Act.ALLOW, f"{kind} field", name, reason)
                    continue
                dropped.add(name)
                report.decide(Act.DROP, f"{kind} field", "", _BY_NAME)
        if dropped:
            values = {name: value for name, value in record.values.items() if name not in dropped}
            record = replace(record, values=values)
        yield record


def _spared(layer: Layer) -> dict[str, Text | None]:
    """Fields with telling names that stay: the recipe says so, with its reason, or makes cells with them."""
    spared: dict[str, Text | None] = {}
    for rule in layer.gate:
        if rule.allow:
            spared |= dict.fromkeys(rule.fields, rule.reason)
        if rule.coarsen is not None:
            made_of = (rule.coarsen.things, *(rule.coarsen.position or ()), *rule.coarsen.when)
            spared |= dict.fromkeys((*made_of, *rule.coarsen.mean))
    return spared


@lru_cache(maxsize=1024)
def _named(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those of a record's fields that have a telling name, each with what it tells of."""
    return tuple((name, kind) for name in names if isinstance(name, str) and (kind := telling(name)))


def _fitting(rule: Rule, record: Record) -> list[str]:
    """The fields of a record that a rule is about."""
    return [name for name in rule.fields if _fits(rule, record.values.get(name))]


def _fits(rule: Rule, value: object) -> bool:
    if rule.unless:
        return _folded(value) not in {_folded(each) for each in rule.unless}
    if rule.equals:
        return _folded(value) in {_folded(each) for each in rule.equals}
    if rule.matches:
        return bool(set(scrub(clean(value) or "")[1]) & {*rule.matches, TOO_LONG})
    if rule.min_count is not None:
        return _few(value, rule.min_count)
    return value is not None


def _few(value: object, least: int) -> bool:
    """Whether a count is one from 1 to below `least`; what is no number is not let through."""
    written = clean(value)
    try:
        return written is not None and not (float(written) == 0 or float(written) >= least)
    except ValueError:
        return True


def _folded(value: object) -> str:
    """A word however it is written: case, composed or decomposed letters, invisible characters."""
    text = unicodedata.normalize("NFKC", clean(value) or "").casefold()
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def inspect(
    things: Iterable[Feature | Measured], layer: Layer, report: Report
) -> Iterator[Feature | Measured]:
    """Look for personal data in all text that is left, and take it out."""
    for thing in things:
        if isinstance(thing, Feature):
            kept = look_at(thing, layer, report)
            if kept is not None:
                yield kept
        else:
            yield _unnamed(thing, report)


def _unnamed(measured: Measured, report: Report) -> Measured:
    """Measurements without those of stations whose name tells of a person."""
    telling_of = {station for station in set(measured.station) if _tells(station)}
    if not telling_of:
        return measured
    rows = list(zip(measured.record, measured.station, strict=True))
    held = {record for record, station in rows if station in telling_of}
    for record in sorted(held):
        report.count(Verdict.HELD, measured.places[record], _STATION.en)
        report.decide(Act.HOLD, "key", "station", _STATION)
    kept = [place for place, (record, _) in enumerate(rows) if record not in held]
    order = [record for record in range(len(measured.places)) if record not in held]
    number = {record: place for place, record in enumerate(order)}
    return Measured(
        [measured.places[record] for record in order],
        [number[measured.record[row]] for row in kept],
        [measured.station[row] for row in kept],
        [measured.property[row] for row in kept],
        [measured.value[row] for row in kept],
        [measured.observed[row] for row in kept],
    )


def look_over(
    places: list[str], features: Features, layer: Layer, report: Report
) -> tuple[list[str], Features]:
    """Many features as `look_at` does it for one; with each of them comes the place where it stands.

    Nearly always there is nothing in any of them, which the few different words of a column say at once.
    """
    if _harmless(features, layer):
        return places, features
    blank = dict.fromkeys(name for name in layer.schema_.names if name not in ("id", "source_id"))
    looked = [look_at(feature, layer, report) for feature in features.rows(blank)]
    kept = [(place, f) for place, f in zip(places, looked, strict=True) if f is not None]
    return [place for place, _ in kept], Features.of([f for _, f in kept])


def _harmless(features: Features, layer: Layer) -> bool:
    """Whether `look_at` would leave all of them as they are."""
    if any(features.generic) or any(map(_tells, features.source_ids)):
        return False
    if any(_tells(station) for station in set(features.values.get("station", ())) if station):
        return False
    texts = [set(features.values.get(name, ())) for name in _texts(layer.schema_id)]
    for name in schema(layer.schema_id).lists:
        texts.append({text for several in features.values.get(name, ()) for text in several or ()})
    return all(scrub(text) == (text, []) for words in texts for text in words if text)


def look_at(feature: Feature, layer: Layer, report: Report) -> Feature | None:
    """One feature without what is personal in its texts; None if it has to be held."""
    if _tells(feature.values.get("station") or ""):
        report.count(Verdict.HELD, reason=_STATION.en)
        report.decide(Act.HOLD, "key", "station", _STATION)
        return None
    if _tells(feature.source_id):
        feature = replace(feature, id=_anonymous(feature), source_id=_anonymous(feature))
        report.decide(Act.DROP, "key", "source_id", _KEY)
    for name in _texts(layer.schema_id):
        value = feature.values.get(name)
        if value:
            feature.values[name], classes = scrub(value)
            for word in classes:
                report.decide(Act.DROP, word, name, _IN_TEXT)
    for name in schema(layer.schema_id).lists:
        if several := feature.values.get(name):
            feature.values[name] = _each(several, name, report)
    if feature.generic:
        feature = replace(feature, generic=_generic(feature.generic, report))
    return feature


def _each(several: Sequence[str], name: str, report: Report) -> list[str] | None:
    """A list without what is personal in each of its texts; None if nothing is left that could be checked."""
    kept: dict[str, None] = {}
    for text in several:
        left, classes = scrub(text)
        for word in classes:
            report.decide(Act.DROP, word, name, _IN_TEXT)
        if left:
            kept[left] = None
    return [*kept] or None


def _generic(values: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Attributes of the source's own kind: nobody has listed them, so they are looked at like free text."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        kind = telling(name) or next(iter(scrub(name)[1]), None)
        if kind is not None:
            report.decide(Act.DROP, f"{kind} field", "", _BY_NAME)
            continue
        if isinstance(value, str):
            value, classes = scrub(value)
            for word in classes:
                report.decide(Act.DROP, word, "generic", _IN_TEXT)
        if value is not None:
            kept[name] = value
    return kept


@lru_cache(maxsize=64)
def _texts(schema_id: str) -> tuple[str, ...]:
    """Columns that are searched."""
    columns = schema(schema_id).columns
    return tuple(c.name for c in columns if c.kind is Kind.TEXT and c.name not in _IDS)


def _tells(key: str) -> bool:
    if key.isdecimal() and len(key) <= LONGEST:
        return False  # a number is a key, not a phone
    classes = set(scrub(key)[1])
    return bool(_IN_KEYS & classes) or ("licence plate" in classes and " " in key)


def _anonymous(feature: Feature) -> str:
    """A key made of the content, as for things that never had one."""
    told = sorted((k, str(v)) for k, v in feature.values.items() if k not in _IDS | {"observed_at"})
    return f"h-{hashlib.sha256(repr(told).encode() + (feature.geometry or b'')).hexdigest()[:20]}"
