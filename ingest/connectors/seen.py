"""Seen: what was there already, in some twenty bytes each, whatever its name and however many there are."""

from hashlib import blake2b
from itertools import repeat

_DIGEST = 16
_NUMBER = 5
_ROW = _DIGEST - 1 + _NUMBER
_BUCKETS = 1 << 14
"""Lists so short that looking through one takes a microsecond, up to some ten million names."""
_MOST = 1 << (8 * _NUMBER)


class Seen:
    """Names that were there, each with a number.

    Of a name only 128 bits of its BLAKE2b checksum are kept. That one of a thousand million names is taken
    for another one has odds of less than one in 10^20; a hostile source cannot bring it about either. So
    nothing is lost through it, silently or otherwise.

    Texts and whole numbers are names; ``7`` is another one than ``"7"``.
    """

    def __init__(self) -> None:
        self._buckets: list[bytearray | None] = list(repeat(None, _BUCKETS))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, name: str | int) -> bool:
        return self.number(name) is not None

    def number(self, name: str | int) -> int | None:
        """The number of a name; None if it was not there."""
        place, rest = _told(name)
        return _found(self._buckets[place], rest)

    def add(self, name: str | int, number: int = 0) -> int | None:
        """Note a name unless it was there.

        Args:
            name: of a thing.
            number: kept with it; at least 0 and below 2^40.

        Returns:
            The number it was first noted with, None if it is new.
        """
        place, rest = _told(name)
        bucket = self._buckets[place]
        earlier = _found(bucket, rest)
        if earlier is not None:
            return earlier
        if not 0 <= number < _MOST:
            raise ValueError(f"a number is at least 0 and below {_MOST}")
        if bucket is None:
            bucket = self._buckets[place] = bytearray()
        bucket += rest + number.to_bytes(_NUMBER)
        self._count += 1
        return None


def _told(name: str | int) -> tuple[int, bytes]:
    """The bucket of a name, and what is kept of it."""
    told = f"i{name}" if isinstance(name, int) else f"s{name}"
    digest = blake2b(told.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
    # The first byte and six bits of the second say which bucket; all but the first byte are kept.
    return digest[0] << 6 | digest[1] >> 2, digest[1:]


def _found(bucket: bytearray | None, rest: bytes) -> int | None:
    if bucket is None:
        return None
    at = bucket.find(rest)
    while at >= 0:
        if at % _ROW == 0:
            end = at + _ROW
            return int.from_bytes(bucket[at + len(rest) : end])
        at = bucket.find(rest, at + 1)  # the end of one and the beginning of the next
    return None
