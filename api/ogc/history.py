"""What happened to one feature over time."""

from datetime import datetime as Instant
from typing import Any
from urllib.parse import quote

from api import continued, describe, params, responses, stale
from api.ogc.links import licence_link, link, path_of
from api.service import Service
from catalog import several
from catalog.changes import Change
from catalog.history import Event, Story
from catalog.revisions import pick
from catalog.stac_documents import both
from twin import times
from twin.errors import NotFound, RequestError
from twin.revision import Revision

USUAL = 100
"""Changes of a page if nobody asks for another number."""


def history(
    service: Service,
    layer_id: str,
    feature_id: str,
    datetime: str | None,
    limit: int = USUAL,
    token: str | None = None,
) -> dict[str, Any]:
    """The document at ``…/items/{id}/history``, the oldest change first.

    Args:
        service: The store.
        layer_id: Whose feature.
        feature_id: Its id.
        datetime: As asked for; only what held until then is told.
        limit: Changes of a page.
        token: From a next link. Following pages know the revisions that the first one knew and no others, so
            that nothing comes twice or is lost, even if something is put into the past meanwhile.

    Raises:
        NotFound: the layer never had such a feature.
    """
    city, layer = service.layer(layer_id)
    service.refuse_lost(layer.id)  # with a link missing nobody knows what changed when
    found = service.listing.revisions(layer.id)
    at = params.asked(datetime, service.now())
    # a source's clock may be ahead of ours: without a time all there is is told
    known = [one.holds_from for one in found if datetime is None or one.holds_from <= at]
    if params.open_ended(datetime) and known:
        at = max(known)  # nothing has happened since: the same answer has the same bytes
    question = f"history {feature_id} {datetime or ''}"
    start = 0
    if token is not None:
        found, start, at = _known(found, token, question)
    until = None if datetime is None else at
    story = service.history.story(found, feature_id, until)
    if story is None:
        raise NotFound(
            f"{layer.id} had no feature of this id up to this time; see /ogc/collections/{layer.id}/items"
        )
    if start >= len(story.events):  # the store has lost a revision since
        raise _lost()
    # as of items: asked about a time, the terms are those of what held then
    then = None if datetime is None else describe.provenance(service, pick(found, at))
    limit = min(limit, params.MOST)
    base = f"/ogc/collections/{layer.id}"
    path = f"{base}/items/{quote(feature_id, safe='')}"
    end = min(start + limit, len(story.events))
    asked = {"datetime": datetime, "limit": None if limit == USUAL else str(limit), "token": token}
    links = [link(service, "self", path_of(f"{path}/history", asked), responses.JSON)]
    if end < len(story.events):
        seal = continued.write(max(found, key=lambda one: one.number), question, end, at)
        following = path_of(f"{path}/history", {**asked, "token": seal})
        links.append(link(service, "next", following, responses.JSON))
    if not story.gone:
        links.append(link(service, "item", path_of(path, {"datetime": datetime}), responses.GEOJSON))
    links.append(link(service, "collection", path_of(base, {"datetime": datetime}), responses.JSON))
    return {
        "layer": layer.id,
        "id": feature_id,
        "appeared": times.iso(story.events[0].revision.holds_from),
        "gone": times.iso(story.events[-1].revision.holds_from) if story.gone else None,
        "numberMatched": len(story.events),
        "numberReturned": end - start,
        "changes": [_change(service, path, story, place) for place in range(start, end)],
        "schema_changes": [
            {"at": times.iso(revision.holds_from), "revision": revision.name, **change.model_dump()}
            for revision, change in story.columns
            if _from(story, start) <= revision.holds_from
            and (end == len(story.events) or revision.holds_from < _from(story, end))
        ],
        "attribution": layer.source.attribution if then is None else then.attribution,
        **stale.of(service, layer, None if params.open_ended(datetime) else until).fields(),
        "notice": None if city.notice is None else both(city.notice),
        "links": [*links, licence_link(service, layer, then)],
    }


def _known(found: list[Revision], token: str, question: str) -> tuple[list[Revision], int, Instant]:
    """The revisions that the first page knew, how many changes come before this one, and their instant."""
    newest = continued.number(token)
    revision = next((one for one in found if one.number == newest), None)
    if revision is None:
        raise _lost()
    return [one for one in found if one.number <= newest], *continued.place(token, revision, question)


def _lost() -> RequestError:
    return RequestError("token names a revision that is not there; begin at the first page, without it")


def _from(story: Story, place: int) -> Instant:
    return story.events[place].revision.holds_from


def _change(service: Service, path: str, story: Story, place: int) -> dict[str, Any]:
    """A change, and from when until when it is as this change left it (half-open)."""
    event: Event = story.events[place]
    since = times.iso(event.revision.holds_from)
    last = place + 1 == len(story.events)
    there = event.change is not Change.GONE
    return {
        "at": since,
        "from": since,
        "to": None if last else times.iso(_from(story, place + 1)),
        "revision": event.revision.name,
        "change": event.change.value,
        "columns": {name: _sides(event.before.get(name), value) for name, value in event.after.items()},
        "links": [link(service, "item", path_of(path, {"datetime": since}), responses.GEOJSON)]
        if there
        else [],
    }


def _sides(before: Any, after: Any) -> dict[str, Any]:
    """A column before and after; of a list also what came and what went."""
    found = several.gained(before, after)
    more = {} if found is None else {"added": found[0], "removed": found[1]}
    return {"before": before, "after": after, **more}
