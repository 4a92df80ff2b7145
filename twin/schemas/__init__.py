"""All schemas. A new kind of layer: written in its theme's file, named in the table, one version each."""

import difflib
from types import MappingProxyType

from twin.errors import RecipeError
from twin.schema import Schema
from twin.schemas.construction import ROADWORK, ROADWORK_2, ROADWORK_3, ROADWORK_4
from twin.schemas.environment import (
    AIR_CELL,
    AIR_STATION,
    GAUGE,
    GREEN,
    LAND_USE,
    NOISE,
    RADIATION_STATION,
    WATER,
    WEATHER_STATION,
    WEATHER_WARNING,
)
from twin.schemas.model import BUILDING, MODEL, OVERLAY, POINT_CLOUD, TERRAIN, TREE
from twin.schemas.places import BOUNDARY, DISTRICT, PLACE
from twin.schemas.traffic import (
    COUNTER,
    PARKING,
    RENTAL_STATION,
    ROAD,
    ROUTE,
    STOP,
    STOP_2,
    STREET,
    TRAFFIC_CENSUS,
)

SCHEMAS = MappingProxyType(
    {
        s.id: s
        for s in (
            BUILDING,
            MODEL,
            TERRAIN,
            TREE,
            OVERLAY,
            POINT_CLOUD,
            STREET,
            ROAD,
            COUNTER,
            TRAFFIC_CENSUS,
            STOP,
            STOP_2,
            ROUTE,
            RENTAL_STATION,
            PARKING,
            ROADWORK,
            ROADWORK_2,
            ROADWORK_3,
            ROADWORK_4,
            AIR_STATION,
            AIR_CELL,
            WEATHER_STATION,
            WEATHER_WARNING,
            GAUGE,
            RADIATION_STATION,
            NOISE,
            WATER,
            GREEN,
            LAND_USE,
            DISTRICT,
            BOUNDARY,
            PLACE,
        )
    }
)


def schema(schema_id: str) -> Schema:
    """Return the schema with this id; `RecipeError` naming the known ones if there is none."""
    try:
        return SCHEMAS[schema_id]
    except KeyError:
        close = difflib.get_close_matches(schema_id, SCHEMAS, 1, 0.6)
        remedy = f"did you mean {close[0]!r}?" if close else f"write one of: {', '.join(SCHEMAS)}"
        raise RecipeError(f"schema {schema_id!r} is not known; {remedy}") from None
