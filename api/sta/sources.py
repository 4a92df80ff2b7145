"""Where a layer's values come from, as documents say it."""

from datetime import datetime

from api import describe, stale
from api.service import Service
from catalog.stac_documents import both
from twin import times
from twin.city import City
from twin.layer import Layer
from twin.licence import licence
from twin.status import AHEAD


def source(service: Service, city: City, layer: Layer, at: datetime | None) -> dict[str, object]:
    """Who publishes a layer, under which licence, and whether the source answered until `at` (None: now)."""
    story = None if at is None else describe.provenance(service, service.listing.current(layer.id, at))
    terms = layer.source if story is None else story
    known = licence(terms.licence)
    status = service.status(layer.id)
    success, found = None if status is None else status.last_success, stale.of(service, layer, at)
    if success is not None and success > (service.now() + AHEAD if at is None else at):
        success = None  # it was not known then, or by a wrong clock; what came before it is not kept
    told: dict[str, object] = {
        "layer": layer.id,
        "city": city.id,
        "publisher": terms.publisher,
        "attribution": terms.attribution,
        "licence": known.id,
        "licence_url": known.url,
        "state": found.state.value,
        "last_success": None if success is None else times.iso(success),
        **found.fields(),
    }
    return told if city.notice is None else {**told, "notice": both(city.notice)}
