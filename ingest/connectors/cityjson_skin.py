"""Textures: each ring names its picture and a place in it for every corner."""

from itertools import chain
from typing import Any

import numpy as np

from ingest.connectors.cityjson_faces import Draft
from twin.record import Skin, Solid

_DEPTHS = {"Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}
TEXTURE = "textures that do not fit the surfaces were ignored"


def pictures_of(geometry: dict[str, Any], count: int, theme: str | None, notes: list[str]) -> list[Any]:
    """For each polygon of a geometry its texture values as written: a list per ring, or None.

    Args:
        geometry: with a ``texture`` member or without.
        count: how many polygons it has.
        theme: the one to take; by default the first.
        notes: gets a line if the values do not fit.
    """
    themes = geometry.get("texture")
    if not isinstance(themes, dict) or not themes:
        return [None] * count
    chosen = themes.get(theme) or next(iter(themes.values()))
    try:
        values = chosen["values"]
        for _ in range(_DEPTHS.get(geometry["type"], 0)):
            values = list(chain.from_iterable(values))
        if len(values) == count:
            return list(values)
    except (KeyError, TypeError):
        pass  # said below
    notes.append(TEXTURE)
    return [None] * count


def skin_of(draft: Draft, solid: Solid, appearance: dict[str, Any]) -> Skin | None:
    """The pictures on a solid; None if there are none.

    Args:
        draft: what the solid was made of.
        solid: the solid.
        appearance: ``textures`` and ``vertices-texture`` of the file or the feature.
    """
    if not any(draft.pictures):
        return None
    textures, corners = appearance.get("textures"), appearance.get("vertices-texture")
    if not isinstance(textures, list) or not isinstance(corners, list):
        return None
    images: dict[str, int] = {}
    chosen = np.full(len(solid.faces), -1, dtype=np.int32)
    uv = np.full((len(solid.points), 2), np.nan, dtype=np.float32)
    for i, (polygon, written) in enumerate(zip(draft.polygons, draft.pictures, strict=True)):
        if not written:
            continue
        try:
            image, places = _polygon(polygon, written, textures, corners)
        except (TypeError, ValueError, IndexError, KeyError):
            draft.notes.append(TEXTURE)
            continue
        if image is None:
            continue
        chosen[i] = images.setdefault(image, len(images))
        first, last = solid.rings[solid.polygons[i]], solid.rings[solid.polygons[i + 1]]
        with np.errstate(over="ignore"):  # a place that is nowhere leaves its face plain
            uv[first:last] = places
    return Skin(tuple(images), chosen, uv) if images else None


def _polygon(
    polygon: list[list[int]], written: list[Any], textures: list[Any], corners: list[Any]
) -> tuple[str | None, list[Any]]:
    """The picture of a polygon and the places of its corners in it."""
    number = written[0][0]
    if number is None:
        return None, []
    places: list[Any] = []
    for ring, (_, *at) in zip(polygon, written, strict=True):
        if len(at) != len(ring) or min(at) < 0:
            raise ValueError("another number of corners")
        places += [corners[j] for j in at]
    if number < 0:
        raise IndexError(number)
    return str(textures[number]["image"]), places
