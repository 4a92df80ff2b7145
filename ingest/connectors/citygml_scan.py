"""All tags of a run of XML at once, as arrays: where they stand, what they are called, how they pair.

A city is hundreds of tags a building and the same few dozen names over and over. Looking at them one by
one in Python costs more than everything that follows; a few passes of numpy over the bytes do not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SPECIAL = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_SLOTS = 1 << 14
_PRIMES = tuple(np.uint64(prime) for prime in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_SHIFT = np.uint64(50)
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(9)], np.uint64)
"""Keeps the first 0 to 8 bytes of a word."""
_ONES, _HIGHS, _SPACES = (np.uint64(byte * 0x0101010101010101) for byte in (0x01, 0x80, 0x20))
_COUNT = np.array([byte.bit_count() for byte in range(256)], np.int64)
_FIRST = np.array([8 - byte.bit_length() for byte in range(256)], np.uint8)
"""Place of the first bit of a byte, from the left."""
_TOP = np.uint8(128)
PAD = b" " * 32
"""Must stand before and behind the bytes given to `scan`, so that whole words can be read."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of well-paired XML, in order."""

    begin: Ints
    """Place of ``<``."""
    end: Ints
    """Place of ``>``."""
    name: NDArray[np.uint8]
    """Code of the name, 0 for one that is not in the table and for closing tags."""
    opens: NDArray[np.bool_]
    """False for closing tags."""
    level: NDArray[np.int16]
    """0 for the outermost elements."""
    match: Ints
    """For an opening tag the place of its closing tag in these arrays; an empty element closes itself."""
    _keys: Ints
    _sorted: Ints

    def parents(self, tags: Ints) -> Ints:
        """Return the opening tags directly around those at `tags`, -1 for the outermost."""
        before = np.maximum(tags - 1, 0)
        level = self.level[tags]
        near = (
            (tags > 0) & self.opens[before] & (self.level[before] == level - 1) & (self.match[before] > tags)
        )
        out = np.where(near, before, -1)
        (far,) = np.nonzero(~near & (level > 0))
        if len(far):
            wanted = (level[far].astype(np.int64) - 1) * (len(self.begin) + 1) + tags[far]
            out[far] = self._sorted[np.searchsorted(self._keys, wanted) - 1]
        return out


class Names:
    """Tag names as a document writes them, prefix included, with a code from 1 to 255 each."""

    def __init__(self, codes: Mapping[bytes, int]) -> None:
        """Raises `ValueError` if two names cannot be told apart by what is looked at."""
        names = list(codes)
        text = PAD + b" ".join(names) + PAD
        begins = np.cumsum([len(PAD), *(len(name) + 1 for name in names[:-1])])
        keys = _keys(_words(text), begins, np.array([len(name) for name in names]))
        if len(set(keys.tolist())) < len(names):
            raise ValueError("two names have the same key")
        self.keys = np.zeros(_SLOTS, np.uint64)
        self.codes = np.zeros(_SLOTS, np.uint8)
        self._rest: dict[int, int] = {}
        for key, slot, code in zip(keys.tolist(), (keys >> _SHIFT).tolist(), codes.values(), strict=True):
            if self.codes[slot]:
                self._rest[key] = code  # two in a slot: the second is looked up apart
            else:
                self.keys[slot], self.codes[slot] = key, code

    def of(self, keys: NDArray[np.uint64]) -> NDArray[np.uint8]:
        """Return the codes of names, by their keys."""
        slots = (keys >> _SHIFT).astype(np.int64)
        codes = np.where(self.keys[slots] == keys, self.codes[slots], 0).astype(np.uint8)
        for key, code in self._rest.items():
            codes[keys == np.uint64(key)] = code
        return codes


def places(found: NDArray[np.bool_]) -> Ints:
    """Numbers of the few that are true, as `np.flatnonzero` gives them, in half the time."""
    packed = np.packbits(found)
    eights = np.flatnonzero(packed != 0)
    bits = packed[eights]
    count = _COUNT[bits]
    at = eights * 8
    if (count == 1).all():
        return at + _FIRST[bits]
    starts = np.cumsum(count) - count
    out = np.repeat(at, count)
    left = np.arange(len(bits))
    while len(left):
        first = _FIRST[bits[left]]
        out[starts[left]] += first
        bits[left] ^= _TOP >> first
        left = left[bits[left] != 0]
        starts += 1
    return out


