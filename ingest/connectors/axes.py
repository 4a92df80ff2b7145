"""Which axis comes first: it depends on how a CRS is written, not only on which it is."""

import re
from functools import lru_cache

_STRICT = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/)", re.IGNORECASE)
FARTHEST = 1e9
"""No coordinate of a place on earth is as large, in whatever unit down to centimetres."""


@lru_cache(maxsize=64)
def northing_first(name: str) -> bool:
    """Whether coordinates come as latitude (northing) first.

    Names in the form of a URN or of OGC's register mean the order that the CRS itself defines; the short
    ``EPSG:4326`` and the older ``…/gml/srs/epsg.xml#4326`` mean longitude (easting) first.

    Raises:
        UnknownCRS: nobody knows it.
    """
    from pyproj import CRS

    from tiles.geodesy import resolve_crs

    if not _STRICT.match(name.strip()):
        return False
    code = resolve_crs(name)
    if code == "OGC:CRS84":
        return False
    return bool(CRS(code.split("+")[0]).axis_info[0].direction == "north")
