"""Numbers that stand for one person, one car or one device: IBAN, VIN, licence plates, device ids.

Misses: bank accounts abroad without the word IBAN,
plates of other countries, plates in small letters without a word before them, device ids that are bare UUIDs
without a word before them (stations have such).
"""

import re
from collections.abc import Iterator
from types import MappingProxyType

from ingest.personal.districts import DISTRICTS

Span = tuple[int, int]

IBAN = (r"^iban|^kto|konto|bankverb", r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}|^(?:DE|AT|CH|LU|FR|IT|NL|BE|PL|CZ)$")
VIN = (r"^[fv]in$|fahrgest|ident", r"(?<![\w.-])[A-HJ-NPR-Z][A-Z0-9]{16}(?!\w|[.-]\d)")
PLATE = (
    r"kennz|^kz$|^kfz|^pkw|^lkw|auto|wagen|fahrzeug|plate|halter|park|abge|fahrerf",
    r"(?<![\w.,/:-])[A-ZÄÖÜ]{1,3}(?:$|[-–:·\d])",
)
DEVICE = (
    r"(?:bike|rad|scooter|roller|moped|vehicle|fahrzeug|device|ger(?:ä|ae)t|sensor|tracker|client|user|nutzer(?:in)?|kunden?|"
    r"install(?:ation)?|session|advertising|meter|z(?:ä|ae)hler|karten?)(?:s|en)?(?:id|uuid|nummer|nr|no|number|kennung)?$|"
    r"^mac|^imei|^imsi|^meid|^iccid|^idfa|^gaid|^aaid|^ip$|^ipv$",
    r"[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]|\.[0-9A-Fa-f]{4}\.|^\d{6}$|(?<![\w-])\d{2}-\d{6}",
)

_IBAN_LENGTHS = MappingProxyType(
    dict(
        AD=24, AT=20, BA=20, BE=16, BG=22, CH=21, CY=28, CZ=24, DE=22, DK=18, EE=20, ES=24, FI=18, FR=27,
        GB=22, GR=27, HR=21, HU=28, IE=22, IS=26, IT=27, LI=21, LT=20, LU=20, LV=21, MC=27, ME=22, MK=19,
        MT=31, NL=18, NO=15, PL=28, PT=25, RO=24, RS=22, SE=24, SI=19, SK=24, SM=27, TR=26, UA=29, XK=20,
    )
)  # fmt: skip
"""Length of an IBAN by country (IBAN registry, ISO 13616)."""
_IBAN = re.compile(r"(?<![\w.])([A-Za-z]{2})\s?\d{2}(?:[\s._/-]{0,2}[A-Za-z0-9]){11,30}")
_ACCOUNT = re.compile(
    r"(?i)(?<!\w)(?:iban|kto|konto|bankverbindung(?::?\s[a-zäöüß-]{2,24}){0,3}|bic/iban)(?:[-.\s]{0,2}n(?:ummer|r))?[.:\s]{0,4}"
    r"((?:[a-z]{2}\s?\d{2}\s?)?\d(?:[\d\s-]{3,30}\d))(?!\w)"
)


def ibans(text: str) -> Iterator[Span]:
    """Bank accounts: IBANs by their checksum (ISO 7064), any number after a word for an account."""
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(match[1].upper())
        end = _walk(text, match.start(), length) if length else None
        if end is not None and _mod97(text[match.start() : end]):
            yield match.start(), end
    for match in _ACCOUNT.finditer(text):
        yield match.span(1)


def _walk(text: str, start: int, signs: int) -> int | None:
    """Where `signs` letters and digits end; None if there are fewer, or another one follows at once."""
    for at in range(start, min(len(text), start + 3 * signs)):
        signs -= text[at].isalnum()
        if signs == 0:
            return at + 1 if not text[at + 1 : at + 2].isalnum() else None
    return None


def _mod97(written: str) -> bool:
    plain = "".join(sign for sign in written.upper() if sign.isascii() and sign.isalnum())
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


