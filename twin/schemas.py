"""All schemas. To add a kind of layer, add it here: one place, one version."""

from types import MappingProxyType

from twin.base import Text
from twin.errors import RecipeError
from twin.schema import Choice, Column, Kind, Property, Schema


def _t(de: str, en: str) -> Text:
    return Text(de=de, en=en)


def _choices(*rows: tuple[str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, title=_t(de, en)) for value, de, en in rows)


def _text(name: str, de: str, en: str, *, tiles: bool = False, free: bool = False) -> Column:
    return Column(name=name, title=_t(de, en), kind=Kind.TEXT, tiles=tiles, free_text=free)


def _number(name: str, de: str, en: str, unit: str, *, tiles: bool = False) -> Column:
    return Column(name=name, title=_t(de, en), kind=Kind.NUMBER, unit=unit, tiles=tiles)


_COMMON = (
    _text("id", "Kennung", "Id", tiles=True),
    _text("source_id", "Kennung der Quelle", "Source id", tiles=True),
    Column(name="valid_from", title=_t("Gültig ab", "Valid from"), kind=Kind.TIME),
    Column(name="valid_to", title=_t("Gültig bis", "Valid to"), kind=Kind.TIME),
    Column(name="observed_at", title=_t("Stand", "As of"), kind=Kind.TIME),
)

