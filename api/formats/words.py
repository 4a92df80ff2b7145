"""The words of ``/ogc``'s pages, in German and English."""

from twin.base import Text

START = Text(de="Daten zum Mitnehmen", en="Data to take home")
LEAD = Text(
    de="Alle offenen Daten dieses Zwillings, zum Lesen hier und als Datei für eigene Auswertungen.",
    en="All open data of this twin, to read here and as files for your own work.",
)
COLLECTIONS = Text(de="Alle Datensätze", en="All data sets")
COLLECTION = Text(de="Datensatz", en="Data set")
ITEMS = Text(de="Objekte", en="Features")
ITEM = Text(de="Objekt", en="Feature")
READ = Text(de="Objekte ansehen", en="See the features")
DOWNLOAD = Text(de="Als Datei", en="As a file")
FIRST = Text(
    de="Eine Datei hat höchstens {} Objekte; ihre Link-Zeile führt zur nächsten.",
    en="A file has at most {} features; its Link header leads to the next one.",
)
OTHERS = Text(de="Diese Seite in anderen Formaten", en="This page in other formats")
MORE = Text(de="Mehr dazu", en="More about it")
ABOUT = Text(de="Herkunft und Lizenz", en="Origin and licence")
PUBLISHER = Text(de="Quelle", en="Source")
LICENCE = Text(de="Lizenz", en="Licence")
CREDIT = Text(de="Namensnennung", en="Attribution")
NUMBER = Text(de="Objekte", en="Features")
AS_OF = Text(de="Stand", en="As of")
CHAIN = Text(de="Woher das kommt", en="Where this comes from")
STEPS = {
    "source": Text(de="Quelle", en="Source"),
    "fetched": Text(de="Abgeholt", en="Fetched"),
    "changed": Text(de="Auf dem Weg verändert", en="Changed on the way"),
    "checked": Text(de="Geprüft", en="Checked"),
    "published": Text(de="Veröffentlicht", en="Published"),
}
FETCHED = Text(
    de="{}; Antworten der Quelle: {}; Prüfsummen:",
    en="{}; answers of the source: {}; checksums:",
)
LAY_IN = Text(de="Darin lag dieses Objekt:", en="This feature lay in:")
COUNTED = Text(
    de="{in} gelesen: {published} veröffentlicht, {held} zurückgehalten, {broken} fehlerhaft, "
    "{duplicate} doppelt",
    en="{in} read: {published} published, {held} held back, {broken} broken, {duplicate} twice",
)
REVISION = Text(de="Revision {} vom {}; gilt seit {}", en="Revision {} of {}; holds since {}")
STATED = Text(
    de="Der Ort ist im Rezept angegeben: Die Quelle nennt keinen.",
    en="The position is stated in the recipe: the source names none.",
)
SINCE = Text(de="So wie hier seit {}.", en="As it is here since {}.")
OVERDUE = Text(
    de="Diese Angaben können veraltet sein: Sicher sind sie bis {}; seit {} ist eine neue Antwort der "
    "Quelle fällig.",
    en="This may be out of date: it is known to hold until {}; a new answer of the source is due since {}.",
)
STATE = Text(de="Zustand", en="State")
CHANGED = Text(de="Auf dem Weg verändert", en="Changed on the way")
COLUMNS = Text(de="Was von jedem Objekt bekannt ist", en="What is known of each feature")
NAME = Text(de="Name", en="Name")
MEANING = Text(de="Bedeutung", en="Meaning")
UNIT = Text(de="Einheit", en="Unit")
VALUES = Text(de="Werte", en="Values")
KIND = Text(de="Art", en="Kind")
PLACE = Text(de="Ort", en="Place")
VALUE = Text(de="Wert", en="Value")
LATEST = Text(de="Letzte Werte", en="Latest values")
FACTS = Text(de="Angaben", en="Facts")
AT = Text(de="gemessen", en="measured")
NOTHING = Text(de="Nichts gefunden, auf das die Frage passt.", en="Nothing was found that fits the question.")
COUNT = Text(de="Hier {} von {}", en="{} of {} here")
NEXT = Text(de="Nächste Seite", en="Next page")
PREVIOUS = Text(de="Vorige Seite", en="Previous page")
WHERE = Text(de="Sie sind hier", en="You are here")
TWIN = Text(de="Stadtzwilling", en="Stadtzwilling")
IN_TWIN = Text(de="Im Stadtzwilling ansehen", en="See it in the city twin")
HISTORY = Text(de="Was bisher geschah", en="Its history")
GONE = Text(de="nicht mehr da seit", en="gone since")
BEFORE = Text(de="vorher", en="before")
AFTER = Text(de="danach", en="after")
WHEN = Text(de="Wann", en="When")
UNTIL = Text(de="so bis", en="so until")
STILL = Text(de="weiterhin", en="still so")
HELD_IN = Text(de="Revision", en="Revision")
CHANGES_HERE = Text(de="Hier {} von {} Änderungen", en="{} of {} changes here")
WHAT = Text(de="Was", en="What")
CONFORMANCE = Text(de="Normen, an die sich der Dienst hält", en="Standards this service keeps to")
FUNCTIONS = Text(de="Funktionen für Filter", en="Functions for filters")
FUNCTIONS_LEAD = Text(
    de="Was liegt in einem Stadtbezirk? Der Filter nennt den Bezirk, den Umriss kennt der Dienst.",
    en="What lies in a district? The filter names the district, the service knows its outline.",
)
TRY = Text(de="Zum Ausprobieren", en="To try")
HERE = Text(de="Was hier liegt", en="What lies here")
SCHEMA = Text(de="Aufbau der Daten", en="Structure of the data")
YES = Text(de="ja", en="yes")
NO = Text(de="nein", en="no")
NO_PLACE = Text(de="ohne Ort", en="without a place")
POINTS = Text(de="{} Punkte, um {}", en="{} points, around {}")
EMPTY = Text(de="noch nicht veröffentlicht", en="not published yet")
DOCS = Text(de="Schnittstellen", en="Interfaces")
THIS_PAGE = Text(de="Diese Seite", en="This page")
PRIVACY = Text(
    de="Diese Seite setzt keine Cookies und fragt keine fremden Server.",
    en="This page sets no cookies and asks no other servers.",
)
CHANGES = {
    "appeared": Text(de="erschienen", en="appeared"),
    "changed": Text(de="geändert", en="changed"),
    "gone": Text(de="verschwunden", en="gone"),
    "returned": Text(de="wieder da", en="returned"),
}
KINDS = {
    "text": Text(de="Text", en="text"),
    "integer": Text(de="ganze Zahl", en="whole number"),
    "number": Text(de="Zahl", en="number"),
    "boolean": Text(de="ja oder nein", en="yes or no"),
    "time": Text(de="Zeitpunkt", en="instant"),
    "enum": Text(de="Auswahl", en="choice"),
    "texts": Text(de="mehrere Texte", en="several texts"),
}
SHAPES = {
    "Point": Text(de="Punkt", en="Point"),
    "MultiPoint": Text(de="Punkte", en="Points"),
    "LineString": Text(de="Linie", en="Line"),
    "MultiLineString": Text(de="Linien", en="Lines"),
    "Polygon": Text(de="Fläche", en="Area"),
    "MultiPolygon": Text(de="Flächen", en="Areas"),
    "GeometryCollection": Text(de="Mehrere Formen", en="Several shapes"),
}
