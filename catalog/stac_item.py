"""The STAC item of a revision: its files, its table, its number, and where it comes from."""

from typing import Any

from catalog import keys
from catalog import stac_documents as stac
from catalog.stac_documents import ASSETS, GEOJSON, JSON, Link
from catalog.stac_table import TABLE, columns
from twin import times
from twin.base import Text
from twin.city import City
from twin.provenance import Origin, Provenance
from twin.revision import Revision
from twin.schema import Schema
from twin.schemas import SCHEMAS

_FILE = "https://stac-extensions.github.io/file/v2.1.0/schema.json"
_TIMESTAMPS = "https://stac-extensions.github.io/timestamps/v1.1.0/schema.json"
_VERSION = "https://stac-extensions.github.io/version/v1.2.0/schema.json"
ORIGINS = 50
"""Most bodies of bytes that an item names; all of them stand in its provenance."""
_FILES = {"features": keys.FEATURES, "tileset": keys.TILESET, "provenance": keys.PROVENANCE}
_SHA256 = "1220"
"""How a multihash says that 32 bytes of SHA-256 follow."""


def item(
    city: City,
    revision: Revision,
    provenance: Provenance,
    link: Link,
    *,
    before: Revision | None = None,
    joined: bool = False,
) -> dict[str, Any]:
    """The item of a revision. Depends on nothing that can change later.

    Args:
        city: The layer's.
        revision: One of the layer's.
        provenance: Of its snapshot.
        link: For its places.
        before: The revision with the number before, if there is one.
        joined: Whether features that lie in several files can be had in one all the same.
    """
    place = stac.collection_place(revision.layer)
    schema = SCHEMAS.get(provenance.schema_id)
    maps = stac.tiles_link(revision, link)
    links = [
        {"rel": "root", "href": link(stac.ROOT), "type": JSON},
        {"rel": "parent", "href": link(place), "type": JSON},
        {"rel": "collection", "href": link(place), "type": JSON},
        {"rel": "license", "href": provenance.licence_url, "title": provenance.licence_title},
        *maps,
        *(
            {"rel": "via", "href": url, "title": f"The source: {provenance.publisher}"}
            for url in dict.fromkeys(origin.url for origin in provenance.origins[:ORIGINS])
            if url.startswith(("https://", "http://"))
        ),
    ]
    if before is not None:
        earlier = link(stac.item_place(before.layer, before.name))
        links.append({"rel": "predecessor-version", "href": earlier, "type": GEOJSON})
    document: dict[str, Any] = {
        "type": "Feature",
        "stac_version": stac.VERSION,
        "stac_extensions": [
            _FILE,
            stac.PROJECTION,
            *([] if schema is None else [TABLE]),
            _TIMESTAMPS,
            _VERSION,
            *([stac.WEB_MAP_LINKS] if maps else []),
        ],
        "id": revision.name,
        "collection": revision.layer,
        "geometry": None if revision.bbox is None else _outline(revision.bbox),
        "properties": _properties(city, revision, provenance, schema),
        "links": links,
        "assets": _assets(revision, link, joined),
    }
    if revision.bbox is not None:
        document["bbox"] = list(revision.bbox)
    return document


def keywords(city: City, provenance: Provenance) -> list[str]:
    """Words under which an item is looked for, in both languages."""
    schema = SCHEMAS.get(provenance.schema_id)
    names = [] if schema is None else [schema.title.de, schema.title.en]
    return list(dict.fromkeys([city.title.de, city.title.en, provenance.theme, *names]))


def _properties(
    city: City, revision: Revision, provenance: Provenance, schema: Schema | None
) -> dict[str, Any]:
    published = times.iso(revision.published_at)
    table = {"table:columns": columns(schema), "table:primary_geometry": "geometry"} if schema else {}
    return {
        "datetime": times.iso(revision.holds_from),
        "created": published,
        "updated": published,
        "published": published,
        "version": str(revision.number),
        "title": stac.noted(f"{provenance.title.en}, revision {revision.number}", provenance.notice),
        "description": stac.description(provenance.summary, provenance.attribution, provenance.notice),
        "keywords": keywords(city, provenance),
        "license": provenance.licence,
        "providers": stac.providers(city, provenance.publisher),
        "attribution": provenance.attribution,
        **table,
        "table:row_count": revision.features,
        "twin:revision": revision.number,
        "twin:schema": provenance.schema_id,
        "twin:theme": provenance.theme,
        "twin:fetched_at": times.iso(provenance.fetched_at),
        "twin:origins": [_origin(origin) for origin in provenance.origins[:ORIGINS]],
        "twin:origin_count": len(provenance.origins),
        "twin:recipe_sha256": provenance.recipe_sha256,
        "twin:software": provenance.software,
        "twin:counts": provenance.counts,
        "twin:changed": [_text(text) for text in provenance.changed],
        "twin:heights": None if provenance.heights is None else provenance.heights.model_dump(),
    }


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "url": origin.url,
        "fetched_at": times.iso(origin.fetched_at),
        **origin.checksum,
        "size": origin.size,
    }


def _text(text: Text) -> dict[str, str]:
    return {"de": text.de, "en": text.en}


def _assets(revision: Revision, link: Link, joined: bool) -> dict[str, Any]:
    assets: dict[str, Any] = {}
    for name, about in ASSETS.items():
        relative = f"{revision.snapshot}/{_FILES[name]}"
        if relative in revision.objects or (joined and _FILES[name] == keys.FEATURES):
            assets[name] = _asset(revision, relative, link, about)
    if revision.cut is not None and not joined:
        for number, part in enumerate(revision.cut.parts, 1):
            words = f"{ASSETS['features']['title']}, file {number} of {len(revision.cut.parts)}"
            about = {**ASSETS["features"], "title": words}
            assets[f"features-{number:03d}"] = _asset(revision, part.name, link, about)
    return assets


def _asset(revision: Revision, relative: str, link: Link, about: dict[str, Any]) -> dict[str, Any]:
    entry = revision.objects.get(relative)
    known = {} if entry is None else {"file:size": entry.size, "file:checksum": _SHA256 + entry.sha256}
    return {"href": link(keys.inside(revision.layer, relative)), **about, **known}


def _outline(box: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
