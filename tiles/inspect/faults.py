"""Faults: everything that can be wrong with a tileset, and the sentence that says it."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from twin.base import Text
from twin.glb import Broken

UNREADABLE = (Broken, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, struct.error)
"""What reading a file of unknown making can end in; all of it is the file's fault."""


def said(error: Exception) -> str:
    """Why something could not be read."""
    if isinstance(error, Broken):
        return str(error)
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return f"not written as its format says ({error})"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault."""

    text: Text
    """Sentence with the facts in braces."""
    remark: bool = False
    """Only worth knowing: the tileset is valid, and clients show all of it."""


def _kind(en: str, de: str, *, remark: bool = False) -> Kind:
    return Kind(Text(de=de, en=en), remark)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "tile-broken": _kind("tile cannot be read: {detail}", "Kachel nicht lesbar: {detail}"),
        "content-missing": _kind("content {uri} is missing", "Inhalt {uri} fehlt"),
        "content-outside": _kind(
            "content {uri} lies outside the tileset's folder and is not read",
            "Inhalt {uri} liegt außerhalb des Ordners und wird nicht gelesen",
        ),
        "content-format": _kind(
            "content is {detail}; 3D Tiles 1.1 wants glb", "Inhalt ist {detail}; 3D Tiles 1.1 verlangt glb"
        ),
        "content-legacy": _kind(
            "content is {detail}, a format of 3D Tiles 1.0: only its header was looked at",
            "Inhalt ist {detail}, ein Format von 3D Tiles 1.0: nur der Kopf wurde geprüft",
            remark=True,
        ),
        "content-broken": _kind("content cannot be read: {detail}", "Inhalt nicht lesbar: {detail}"),
        "content-odd": _kind(
            "content is no sound glTF: {detail}", "Inhalt ist kein einwandfreies glTF: {detail}"
        ),
        "checksum": _kind(
            "content is not what it was: its name is another checksum",
            "Inhalt ist nicht mehr der alte: sein Name ist eine andere Prüfsumme",
        ),
        "vertex-outside": _kind(
            "{count:,} vertices lie outside the {volume}, by up to {metres:.3f} m",
            "{count:,} Eckpunkte liegen außerhalb von {volume}, bis zu {metres:.3f} m",
        ),
        "volume-outside": _kind(
            "volume reaches {metres:.3f} m out of the parent's",
            "Volumen ragt {metres:.3f} m aus dem des Elternteils",
        ),
        "volume-loose": _kind(
            "{volume} is {metres:,.0f} m across, its content {size:,.0f} m: it is loaded where nothing shows",
            "{volume} misst {metres:,.0f} m, sein Inhalt {size:,.0f} m: geladen wird, wo nichts zu sehen ist",
        ),
        "drawn-twice": _kind(
            "draws {uri} at the place where {first} draws it, too",
            "zeichnet {uri} an derselben Stelle wie {first}",
        ),
        "above-ground": _kind(
            "lies {km:,.0f} km above the earth's surface: its transform, CRS or heights are wrong",
            "liegt {km:,.0f} km über der Erdoberfläche: Transformation, CRS oder Höhen sind falsch",
        ),
        "below-ground": _kind(
            "lies {km:,.0f} km below the earth's surface: its transform, CRS or heights are wrong",
            "liegt {km:,.0f} km unter der Erdoberfläche: Transformation, CRS oder Höhen sind falsch",
        ),
        "error-grows": _kind(
            "geometric error {own:g} m is greater than the {above:g} m above it",
            "geometrischer Fehler {own:g} m ist größer als die {above:g} m darüber",
        ),
        "leaf-error": _kind(
            "leaf with geometric error {own:g} m, not 0",
            "Blatt mit geometrischem Fehler {own:g} m statt 0",
            remark=True,
        ),
        "many-vertices": _kind(
            "{count:,} vertices; more than 65,535 need 32-bit indices",
            "{count:,} Eckpunkte; über 65.535 brauchen 32-Bit-Indizes",
        ),
        "transform": _kind("transform {detail}", "Transformation {detail}"),
        "transform-scales": _kind(
            "transform scales by {scale:g}", "Transformation skaliert mit {scale:g}", remark=True
        ),
        "jitter": _kind(
            "coordinates up to {metres:,.0f} m from the origin in float32: steps of {step:.2g} m",
            "Koordinaten bis {metres:,.0f} m vom Ursprung in float32: Schritte von {step:.2g} m",
        ),
        "table-broken": _kind("property table: {detail}", "Attributtabelle: {detail}"),
        "ids-beyond": _kind(
            "feature ids reach {highest:,}, the table has {rows:,} rows",
            "Objektnummern reichen bis {highest:,}, die Tabelle hat {rows:,} Zeilen",
        ),
        "ids-count": _kind(
            "featureCount is {stated:,}, there are {found:,} different feature ids",
            "featureCount ist {stated:,}, es gibt {found:,} verschiedene Objektnummern",
        ),
        "rows-unused": _kind(
            "{count:,} rows of the property table belong to nothing drawn",
            "{count:,} Zeilen der Attributtabelle gehören zu nichts Gezeichnetem",
            remark=True,
        ),
        "ids-repeated": _kind(
            "{count:,} ids occur in more than one row of the table",
            "{count:,} Kennungen stehen in mehr als einer Zeile der Tabelle",
        ),
        "ids-lost": _kind(
            "{count:,} ids of this tile are in none of the finer ones below it, first: {first}",
            "{count:,} Kennungen dieser Kachel stehen in keiner feineren darunter, zuerst: {first}",
        ),
        "subtree": _kind("implicit tiling: {detail}", "implizite Kachelung: {detail}"),
        "quarters": _kind(
            "{count:,} tiles reach up to {metres:.1f} m out of their quarter of the root's box: clients that "
            "do not read the subtrees' metadata drop them too early at the edge of the screen",
            "{count:,} Kacheln ragen bis zu {metres:.1f} m aus ihrem Viertel des Wurzelquaders: Programme, "
            "die die Metadaten der Subtrees nicht lesen, lassen sie am Bildrand zu früh weg",
            remark=True,
        ),
        "terrain-missing": _kind(
            "layer.json promises the tile, and it is not there", "layer.json verspricht die Kachel, sie fehlt"
        ),
        "terrain-broken": _kind("tile cannot be read: {detail}", "Kachel nicht lesbar: {detail}"),
        "terrain-odd": _kind("{detail}", "{detail}"),
        "terrain-heights": _kind(
            "heights from {low:,.0f} to {high:,.0f} m: no ground lies there; check CRS and unit",
            "Höhen von {low:,.0f} bis {high:,.0f} m: dort ist kein Gelände; CRS und Einheit prüfen",
        ),
        "terrain-halves": _kind(
            "level 0 lacks one of the two tiles of the globe, which clients ask for first",
            "auf Ebene 0 fehlt eine der beiden Kacheln der Erde, nach denen Programme zuerst fragen",
        ),
        "terrain-borders": _kind(
            "{count:,} borders of neighbouring tiles are up to {metres:.2f} m apart, first: {first}; clients "
            "hide that behind skirts",
            "{count:,} Ränder benachbarter Kacheln liegen bis zu {metres:.2f} m auseinander, zuerst: {first};"
            " Programme verbergen das hinter Schürzen",
            remark=True,
        ),
        "orphans": _kind(
            "{count:,} files ({size:,} bytes) belong to no tile",
            "{count:,} Dateien ({size:,} Byte) gehören zu keiner Kachel",
            remark=True,
        ),
        "sibling": _kind("{uri} is not the same content compressed", "{uri} ist nicht derselbe Inhalt"),
        "empty": _kind("nothing is drawn by any tile", "keine Kachel zeichnet etwas"),
    }
)
"""Name → sentence. Names are stable: `twin inspect --json` has them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one tile."""

    tile: str
    """Path of child numbers from the root, ``root/0/3``."""
    kind: str
    """Key of `KINDS`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    uri: str = ""
    """Content concerned, as the tileset writes it."""

    @property
    def remark(self) -> bool:
        """Only worth knowing."""
        return KINDS[self.kind].remark

    def words(self, language: str = "en") -> str:
        """The sentence in ``en`` or ``de``."""
        return KINDS[self.kind].text.get(language).format(**self.facts)


class Found:
    """What a report of any kind of tiles has found, apart by weight."""

    __slots__ = ()
    findings: list[Fault]

    @property
    def faults(self) -> list[Fault]:
        """What is wrong."""
        return [fault for fault in self.findings if not fault.remark]

    @property
    def remarks(self) -> list[Fault]:
        """What is only worth knowing."""
        return [fault for fault in self.findings if fault.remark]
