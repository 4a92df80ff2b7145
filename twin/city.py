"""City: a municipality that runs a twin. Written as ``city.toml``."""

import re
from pathlib import Path

from pydantic import Field

from twin.base import Noun, Text
from twin.errors import RecipeError
from twin.layer import Layer
from twin.source import Gap

_ID = r"[a-z0-9-]+"
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


class Heights(Noun):
    """The city's heights, and what to do where no geoid grid is at hand."""

    crs: str = "EPSG:7837"
    """Vertical CRS of the city's data (EPSG:7837 is DHHN2016)."""
    undulation_m: float | None = None
    """Height of the geoid above the ellipsoid, stated by the city, used where the grid is missing."""
    undulation_error_m: float | None = None
    """How wrong that constant may be within the city's area; published with every snapshot made with it."""
    ground_m: float | None = None
    """Ground height stated by the city for things that lie outside its terrain; published likewise."""


class City(Noun):
    """A municipality that runs a twin."""

    id: str = Field(pattern=f"^{_ID}$")
    """Lower case; begins every layer's id."""
    title: Text
    """Its name, in German and English."""
    area: tuple[float, float, float, float]
    """West, south, east, north in degrees (OGC:CRS84). Nothing outside is read as true."""
    centre: tuple[float, float]
    """Longitude and latitude of the city's heart, where the viewer opens."""
    crs: str = "EPSG:25832"
    """Horizontal CRS in which tiles are laid out."""
    heights: Heights = Heights()
    """The city's heights."""
    languages: tuple[str, ...] = ("de", "en")
    """Languages of its texts."""
    contact: str
    """A role address, never a person's."""
    notice: Text | None = None
    """Shown wherever the city's data are shown or served, such as "Demo – made-up data"."""
    generator: str | None = None
    """``demo``: the sources are files written by ``ingest.demo``."""
    gaps: tuple[Gap, ...] = ()
    """What the city does not show, and why."""
    faulty: dict[str, str] = Field(default_factory=dict)
    """Short names of layers whose recipes are faulty, and what is wrong: file, line, remedy. Never in
    ``city.toml``; in the store such a layer stays as it was."""
    folder: Path | None = Field(default=None, exclude=True)
    """Where its files lie on this machine; never written anywhere."""
    layers: tuple[Layer, ...] = ()
    """In publishing order: terrain first, because others lie on it."""

    def layer(self, name: str) -> Layer | None:
        """Return the layer with this short name or full id, or None."""
        for layer in self.layers:
            if name in (layer.id, layer.name):
                return layer
        return None

    @property
    def crs3d(self) -> str:
        """Compound CRS of the city's 3D data, ``EPSG:25832+7837``."""
        return f"{self.crs}+{self.heights.crs.removeprefix('EPSG:')}"


def id_of(folder: str) -> str:
    """The id that the name of its folder gives to a city that states none; `RecipeError` if it is no id."""
    if re.fullmatch(_ID, folder):
        return folder
    plain = re.sub(r"[^a-z0-9]+", "-", folder.lower().translate(_UMLAUTS)).strip("-") or "my-town"
    raise RecipeError(
        f"city.toml: {folder[:60]!r}, the folder's name, would be the city's id, which has small letters, "
        f'digits and - alone; add id = "{plain}" at the top, or rename the folder'
    )
