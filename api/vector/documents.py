"""What tilesets say of themselves: OGC tileset metadata, TileJSON 3, and the style around its layers."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api import describe, params, responses, stale
from api.service import Service
from api.vector import grid, style
from catalog.stac_documents import both
from twin.city import City
from twin.layer import Layer
from twin.licence import Licence, licence
from twin.revision import Revision
from twin.schema import Kind

MVT = "application/vnd.mapbox-vector-tile"
STYLE = "application/vnd.mapbox.style+json"
SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
SCHEMES = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
GEODATA = "http://www.opengis.net/def/rel/ogc/1.0/geodata"
"""From a layer of a tileset to the collection that it shows (OGC 17-083r4)."""
TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
    for name in (
        *(
            "core",
            "tileset",
            "tilesets-list",
            "geodata-tilesets",
            "dataset-tilesets",
            "collections-selection",
        ),
        *("mvt", "oas30"),
    )
)
_TYPES = {
    Kind.TEXT: {"type": "string"},
    Kind.TEXTS: {"type": "string"},  # joined, see `Sheet`
    Kind.ENUM: {"type": "string"},
    Kind.TIME: {"type": "string", "format": "date-time"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
}
_DIMENSIONS = {"point": 0, "line": 1, "area": 2, "building": 2, "model": 2}


def has_tiles(layer: Layer) -> bool:
    """Whether a layer is made of features in the plane: terrain and point clouds are not."""
    return layer.schema_.geometry not in ("terrain", "cloud")


def listed(service: Service, layer: Layer, revision: Revision | None, query: str) -> list[dict[str, str]]:
    """The link from a collection to its vector tiles, with the query that asks for its time; or none."""
    if revision is None or not has_tiles(layer):
        return []
    path = f"/ogc/collections/{layer.id}/tiles{query}"
    return [link(service, TILESETS, path, responses.JSON, "Vector tiles")]


def schemes(service: Service) -> dict[str, str]:
    """The link from the landing page to the tile matrix sets."""
    return link(service, SCHEMES, "/ogc/tileMatrixSets", responses.JSON, "Tile matrix sets")


def together(service: Service, query: str) -> dict[str, str]:
    """The link from the landing page to the vector tiles of all layers, with the query for its time."""
    return link(service, TILESETS, f"/ogc/tiles{query}", responses.JSON, "Vector tiles of all layers")


@dataclass(frozen=True, slots=True)
class Told:
    """A layer as it was at a time: one tileset."""

    service: Service
    city: City
    layer: Layer
    revision: Revision
    datetime: str | None
    """As it was asked for; every link keeps it."""

    @property
    def _base(self) -> str:
        return f"/ogc/collections/{self.layer.id}/tiles/{grid.ID}"

    @property
    def box(self) -> grid.Box:
        """Its extent within the square of the projection."""
        west, south, east, north = self.revision.bbox or self.city.area
        return west, max(south, -grid.HIGHEST), east, min(north, grid.HIGHEST)

    @property
    def title(self) -> str:
        """City and layer."""
        return f"{self.city.title.en}: {self.layer.title.en}"

    @property
    def _summary(self) -> str:
        notice = "" if self.city.notice is None else f" ({both(self.city.notice)})"
        return f"{both(self.layer.summary)}{notice}"

    @property
    def attribution(self) -> str:
        """Whom to name."""
        story = describe.provenance(self.service, self.revision)
        return self.layer.source.attribution if story is None else story.attribution

    @property
    def licence(self) -> Licence:
        """Under which the revision came to us."""
        story = describe.provenance(self.service, self.revision)
        return licence(self.layer.source.licence if story is None else story.licence)

    @property
    def stale_fields(self) -> dict[str, Any]:
        """Whether it is old, as members of a document."""
        at = None if self.datetime is None else params.asked(self.datetime, self.service.now())
        return stale.of(self.service, self.layer, at).fields()

    def asked(self, path: str) -> str:
        """A path with the time that was asked for."""
        return path if self.datetime is None else f"{path}?{urlencode({'datetime': self.datetime})}"

    def _template(self, names: str) -> str:
        """Addresses of the tiles of exactly this revision, which may be kept for ever."""
        query = {"revision": self.revision.name}
        if self.datetime is not None:
            query["datetime"] = self.datetime
        return f"{self._base}/{names}?{urlencode(query)}"

    def item(self) -> dict[str, Any]:
        """The tileset as a list of tilesets shows it: every link there can be followed as it stands."""
        service = self.service
        links = [
            link(service, "self", self.asked(self._base), responses.JSON),
            link(service, SCHEME, f"/ogc/tileMatrixSets/{grid.ID}", responses.JSON),
        ]
        return {
            "title": self.title,
            "dataType": "vector",
            "crs": grid.CRS,
            "tileMatrixSetId": grid.ID,
            "tileMatrixSetURI": grid.URI,
            "links": links,
        }

    def tileset(self) -> dict[str, Any]:
        """Tileset metadata (OGC 17-083r4)."""
        service, json = self.service, responses.JSON
        known = self.licence
        template = self._template("{tileMatrix}/{tileRow}/{tileCol}")
        more: list[dict[str, Any]] = [
            {**link(service, "item", template, MVT), "templated": True},
            link(service, "describedby", self.asked(f"{self._base}/tilejson.json"), json, "TileJSON"),
            link(service, "stylesheet", self.asked(f"{self._base}/style.json"), STYLE, "Style for maps"),
            link(service, "collection", self.asked(f"/ogc/collections/{self.layer.id}"), json),
            link(service, "license", known.url, "text/html", known.title),
        ]  # fmt: skip
        own = self.item()
        return {
            **own,
            "description": self._summary,
            "attribution": self.attribution,
            **grid.extent(self.box),
            "layers": [self.content()],
            **self.stale_fields,
            "links": own["links"] + more,
        }

    def content(self) -> dict[str, Any]:
        """The layer as tileset metadata tell of it."""
        path = self.asked(f"/ogc/collections/{self.layer.id}")
        told: dict[str, Any] = {
            "id": self.layer.id,
            "title": self.layer.title.en,
            "dataType": "vector",
            "attribution": self.attribution,
            "license": self.licence.title,
            "boundingBox": grid.bounding(self.box),
            "minTileMatrix": "0",
            "maxTileMatrix": str(grid.DEEPEST),
            "propertiesSchema": {"type": "object", "properties": self._properties()},
            "links": [link(self.service, GEODATA, path, responses.JSON)],
        }
        dimension = _DIMENSIONS.get(self.layer.schema_.geometry)
        return told if dimension is None else {**told, "geometryDimension": dimension}

    def tilejson(self) -> dict[str, Any]:
        """TileJSON 3.0.0."""
        west, south, east, north = self.box
        return {
            "tilejson": "3.0.0",
            "name": self.title,
            "description": self._summary,
            "version": f"{self.revision.number}.0.0",
            "attribution": self.attribution,
            **self.stale_fields,
            "scheme": "xyz",
            "tiles": [self.service.url(self._template("{z}/{y}/{x}"))],
            "minzoom": 0,
            "maxzoom": grid.DEEPEST,
            "bounds": [west, south, east, north],
            "center": [(west + east) / 2, (south + north) / 2, 12],
            "vector_layers": [self.vector_layer()],
        }

    def vector_layer(self) -> dict[str, Any]:
        """The layer as TileJSON tells of it."""
        return {
            "id": self.layer.id,
            "description": self.layer.title.en,
            "fields": {
                column.name: f"{column.title.en} ({column.unit})" if column.unit else column.title.en
                for column in self.layer.schema_.columns
            },
            "minzoom": 0,
            "maxzoom": grid.DEEPEST,
        }

    def style(self, values: style.Values) -> dict[str, Any]:
        """A style of the Mapbox/MapLibre Style Specification, version 8, for this layer alone."""
        at = params.asked(self.datetime, self.service.now())
        (west, south, east, north), told = self.box, self.tilejson()
        source = {name: told[name] for name in ("tiles", "minzoom", "maxzoom", "bounds", "attribution")}
        return {
            "version": 8,
            "name": self.title,
            "center": [(west + east) / 2, (south + north) / 2],
            "zoom": 12,
            "metadata": self.stale_fields,
            "sources": {self.layer.id: {"type": "vector", **source}},
            "layers": style.layers(self.layer, values, at.replace(second=0, microsecond=0)),
        }

    def _properties(self) -> dict[str, Any]:
        return {
            column.name: {
                "title": column.title.en,
                **_TYPES[column.kind],
                **({"enum": [choice.value for choice in column.choices]} if column.choices else {}),
                **({"x-ogc-unit": column.unit, "uom": column.unit} if column.unit else {}),
            }
            for column in self.layer.schema_.columns
        }


def link(service: Service, rel: str, path: str, media: str, title: str | None = None) -> dict[str, str]:
    """A link as OGC API writes it."""
    found = {"rel": rel, "href": service.url(path) if path.startswith("/") else path, "type": media}
    return found if title is None else {**found, "title": title}
