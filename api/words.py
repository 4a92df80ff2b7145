"""The words of the pages that need no JavaScript, in German and English."""

from twin.base import Text
from twin.layer import Theme
from twin.status import State

THEMES = {
    Theme.TRAFFIC: Text(de="Verkehr", en="Traffic"),
    Theme.CONSTRUCTION: Text(de="Baustellen", en="Construction"),
    Theme.ENVIRONMENT: Text(de="Umwelt", en="Environment"),
    Theme.MODEL: Text(de="Stadtmodell", en="City model"),
}
ICONS = {
    State.FRESH: "●",
    State.LATE: "◐",
    State.SILENT: "○",
    State.CHANGED: "△",
    State.REFUSED: "✕",
    State.NOT_CLEARED: "–",
}
PHASES = {
    "coming": Text(de="kommt", en="coming"),
    "running": Text(de="läuft", en="running"),
    "done": Text(de="beendet", en="done"),
}
TOLD = {
    "phase": Text(de="Phase", en="Phase"),
    "latest": Text(de="Neueste Werte", en="Latest values"),
    "last_24h": Text(de="Summen der letzten 24 Stunden", en="Sums of the last 24 hours"),
    "usual_24h": Text(de="Übliche Summen dieser 24 Stunden", en="Usual sums of these 24 hours"),
}
LEAD = Text(
    de="Was Ihre Stadt an offenen Daten hat, an einem Ort: woher es kommt, wie alt es ist; zum Mitnehmen.",
    en="The open data your city has, in one place: where it comes from, how old it is, and to take home.",
)
NO_VIEWER = Text(
    de="Die 3D-Ansicht ist auf diesem Server nicht gebaut. Alles Folgende funktioniert ohne sie.",
    en="The 3D view is not built on this server. Everything below works without it.",
)
NO_SCRIPT = Text(
    de="Die 3D-Ansicht braucht JavaScript. Hier ist alles als Text.",
    en="The 3D view needs JavaScript. Here is everything as text.",
)
EMPTY = Text(
    de="Hier ist noch nichts veröffentlicht. Sobald der erste Lauf fertig ist, erscheint es hier.",
    en="Nothing is published here yet. It appears as soon as the first run has ended.",
)
DAMAGED = Text(
    de="Die Daten sind zurzeit nicht lesbar. Der Betreiber findet unter /ops/health, was zu tun ist.",
    en="The data cannot be read at present. The operator finds at /ops/health what to do.",
)
UNREADABLE = Text(de="zurzeit nicht lesbar", en="cannot be read at present")
NOT_YET = Text(de="noch nicht veröffentlicht", en="not published yet")
SOURCE = Text(de="Quelle", en="Source")
LICENCE = Text(de="Lizenz", en="Licence")
NUMBER = Text(de="Objekte", en="Features")
AS_OF = Text(de="Stand", en="As of")
CREDIT = Text(de="Namensnennung", en="Attribution")
DATA = Text(de="Daten", en="Data")
ORIGIN = Text(de="Woher kommt das?", en="Where does this come from?")
GAPS = Text(de="Was fehlt, und warum", en="What is missing, and why")
MORE = Text(de="und {} weitere", en="and {} more")
UNTIL = Text(de="bis", en="until")
FROM = Text(de="ab", en="from")
NO_VALUE = Text(de="zurzeit keine Werte", en="no values at present")
LAST_DAY = Text(de="in den letzten 24 Stunden", en="in the last 24 hours")
USUAL = Text(de="üblich sind {}", en="usually {}")
DOCS = Text(de="Schnittstellen", en="Interfaces")
STATE = Text(de="Zustand des Dienstes", en="State of the service")
PRIVACY = Text(
    de="Diese Seite setzt keine Cookies und fragt keine fremden Server.",
    en="This page sets no cookies and asks no other servers.",
)
OTHER = Text(de="English", en="Deutsch")
AIR = (
    Text(de="sehr gut", en="very good"),
    Text(de="gut", en="good"),
    Text(de="mäßig", en="moderate"),
    Text(de="schlecht", en="poor"),
    Text(de="sehr schlecht", en="very poor"),
)
"""The five classes of the German Environment Agency's air quality index, by number."""
