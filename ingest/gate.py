"""The gate: nothing personal passes. Rows are held, values dropped or coarsened; all of it is counted.

Rule 1 (the schema is an allow-list) is kept by `normalise`, which copies nothing a recipe does not map.
What a rule caught is never written anywhere: not in the store, nor in reports, logs or messages.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.fields import clean
from ingest.normalise import Measured
from ingest.personal import LONGEST, scrub
from twin.layer import Layer, Rule
from twin.record import Feature, Record, Report, Verdict
from twin.schema import Kind

PRIVACY = "privacy: "
"""Begins every note of the gate in a report."""

_IDS = frozenset({"id", "source_id", "station", "site", "raster"})
"""Not searched word by word: keys are replaced as a whole, the others are made by machines."""
_TELLING = frozenset({"e-mail address", "phone number", "person's name", "IBAN"})
"""What a key must not tell. Plates are left out: keys look like them (``K-A1``)."""


def admit(records: Iterable[Record], layer: Layer, report: Report) -> Iterator[Record]:
    """Hold the rows and drop the values that the recipe's rules name, before anything else sees them."""
    holds = [rule for rule in layer.gate if rule.hold]
    drops = [rule for rule in layer.gate if rule.drop]
    for record in records:
        held = next((rule for rule in holds if _holds(rule, record)), None)
        if held is not None:
            report.taken += 1
            report.count(Verdict.HELD, record.place, held.reason.en)
            continue
        present = [rule for rule in drops if record.values.get(rule.drop or "") is not None]
        if present:
            for rule in present:
                report.note(f"{PRIVACY}{rule.reason.en}")
            dropped = {rule.drop for rule in present}
            values = {name: value for name, value in record.values.items() if name not in dropped}
            record = Record(record.place, values, record.geometry, record.crs, record.shape, record.notes)
        yield record


def _holds(rule: Rule, record: Record) -> bool:
    word = _folded(record.values.get(rule.hold or ""))
    if rule.unless:
        return word not in {_folded(each) for each in rule.unless}
    return word in {_folded(each) for each in rule.equals}


def _folded(value: object) -> str:
    """A word however it is written: case, composed or decomposed letters, invisible characters."""
    text = unicodedata.normalize("NFKC", clean(value) or "").casefold()
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def inspect(
    things: Iterable[Feature | Measured], layer: Layer, report: Report
) -> Iterator[Feature | Measured]:
    """Look for personal data in all text that is left, and take it out."""
    texts = [c.name for c in layer.schema_.columns if c.kind is Kind.TEXT and c.name not in _IDS]
    for thing in things:
        if isinstance(thing, Feature):
            if _tells(thing.values.get("station") or ""):
                report.count(Verdict.HELD, reason="the station's name tells of a person")
                continue
            if _tells(thing.source_id):
                thing = replace(thing, id=_anonymous(thing), source_id=_anonymous(thing))
                report.note(f"{PRIVACY}the source's key told of a person; a checksum stands for it")
            for name in texts:
                value = thing.values.get(name)
                if not value:
                    continue
                thing.values[name], classes = scrub(value)
                for word in classes:
                    report.note(f"{PRIVACY}{word} taken out of {name}")
        yield thing


def _tells(key: str) -> bool:
    return bool(_TELLING & set(scrub(key)[1])) or len(key) > LONGEST


def _anonymous(feature: Feature) -> str:
    """A key made of the content, as for things that never had one."""
    told = sorted((k, str(v)) for k, v in feature.values.items() if k not in _IDS | {"observed_at"})
    return f"h-{hashlib.sha256(repr(told).encode() + (feature.geometry or b'')).hexdigest()[:20]}"
