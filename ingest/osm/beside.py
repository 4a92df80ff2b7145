"""What a map of OpenStreetMap shows beside buildings: streets, tracks and waters as lines, green and water as
areas.

What is private is left out, as for `ingest.osm.roads` and `ingest.osm.areas`; and what runs in a tunnel, for
it is not on the terrain.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.osm.areas import Area, areas
from ingest.osm.reading import Extract
from ingest.osm.roads import PRIVATE, TAGS, Road, shape_of
from ingest.osm.shown import AREAS, LINES

_ON_THE_GROUND = (None, "no", "building_passage", "avalanche_protector")


def beside(extract: Extract) -> Iterator[tuple[str, Road | Area]]:
    """Yield (``highway=residential``, line or area): areas first, since they put the file in order.

    Raises:
        SourceBroken: the file is damaged, or in no order and too large to be sorted here.
    """
    for area in areas(extract, dict(AREAS)):
        yield area.kind, area
    import osmium

    factory = osmium.geom.WKBFactory()
    for way in extract.ways(*LINES):
        tags = extract.tags(way.tags)
        kind = _kind(tags)
        if kind is not None:
            wkb, notes = shape_of(way, factory)
            yield kind, Road(f"way/{way.id}", {name: tags.get(name) for name in TAGS}, wkb, notes)


def _kind(tags: Mapping[str, Any]) -> str | None:
    if tags.get("access") in PRIVATE or tags.get("service") == "driveway" or tags.get("area") == "yes":
        return None
    if tags.get("tunnel") not in _ON_THE_GROUND:
        return None
    return next((f"{key}={tags[key]}" for key, values in LINES.items() if tags.get(key) in values), None)
