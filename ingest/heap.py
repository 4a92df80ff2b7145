"""Heap: memory that is needed again at once is not given back in between, and not searched for rubbish."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

_TRIM, _MAPPED = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of glibc's malloc.h
_TRIM_BYTES = 256 << 20
_MAPPED_BYTES = 32 << 20
_OBJECTS, _ROUNDS = 50_000, 20
"""New objects until the young ones are looked at, and such looks until the next older ones are."""


@lru_cache(maxsize=1)
def keep_heap() -> None:
    """Let this process keep up to 256 MB that it does not use just now, for Arrow and all others alike.

    Parts of a city model are read one after the other into arrays of the same few megabytes. Giving these
    back and asking for them again costs a tenth of the time: the system has to clear each page anew. Arrow
    would keep some 20 MB of its own beside, which nobody else could use. Other C libraries than glibc are
    left as they are.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(_TRIM, _TRIM_BYTES)
    mallopt(_MAPPED, _MAPPED_BYTES)
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


def seldom() -> None:
    """Let the collector of rubbish look seldom in this process and those forked from it.

    What is imported and what a city is made of are many objects that stay: at its usual pace it takes a
    tenth of a short run to look at them again and again.
    """
    gc.set_threshold(_OBJECTS, _ROUNDS, _ROUNDS)


@contextmanager
def resting() -> Iterator[None]:
    """Let the collector of rubbish rest: what is read is many lists and no cycles, and it looks at each."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
