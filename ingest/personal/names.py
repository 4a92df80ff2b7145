"""Names of people: after a title, or after a word for somebody to talk to.

Misses: names with neither beside them (some of which `ingest.personal.given` finds), names in small letters,
and doctors whose name is a street's ("Dr. Weber Straße"). Brands with a title ("Mr. Wash") are in a list.
"""

import re
from collections.abc import Iterator

from ingest.personal.nouns import MOVED, ORGANISATION

Span = tuple[int, int]

NAME = (
    r"^herr|^hrn?$|frau$|^fr$|^frl|^fräulein|^fam$|^familie|^ehe(?:leute|paar)|^erbengem|^witwe|^wwe$|^mrs?$|^ms$|^mme$|"
    r"^monsieur|^madame|^señor|^dr$|^prof|^doktor|"
    r"^dipl|^mag$|^ing$|^ra(?:in)?$|^stb$|^[bm]?(?:sc|eng)$|^llm|ansprech|person|leiter|leitung|polier|bearb|bauüberw|"
    r"sigeko|schachtmeister|vorarbeiter|erfa(?:ss|ß)t|erstellt|^anruf|rücksprache|gezeichnet|grüßen|^mfg$|meldung|"
    r"hausmeister|steller|mieter|eigent|besitzer|halter|wohner|nachbar|inhaber|führer|verfasser|autor|melde|"
    r"pat(?:e|in|en)$|spende|stiftet|pflegt|anw(?:alt|ält)|architekt|pfarrer|verwalter|^händen|^gez$|klingel|läute|türschild|"
    r"^attn|^contact|^kontakt|verantwort|bauherr|fragen|ausk|name$|sponsor|zuständig|unterschrift|owner|author|maintainer|"
    r"besuch|umzug|zeug|pächter|pfr|^inh$|gutacht|kontroll|geschädigt|beschwerde|antrag|sachb|grüße|hochacht|anlieger|geprüft|"
    r"freigeg|genehmigt|aufgenommen|abgenommen|gemeldet|klinge",
    r"(?i)(?<!\w)(?:z\.|i\.)|c/o",
)

_FURTHER_LETTERS = map(chr, (*range(0xC0, 0x530), *range(0x1E00, 0x1F00)))
_LARGE = f"[A-Z{''.join(filter(str.isupper, _FURTHER_LETTERS))}]"
"""Capitals of all that is written in Latin, Greek and Cyrillic letters: Đorđević, Ếch, Иванов."""
_NAME = (
    r"(?:(?:von\sund\szu|von|van|zu|de|del|della|di|da|el|al|bin|ten|ter|der|den|zur|zum)\s){0,3}(?:[dl][’'])?"
    rf"{_LARGE}[\w’']{{1,40}}(?:[-–]{_LARGE}[\w’']{{1,40}}){{0,3}}"
)
_INITIALS = rf"(?:{_LARGE}\.(?:-{_LARGE}\.)?\s{{0,2}}(?:(?:u\.|und|&)\s(?={_LARGE}\.))?){{0,3}}"
_FULL = rf"{_INITIALS}{_NAME}(?:,?\s{{1,2}}{_INITIALS}{_NAME}){{0,3}}"

