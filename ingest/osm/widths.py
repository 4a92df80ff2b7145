"""Widths: how wide a street or a track of a map is that does not say so, by its lanes or else by its kind.

They are the paved widths of the German rules for new streets, those of the plainest cross-section:

- RAS-Q 1996 (FGSV 295): RQ 10.5, 9.5 and 7.5 have 7.5, 6.5 and 5.5 m of carriageway, and lanes of 3.75 m on
  roads without houses, 3.5 and 3.25 m on through roads, 3.0 and 2.75 m on those that give access.
- RAA 2008 (FGSV 202): 12 m a direction on motorways (RQ 31), 6 m on ramps (Q 1).
- RASt 06 (FGSV 200): one-way streets 4.25 m, those that give access 3.5 m; footways 2.5 m.
- ERA 2010 (FGSV 284): cycleways 2.0 m, in both directions 2.5 m. DWA-A 904: tracks 3.0 m.
- Railways are as wide as their sleepers.

Where neither fits (a street for pedestrians, steps, a path) the figure is a round one of our own. Waterways
and what runs on a beam have none: a river may have 5 m or 500.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.fields.roads import osm_lanes, osm_oneway

NARROWEST_M = 3.0
"""What one lane for both directions has at least (RASt 06)."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Metres that things of one kind usually measure across."""

    both: float
    """With traffic in both directions."""
    one: float
    """With traffic in one."""
    lane: float | None = None
    """Each lane; None where lanes are not counted."""


def _alike(usual: Usual, *kinds: str) -> dict[str, Usual]:
    return dict.fromkeys(kinds, usual)


USUAL: Mapping[str, Usual] = {
    "highway=motorway": Usual(12.0, 12.0, 3.75),
    "highway=motorway_link": Usual(6.0, 6.0, 3.75),
    "highway=trunk": Usual(7.5, 7.5, 3.75),
    **_alike(Usual(7.5, 4.25, 3.5), "highway=primary", "highway=trunk_link", "highway=primary_link"),
    **_alike(Usual(6.5, 4.25, 3.25), "highway=secondary", "highway=secondary_link"),
    **_alike(Usual(5.5, 3.5, 3.0), "highway=tertiary", "highway=tertiary_link"),
    **_alike(Usual(5.5, 3.5, 2.75), "highway=unclassified", "highway=residential", "highway=road"),
    **_alike(Usual(6.5, 3.5, 3.25), "highway=busway", "highway=bus_guideway"),
    "highway=living_street": Usual(4.5, 3.5, 2.75),
    "highway=service": Usual(3.5, 3.5, 2.75),
    "highway=pedestrian": Usual(5.5, 5.5),
    "highway=track": Usual(3.0, 3.0),
    "highway=cycleway": Usual(2.5, 2.0),
    "highway=footway": Usual(2.5, 2.5),
    **_alike(Usual(2.0, 2.0), "highway=steps", "highway=bridleway"),
    "highway=path": Usual(1.5, 1.5),
    **_alike(Usual(2.6, 2.6), "railway=rail", "railway=light_rail", "railway=subway", "railway=tram"),
    "railway=narrow_gauge": Usual(1.8, 1.8),
}
"""Kind (``highway=residential``) → usual widths."""
BY_LANES = "a width that the map does not state: drawn by the number of lanes"
BY_KIND = "a width that the map does not state: drawn as usual for its kind"


def usual_width(kind: str, tags: Mapping[str, Any]) -> tuple[float, str] | None:
    """Width in metres of a thing that states none, and whence: ``derived`` (lanes) or ``assumed`` (kind).

    Args:
        kind: ``highway=residential``.
        tags: ``lanes``, ``oneway``, ``junction`` and ``highway`` are looked at.

    Returns:
        None for a kind that has no usual width.
    """
    usual = USUAL.get(kind)
    if usual is None:
        return None
    lanes = osm_lanes([tags.get("lanes")], None)
    if lanes is not None and usual.lane is not None:
        return max(NARROWEST_M, lanes * usual.lane), "derived"
    one_way = osm_oneway([tags.get(name) for name in ("oneway", "junction", "highway")], None)
    return usual.one if one_way else usual.both, "assumed"
