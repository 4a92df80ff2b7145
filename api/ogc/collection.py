"""A layer as a collection."""

from collections.abc import Sequence
from datetime import datetime as Instant
from typing import Any

from api import describe, negotiation, params, responses
from api.ogc.links import link, path_of
from api.routers.ogc_schemas import RESOURCES
from api.schemas import MEDIA as SCHEMA
from api.service import Service
from api.solids.forms import has_forms
from api.vector import documents as vector
from catalog.crs import CRS84, CRS84H, KNOWN
from catalog.stac_documents import both
from twin import times
from twin.city import City
from twin.layer import Layer
from twin.revision import Revision


def _temporal(
    service: Service, layer: Layer, found: Sequence[Revision], at: Instant | None
) -> dict[str, Any]:
    """From the first revision to when the source was last asked, or to `at` if that is earlier; nothing of
    what was not published by then.

    Revisions hold until the next one, but no instant after that is known; and OGC's test suite wants an end.
    """
    since = [revision.holds_from for revision in found if at is None or revision.holds_from <= at]
    if not since:
        return {}
    status = service.status(layer.id)
    last = None if status is None else status.last_success
    if last is not None:
        last = min(last, service.now() if at is None else at)
    until = max(since if last is None else [*since, last])
    return {"temporal": {"interval": [[times.iso(min(since)), times.iso(until)]]}}


def collection(service: Service, city: City, layer: Layer, datetime: str | None) -> dict[str, Any]:
    """The document at ``/ogc/collections/{layer}``, as it was at ``datetime``."""
    at = None if datetime is None else params.asked(datetime, service.now())
    told = describe.layer(service, city, layer, at)
    found = service.listing.revisions(layer.id)
    revision = service.listing.current(layer.id, at)
    box = list(city.area if revision is None or revision.bbox is None else revision.bbox)
    base, kept = f"/ogc/collections/{layer.id}", {"datetime": datetime}
    stac, kept_there = f"/stac/collections/{layer.id}", {"datetime": params.full(datetime)}
    if told["tileset"] is not None:
        told["tileset"] = service.url(path_of(f"/tiles/{layer.id}/tileset.json", kept))
    notice = "" if city.notice is None else f" ({both(city.notice)})"
    links = [
        link(service, "self", path_of(base, {"datetime": datetime}), responses.JSON),
        *negotiation.of_features("items", service.url(path_of(f"{base}/items", {"datetime": datetime}))),
        link(service, "license", told["licence"]["url"], "text/html", told["licence"]["title"]),
        link(service, "alternate", path_of(stac, kept_there), responses.JSON, "The same as STAC"),
    ]
    links += [link(service, rel, f"{base}/{name}", SCHEMA) for rel, name in RESOURCES.items()]
    links += vector.listed(service, layer, revision, path_of("", {"datetime": datetime}))
    if told["tileset"] is not None:
        links.append(link(service, "3d-tiles", told["tileset"], responses.JSON))
    return {
        "id": layer.id,
        "title": f"{city.title.en}: {layer.title.en}{notice}",
        "description": f"{both(layer.summary)}{notice}",
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [box], "crs": CRS84}, **_temporal(service, layer, found, at)},
        "crs": [*KNOWN, *([CRS84H] if has_forms(layer) else [])],
        "storageCrs": CRS84,
        "attribution": told["attribution"],
        "links": links,
        "twin": told,
    }
