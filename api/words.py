"""The words of the pages that need no JavaScript, in German, English and Leichte Sprache."""

from api.registers import Said
from twin.layer import Theme
from twin.status import State

THEMES = {
    Theme.TRAFFIC: Said(de="Verkehr", en="Traffic", ls="Verkehr"),
    Theme.CONSTRUCTION: Said(de="Baustellen", en="Construction", ls="Bau-Stellen"),
    Theme.ENVIRONMENT: Said(de="Umwelt", en="Environment", ls="Umwelt"),
    Theme.MODEL: Said(de="Stadtmodell", en="City model", ls="Stadt-Modell"),
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
    "coming": Said(de="kommt", en="planned", ls="kommt noch"),
    "running": Said(de="läuft", en="in progress", ls="läuft"),
    "done": Said(de="beendet", en="finished", ls="ist fertig"),
}
TOLD = {
    "phase": Said(de="Phase", en="Phase", ls="Wie weit?"),
    "latest": Said(de="Neueste Werte", en="Latest values", ls="Neue Werte"),
    "last_24h": Said(
        de="Summen der letzten 24 Stunden",
        en="Sums of the last 24 hours",
        ls="Zusammen in den letzten 24 Stunden",
    ),
    "usual_24h": Said(
        de="Übliche Summen dieser 24 Stunden",
        en="Usual sums of these 24 hours",
        ls="So viel ist es sonst in 24 Stunden",
    ),
}
LEAD = Said(
    de="Die offenen Daten Ihrer Stadt an einem Ort: woher sie kommen, wie alt sie sind, und zum Mitnehmen.",
    en="Your city's open data in one place: where it comes from, how old it is, and ready to take home.",
    ls="Hier sehen Sie Daten von Ihrer Stadt. Sie lesen auch: Woher kommen die Daten? Und wie alt sind "
    "die Daten?",
)
NO_VIEWER = Said(
    de="Die 3D-Ansicht ist auf diesem Server nicht gebaut. Alles Folgende funktioniert ohne sie.",
    en="The 3D view is not built on this server. Everything below works without it.",
    ls="Hier gibt es kein Bild von der Stadt. Alles steht unten als Text.",
)
NO_SCRIPT = Said(
    de="Die 3D-Ansicht braucht JavaScript. Hier ist alles als Text.",
    en="The 3D view needs JavaScript. Everything is here as text.",
    ls="Das Bild von der Stadt geht bei Ihnen nicht. Alles steht hier als Text.",
)
EMPTY = Said(
    de="Hier ist noch nichts veröffentlicht. Sobald der erste Lauf fertig ist, erscheint es hier.",
    en="Nothing has been published here yet. It will appear as soon as the first run has finished.",
    ls="Hier ist noch nichts. Bitte kommen Sie später wieder.",
)
DAMAGED = Said(
    de="Die Daten sind zurzeit nicht lesbar. Der Betreiber findet unter /ops/health, was zu tun ist.",
    en="The data cannot be read at present. The operator can see at /ops/health what to do.",
    ls="Die Daten fehlen gerade. Bitte kommen Sie später wieder.",
)
UNREADABLE = Said(de="zurzeit nicht lesbar", en="cannot be read at present", ls="fehlt gerade")
NOT_YET = Said(de="noch nicht veröffentlicht", en="not published yet", ls="noch nicht da")
SOURCE = Said(de="Quelle", en="Source", ls="Wer macht die Daten?")
LICENCE = Said(de="Lizenz", en="Licence", ls="Was dürfen Sie damit tun?")
NUMBER = Said(de="Objekte", en="Features", ls="Anzahl")
AS_OF = Said(de="Stand", en="As of", ls="Die Daten sind von")
CREDIT = Said(de="Namensnennung", en="Attribution", ls="Diesen Namen müssen Sie nennen")
DATA = Said(de="Daten", en="Data", ls="Daten zum Mitnehmen")
ORIGIN = Said(de="Woher kommt das?", en="Where does this come from?", ls="Woher kommt das?")
GAPS = Said(de="Was fehlt, und warum", en="What is missing, and why", ls="Was fehlt und warum")
MORE = Said(de="und {} weitere", en="and {} more", ls="und noch {}")
UNTIL = Said(de="bis", en="until", ls="bis")
FROM = Said(de="ab", en="from", ls="ab")
NO_VALUE = Said(de="zurzeit keine Werte", en="no values at present", ls="gerade keine Werte")
LAST_DAY = Said(de="in den letzten 24 Stunden", en="in the last 24 hours", ls="in den letzten 24 Stunden")
USUAL = Said(de="üblich sind {}", en="usually {}", ls="sonst sind es {}")
DOCS = Said(de="Schnittstellen", en="Interfaces", ls="Für Fach-Leute")
STATE = Said(de="Zustand des Dienstes", en="State of the service", ls="Geht alles?")
THIS_PAGE = Said(de="Diese Seite", en="This page", ls="Adresse von dieser Seite")
PLAIN_GERMAN = Said(
    de="Beschreibung",
    en="Description",
    ls="Mehr dazu. Der Text ist nicht in Leichter Sprache.",
)
PRIVACY = Said(
    de="Diese Seite setzt keine Cookies und fragt keine fremden Server.",
    en="This page sets no cookies and asks no other servers.",
    ls="Wir merken uns nichts über Sie. Wir fragen keine fremden Computer.",
)
READ = Said(de="Alle Werte lesen", en="Read all values", ls="Alle Werte lesen")
IMPRINT = Said(de="Impressum", en="Imprint", ls="Wer macht diese Seite?")
PRIVACY_POLICY = Said(de="Datenschutzerklärung", en="Privacy policy", ls="Daten-Schutz")
ACCESS = Said(de="Erklärung zur Barrierefreiheit", en="Accessibility", ls="Barriere-Freiheit")
AIR = (
    Said(ls="sehr gut", de="sehr gut", en="very good"),
    Said(ls="gut", de="gut", en="good"),
    Said(ls="mittel", de="mäßig", en="moderate"),
    Said(ls="schlecht", de="schlecht", en="poor"),
    Said(ls="sehr schlecht", de="sehr schlecht", en="very poor"),
)
"""The five classes of the German Environment Agency's air quality index, by number."""
