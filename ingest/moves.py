"""Moves: what carries one id and is seen in several places tells where somebody goes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ingest.fields.texts import clean
from twin.decision import Act
from twin.errors import SourceChanged
from twin.record import Record
from twin.report import Report, Verdict
from twin.rule import Rule

_MOST = 1_000_000
"""Records of which the places are compared; they are held in memory meanwhile."""


def standing(records: Iterable[Record], rule: Rule, report: Report) -> Iterator[Record]:
    """Yield the records whose id stays in one place; hold all others.

    Args:
        records: All of a run.
        rule: With `moves`; `hold` names the field with the id.
        report: Gets what is held.

    Raises:
        SourceChanged: more than `_MOST` records.
    """
    kept: list[Record] = []
    places: dict[str, set[bytes | None]] = defaultdict(set)
    for record in records:
        kept.append(record)
        for name in rule.fields:
            identity = clean(record.values.get(name))
            if identity is not None:
                places[identity].add(record.geometry if isinstance(record.geometry, bytes) else None)
        if len(kept) > _MOST:
            raise SourceChanged(f"more than {_MOST:,} records to compare places of; drop the id instead")
    for record in kept:
        if any(len(places[clean(record.values.get(name)) or ""]) > 1 for name in rule.fields):
            report.taken += 1
            report.count(Verdict.HELD, record.place, rule.reason.en)
            report.decide(Act.HOLD, "movement", ", ".join(rule.fields), rule.reason)
        else:
            yield record
