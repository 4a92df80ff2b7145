"""Names that lead from an entity to a value, checked against the model."""

import difflib

from api.sta.model import KINDS, OBSERVATIONS, Kind
from twin.errors import RequestError

DEEPEST = 10
"""Most names of a path, and most levels of brackets and of ``$expand``."""


def check(kind: Kind, text: str) -> tuple[str, ...]:
    """The names of a path into entities, such as ``Thing/name``, if the model has it.

    Args:
        kind: Where it begins.
        text: The path.
    """
    names = tuple(text.split("/"))
    through = False
    if len(names) > DEEPEST:
        raise RequestError(f"a path is too long; {DEEPEST} names are the most")
    for place, name in enumerate(names):
        link = kind.links.get(name)
        last = place == len(names) - 1
        if link is None:
            if name in ("id", "@iot.id", "selfLink", "@iot.selfLink") and last:
                return names
            if name not in kind.properties:
                refuse(kind, name)
            return names
        if last:
            raise RequestError(f"{name} is a link; go on to a property of it, such as {name}/id")
        if through and link.many:
            raise RequestError(
                f"a path that leads through Observations cannot lead to several {link.target} again; "
                "it may go on to Datastream, Thing and other single ones"
            )
        through = through or link.target == OBSERVATIONS
        kind = KINDS[link.target]
    raise AssertionError("unreachable: the last name returns or raises")


def several(kind: Kind, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The beginnings of a path that lead to several entities, the shortest first."""
    found = []
    for place, name in enumerate(names):
        link = kind.links.get(name)
        if link is None:
            break
        if link.many:
            found.append(names[: place + 1])
        kind = KINDS[link.target]
    return found


def refuse(kind: Kind, name: str) -> None:
    """`RequestError` naming the nearest property or link that the kind has."""
    known = ["id", *kind.properties, *kind.links]
    near = difflib.get_close_matches(name[:200], known, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(known)}"
    raise RequestError(f"{kind.name} has no {name[:80]!r}; {hint}")
