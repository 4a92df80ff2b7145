"""People: whether a field, or a whole file, tells of persons, and by what that is seen."""

import re
from collections.abc import Iterable

from ingest.personal import scrub
from ingest.personal.names import names

BY_NAME = "its name speaks of people"
BY_COMPANY = "it stands beside details of people"
_PERSONAL = re.compile(
    r"vorname|nachname|familienname|kontakt|contact|ansprech|telefon|phone|mobil(?!ity)|(^|_)fax|e[-_ ]?mail|"
    r"bearbeiter|eigentuemer|eigentümer|owner|besitzer|antragsteller|anmelder|geburt|birth|(^|_)user|"
    r"(^|_)uid($|_)|(^|_)paten?($|_)|sponsor|hausnr|hausnummer|house_?number|kennzeichen|(^|_)plate|"
    r"(^|_)vin($|_)|imei|mac_?addr|bike_?id|vehicle_?id",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"namen?|names|full|fullname|person|strasse|strassenname|street|str|adresse|adr|anschrift|add?ress|wohnort|"
    r"wohnung|ort|ortsteil|city|town|stadt|plz|postleitzahl|zip|zipcode|postcode|postal|code"
)
"""Words of fields that say of a person who it is and where it lives; of anything else they are harmless."""
_ALONE = frozenset({"code", "postal", "full"})
"""Words that say so only together with another one."""
_TWO = re.compile(r"[A-ZÄÖÜÀ-ÖØ-ÞŠŽĆČŁŚŻİ][\w’'-]{1,40},? [A-ZÄÖÜÀ-ÖØ-ÞŠŽĆČŁŚŻİ][\w’'-]{1,40}")
_PLACE = re.compile(
    r"(?i)(?:^| )(?:(?:alte|neue|obere|untere|grosse|große|kleine)[rsnm]?|sankt|tor|turm|ring|park[\w-]*|"
    r"st|ufer|kreis|region|street|road|avenue|halle|haus|hof|nord|süd|sued|west|ost|mitte|[\w-]*(?:garten|brücke|bruecke|bahnhof|friedhof|insel|markt))"
    r"(?= |$)"
)
"""Sendlinger Tor, Alter Friedhof: two words written large that are no person."""
_KINDS = re.compile(
    r"(^|_)(art|baumart|species|gattung|sorte|botanisch|typ|type|kind|status|zustand|farbe|color|hersteller|modell|"
    r"marke|manufacturer|model|strasse|street|road|stadtteil|bezirk|stadtbezirk|gemeinde|gemarkung|haltestelle|stop|linie)($|_)"
)
"""Words of fields that hold sorts of things and parts of towns, however these are written."""


_HUMP = re.compile(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ][a-zäöüß])")
"""Where a word begins within ``stationId``."""
_LANGUAGE = re.compile(r"(?<=.)\.(?:de|en)$")


def folded(name: str) -> str:
    """A field's name without case, umlauts, signs, prefixes and language; square signs become the figure."""
    lowered = _HUMP.sub("_", _LANGUAGE.sub("", name)).lower()
    plain = lowered.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    last = re.split(r"\.(?=\w)", plain)[-1]  # of a path; "Baum-Nr." is none
    return re.sub(r"[^a-z0-9]+", "_", last.replace("²", "2")).strip("_")


def by_name(name: str) -> bool:
    """Whether a field's name speaks of people."""
    return _PERSONAL.search(name) is not None


def personal(name: str, words: list[str]) -> str | None:
    """Why a field must not be published, in words; None if nothing speaks for that.

    Args:
        name: the field's.
        words: its values, where they are texts.
    """
    if by_name(name):
        return BY_NAME
    if not words:
        return None
    nothing_left = [word for word in words if scrub(word)[0] in (None, "[…]")]
    if nothing_left and 2 * len(nothing_left) >= len(words):
        # What stands in a text among other words the gate takes out by itself.
        found = {each for word in nothing_left for each in scrub(word)[1]}
        return f"it holds nothing but {', '.join(sorted(found))}"
    if _KINDS.search(folded(name)):
        return None
    if 2 * sum(map(_first_and_family_name, words)) > len(words):
        return "most of its values look like a first and a family name"
    return None


def about_people(reasons: Iterable[str | None]) -> bool:
    """Whether the file is about people: two of its fields are, or one by what is in it."""
    found = [reason for reason in reasons if reason is not None]
    return len(found) > 1 or any(reason != BY_NAME for reason in found)


def beside_people(name: str) -> bool:
    """Whether a field says of a person who it is or where it lives, if the file is about people."""
    words = {word for part in folded(name).split("_") if (word := part.rstrip("0123456789"))}
    return bool(words - _ALONE) and all(map(_BESIDE.fullmatch, words))


def _first_and_family_name(value: str) -> bool:
    """Two words written large that, after a word for somebody to talk to, are a person and no office."""
    if not _TWO.fullmatch(value) or _PLACE.search(value):
        return False
    return any(True for _ in names(f"Ansprechpartner: {value}"))
