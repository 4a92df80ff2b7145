"""Fields whose name says that they tell of a person, a vehicle or a device: the gate drops them unasked."""

import re
from functools import lru_cache

_TELLING = {
    "contact": (
        r"(?:contact|kontakt)(?:s|e|daten|data|oeffentlich|name|person|email|mail|phone|telefon|tel|mobile|fax|adresse|"
        r"address|infos?|information|facebook|instagram|twitter|whatsapp)?|ansprech(?:p|partner(?:in)?|person).{0,20}|notfallkontakt|fernspr(?:echer)?|"
        r"e?mail(?:adresse|address)?|(?:tele)?(?:fon|phone)(?:nummer|nr|number)?|tel(?:nr|nummer)?|mobile|"
        r"(?:mobil|handy)(?:nummer|nr)|handy|(?:tele)?fax(?:nummer|nr)?|(?:mobil)?telefon(?!zelle|saeule).{0,20}|"
        r"email(?!le).{0,20}|tel(?:privat|dienst|bau).{0,12}|rufn(?:umme)?r|(?:contact|kontakt)person.{0,20}"
    ),
    "person": (
        r"(?:name(?:des|der)?)?(?:maintainer|author|creator|editor|autor(?:in)?|verfasser(?:in)?|(?:sach)?bearbeiter(?:in)?|sachbearbeitung|erfasser(?:in)?|"
        r"(?:bau|projekt|schul)leit(?:er(?:in)?|ung)|bauherr(?:in|en)?|polier|vorarbeiter(?:in)?|sigeko|"
        r"antragsteller(?:in)?|melder(?:in)?|anwohner|bewohner|mieter|(?:grundstuecks)?eigentuemer(?:in)?|besitzer(?:in)?|"
        r"paechter(?:in)?|(?:hunde|tier|fahrzeug)?halter(?:in)?|(?:baum)?kontrolleur(?:in)?|gutachter(?:in)?|zeug(?:e|in)|"
        r"fahrer(?:in)?(?=name|$)|geschaedigte[rn]?|meldende[rn]?|ersteller(?:in)?|hausmeister(?:in)?|anlieger(?=name)|"
        r"(?:last|letzte[rn]?)(?:editor|bearbeiter)|owner|inhaber(?:in)?|(?:baum)?pat(?:e|in|en)|spender(?:in)?|sponsor(?:en|s)?|donor|vorname|"
        r"nachname|familienname|firstname|lastname|surname|givenname|personname|klingel|tuerschild|geburts(?:datum|jahr|"
        r"tag|ort|name)|birthdate|dateofbirth|anrede|geb(?:urts)?dat(?:um)?|dob|"
        r"pers(?:onal)?(?:nummer|nr)|steuer(?:nummer|nr|id)|(?:personal)?ausweis(?:nummer|nr)?|(?:sv|sozialversicherungs)(?:nummer|nr)|"
        r"verantwortliche(?:r|person))s?(?:name|email|mail|phone|telefon|id|adresse|anschrift)?|"
        r"(?:erfasst|erstellt|geaendert|angelegt|bearbeitet|gemeldet|geprueft|freigegeben)(?:von|durch)|"
        r"(?:created|(?:last)?(?:modified|updated|edited)|reported|entered)by|(?:vor|nach)name(?:vor|nach)name"
    ),
    "user": (
        r"(?:osm|created|(?:last)?(?:modified|updated|edited))?(?:user|uid)(?:id|name)?|changeset|(?:be)?nutzer(?:id|name)?|login(?:name)?|kunden?(?:id|nr|nummer|name)"
    ),
    "vehicle": (
        r"(?:bike|ebike|vehicle|fahrzeug|scooter|car|rad|fahrrad)(?:ids?|uuid|number|nummer|nr|name|label|kennung)|"
        r"(?:kfz|amtl(?:iches)?)?kennzeichen|(?:kfz|amtl)(?:kennz|kz)|nummernschild|fin|licen[cs]eplate|plate|numberplate|vin|fahrgestell(?:nummer|nr)"
    ),
    "device": (
        r"(?:device|geraete?|client|session|installation|advertising)(?:id|uuid|nummer|nr)|mac(?:adresse|address|addr)?|"
        r"imei|imsi|idfa|gaid|ip(?:adresse|address)?|serial(?:number)?"
    ),
    "bank account": r"iban(?:nummer|nr)?|bic|kto(?:nr)?|konto(?:nummer|nr|inhaber)?|bankverbindung",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _TELLING.items()}
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@lru_cache(maxsize=4096)
def telling(field: str) -> str | None:
    """What a field of this name tells of (``contact``, ``user`` …); None if nothing.

    Capitals, umlauts, blanks, signs and a number at the end do not matter; of a path its last step counts,
    alone or with the one before: ``coreDetails.Contact-Name`` and ``contact.name`` are ``contact``.
    """
    steps = [step for step in re.split(r"[.:/]", field[-80:].lower().translate(_LETTERS)) if step]
    for last in (steps[-1:], steps[-2:]):
        plain = re.sub(r"[^a-z0-9]|\d+$", "", "".join(last))
        for name, pattern in _PATTERNS.items():
            if pattern.fullmatch(plain):
                return name
    return None
