"""STAC 1.1 documents, made from cities, revisions and provenances; the same for files and for HTTP.

Links name their target by its place in the store (``stac/catalog.json``,
``layers/<layer>/snapshots/…/features.parquet``); a `Link` turns it into the address to be written.
"""

from collections.abc import Callable, Sequence
from typing import Any

from catalog import keys
from twin import times
from twin.base import Text
from twin.city import City
from twin.layer import Layer
from twin.licence import licence
from twin.provenance import Provenance
from twin.revision import Revision

VERSION = "1.1.0"
ROOT = "stac/catalog.json"
PARQUET = "application/vnd.apache.parquet"
JSON = "application/json"
GEOJSON = "application/geo+json"
Link = Callable[[str], str]
"""Place of the target in the store → what to write as href."""
_ASSETS: dict[str, tuple[str, str, list[str]]] = {
    "features": ("Features as GeoParquet 1.1", PARQUET, ["data"]),
    "tileset": ("3D Tiles 1.1", JSON, ["data", "visual"]),
    "provenance": ("Where the data come from and what was changed", JSON, ["metadata"]),
}
_FILES = {"features": keys.FEATURES, "tileset": keys.TILESET, "provenance": keys.PROVENANCE}


def collection_place(layer_id: str) -> str:
    """Place of a layer's collection."""
    return f"stac/{layer_id}/collection.json"


def item_place(layer_id: str, revision: str) -> str:
    """Place of a revision's item."""
    return f"stac/{layer_id}/{revision}.json"


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


def collection(city: City, layer: Layer, found: Sequence[Revision], link: Link) -> dict[str, Any]:
    """The collection of a layer with at least one revision."""
    boxes = [revision.bbox for revision in found if revision.bbox is not None]
    lows = [min(box[i] for box in boxes) for i in (0, 1)] if boxes else list(city.area[:2])
    highs = [max(box[i] for box in boxes) for i in (2, 3)] if boxes else list(city.area[2:])
    known = licence(layer.source.licence)
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "id": layer.id,
        "title": _noted(f"{city.title.en}: {layer.title.en}", city.notice),
        "description": _description(layer.summary, layer.source.attribution, city.notice),
        "keywords": _keywords(city, layer),
        "license": known.id,
        "providers": _providers(city, layer.source.publisher),
        "extent": {
            "spatial": {"bbox": [[*lows, *highs]]},
            "temporal": {"interval": [[times.iso(min(r.holds_from for r in found)), None]]},
        },
        "item_assets": {
            name: {"title": title, "type": kind, "roles": roles}
            for name, (title, kind, roles) in _ASSETS.items()
        },
        "links": [
            {"rel": "root", "href": link(ROOT), "type": JSON},
            {"rel": "parent", "href": link(ROOT), "type": JSON},
            {"rel": "license", "href": known.url, "title": known.title},
            *({"rel": "item", "href": link(item_place(layer.id, r.name)), "type": GEOJSON} for r in found),
        ],
    }


def item(
    city: City, revision: Revision, provenance: Provenance, link: Link, *, joined: bool = False
) -> dict[str, Any]:
    """The item of a revision. Depends on nothing that can change later.

    Args:
        city: The layer's.
        revision: One of the layer's.
        provenance: Of its snapshot.
        link: For its places.
        joined: Whether features that lie in several files can be had in one all the same.
    """
    assets = {}
    for name, (title, kind, roles) in _ASSETS.items():
        relative = f"{revision.snapshot}/{_FILES[name]}"
        if relative in revision.objects or (joined and _FILES[name] == keys.FEATURES):
            href = link(keys.inside(revision.layer, relative))
            assets[name] = {"href": href, "title": title, "type": kind, "roles": roles}
    if revision.cut is not None and not joined:
        title, kind, roles = _ASSETS["features"]
        for number, part in enumerate(revision.cut.parts, 1):
            href = link(keys.inside(revision.layer, part.name))
            words = f"{title}, file {number} of {len(revision.cut.parts)}"
            assets[f"features-{number:03d}"] = {"href": href, "title": words, "type": kind, "roles": roles}
    place = collection_place(revision.layer)
    document: dict[str, Any] = {
        "type": "Feature",
        "stac_version": VERSION,
        "id": revision.name,
        "collection": revision.layer,
        "geometry": None if revision.bbox is None else _outline(revision.bbox),
        "properties": {
            "datetime": times.iso(revision.holds_from),
            "created": times.iso(revision.published_at),
            "updated": times.iso(revision.published_at),
            "title": _noted(f"{provenance.title.en}, revision {revision.number}", provenance.notice),
            "description": _description(provenance.summary, provenance.attribution, provenance.notice),
            "license": provenance.licence,
            "providers": _providers(city, provenance.publisher),
            "attribution": provenance.attribution,
        },
        "links": [
            {"rel": "root", "href": link(ROOT), "type": JSON},
            {"rel": "parent", "href": link(place), "type": JSON},
            {"rel": "collection", "href": link(place), "type": JSON},
            {"rel": "license", "href": provenance.licence_url, "title": provenance.licence_title},
        ],
        "assets": assets,
    }
    if revision.bbox is not None:
        document["bbox"] = list(revision.bbox)
    return document


def _outline(box: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def both(text: Text) -> str:
    """A text in both languages, once if they are the same."""
    return text.en if text.en == text.de else f"{text.en} / {text.de}"


def _noted(title: str, notice: Text | None) -> str:
    return title if notice is None else f"{title} ({notice.en})"


def _description(summary: Text, attribution: str, notice: Text | None) -> str:
    parts = [summary.en, summary.de, attribution]
    if notice is not None:
        parts.insert(0, both(notice))
    return "\n\n".join(dict.fromkeys(parts))


def _keywords(city: City, layer: Layer) -> list[str]:
    title = layer.schema_.title
    return list(dict.fromkeys([city.title.de, city.title.en, layer.theme.value, title.de, title.en]))


def _providers(city: City, publisher: str) -> list[dict[str, Any]]:
    return [
        {"name": publisher, "roles": ["producer", "licensor"]},
        {"name": f"Stadtzwilling {city.title.de}", "roles": ["processor", "host"]},
    ]
