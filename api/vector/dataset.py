"""All layers as one tileset, or those that are named: OGC API Tiles, classes dataset-tilesets and
collections-selection."""

from dataclasses import dataclass
from typing import Any

from api import params, responses, stale
from api.ogc.links import path_of
from api.service import Service
from api.vector import answers, grid, style
from api.vector.documents import MVT, SCHEME, STYLE, Told, link
from api.vector.kept import Tiles
from catalog import deadline
from catalog.stac_documents import both
from twin.errors import Damaged

ROOT = "/ogc/tiles"
BASE = f"{ROOT}/{grid.ID}"
DATASET = "http://www.opengis.net/def/rel/ogc/1.0/dataset"
"""From a tileset to what all of it shows (OGC 17-083r4)."""
SOURCE = "dataset"
"""Name of the tiles within the style."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Layers as they were at a time: one tileset."""

    service: Service
    layers: tuple[Told, ...]
    """Those that had been published, in the order in which they were named."""
    collections: str | None
    """As they were asked for, and the time, too; every link keeps both."""
    datetime: str | None

    @property
    def box(self) -> grid.Box:
        """Around all layers."""
        west, south, east, north = zip(*(told.box for told in self.layers), strict=True)
        return min(west), min(south), max(east), max(north)

    @property
    def headers(self) -> dict[str, str]:
        """Which of the layers are old."""
        at = None if self.datetime is None else params.asked(self.datetime, self.service.now())
        return stale.headers(self.service, (told.layer for told in self.layers), at)

    @property
    def _title(self) -> str:
        titles = dict.fromkeys(told.city.title.en for told in self.layers)
        return next(iter(titles)) if len(titles) == 1 else "Stadtzwilling"

    @property
    def _summary(self) -> str:
        cities = {told.city.id: told.city for told in self.layers}.values()
        notices = [f" {city.title.en}: {both(city.notice)}." for city in cities if city.notice is not None]
        return f"All layers with vector tiles, or those that were named.{''.join(notices)}"

    @property
    def _attribution(self) -> str:
        return "; ".join(dict.fromkeys(told.attribution for told in self.layers))

    @property
    def _stale(self) -> dict[str, bool]:
        """Whether any is; of `layers` each says more."""
        return {"stale": bool(self.headers)}

    def asked(self, path: str) -> str:
        """A path with the time and the collections that were asked for."""
        return path_of(path, {"collections": self.collections, "datetime": self.datetime})

    def item(self) -> dict[str, Any]:
        """The tileset as a list of tilesets shows it."""
        return {
            "title": self._title,
            "dataType": "vector",
            "crs": grid.CRS,
            "tileMatrixSetId": grid.ID,
            "tileMatrixSetURI": grid.URI,
            "links": [
                link(self.service, "self", self.asked(BASE), responses.JSON),
                link(self.service, SCHEME, f"/ogc/tileMatrixSets/{grid.ID}", responses.JSON),
            ],
        }

    def listed(self) -> dict[str, Any]:
        """The list of tilesets: this one, or none if none of its layers had been published."""
        links = [
            link(self.service, "self", self.asked(ROOT), responses.JSON),
            link(self.service, "up", path_of("/ogc", {"datetime": self.datetime}), responses.JSON),
        ]
        return {"tilesets": [self.item()] if self.layers else [], "links": links}

    def tileset(self) -> dict[str, Any]:
        """Tileset metadata (OGC 17-083r4)."""
        service, own = self.service, self.item()
        template = self.asked(f"{BASE}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}")
        known = dict.fromkeys(told.licence for told in self.layers)
        more: list[dict[str, Any]] = [
            {**link(service, "item", template, MVT), "templated": True},
            link(service, "describedby", self.asked(f"{BASE}/tilejson.json"), responses.JSON, "TileJSON"),
            link(service, "stylesheet", self.asked(f"{BASE}/style.json"), STYLE, "Style for maps"),
            link(service, DATASET, path_of("/ogc", {"datetime": self.datetime}), responses.JSON),
            *(link(service, "license", one.url, "text/html", one.title) for one in known),
        ]
        return {
            **own,
            "description": self._summary,
            "attribution": self._attribution,
            **grid.extent(self.box),
            "layers": [told.content() | told.stale_fields for told in self.layers],
            **self._stale,
            "links": own["links"] + more,
        }

    def tilejson(self) -> dict[str, Any]:
        """TileJSON 3.0.0."""
        west, south, east, north = self.box
        return {
            "tilejson": "3.0.0",
            "name": self._title,
            "description": self._summary,
            "attribution": self._attribution,
            **self._stale,
            "scheme": "xyz",
            "tiles": [self.service.url(self.asked(f"{BASE}/{{z}}/{{y}}/{{x}}"))],
            "minzoom": 0,
            "maxzoom": grid.DEEPEST,
            "bounds": [west, south, east, north],
            "center": [(west + east) / 2, (south + north) / 2, 12],
            "vector_layers": [told.vector_layer() for told in self.layers],
        }

    def style(self, tiles: Tiles) -> dict[str, Any]:
        """A style of the Mapbox/MapLibre Style Specification, version 8.

        Layers that were named are drawn in that order, the first lowest; else points on lines on areas.
        """
        at = params.asked(self.datetime, self.service.now()).replace(second=0, microsecond=0)
        named = self.collections is not None
        with deadline.within(self.service.settings.query_s):
            drawn = [
                (style.place(told.layer, one), {**one, "source": SOURCE})
                for told in self.layers
                for one in style.layers(told.layer, ColumnValues(self.service, told, tiles, named), at)
            ]
        if self.collections is None:
            drawn.sort(key=lambda pair: pair[0])
        told = self.tilejson()
        source = {name: told[name] for name in ("tiles", "minzoom", "maxzoom", "bounds", "attribution")}
        return {
            "version": 8,
            "name": self._title,
            "center": told["center"][:2],
            "zoom": 12,
            "metadata": self._stale,
            "sources": {SOURCE: {"type": "vector", **source}},
            "layers": [one for _, one in drawn],
        }


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """Of a layer's features, read only if a style asks for them: few do."""

    service: Service
    told: Told
    tiles: Tiles
    named: bool
    """Whether the layer was asked for by its name."""

    def values(self, column: str) -> set[Any]:
        """The different values of a column; of a layer that is damaged and was not named, none."""
        deadline.check()
        try:
            with answers.noticing(self.service, self.told.revision):
                return self.tiles.values(self.told.revision, column)
        except Damaged:
            if self.named:
                raise
            return set()  # its tiles are left out, too
