"""Status: what the last attempts at a layer came to. A fact beside the revisions, not part of them."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from pydantic import Field

from twin.base import Noun, Text
from twin.decision import Decision
from twin.errors import (
    AlreadyExists,
    Damaged,
    NotCleared,
    NotFound,
    RecipeError,
    SourceDown,
    StoreError,
    TookTooLong,
    TwinError,
)
from twin.times import in_words

LATE_AFTER, SILENT_AFTER = 2, 6
"""Intervals without success."""
AHEAD = timedelta(minutes=15)
"""So far may the clock of who asked be ahead of ours; what lies further ahead was written by a wrong one."""


_OURS = frozenset(
    each.code for each in (TwinError, StoreError, NotFound, AlreadyExists, Damaged, TookTooLong)
)
"""Faults of this machine or of ours, a full disk above all: the source did nothing wrong."""
_SOON = timedelta(minutes=10)
"""After such a fault a layer is tried again so soon, however seldom its source is asked."""


class State(StrEnum):
    """How fresh a layer is, in the viewer's five words; and one for what is not shown at all."""

    FRESH = "fresh"
    LATE = "late"
    SILENT = "silent"
    CHANGED = "changed"
    REFUSED = "refused"
    NOT_CLEARED = "not-cleared"


STATE_TITLES = {
    State.FRESH: Text(de="frisch", en="fresh"),
    State.LATE: Text(de="verspätet", en="late"),
    State.SILENT: Text(de="still", en="silent"),
    State.CHANGED: Text(de="geändert", en="changed"),
    State.REFUSED: Text(de="abgelehnt", en="refused"),
    State.NOT_CLEARED: Text(de="nicht freigegeben", en="not cleared"),
}


_NOTHING = Text(de="Von dieser Quelle kam noch nichts.", en="Nothing has come from this source yet.")
_OURS_SO_FAR = Text(
    de="Kann zurzeit nicht verarbeitet werden. Gezeigt wird noch nichts.",
    en="Cannot be processed at the moment. Nothing is shown yet.",
)
_SO_FAR = {
    State.CHANGED: Text(
        de="Die Quelle liefert etwas anderes als vereinbart. Gezeigt wird noch nichts.",
        en="The source delivers something other than agreed. Nothing is shown yet.",
    ),
    State.REFUSED: Text(
        de="Die Lieferung wurde nicht angenommen. Gezeigt wird noch nichts.",
        en="The delivery was not accepted. Nothing is shown yet.",
    ),
}
"""What is said of a source of which nothing has been published so far, by its state."""


