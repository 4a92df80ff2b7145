"""The gate: nothing personal passes. Rows are held, values dropped or coarsened; all of it is counted.

Rule 1 (the schema is an allow-list) is kept by `normalise`, which copies nothing a recipe does not map.
What a rule caught is never written anywhere: not in the store, nor in reports, logs or messages.
"""

from collections.abc import Iterable, Iterator

from ingest.fields import clean
from ingest.normalise import Measured
from ingest.personal import scrub
from twin.layer import Layer
from twin.record import Feature, Record, Report, Verdict
from twin.schema import Kind

PRIVACY = "privacy: "
"""Begins every note of the gate in a report."""

_IDS = frozenset({"id", "source_id", "station", "site", "raster"})  # machine-made, checked by no pattern


def admit(records: Iterable[Record], layer: Layer, report: Report) -> Iterator[Record]:
    """Hold the rows and drop the values that the recipe's rules name, before anything else sees them."""
    holds = [(rule, frozenset(rule.equals)) for rule in layer.gate if rule.hold]
    drops = [rule for rule in layer.gate if rule.drop]
    for record in records:
        held = next((r for r, words in holds if clean(record.values.get(r.hold or "")) in words), None)
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


def inspect(
    things: Iterable[Feature | Measured], layer: Layer, report: Report
) -> Iterator[Feature | Measured]:
    """Look for personal data in all text that is left, and take it out."""
    texts = [c.name for c in layer.schema_.columns if c.kind is Kind.TEXT and c.name not in _IDS]
    for thing in things:
        if isinstance(thing, Feature):
            for name in texts:
                value = thing.values.get(name)
                if not value:
                    continue
                thing.values[name], classes = scrub(value)
                for word in classes:
                    report.note(f"{PRIVACY}{word} taken out of {name}")
        yield thing
