"""Recognisers of personal data in text. They work on patterns that are bounded; what cannot be checked is not
published: a text that is too long, or one in which a recogniser fails.

What they miss is said in the modules beside this one and in docs/privacy.md. The schema's allow-list and the
recipe's rules stand before them.
"""

import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

LONGEST = 10_000
"""Characters that are checked; a longer text is not published."""
TOO_LONG = "text too long to be checked"
"""Stands for the class of such a text."""
UNCHECKED = "text that could not be checked"
"""Stands for the class of a text in which a recogniser failed."""
GONE = "[…]"
"""What stands where something was taken out."""
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212"), "-") | {0xAD: ""}
_LIKE_LATIN = str.maketrans("АВЕІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEIJKMHOPCTYXABEZHIKMNOPTYX")
"""Capitals that look like Latin ones, one for one: a plate in Cyrillic letters reads like any other."""

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
    from ingest.personal.recognisers import found

    plain = text if text.isascii() and "&" not in text and "%" not in text else _plain(text)
    try:
        spans = sorted((start, end, name) for name, start, end in found(plain.translate(_LIKE_LATIN)))
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
    """The text as it is read: forms of HTML, links and other widths as usual signs, invisible ones gone."""
    text = unicodedata.normalize("NFKC", html.unescape(unquote(text)).translate(_HYPHENS))
    return "".join(_digit(sign) for sign in text if unicodedata.category(sign) != "Cf")


def _digit(sign: str) -> str:
    """The digit that a sign of another script stands for; any other sign as it is."""
    return str(unicodedata.decimal(sign)) if not sign.isascii() and sign.isdecimal() else sign
