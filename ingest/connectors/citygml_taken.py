"""Surfaces and references that are known by their patterns are taken out of a text before its tags are read.

They are most of a city model. A sign stands for each run of them, so that all the rest is read as if they
were there, and as if it stood where it did.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ingest.connectors import citygml_names as N
from ingest.connectors.citygml_drawn import Drawn
from ingest.connectors.citygml_names import names
from ingest.connectors.citygml_patterns import holds
from ingest.connectors.citygml_scan import Ints, Tags, places, scan
from ingest.connectors.citygml_surfaces import TRIES, Known, Link, Surface

_PREFIX = re.compile(rb"(?:[\w.-]+:)?")
_LONGEST = 64
"""Bytes of a prefix."""
_FEWEST = 2
"""Times that a pattern has to occur where it is learned."""
_SIGNS = {code: f"<{sign}/>".encode() for code, sign in N.SIGNS.items()}
_CODES = np.array(list(_SIGNS), np.uint8)

_Kind = TypeVar("_Kind", bound="Surface | Link")
Words = NDArray[np.uint64]
_Found = list[tuple[_Kind, Ints, Ints]]
"""What was found: numbers of the marks that begin it, and its gaps."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out."""

    marks: Ints
    surfaces: _Found[Surface]
    runs: Ints
    """(n,) number of the mark that begins each run; ascending."""
    links: Ints
    """(n, 2) begin and end of the ids that are referred to; ascending."""

    def drawn(self, lod: int) -> Drawn | None:
        """The polygons of a level of detail; their owner is the run that they stand in."""
        found = None
        for surface, rows, gaps in self.surfaces:
            if surface.lod == lod:
                run = np.searchsorted(self.runs, rows, side="right") - 1
                more = surface.drawn(self.marks, rows, gaps, run)
                found = more if found is None else found.joined(more)
        return found


@lru_cache(maxsize=16)
def known(prefixes: tuple[bytes, ...]) -> Known | None:
    """What this process has learned of files with these prefixes; None if their tags cannot be told apart."""
    table = names(prefixes)
    return None if table is None else Known(table)


def read_tags(text: bytes, learned: Known) -> tuple[Tags, Taken | None] | None:
    """Find the tags of a text, and what is taken out of it.

    Args:
        text: as for `ingest.connectors.citygml_scan.scan`.
        learned: is added to.

    Returns:
        Tags at their places in `text`, of what was not taken out and of the signs; None as for `scan`.
    """
    found = _found(text, learned)
    if found is None:
        tags = scan(text, learned.table)
        return None if tags is None else (tags, None)
    marks, surfaces, links = found
    runs, pieces = _cut(text, marks, surfaces, links)
    quotes = int(np.count_nonzero(np.frombuffer(text, np.uint8) == 34))
    for thing, rows, _ in _both(surfaces, links):
        quotes -= thing.pattern.quotes * len(rows)
    if quotes != sum(piece.count(b'"') for piece in pieces[::2]):
        surfaces, links = _unquoted(text, surfaces), _unquoted(text, links)
        runs, pieces = _cut(text, marks, surfaces, links)
    tags = scan(b"".join(pieces), learned.table)
    if tags is None:
        return None
    refers = np.concatenate([np.zeros((0, 2), np.int64), *(gaps[:, 0] for *_, gaps in links)])
    taken = Taken(marks, surfaces, runs[:, 0], refers[np.argsort(refers[:, 0])])
    return _moved(tags, pieces, marks[runs[:, :2]]), taken


def _both(surfaces: _Found[Surface], links: _Found[Link]) -> "_Found[Surface | Link]":
    return [*surfaces, *links]


def _cut(
    text: bytes, marks: Ints, surfaces: _Found[Surface], links: _Found[Link]
) -> tuple[Ints, list[bytes]]:
    """Runs of what was found, and what stands between them with the signs that stand for them."""
    both = _both(surfaces, links)
    none = np.zeros(0, np.int64)
    runs = _runs(
        np.concatenate([none, *(rows for _, rows, _ in both)]),
        np.concatenate([none, *(np.full(len(rows), thing.pattern.tags) for thing, rows, _ in both)]),
        np.concatenate(
            [
                np.full(sum(len(rows) for _, rows, _ in surfaces), N.TAKEN_SURFACES),
                np.full(sum(len(rows) for _, rows, _ in links), N.TAKEN_LINKS),
            ]
        ),
    )
    return runs, _pieces(text, marks[runs[:, :2]], runs[:, 2])


def _found(text: bytes, learned: Known) -> tuple[Ints, _Found[Surface], _Found[Link]] | None:
    """Marks, surfaces and references; None if there are none."""
    if any(sign[1:2] in text for sign in _SIGNS.values()):
        return None
    marks = places(np.frombuffer(text, np.uint8) == 60)
    words = np.ndarray((len(text) - 8,), "<u8", text, 0, (1,))[marks + 1]
    surfaces = _surfaces(text, marks, words, learned)
    links = _links(text, marks, words, learned)
    return (marks, surfaces, links) if surfaces or links else None


