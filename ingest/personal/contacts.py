"""Ways to reach somebody: e-mail addresses, phone numbers, names in social media.

Misses: phone numbers of fewer than seven digits without a word such as "Tel." before them, numbers in
words ("null acht neun"), landline numbers of digits alone that are all of a value (keys look like them).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

Span = tuple[int, int]

MAIL = (
    r"^(?:at|ät|ätt|klammeraffe|gmail|gmx|web|online|hotmail)$",
    r"@|%(?:25)?40|[(\[{<]a[)\]}>]|[_|*~-](?:at|ät)[_|*~-]",
)
HANDLE = (
    r"^insta|^twitter|^facebook|^fb$|telegram|tiktok|mastodon|threads|linkedin|xing|snapchat|bluesky|bsky|discord|skype|threema|whatsapp|^signal$|"
    r"youtube|strava|komoot|^ig$|paypal",
    r"@|(?<!\w)(?:wa|[tx])\.(?:me|com)/",
)
PHONE = (
    r"^tel|fon|phone|mobil|handy|fax|ruf|durchwahl|^dw$|^app(?:arat)?$|^nst$|nebenstelle|hotline|whats|^signal$|^sms$|nummer|"
    r"cell|festnetz|fernspr|erreichbar|^wa$",
    r"(?<![\w.,/+-])(?:\+|00)|(?<![\w.,:/+-])0|(?<!\w)[TMF]:|[☎☏✆📞📱]",
)

_LOCAL = r"[\w.+%'’-]{1,64}"
_DOMAIN = r"[\w-]{1,63}"
_DOT = r"(?:\s{0,2}\.\s{0,2}|\s{0,2}[(\[{]\s?(?:dot|punkt|\.)\s?[)\]}]\s{0,2}|\s(?:dot|punkt)\s)"
_AT = (
    r"(?:[\s\"']{0,2}@[\"']?\s{0,2}|%(?:25)?40|\s{0,2}[(\[{<]\s?(?:at|ät|ätt|a|@|klammeraffe)\s?[)\]}>]\s{0,2}|"
    r"\sklammeraffe\s|[_|*~-]{1,2}(?:at|ät)[_|*~-]{1,2})"
)
_TOP = r"(?:[A-Z]{2,24}|[a-zäöü]{2,24})(?![A-Za-z])"
_MAILS = (
    re.compile(
        rf"(?:[\w-]{{1,40}}\s\.\s)?{_LOCAL}(?i:{_AT})(?!iot\.){_DOMAIN}(?:(?i:{_DOT}){_DOMAIN}){{0,4}}?(?i:{_DOT}){_TOP}"
        rf"(?:\.{_TOP}){{0,3}}"
    ),
    # "at" and "ät" as plain words: only before a spelled-out dot, after a word for mail, or beside a local
    # part that looks like one, for "at" is an English word.
    re.compile(
        rf"(?i){_LOCAL}\s(?:at|ät)\s{_DOMAIN}(?:\s?(?:dot|punkt|\(dot\)|\(punkt\))\s?{_DOMAIN}){{1,4}}"
    ),
    re.compile(
        rf"(?i)(?:mail\w{{0,8}}|kontakt)\W{{1,3}}(?:an\s)?({_LOCAL}\s(?:at|ät)\s{_DOMAIN}(?:\.{_DOMAIN}){{1,4}})"
    ),
    re.compile(rf"(?i)\w{{1,40}}[._]{_LOCAL}\s(?:at|ät)\s{_DOMAIN}(?:\.{_DOMAIN}){{1,4}}"),
    re.compile(rf"(?i){_LOCAL}\sät\s{_DOMAIN}(?:\.{_DOMAIN}){{1,4}}"),
    # A name in one's own network has no dot, and a slip of the pen makes a comma of it.
    re.compile(rf"(?i)mailto:({_LOCAL}@{_DOMAIN})"),
    re.compile(rf"(?<![\w@])\w{{1,40}}[._]{_LOCAL}@(?!iot\.){_DOMAIN}"),
    # Everybody knows what comes behind these.
    re.compile(
        rf"(?i)(?<![\w@]){_LOCAL}(?:@|\s(?:at|ät)\s)(?:gmail|googlemail|gmx|web|t-online|freenet|yahoo|hotmail|outlook|icloud|posteo|mailbox)(?!-?\w|\.(?-i:[a-z]))"
    ),
    re.compile(r"(?i)(?<!\w)(?:gmail|gmx|web\.de|t-online|hotmail)\s?[:=]\s?(\w[\w.+-]{2,40})"),
)


def mails(text: str) -> Iterator[Span]:
    """E-mail addresses, also those written to be read by people alone."""
    for pattern in _MAILS:
        for match in pattern.finditer(text):
            yield match.span(match.lastindex or 0)


_WORD = (
    r"(?i:tel(?:ef(?:on)?)?(?:[-\s]?n(?:ummer|r\.?))?|fernspr(?:echer|\.)|mobil(?:e|telefon|nummer|funk)?|handy"
    r"(?:nummer|nr\.?)?|(?:tele)?fax|fon|phone|cell|(?:rück)?ruf(?:nummer|nr\.?)?|anruf(?:en)?|rufbereitschaft|durchwahl|dw|app(?:arat)?|nst|nebenstelle|hotline|whats-?app|"
    r"signal|sms|festnetz|kontaktnummer|notfallnummer|erreichbar(?:\sunter)?|telefonisch(?:\sunter)?)"
)
_AFTER_WORD = re.compile(
    rf"(?<!\w)(?:{_WORD}|[TMF](?=:))(?:\.?\s?\(?(?i:dienstl(?:ich)?|priv(?:at)?|gesch(?:äftl(?:ich)?)?|büro|festnetz)\.?\)?)?"
    rf"[\s.:=/-]{{0,4}}(?:(?i:nr|unter|unter der|auf|an)[\s.:]{{1,3}})?"
    r"((?:[+(]\s?)?\d(?:[\d\s()/.–-]{1,24}\d)?)(?!\w)"
)
_SIGN = re.compile(r"[☎☏✆📞📱]\s{0,2}([+(]?\d[\d\s()/.–-]{2,24}\d)(?!\w)")
_ABROAD = re.compile(r"(?<![\w.,/+-])((?:\+{1,2}|00)\s?[1-9]\d{0,2}(?:[\s()/.–-]{0,3}\d){5,14})(?![\w])")
_NATIONAL = re.compile(
    r"(?<![\w.,/:+-])("
    r"\(\s?0(?:\s?\d){2,5}\s?\)[\s/–-]{0,3}\d(?:[\s/.–-]{0,3}\d){2,10}"  # (089) 12 34-0
    r"|0(?:\s?\d){2,5}\s?/\s?[1-9](?:[\s/.–-]{0,3}\d){2,10}"  # 0 89 / 2 33 - 0
    r"|0[1-9]\d{1,4}(?:\s?[–-]\s?|\s{1,2})[1-9](?:[\s/–-]{0,3}\d){2,10}"  # 089 2 33-0
    r"|0[1-9]\d{1,4}\.[1-9]\d{1,4}(?:[.–-]\d{2,5}){1,3}"  # 089.233.96-0
    r"|01[5-7]\d{1,2}(?:[\s/._–-]{0,2}\d){6,8}"  # mobile
    r"|0[2-9]\d{7,9}"  # 0892339600
    r")(?![\w]|[.,]\d)"
)
_LAST = re.compile(r"\s?[/–-]\s?\d{1,2}$")
_EMERGENCY = re.compile(r"11[0-8]|116\s?\d{3}|19222|19240")
"""Numbers for everybody: police, fire, offices, doctors on call, ambulances, poison."""
_DATE = re.compile(r"\d{1,2}[\s.-]{1,2}\d{1,2}[\s.-]{1,2}(?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}")


def phones(text: str) -> Iterator[Span]:
    """Phone numbers: after a word for one, or such as can be called (`phonenumbers`)."""
    for match in _AFTER_WORD.finditer(text):
        if _digits(match[1]) >= 3 and not _DATE.match(match[1]) and not _free(match[1]):
            yield match.span()
    for match in _SIGN.finditer(text):
        yield match.span(1)
    for match in _ABROAD.finditer(text):
        decimal = re.fullmatch(r"\+\s?\d{1,3}\.\d+", match[1])  # +48.137154 is a latitude
        if not decimal and (match[1].lstrip("+").startswith("49") or _callable(match[1])):
            yield match.span(1)
    for match in _NATIONAL.finditer(text):
        bare = match[1].isdecimal()
        if bare and match[1] == text and not match[1].startswith(("015", "016", "017")):
            continue  # keys of nine to eleven digits begin with 09 in Bavaria
        if match[1].startswith("(") or (not _DATE.match(match[1]) and _callable(match[1])):
            yield match.span(1)


def _digits(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


def _free(text: str) -> bool:
    """Whether the digits are a year, or the same for everybody."""
    return bool(re.fullmatch(r"(?:19|20)\d\d", text) or _EMERGENCY.fullmatch(text))


@lru_cache(maxsize=4096)
def _callable(number: str) -> bool:
    """Whether the country's numbering plan has such a number, or one without the last digits after a sign."""
    short = _LAST.sub("", number)
    return _valid(number) or (short != number and _valid(short))


