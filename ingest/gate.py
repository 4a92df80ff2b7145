"""The gate: nothing personal passes. Rows are held, values dropped or coarsened; all of it is counted.

Rule 1 (the schema is an allow-list) is kept by `normalise`, which copies nothing a recipe does not map.
What a rule caught is never written anywhere: not in the store, nor in reports, logs or messages.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ingest.cells import cells
from ingest.fields import clean
from ingest.measured import Measured
from ingest.personal import LONGEST, TOO_LONG, scrub
from twin.layer import Layer
from twin.record import Feature, Record, Report, Verdict
from twin.rule import Rule
from twin.schema import Kind
from twin.schemas import schema

PRIVACY = "privacy: "
"""Begins every note of the gate in a report."""

_IDS = frozenset({"id", "source_id", "station", "site", "raster"})
"""Not searched word by word: keys are replaced as a whole, the others are made by machines."""
_TELLING = frozenset({"e-mail address", "phone number", "person's name", "IBAN"})
"""What a key must not tell. Plates are left out: keys look like them (``K-A1``)."""


def admit(records: Iterable[Record], layer: Layer, report: Report) -> Iterator[Record]:
    """Hold the rows, drop the values and coarsen the things that the recipe's rules name, before anything
    else sees them.
    """
    kept = _admitted(records, layer, report)
    for rule in layer.gate:
        if rule.coarsen is not None:
            kept = cells(kept, rule, layer, report)
    return kept


def _admitted(records: Iterable[Record], layer: Layer, report: Report) -> Iterator[Record]:
    holds = [rule for rule in layer.gate if rule.hold]
    drops = [rule for rule in layer.gate if rule.drop]
    for record in records:
        held = next((rule for rule in holds if _fitting(rule, record)), None)
        if held is not None:
            report.taken += 1
            report.count(Verdict.HELD, record.place, held.reason.en)
            continue
        dropped: set[str] = set()
        for rule in drops:
            fields = _fitting(rule, record)
            dropped.update(fields)
            if fields:
                report.note(f"{PRIVACY}{rule.reason.en}")
        if dropped:
            values = {name: value for name, value in record.values.items() if name not in dropped}
            record = replace(record, values=values)
        yield record


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
            yield thing


def look_at(feature: Feature, layer: Layer, report: Report) -> Feature | None:
    """One feature without what is personal in its texts; None if it has to be held."""
    if _tells(feature.values.get("station") or ""):
        report.count(Verdict.HELD, reason="the station's name tells of a person")
        return None
    if _tells(feature.source_id):
        feature = replace(feature, id=_anonymous(feature), source_id=_anonymous(feature))
        report.note(f"{PRIVACY}the source's key told of a person; a checksum stands for it")
    for name in _texts(layer.schema_id):
        value = feature.values.get(name)
        if value:
            feature.values[name], classes = scrub(value)
            for word in classes:
                report.note(f"{PRIVACY}{word} taken out of {name}")
    if feature.generic:
        feature = replace(feature, generic=_generic(feature.generic, report))
    return feature


def _generic(values: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Attributes of the source's own kind: nobody has listed them, so they are looked at like free text."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, str):
            value, classes = scrub(value)
            for word in classes:
                report.note(f"{PRIVACY}{word} taken out of a generic attribute")
        if value is not None:
            kept[name] = value
    return kept


@lru_cache(maxsize=64)
def _texts(schema_id: str) -> tuple[str, ...]:
    """Columns that are searched."""
    columns = schema(schema_id).columns
    return tuple(c.name for c in columns if c.kind is Kind.TEXT and c.name not in _IDS)


def _tells(key: str) -> bool:
    return bool(_TELLING & set(scrub(key)[1])) or len(key) > LONGEST


def _anonymous(feature: Feature) -> str:
    """A key made of the content, as for things that never had one."""
    told = sorted((k, str(v)) for k, v in feature.values.items() if k not in _IDS | {"observed_at"})
    return f"h-{hashlib.sha256(repr(told).encode() + (feature.geometry or b'')).hexdigest()[:20]}"
