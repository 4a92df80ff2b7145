"""Which classes of personal data there are, and where they are found in a text.

Asked only for texts that are no machine's key; whoever reads a city model meets none, so what is needed for
it is imported then.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.personal import contacts, given, identity, initials, names, numbers, surnames


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One way to find a class of personal data."""

    name: str
    """In words, as it is counted and published: one of `twin.rule.CLASSES`."""
    find: Callable[[str], Iterator[tuple[int, int]]]
    """Yields (start, end) of what is personal."""
    hints: tuple[str, str]
    """Patterns, of which one occurs in every text with something to find: the first in a run of letters
    (made small), the second in a word.
    """


RECOGNISERS = (
    Recogniser("e-mail address", contacts.mails, contacts.MAIL),
    Recogniser("social media handle", contacts.handles, contacts.HANDLE),
    Recogniser("IBAN", numbers.ibans, numbers.IBAN),
    Recogniser("phone number", contacts.phones, contacts.PHONE),
    Recogniser("vehicle identification number", numbers.vins, numbers.VIN),
    Recogniser("licence plate", numbers.plates, numbers.PLATE),
    Recogniser("device id", numbers.devices, numbers.DEVICE),
    Recogniser("person's name", names.names, names.NAME),
    Recogniser("person's name", given.beside, given.BESIDE),
    Recogniser("person's name", surnames.alone, surnames.SURNAME),
    Recogniser("person's name", initials.initials, initials.INITIAL),
    Recogniser("date of birth", identity.births, identity.BIRTH),
    Recogniser("identity number", identity.papers, identity.IDENTITY),
)

_RUNS = re.compile(r"[^\W\d_]+")
_IN_RUNS = [(1 << place, re.compile(each.hints[0])) for place, each in enumerate(RECOGNISERS)]
_IN_WORDS = [(1 << place, re.compile(each.hints[1])) for place, each in enumerate(RECOGNISERS)]
_ANY_IN_RUN = re.compile("|".join(f"(?:{each.hints[0]})" for each in RECOGNISERS))
"""Asked first, because most runs have no hint at all."""


@lru_cache(maxsize=1 << 16)
def _hints_of_run(run: str) -> int:
    low = run.lower()
    if not _ANY_IN_RUN.search(low):
        return 0
    return sum(bit for bit, pattern in _IN_RUNS if pattern.search(low))


@lru_cache(maxsize=1 << 15)
def _hints(word: str) -> int:
    """Which recognisers a word gives reason to ask: bit i stands for the i-th."""
    hints = 0
    for bit, pattern in _IN_WORDS:
        if pattern.search(word):
            hints |= bit
    for run in _RUNS.findall(word):
        hints |= _hints_of_run(run)
    return hints


def found(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (class, start, end) of everything personal in `text` (at most `LONGEST` characters)."""
    hints = 0
    for word in text.split():
        hints |= _hints(word)
    for place, recogniser in enumerate(RECOGNISERS):
        if hints >> place & 1:
            for start, end in recogniser.find(text):
                yield recogniser.name, start, end
