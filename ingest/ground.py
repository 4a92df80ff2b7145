"""The ground of a city: its published terrain, for the layers that lie on it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from catalog.rasters import rasters
from tiles.ground import Ground, decode_raster, encode_raster
from twin.city import City
from twin.layer import Layer
from twin.record import Feature
from twin.store import Store

_LIE_ON_IT = ("areas", "lines", "stations")


def ground_of(store: Store, city: City, layer: Layer) -> Ground | None:
    """Return the ground under a layer's features, or None for layers that bring their own heights.

    Where the city has no terrain (yet), the height stated in ``city.toml`` is used and reported.
    """
    if layer.tiles is None or layer.tiles.writer not in _LIE_ON_IT:
        return None
    return terrain_of(store, city)


def terrain_of(store: Store, city: City) -> Ground:
    """Return the city's published terrain; where it has none, the height that it states (if it does).

    For buildings too: not to lay them on it, but to measure how they stand (`tiles.gap`).
    """
    terrain = [other.id for other in city.layers if other.schema_.geometry == "terrain"]
    pieces = [decode_raster(data) for layer_id in terrain for data in rasters(store, layer_id)]
    return Ground(pieces, city.heights.ground_m)


def keep_rasters(features: Iterable[Feature], put: Callable[[bytes, str], str], crs: str) -> list[Feature]:
    """Store the rasters of terrain features by content, and write down where."""
    kept = []
    for feature in features:
        if feature.raster is not None:
            key = put(encode_raster(feature.raster, crs), "tif")
            feature = replace(feature, values=feature.values | {"raster": key})
        kept.append(feature)
    return kept
