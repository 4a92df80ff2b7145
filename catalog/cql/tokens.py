"""Words of a filter in CQL2 Text. What is too long, too deep or has too many operators is refused here."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog.cql import references
from catalog.cql.tree import ARRAYS, FOLDS, SPATIAL, TEMPORAL
from twin.errors import RequestError

BYTES, DEPTH, OPERATORS = 4096, 10, 200
"""Most bytes, levels (brackets within brackets, NOT of a NOT), and operators of a filter."""
_OPERATORS = (
    frozenset({"and", "or", "not", "like", "between", "in", "is", "div"})
    | FOLDS
    | SPATIAL
    | TEMPORAL
    | ARRAYS
    | {references.FUNCTION}
)
_TOKEN = re.compile(
    r"""\s*+(?:
    (?P<wkt>(?i:point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection)
        \s*+(?i:z\b)?\s*+(?=\())
    |(?P<string>'(?:''|\\'|[^'\\]|\\(?!'))*+')
    |(?P<quoted>"[^"]++")
    |(?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?(?!\w))
    |(?P<word>[^\W\d][\w.:]*+)
    |(?P<sign><>|<=|>=|[=<>+\-*/%^(),])
    |(?P<end>\Z))""",
    re.VERBOSE,
)
_BRACKETS = ("(", ")")
_WKT = re.compile(r"[\s0-9eE+\-.,A-Za-z()]")


class Token(NamedTuple):
    """One word: its kind (a group of the pattern), its text, and where it begins."""

    kind: str
    text: str
    place: int


def size(text: str) -> None:
    """`RequestError` for a filter that is empty, longer than 4 kB or not text."""
    if not text.strip():
        raise RequestError("filter is empty; leave it out or write a condition")
    if "\0" in text:
        raise RequestError("filter has a NUL character; leave it out")
    if len(text) > BYTES or len(text.encode(errors="replace")) > BYTES:
        raise RequestError(
            f"filter is longer than {BYTES} bytes; ask for less at once. In place of a long outline write "
            "whose it is, for example S_INTERSECTS(geometry, FEATURE('districts', '05')); simplify any other"
        )


def tokens(text: str) -> list[Token]:
    """All words of a filter, ended by one of kind ``end``.

    Raises:
        RequestError: It is too long, too deep, has too many operators or a character that no word has.
    """
    size(text)
    found = list(_tokens(text))
    deep = most = denied = 0
    operators = 0
    for kind, words, _ in found:
        denied = denied + 1 if kind == "word" and words.lower() == "not" else 0
        most = max(most, deep + denied - 1)
        if kind == "word":
            operators += words.lower() in _OPERATORS
        elif kind == "sign" and words not in _BRACKETS:
            operators += words != ","
        elif kind in ("sign", "wkt"):
            for letter in words:
                deep += (letter == "(") - (letter == ")")
                most = max(most, deep)
    limit(most, operators)
    return found


def limit(depth: int, operators: int) -> None:
    """`RequestError` for what is too deep or has too many operators."""
    if depth > DEPTH:
        raise RequestError(f"filter is nested deeper than {DEPTH}; write it flatter")
    if operators > OPERATORS:
        raise RequestError(f"filter has more than {OPERATORS} operators; ask for less at once")


def _tokens(text: str) -> Iterator[Token]:
    place = 0
    while True:
        match = _TOKEN.match(text, place)
        if match is None:
            raise RequestError(f"filter cannot be read from character {place + 1} on; see /docs for CQL2")
        kind = str(match.lastgroup)
        start, place = match.start(kind), match.end()
        if kind == "wkt":
            place = _end(text, place)
        yield Token(kind, text[start:place], start)
        if kind == "end":
            return


def _end(text: str, place: int) -> int:
    """Where a geometry ends, whose first bracket is at `place`."""
    deep = 0
    for at in range(place, len(text)):
        deep += (text[at] == "(") - (text[at] == ")")
        if not _WKT.match(text[at]):
            break
        if not deep:
            return at + 1
    raise RequestError(f"filter has a geometry that does not end, from character {place + 1} on")