_VINS = (
    re.compile(r"(?<![\w.-])[A-HJ-NPR-Z][A-HJ-NPR-Z0-9]{2}[A-HJ-NPR-Z0-9]{8,10}\d{4,6}(?!\w|[.-]\d)"),
    re.compile(
        r"(?i)(?<!\w)(?:fin|vin|fahrgestell(?:[-\s]?n(?:ummer|r\.?))?|fahrzeug-?ident\w{0,20}(?:[-\s]?n(?:ummer|r\.?))?)"
        r"[.:\s]{0,3}([a-hj-npr-z0-9](?:[\s-]?[a-hj-npr-z0-9]){16})(?![a-z0-9])"
    ),
)


def vins(text: str) -> Iterator[Span]:
    """Vehicle identification numbers (ISO 3779): 17 signs that end in four digits, or any 17 after the word.

    European ones have no check digit.
    """
    for match in _VINS[0].finditer(text):
        if len(match[0]) == 17 and any(sign.isdecimal() for sign in match[0]):
            yield match.span()
    for match in _VINS[1].finditer(text):
        yield match.span(1)


_PLATE = re.compile(
    r"(?<![\w.,/:-])([A-ZÄÖÜ]{1,3})(\s?[-–:·]\s?|\s)([A-Z]{1,2})(\s?[-–]\s?|\s{0,2})([1-9]\d{0,3})\s?[EH]?(?![\w%€]|[.,:-]\d)"
)
_AFTER_PLATE_WORD = re.compile(
    r"(?i)(?<!\w)(?:kennz(?:eichen)?|kz|kfz|k\.?fz|pkw|lkw|auto|wagen|fahrzeug|plate|halter(?:in)?(?:\svon)?)[-\s:.]{1,3}"
    r"(?:(?:nr|kennzeichen|mit|das|dem|amtl|amtliches)[-\s:.]{1,3}){0,3}"
    r"((?!(?:ab|bis|im|am|zu|an|um|mit|von|max|ca|mind|je|nur)\b)[a-zäöü]{1,3}[\s/–·-]{0,3}[a-z]{1,2}[\s/–-]{0,3}[1-9]\d{0,3}\s?[eh]?)(?!\w|[.,]\d)"
)
_BARE = re.compile(
    r"(?<![\w.,/:-])(?P<letters>[A-ZÄÖÜ]{3,5})(?P<number>[1-9]\d{1,3})[EH]?(?![\w%€]|[.,:-]\d)"
)
_PARKED = re.compile(
    r"(?i)(?<!\w)(?:(?:falsch|dauer|fremd)park\w*|(?:ge)?parkt|abgestellt|abgeschleppt|fahrerflucht|blitzer|"
    r"(?:pkw|lkw|kfz|wohnmobil|wohnwagen|anhänger|transporter|sprinter|motorrad|bmw|audi|vw|opel|ford|mercedes|skoda|golf|polo|"
    r"passat|tesla|fiat|renault|toyota|seat|porsche)(?=[\s,:(]))"
)
"""Beside one of these, letters and a number without a hyphen are a car's: "BTAB123 parkt hier"."""
_NO_PLATE = frozenset(
    {
        "DN",
        "PN",
        "NN",
        "NR",
        "EN",
        "KM",
        "TP",
        "OK",
        "UK",
        "NO",
        "BY",
        "AS",
        "AK",
        "AD",
        "RE",
        "SE",
        "EU",
        "BA",
    }
)
"""Second letters that are units, nominal widths and the like where blanks stand around them."""


_POLYETHYLENE = frozenset({"HD", "LD", "MD", "RT", "RC", "X"})
"""Kinds of pipes (PE-HD 160), read as cars of Peine."""


def plates(text: str) -> Iterator[Span]:
    """German licence plates; without a hyphen only with two letters after a district's."""
    for match in _PLATE.finditer(text):
        district, mark, letters, gap, number = match.groups()
        if district not in DISTRICTS or (district == "PE" and letters in _POLYETHYLENE):
            continue
        spaced = mark.isspace()
        if spaced and (len(letters) < 2 or letters in _NO_PLATE or len(number) < 2):
            continue
        if gap.strip() and len(letters) == 1 and len(number) == 4 and match[0] == text:
            continue  # BT-L-1065 alone: an id
        if not spaced and len(letters) == 1 and len(district) == 1 and len(number) < 3:
            continue  # K-A1: a key, a room
        yield match.span()
    for match in _AFTER_PLATE_WORD.finditer(text):
        yield match.span(1)
    if _PARKED.search(text):
        yield from (match.span() for match in _BARE.finditer(text) if _registered(*match.groups()))