def _unquoted(text: bytes, found: _Found[_Kind]) -> _Found[_Kind]:
    """Those without a quote in a gap; where there is one, a tag has more than its pattern tells."""
    kept: _Found[_Kind] = []
    for thing, rows, gaps in found:
        of_attributes = [n for n, literal in enumerate(thing.pattern.literals[1:]) if literal[:1] == b'"']
        fine = np.ones(len(rows), bool)
        for gap in of_attributes:
            fine &= ~holds(text, gaps[:, gap], 34)
        kept.append((thing, rows, gaps) if fine.all() else (thing, rows[fine], gaps[fine]))
    return [each for each in kept if len(each[1])]


def _surfaces(text: bytes, marks: Ints, words: Words, learned: Known) -> _Found[Surface]:
    at, prefix = _named(text, words, b"posList")
    at = at[at > 0]
    at = at[_are(text, marks[at - 1] + 1, prefix + b"LinearRing")]
    return _search(text, marks, at, learned.surfaces, learned.surface)


def _links(text: bytes, marks: Ints, words: Words, learned: Known) -> _Found[Link]:
    at, prefix = _named(text, words, b"surfaceMember")
    at = at[_are(text, marks[at] + 1, prefix + b"surfaceMember ")]
    return _search(text, marks, at, learned.links, learned.link)


def _named(text: bytes, words: Words, name: bytes) -> tuple[Ints, bytes]:
    """Marks of the opening tags with a local name (and perhaps of others), and the prefix they have.

    Args:
        text: where they stand.
        words: the eight bytes behind each mark.
        name: the local name.
    """
    place = text.find(name)
    start = text.rfind(b"<", 0, max(place, 0)) + 1
    prefix = text[start : max(place, 0)]
    if start < 1 or len(prefix) > _LONGEST or not _PREFIX.fullmatch(prefix):
        return np.zeros(0, np.int64), b""
    word = int.from_bytes((prefix + name)[:8], "little")
    mask = np.uint64((1 << 8 * min(8, len(prefix + name))) - 1)
    return np.flatnonzero(words & mask == word), prefix


def _are(text: bytes, places: Ints, wanted: bytes) -> NDArray[np.bool_]:
    """Whether a word stands at places."""
    # As fixed texts that overlap: numpy compares them where they stand.
    texts = np.ndarray((len(text) - len(wanted) + 1,), f"S{len(wanted)}", text, 0, (1,))
    same: NDArray[np.bool_] = texts[np.minimum(places, len(texts) - 1)] == wanted
    return same


def _search(
    text: bytes, marks: Ints, at: Ints, patterns: list[_Kind], learn: Callable[[bytes, int], _Kind | None]
) -> _Found[_Kind]:
    """Find known patterns by their anchors, and learn those of what is left."""
    found: _Found[_Kind] = []
    tries, left = TRIES, [*patterns]
    while len(at) and (left or tries):
        if left:
            thing: _Kind | None = left.pop(0)
            new = False
        else:
            thing, new, tries = learn(text, int(marks[at[0]])), True, tries - 1
        rows, gaps = (at[:0], at[:0]) if thing is None else thing.pattern.found(text, marks, at)
        if thing is not None and len(rows) >= (_FEWEST if new else 1):
            found.append((thing, rows, gaps))
            place = np.searchsorted(rows, at, side="right") - 1
            at = at[(place < 0) | (at >= rows[place] + thing.pattern.tags)]  # others may be in it, too
            if new:
                patterns.append(thing)
        elif new:
            at = at[1:]
    return found


def _runs(firsts: Ints, tags: Ints, codes: Ints) -> Ints:
    """(n, 3) number of the first mark, of the one behind, and code of what follows each other in a row."""
    order = np.argsort(firsts, kind="stable")
    firsts, behind, codes = firsts[order], (firsts + tags)[order], codes[order]
    begins = np.ones(len(firsts), bool)
    begins[1:] = (firsts[1:] != behind[:-1]) | (codes[1:] != codes[:-1])
    new = np.flatnonzero(begins)
    last = np.append(new, len(firsts))[1:] - 1
    return np.column_stack((firsts[new], behind[last], codes[new]))


def _pieces(text: bytes, spans: Ints, codes: Ints) -> list[bytes]:
    """What stands between the runs, and a sign for each of them."""
    pieces, at = [], 0
    for (begin, end), code in zip(spans.tolist(), codes.tolist(), strict=True):
        pieces += [text[at:begin], _SIGNS[code]]
        at = end
    return [*pieces, text[at:]]


def _moved(tags: Tags, pieces: list[bytes], spans: Ints) -> Tags:
    """The tags at their places in the whole text."""
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    starts = np.cumsum(lengths) - lengths
    whole = np.zeros(len(pieces), np.int64)
    whole[1::2], whole[2::2] = spans[:, 0], spans[:, 1]
    shift = (whole - starts)[np.searchsorted(starts, tags.begin, side="right") - 1]
    end = tags.end + shift
    end[np.isin(tags.name, _CODES)] = spans[:, 1] - 1
    return replace(tags, begin=tags.begin + shift, end=end)
