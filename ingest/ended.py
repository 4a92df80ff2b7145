"""Ended: the status of a layer after a run, by how that ended."""

from datetime import datetime, timedelta

from twin.decision import decisions
from twin.errors import NotCleared, TwinError
from twin.layer import Layer
from twin.report import Report
from twin.status import AHEAD, Status

_A_YEAR_S = 366 * 86_400


def succeeded(
    layer: Layer,
    before: Status | None,
    at: datetime,
    report: Report,
    news: bool,
    newest: datetime | None,
    traffic: tuple[int, int] = (0, 0),
    said: datetime | None = None,
) -> Status:
    """The status after a run that ended well.

    Args:
        layer: Whose.
        before: The status until now.
        at: Instant of the run.
        report: What became of the records.
        news: Whether it brought something new.
        newest: The newest observation.
        traffic: Requests and the bytes that came.
        said: When the source said so, if not now: an archive tells nothing of how the source is doing today.
    """
    told = at if said is None else min(said, at)
    success, change = (
        max((then for then in (told, known) if then is not None and then <= at + AHEAD), default=told)
        for known in ((before.last_success, before.last_change) if before else (None, None))
    )
    return Status(
        layer=layer.id,
        interval_s=int(layer.source.every.total_seconds()),
        last_attempt=at,
        last_success=success,
        last_change=change if news or before is None else before.last_change,
        last_value_at=max((t for t in (newest, before.last_value_at if before else None) if t), default=None),
        counts=report.counts(),
        reasons=report.reasons,
        notes=report.notes,
        gate=decisions(report.gate),
        observations=report.observations,
        requests=traffic[0],
        received=traffic[1],
    )


def checked(layer: Layer, before: Status, at: datetime, traffic: tuple[int, int]) -> Status:
    """The status after a run that found the source as it was; the account of the last full run stays."""
    every = int(layer.source.every.total_seconds())
    fresh = {"interval_s": every, "last_attempt": at, "last_success": at, "observations": 0, "failures": 0}
    return before.model_copy(update=fresh | {"requests": traffic[0], "received": traffic[1]})


def waited(layer: Layer, before: Status | None, at: datetime) -> Status:
    """The status after a run whose source had nothing yet: what came last was right until now."""
    every = int(layer.source.every.total_seconds())
    old = before or Status(layer=layer.id, interval_s=every, last_attempt=at)
    asked = {"interval_s": every, "last_attempt": at, "failures": 0, "error": None, "reason": None}
    return old.model_copy(update=asked | ({"last_success": at} if old.last_success else {}))


def withheld(layer: Layer, before: Status | None, at: datetime) -> tuple[Status, str]:
    """The status of a layer that no operator has cleared, and that in words."""
    every = int(layer.source.every.total_seconds())
    old = before or Status(layer=layer.id, interval_s=every, last_attempt=at)
    reason = layer.source.unclear.en if layer.source.unclear else ""
    words = (
        f"{layer.id}: not cleared for publication: {reason.rstrip('.')}. Nothing was asked. Whoever has made "
        f"sure that it may be published sets TWIN_PUBLISH_UNCLEAR={layer.id}"
    )
    return old.model_copy(update={"error": NotCleared.code, "reason": words, "interval_s": every}), words


_STAYS = "the last revision stays"


def _so_far(words: str, before: Status | None) -> str:
    """An error's words; where nothing has been published yet there is no revision that stays."""
    if before is not None and before.last_success is not None:
        return words
    return words.replace(_STAYS, "nothing has been published yet")


def failed(layer: Layer, before: Status | None, at: datetime, error: TwinError) -> Status:
    """The status after a run that ended in an error: what was true before stays."""
    every = int(layer.source.every.total_seconds())
    old = before or Status(layer=layer.id, interval_s=every, last_attempt=at)
    asked = getattr(error, "asked_s", None)
    later = None if asked is None or asked > _A_YEAR_S else at + timedelta(seconds=asked)
    return old.model_copy(
        update={
            "last_attempt": at,
            "error": error.code,
            "reason": _so_far(str(error), before),
            "failures": old.failures + 1,
            "not_before": later,
        }
    )
