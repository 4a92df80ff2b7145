"""Page: the features that answer one request, as every format gets them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

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

    @property
    def name(self) -> str:
        """Layer id, for file names and names of tables."""
        return self.layer.id

    @property
    def links(self) -> list[dict[str, str]]:
        """The links of the answer."""
        links: list[dict[str, str]] = self.frame["links"]
        return links

    def link(self, rel: str) -> dict[str, str] | None:
        """The first link of this relation."""
        return next((link for link in self.links if link["rel"] == rel), None)


def authority(uri: str) -> str:
    """``EPSG:25832`` or ``OGC:CRS84`` of a CRS URI of opengis.net."""
    *_, owner, _, code = uri.split("/")
    return f"{owner}:{code}"
