"""Deadlines of questions: the engine looks, between two parts of its work, whether there is time left.

Handed down by context and not by argument, so that a loop deep inside can look, whoever called it.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from twin.errors import TooMuch

Thing = TypeVar("Thing")
AT_ONCE = 16_384
"""Geometries that are looked at between two looks at the clock."""


_BUSY = 6
"""So many times the limit may pass by the clock on the wall, where others are at work, too."""


class Deadline:
    """Runs from when it is made, in the thread that made it.

    What counts is the thread's own processor time: a busy machine refuses nothing that a quiet one answers.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._work = time.thread_time() + seconds
        self._until = time.monotonic() + seconds * _BUSY

    def check(self) -> None:
        """`TooMuch` if the time is over."""
        if time.thread_time() > self._work or time.monotonic() > self._until:
            raise TooMuch(
                f"this takes longer than {self._seconds:g} s; ask for less: a smaller bbox, fewer "
                "conditions, simpler geometries, a shorter time"
            )


_held: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


SOME = 256
"""Features that are written between two looks at the clock."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is asked inside has so many seconds, from now; `TooMuch` ends it. What runs already goes on."""
    if _held.get() is not None:
        yield
        return
    before = _held.set(Deadline(seconds))
    try:
        yield
    finally:
        _held.reset(before)


def some(things: Iterable[Thing]) -> Iterator[Thing]:
    """The same things; `TooMuch` between two of them if there is no time left."""
    for place, thing in enumerate(things):
        if not place % SOME:
            check()
        yield thing


def check() -> None:
    """`TooMuch` if the question that is worked on has no time left; without a deadline nothing."""
    deadline = _held.get()
    if deadline is not None:
        deadline.check()
