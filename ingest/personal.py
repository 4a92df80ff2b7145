"""Recognisers of personal data in text; each pattern is bounded, and text too long to check is not published.

What they miss, on purpose: names without a title or a contact word beside them ("Müller"), numbers
without a prefix ("5678"), and anything in pictures. The schema's allow-list stands before them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 10_000
"""Characters that are checked; a longer text is not published."""

_NAME = r"[A-ZÄÖÜ][a-zäöüß]{1,30}(?:-[A-ZÄÖÜ][a-zäöüß]{1,30})?"
_TITLE = r"(?:Herrn?|Frau|Hr\.|Fr\.|Dr\.|Prof\.|Dipl\.-?Ing\.|Ing\.|Mr\.?|Mrs\.?|Ms\.?|Familie|Fam\.)"
_CONTACT = (
    r"(?:Ansprechpartner(?:in)?|Kontakt(?:person)?|Bauleit(?:er|erin|ung)|Verantwortlich(?:er?)?|Bauherr(?:in)?|"
    r"Antragsteller(?:in)?|Polier|Rückfragen(?: an| bei)?|Auskunft(?: erteilt| bei)?)"
)


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One class of personal data."""

    name: str
    """In words, as it is counted and published."""
    pattern: re.Pattern[str]
    group: int = 0
    """The group of the pattern that is personal; the rest stays."""


RECOGNISERS = (
    Recogniser(
        "e-mail address",
        re.compile(
            r"[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}"
        ),
    ),
    Recogniser("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,4})?\b")),
    Recogniser(
        "phone number",
        re.compile(
            r"(?<![\w.,/-])(?:(?:Tel(?:efon)?|Mobil|Handy|Fax|Fon|Phone)\.?:?\s{0,3}[+(]?\d[\d\s()/.–-]{3,22}\d"
            r"|(?:\+|00)\d{1,3}[\s(/.–-]{0,2}\d[\d\s()/.–-]{4,22}\d"
            r"|\(?0[1-9]\d{1,4}\)?[\s/–-]{1,3}\d[\d\s/–-]{3,14}\d"
            r"|01[5-7]\d{8,9})(?![\w])"
        ),
    ),
    Recogniser("vehicle identification number", re.compile(r"\b(?=[A-Z]*\d)[A-HJ-NPR-Z0-9]{11}\d{6}\b")),
    Recogniser("licence plate", re.compile(r"\b[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}\s?\d{1,4}[EH]?\b")),
    Recogniser(
        "person's name",
        re.compile(rf"(?<!\w){_TITLE}(?:\s{{1,2}}{_TITLE}){{0,3}}\s{{1,2}}{_NAME}(?:\s{_NAME})?"),
    ),
    Recogniser("person's name", re.compile(rf"{_CONTACT}\s?:?\s{{1,2}}({_NAME}\s{_NAME})(?!\w)"), 1),
)


def found(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (class, start, end) of everything personal in `text` (at most `LONGEST` characters)."""
    for recogniser in RECOGNISERS:
        for match in recogniser.pattern.finditer(text):
            yield recogniser.name, *match.span(recogniser.group)


def scrub(text: str) -> tuple[str | None, list[str]]:
    """Take out what is personal, leaving ``[…]``; None where the text is too long to be checked."""
    if len(text) > LONGEST:
        return None, ["text too long to be checked"]
    spans = sorted((start, end, name) for name, start, end in found(text))
    if not spans:
        return text, []
    parts, at = [], 0
    for start, end, _ in spans:
        if start >= at:
            parts += [text[at:start], "[…]"]
        at = max(at, end)
    return "".join([*parts, text[at:]]), [name for _, _, name in spans]
