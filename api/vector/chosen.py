"""Which layers a question about several means: ``collections=`` and ``datetime=``."""

import difflib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Query

from api import params
from api.service import Service
from api.vector.dataset import Dataset
from api.vector.documents import Told, has_tiles
from twin import times
from twin.city import City
from twin.errors import NotFound, RequestError
from twin.layer import Layer

MOST = 100
"""Most collections that can be named."""
_LONGEST = 20_000
"""Characters of ``collections=``; of no name more are told or compared than `_NAME`."""
_NAME = 80
Collections = Annotated[
    str | None,
    Query(
        description=f"Ids of layers, or their addresses, with commas between: at most {MOST}. Without it all "
        "that have vector tiles.",
        examples=[["demo.buildings", "demo.trees"]],
        json_schema_extra={"type": "array", "items": {"type": "string"}},
    ),
]


def chosen(service: Service, collections: str | None, datetime_: str | None) -> Dataset:
    """The layers that are asked for, as they were then; those that had not been published yet are not there.

    Raises:
        RequestError: A name is none of a layer with vector tiles (names the nearest), is there twice, or
            there are too many; or `datetime_` is no time.
    """
    at = None if datetime_ is None else params.asked(datetime_, service.now())
    known = {layer.id: (city, layer) for city, layer in service.layers() if has_tiles(layer)}
    found = list(known.values()) if collections is None else _named(service, collections, known)
    held = ((city, layer, service.current(layer.id, at)) for city, layer in found)
    layers = tuple(
        Told(service, city, layer, revision, datetime_)
        for city, layer, revision in held
        if revision is not None
    )
    return Dataset(service, layers, collections, datetime_)


def there(service: Service, collections: str | None, datetime_: str | None) -> Dataset:
    """As `chosen`; `NotFound` if there was none of the layers then."""
    found = chosen(service, collections, datetime_)
    if not found.layers:
        at: datetime | None = None if datetime_ is None else params.asked(datetime_, service.now())
        when = "yet" if at is None else f"at {times.iso(at)}"
        raise NotFound(f"none of these layers was published {when}; see /ogc/collections")
    return found


def _named(
    service: Service, collections: str, known: Mapping[str, tuple[City, Layer]]
) -> list[tuple[City, Layer]]:
    if collections.count(",") >= MOST or len(collections) > _LONGEST:
        raise RequestError(f"collections has more than {MOST} names; name fewer, or none for all layers")
    address = service.url("/ogc/collections/")
    names = [name.strip().removeprefix(address) for name in collections.split(",")]
    for number, name in enumerate(names, 1):
        if not name:
            raise RequestError(
                f"collections has no name at place {number}; write ids of layers with commas between, or "
                "leave collections out for all layers"
            )
        if name not in known:
            service_has = {layer.id for _, layer in service.layers()}
            near = difflib.get_close_matches(name[:_NAME], known, 1)
            hint = f"did you mean {near[0]}?" if near else "all layers are listed at /ogc/collections"
            what = "has no vector tiles" if name in service_has else "is no layer"
            raise RequestError(f"in collections {name[:_NAME]!r} {what}; {hint}")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise RequestError(f"collections names {twice} twice; name it once")
    return [known[name] for name in names]
