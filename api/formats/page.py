"""Page: the features that answer one request, as every format gets them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from api.solids.form import Form
from twin.city import City
from twin.layer import Layer

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"


@dataclass(frozen=True, slots=True)
class Page:
    """Filtered, sorted, cut and projected already: no format asks the store for anything."""

    city: City
    layer: Layer
    frame: dict[str, Any]
    """The members of the answer beside its features: ``links``, and of a collection ``numberMatched`` …"""
    features: list[bytes]
    """GeoJSON objects, coordinates in the axis order of `crs`."""
    schema: str
    """Address of the schema of the features (OGC API Features 5)."""
    tell: Callable[[], dict[str, Any]]
    """Gives the layer in the words of the interface, as `api.describe.layer` does; asked only if needed."""
    crs: str = CRS84
    """URI."""
    columns: tuple[str, ...] | None = None
    """The properties that were asked for; None: all."""
    geometry: bool = True
    """Whether geometries were asked for."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """Id → form in 3D, for the format that has a word for it."""
    single: bool = False
    """One feature asked for by its id; its links are its own, not a collection's."""
    beside: Callable[[], list[Layer]] = list
    """Gives the city's other layers of which something lies somewhere; asked only if needed."""
    published: datetime | None = None
    """When its revision was; None if there is none."""

    @property
    def name(self) -> str:
        """Layer id, for file names and names of tables."""
        return self.layer.id

    @property
    def links(self) -> list[dict[str, str]]:
        """The links of the answer."""
        links: list[dict[str, str]] = self.frame["links"]
        return links

    def parts(self) -> Iterator[bytes]:
        """All that a file is written from: the same parts make the same bytes."""
        told = (self.frame, self.crs, self.columns, self.geometry, self.single, self.published)
        yield orjson.dumps(told)
        yield self.layer.model_dump_json().encode()
        yield from self.features
        for name, form in self.forms.items():
            yield name.encode()
            yield form.points.tobytes()
            yield form.triangles.tobytes()

    def link(self, rel: str) -> dict[str, str] | None:
        """The first link of this relation."""
        return next((link for link in self.links if link["rel"] == rel), None)


def authority(uri: str) -> str:
    """``EPSG:25832`` or ``OGC:CRS84`` of a CRS URI of opengis.net."""
    *_, owner, _, code = uri.split("/")
    return f"{owner}:{code}"
