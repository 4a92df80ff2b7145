"""Areas: closed ways and multipolygons with certain tags, put together by libosmium."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.connectors.wkb import point
from ingest.osm.reading import Extract

_PRIVATE = ("private", "no")


@dataclass(slots=True)
class Area:
    """One area."""

    id: str
    """``way/7`` or ``relation/7``."""
    kind: str
    """The tag by which it was wanted: ``leisure=park``."""
    name: str | None
    wkb: bytes | None
    """2D, OGC:CRS84; None where its outline is not whole in the file."""


def areas(
    extract: Extract,
    wanted: dict[str, frozenset[str]],
    *,
    touches: Callable[[bytes | None], bool] = lambda _: True,
) -> Iterator[Area]:
    """Yield the areas of a file, and in the end those that could not be put together.

    What is private (``access=private``) is left out: garden ponds and lawns tell of households.

    Args:
        extract: The file.
        wanted: Key → values; no values means any.
        touches: Whether a geometry lies where areas are wanted.
    """
    import osmium

    factory = osmium.geom.WKBFactory()
    open_ends: dict[str, tuple[str, str | None]] = {}
    for thing in extract.areas(tuple(wanted)):
        if thing.is_node():
            continue
        tags = extract.tags(thing.tags)
        kind = _kind(tags, wanted)
        if kind is None or tags.get("access") in _PRIVATE or tags.get("area") == "no":
            continue
        name = tags.get("name")
        if not thing.is_area():
            if _is_area(thing, tags) and touches(_somewhere(thing)):
                open_ends[f"{'way' if thing.is_way() else 'relation'}/{thing.id}"] = (kind, name)
            continue
        number = f"{'way' if thing.from_way() else 'relation'}/{thing.orig_id()}"
        try:
            wkb = bytes.fromhex(factory.create_multipolygon(thing))
        except RuntimeError:
            continue  # it stays among the open ends
        open_ends.pop(number, None)
        if touches(wkb):
            yield Area(number, kind, name, wkb)
    for number, (kind, name) in open_ends.items():
        yield Area(number, kind, name, None)


def _somewhere(thing: Any) -> bytes | None:
    """A place of a way, as WKB; None if none is known, or for a relation."""
    if not thing.is_way():
        return None
    known = (node.location for node in thing.nodes if node.location.valid())
    place = next(known, None)
    return None if place is None else point(place.lon, place.lat)


def _kind(tags: dict[str, str], wanted: dict[str, frozenset[str]]) -> str | None:
    for key, values in wanted.items():
        if key in tags and (not values or tags[key] in values):
            return f"{key}={tags[key]}"
    return None


def _is_area(thing: Any, tags: dict[str, str]) -> bool:
    """Whether it should have become an area: rivers and hedges are lines, and points have none."""
    if thing.is_way():
        return bool(thing.is_closed()) and len(thing.nodes) > 3
    return thing.is_relation() and tags.get("type") in ("multipolygon", "boundary")
