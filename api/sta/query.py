"""Query options (OGC 18-088, section 9.3): checked against the model before anything is read."""

from dataclasses import dataclass, field

from api.sta import members, syntax
from api.sta.model import KINDS, Kind
from api.sta.names import DEEPEST, check, refuse
from twin.errors import RequestError

LONGEST = 4096
"""Characters of an option."""
PAGE = 100
"""Entities of a page if nothing else is asked for."""
MOST = 10_000
"""Most entities of a page; higher numbers are brought down to it."""
LINES = 250_000
"""Most lines of a table (CSV) of anything but Observations: room for every station's newest value."""
FORMATS = ("default", "dataArray", "CSV", "GeoJSON")
"""Of answers, written in any case, as with FROST."""

Order = tuple[tuple[tuple[str, ...], bool], ...]
"""(names that lead to a value, whether the largest comes first)."""
BY_TIME: Order = ((("phenomenonTime",), False),)
"""Of Observations, if no other is asked for."""
_NOTHING = ("Observations", ("resultTime",))
"""What no Observation has, so that it puts none before another."""


@dataclass(slots=True)
class Options:
    """What is asked of a set of entities, or of one."""

    top: int = PAGE
    skip: int = 0
    count: bool = False
    select: frozenset[str] | None = None
    inside: dict[str, members.Paths] = field(default_factory=dict)
    """Document → its members to show, if not all."""
    orderby: Order = ()
    after: str | None = None
    """Id of the Observation after which the page begins: ``$skiptoken``."""
    filter: syntax.Node | None = None
    expand: dict[str, "Options"] = field(default_factory=dict)
    """Navigation link → what is asked of what it leads to."""
    format: str = ""
    """``dataArray``, ``CSV`` or ``GeoJSON``; nothing: as the standard has it."""
    latest: bool = False
    """Of Observations the newest alone."""
    given: dict[str, str] = field(default_factory=dict)
    """As written, for links to the next page."""
    following: tuple[str, str] | None = None
    """What stands in these links before and after the place of the next page, written once for all entities
    for which the same is asked."""


def read(kind: Kind, given: dict[str, str], depth: int = 1) -> Options:
    """Read options.

    Args:
        kind: Of the entities.
        given: Option, with its ``$`` → text.
        depth: How many ``$expand`` lie around them, and this.

    Raises:
        RequestError: an option cannot be read, or names what the kind does not have.
    """
    found = Options(given=given)
    for name, text in given.items():
        if len(text) > LONGEST or "\0" in text:
            raise RequestError(f"{name} is too long or has a NUL in it; {LONGEST} characters are the most")
        if name == "$top":
            found.top = min(_number(name, text), MOST)
        elif name == "$skip":
            found.skip = _number(name, text)
        elif name == "$skiptoken" and kind.name == "Observations":
            found.after = text
        elif name == "$count":
            if text not in ("true", "false"):
                raise RequestError("$count is true or false")
            found.count = text == "true"
        elif name == "$select":
            names = [part.strip() for part in text.split(",")]
            for part in names:
                whole, slash, rest = part.partition("/")
                if slash and whole in kind.properties and whole in members.DOCUMENTS:
                    found.inside[whole] = found.inside.get(whole, frozenset()) | {members.path(rest)}
                elif part not in (
                    "id",
                    "@iot.id",
                    "selfLink",
                    "@iot.selfLink",
                    *kind.properties,
                    *kind.links,
                ):
                    refuse(kind, part)
            found.select = frozenset(part.partition("/")[0] for part in names)
            found.inside = {name: paths for name, paths in found.inside.items() if name not in names}
        elif name == "$orderby":
            asked = [_order(kind, part) for part in text.split(",")]
            found.orderby = tuple(one for one in asked if (kind.name, one[0]) != _NOTHING)
        elif name == "$filter":
            found.filter = syntax.parse(kind, text)
        elif name == "$resultFormat" and depth == 1:
            found.format = _format(kind, text)
        elif name == "$expand":
            _expand(kind, text, found, depth)
        else:
            raise RequestError(
                f"unknown option {name[:80]!r}; it may be one of $expand, $filter, $select, $orderby, $top, "
                "$skip, $count"
            )
    if found.format == "CSV" and "$top" in given and kind.name != "Observations":
        found.top = min(_number("$top", given["$top"]), LINES)
    newest = found.orderby == ((("phenomenonTime",), True),)
    found.latest = newest and found.top == 1 and not found.skip and found.after is None
    return found


def _format(kind: Kind, text: str) -> str:
    known = {name.lower(): name for name in FORMATS}
    found = known.get(text.lower())
    if found is None or (found == "dataArray" and kind.name != "Observations"):
        raise RequestError(
            "resultFormat is dataArray (of Observations), CSV or GeoJSON; leave it out for anything else"
        )
    return "" if found == "default" else found


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise RequestError(f"{name} is not a whole number from 0 on")
    return int(text)


def _order(kind: Kind, text: str) -> tuple[tuple[str, ...], bool]:
    words = text.split()
    if not words or len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
        raise RequestError("$orderby is not a list of properties, each with asc or desc if you like")
    names = check(kind, words[0])
    _, observed, after = words[0].partition("Observations/")
    if observed and after not in ("result", "phenomenonTime"):
        raise RequestError(
            "through Observations $orderby leads to result or phenomenonTime; "
            f"{after.partition('/')[0]} belongs to one of several"
        )
    return names, len(words) == 2 and words[1].lower() == "desc"


def _expand(kind: Kind, text: str, found: Options, depth: int) -> None:
    if depth > DEEPEST:
        raise RequestError(f"$expand is nested too deep; {DEEPEST} is the most")
    for part in split(text, ","):
        path, bracket, inner = part.strip().partition("(")
        if bracket and not inner.rstrip().endswith(")"):
            raise RequestError("a bracket in $expand is not closed")
        options: dict[str, str] = {}
        for option in split(inner.rstrip()[:-1], ";") if bracket else ():
            name, equals, value = option.strip().partition("=")
            if not equals or name in options:
                raise RequestError("options within $expand are $name=value, each once, with ; between them")
            options[name] = value
        name, slash, more = path.strip().partition("/")
        if name not in kind.links:
            refuse(kind, name)
        if slash:  # A/B is short for A($expand=B)
            rest = f"{more}({inner}" if bracket else more
            options = {"$expand": rest}
        target = KINDS[kind.links[name].target]
        nested = read(target, options, depth + 1)
        if slash and name in found.expand:
            found.expand[name].expand.update(nested.expand)
        else:
            found.expand[name] = nested


def split(text: str, mark: str) -> list[str]:
    """Parts between marks that stand outside of brackets and quotes."""
    parts, start, depth, quoted = [], 0, 0, False
    for place, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif letter == mark and depth == 0:
            parts.append(text[start:place])
            start = place + 1
        if depth < 0 or depth > 2 * DEEPEST:
            raise RequestError("the brackets do not match, or are nested too deep")
    if depth or quoted:
        raise RequestError("a bracket or a quote is not closed")
    return [*parts, text[start:]]
