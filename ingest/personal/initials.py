"""People whose surname is an initial or not told: "Frau M.", "Leon B., 5 Jahre", "Kita: Mia, Leon und Emma".

First names count if they are usual ones (`ingest.personal.given`). Misses: a first name with an initial by
itself ("Max M."), and one or two first names with nothing beside them.
"""

import re
from collections.abc import Iterator

from ingest.personal.given import GIVEN

Span = tuple[int, int]

INITIAL = (
    r"^herrn?$|^frau$|^fam$|^familie$|^hrn?$|jahre?$|^kind|kita|krippe|hort|klasse|^gruppe",
    r"^[A-ZÄÖÜ]\.[,;)]?$",
)

_LARGE = "[A-ZÄÖÜ]"
_FIRST = rf"{_LARGE}\w{{1,30}}"
_TITLED = re.compile(
    rf"(?<![\w-])(?:Herrn?|Frau|Fam(?:ilie|\.)|Hrn?\.)\s{_LARGE}\.(?!\s?(?:{_LARGE}\w|{_LARGE}\.)|-\w)"
)
_AGED = re.compile(
    rf"(?<![\w-])(?P<first>{_FIRST})(?:\s{_LARGE}(?:\.|\w{{1,30}}))?(?=,?\s\(?\d{{1,2}}\s(?:Jahre?\b(?!\s?(?:Garantie|lang))|J\.))"
)
_LISTED = re.compile(
    rf"(?<![\w-]){_FIRST}(?:\s{_LARGE}\.)?(?:(?:,\s?|\s?[/&+]\s?|\sund\s|\su\.\s){_FIRST}(?:\s{_LARGE}\.)?){{1,40}}"
)
_ONE = re.compile(rf"(?P<first>{_FIRST})(?P<initial>\s{_LARGE}\.)?")
_CHILDREN = re.compile(
    r"(?i)(?<!\w)(?:kind(?:er)?|\w{0,20}(?:kita|krippe|hort|klasse|kindergarten)|gruppe)(?!\w)"
)


def initials(text: str) -> Iterator[Span]:
    """Titles with an initial, first names with an age, and lists of first names that are children's."""
    for match in _TITLED.finditer(text):
        yield match.span()
    for match in _AGED.finditer(text):
        if match["first"] in GIVEN:
            yield match.span()
    for match in _LISTED.finditer(text):
        known = [one for one in _ONE.finditer(text, *match.span()) if one["first"] in GIVEN]
        if re.search(r"(?:St\.|Sankt|Heilige)\s$", text[: match.start()]):
            continue  # Kita St. Peter, Paul und Maria
        short = sum(one["initial"] is not None for one in known)
        if short >= 2 or (len(known) >= 3 and _CHILDREN.search(text)):
            yield from (one.span() for one in known)