def _registered(letters: str, number: str) -> bool:
    """Whether a district's letters and one or two others make them up, and it is not as short as BUS58."""
    return len(letters + number) > 5 and any(letters[:-more] in DISTRICTS for more in (1, 2))


_THING = (
    r"(?:bike|e-?bike|fahrrad|leihrad|mietrad|rad|e-?scooter|scooter|roller|moped|vehicle|fahrzeug|device|ger(?:ä|ae)t|"
    r"sensor|tracker|client|user|nutzer(?:in)?|kunden?|install(?:ation)?|session|advertising|smart-?meter|z(?:ä|ae)hler|karten?)"
)
_DEVICES = (
    re.compile(r"(?<![\w:.-])(?=(?:[0-5]\d:){0,5}[6-9])\d{2}(?::\d{2}){5}(?!\w|[:-][0-9A-Fa-f]{2}(?!\w))"),
    re.compile(
        r"(?<![\w:.-])(?=[0-9:.-]{0,16}[A-Fa-f])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?!\w|[:-][0-9A-Fa-f]{2}(?!\w))"
    ),
    re.compile(
        r"(?<![\w:.-])(?=[0-9.]{0,13}[A-Fa-f])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?!\w|[.-]\d)"
    ),
    re.compile(
        r"(?i)(?<!\w)mac(?:[-\s]?(?:adresse|address|addr))?[.:=\s]{1,3}(?P<id>[0-9a-f]{2}(?:[:.\s-]?[0-9a-f]{2}){5})(?!\w)"
    ),
    re.compile(
        r"(?i)(?<!\w)(?:imei|imsi|meid|iccid|idfa|gaid|aaid)(?:[-\s]?n(?:ummer|r))?[.:=\s]{0,3}(?P<id>[0-9a-f](?:[\s/-]?[0-9a-f]){11,35})(?!\w)"
    ),
    re.compile(r"(?<![\w-])\d{2}[\s-]\d{6}[\s-]\d{6}[\s-]\d(?!\w|-\d)"),
    re.compile(
        r"(?i)(?<!\w)ip(?:v4)?(?:[-\s]?(?:adresse|address))?[.:=\s]{1,3}(?P<id>(?:\d{1,3}\.){3}\d{1,3})(?!\w|\.\d)"
    ),
    re.compile(
        r"(?i)(?<!\w)ip(?:v6)?(?:[-\s]?(?:adresse|address))?[.:=\s]{1,3}(?P<id>(?:[0-9a-f]{1,4}:{1,2}){2,7}[0-9a-f]{1,4})(?!\w|:[0-9a-f])"
    ),
    re.compile(
        rf"(?i)(?<!\w){_THING}(?:s|en)?[-_\s]{{0,2}}(?:id|uuid|n(?:ummer|r\.?|o\.?|umber)|kennung|serial|seriennummer|#)"
        r"(?![^\W\d_])[.:=#\s]{0,3}(?P<id>(?=[\w-]{0,40}\d)[\w-]{3,40})"
    ),
    re.compile(
        rf"(?i)(?<!\w){_THING}[\s:#=]{{1,3}}(?P<id>[0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}})(?!\w)"
    ),
    re.compile(
        r"(?i)(?<!\w)(?:bike|e-?bike|(?:leih|miet|fahr)?rad|e-?scooter|scooter|roller)[\s#:]{1,3}(?P<id>\d{5,8})(?!\w|[.,:-]\d)"
    ),
)


def devices(text: str) -> Iterator[Span]:
    """Ids of devices and vehicles: MAC and IP addresses, IMEI, numbers of bikes, ids after their word."""
    for pattern in _DEVICES:
        for match in pattern.finditer(text):
            yield match.span("id" if "id" in pattern.groupindex else 0)
