"""At hand: whether an answer can be given from memory alone, at once.

Python runs one thread at a time. An answer that takes half a millisecond is given fastest where its request
was read; handed to a thread, it waits for others to let go. But nothing that reads the store or counts for
long may be done there, as everybody would wait. So whoever answers there says `only`, and what would take
longer says `leave` first: then all of it is done again in a thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Elsewhere(Exception):
    """The answer is not at hand; ask again without `only`."""


_only: ContextVar[bool] = ContextVar("at_hand", default=False)


@contextmanager
def only() -> Iterator[None]:
    """What is asked inside is answered at once, or `Elsewhere` is raised."""
    token = _only.set(True)
    try:
        yield
    finally:
        _only.reset(token)


def leave() -> None:
    """`Elsewhere` if only what is at hand was asked for: said before whatever takes long."""
    if _only.get():
        raise Elsewhere
