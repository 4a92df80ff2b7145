"""Cities and layers in the words of the interface: what collections, pages and freshness have in common."""

from datetime import datetime, timedelta
from typing import Any

from api import stale
from api.reasons import reason
from api.service import Service
from twin import times
from twin.base import Text
from twin.city import City
from twin.errors import Damaged, NotCleared, NotFound, RecipeError
from twin.layer import Layer
from twin.licence import licence
from twin.provenance import Provenance
from twin.revision import Revision
from twin.schema import Choice, Schema
from twin.status import STATE_TITLES, State, Status

_SINCE = Text(de="Wurde danach wieder geprüft.", en="Was checked again after that.")
"""Of an instant in the past for which the source was asked in time, or later."""


def city(service: Service, of: City, at: datetime | None) -> dict[str, Any]:
    """A city as the viewer needs it, as it was at `at` (None: now)."""
    tiled = any(layer.tiles and service.listing.current(layer.id, at) for layer in of.layers)
    return {
        "id": of.id,
        "title": _text(of.title),
        "notice": _text(of.notice),
        "bbox": list(of.area),
        "centre": list(of.centre),
        "languages": list(of.languages),
        "contact": of.contact,
        "tileset": service.url(f"/tiles/{of.id}/tileset.json") if tiled else None,
        "gaps": [
            {"name": gap.name, "title": _text(gap.title), "reason": _text(gap.reason)} for gap in of.gaps
        ],
    }


def freshness(service: Service, layer: Layer, at: datetime | None = None) -> dict[str, Any]:
    """State of a layer at `at` (None: now), in words and in times; and whether what is told of then is stale.

    Only the last attempts are remembered. Of an instant before them what came after it is left out (None),
    and the state is that of the answer: fresh if the source has been asked with success since.
    """
    now = service.now()
    then = now if at is None else min(at, now)
    status, told = service.status(layer.id), stale.status_of(service, layer)
    stopped = told is not None and told.error in (NotCleared.code, RecipeError.code)
    found = stale.of(service, layer, at)
    passed = at is not None and status is not None and then < status.last_attempt
    if told is None:
        state = State.SILENT
        words = Text(de="Von dieser Quelle kam noch nichts.", en="Nothing has come from this source yet.")
    elif passed:
        state, words = found.state, told.words(then) if found else _SINCE
    else:
        state, words = told.state(then), told.words(then)

    def by_then(instant: datetime | None) -> str | None:
        return None if instant is None or (at is not None and instant > then) else times.iso(instant)

    ahead = status is not None and status.was_ahead(now)  # then nobody knows when that was

    return {
        "state": state.value,
        "state_title": _text(STATE_TITLES[state]),
        "state_words": _text(words),
        "reason": None if told is None or passed else told.reason,
        "reason_words": _text(None if told is None or passed else _why(layer, told)),
        "last_attempt": None if status is None or ahead else by_then(status.last_attempt),
        "last_success": None if status is None or ahead else by_then(status.last_success),
        "last_change": None if status is None or ahead else by_then(status.last_change),
        "last_value_at": None if status is None else by_then(status.last_value_at),
        "next_due": None
        if status is None or stopped or passed or ahead
        else _time(status.next_due(layer.source.every)),
        "failures": None if passed else 0 if status is None else status.failures,
        "requests": None if passed else 0 if status is None else status.requests,
        "received": None if passed else 0 if status is None else status.received,
        "interval_s": layer.source.every // timedelta(seconds=1),
        "stale": bool(found),
        "as_of": _time(found.as_of) if found else None,
        "due_since": _time(found.due_since) if found else None,
    }


def _why(layer: Layer, told: Status) -> Text | None:
    """Why the last attempt failed, in the recipe's words where it has them."""
    if told.error == NotCleared.code and layer.source.unclear is not None:
        return layer.source.unclear
    return reason(told.error)


def layer(service: Service, of: City, layer: Layer, at: datetime | None) -> dict[str, Any]:
    """Everything about a layer as it was at `at` (None: now), published or not."""
    revision = service.listing.current(layer.id, at)
    story = provenance(service, revision)
    known = licence(layer.source.licence if story is None else story.licence)
    tiled = revision is not None and f"{revision.snapshot}/tileset.json" in revision.objects
    return {
        "city": of.id,
        "name": layer.name,
        "theme": layer.theme.value,
        "schema": layer.schema_id,
        "geometry": layer.schema_.geometry,
        "title": _text(layer.title),
        "summary": _text(layer.summary),
        "notice": _text(of.notice),
        "publisher": layer.source.publisher if story is None else story.publisher,
        "licence": {"id": known.id, "title": known.title, "url": known.url},
        "attribution": layer.source.attribution if story is None else story.attribution,
        "revision": None if revision is None else revision.number,
        "features": 0 if revision is None else revision.features,
        "published_at": None if revision is None else _time(revision.published_at),
        "holds_from": None if revision is None else _time(revision.holds_from),
        "fetched_at": None if story is None else _time(story.fetched_at),
        **freshness(service, layer, at),
        "counts": {} if story is None else story.counts,
        "heights": None if story is None or story.heights is None else story.heights.model_dump(),
        "changed": [] if story is None else [_text(text) for text in story.changed],
        "origins": [] if story is None else [origin.model_dump(mode="json") for origin in story.origins],
        **_schema(layer.schema_),
        "tileset": service.url(f"/tiles/{layer.id}/tileset.json") if tiled else None,
    }


def provenance(service: Service, revision: Revision | None) -> Provenance | None:
    """The provenance of a revision; None without one, or if it is damaged, which is remembered."""
    if revision is None:
        return None
    try:
        return service.listing.provenance(revision)
    except (Damaged, NotFound) as error:
        service.damaged[f"provenance {revision.layer}"] = str(error)
        return None


def _schema(schema: Schema) -> dict[str, Any]:
    return {
        "columns": [
            {
                "name": column.name,
                "title": _text(column.title),
                "kind": column.kind.value,
                "unit": column.unit,
                "choices": _titled(column.choices),
                **({"codelist": _titled(column.codelist)} if column.codelist else {}),
                "breaks": column.breaks,
                "alternatives": column.alternatives,
            }
            for column in schema.columns
        ],
        "properties": [{"name": p.name, "title": _text(p.title), "unit": p.unit} for p in schema.properties],
    }


def _titled(values: tuple[Choice, ...]) -> list[dict[str, Any]]:
    return [{"value": each.value, "title": _text(each.title)} for each in values]


def _text(text: Text | None) -> dict[str, str] | None:
    """In each language that it is written in."""
    return None if text is None else text.model_dump()


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else times.iso(instant)
