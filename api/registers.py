"""In what words pages speak: German, English, or Leichte Sprache (easy-to-read German)."""

from starlette.requests import Request

from twin.base import Text

REGISTERS = ("de", "en", "ls")
TAGS = {"de": "de", "en": "en", "ls": "de-simple"}
"""What the ``lang`` attribute says (BCP 47; ``simple`` is IANA's variant for simplified forms)."""
NAMES = {"de": "Deutsch", "en": "English", "ls": "Leichte Sprache"}


class Said(Text):
    """A text of the pages in three registers; texts of layers have two, and are German in Leichte Sprache."""

    ls: str
    """Leichte Sprache: one thought a sentence, short, no genitive, no passive, hyphens in long words."""


def register_of(request: Request) -> str:
    """``lang=`` if given, else the first of the browser's languages that we speak, else German."""
    asked = request.query_params.get("lang")
    if asked in REGISTERS:
        return asked
    for part in request.headers.get("accept-language", "")[:200].lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag == TAGS["ls"]:
            return "ls"
        if tag[:2] in ("de", "en"):
            return tag[:2]
    return "de"


def language_of(request: Request) -> str:
    """Like `register_of`, for pages that are only in German and English."""
    return "en" if register_of(request) == "en" else "de"
