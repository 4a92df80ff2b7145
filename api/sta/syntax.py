"""``$filter`` (OGC 18-088, section 9.3.3.5; OData 4.0) as a tree, checked against the model."""

from dataclasses import dataclass
from typing import Any

from api.sta.functions import FUNCTIONS
from api.sta.model import Kind
from api.sta.names import check
from api.sta.tokens import Token, tokens
from twin.errors import RequestError

COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
_LEVELS = (("or",), ("and",), COMPARISONS, ("add", "sub"), ("mul", "div", "mod"))


@dataclass(frozen=True, slots=True)
class Node:
    """One operator, call, path or value, with what it works on."""

    kind: str
    """``value``, ``path``, ``call``, ``not`` or the name of an operator."""
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
        return self.kind in ("and", "or", "not", *COMPARISONS)

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
        """All paths in it."""
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
                return self._call(token.value)
            return Node("path", check(self._kind, token.value))
        self._next -= 1
        raise self._wrong("a property, a value or a function")

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
