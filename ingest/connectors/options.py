"""Options of a connector: a closed list each, so that a slip of the pen is noticed."""

import difflib
import inspect
import re
from importlib import import_module
from typing import Any

from twin.errors import RecipeError
from twin.source import Source


def options(source: Source, known: tuple[str, ...]) -> dict[str, Any]:
    """Return the source's options; `RecipeError` for one that the connector does not know."""
    for name in source.options:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1, 0.5)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
            raise RecipeError(f"connector {source.connector} has no option {name!r}; {hint}")
    return source.options


def listed(value: Any, name: str) -> list[str]:
    """A list of texts; `RecipeError` for anything else. Numbers are taken as texts."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str | int) for item in value):
        raise RecipeError(f"options.{name} is a list of texts")
    return [str(item) for item in value]


def box_of(source: Source) -> tuple[float, float, float, float] | None:
    """Option ``box``: west, south, east, north in degrees; None without one, `RecipeError` if it is none."""
    box = source.options.get("box")
    if box is None:
        return None
    numbers = isinstance(box, list | tuple) and all(
        isinstance(n, int | float) and not isinstance(n, bool) for n in box
    )
    if not numbers or len(box) != 4 or not (box[0] < box[2] and box[1] < box[3]):
        raise RecipeError("options.box is a list: west, south, east, north in degrees")
    return float(box[0]), float(box[1]), float(box[2]), float(box[3])


def documented(name: str) -> str | None:
    """What the connector called `name` says of its options, as its module has it; None if it has none."""
    from ingest.connectors import CONNECTORS

    words = inspect.getdoc(import_module(CONNECTORS[name].partition(":")[0])) or ""
    block = re.search(r"^Options:\n(.*?)(?=^\S|\Z)", words, re.MULTILINE | re.DOTALL)
    return inspect.cleandoc(block[1]) if block else None


def names(name: str) -> tuple[str, ...]:
    """The options of the connector called `name`, as `documented` names them, in its order."""
    lines = (documented(name) or "").splitlines()
    told = (re.match(r"(\w+(?:, \w+)*):", line) for line in lines)
    return tuple(option for match in told if match for option in match[1].split(", "))
