"""Schemas of the city model: buildings, other objects, terrain, trees, lines and areas, point clouds."""

from twin.schema import Column, Kind, Schema
from twin.schemas.words import COMMON, choices, number, t, text

# AdV code list "Dachform" (LoD2 product description of the German surveying authorities).
ROOF_TYPES = choices(
    ("flat", "Flachdach", "flat roof"),
    ("shed", "Pultdach", "shed roof"),
    ("offset-shed", "Versetztes Pultdach", "offset shed roof"),
    ("gabled", "Satteldach", "gabled roof"),
    ("hipped", "Walmdach", "hipped roof"),
    ("half-hipped", "Krüppelwalmdach", "half-hipped roof"),
    ("mansard", "Mansardendach", "mansard roof"),
    ("pyramid", "Zeltdach", "pyramid roof"),
    ("cone", "Kegeldach", "conical roof"),
    ("dome", "Kuppeldach", "dome"),
    ("saw-tooth", "Sheddach", "saw-tooth roof"),
    ("arched", "Bogendach", "arched roof"),
    ("spire", "Turmdach", "spire"),
    ("mixed", "Mischform", "mixed form"),
    ("other", "Sonstiges", "other"),
)

BUILDING = Schema(
    id="building/1",
    title=t("Gebäude", "Building"),
    geometry="building",
    columns=(
        *COMMON,
        number("height_m", "Höhe", "Height", "m", tiles=True),
        Column(
            name="height_source",
            title=t("Herkunft der Höhe", "Origin of the height"),
            kind=Kind.ENUM,
            tiles=True,
            choices=choices(
                ("measured", "vom Herausgeber gemessen", "measured by the publisher"),
                ("part", "vom höchsten Gebäudeteil", "from the highest building part"),
                ("derived", "aus der Geometrie abgeleitet", "derived from the geometry"),
                ("assumed", "angenommen, da unbekannt", "assumed, as it is not known"),
            ),
        ),
        Column(
            name="roof_type",
            title=t("Dachform", "Roof type"),
            kind=Kind.ENUM,
            tiles=True,
            choices=ROOF_TYPES,
        ),
        Column(
            name="use",
            title=t("Nutzung", "Use"),
            kind=Kind.ENUM,
            tiles=True,
            choices=choices(
                ("residential", "Wohnen", "residential"),
                ("commercial", "Wirtschaft oder Gewerbe", "business"),
                ("public", "Öffentlich", "public"),
                ("unknown", "nicht angegeben", "not stated"),
            ),
        ),
        Column(name="storeys", title=t("Stockwerke", "Storeys"), kind=Kind.INTEGER, tiles=True),
        Column(name="year_built", title=t("Baujahr", "Year of construction"), kind=Kind.INTEGER, tiles=True),
        number("eaves_height_m", "Traufhöhe über Grund", "Eaves above ground", "m"),
        number("ridge_height_m", "Firsthöhe über Grund", "Ridge above ground", "m"),
        number("footprint_m2", "Grundfläche", "Footprint", "m2"),
        number("volume_m3", "Rauminhalt", "Volume", "m3"),
        number("roof_area_m2", "Dachfläche", "Roof area", "m2"),
        number("roof_north_m2", "Dachfläche nach Norden", "Roof area facing north", "m2"),
        number("roof_east_m2", "Dachfläche nach Osten", "Roof area facing east", "m2"),
        number("roof_south_m2", "Dachfläche nach Süden", "Roof area facing south", "m2"),
        number("roof_west_m2", "Dachfläche nach Westen", "Roof area facing west", "m2"),
        number("roof_flat_m2", "Flache Dachfläche", "Flat roof area", "m2"),
        number("roof_slope_deg", "Mittlere Dachneigung", "Mean roof slope", "deg"),
        text("function_code", "Gebäudefunktion (AdV)", "Function (AdV code)"),
        text("municipality_key", "Gemeindeschlüssel", "Municipality key"),
    ),
)

