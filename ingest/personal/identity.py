"""What offices know one person by: dates of birth, numbers of papers, tax, insurance and bank cards.

Found after a word that says so; bank cards by their checksum, too. Misses: such numbers without a word
("L01X00T47"), dates of birth of which only the year is told, those before 1900 (monuments have them), and
those after 2009 behind a star.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

BIRTH = (r"^geb$|gebor|geburt|^dob$|^birth", r"\*")
IDENTITY = (
    r"ausweis|^perso$|^pa$|^stn?r?$|^[krs]vnr$|pass(?:nr|nummer)?$|führerschein|steuer|^idnr$|^tin$|versicher|versichert|^svn?r?$|renten|kranken|personal|"
    r"^pers|matrikel|kredit|karte|^visa$|master",
    r"^\d{6}$|(?<![\d.,-])[3-6]\d{3}(?:$|-\d{4})",
)

_DAY = (
    r"(?:\d{1,2}[\s./-]{1,2}\d{1,2}[\s./-]{1,2}(?:(?:19|20)\d{2}|\d{2})(?!\d)|(?:19|20)\d{2}-\d{2}-\d{2}|"
    r"\d{1,2}\.\s?(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]{0,8}\.?\s(?:19|20)\d{2})"
)
_BIRTHS = re.compile(
    r"(?i)(?<!\w)(?:geb(?:\.|oren(?:e[rn]?)?)?(?:-?dat(?:um|\.)|\.datum)?|geburts(?:datum|tag)|dob|date\sof\sbirth|birthday)"
    rf"[\s.:=,]{{0,3}}(?:(?:ist|war|am)\s)?(?P<day>{_DAY})"
)
_STAR = re.compile(
    r"(?<![\w*])\*\s?(?P<day>\d{1,2}\.\s?\d{1,2}\.\s?(?:19\d\d|200\d))(?![\w*])(?!.{0,60}[†✝])"
)
"""The star of those born, before 2010: notes have stars and dates, too. The dead have a cross and go free."""
_PAPER = (
    r"(?:(?:\w{0,20}(?:ausweis|führerschein)|steuer-?ident(?:ifikation)?|kreditkarten?|ec-karten?)s?[-.\s]{0,2}(?:n(?:ummer|r)|id|no)?|"
    r"(?:(?:reise)?pass|steuer|(?:(?:sozial|renten|kranken)versich(?:erungs|erten|ert)?|versicherten)|sv|rv|kv|personal|pers|pa|matrikel)"
    r"[-.\s]{0,2}(?:n(?:ummer|r)|id|no)|idnr|kvnr|rvnr|svnr)"
)
_PAPERS = re.compile(
    rf"(?i)(?<!\w){_PAPER}[.:=#\s]{{1,3}}"
    r"(?P<id>(?=(?:[\s/-]{0,1}[a-z0-9]){0,20}[\s/-]?\d)[a-z0-9](?:[\s/-]?[a-z0-9]){4,21})(?!\w)"
)
_SHORT = re.compile(
    r"(?<!\w)(?:(?i:perso(?:nalausweis)?|reisepass|kinderreisepass|pass)[.:\s]{1,3}(?P<paper>[CFGHJKLMNPRTVWXYZ]\d[A-Z\d]{6,8})|"
    r"(?i:st(?:euer)?)\.?-?\s?(?i:nr|nummer)[.:\s]{1,3}(?P<tax>\d{2,3}[\s/]\d{3,4}[\s/]\d{4,5})|"
    r"(?P<pension>\d\d\s(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d\s[A-Z]\s\d{3}))(?!\w)"
)
"""Of a form that little else has: papers, tax numbers, and numbers of pensioners with their date of birth."""
_CARDS = re.compile(r"(?<![\w.,/-])[3-6]\d{3}(?P<gap>[\s-])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}(?![\w]|[.,-]\d)")


def births(text: str) -> Iterator[Span]:
    """Dates of birth, after a word or a star for one."""
    for match in _BIRTHS.finditer(text):
        yield match.span("day")
    for match in _STAR.finditer(text):
        yield match.span("day")


def papers(text: str) -> Iterator[Span]:
    """Numbers of papers and insurances after their word, and of bank cards (Luhn's checksum)."""
    for match in _PAPERS.finditer(text):
        if sum(sign.isdecimal() for sign in match["id"]) >= 5:
            yield match.span("id")
    for match in _SHORT.finditer(text):
        yield match.span(match.lastgroup or 0)
    for match in _CARDS.finditer(text):
        if _luhn([int(sign) for sign in match[0] if sign.isdecimal()]):
            yield match.span()


def _luhn(digits: list[int]) -> bool:
    twice = (2 * each for each in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(each // 10 + each % 10 for each in twice)) % 10 == 0
