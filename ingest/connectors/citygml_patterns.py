"""Patterns: what a file writes over and over, alike but for ids, texts and numbers.

A program that writes a city writes every wall in the same way. Once one of them is understood, all others
are known by comparing what stands between ids, texts and numbers: without looking at their tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.citygml_scan import Ints

_LONGEST = 4000
"""Bytes of what is always the same."""
_OPENING = re.compile(rb"<([\w.:-]+)([^<>]*)>")
_ID = re.compile(rb"""\s(?:[\w.-]+:)?id="([^"<>]*)\"""")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A piece of XML whose gaps differ."""

    literals: tuple[bytes, ...]
    """What stands before the first gap, between the gaps, and behind the last one."""
    anchors: tuple[tuple[int, int], ...]
    """For each literal: the number of its first ``<`` in the pattern, and how far from its begin that is."""
    anchor: int
    """Number of the ``<`` by which it is found."""
    tags: int
    """How many it has; one that ends it is the next one's."""

    @property
    def quotes(self) -> int:
        """How many double quotes it has, if there are none in its gaps."""
        return sum(literal.count(b'"') for literal in self.literals)

    def found(self, data: bytes, marks: Ints, at: Ints) -> tuple[Ints, Ints]:
        """Find it in a text.

        Args:
            data: the text.
            marks: places of all ``<``.
            at: numbers of those that may be its `anchor`.

        Returns:
            Numbers of the marks that begin it, and (n, gaps, 2) begin and end of the gaps.
        """
        rows = at - self.anchor
        rows = rows[(rows >= 0) & (rows + self.tags < len(marks))]
        rows = rows[_stands(data, marks[rows], self.literals[0])]
        fits = np.ones(len(rows), bool)
        ends = marks[rows] + len(self.literals[0])
        columns = []
        for literal, (mark, shift) in zip(self.literals[1:], self.anchors[1:], strict=True):
            begins = marks[rows + mark] - shift
            columns += [ends, begins]
            fits &= (begins >= ends) & _stands(data, begins, literal)
            ends = begins + len(literal)
        if not fits.all():
            rows, columns = rows[fits], [column[fits] for column in columns]
        return rows, np.column_stack(columns).reshape(len(rows), len(self.literals) - 1, 2)


def _stands(data: bytes, places: Ints, literal: bytes) -> NDArray[np.bool_]:
    """Whether a text stands at places, which may be out of bounds."""
    places = np.clip(places, 0, len(data) - len(literal) - 8)
    words = np.ndarray((len(data) - 8,), "<u8", data, 0, (1,))
    value = np.uint64(int.from_bytes(literal[-8:], "little"))
    if len(literal) < 8:
        short: NDArray[np.bool_] = words[places] & np.uint64((1 << 8 * len(literal)) - 1) == value
        return short
    fits: NDArray[np.bool_] = words[places + (len(literal) - 8)] == value
    size = len(literal) // 8 * 8
    # Fixed texts that overlap: numpy takes them out where they stand, and compares eight bytes at a time.
    rows = np.ndarray((len(data) - size,), f"V{size}", data, 0, (1,))[places].view("<u8")
    same = rows.reshape(-1, size // 8) == np.frombuffer(literal, "<u8", size // 8)
    return fits if same.all() else fits & same.all(axis=1)


def gaps_of(piece: bytes) -> Iterator[tuple[int, int]]:
    """Begin and end of what may differ in well-formed XML: ids and texts."""
    for tag in _OPENING.finditer(piece):
        named = _ID.search(tag[0])
        if named is not None:
            yield tag.start() + named.start(1), tag.start() + named.end(1)
        stop = piece.find(b"<", tag.end())
        if stop >= 0 and piece[tag.end() : stop].strip():
            yield tag.end(), stop


def pattern_of(piece: bytes, gaps: list[tuple[int, int]], anchor: int) -> Pattern | None:
    """Make a pattern of an example.

    Args:
        piece: the example, which begins with ``<``.
        gaps: what may differ, in order.
        anchor: the number of the ``<`` to find it by.

    Returns:
        None if there is no ``<`` between two gaps, so that nothing tells where the first one ends.
    """
    literals, anchors = [], []
    begins, ends = [0, *(end for _, end in gaps)], [*(begin for begin, _ in gaps), len(piece)]
    for begin, end in zip(begins, ends, strict=True):
        literal = piece[begin:end]
        shift = literal.find(b"<")
        if shift < 0 or len(literal) > _LONGEST:
            return None
        literals.append(literal)
        anchors.append((piece.count(b"<", 0, begin), shift))
    return Pattern(tuple(literals), tuple(anchors), anchor, piece.count(b"<", 0, -1))


def equal_texts(data: bytes, some: Ints, others: Ints) -> NDArray[np.bool_]:
    """Whether the texts at places are equal, pair by pair: (n,) of two times (n, 2) begins and ends.

    All of them lie before the last eight bytes of `data`.
    """
    length = some[:, 1] - some[:, 0]
    same: NDArray[np.bool_] = length == others[:, 1] - others[:, 0]
    words = np.ndarray((len(data) - 8,), "<u8", data, 0, (1,))
    for at in range(0, int(length[same].max(initial=0)), 8):
        rows = np.flatnonzero(same & (length > at))
        left = np.minimum(length[rows] - at, 8)
        differ = (words[some[rows, 0] + at] ^ words[others[rows, 0] + at]) << (8 * (8 - left)).astype(
            np.uint64
        )
        same[rows[differ != 0]] = False
    return same


def holds(data: bytes, texts: Ints, byte: int) -> NDArray[np.bool_]:
    """Whether a byte is in texts: (n,) of (n, 2) begins and ends; none reaches the last eight of `data`."""
    words = np.ndarray((len(data) - 8,), "<u8", data, 0, (1,))
    ones, highs = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
    found = np.zeros(len(texts), bool)
    begin, length = texts[:, 0], texts[:, 1] - texts[:, 0]
    for at in range(0, int(length.max(initial=0)), 8):
        rows = np.flatnonzero(length > at)
        word = words[begin[rows] + at] ^ np.uint64(byte) * ones
        left = np.minimum(length[rows] - at, 8)
        hit = (word - ones) & ~word & highs & (~np.uint64(0) >> (8 * (8 - left)).astype(np.uint64))
        found[rows[hit != 0]] = True
    return found
