"""Skin of a CityGML object: its polygons' rings are looked up among the textures."""

from collections.abc import Sequence

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from ingest.connectors.citygml_textures import Textures
from twin.record import Skin, Solid

_IDS = ("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id")
UNFIT = "textures that do not fit the surfaces were left out"

Kept = tuple[etree._Element, bool]
"""A polygon's element, and whether its rings run the other way in the solid."""


def skin_of(kept: Sequence[Kept], solid: Solid, sources: Sequence[Textures], notes: list[str]) -> Skin | None:
    """The pictures on a solid; None if there are none.

    Args:
        kept: what each of its polygons was made of.
        solid: the solid.
        sources: where to look, the nearest first.
        notes: gets a line for each face whose texture does not fit.
    """
    images: dict[str, int] = {}
    chosen = np.full(len(solid.faces), -1, dtype=np.int32)
    uv = np.full((len(solid.points), 2), np.nan, dtype=np.float32)
    for number, (element, turned) in enumerate(kept):
        rings = [item.get(_IDS[0]) or item.get(_IDS[1]) or "" for bound in element for item in bound]
        for source in sources:
            laid = [source.rings[ring] for ring in rings if ring in source.rings]
            if not laid:
                continue
            first, last = solid.polygons[number : number + 2].tolist()
            corners = np.diff(solid.rings[first : last + 1]).tolist()
            places = _fitting([places for _, places in laid], corners, turned)
            if places is None:
                notes.append(UNFIT)
            else:
                chosen[number] = images.setdefault(source.images[laid[0][0]], len(images))
                uv[solid.rings[first] : solid.rings[last]] = places
            break
    return Skin(tuple(images), chosen, uv) if images else None


def _fitting(
    laid: Sequence[NDArray[np.float32]], corners: Sequence[int], turned: bool
) -> NDArray[np.float32] | None:
    """Places of a polygon's corners; rings that were left out of it are passed over."""
    found: list[NDArray[np.float32]] = []
    rest = iter(laid)
    for count in corners:
        ring = next((each for each in rest if len(each) in (count, count + 1)), None)
        if ring is None:
            return None
        ring = ring[:count]
        found.append(ring[-np.arange(count)] if turned else ring)
    return np.concatenate(found)
