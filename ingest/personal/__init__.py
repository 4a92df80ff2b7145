"""Recognisers of personal data in text. They work on patterns that are bounded; what cannot be checked is not
published: a text that is too long, or one in which a recogniser fails.

What they miss is said in the modules beside this one and in docs/privacy.md. The schema's allow-list and the
recipe's rules stand before them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.personal import contacts, names, numbers

LONGEST = 10_000
"""Characters that are checked; a longer text is not published."""
TOO_LONG = "text too long to be checked"
"""Stands for the class of such a text."""
UNCHECKED = "text that could not be checked"
"""Stands for the class of a text in which a recogniser failed."""
GONE = "[…]"
"""What stands where something was taken out."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One class of personal data."""

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


_KEY = re.compile(
    r"[A-Z]{2,8}(?:_[A-Za-z0-9]{1,40}){1,4}|[0-9]{0,8}|[0-9]{1,6}_[0-9]{1,6}|h-[0-9a-f]{20}|"
    r"(?:node|way|relation)/[0-9]{1,12}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|DEBY[A-Za-z0-9]{12}"
)
"""Keys and codes of machines (``DEBY_LOD2_4959323``, ``31001_1010``, UUIDs): nobody finds anything in one."""


def scrub(text: str) -> tuple[str | None, list[str]]:
    """Take out what is personal, leaving ``[…]``; None where the text cannot be checked."""
    if _KEY.fullmatch(text):
        return text, []
    if len(text) > LONGEST:
        return None, [TOO_LONG]
    left, classes = _remembered(text) if len(text) <= 200 else _scrubbed(text)
    return left, list(classes)


def _scrubbed(text: str) -> tuple[str | None, tuple[str, ...]]:
    plain = text if text.isascii() else _plain(text)
    try:
        spans = sorted((start, end, name) for name, start, end in found(plain))
    except Exception:  # noqa: BLE001  whatever is wrong in here, the text stays inside
        return None, (UNCHECKED,)
    if not spans:
        return text, ()
    parts: list[str] = []
    classes: list[str] = []
    at = 0
    for start, end, name in spans:
        if start >= at:  # what two recognisers find in one place counts once
            parts += [plain[at:start], GONE]
            classes.append(name)
        at = max(at, end)
    return "".join([*parts, plain[at:]]), tuple(classes)


_remembered = lru_cache(maxsize=1 << 14)(_scrubbed)


def _plain(text: str) -> str:
    """The text as it is read: full-width and composed forms as usual signs, invisible ones gone."""
    text = unicodedata.normalize("NFKC", text.replace("\u2011", "-").replace("\u00ad", ""))
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
