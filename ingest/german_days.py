"""German names of weekdays, alone, in lists and in spans: ``Montag, Dienstag und Freitag``, ``Mo-Fr``."""

import re

_NAMES = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_ALL = frozenset(range(7))
_OTHERS = {
    "tag": _ALL,
    "sonnabend": frozenset({5}),
    "sa": frozenset({5}),
    "so": frozenset({6}),
    "werktag": frozenset(range(6)),  # Sunday alone is none (§ 3 Abs. 2 BUrlG)
}
_AND = re.compile(r"\s*(?:,|/|\bund\b|\bsowie\b)\s*")
_TO = re.compile(r"\s*(?:-|–|\bbis\b)\s*")
_LONGEST = 120


def weekdays(text: str) -> frozenset[int] | None:
    """The days meant, 0 for Monday; None if a word is none."""
    found: set[int] = set()
    for part in filter(None, _AND.split(text[:_LONGEST].casefold())):
        ends = [_one(word) for word in _TO.split(part)]
        if len(ends) == 1 and ends[0]:
            found |= ends[0]
        elif len(ends) == 2 and ends[0] and ends[1] and len(ends[0]) == len(ends[1]) == 1:
            first, last = min(ends[0]), min(ends[1])
            found |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
        else:
            return None
    return frozenset(found) or None


def _one(word: str) -> frozenset[int] | None:
    word = word.strip(" .")
    if word in _OTHERS:
        return _OTHERS[word]
    for number, name in enumerate(_NAMES):
        if word in (name, name + "s", name[:2], name + "e"):
            return frozenset({number})
    return None
