"""Options and result of a conversion."""

from dataclasses import dataclass, field

from tiles.build import Built
from twin.provenance import HeightsStatement
from twin.report import Report

FORMATS = ("3dtiles", "quantized-mesh")


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator may say."""

    crs: str | None = None
    """CRS where the files name none; compound to state the heights' as well."""
    undulation_m: float | None = None
    """Stated height of the geoid above the ellipsoid, instead of a grid."""
    encoding: str = "meshopt"
    """``meshopt``, ``quantised`` or ``plain``."""
    lod: str | None = None
    """Level of detail wanted; None for the best that is whole."""
    attributes: str = "schema"
    """``schema``, ``all``, or names of columns with commas between."""
    attribution: str = ""
    """Written into every tile."""
    outlines: bool = False
    """Add the edges of buildings (CESIUM_primitive_outline)."""
    format: str = "3dtiles"
    """``quantized-mesh`` makes a terrain for CesiumJS instead."""
    textures: bool = False
    """Draw the pictures on facades and roofs."""
    implicit: bool = False
    """Tiles of buildings and models are found by level, x and y: the implicit tiling of 3D Tiles 1.1."""
    contents: str = "one"
    """``many`` gives roofs, walls, grounds and pictures of a tile, or classes of objects, a content each."""
    areas: str = "auto"
    """What areas become that do not say whether they are buildings: ``auto``, ``buildings``, ``ground``."""


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one layer of the conversion."""

    layer: str
    report: Report
    built: Built
    remarks: tuple[str, ...] = ()
    """What is to be said about it beside the counts."""


@dataclass(slots=True)
class Converted:
    """What a conversion did."""

    parts: list[Part] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What was concluded about CRS and heights, and how buildings stand on the terrain."""
    crs: str = ""
    """CRS in which the tiles were laid out, with heights."""
    place: tuple[float, float] | None = None
    """Longitude and latitude of the first thing that fits its CRS."""
    heights: HeightsStatement | None = None
    bytes: int = 0
    transferred: int = 0