def _valid(number: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number.replace("_", " "), "DE"))
    except phonenumbers.NumberParseException:
        return False


_NETWORKS = (
    r"(?:instagram|insta|twitter|facebook|fb|telegram|tiktok|mastodon|threads|linkedin|xing|snapchat|bluesky|discord|"
    r"skype|youtube|strava|komoot|threema)"
)
_HANDLES = (
    re.compile(
        rf"(?i)(?<!\w){_NETWORKS}(?:[-\s]?(?:name|id|profil|account|kanal))?\s?[:=]\s?(@?[\w.-]{{2,40}})"
    ),
    re.compile(rf"(?i)(?<!\w){_NETWORKS}\s(@[\w.-]{{2,40}}|[a-z][a-z0-9]{{0,30}}_\w{{1,30}})"),
    re.compile(r"(?<!\w)(?:(?i:paypal)|IG)\s?[:=]\s?(@?[\w.-]{2,40})"),
    re.compile(r"(?i)(?<!\w)paypal\.me/([\w.-]{2,40})"),
    re.compile(
        r"(?i)(?<!\w)(?:www\.|m\.|de-de\.)?(?:instagram|facebook|fb|twitter|tiktok|linkedin|xing|strava|t|x|threads|bsky)"
        r"\.(?:com|net|me|app|de)/(?!(?:p|events?|groups|hashtag|share|sharer|intent|company|watch)\b)"
        r"((?:in/|profile/|athletes/|people/)?(?:profile\.php\?id=)?@?[\w.-]{3,60})"
    ),
    re.compile(r"(?i)(?<!\w)wa\.me/(\+?\d{6,15})"),
    re.compile(
        r"(?i)(?<!\w)(?:chat\.whatsapp\.com|signal\.(?:me|group)|threema\.id)/(#?(?:p/)?[\w+=-]{6,80})"
    ),
    re.compile(
        r"(?<![\w@/.])@(?!(?:iot|type|id|context|graph|value|media|import|param|return|odata|xsi|relations|meta)\b)[A-Za-z_][\w.-]{2,40}(?!\w|:\w)"
    ),
)


def handles(text: str) -> Iterator[Span]:
    """Names and pages of people in social media. Those of offices look the same and go, too."""
    for pattern in _HANDLES:
        for match in pattern.finditer(text):
            yield match.span(match.lastindex or 0)