# AdV code list "Dachform" (LoD2 product description of the German surveying authorities).
ROOF_TYPES = _choices(
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
    title=_t("Gebäude", "Building"),
    geometry="building",
    columns=(
        *_COMMON,
        _number("height_m", "Höhe", "Height", "m", tiles=True),
        Column(
            name="height_source",
            title=_t("Herkunft der Höhe", "Origin of the height"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_choices(
                ("measured", "vom Herausgeber gemessen", "measured by the publisher"),
                ("part", "vom höchsten Gebäudeteil", "from the highest building part"),
                ("derived", "aus der Geometrie abgeleitet", "derived from the geometry"),
                ("assumed", "angenommen, da unbekannt", "assumed, as it is not known"),
            ),
        ),
        Column(
            name="roof_type",
            title=_t("Dachform", "Roof type"),
            kind=Kind.ENUM,
            tiles=True,
            choices=ROOF_TYPES,
        ),
        Column(
            name="use",
            title=_t("Nutzung", "Use"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_choices(
                ("residential", "Wohnen", "residential"),
                ("commercial", "Wirtschaft oder Gewerbe", "business"),
                ("public", "Öffentlich", "public"),
                ("unknown", "nicht angegeben", "not stated"),
            ),
        ),
        Column(name="storeys", title=_t("Stockwerke", "Storeys"), kind=Kind.INTEGER, tiles=True),
        _number("eaves_height_m", "Traufhöhe über Grund", "Eaves above ground", "m"),
        _number("ridge_height_m", "Firsthöhe über Grund", "Ridge above ground", "m"),
        _number("footprint_m2", "Grundfläche", "Footprint", "m2"),
        _number("volume_m3", "Rauminhalt", "Volume", "m3"),
        _number("roof_area_m2", "Dachfläche", "Roof area", "m2"),
        _number("roof_north_m2", "Dachfläche nach Norden", "Roof area facing north", "m2"),
        _number("roof_east_m2", "Dachfläche nach Osten", "Roof area facing east", "m2"),
        _number("roof_south_m2", "Dachfläche nach Süden", "Roof area facing south", "m2"),
        _number("roof_west_m2", "Dachfläche nach Westen", "Roof area facing west", "m2"),
        _number("roof_flat_m2", "Flache Dachfläche", "Flat roof area", "m2"),
        _number("roof_slope_deg", "Mittlere Dachneigung", "Mean roof slope", "deg"),
        _text("function_code", "Gebäudefunktion (AdV)", "Function (AdV code)"),
        _text("municipality_key", "Gemeindeschlüssel", "Municipality key"),
    ),
)

MODEL = Schema(
    id="model/1",
    title=_t("Stadtobjekt", "City object"),
    geometry="model",
    columns=(
        *_COMMON,
        Column(
            name="class",
            title=_t("Art", "Class"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_choices(
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
        _text("name", "Name", "Name", tiles=True),
        _text("function_code", "Funktion (Code)", "Function (code)", tiles=True),
        _number("height_m", "Höhe", "Height", "m", tiles=True),
    ),
)

TERRAIN = Schema(
    id="terrain/1",
    title=_t("Gelände", "Terrain"),
    geometry="terrain",
    columns=(
        *_COMMON,
        _number("min_height_m", "Tiefster Punkt", "Lowest point", "m"),
        _number("max_height_m", "Höchster Punkt", "Highest point", "m"),
        _number("resolution_m", "Rasterweite", "Resolution", "m"),
        _text("raster", "Höhenraster", "Height raster"),
    ),
)

ROADWORK = Schema(
    id="roadwork/1",
    title=_t("Baustelle", "Construction site"),
    geometry="area",
    columns=(
        *_COMMON,
        _text("title", "Ort", "Place", tiles=True, free=True),
        _text("description", "Was", "What", free=True),
        _text("restriction", "Einschränkung", "Restriction", free=True),
        _text("affects", "Betroffen", "Affects"),
        _text("site", "Baustelle (Gruppe)", "Site (group)", tiles=True),
        _text("link", "Mehr dazu", "More"),
    ),
)

_STATION = (
    *_COMMON,
    _text("name", "Name", "Name", tiles=True),
    _text("station", "Station", "Station", tiles=True),
)

COUNTER = Schema(
    id="counter/1",
    title=_t("Zählstelle", "Counter"),
    geometry="point",
    columns=(
        *_STATION,
        _text("direction_1", "Richtung 1", "Direction 1"),
        _text("direction_2", "Richtung 2", "Direction 2"),
    ),
    properties=(
        Property(name="bicycles", title=_t("Fahrräder", "Bicycles"), unit="1/15min"),
        Property(
            name="bicycles_direction_1",
            title=_t("Fahrräder, Richtung 1", "Bicycles, direction 1"),
            unit="1/15min",
        ),
        Property(
            name="bicycles_direction_2",
            title=_t("Fahrräder, Richtung 2", "Bicycles, direction 2"),
            unit="1/15min",
        ),
        Property(name="bicycles_hour", title=_t("Fahrräder je Stunde", "Bicycles per hour"), unit="1/h"),
        Property(name="bicycles_day", title=_t("Fahrräder je Tag", "Bicycles per day"), unit="1/d"),
        Property(
            name="bicycles_day_direction_1",
            title=_t("Fahrräder je Tag, Richtung 1", "Bicycles per day, direction 1"),
            unit="1/d",
        ),
        Property(
            name="bicycles_day_direction_2",
            title=_t("Fahrräder je Tag, Richtung 2", "Bicycles per day, direction 2"),
            unit="1/d",
        ),
    ),
)

AIR_STATION = Schema(
    id="air-station/1",
    title=_t("Luftmessstation", "Air quality station"),
    geometry="point",
    columns=(
        *_STATION,
        _text("code", "Stationscode", "Station code"),
        Column(
            name="surroundings",
            title=_t("Lage", "Surroundings"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_choices(
                ("traffic", "an einer Straße", "beside a road"),
                ("background", "abseits vom Verkehr", "away from traffic"),
                ("industry", "bei Industrie", "near industry"),
            ),
        ),
    ),
    properties=(
        Property(name="pm10", title=_t("PM10 (feiner Staub)", "PM10 (fine dust)"), unit="ug/m3"),
        Property(name="pm2_5", title=_t("PM2,5 (sehr feiner Staub)", "PM2.5 (very fine dust)"), unit="ug/m3"),
        Property(name="no2", title=_t("NO₂ (Stickstoffdioxid)", "NO₂ (nitrogen dioxide)"), unit="ug/m3"),
        Property(name="o3", title=_t("O₃ (Ozon)", "O₃ (ozone)"), unit="ug/m3"),
        Property(name="so2", title=_t("SO₂ (Schwefeldioxid)", "SO₂ (sulphur dioxide)"), unit="ug/m3"),
        Property(name="co", title=_t("CO (Kohlenmonoxid)", "CO (carbon monoxide)"), unit="mg/m3"),
        Property(name="air_quality_index", title=_t("Luftqualitätsindex", "Air quality index"), unit="1"),
    ),
)

DISTRICT = Schema(
    id="district/1",
    title=_t("Stadtbezirk", "District"),
    geometry="area",
    columns=(
        *_COMMON,
        _text("name", "Name", "Name", tiles=True),
        _text("number", "Nummer", "Number", tiles=True),
        _number("area_km2", "Fläche", "Area", "km2", tiles=True),
    ),
)

STREET = Schema(
    id="street/1",
    title=_t("Straße", "Street"),
    geometry="line",
    columns=(
        *_COMMON,
        _text("name", "Name", "Name", tiles=True),
        _number("width_m", "Breite", "Width", "m", tiles=True),
    ),
)

WATER = Schema(
    id="water/1",
    title=_t("Gewässer", "Water"),
    geometry="area",
    columns=(*_COMMON, _text("name", "Name", "Name", tiles=True)),
)

GREEN = Schema(
    id="green/1",
    title=_t("Grünfläche", "Green area"),
    geometry="area",
    columns=(*_COMMON, _text("name", "Name", "Name", tiles=True)),
)

PLACE = Schema(
    id="place/1",
    title=_t("Ort", "Place"),
    geometry="point",
    columns=(
        *_COMMON,
        _text("name", "Name", "Name", tiles=True),
        _text("description", "Was", "What", free=True),
        _text("link", "Mehr dazu", "More"),
    ),
)

_SIZE_SOURCE = _choices(
    ("measured", "vom Herausgeber angegeben", "stated by the publisher"),
    ("derived", "aus dem anderen Maß des Baums abgeleitet", "derived from the tree's other measure"),
    ("assumed", "angenommen nach der Baumform", "assumed from the form of the tree"),
)

TREE = Schema(
    id="tree/1",
    title=_t("Baum", "Tree"),
    geometry="point",
    columns=(
        *_COMMON,
        _text("species", "Art", "Species", tiles=True),
        Column(
            name="form",
            title=_t("Wuchsform", "Form"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_choices(
                ("broadleaf", "Laubbaum", "broad-leaved tree"),
                ("conifer", "Nadelbaum", "conifer"),
                ("column", "Säulenform", "columnar tree"),
                ("slender", "schlanker Laubbaum", "slender broad-leaved tree"),
                ("shrub", "Strauch", "shrub"),
                ("unknown", "nicht angegeben", "not stated"),
            ),
        ),
        _number("height_m", "Höhe", "Height", "m", tiles=True),
        Column(
            name="height_source",
            title=_t("Herkunft der Höhe", "Origin of the height"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_SIZE_SOURCE,
        ),
        _number("crown_m", "Kronendurchmesser", "Crown diameter", "m", tiles=True),
        Column(
            name="crown_source",
            title=_t("Herkunft des Kronendurchmessers", "Origin of the crown diameter"),
            kind=Kind.ENUM,
            tiles=True,
            choices=_SIZE_SOURCE,
        ),
        _number("trunk_m", "Stammdurchmesser", "Trunk diameter", "m", tiles=True),
        Column(name="planted", title=_t("Pflanzjahr", "Year of planting"), kind=Kind.INTEGER, tiles=True),
    ),
)

POINT_CLOUD = Schema(
    id="point-cloud/1",
    title=_t("Punktwolke", "Point cloud"),
    geometry="cloud",
    columns=(
        *_COMMON,
        _text("name", "Name", "Name"),
        Column(name="points", title=_t("Punkte", "Points"), kind=Kind.INTEGER),
        _number("min_height_m", "Tiefster Punkt", "Lowest point", "m"),
        _number("max_height_m", "Höchster Punkt", "Highest point", "m"),
    ),
)

SCHEMAS = MappingProxyType(
    {
        s.id: s
        for s in (
            BUILDING,
            MODEL,
            TERRAIN,
            ROADWORK,
            COUNTER,
            AIR_STATION,
            DISTRICT,
            STREET,
            WATER,
            GREEN,
            PLACE,
            TREE,
            POINT_CLOUD,
        )
    }
)


def schema(schema_id: str) -> Schema:
    """Return the schema with this id; `RecipeError` naming the known ones if there is none."""
    try:
        return SCHEMAS[schema_id]
    except KeyError:
        raise RecipeError(f"schema {schema_id!r} is not known; write one of: {', '.join(SCHEMAS)}") from None
