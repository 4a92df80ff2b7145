"""The functions that a filter may have beside those of CQL2 (OGC 19-079r2, 8.6), and what asks with them."""

from dataclasses import dataclass
from typing import Any

from api import responses
from api.ogc.links import link, path_of
from api.referred import has_outlines
from api.service import Service
from catalog import keys
from catalog.cql.references import MOST
from catalog.outlines import VERTICES
from twin.city import City
from twin.errors import Damaged
from twin.layer import Layer
from twin.revision import Revision

REL = "http://www.opengis.net/def/rel/ogc/1.0/functions"
_FEW = 5000
"""Features of a layer of which one is looked up for an example."""
FEATURE = {
    "name": "FEATURE",
    "description": "The geometry of a feature of another layer, as it was at the time that is asked about. "
    "With it a filter finds what lies in a district, whose outline is longer than a filter may be. At most "
    f"{MOST} features in a filter, with at most {VERTICES:,} corners each. All pages of a question have the "
    "same outlines, whatever is published meanwhile.",
    "arguments": [
        {
            "title": "layer",
            "description": "Id of a layer (muenchen.districts), or its short name (districts).",
            "type": ["string"],
        },
        {
            "title": "id",
            "description": "Id of a feature, or its publisher's (source_id): then all features that have it, "
            "together, as the pieces of a district do.",
            "type": ["string"],
        },
    ],
    "returns": ["geometry"],
}


@dataclass(frozen=True, slots=True)
class Example:
    """What of a layer lies in a feature of another one."""

    city: City
    layer: Layer
    area: Layer
    name: str

    @property
    def path(self) -> str:
        """That asks for it."""
        return within(self.layer, self.area, self.name)

    def title(self, language: str) -> str:
        """In words."""
        titles = (one.title.get(language) for one in (self.city, self.layer, self.area))
        return "{}: {} – {} {}".format(*titles, self.name)


def document(service: Service, path: str, found: list[Example]) -> dict[str, Any]:
    """The document at `path`: all functions, and links that ask with them."""
    own = link(service, "self", path, responses.JSON)
    asking = [link(service, "example", one.path, responses.GEOJSON, one.title("en")) for one in found]
    return {"functions": [FEATURE], "links": [own, *asking]}


def examples(service: Service) -> list[Example]:
    """One for each city in which there are two layers and one of them has areas, districts first."""
    found = []
    for city in service.cities():
        there = [(one, revision) for one in city.layers if (revision := _published(service, one)) is not None]
        areas = [pair for pair in there if pair[0].schema_.geometry == "area" and pair[1].features <= _FEW]
        areas.sort(key=lambda pair: not pair[0].schema_id.startswith("district/"))
        for area, revision in areas[:1]:
            name = _middle(service, city, area, revision)
            others = [layer for layer, _ in there if layer != area]
            if others and name is not None:
                found.append(Example(city, others[0], area, name))
    return found


def within(layer: Layer, area: Layer, name: str, datetime: str | None = None) -> str:
    """The path that asks for what of a layer meets a feature of another, of the same city."""
    quoted = name.replace("'", "''")
    condition = f"S_INTERSECTS(geometry, FEATURE('{area.name}', '{quoted}'))"
    return path_of(f"/ogc/collections/{layer.id}/items", {"filter": condition, "datetime": datetime})


def _published(service: Service, layer: Layer) -> Revision | None:
    return service.listing.current(layer.id) if has_outlines(layer) else None


def _middle(service: Service, city: City, layer: Layer, revision: Revision) -> str | None:
    """What the publisher calls the feature in the city's centre, else the first one; None if there is none,
    or if it cannot be read."""
    try:
        snapshot = service.features.snapshot(layer, revision)
    except Damaged as error:
        service.damaged[keys.inside(layer.id, f"{revision.snapshot}/{keys.FEATURES}")] = str(error)
        return None
    rows = [*snapshot.within((*city.centre, *city.centre)), *range(min(1, len(snapshot)))]
    names = snapshot.column("source_id").slice(int(rows[0]), 1).to_pylist() if rows else [None]
    return None if names[0] is None else str(names[0])
