"""What happened to one feature over time."""

from typing import Any
from urllib.parse import quote

from api import params, responses, stale
from api.ogc.links import licence_link, link, path_of
from api.service import Service
from catalog.stac_documents import both
from twin import times
from twin.errors import NotFound


def history(service: Service, layer_id: str, feature_id: str, datetime: str | None) -> dict[str, Any]:
    """The document at ``…/items/{id}/history``; `NotFound` if the layer never had such a feature."""
    city, layer = service.layer(layer_id)
    at = params.asked(datetime, service.now())
    service.refuse_lost(layer.id)  # with a link missing nobody knows what changed when
    until = None if datetime is None else at
    story = service.history.story(service.listing.revisions(layer.id), feature_id, until)
    if story is None:
        raise NotFound(
            f"{layer.id} had no feature of this id up to this time; see /ogc/collections/{layer.id}/items"
        )
    base = f"/ogc/collections/{layer.id}"
    path = f"{base}/items/{quote(feature_id, safe='')}"
    links = [
        link(service, "self", path_of(f"{path}/history", {"datetime": datetime}), responses.JSON),
        link(service, "collection", path_of(base, {"datetime": datetime}), responses.JSON),
        licence_link(service, layer),
    ]
    if not story.gone:
        links.insert(1, link(service, "item", path_of(path, {"datetime": datetime}), responses.GEOJSON))
    return {
        "layer": layer.id,
        "id": feature_id,
        "appeared": times.iso(story.events[0].revision.holds_from),
        "gone": times.iso(story.events[-1].revision.holds_from) if story.gone else None,
        "changes": [
            {
                "at": times.iso(event.revision.holds_from),
                "revision": event.revision.name,
                "change": event.change.value,
                "columns": {
                    name: {"before": event.before.get(name), "after": value}
                    for name, value in event.after.items()
                },
            }
            for event in story.events
        ],
        "schema_changes": [
            {
                "at": times.iso(revision.holds_from),
                "revision": revision.name,
                **change.model_dump(),
            }
            for revision, change in story.columns
        ],
        "attribution": layer.source.attribution,
        **stale.of(service, layer, until).fields(),
        "notice": None if city.notice is None else both(city.notice),
        "links": links,
    }
