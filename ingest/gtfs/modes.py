"""Means of transport: GTFS ``route_type``, the extended types, and what names tell better."""

import re
from collections.abc import Mapping

_PLAIN = {0: "tram", 1: "subway", 2: "rail", 3: "bus", 4: "ferry", 5: "cable", 6: "cable", 7: "cable"}
_PLAIN |= {11: "bus", 12: "rail"}
# Extended types (https://developers.google.com/transit/gtfs/reference/extended-route-types), by hundreds.
_HUNDREDS = {1: "rail", 2: "bus", 3: "rail", 4: "subway", 5: "subway", 6: "subway", 7: "bus", 8: "bus"}
_HUNDREDS |= {9: "tram", 10: "ferry", 12: "ferry", 13: "cable", 14: "cable"}
RANK = ("rail", "subway", "tram", "ferry", "cable", "bus", "other")
"""A station with several means is shown as the first of these that it has."""


def mode(route_type: int, name: str, named: Mapping[str, str]) -> str:
    """The means of transport of a line.

    Args:
        route_type: As the feed has it; -1 where it says none.
        name: Short name of the line, such as ``S8``.
        named: Beginning of a name → means, for lines whose name is that and a number: more to be trusted
            than a type of which publishers do not agree whether it is a tram or a train.
    """
    for start, means in named.items():
        if re.fullmatch(rf"{re.escape(start)} ?\d{{1,4}}", name[:40]):
            return means
    if 0 <= route_type < 100:
        return _PLAIN.get(route_type, "other")
    return _HUNDREDS.get(route_type // 100, "other")
