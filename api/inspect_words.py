"""The words of the page that ``twin inspect --html`` writes, in German and English."""

from twin.base import Text

SOUND = Text(de="Keine Fehler", en="No faults")
FAULTY = Text(de="{} Fehler", en="{} faults")
REMARKS = Text(de="{} Hinweise", en="{} remarks")
TILES = Text(de="Kacheln", en="tiles")
FEATURES = Text(de="Objekte", en="features")
TRIANGLES = Text(de="Dreiecke", en="triangles")
POINTS = Text(de="Punkte", en="points")
BYTES = Text(de="Größe", en="size")
SENT = Text(de="übertragen (Brotli)", en="sent (brotli)")
SENT_GZIP = Text(de="übertragen (gzip)", en="sent (gzip)")
EXTENT = Text(de="Ausdehnung", en="Extent")
DEGREES = Text(de="Grad", en="degrees")
BY = Text(de="mal", en="by")
HEIGHTS = Text(de="Höhen über dem Ellipsoid", en="Heights above the ellipsoid")
EXTENSIONS = Text(de="Erweiterungen", en="Extensions")
COPYRIGHT = Text(de="Namensnennung", en="Copyright")
PLAN = Text(de="Die Stufen von oben", en="The levels from above")
PLAN_HELP = Text(
    de="Jeder Kasten ist das Volumen einer Kachel, Norden ist oben. Je stärker die Farbe, desto größer die "
    "Datei. Rot und gestrichelt: eine Kachel mit Fehlern.",
    en="Each box is the volume of a tile, north is up. The stronger the colour, the larger the file. "
    "Red and dashed: a tile with faults.",
)
LEVEL = Text(de="Stufe", en="Level")
ENLARGED = Text(de="{}-mal vergrößert", en="enlarged {} times")
BYTES_PLAN = Text(de="Wo die Bytes liegen", en="Where the bytes are")
BYTES_HELP = Text(
    de="Oben die Wurzel, darunter ihre Kinder; so breit wie die Bytes von allem, was daran hängt.",
    en="The root on top, its children below; as wide as the bytes of all that hangs on it.",
)
LEVELS = Text(de="Stufen", en="Levels")
CONTENTS = Text(de="Inhalte", en="contents")
VERTICES = Text(de="Eckpunkte", en="vertices")
ERROR = Text(de="geometrischer Fehler", en="geometric error")
ALL = Text(de="alle", en="all")
ATTRIBUTES = Text(de="Attribute", en="Attributes")
ATTRIBUTES_HELP = Text(
    de="Gezählt in den feinsten Kacheln, jedes Objekt einmal.",
    en="Counted in the finest tiles, each feature once.",
)
CLASS = Text(de="Klasse", en="class")
NAME = Text(de="Name", en="name")
TYPE = Text(de="Typ", en="type")
UNIT = Text(de="Einheit", en="unit")
FILLED = Text(de="gefüllt", en="filled")
VALUES = Text(de="Werte", en="values")
FAULTS = Text(de="Fehler und Hinweise", en="Faults and remarks")
TILE = Text(de="Kachel", en="tile")
WHAT = Text(de="was", en="what")
FAULT = Text(de="Fehler", en="fault")
REMARK = Text(de="Hinweis", en="remark")
TIMES = Text(de="{}-mal", en="{} times")
MORE = Text(
    de="und {} weitere dieser Art (--json nennt alle)", en="and {} more of this kind (--json names all)"
)
NONE_FOUND = Text(de="Nichts zu beanstanden.", en="Nothing to object to.")
TIP = Text(
    de="{name}: {bytes:,} Byte, geometrischer Fehler {error:g} m",
    en="{name}: {bytes:,} bytes, geometric error {error:g} m",
)
UP_TO = Text(de="bis", en="up to")
GROUPS = Text(de="ohne Inhalt", en="without content")
"""Tiles that only group others."""
