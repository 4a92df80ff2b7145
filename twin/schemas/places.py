"""Schemas of places and borders."""

from twin.schema import Schema
from twin.schemas.words import COMMON, enum, number, t, text

DISTRICT = Schema(
    id="district/1",
    title=t("Stadtbezirk", "District"),
    geometry="area",
    columns=(
        *COMMON,
        text("name", "Name", "Name", tiles=True),
        text("number", "Nummer", "Number", tiles=True),
        number("area_km2", "Fläche", "Area", "km2", tiles=True),
    ),
)

PLACE = Schema(
    id="place/1",
    title=t("Ort", "Place"),
    geometry="point",
    columns=(
        *COMMON,
        text("name", "Name", "Name", tiles=True),
        text("description", "Was", "What", free=True),
        text("link", "Mehr dazu", "More"),
    ),
)

BOUNDARY = Schema(
    id="boundary/1",
    title=t("Verwaltungsgrenze", "Administrative boundary"),
    geometry="area",
    columns=(
        *COMMON,
        text("name", "Name", "Name", tiles=True),
        text("key", "Amtlicher Schlüssel", "Official key", tiles=True),
        enum(
            "level",
            "Ebene",
            "Level",
            ("state", "Land", "state"),
            ("region", "Regierungsbezirk", "region"),
            ("county", "Kreis oder kreisfreie Stadt", "county"),
            ("municipality", "Gemeinde", "municipality"),
            ("district", "Stadtbezirk oder Ortsteil", "city district"),
            tiles=True,
        ),
        number("area_km2", "Fläche", "Area", "km2"),
    ),
)
