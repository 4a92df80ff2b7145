"""The words of the statement on accessibility, in German, English and Leichte Sprache."""

from api.registers import Said

TITLE = Said(
    de="Erklärung zur Barrierefreiheit", en="Accessibility statement", ls="Erklärung zur Barriere-Freiheit"
)
LEAD = Said(
    de="Diese Erklärung gilt für die Ansicht der Stadt und alle Seiten dieses Dienstes. Grundlage sind "
    "die BITV 2.0, "
    "die Norm EN 301 549 und die WCAG 2.2, Stufe AA; in Bayern die Bayerische Digitalverordnung (BayDiV).",
    en="This statement covers the view of the city and all pages of this service. It follows the German "
    "BITV 2.0, "
    "the standard EN 301 549 and WCAG 2.2, level AA; in Bavaria the Bayerische Digitalverordnung (BayDiV).",
    ls="Barriere-Freiheit heißt: Alle Menschen können diese Seite benutzen. Das steht so in einem Gesetz. "
    "Hier lesen Sie: Was geht schon gut? Was geht noch nicht gut?",
)
STATE = Said(de="Wie weit wir sind", en="How far we are", ls="Wie weit wir sind")
PARTLY = Said(
    de="Der Dienst ist mit diesen Anforderungen teilweise vereinbar. Grundlage ist eine Selbstbewertung: "
    "Start, Liste, Auskunft, Themen und die Seiten ohne Skripte werden mit axe-core geprüft, hell, dunkel "
    "und mit erzwungenen Farben, die wichtigsten in drei Sprachen; dazu kommen Prüfungen mit der Tastatur.",
    en="The service meets these requirements in part. This is a self-assessment: the start, the list, the "
    "panel, the themes and the pages without scripts are checked with axe-core, light, dark and with forced "
    "colours, the most important in three registers, and with the keyboard.",
    ls="Die Seite ist zum Teil barriere-frei. Wir haben das selbst geprüft. Ein Computer-Programm hat "
    "mitgeholfen.",
)
MET = Said(de="Was erfüllt ist", en="What is met", ls="Das geht schon gut")
MET_LIST = (
    Said(
        de="Alles, was im Bild der Stadt steht, steht auch in einer Liste: nach Entfernung und Richtung, "
        "mit Werten.",
        en="All that stands in the picture of the city is in a list as well: by distance and direction, "
        "with values.",
        ls="Alles aus dem Bild steht auch in einer Liste. Ein Computer kann die Liste vorlesen.",
    ),
    Said(
        de="Alle Bedienelemente haben Namen, sind mit der Tastatur zu erreichen und zeigen, wo man ist.",
        en="All controls have names, can be reached by keyboard and show where one is.",
        ls="Sie können alles mit der Tastatur bedienen.",
    ),
    Said(
        de="Texte lassen sich auf 200 Prozent vergrößern, auch in Fenstern von nur 320 Pixeln Breite; "
        "Zeilen, Wörter und Buchstaben vertragen größere Abstände. Geprüft wird das in drei Sprachen. "
        "Breite Tabellen lassen sich für sich zur Seite schieben.",
        en="Texts can be enlarged to 200 per cent, in windows of only 320 pixels as well; lines, words and "
        "letters bear wider spacing. This is checked in three registers. Wide tables scroll sideways by "
        "themselves.",
        ls="Sie können die Schrift doppelt so groß machen.",
    ),
    Said(
        de="Keine Auskunft steckt allein in einer Farbe. Starker Kontrast, dunkle Ansicht und wenig "
        "Bewegung folgen "
        "den Einstellungen Ihres Geräts.",
        en="Nothing is told by colour alone. High contrast, dark mode and reduced motion follow your "
        "device's settings.",
        ls="Farben sind nie allein wichtig. Es gibt immer auch ein Wort oder ein Zeichen.",
    ),
    Said(
        de="Ohne JavaScript und ohne 3D gibt es alle Themen und Werte als lesbare Seiten.",
        en="Without JavaScript and without 3D all themes and values are readable pages.",
        ls="Geht das Bild bei Ihnen nicht? Dann gibt es alles als Text.",
    ),
    Said(
        de="Die Texte der Oberfläche gibt es auf Deutsch, Englisch und in Leichter Sprache.",
        en="The texts of the interface exist in German, English and easy-to-read German.",
        ls="Die Texte gibt es auch in Leichter Sprache.",
    ),
)
OPEN = Said(de="Was noch nicht erfüllt ist", en="What is not met yet", ls="Das geht noch nicht gut")
OPEN_LIST = (
    Said(
        de="Menschen mit Behinderungen haben den Dienst noch nicht geprüft, auch nicht mit verbreiteten "
        "Vorleseprogrammen (NVDA, JAWS, VoiceOver).",
        en="People with disabilities have not tested the service yet, nor has it been tested with common "
        "screen "
        "readers (NVDA, JAWS, VoiceOver).",
        ls="Menschen mit Behinderung haben die Seite noch nicht geprüft.",
    ),
    Said(
        de="Die Leichte Sprache folgt den messbaren Regeln des Netzwerks Leichte Sprache. Eine Prüfgruppe "
        "hat sie noch "
        "nicht gelesen.",
        en="The easy-to-read German keeps the measurable rules of Netzwerk Leichte Sprache. No group of "
        "readers has "
        "tested it yet.",
        ls="Eine Prüf-Gruppe hat die Leichte Sprache noch nicht gelesen.",
    ),
    Said(
        de="Titel, Beschreibungen und Namen, die aus den Quellen kommen, stehen so da, wie die Quellen "
        "sie schreiben: "
        "meist nur auf Deutsch, nicht in Leichter Sprache, manchmal mit Abkürzungen.",
        en="Titles, descriptions and names from the sources stand as the sources write them: mostly in "
        "German only, "
        "not in easy language, sometimes with abbreviations.",
        ls="Viele Namen und Texte kommen von anderen Stellen. Diese Texte sind oft schwer. Das können wir "
        "nicht ändern.",
    ),
    Said(
        de="Die Namen von Gebäuden, Bäumen und Straßen aus den Kacheln stehen nicht in der Liste. Sie "
        "stehen auf den "
        "Seiten der Themen und sind im Bild mit Pfeiltasten und Eingabetaste zu erreichen.",
        en="Single buildings, trees and streets of the tiles are not in the list. They are on the themes' "
        "pages, and "
        "in the picture they can be reached with arrow keys and Enter.",
        ls="Einzelne Häuser und Bäume stehen nicht in der Liste. Sie stehen auf anderen Seiten.",
    ),
    Said(
        de="Die Taste L für die Liste wirkt, wo immer in der Ansicht der Fokus ist; abschalten lässt sie "
        "sich nicht.",
        en="The key L for the list works wherever in the view the focus is; it cannot be switched off.",
        ls="Mit der Taste L kommt immer die Liste. Sie können das nicht ausschalten.",
    ),
    Said(
        de="Es gibt keine Videos in Deutscher Gebärdensprache.",
        en="There are no videos in German Sign Language.",
        ls="Es gibt keine Videos in Gebärden-Sprache.",
    ),
    Said(
        de="Die Seiten für Entwickler (/docs) gibt es nur auf Englisch.",
        en="The pages for developers (/docs) exist in English only.",
        ls="Die Seiten für Fach-Leute sind nur auf Englisch.",
    ),
)
CONTACT = Said(de="Barrieren melden", en="Report barriers", ls="Haben Sie ein Problem gefunden?")
WRITE = Said(
    de="Ist Ihnen etwas aufgefallen? Schreiben Sie dem Betreiber; er antwortet in angemessener Zeit:",
    en="Have you met a barrier? Write to the operator, who answers in due time:",
    ls="Schreiben Sie uns. Wir antworten Ihnen. Das ist die Adresse:",
)
NOBODY = Said(
    de="Der Betreiber hat noch keine Adresse genannt.",
    en="The operator has not named an address yet.",
    ls="Es gibt noch keine Adresse.",
)
ENFORCEMENT = Said(de="Durchsetzungsstelle", en="Enforcement body", ls="Hilfe von einer anderen Stelle")
TURN_TO = Said(
    de="Hilft die Antwort nicht, können Sie sich an die Durchsetzungsstelle wenden. Das kostet nichts:",
    en="If the answer does not help you can turn to the enforcement body, free of charge:",
    ls="Hilft Ihnen die Antwort nicht? Dann hilft Ihnen diese Stelle. Das kostet nichts.",
)
UNNAMED = Said(
    de="Der Betreiber hat die zuständige Stelle noch nicht genannt.",
    en="The operator has not named the body in charge yet.",
    ls="Wir wissen die Stelle noch nicht.",
)
AS_OF = Said(
    de="Diese Erklärung gehört zu Version {} der Software und wurde am 22. November 2026 zuletzt überprüft.",
    en="This statement belongs to version {} of the software and was last reviewed on 22 November 2026.",
    ls="Die Erklärung ist vom 22. November 2026. Sie gehört zu Version {}.",
)
BACK = Said(de="Zur Ansicht der Stadt", en="To the view of the city", ls="Zum Bild von der Stadt")
LANGUAGE = Said(de="Sprache", en="Language", ls="Sprache")
