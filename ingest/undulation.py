"""How far the geoid may lie above the ellipsoid: a slip of the point puts a whole city under the ground."""

EARTH = (-110.0, 90.0)
"""Metres: EGM2008 lies between -106.6 south of India and 85.4 in New Guinea."""
_GERMANY = (5.8, 47.2, 15.1, 55.1)
"""West, south, east, north."""
_GERMAN = (33.0, 52.0)
"""Metres: GCG2016 lies between 36 and 50; a little more."""


def in_germany(lon: float, lat: float) -> bool:
    """Whether a position (WGS 84) may lie in Germany."""
    west, south, east, north = _GERMANY
    return west <= lon <= east and south <= lat <= north


def misstated(undulation_m: float, lon: float, lat: float) -> str | None:
    """What is wrong with a stated undulation at a position; None if it may be right."""
    low, high, where = (*_GERMAN, "in Germany") if in_germany(lon, lat) else (*EARTH, "on earth")
    if low <= undulation_m <= high:
        return None
    return (
        f"is {undulation_m:g}: {where} the geoid lies {low:g} to {high:g} m above the ellipsoid; "
        "look at sign and point"
    )
