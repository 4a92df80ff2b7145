"""Free text: ``q`` read once, then looked for in the texts of items or collections.

Commas stand between alternatives, and each is looked for as it is written (STAC's basic free text, OGC API
Records). Whoever writes ``AND``, ``OR``, quotes, brackets, or a sign before a word gets what the advanced one
knows: then a blank is an ``OR``, ``+`` before a word demands it and ``-`` rules it out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.cql.folds import ACCENT, CASE, fold
from twin.errors import RequestError

MOST = 50
"""Most words of a question."""
_LONGEST = 1000
"""Most characters of it."""
_DEEPEST = 10
_BOTH = frozenset({CASE, ACCENT})
_ADVANCED = re.compile(r'["()]|(?:^|[\s,])(?:AND|OR)(?=[\s,]|$)|(?:^|[\s,])[+-](?=[^\s,])')
_TOKEN = re.compile(r'\s*(?:(?P<mark>[(),]|[+-](?=[^\s,)]))|"(?P<phrase>[^"]*)"|(?P<word>[^\s"(),]+))')


def folded(text: str) -> str:
    """A text as words are looked for in it: without case, accents and wide blanks."""
    return " ".join(fold(text, _BOTH).split())


@dataclass(frozen=True)
class Word:
    """Something that stands in the text, folded."""

    text: str

    def within(self, text: str) -> bool:
        """Whether it stands in a folded text."""
        return self.text in text


@dataclass(frozen=True)
class Words:
    """Several: all that are demanded, none that is ruled out, and one of the rest unless one is demanded."""

    wanted: tuple["Word | Words", ...] = ()
    demanded: tuple["Word | Words", ...] = ()
    refused: tuple["Word | Words", ...] = ()

    def within(self, text: str) -> bool:
        """Whether a folded text is as they say."""
        if any(one.within(text) for one in self.refused) or not all(o.within(text) for o in self.demanded):
            return False
        return bool(self.demanded) or not self.wanted or any(one.within(text) for one in self.wanted)


def read(given: Any) -> Words:
    """Read ``q``, a text or a list of texts.

    Raises:
        RequestError: it is something else, empty, too long, too deep, or brackets and quotes do not close.
    """
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise RequestError("q is no text and no list of texts; leave it out to ask for all")
    if sum(map(len, texts)) > _LONGEST:
        raise RequestError(f"q is longer than {_LONGEST} characters; ask for fewer words")
    if isinstance(given, str) and _ADVANCED.search(given):
        return _Reader(given).read()
    words = given.split(",") if isinstance(given, str) else texts
    if len(words) > MOST:
        raise RequestError(f"q has more than {MOST} words; ask for fewer")
    return Words(tuple(_word(word) for word in words))


def _word(text: str) -> Word:
    found = Word(folded(text))
    if not found.text:
        raise RequestError("q has an empty word; separate words by single commas")
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place = 0
        text = text.rstrip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise RequestError(f"q has a quote at character {place + 1} that does not close")
            kind = found.lastgroup or ""
            self._tokens.append((kind, found[kind]))
            place = found.end()
        if sum(kind != "mark" for kind, _ in self._tokens) > MOST:
            raise RequestError(f"q has more than {MOST} words; ask for fewer")
        self._place = 0

    def read(self) -> Words:
        found = self._group(0)
        if self._place < len(self._tokens):
            raise RequestError("q has a bracket that nothing opens")
        return found

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("", "")

    def _group(self, depth: int) -> Words:
        """Clauses up to the end or a closing bracket, with blanks, commas or OR between them."""
        if depth > _DEEPEST:
            raise RequestError(f"q is nested deeper than {_DEEPEST} brackets; write it flatter")
        signs: dict[str, list[Word | Words]] = {"": [], "+": [], "-": []}
        while True:
            self._skip_or(bool(any(signs.values())))
            if self._next() in (("", ""), ("mark", ")")):
                break
            sign, unit = self._unit(depth)
            if self._next() == ("word", "AND"):
                sign, unit = "", self._chain(sign, unit, depth)
            signs[sign].append(unit)
        if not any(signs.values()):
            raise RequestError("q has nothing where a word is expected; write a word or quote AND and OR")
        return Words(tuple(signs[""]), tuple(signs["+"]), tuple(signs["-"]))

    def _skip_or(self, begun: bool) -> None:
        """Pass over what stands between two clauses."""
        if begun and self._next() in (("mark", ","), ("word", "OR")):
            self._place += 1
            if self._next() in (("", ""), ("mark", ")")):
                raise RequestError("q ends where a word is expected")

    def _chain(self, sign: str, unit: Word | Words, depth: int) -> Words:
        """Units with AND between them: all of them, but for those ruled out."""
        found = [(sign, unit)]
        while self._next() == ("word", "AND"):
            self._place += 1
            found.append(self._unit(depth))
        refused = tuple(one for sign, one in found if sign == "-")
        return Words(demanded=tuple(one for sign, one in found if sign != "-"), refused=refused)

    def _unit(self, depth: int) -> tuple[str, Word | Words]:
        """(sign, word or what stands in brackets)."""
        kind, text = self._next()
        sign = ""
        if kind == "mark" and text in "+-":
            sign = text
            self._place += 1
            kind, text = self._next()
        if kind == "mark" and text == "(":
            self._place += 1
            found: Word | Words = self._group(depth + 1)
            if self._next() != ("mark", ")"):
                raise RequestError("q has a bracket that does not close")
        elif kind == "phrase" or (kind == "word" and text not in ("AND", "OR")):
            found = _word(text)
        else:
            raise RequestError("q has nothing where a word is expected; write a word or quote AND and OR")
        self._place += 1
        return sign, found


def texts(parts: Sequence[str]) -> str:
    """Several texts as one that words are looked for in; no word reaches from one into the next."""
    return "\n".join(folded(part) for part in parts)