def scan(data: bytes, names: Names) -> Tags | None:
    """Find and pair the tags of `data`.

    Args:
        data: whole elements, no comments, CDATA or processing instructions, with `PAD` around them.
        names: the names to tell apart.

    Returns:
        None if it is not as simple as that: tags that do not pair, ``>`` in a text, anything with ``<!``.
    """
    text = np.frombuffer(data, np.uint8)
    marks = places((text | 2) == 62)  # 60 is "<" and 62 is ">"
    if not len(marks) or len(marks) % 2:
        return None
    begin, end = marks[0::2], marks[1::2]
    if (text[begin] != 60).any() or (text[end] != 62).any():
        return None
    first = text[begin + 1]
    closes = first == 47
    if ((first == 33) | (first == 63)).any():
        return None
    empty = text[end - 1] == 47
    opens = ~closes
    step = opens.astype(np.int8) - closes - empty
    level = np.cumsum(step, dtype=np.int64)
    if level[-1] != 0 or level.min() < 0 or level.max() > 200:
        return None
    level -= opens & ~empty
    # Elements of one level follow each other: an opening tag, its closing tag, the next opening tag.
    paired = np.flatnonzero(~empty)
    order = paired[np.argsort(level[paired].astype(np.uint8), kind="stable")]
    left, right = order[0::2], order[1::2]
    if not (opens[left].all() and closes[right].all()):
        return None
    match = np.arange(len(begin))
    match[left] = right
    (opening,) = np.nonzero(opens)
    keys, stop = _named(data, text, begin[opening], end[opening], empty[opening])
    if not _same(
        _words(data), begin[opening] + 1, stop, begin[match[opening]] + 2, end[match[opening]], empty[opening]
    ):
        return None
    name = np.zeros(len(begin), np.uint8)
    name[opening] = names.of(keys)
    nested = level[left] * (len(begin) + 1) + left
    return Tags(begin, end, name, opens, level.astype(np.int16), match, nested, left)


def _same(
    words: NDArray[np.uint64], start: Ints, stop: Ints, other: Ints, end: Ints, empty: NDArray[np.bool_]
) -> bool:
    """Whether opening and closing names agree: in length and in their last eight bytes."""
    length = stop - start
    cut = np.uint64(8) * (8 - np.minimum(length, 8)).astype(np.uint64)
    last = (words[stop - 8] >> cut) == (words[end - 8] >> cut)
    return bool(((length == end - other) & last | empty).all())


def masked(data: bytes) -> bytes:
    """Return `data` with blanks in place of comments, CDATA sections and processing instructions."""
    return _SPECIAL.sub(lambda match: b" " * len(match[0]), data)


def _named(
    data: bytes, text: NDArray[np.uint8], begin: Ints, end: Ints, empty: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], Ints]:
    """Keys and ends of the names of opening tags."""
    words = _words(data)
    start, stop = begin + 1, end - empty
    last = text[stop - 1]
    (rich,) = np.nonzero((last == 34) | (last == 39) | (last <= 32))  # a quote: it has attributes
    stop[rich] = _first_space(words, start[rich], stop[rich])
    return _keys(words, start, stop - start), stop


def _first_space(words: NDArray[np.uint64], start: Ints, stop: Ints) -> Ints:
    """Where the first blank behind `start` stands, at most `stop`. Searched eight bytes at a time."""
    found = stop.copy()
    (left,) = np.nonzero(start < stop)
    at = start[left]
    while len(left):
        word = words[at] ^ _SPACES
        hit = (word - _ONES) & ~word & _HIGHS
        here = hit != 0
        lowest = hit[here] & (~hit[here] + np.uint64(1))
        # The lowest high bit is 8 k + 7; as a float its exponent says which.
        byte = (np.frexp(lowest.astype(np.float64))[1] - 8) // 8
        found[left[here]] = np.minimum(at[here] + byte, stop[left[here]])
        more = ~here & (at + 8 < stop[left])
        left, at = left[more], at[more] + 8
    return found


def _keys(words: NDArray[np.uint64], start: Ints, length: Ints) -> NDArray[np.uint64]:
    """Mix a name's first 16 bytes, last 8 and length; `Names` checks that this tells its names apart."""
    size = np.minimum(length, 16)
    key: NDArray[np.uint64] = (words[start] & _MASKS[np.minimum(size, 8)]) * _PRIMES[0]
    key ^= (words[start + 8] & _MASKS[np.maximum(size - 8, 0)]) * _PRIMES[1]
    tail = np.where(length > 16, words[start + np.maximum(length, 8) - 8], np.uint64(0))
    key ^= tail * _PRIMES[2] + length.astype(np.uint64)
    key ^= key >> np.uint64(29)
    key *= _PRIMES[1]
    return key


def _words(data: bytes) -> NDArray[np.uint64]:
    """The eight bytes from each place on, as numbers."""
    return np.ndarray((len(data) - 8,), "<u8", data, 0, (1,))