class Status(Noun):
    """The last attempts at a layer. Written as ``status.json`` in the layer's folder."""

    layer: str
    interval_s: int
    """How often the source is asked."""
    last_attempt: datetime
    last_success: datetime | None = None
    """Last time the source answered as it should, changed or not."""
    last_change: datetime | None = None
    """Last time that brought something new."""
    last_value_at: datetime | None = None
    """Newest observation, for station layers."""
    failures: int = 0
    """Failed attempts since the last success."""
    not_before: datetime | None = None
    """The source asked not to be asked again before (``Retry-After``)."""
    requests: int = 0
    """Requests of the last successful run."""
    received: int = 0
    """Bytes that the source sent in it."""
    error: str | None = None
    """``code`` of the error that ended the last attempt (``twin.errors``), or None."""
    reason: str | None = None
    """That error's message."""
    counts: dict[str, int] = Field(default_factory=dict)
    """Counts of the last successful run."""
    reasons: dict[str, dict[str, int]] = Field(default_factory=dict)
    notes: dict[str, int] = Field(default_factory=dict)
    gate: tuple[Decision, ...] = ()
    """What the gate did in the last successful run."""
    observations: int = 0

    def with_fault(self, words: str) -> "Status":
        """The same where the layer's recipe is faulty, so that nothing can be asked until it is mended."""
        return self.model_copy(update={"error": RecipeError.code, "reason": words})

    def next_due(self, every: timedelta | None = None) -> datetime:
        """When the layer is due again.

        After a success when the interval has passed, and a little more, which is the layer's own, so that
        layers do not all knock at once. After a failure sooner: a tenth of the interval, or ten minutes if it
        was ours; twice that after the second one in a row, and so on, never more than the interval; later if
        the source asks for it.

        Args:
            every: the interval that holds now, if it is not the one of the last attempt.
        """
        every = every or timedelta(seconds=self.interval_s)
        if self.failures:
            doubled: int = 2 ** min(self.failures - 1, 10)
            first = max(every / 10, timedelta(minutes=1))
            wait = min(every, doubled * (min(first, _SOON) if self.error in _OURS else first))
            asked = min(self.not_before or self.last_attempt, self.last_attempt + every)
            return max(self.last_attempt + wait, asked)
        share = int.from_bytes(sha256(self.layer.encode()).digest()[:4], "big") / 2**32
        return self.last_attempt + every + share * min(every / 10, timedelta(minutes=5))

    def was_ahead(self, now: datetime) -> bool:
        """Whether the last attempts were written down by a clock that was ahead of `now`."""
        return max(self.last_attempt, self.last_success or self.last_attempt) > now + AHEAD

    def state(self, at: datetime) -> State:
        """Return the state at the instant `at`.

        changed: the source delivers other columns, fewer features or another layout; refused: it gave
        something we must not publish, or its clock runs ahead, or its reader died; late: no success for twice
        the interval, or a fault of ours, or a success that is still to come: a clock was wrong, and nobody
        knows when that was; silent: for six times; not cleared: it is not clear whether it may be published.
        """
        if self.error == NotCleared.code:
            return State.NOT_CLEARED
        if self.error in ("changed", "shrunk"):
            return State.CHANGED
        if self.error not in (None, SourceDown.code) and self.error not in _OURS:
            return State.REFUSED
        if self.last_success is None:
            return State.SILENT
        if self.last_success > at + AHEAD:
            return State.LATE
        age = at - self.last_success
        every = timedelta(seconds=self.interval_s)
        if age > SILENT_AFTER * every:
            return State.SILENT
        return State.LATE if age > LATE_AFTER * every or self.error is not None else State.FRESH

    def words(self, at: datetime) -> Text:
        """The state and its reason as a sentence for visitors."""
        if self.error == NotCleared.code:
            return Text(
                de="Es ist nicht geklärt, ob diese Daten veröffentlicht werden dürfen.",
                en="It is not clear whether these data may be published.",
            )
        if self.last_success is None:
            return _OURS_SO_FAR if self.error in _OURS else _SO_FAR.get(self.state(at), _NOTHING)
        if self.last_success > at + AHEAD:
            return Text(
                de="Wann zuletzt geprüft wurde, ist nicht bekannt: Eine Uhr ging vor.",
                en="When this was last checked is not known: a clock was ahead.",
            )
        de, en = in_words(at - self.last_success)
        if self.error == RecipeError.code or self.error in _OURS:
            return Text(
                de=f"Kann zurzeit nicht aktualisiert werden. Gezeigt wird der Stand von {de}.",
                en=f"Cannot be updated at the moment. Shown is the state of {en}.",
            )
        match self.state(at):
            case State.FRESH:
                return Text(de=f"Zuletzt geprüft {de}.", en=f"Checked {en}.")
            case State.LATE:
                return Text(
                    de=f"Die Quelle ist verspätet. Zuletzt geprüft {de}.",
                    en=f"The source is late. Last checked {en}.",
                )
            case State.SILENT:
                return Text(
                    de=f"Die Quelle schweigt. Zuletzt geprüft {de}.",
                    en=f"The source is silent. Last checked {en}.",
                )
            case State.CHANGED:
                return Text(
                    de=f"Die Quelle liefert etwas anderes als vereinbart. Was Sie sehen, wurde {de} geprüft.",
                    en=f"The source delivers something other than agreed. What is shown was checked {en}.",
                )
            case _:
                return Text(
                    de=f"Die letzte Lieferung wurde nicht angenommen. Was Sie sehen, wurde {de} geprüft.",
                    en=f"The last delivery was not accepted. What is shown was checked {en}.",
                )
