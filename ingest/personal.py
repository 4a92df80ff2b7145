"""Recognisers of personal data in text; each pattern is bounded, and text too long to check is not published.

What they miss, on purpose: names without a title or a contact word beside them ("Müller"), numbers
without a prefix ("5678"), and anything in pictures. The schema's allow-list stands before them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 10_000
"""Characters that are checked; a longer text is not published."""
TOO_LONG = "text too long to be checked"
"""Stands for the class of such a text."""

_NAME = r"[A-ZÄÖÜ][\wäöüß'’]{1,40}(?:-[A-ZÄÖÜ]\w{1,40})?"
_FULL = rf"(?:[A-ZÄÖÜ]\.\s{{0,2}}){{0,2}}{_NAME}(?:,?\s{{1,2}}(?:von\s|van\s|de\s)?{_NAME}){{0,2}}"
# "Fr." is a Friday where other days or a span stand before it.
_FRAU = r"(?<!bis\s)(?<!und\s)(?<!u\.\s)(?<!-\s)(?<!–\s)(?<!-)(?<!–)(?<!,\s)(?<!/)Fr\."
_TITLE = (
    rf"(?:Herrn?|Frau|Hr\.?|{_FRAU}|Dr\.?|Prof\.?|Dipl\.?-?\s?Ing\.?|Ing\.|Mr\.?|Mrs\.?|Ms\.?|Familie|Fam\.?)"
)
_CONTACT = (
    r"(?:Ansprechpartner(?:in)?|Kontakt(?:person)?|Bauleit(?:erin|er|ung)|Verantwortliche?r?|Bauherr(?:in)?|"
    r"Antragsteller(?:in)?|Polier|Rückfragen(?:\san|\sbei)?|Auskunft(?:\serteilt|\sbei)?)"
)
_ORGANISATION = re.compile(
    r"referat|amt\b|ämter|werk|gmbh|mbh|stadt|\bAG\b|\bKG\b|\beG\b|e\.V|bau|telefon|zentrale|büro|hotline|internet|"
    r"netz|service|dienst|verwaltung|behörde|firma|gesellschaft|verband|abteilung|leitstelle|bahn|post|seite|homepage|"
    r"formular|mail|uhr|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    re.IGNORECASE,
)
"""A contact word is often followed by an office, which is no person."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One class of personal data."""

    name: str
    """In words, as it is counted and published."""
    pattern: re.Pattern[str]
    group: int = 0
    """The group of the pattern that is personal; the rest stays."""
    but: re.Pattern[str] | None = None
    """What is found is not personal where this occurs in it."""


RECOGNISERS = (
    Recogniser(
        "e-mail address",
        re.compile(
            r"[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\s?\.\s?[\w-]{1,63}){0,4}\s?\.\s?[A-Za-z]{2,24}"
            r"|[\w.+%-]{1,64}\s(?:at|ät)\s[\w-]{1,63}\s(?:dot|punkt)\s[A-Za-z]{2,24}",
            re.IGNORECASE,
        ),
    ),
    Recogniser("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,4})?\b")),
    Recogniser(
        "phone number",
        re.compile(
            r"(?<![\w.,/-])(?:(?:Tel(?:efon)?|Mobil|Handy|Fax|Fon|Phone|Ruf(?:nummer)?)\.?:?\s{0,3}[+(]?\d[\d\s()/.–-]{3,22}\d"
            r"|(?:\+|00)\d{1,3}[\s(/.–-]{0,2}\d[\d\s()/.–-]{4,22}\d"
            r"|\(?0[1-9]\d{1,4}\)?[\s/–-]{1,3}\d[\d\s/–-]{3,14}\d"
            r"|0[1-9]\d{7,11})(?![\w])"
        ),
    ),
    Recogniser("vehicle identification number", re.compile(r"\b(?=[A-Z]*\d)[A-HJ-NPR-Z0-9]{11}\d{6}\b")),
    Recogniser(
        "licence plate",
        re.compile(
            r"\b[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}\s?\d{1,4}[EH]?\b"
            r"|\b[A-ZÄÖÜ]{1,3}\s(?!DN|PN|NR|KM|TP)[A-Z]{2}\s\d{2,4}[EH]?\b"
        ),
    ),
    Recogniser(
        "person's name",
        re.compile(rf"(?<!\w){_TITLE}(?:\s{{1,2}}{_TITLE}){{0,3}}\s{{1,2}}{_FULL}"),
    ),
    Recogniser("person's name", re.compile(rf"{_CONTACT}\s?:?\s{{1,2}}({_FULL})(?!\w)"), 1, _ORGANISATION),
)


def found(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (class, start, end) of everything personal in `text` (at most `LONGEST` characters)."""
    for recogniser in RECOGNISERS:
        for match in recogniser.pattern.finditer(text):
            if recogniser.but is not None and recogniser.but.search(match[recogniser.group]):
                continue
            yield recogniser.name, *match.span(recogniser.group)


_KEY = re.compile(r"[A-Z]{2,8}(?:_[A-Za-z0-9]{1,40}){1,4}|[0-9]{0,8}|[0-9]{1,6}_[0-9]{1,6}")
"""Keys and codes of machines (``DEBY_LOD2_4959323``, ``31001_1010``): no recogniser can match in one."""


def scrub(text: str) -> tuple[str | None, list[str]]:
    """Take out what is personal, leaving ``[…]``; None where the text is too long to be checked."""
    if _KEY.fullmatch(text):
        return text, []
    if len(text) > LONGEST:
        return None, [TOO_LONG]
    spans = sorted((start, end, name) for name, start, end in found(text))
    if not spans:
        return text, []
    parts: list[str] = []
    classes: list[str] = []
    at = 0
    for start, end, name in spans:
        if start >= at:  # what two recognisers find in one place counts once
            parts += [text[at:start], "[…]"]
            classes.append(name)
        at = max(at, end)
    return "".join([*parts, text[at:]]), classes