# "Fr." is a Friday where other days or a span stand before it.
_FRAU = (
    r"(?<!bis\s)(?<!und\s)(?<!u\.\s)(?<!-\s)(?<!–\s)(?<!-)(?<!–)(?<!,\s)(?<!/)(?<!\+\s)(?<![Jj]eden\s)(?<!ab\s)"
    r"(?<![Aa]m\s)Fr\."
)
_PERSON = (
    rf"(?:(?:Hrn?\.?\s?(?:/|u\.|und|\+|&)\s?Fr|Herrn?|HERRN?|herrn?|Frau|FRAU|frau|HRN?(?=\.)|Hrn?|{_FRAU}|Fräulein|Frln?|Familie|FAMILIE|"
    r"Fam|FAM|fam(?=\.)|Eheleute|EHELEUTE|Ehepaar|Erbengem(?:einschaft)?|Witwe|Wwe|Mrs?|Ms|Mme|Monsieur|Madame|"
    r"Señora?)\.?)"
)
_DEGREE = (
    r"(?:(?:Dr|DR|Prof|PROF|Professor(?:in)?|Doktor|Dipl|Mag|Ing|RA|RAin|Ra|StB)\.?|"
    r"Dipl\.?-?\s?[A-ZÄÖÜ][A-Za-zäöü]{1,12}\.?|Univ\.?-?Prof\.?|Dr\.?-?Ing\.?|[BM]\.?\s?(?:Sc|Eng|A)\.?|LL\.?M\.?)"
)
_FURTHER = (
    r"(?:[Mm]ed\.|rer\.|nat\.|phil\.|jur\.|habil\.|h\.\s?c\.|dent\.|vet\.|theol\.|pol\.|oec\.|"
    r"\(FH\)|\(TU\)|\(Univ\.?\))"
)
"""Stand only behind a degree."""
_WEAK_DEGREE = re.compile(r"(?i)(?:ing|mag|ra|stb|dipl)\.?")
_TITLED = re.compile(
    rf"(?<![\w-])(?P<title>(?:{_PERSON}|{_DEGREE})"
    rf"(?:\s{{0,2}}(?:(?:und|u\.|/|oder|o\.|&)\s{{0,2}})?(?:{_PERSON}|{_DEGREE}|{_FURTHER})){{0,5}})"
    rf"(?:(?<=[.)])\s{{0,2}}|\s{{1,2}})(?P<name>{_FULL})(?!\w)"
)
_STREET = (
    r"(?:stra(?:ß|ss)en?|str\.?|platz(?:es)?|weg|allee|gasse|gäßchen|ring|ufer|brücke|tor|damm|hof|park|schule|haus|"
    r"steig|steg|anger|garten|gärten|halle|stiftung|gymnasium|realschule|grundschule|mittelschule|kirche|kapelle|"
    r"stadion|denkmal|brunnen|klinik(?:um)?|siedlung|graben|winkel|zeile|promenade|tunnel|kreisel|eck)"
)
_STREET_NAME = re.compile(
    r"(?i)(?<!\w)[\w.’'-]*(?:stra(?:ß|ss)e|str\.|platz|allee|gasse|stiftung|schule|gymnasium|klinik)(?!\w)"
)
"""A word that ends like this is a street or a house; many names of people end in ring, berg or eck."""
_STREET_WORD = re.compile(rf"(?i){_STREET}")
_HYPHEN_STREET = re.compile(rf"(?i)-{_STREET}(?!\w)")
_STREET_AFTER = re.compile(rf"(?i)\s?-?\s?{_STREET}(?!\w)")
_BRANDS = re.compile(
    r"Frau\sHolle\b|Herr\sder\sRinge\b|"
    r"(?:Mr|Mrs|Ms|Dr)\.?\s(?:Bricolage|Sporty|Wash|Minit|Clean|Green|Spex|Bean|Burger|Lincoln|Oetker|Hauschka|Scholl|"
    r"Martens|Best|Beckmann|Pepper|Kurt\sWolff)\b"
)
_DAY = re.compile(
    r"(?i)^(?:mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|feiertag\w*|vormittag\w*|"
    r"nachmittag\w*|abend\w*|mittag\w*|nacht\w*|uhr|ab|bis|von|und|gehweg|fahrbahn|radweg|sperrung|gesperrt|frei|"
    r"ferien\w*|werktag\w*|ganztägig|geschlossen|geöffnet)\b"
)

