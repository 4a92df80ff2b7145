"""The mapping functions of recipes: a closed table, because a recipe is data and never a program.

Each takes the values of the fields named by ``from`` and returns the column's value, or None where the
source has none. `ValueError` means: this record does not fit. Messages never carry the value.
"""

from collections.abc import Callable
from typing import Any

from ingest.fields.choices import among, boolean, choice
from ingest.fields.context import Context, Function
from ingest.fields.heights import (
    building_height,
    building_height_source,
    measured_alone,
    raster_highest,
    raster_lowest,
    raster_step,
)
from ingest.fields.lists import flag_texts, flags, texts
from ingest.fields.noise import noise_from, noise_indicator, noise_to
from ingest.fields.numbers import integer, number
from ingest.fields.records import constant, group
from ingest.fields.roads import metres, osm_cycling, osm_lanes, osm_oneway, osm_speed
from ingest.fields.texts import first, join, link, listing, plain, text
from ingest.fields.times import day_end, day_start, instant
from ingest.fields.trees import tree_crown, tree_crown_source, tree_form, tree_height, tree_height_source
from ingest.fields.years import year

__all__ = ["FUNCTIONS", "SHORTCUTS", "WORDS_ALONE", "Context", "Function"]

FUNCTIONS: dict[str, Function] = {
    "text": text,
    "first": first,
    "join": join,
    "constant": constant,
    "plain": plain,
    "link": link,
    "list": listing,
    "flags": flags,
    "texts": texts,
    "flag_texts": flag_texts,
    "among": among,
    "number": number,
    "integer": integer,
    "choice": choice,
    "boolean": boolean,
    "day_start": day_start,
    "day_end": day_end,
    "instant": instant,
    "group": group,
    "building_height": building_height,
    "building_height_source": building_height_source,
    "raster_lowest": raster_lowest,
    "raster_highest": raster_highest,
    "raster_step": raster_step,
    "metres": metres,
    "osm_cycling": osm_cycling,
    "osm_lanes": osm_lanes,
    "osm_oneway": osm_oneway,
    "osm_speed": osm_speed,
    "noise_from": noise_from,
    "noise_to": noise_to,
    "noise_indicator": noise_indicator,
    "year": year,
    "tree_form": tree_form,
    "tree_height": tree_height,
    "tree_height_source": tree_height_source,
    "tree_crown": tree_crown,
    "tree_crown_source": tree_crown_source,
}
"""Name in a recipe's ``by`` → function."""

SHORTCUTS: dict[str, Callable[[Any], Any]] = {
    "building_height": measured_alone,
    "building_height_source": lambda value: None if measured_alone(value) is None else "measured",
}
"""Functions whose first field often says all: what it gives alone, None if the function has to be asked."""

WORDS_ALONE = frozenset(
    {
        "text",
        "first",
        "join",
        "texts",
        "number",
        "integer",
        "year",
        "choice",
        "boolean",
        "day_start",
        "day_end",
        "instant",
    }
    | {"metres", "osm_cycling", "osm_lanes", "osm_oneway", "osm_speed"}
)
"""Functions that give the same for the same words, whatever the geometry."""
