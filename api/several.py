"""Several layers at once, as ``layers=`` names them."""

from typing import Annotated

from fastapi import Query

from api.service import Service
from twin.errors import RequestError

MOST = 1000

Layers = Annotated[
    str | None, Query(description="Ids of layers with commas; all without it.", examples=["demo.air-quality"])
]


def ids(service: Service, layers: str | None) -> frozenset[str] | None:
    """The layers that are named; None for all.

    Raises:
        RequestError: A name is empty, or there are too many.
        NotFound: There is no such layer; names the nearest one.
    """
    if layers is None:
        return None
    names = [name.strip() for name in layers.split(",")]
    if not all(names):
        raise RequestError("layers has an empty name; write layers=city.layer,city.other or leave it out")
    if len(names) > MOST:
        raise RequestError(f"layers names more than {MOST} layers; leave it out for all")
    return frozenset(service.layer(name)[1].id for name in names)