_IN = r"(?:in|[:*_]in|/-?in)?"
_STRONG = (
    rf"(?:(?i:Ansprechpartner(?:innen|[:*_/]-?innen|{_IN})|Ansprechperson|Kontaktperson|"
    rf"(?:(?:Ober)?bauleiter|Projektleiter|Polier|Sachbearbeiter|Bearbeiter|Hausmeister|Vorarbeiter|Schachtmeister|"
    rf"Bauführer|Antragsteller|Mieter|(?:Grundstücks)?eigentümer|Besitzer|(?:Hunde|Tier|Fahrzeug)?halter|Anwohner|Bewohner|"
    rf"Nachbar|(?:Konto-?)?Inhaber|Geschäftsführer|Verfasser|Autor|Melder|Spender|Architekt|Pfarrer|Hausverwalter|Bauüberwacher|"
    rf"SiGeKo|Pächter|Gutachter|Baumkontrolleur|Geschädigter?|Beschwerdeführer){_IN}|Pfr\.|(?:Kto\.-?)?Inh\.|Antragst\.|Sachb\.|"
    r"(?:freundlichen\sGrüßen|(?:viele|beste|liebe|herzliche|schöne)\sGrüße|MfG|hochachtungsvoll),?|"
    r"(?:Baum)?pat(?:e|in|en)|gespendet\svon|gestiftet\svon|gepflegt\svon|Rechtsanwalt|Rechtsanwältin)|"
    r"z\.\s?Hd\.?|z\.\s?H\.|zu\sHänden(?:\svon)?|c/o|[Cc]/[Oo]|[Ii]\.\s?[AV]\.|gez\.|[Bb]earb\.|"
    rf"[Kk]lingel(?:\sbeim?)?|[Kk]lingeln\sbeim?|[Tt]ürschild|"
    rf"[Bb]eim?\s(?=(?:{_LARGE}[\w.-]{{0,40}}\s){{1,3}}(?:klingeln|läuten|melden))|"
    r"[Aa]ttn\.?|[Cc]ontact\sperson|[Cc]ontact\s?[Nn]ame)"
)
_WEAK = (
    rf"(?:(?i:Kontakt(?:daten)?|Bauleitung|Projektleitung|Bauüberwachung|Sachbearbeitung|Bauherr(?:en)?{_IN}|"
    r"Verantwortlich(?:er?)?(?:\sist)?|Zuständig(?:\sist)?|Rückfragen(?:\s(?:an|bei))?|Fragen\s(?:an|bei)|"
    r"Rücksprache(?:\smit)?|Auskunft(?:\s(?:erteilt|bei|durch))?|Auskünfte(?:\s(?:erteilt|bei|durch))?|"
    rf"Sponsor{_IN}|Meldung\s(?:an|von|durch)|Anruf\svon|(?:Kontrolle|Beschwerde|Antrag|bearbeitet|erfa(?:ss|ß)t|erstellt|gemeldet|geprüft|"
    r"freigegeben|genehmigt|aufgenommen|kontrolliert|abgenommen|beantragt)\s(?:von|durch)|"
    rf"gezeichnet|Unterschrift|Anlieger{_IN}|Zeug(?:e|in)|Vermieter{_IN}|"
    r"(?:Vor|Nach|Familien)name)|Contact|contact|Owner|owner|Author|Maintainer|maintainer)"
)
_WHERE = r"(?:\s(?:vor\sOrt|(?:im\s)?(?:\d{1,2}\.\s?(?:OG|Stock)|EG|DG))(?=:))?"
_TWO = rf"(?:(?:{_LARGE}\.\s?){{1,3}}|{_NAME},?\s){_NAME}"
_CONTACT = re.compile(
    rf"(?<![\w-])(?:{_STRONG}(?:(?<=[.\s])|(?!\w)){_WHERE}(?:\s?\([^()]{{1,30}}\)(?!\s?;))?\s?[:;=>–-]?\s{{0,2}}(?:ist\s|sind\s|war\s)?(?P<one>{_FULL})"
    rf"|(?:{_STRONG}|{_WEAK})(?!\w)(?:\s?\([^()]{{1,30}}\)(?!\s?;))?\s?[:;=>–-]\s{{0,2}}(?P<two>{_FULL})"
    rf"|(?:{_WEAK}|Besuch\sbei|Umzug(?:\svon)?:?)\s(?P<three>{_TWO}))(?!\w)"
)
_MOVES = re.compile(
    rf"(?<![\w-])Umzug(?:\s(?:von|bei|bzgl\.))?\s?[:-]?\s{{0,2}}"
    rf"(?P<name>{_INITIALS}{_LARGE}[\w’']{{1,40}}(?:[-–]{_LARGE}[\w’']{{1,40}})?)(?<!\bSt)(?<!\bHl)(?<!str)(?<!Str)"
    r"(?=\s?(?:$|[,;.:!?()/|\d–-])|\s(?:in|nach|am|vom|ab|bis|aus|und|u\.|um|Nr)(?!\w))"
)
"""One name after the word for a move, at the end of what is said: "Umzug Muster, 3. Stock"."""
_HYPHENED = re.compile(
    r"(?<![\w-])(?:(?:Herrn?|HERRN?|Frau|FRAU|Hrn?|Fräulein|Familie|FAMILIE|Fam|FAM|Eheleute|Ehepaar)\.?\s?[-–]|"
    r"(?:Herrn?|HERRN?|Frau|FRAU|Hrn?)\.?\s?(?:[:_/*\"'„“”‚‘»«(\t]|<[a-z]{1,6}>)\s?)"
    rf"(?P<name>{_LARGE}[\w’']{{1,40}}(?:[-–]{_LARGE}[\w’']{{1,40}}){{0,3}})(?!-?\w)"
)
"""A title and a name joined by a hyphen, as in names of streets, or by another sign: "Herr: Muster"."""
_NO_NAME = re.compile(
    r"(?i)(?:holle|mann|männer|kinde?r?|frau|herr|familie|sein|beruf|verein\w*|gott|divers|ava|eva)"
)
_APART = re.compile(
    rf"(?<![\w-])(?:{_STRONG}|{_WEAK})(?!\w)"
    rf"(?:(?:\s[\w.-]{{1,24}}){{1,3}}(?::\s{{0,2}}|\s(?:ist|sind)\s)|\s?\()({_TWO})(?!\w)"
)
"""The word and the name with up to three words between them, or the name in brackets."""
_AND = re.compile(rf"\s?(?:und|u\.|&|\+|/)\s?({_FULL})(?!\w)")
_BELONGING = ("von ", "zu ", "zum ", "zur ", "der ", "den ")


