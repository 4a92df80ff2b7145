"""Where a feature comes from: source → fetched → changed → checked → published; and its values."""

from datetime import datetime as Instant
from typing import Any
from urllib.parse import quote

import orjson

from api import params, responses, stale
from api.ogc import prov
from api.ogc.links import licence_link, link, path_of
from api.service import Service
from catalog import keys, observations, runs, whences
from catalog.question import ALL
from catalog.stac_documents import both
from twin import times
from twin.decision import ACT_TITLES
from twin.errors import NotFound, RequestError
from twin.layer import Layer
from twin.provenance import Provenance
from twin.revision import Revision
from twin.whence import Piece

_MOST = 200
"""Bodies that are named one by one; how many there were is always said."""
_VALUE = "property and observed_at ask for one value and go together; give both or neither"


def provenance(
    service: Service,
    layer_id: str,
    feature_id: str,
    datetime: str | None,
    name: str | None = None,
    observed_at: str | None = None,
) -> dict[str, Any]:
    """The document at ``…/items/{id}/provenance``.

    Args:
        service: The store.
        layer_id: Whose feature.
        feature_id: Its id.
        datetime: As asked for; the revision that held then.
        name: An observed property, for the chain of one of its values.
        observed_at: Of which instant.

    Raises:
        NotFound: there was no such feature or value then.
    """
    city, layer = service.layer(layer_id)
    at = params.asked(datetime, service.now())
    until = None if datetime is None else at
    revision = service.held(layer.id, until)
    found = service.features.one(layer, revision, at, feature_id, ALL)
    base = f"/ogc/collections/{layer.id}"
    path = f"{base}/items/{quote(feature_id, safe='')}"
    if found is None:
        raise NotFound(f"{layer.id} has no feature of this id at this time; see {base}/items")
    told = service.listing.provenance(revision)
    lay = _lay(service, layer, revision, told, feature_id)
    story = service.history.story(service.listing.revisions(layer.id), feature_id, until)
    if (name is None) != (observed_at is None):
        raise RequestError(_VALUE)
    kept = {"datetime": datetime}
    asked = {**kept, "property": name, "observed_at": observed_at}
    body = {
        "layer": layer.id,
        "id": feature_id,
        "since": None if story is None else times.iso(story.events[-1].revision.holds_from),
        "chain": _chain(layer, revision, told, lay, orjson.loads(found)["properties"]),
        "attribution": told.attribution,
        "notice": None if city.notice is None else both(city.notice),
        **stale.of(service, layer, until).fields(),
        "links": [
            link(service, "self", path_of(f"{path}/provenance", asked), responses.JSON),
            link(service, "item", path_of(path, kept), responses.GEOJSON),
            link(service, "version-history", path_of(f"{path}/history", kept), responses.JSON),
            link(service, "collection", path_of(base, kept), responses.JSON),
            link(
                service,
                "via",
                f"/stac/collections/{layer.id}/items/{revision.name}/provenance.json",
                responses.JSON,
                "Of the whole revision",
            ),
            licence_link(service, layer, told),
        ],
    }
    if name is not None and observed_at is not None:
        body["observation"] = _value(service, layer, feature_id, name, times.parse(observed_at), until)
    body["prov"] = prov.document(layer, revision, told, service.url(path), lay)
    return body


def _lay(
    service: Service, layer: Layer, revision: Revision, told: Provenance, feature_id: str
) -> Piece | None:
    """The body (or the file in it) in which a feature lay; None where nobody wrote it down."""
    if len(told.origins) == 1 and f"{revision.snapshot}/{keys.WHENCE}" not in revision.objects:
        return Piece(0)
    row = service.features.snapshot(layer, revision).row(feature_id)
    return None if row is None else whences.read(service.store, revision, row)


def _chain(
    layer: Layer, revision: Revision, told: Provenance, lay: Piece | None, properties: dict[str, Any]
) -> list[dict[str, Any]]:
    """The steps, in the order in which they happened."""
    gate = [
        {
            "act": one.act.value,
            "title": ACT_TITLES[one.act].model_dump(),
            "found": one.found,
            "column": one.column,
            "count": one.count,
            "reason": one.reason.model_dump(),
        }
        for one in told.gate
    ]
    return [
        {
            "step": "source",
            "publisher": told.publisher,
            "addresses": list(dict.fromkeys(origin.url for origin in told.origins))[:_MOST],
            "licence": {"id": told.licence, "title": told.licence_title, "url": told.licence_url},
            "attribution": told.attribution,
        },
        {
            "step": "fetched",
            "at": times.iso(told.fetched_at),
            "count": len(told.origins),
            "bodies": [_body(origin) for origin in told.origins[:_MOST]],
            "file": None if lay is None else {**_body(told.origins[lay.origin]), "inside": lay.file},
        },
        {
            "step": "changed",
            "software": told.software,
            "recipe_sha256": told.recipe_sha256,
            "schema": told.schema_id,
            "columns": told.columns,
            "changed": [text.model_dump() for text in told.changed],
            "heights": None if told.heights is None else told.heights.model_dump(),
            "derived": _derived(layer, properties),
            "position": _position(layer, properties),
            "repairs": told.notes,
        },
        {"step": "checked", "counts": told.counts, "gate": gate, "reasons": told.reasons},
        {
            "step": "published",
            "revision": revision.name,
            "published_at": times.iso(revision.published_at),
            "holds_from": times.iso(revision.holds_from),
            "digest": revision.digest,
        },
    ]


def _body(origin: Any) -> dict[str, Any]:
    fetched = times.iso(origin.fetched_at)
    return {"url": origin.url, **origin.checksum, "bytes": origin.size, "fetched_at": fetched}


def _derived(layer: Layer, properties: dict[str, Any]) -> list[dict[str, Any]]:
    """By which rule values of this very feature came about, where a column says so (``height_source``)."""
    found = []
    for column in layer.schema_.columns:
        rule = properties.get(column.name)
        if column.name.endswith("_source") and column.choices and rule is not None:
            title = next((c.title.model_dump() for c in column.choices if c.value == rule), None)
            found.append({"of": column.name.removesuffix("_source"), "rule": rule, "title": title})
    return found


def _position(layer: Layer, properties: dict[str, Any]) -> str:
    """``recipe`` where the recipe states the station's position for want of the source's own; ``source``."""
    stated = {properties.get(name) for name in ("station", "source_id")} & layer.stations.keys()
    return "recipe" if stated else "source"


def _value(
    service: Service, layer: Layer, feature_id: str, name: str, observed: Instant, until: Instant | None
) -> dict[str, Any]:
    """All that was ever known of one value, and from which bytes each version of it came."""
    versions = []
    if until is None or observed <= until:
        versions = observations.versions(service.store, layer.id, feature_id, name, observed)
    if not versions:
        raise NotFound(
            f"there is no value of this property at this instant; see the feature's Datastreams at "
            f"/sta/v1.1/Datastreams and the properties of {layer.id} at /ogc/collections/{layer.id}"
        )
    told = []
    for version in versions:
        run = runs.read(service.store, layer.id, version.recorded_at)
        told.append(
            {
                "recorded_at": times.iso(version.recorded_at),
                "value": version.value,
                "unit": version.unit,
                "quality": version.quality,
                "recipe_sha256": None if run is None else run.recipe_sha256,
                "software": None if run is None else run.software,
                "bodies": None if run is None else [_body(origin) for origin in run.origins[:_MOST]],
            }
        )
    return {"property": name, "observed_at": times.iso(observed), "versions": told}
