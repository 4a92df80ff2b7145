"""``$filter`` (OGC 18-088, section 9.3.3.5; OData 4.0) as a tree, checked against the model."""

from dataclasses import dataclass
from typing import Any

from api.sta.functions import FUNCTIONS
from api.sta.model import Kind
from api.sta.names import check
from api.sta.scope import Scope
from api.sta.tokens import Token, tokens
from twin.errors import RequestError

COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
_LEVELS = (("or",), ("and",), (*COMPARISONS, "in"), ("add", "sub"), ("mul", "div", "mod"))


@dataclass(frozen=True, slots=True)
class Node:
    """One operator, call, path or value, with what it works on."""

    kind: str
    """``value``, ``path``, ``call``, ``not``, ``any`` or the name of an operator; ``in`` has what is looked
    for first, then the members of the list, or the path (``value`` is true) that leads to one."""
    value: Any = None
    """The value, the names of the path, or the name of the function."""
    parts: tuple["Node", ...] = ()

    @property
    def true_or_false(self) -> bool:
        """Whether it says something that is true or false, as far as can be told from outside."""
        if self.kind == "call":
            return FUNCTIONS[self.value].true_or_false
        if self.kind == "path":  # inside of properties anything may be
            return "properties" in self.value or "parameters" in self.value
        if self.kind == "value":
            return isinstance(self.value, bool)
        return self.kind in ("and", "or", "not", "any", "in", *COMPARISONS)

    @property
    def size(self) -> int:
        """How many nodes it has, itself with them."""
        return 1 + sum(part.size for part in self.parts)

    @property
    def reckoned(self) -> bool:
        """Whether it is a value, or comes of values by reckoning and functions alone."""
        fit = self.kind in ("value", "call", "add", "sub", "mul", "div", "mod")
        return fit and all(part.reckoned for part in self.parts)

    def leads(self, beginning: int) -> "Node":
        """The same with paths that have lost so many names at their beginning."""
        if self.kind == "path":
            return Node("path", self.value[beginning:])
        return Node(self.kind, self.value, tuple(part.leads(beginning) for part in self.parts))

    def paths(self) -> list[tuple[str, ...]]:
        """All paths in it; what `any` chooses for itself counts as a path of no names."""
        if self.kind == "any":
            return [()]
        own = [self.value] if self.kind == "path" else []
        return own + [path for part in self.parts for path in part.paths()]


def parse(kind: Kind, text: str) -> Node:
    """Read a filter for entities of a kind.

    Raises:
        RequestError: it cannot be read, is too large, or names what there is not; tells the nearest name.
    """
    return _Parser(kind, tokens(text)).whole()


class _Parser:
    def __init__(self, kind: Kind, found: list[Token]) -> None:
        self._kind = kind
        self._tokens = found
        self._next = 0
        self._scope = Scope()

    def whole(self) -> Node:
        node = self._level(0)
        if self._tokens[self._next].kind != "end":
            raise self._wrong("an operator such as eq or and")
        return _said(node)

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._primary()
        if level == 2 and self._takes("operator", "not"):
            return Node("not", None, (_said(self._level(2)),))
        left = self._level(level + 1)
        while (token := self._tokens[self._next]).kind == "operator" and token.value in _LEVELS[level]:
            self._next += 1
            if token.value == "in":
                left = Node("in", *self._members(left))
                continue
            right = self._level(level + 1)
            left = Node(token.value, None, (left, right) if level > 1 else (_said(left), _said(right)))
        return left

    def _primary(self) -> Node:
        token = self._tokens[self._next]
        self._next += 1
        if token.kind == "value":
            return Node("value", token.value)
        if token.kind == "(":
            node = self._level(0)
            self._needs(")")
            return node
        if token.kind == "name":
            if self._takes("("):
                whole = token.value.removesuffix("/any")
                return self._call(whole) if whole == token.value else self._any(whole)
            return Node("path", check(self._kind, self._scope.path(self._kind, token.value)))
        self._next -= 1
        raise self._wrong("a property, a value or a function")

    def _members(self, left: Node) -> tuple[bool, tuple[Node, ...]]:
        """What stands behind `in`: a list, or a path that leads to one."""
        if not self._takes("("):
            right = self._primary()
            if right.kind != "path":
                raise self._wrong("a list such as ('a', 'b')")
            return True, (left, right)
        parts = [left, self._level(0)]
        while self._takes(","):
            parts.append(self._level(0))
        self._needs(")")
        return False, tuple(parts)

    def _any(self, name: str) -> Node:
        """``Datastreams/any(d: …)``: a choice of its own."""
        outer = self._scope
        token = self._tokens[self._next]
        if token.kind != "name" or "/" in token.value:
            raise self._wrong("a name for each, such as any(d: d/name eq 'x')")
        self._next += 1
        self._needs(":")
        self._scope = outer.inner(self._kind, name, token.value)
        node = _said(self._level(0))
        self._needs(")")
        self._scope = outer
        return Node("any", bool(outer.names), (lifted(node),))

    def _call(self, name: str) -> Node:
        function = FUNCTIONS.get(name)
        if function is None:
            raise RequestError(f"there is no function {name[:40]!r}; there are: {', '.join(FUNCTIONS)}")
        parts: list[Node] = []
        if not self._takes(")"):
            parts.append(self._level(0))
            while self._takes(","):
                parts.append(self._level(0))
            self._needs(")")
        if not function.least <= len(parts) <= function.most:
            raise RequestError(f"{name} takes {function.least} to {function.most} values, not {len(parts)}")
        return Node("call", name, tuple(parts))

    def _takes(self, kind: str, value: Any = None) -> bool:
        token = self._tokens[self._next]
        found = token.kind == kind and token.value == value
        self._next += found
        return found

    def _needs(self, kind: str) -> None:
        if not self._takes(kind):
            raise self._wrong(f"a {kind!r}")

    def _wrong(self, wanted: str) -> RequestError:
        place = self._tokens[self._next].at + 1
        return RequestError(f"$filter has something else than {wanted} at character {place}")


def _said(node: Node) -> Node:
    if not node.true_or_false:
        raise RequestError("$filter has a value where something true or false is needed, such as result gt 5")
    return node


def lifted(node: Node) -> Node:
    """What stands in an `any` without those within it, which go on from its choice.

    Raises:
        RequestError: one of them would have to choose for itself: it is denied, or there are two.
    """
    if node.kind == "any":
        return node.parts[0]
    if node.kind not in ("and", "or"):
        if _has_any(node):
            raise RequestError(
                "an any within an any cannot be denied or compared; ask for it in an any beside"
            )
        return node
    if node.kind == "and" and sum(map(_has_any, node.parts)) > 1:
        raise RequestError("an any in $filter has two others within it; write an any for each, beside it")
    return Node(node.kind, node.value, tuple(map(lifted, node.parts)))


def _has_any(node: Node) -> bool:
    return node.kind == "any" or any(map(_has_any, node.parts))