MODEL = Schema(
    id="model/1",
    title=t("Stadtobjekt", "City object"),
    geometry="model",
    columns=(
        *COMMON,
        Column(
            name="class",
            title=t("Art", "Class"),
            kind=Kind.ENUM,
            tiles=True,
            choices=choices(
                ("bridge", "Brücke", "bridge"),
                ("tunnel", "Tunnel", "tunnel"),
                ("transportation", "Verkehrsfläche", "transportation"),
                ("water", "Gewässer", "water"),
                ("vegetation", "Bewuchs", "vegetation"),
                ("land-use", "Landnutzung", "land use"),
                ("furniture", "Stadtmobiliar", "city furniture"),
                ("relief", "Gelände", "relief"),
                ("generic", "Sonstiges Objekt", "generic object"),
            ),
        ),
        text("name", "Name", "Name", tiles=True),
        text("function_code", "Funktion (Code)", "Function (code)", tiles=True),
        number("height_m", "Höhe", "Height", "m", tiles=True),
    ),
)

TERRAIN = Schema(
    id="terrain/1",
    title=t("Gelände", "Terrain"),
    geometry="terrain",
    columns=(
        *COMMON,
        number("min_height_m", "Tiefster Punkt", "Lowest point", "m"),
        number("max_height_m", "Höchster Punkt", "Highest point", "m"),
        number("resolution_m", "Rasterweite", "Resolution", "m"),
        text("raster", "Höhenraster", "Height raster"),
    ),
)

_SIZE_SOURCE = choices(
    ("measured", "vom Herausgeber angegeben", "stated by the publisher"),
    ("derived", "aus dem anderen Maß des Baums abgeleitet", "derived from the tree's other measure"),
    ("assumed", "angenommen nach der Baumform", "assumed from the form of the tree"),
    ("form", "aus der Form, die der Herausgeber zeichnet", "from the form that the publisher draws"),
)

TREE = Schema(
    id="tree/1",
    title=t("Baum", "Tree"),
    geometry="point",
    columns=(
        *COMMON,
        text("species", "Art", "Species", tiles=True),
        Column(
            name="form",
            title=t("Wuchsform", "Form"),
            kind=Kind.ENUM,
            tiles=True,
            choices=choices(
                ("broadleaf", "Laubbaum", "broad-leaved tree"),
                ("conifer", "Nadelbaum", "conifer"),
                ("column", "Säulenform", "columnar tree"),
                ("slender", "schlanker Laubbaum", "slender broad-leaved tree"),
                ("shrub", "Strauch", "shrub"),
                ("unknown", "nicht angegeben", "not stated"),
            ),
        ),
        number("height_m", "Höhe", "Height", "m", tiles=True),
        Column(
            name="height_source",
            title=t("Herkunft der Höhe", "Origin of the height"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_SIZE_SOURCE,
        ),
        number("crown_m", "Kronendurchmesser", "Crown diameter", "m", tiles=True),
        Column(
            name="crown_source",
            title=t("Herkunft des Kronendurchmessers", "Origin of the crown diameter"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_SIZE_SOURCE,
        ),
        number("trunk_m", "Stammdurchmesser", "Trunk diameter", "m", tiles=True),
        Column(name="planted", title=t("Pflanzjahr", "Year of planting"), kind=Kind.INTEGER, tiles=True),
        number("ground_m", "Höhe des Bodens über dem Meer", "Height of the ground above the sea", "m"),
    ),
)

OVERLAY = Schema(
    id="overlay/1",
    title=t("Linie oder Fläche auf dem Gelände", "Line or area on the terrain"),
    geometry="any",
    columns=(
        *COMMON,
        text("kind", "Art", "Kind", tiles=True),
        text("name", "Name", "Name", tiles=True),
        number("width_m", "Breite", "Width", "m", tiles=True),
        Column(
            name="width_source",
            title=t("Herkunft der Breite", "Origin of the width"),
            kind=Kind.ENUM,
            tiles=True,
            choices=choices(
                ("measured", "vom Herausgeber angegeben", "stated by the publisher"),
                ("derived", "aus der Zahl der Fahrstreifen", "from the number of lanes"),
                ("assumed", "angenommen nach der Art", "assumed from the kind"),
            ),
        ),
    ),
)

POINT_CLOUD = Schema(
    id="point-cloud/1",
    title=t("Punktwolke", "Point cloud"),
    geometry="cloud",
    columns=(
        *COMMON,
        text("name", "Name", "Name"),
        Column(name="points", title=t("Punkte", "Points"), kind=Kind.INTEGER),
        number("min_height_m", "Tiefster Punkt", "Lowest point", "m"),
        number("max_height_m", "Höchster Punkt", "Highest point", "m"),
    ),
)
