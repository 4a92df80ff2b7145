"""Buckets: what is left to each client, in memory that several processes share."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ENTRY = struct.Struct("=12sdd")
_WAYS = 8
_SETS = 4096
_NOBODY = bytes(12)
SIZE = _SETS * _WAYS * _ENTRY.size


class Buckets:
    """A table of (digest of a client, requests left, when that was). A client has eight places it may be at;
    whoever has been quiet longest there is forgotten first, and everybody whose bucket is full again."""

    def __init__(self, memory: Any, lock: Path) -> None:
        """Use `SIZE` bytes of shared memory and a file to lock: a process that dies gives it back."""
        import fcntl  # not everywhere, as several workers are not

        self._fcntl = fcntl
        self._memory = memoryview(memory).cast("B")
        self._lock = lock.open("r+b")
        self._sweep = 0

    def close(self) -> None:
        """Give the file back."""
        self._lock.close()

    def take(self, key: bytes, now: float, rate: float, burst: float) -> tuple[bool, float]:
        """Take one request out of a client's bucket: whether it was there, and how many are left.

        Args:
            key: Twelve bytes.
            now: Seconds of a clock that all processes share.
            rate: Requests a second that flow in.
            burst: Requests that it holds.
        """
        with self._alone():
            self._sweep = (self._sweep + 1) % _SETS
            self._free(self._sweep, now, rate, burst)
            place, left = self._place(int.from_bytes(key[:4]) % _SETS, key, now, rate, burst)
            allowed = left >= 1
            left -= allowed
            _ENTRY.pack_into(self._memory, place, key, left, now)
        return allowed, left

    def _place(self, number: int, key: bytes, now: float, rate: float, burst: float) -> tuple[int, float]:
        """Where the client's entry is or may be, and what is left to it."""
        oldest, since = 0, float("inf")
        for place, name, left, last in self._entries(number):
            if name == key:
                return place, min(burst, left + (now - last) * rate)
            if name == _NOBODY:
                last = float("-inf")
            if last < since:
                oldest, since = place, last
        return oldest, burst

    def _free(self, number: int, now: float, rate: float, burst: float) -> None:
        for place, name, left, last in self._entries(number):
            if name != _NOBODY and left + (now - last) * rate >= burst:
                self._memory[place : place + _ENTRY.size] = bytes(_ENTRY.size)

    def _entries(self, number: int) -> Iterator[tuple[int, bytes, float, float]]:
        begin = number * _WAYS * _ENTRY.size
        for place in range(begin, begin + _WAYS * _ENTRY.size, _ENTRY.size):
            yield place, *_ENTRY.unpack_from(self._memory, place)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._fcntl.lockf(self._lock, self._fcntl.LOCK_EX)
        try:
            yield
        finally:
            self._fcntl.lockf(self._lock, self._fcntl.LOCK_UN)
