"""Measures: what is derived from the form of buildings, put into their columns."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tiles.measures import measured
from tiles.patch import polygons_of
from twin.layer import Layer

if TYPE_CHECKING:
    import pyarrow as pa

_DECIMALS = {"m": 2, "m2": 1, "m3": 0, "deg": 1}
"""As exact as a city model is."""


def measures_wanted(layer: Layer) -> bool:
    """Whether anybody will see the derived columns: a conversion may ask for other ones only."""
    chosen = layer.tiles.options.get("attributes") if layer.tiles else None
    named = set(chosen.replace(" ", "").split(",")) if chosen else set()
    return (not named or bool(named & {"schema", "all", *DERIVED})) and any(
        column.name in DERIVED for column in layer.schema_.columns
    )


def with_measures(batch: "pa.RecordBatch", layer: Layer) -> "pa.RecordBatch":
    """Fill the columns of `tiles.measures.Measures` that the layer's schema has and no source does."""
    import pyarrow as pa

    columns = [column for column in layer.schema_.columns if column.name in DERIVED]
    polygons = polygons_of(batch)
    if len(polygons.points):
        polygons = replace(polygons, points=polygons.points - polygons.points[0])
    found = measured(polygons, batch.num_rows)
    for column in columns:
        values = np.round(getattr(found, column.name), _DECIMALS[column.unit or ""])
        place = batch.schema.get_field_index(column.name)
        batch = batch.set_column(place, column.name, pa.array(values, from_pandas=True))
    return batch


DERIVED = (
    "eaves_height_m",
    "ridge_height_m",
    "footprint_m2",
    "volume_m3",
    "roof_area_m2",
    "roof_north_m2",
    "roof_east_m2",
    "roof_south_m2",
    "roof_west_m2",
    "roof_flat_m2",
    "roof_slope_deg",
)
"""Columns that are worked out here."""
