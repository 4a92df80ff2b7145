"""Checksum of a layer's content: equal content publishes nothing new."""

import hashlib
from collections.abc import Sequence

import orjson

from twin.record import Feature
from twin.shelf import Shelf

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY


def digest(features: Sequence[Feature], basis: str) -> str:
    """SHA-256 over features and a basis; the order of the features does not matter, nor when they were seen.

    Args:
        features: Everything of them counts but ``observed_at``.
        basis: What else makes the snapshot, such as the recipe and the version of the tiling.

    Returns:
        64 hexadecimal digits.
    """
    total = hashlib.sha256(basis.encode())
    if isinstance(features, Shelf):
        total.update(features.told())
        return total.hexdigest()
    for feature in sorted(features, key=lambda feature: feature.id):
        values = {name: value for name, value in feature.values.items() if name != "observed_at"}
        total.update(orjson.dumps([feature.id, feature.source_id, values], option=_OPTIONS))
        total.update(b"\0" if feature.geometry is None else feature.geometry)
        if feature.solid is not None:
            solid = feature.solid
            for array in (solid.points, solid.rings, solid.polygons, solid.faces):
                total.update(array.tobytes())
        if feature.raster is not None:
            raster = feature.raster
            total.update(repr((raster.west, raster.north, raster.step, raster.heights.shape)).encode())
            total.update(raster.heights.tobytes())
    return total.hexdigest()
