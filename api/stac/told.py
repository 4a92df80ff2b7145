"""The documents of the static catalog with links for HTTP."""

from threading import Lock
from typing import Any

from api import describe, params, responses, schemas, stale
from api.ogc.links import path_of
from api.service import Service
from catalog import keys, stac_item
from catalog import stac_documents as stac
from catalog.revisions import pick
from catalog.stac_stories import Story, story_of
from twin.city import City
from twin.layer import Layer
from twin.revision import Revision

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SORTABLES = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
_STORIES = 100_000


class Told:
    """Catalogs, collections and items of a service, in the words of STAC."""

    def __init__(self, service: Service) -> None:
        """Tell of `service`."""
        self.service = service
        self._lock = Lock()
        self._stories: dict[tuple[str, str], Story] = {}

    def published(self) -> list[tuple[City, Layer]]:
        """The layers that have a revision."""
        listing = self.service.listing
        return [(city, layer) for city, layer in self.service.layers() if listing.revisions(layer.id)]

    def there(self, datetime: str | None) -> list[tuple[City, Layer]]:
        """The published layers that had begun by the end of ``datetime``."""
        if datetime is None:
            return self.published()
        at = params.asked(datetime, self.service.now())
        current = self.service.listing.current
        return [(city, layer) for city, layer in self.published() if current(layer.id, at) is not None]

    def catalog(self, datetime: str | None = None) -> dict[str, Any]:
        """The root as it was at ``datetime``, with the links of the static one; those to layers keep it."""
        layers = [layer for _, layer in self.there(datetime)]
        document = stac.catalog(self.service.cities(), layers, self._address)
        for link in document["links"]:
            if link["rel"] in ("root", "child"):
                link["href"] = path_of(link["href"], {"datetime": datetime})
        return document

    def collection(self, city: City, layer: Layer, datetime: str | None = None) -> dict[str, Any]:
        """A published layer as it was at `datetime`, with the revisions that held by then, and how fresh.

        Before its first revision it is there, as at ``/ogc``, and has nothing.
        """
        at = None if datetime is None else params.asked(datetime, self.service.now())
        kept = {"datetime": datetime}
        known = self.service.listing.revisions(layer.id)
        found = [r for r in known if at is None or r.holds_from <= at]
        first = min(known, key=lambda r: r.holds_from)
        document = stac.collection(city, layer, found or [first], self._address, listed=False)
        story = describe.provenance(self.service, pick(found)) if at is not None else None
        if story is not None:  # the terms of then, not those of today's recipe
            document["license"], document["attribution"] = story.licence, story.attribution
            for link in document["links"]:
                if link["rel"] == "license":
                    link |= {"href": story.licence_url, "title": story.licence_title}
        if not found:  # it had not begun: its extent says when it does
            document["table:row_count"] = 0
            document["links"] = [one for one in document["links"] if one["rel"] != "3d-tiles"]
        path = f"/stac/collections/{layer.id}"
        for link in document["links"]:
            if link["rel"] == "3d-tiles":  # of the layer as it is at any time
                link["href"] = self.service.url(path_of(f"/tiles/{layer.id}/tileset.json", kept))
            elif link["rel"] in ("root", "parent"):
                link["href"] = path_of(link["href"], kept)
        document["links"] += [
            self.link("self", path_of(path, kept), responses.JSON),
            self.link("items", path_of(f"{path}/items", kept), responses.GEOJSON),
            self.link(QUERYABLES, f"{path}/queryables", schemas.MEDIA),
            self.link(SORTABLES, f"{path}/sortables", schemas.MEDIA),
            self.link(
                "alternate", path_of(f"/ogc/collections/{layer.id}", kept), responses.JSON, "Its features"
            ),
        ]
        document["twin:freshness"] = describe.freshness(self.service, layer, at)
        return document

    def item(self, city: City, revision: Revision) -> dict[str, Any]:
        """A revision; `Damaged` or `NotFound` if its provenance cannot be read."""
        found = self.service.listing.revisions(revision.layer)
        before = max((r for r in found if r.number < revision.number), key=_number, default=None)
        story = self.service.listing.provenance(revision)
        document = stac_item.item(city, revision, story, self._address, before=before, joined=True)
        path = f"/stac/collections/{revision.layer}/items/{revision.name}"
        place = f"layers/{revision.layer}/{revision.snapshot}/"
        for about in (*document["links"], *document["assets"].values()):
            if about["href"].startswith(place):
                name = about["href"].removeprefix(place)
                tiles = f"/tiles/{revision.layer}/r/{revision.name}/tileset.json"
                about["href"] = self.service.url(tiles if name == keys.TILESET else f"{path}/{name}")
        document["links"].append(self.link("self", path, responses.GEOJSON))
        newest = self.service.listing.current(revision.layer)
        layer = city.layer(revision.layer)
        if newest is not None and newest.number == revision.number and layer is not None:
            document["properties"] |= stale.of(self.service, layer).fields("twin:")
        return document

    def story(self, city: City, revision: Revision) -> Story | None:
        """What can be searched of a revision's provenance; None if it cannot be read, which is remembered."""
        key = (revision.layer, revision.snapshot)
        with self._lock:
            known = self._stories.get(key)
        if known is not None:
            return known
        told = describe.provenance(self.service, revision)
        if told is None:
            return None
        made = story_of(told, stac_item.keywords(city, told))
        with self._lock:
            if len(self._stories) >= _STORIES:
                self._stories.clear()
            self._stories[key] = made
        return made

    def link(self, rel: str, path: str, media: str, title: str | None = None) -> dict[str, Any]:
        """A link to an address of this service."""
        link = {"rel": rel, "href": self.service.url(path), "type": media}
        return link if title is None else {**link, "title": title}

    def _address(self, place: str) -> str:
        """A place in the static catalog → its address; files of layers are left to who knows them."""
        parts = place.split("/")
        if place == stac.ROOT:
            return self.service.url("/stac")
        if parts[0] != "stac":
            return place
        if parts[-1] == "collection.json":
            return self.service.url(f"/stac/collections/{parts[1]}")
        return self.service.url(f"/stac/collections/{parts[1]}/items/{parts[2].removesuffix('.json')}")


def _number(revision: Revision) -> int:
    return revision.number
