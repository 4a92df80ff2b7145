"""Report: the account of a run. Everything that came in is somewhere."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from twin.base import Text
from twin.decision import Act, key

_EXAMPLES = 20
"""How many records a report names one by one."""
NAMED = 20
"""Ids that a report names for each repair: some to look at, not a list of the whole city."""


class Verdict(StrEnum):
    """What became of a record."""

    PUBLISHED = "published"
    HELD = "held"
    BROKEN = "broken"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class RecordError:
    """A record that did not make it, and why. Carries no value of the record."""

    place: str
    verdict: Verdict
    reason: str
    id: str | None = None
    """The publisher's id; only where a report names everything."""


@dataclass(slots=True)
class Report:
    """The account of one run of one layer: everything that came in is somewhere."""

    taken: int = 0
    """Records in."""
    published: int = 0
    held: int = 0
    broken: int = 0
    duplicate: int = 0
    observations: int = 0
    """Values appended to the observations (a record may hold several)."""
    reasons: dict[str, dict[str, int]] = field(default_factory=dict)
    """Verdict → reason in words → number of records."""
    notes: dict[str, int] = field(default_factory=dict)
    """Repairs and remarks → how often."""
    levels: dict[str, int] = field(default_factory=dict)
    """Level of detail that was drawn, of a city model → number of records."""
    gate: dict[str, int] = field(default_factory=dict)
    """What the gate did (`twin.decision.key`) → how often."""
    examples: list[RecordError] = field(default_factory=list)
    """The first few records that did not make it; in a report that `names` them all, with their ids."""
    fields: tuple[str, ...] = ()
    """Names of all fields that the source's things had."""
    noted: dict[str, list[str]] = field(default_factory=dict)
    """Repair or remark → the first `NAMED` ids of the publisher's, sorted; only in a report that `names`."""
    names: bool = False
    """For operators' own conversions: publications name no ids of what they do not publish."""

    def count(self, verdict: Verdict, place: str = "", reason: str = "", identity: str | None = None) -> None:
        """Account for one record."""
        setattr(self, verdict.value, getattr(self, verdict.value) + 1)
        if verdict is Verdict.PUBLISHED:
            return
        reasons = self.reasons.setdefault(verdict.value, {})
        reasons[reason] = reasons.get(reason, 0) + 1
        if self.names:
            self.examples.append(RecordError(place, verdict, reason, identity))
        elif len(self.examples) < _EXAMPLES:
            self.examples.append(RecordError(place, verdict, reason))

    def tally(self, verdict: Verdict, number: int, reason: str = "", places: Iterable[str] = ()) -> None:
        """Account for many records of one fate; `places` is asked only for as many as are named."""
        setattr(self, verdict.value, getattr(self, verdict.value) + number)
        if verdict is Verdict.PUBLISHED:
            return
        reasons = self.reasons.setdefault(verdict.value, {})
        reasons[reason] = reasons.get(reason, 0) + number
        room = number if self.names else max(0, _EXAMPLES - len(self.examples))
        self.examples += [RecordError(place, verdict, reason) for place in islice(places, room)]

    def add(self, other: "Report") -> None:
        """Take over the account of a part of the run."""
        self.taken += other.taken
        self.observations += other.observations
        for verdict in Verdict:
            setattr(self, verdict.value, getattr(self, verdict.value) + getattr(other, verdict.value))
        for name, counts in other.reasons.items():
            reasons = self.reasons.setdefault(name, {})
            for reason, count in counts.items():
                reasons[reason] = reasons.get(reason, 0) + count
        for words, times in other.notes.items():
            self.note(words, times)
            for identity in other.noted.get(words, ()):
                self._name(words, identity)
        for level, times in other.levels.items():
            self.levels[level] = self.levels.get(level, 0) + times
        for told, times in other.gate.items():
            self.gate[told] = self.gate.get(told, 0) + times
        room = None if self.names else max(0, _EXAMPLES - len(self.examples))
        self.examples += other.examples[:room]

    def note(self, words: str, times: int = 1, identity: str | None = None) -> None:
        """Remember a repair or a remark, and about what; of publications only the repair."""
        self.notes[words] = self.notes.get(words, 0) + times
        if self.names and identity:
            self._name(words, identity)

    def _name(self, words: str, identity: str) -> None:
        first = self.noted.setdefault(words, [])
        if len(first) == NAMED and identity >= first[-1]:
            return
        place = bisect_left(first, identity)
        if first[place : place + 1] != [identity]:
            first.insert(place, identity)
            del first[NAMED:]

    def decide(self, act: Act, found: str, column: str, reason: Text, times: int = 1) -> None:
        """Remember what the gate did."""
        told = key(act, found, column, reason)
        self.gate[told] = self.gate.get(told, 0) + times

    @property
    def adds_up(self) -> bool:
        """``records in = published + held + broken + duplicate``."""
        return self.taken == self.published + self.held + self.broken + self.duplicate

    def counts(self) -> dict[str, int]:
        """The five counts under the names of ``provenance.json``."""
        return {
            "in": self.taken,
            "published": self.published,
            "held": self.held,
            "broken": self.broken,
            "duplicate": self.duplicate,
        }
