"""Shown: the tags by which OpenStreetMap's streets, tracks, waters and greens are known."""

from collections.abc import Mapping

CLASSES = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary"),
        *("secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street"),
        *("service", "pedestrian", "cycleway", "footway", "path", "track", "steps", "bridleway", "busway"),
        *("bus_guideway", "road"),
    }
)
"""Values of ``highway`` that are ways to move along; not those that are planned, built, stood or sat on."""
LINES: Mapping[str, frozenset[str]] = {
    "highway": CLASSES,
    "railway": frozenset(
        {"rail", "light_rail", "tram", "subway", "narrow_gauge", "funicular", "monorail", "miniature"}
    ),
    "waterway": frozenset({"river", "stream", "canal", "ditch", "drain"}),
}
"""Key → values of ways that are drawn as lines."""
AREAS: Mapping[str, frozenset[str]] = {
    "natural": frozenset(
        {
            *("water", "wood", "scrub", "grassland", "heath", "wetland", "beach", "sand", "bare_rock"),
            *("scree", "glacier"),
        }
    ),
    "waterway": frozenset({"riverbank", "dock"}),
    "landuse": frozenset(
        {
            *("forest", "grass", "meadow", "recreation_ground", "village_green", "allotments", "cemetery"),
            *("orchard", "vineyard", "farmland", "reservoir", "basin"),
        }
    ),
    "leisure": frozenset({"park", "pitch", "playground", "golf_course", "common"}),
}
"""Key → values of closed ways and multipolygons that are drawn as areas."""
