"""STAC 1.1 catalogs and collections, made from cities and revisions; the same for files and for HTTP.

Links name their target by its place in the store (``stac/catalog.json``,
``layers/<layer>/snapshots/…/features.parquet``); a `Link` turns it into the address to be written.
"""

from collections.abc import Callable, Sequence
from typing import Any

from catalog import keys
from catalog.stac_table import TABLE, columns
from twin import times
from twin.base import Text
from twin.city import City
from twin.layer import Layer
from twin.licence import licence
from twin.revision import Revision

VERSION = "1.1.0"
ROOT = "stac/catalog.json"
PARQUET = "application/vnd.apache.parquet"
JSON = "application/json"
GEOJSON = "application/geo+json"
PROJECTION = "https://stac-extensions.github.io/projection/v2.0.0/schema.json"
WEB_MAP_LINKS = "https://stac-extensions.github.io/web-map-links/v1.2.0/schema.json"
Link = Callable[[str], str]
"""Place of the target in the store → what to write as href."""

ASSETS: dict[str, dict[str, Any]] = {
    "features": {
        "title": "Features as GeoParquet 1.1",
        "type": PARQUET,
        "roles": ["data"],
        "proj:code": "OGC:CRS84",
    },
    "tileset": {"title": "3D Tiles 1.1", "type": JSON, "roles": ["data", "visual"], "proj:code": "EPSG:4978"},
    "provenance": {
        "title": "Where the data come from and what was changed",
        "type": JSON,
        "roles": ["metadata"],
    },
}
"""Asset → what is the same for all revisions of all layers."""


def collection_place(layer_id: str) -> str:
    """Place of a layer's collection."""
    return f"stac/{layer_id}/collection.json"


def item_place(layer_id: str, revision: str) -> str:
    """Place of a revision's item."""
    return f"stac/{layer_id}/{revision}.json"


def tileset_place(revision: Revision) -> str | None:
    """Place of a revision's tileset; None if it has no tiles."""
    relative = f"{revision.snapshot}/{keys.TILESET}"
    return keys.inside(revision.layer, relative) if relative in revision.objects else None


def tiles_link(revision: Revision, link: Link) -> list[dict[str, str]]:
    """The link by which maps show a revision's tiles; none without tiles."""
    place = tileset_place(revision)
    return [] if place is None else [{"rel": "3d-tiles", "href": link(place), "type": JSON}]


def catalog(cities: Sequence[City], layers: Sequence[Layer], link: Link) -> dict[str, Any]:
    """The root catalog over the given layers."""
    names = ", ".join(city.title.en for city in cities) or "no city yet"
    notices = dict.fromkeys(f"{c.title.en}: {both(c.notice)}" for c in cities if c.notice is not None)
    return {
        "type": "Catalog",
        "stac_version": VERSION,
        "id": "stadtzwilling",
        "title": "Stadtzwilling",
        "description": ". ".join([f"Digital twin of {names}: one collection for each layer", *notices]) + ".",
        "links": [
            {"rel": "root", "href": link(ROOT), "type": JSON, "title": "Stadtzwilling"},
            *(
                {
                    "rel": "child",
                    "href": link(collection_place(layer.id)),
                    "type": JSON,
                    "title": layer.title.en,
                }
                for layer in layers
            ),
        ],
    }


def collection(
    city: City, layer: Layer, found: Sequence[Revision], link: Link, *, listed: bool = True
) -> dict[str, Any]:
    """The collection of a layer with at least one revision.

    Args:
        city: The layer's.
        layer: The layer.
        found: All its revisions.
        link: For its places.
        listed: Whether it links to every item: files must, a server has a link to all of them.
    """
    boxes = {revision.bbox for revision in found if revision.bbox is not None}  # a layer keeps its place
    published = [revision.published_at for revision in found]
    lows = [min(box[i] for box in boxes) for i in (0, 1)] if boxes else list(city.area[:2])
    highs = [max(box[i] for box in boxes) for i in (2, 3)] if boxes else list(city.area[2:])
    known = licence(layer.source.licence)
    holds = [revision.holds_from for revision in found]
    latest = max(holds)
    newest = max((r for r, at in zip(found, holds, strict=True) if at == latest), key=lambda r: r.number)
    maps = tiles_link(newest, link)
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "stac_extensions": [PROJECTION, TABLE, *([WEB_MAP_LINKS] if maps else [])],
        "id": layer.id,
        "title": noted(f"{city.title.en}: {layer.title.en}", city.notice),
        "description": description(layer.summary, layer.source.attribution, city.notice),
        "keywords": _keywords(city, layer),
        "license": known.id,
        "attribution": layer.source.attribution,
        "providers": providers(city, layer.source.publisher),
        "created": times.iso(min(published)),
        "updated": times.iso(max(published)),
        "table:columns": columns(layer.schema_),
        "table:primary_geometry": "geometry",
        "table:row_count": newest.features,
        "twin:city": city.id,
        "twin:theme": layer.theme.value,
        "twin:schema": layer.schema_.id,
        "extent": {
            "spatial": {"bbox": [[*lows, *highs]]},
            "temporal": {"interval": [[times.iso(min(holds)), None]]},
        },
        "item_assets": ASSETS,
        "links": [
            {"rel": "root", "href": link(ROOT), "type": JSON},
            {"rel": "parent", "href": link(ROOT), "type": JSON},
            {"rel": "license", "href": known.url, "title": known.title},
            *maps,
            *(
                {"rel": "item", "href": link(item_place(layer.id, r.name)), "type": GEOJSON}
                for r in (found if listed else ())
            ),
        ],
    }


def both(text: Text) -> str:
    """A text in both languages, once if they are the same."""
    return text.en if text.en == text.de else f"{text.en} / {text.de}"


def noted(title: str, notice: Text | None) -> str:
    """A title with the notice that must be shown beside it."""
    return title if notice is None else f"{title} ({notice.en})"


def description(summary: Text, attribution: str, notice: Text | None) -> str:
    """A description in both languages, with attribution and notice."""
    parts = [summary.en, summary.de, attribution]
    if notice is not None:
        parts.insert(0, both(notice))
    return "\n\n".join(dict.fromkeys(parts))


def _keywords(city: City, layer: Layer) -> list[str]:
    title = layer.schema_.title
    return list(dict.fromkeys([city.title.de, city.title.en, layer.theme.value, title.de, title.en]))


def providers(city: City, publisher: str) -> list[dict[str, Any]]:
    """Who made the data, and who processed them."""
    return [
        {"name": publisher, "roles": ["producer", "licensor"]},
        {"name": f"Stadtzwilling {city.title.de}", "roles": ["processor", "host"]},
    ]
