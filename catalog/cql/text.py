"""CQL2 Text to a tree, by recursive descent; how deep is known before (`catalog.cql.tokens`)."""

import difflib

from catalog.cql import literals, references
from catalog.cql.literals import Project
from catalog.cql.tokens import Token, tokens
from catalog.cql.tree import (
    ARRAYS,
    COMPARISONS,
    FOLDS,
    SPATIAL,
    TEMPORAL,
    Array,
    Call,
    Instant,
    Interval,
    Literal,
    Name,
    Node,
)
from twin.errors import RequestError

_LITERALS = ("bbox", "date", "timestamp", "interval")
_FUNCTIONS = (*sorted(SPATIAL | TEMPORAL | ARRAYS | FOLDS), *_LITERALS, references.FUNCTION)


def read(text: str, project: Project) -> Node:
    """The tree of a filter; `RequestError` says from which character on it cannot be read."""
    reader = _Reader(tokens(text), project)
    tree = reader.either()
    reader.expect("end", "")
    return tree


_AFTER = (("sign", ","), ("sign", ")"))
"""What comes behind an element of an array."""


class _Reader:
    """Goes through the words once."""

    def __init__(self, found: list[Token], project: Project) -> None:
        self._tokens = found
        self._place = 0
        self._project = project

    def either(self) -> Node:
        parts = [self._all()]
        while self._word("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Call("or", tuple(parts))

    def expect(self, kind: str, text: str) -> Token:
        token = self._tokens[self._place]
        if token.kind != kind or (text and token.text != text):
            raise self._wrong(f"{text or 'an end'} is expected")
        self._place += 1
        return token

    def _all(self) -> Node:
        parts = [self._maybe_not()]
        while self._word("and"):
            parts.append(self._maybe_not())
        return parts[0] if len(parts) == 1 else Call("and", tuple(parts))

    def _maybe_not(self) -> Node:
        odd = False
        while self._word("not"):
            odd = not odd
        found = self._condition()
        return Call("not", (found,)) if odd else found

    def _condition(self) -> Node:
        left = self._sum()
        token = self._tokens[self._place]
        if token.kind == "sign" and token.text in COMPARISONS:
            self._place += 1
            return Call(token.text, (left, self._sum()))
        if self._word("is"):
            negative = self._word("not")
            if not self._word("null"):
                raise self._wrong("NULL is expected")
            return _negated(negative, Call("isnull", (left,)))
        negative = self._word("not")
        if self._word("like"):
            return _negated(negative, Call("like", (left, self._sum())))
        if self._word("between"):
            low = self._sum()
            if not self._word("and"):
                raise self._wrong("AND is expected")
            return _negated(negative, Call("between", (left, low, self._sum())))
        if self._word("in"):
            return _negated(negative, Call("in", (left, *self._list())))
        if negative:
            raise self._wrong("LIKE, BETWEEN or IN is expected")
        return left

    def _list(self) -> list[Node]:
        self.expect("sign", "(")
        found = [self._sum()]
        while self._sign(","):
            found.append(self._sum())
        self.expect("sign", ")")
        return found

    def _element(self) -> Node:
        """An array, or what may stand in one, where an expression alone in brackets is no array."""
        start = self._place
        if self._sign("(") is None:
            return self.either()
        found: list[Node] = []
        while self._sign(")") is None:
            if found:
                self.expect("sign", ",")
            item = self._element()
            alone = isinstance(item, Array) and len(item.items) == 1 and isinstance(item.items[0], Call)
            found.append(item.items[0] if isinstance(item, Array) and alone else item)
        following = self._tokens[self._place]
        if len(found) == 1 and (following.kind, following.text) not in _AFTER:  # brackets of an expression
            self._place = start
            return self.either()
        return Array(tuple(found))

    def _sum(self) -> Node:
        found = self._product()
        while (sign := self._sign("+", "-")) is not None:
            found = Call(sign, (found, self._product()))
        return found

    def _product(self) -> Node:
        found = self._power()
        while (sign := self._sign("*", "/", "%")) is not None or self._word("div"):
            found = Call(sign or "div", (found, self._power()))
        return found

    def _power(self) -> Node:
        found = self._signed()
        return Call("^", (found, self._signed())) if self._sign("^") else found

    def _signed(self) -> Node:
        negative = False
        while (sign := self._sign("+", "-")) is not None:
            negative ^= sign == "-"
        found = self._primary()
        if not negative:
            return found
        if isinstance(found, Literal) and isinstance(found.value, int | float):
            return Literal(-found.value)
        return Call("*", (Literal(-1), found))

    def _primary(self) -> Node:
        token = self._tokens[self._place]
        self._place += 1
        following = self._tokens[min(self._place, len(self._tokens) - 1)]
        if token.kind == "sign" and token.text == "(":
            found = self.either()
            self.expect("sign", ")")
            return found
        if token.kind == "number":
            whole = token.text.isdecimal() and len(token.text) < 20
            return literals.number(int(token.text) if whole else float(token.text))
        if token.kind == "string":
            return Literal(_unquoted(token.text))
        if token.kind == "quoted":
            return Name(token.text[1:-1])
        if token.kind == "wkt":
            return literals.wkt(token.text, self._project)
        if token.kind == "word" and following.kind == "sign" and following.text == "(":
            return self._function(token.text)
        if token.kind == "word" and token.text.lower() in ("true", "false"):
            return Literal(token.text.lower() == "true")
        if token.kind == "word" and token.text.lower() not in (
            "and",
            "or",
            "not",
            "null",
            "like",
            "in",
            "is",
        ):
            return Name(token.text)
        self._place -= 1
        raise self._wrong("a property or a value is expected")

    def _function(self, written: str) -> Node:
        name = written.lower()
        if name not in _FUNCTIONS:
            near = difflib.get_close_matches(name[:40], _FUNCTIONS, 1)
            hint = (
                f"did you mean {near[0].upper()}?" if near else f"there are: {', '.join(_FUNCTIONS).upper()}"
            )
            raise RequestError(f"filter has a function {written[:40]!r} that is not known; {hint}")
        if name in ARRAYS:
            self.expect("sign", "(")
            left = self._element()
            self.expect("sign", ",")
            right = self._element()
            self.expect("sign", ")")
            return Call(name, (left, right))
        args = self._list()
        if name == references.FUNCTION:
            return references.reference(args)
        if name == "bbox":
            return literals.box([_plain(arg, "BBOX") for arg in args], self._project)
        if name == "interval":
            if len(args) != 2:
                raise RequestError(
                    "filter has an INTERVAL without two ends; write INTERVAL('2026-03-01', '..')"
                )
            return Interval(*(_bound(arg) for arg in args))
        if name in ("date", "timestamp"):
            value = args[0].value if len(args) == 1 and isinstance(args[0], Literal) else None
            return literals.date(value) if name == "date" else literals.timestamp(value)
        return Call(name, tuple(args))

    def _word(self, word: str) -> bool:
        token = self._tokens[self._place]
        there = token.kind == "word" and token.text.lower() == word
        self._place += there
        return there

    def _sign(self, *signs: str) -> str | None:
        token = self._tokens[self._place]
        if token.kind != "sign" or token.text not in signs:
            return None
        self._place += 1
        return token.text

    def _wrong(self, what: str) -> RequestError:
        return RequestError(
            f"filter cannot be read at character {self._tokens[self._place].place + 1}: {what}; see /docs"
        )


def _negated(negative: bool, call: Call) -> Call:
    return Call("not", (call,)) if negative else call


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'").replace("\\'", "'")


def _plain(node: Node, where: str) -> float:
    if isinstance(node, Literal) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    raise RequestError(f"filter has a {where} of something else than numbers")


def _bound(node: Node) -> "Instant | Name | None":
    if isinstance(node, Name | Instant):
        return node
    return literals.bound(node.value if isinstance(node, Literal) else None)
