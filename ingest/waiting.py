"""Waiting: how patient and how polite we are with a source. Tests hand in one that never waits."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from twin.errors import SourceBroken, SourceDown


class Unanswered(SourceDown):
    """No answer this time; asking again may help."""

    def __init__(self, message: str, asked_s: float | None = None) -> None:
        super().__init__(message)
        self.asked_s = asked_s
        """Pause that the source asked for (``Retry-After``), in seconds."""


class CutOff(SourceBroken):
    """The connection ended inside an answer; asking again may help."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Attempts and pauses, in seconds."""

    attempts: int = 4
    first_s: float = 1.0
    """Before the second attempt; doubled for each further one."""
    longest_s: float = 20.0
    jitter_s: float = 1.0
    """Up to so much is added at random, so that a hundred cities do not knock at once."""
    asked_s: float = 120.0
    """Longest ``Retry-After`` that is waited for; a longer one ends the run, the next one asks again."""
    between_s: float = 1.0
    """Pause between two requests to the same host."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def pause(self, error: Exception, number: int) -> float | None:
        """Seconds to wait before a request is made again; None if it is not.

        Args:
            error: what came of it.
            number: how often it has failed.
        """
        if number >= self.attempts or not isinstance(error, Unanswered | CutOff):
            return None
        if isinstance(error, Unanswered) and error.asked_s is not None:
            return error.asked_s if error.asked_s <= self.asked_s else None
        doubled: float = self.first_s * 2 ** (number - 1)
        return min(self.longest_s, doubled) + random.uniform(0, self.jitter_s)


NEVER = Waiting(attempts=2, first_s=0, longest_s=0, jitter_s=0, asked_s=0, between_s=0)
"""For tests: one more attempt, at once."""


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for (number or date); None if it says nothing readable."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def span(seconds: float) -> str:
    """Seconds in words."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
