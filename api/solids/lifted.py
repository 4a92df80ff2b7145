"""Outlines with heights: what features are in CRS84h."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from api.solids.form import Form
from catalog import deadline

MOST = 1000
"""Features of a page with heights: forms are read out of tiles, and take ten times the room of outlines."""


def boxes(features: list[bytes]) -> dict[str, tuple[float, float, float, float]]:
    """Id → box of the outline, of those GeoJSON features that have one."""
    import shapely

    told = [orjson.loads(feature) for feature in deadline.some(features)]
    bounds = shapely.bounds(_shapes(told)).reshape(-1, 4)
    return {
        one["id"]: (west, south, east, north)
        for one, (west, south, east, north) in zip(told, bounds.tolist(), strict=True)
        if west == west
    }


def lifted(features: list[bytes], forms: Mapping[str, Form]) -> list[bytes]:
    """The features with their outlines on the ground, as forms have it; null where that is not known."""
    import shapely

    told = [orjson.loads(feature) for feature in features]
    ground = [forms[one["id"]].ground if one["id"] in forms else None for one in told]
    # a height for those that have none is only so that there is one; their places are not given
    raised = shapely.force_3d(_shapes(told), [height or 0.0 for height in ground])
    for one, height, shape in zip(told, ground, shapely.to_geojson(raised), strict=True):
        one["geometry"] = None if height is None or shape is None else orjson.Fragment(shape)
    return [orjson.dumps(one) for one in told]


def _shapes(told: list[dict[str, Any]]) -> Any:
    import shapely

    texts = [None if one["geometry"] is None else orjson.dumps(one["geometry"]).decode() for one in told]
    return shapely.from_geojson(np.array(texts, object))