def names(text: str) -> Iterator[Span]:
    """Names after titles and after words for somebody to talk to."""
    for match in _TITLED.finditer(text):
        end = _titled_end(match)
        if end is not None:
            several = match["title"].lower().startswith(("eheleute", "ehepaar", "fam", "erben"))
            yield match.start(), _with_another(text, end) if several else end
    for match in _CONTACT.finditer(text):
        group = match.lastgroup or "one"
        found = match[group]
        if found.lower().endswith("str") and text.startswith(".", match.end(group)):
            found += "."  # Anwohner Rosenheimer Str.
        if found.startswith(_BELONGING) and ":" not in match[0][: match.start(group) - match.start()]:
            continue  # Inhaber von Ausweisen
        if found.isupper() and len(found) < 5:
            continue  # SWM
        if group == "three" and match[0].startswith("Umzug") and any(map(MOVED.fullmatch, found.split())):
            continue  # Umzug Stadtbibliothek Sendling
        length = _before_others(found)
        if length:
            end = match.start(group) + length
            yield match.start(group), _with_another(text, end) if length == len(found) else end
    for match in _MOVES.finditer(text):
        found = match["name"]
        if found.isupper() and len(found) < 4:
            continue  # Umzug THW
        if not MOVED.fullmatch(found) and _before_others(found):
            yield match.span("name")
    for match in _HYPHENED.finditer(text):
        parts = re.split("[-–]", match["name"])
        if not (
            any(_NO_NAME.fullmatch(part) for part in parts)
            or _STREET_NAME.fullmatch(parts[-1])
            or (len(parts) > 1 and re.fullmatch(rf"(?i)\w*{_STREET}", parts[-1]))
            or ORGANISATION.search(parts[-1])
            or _STREET_AFTER.match(text, match.end())
        ):
            yield match.span()
    for match in _APART.finditer(text):
        length = _before_others(match[1])
        if length:
            yield match.start(1), match.start(1) + length


def _with_another(text: str, end: int) -> int:
    """Where a second name ends that an "and" joins to the one before `end`; `end` if there is none."""
    match = _AND.match(text, end)
    length = 0 if match is None else _before_others(match[1])
    return end if match is None or not length else match.start(1) + length


def _before_others(found: str) -> int:
    """Length of the part, up to a comma, in which no office, street or ordinary noun stands; 0 if none."""
    parts = found.split(",")
    for count in range(len(parts), 0, -1):
        part = ",".join(parts[:count])
        if not ORGANISATION.search(part) and not _STREET_NAME.search(part):
            return len(part)
    return 0


def _titled_end(match: re.Match[str]) -> int | None:
    """Where the person's name ends; None if it is a street, a brand or a Friday."""
    text, title, name = match.string, match["title"], match["name"]
    start, end = match.span("name")
    if _BRANDS.match(text, match.start()):
        return None
    if title == "Fr." and _DAY.search(name):
        return None
    first = name.split(",")[0].rstrip()
    if _STREET_NAME.fullmatch(first.split()[0]) or ("-" in first and _HYPHEN_STREET.search(first)):
        return None  # Dr. Weberstraße, Dr. Viktoria-Steinbiß-Straße
    words = first.split()
    if len(words) == 1 and _WEAK_DEGREE.fullmatch(title):
        return None  # Ing. Bauwerk
    personal = title.lower().startswith(("herr", "hr", "frau", "fr", "fam", "ehe"))
    if not personal and (
        any(_STREET_WORD.fullmatch(word) for word in words[1:])
        or _STREET_AFTER.match(text, start + len(first))
    ):
        return None  # Dr. Max Straße
    if personal and words[0].lower() in ("und", "oder"):
        return None
    # What follows after a comma is only a name if no street or house number is in it.
    if "," in name:
        rest = name[len(first) :]
        if _STREET_NAME.search(rest) or re.match(r"\s?\d", text[end:]) or ORGANISATION.search(rest):
            return start + len(first)
    return end
