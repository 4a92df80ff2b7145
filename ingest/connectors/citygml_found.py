"""Found: what the walk through a city object of CityGML has come upon."""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest.connectors.citygml_levels import OWN

At = tuple[int, int]
"""Body (see `ingest.connectors.citygml_levels`), and its level of detail."""


@dataclass(slots=True)
class Found:
    """What the walk through an object has found."""

    values: dict[str, Any]
    generic: bool
    surfaces: list[tuple[At, int, etree._Element]] = field(default_factory=list)
    """Place, `Face`, geometry property of a boundary surface."""
    shells: list[tuple[At, etree._Element]] = field(default_factory=list)
    """Place, geometry property of the object or a part itself."""
    implicit: list[tuple[At, int, etree._Element]] = field(default_factory=list)
    """Place, `Face`, implicit representation."""
    divided: list[etree._Element] = field(default_factory=list)
    """Properties with storeys and units, which lie inside."""
    is_divided: bool = False
    """They stand for the whole."""
    body: int = OWN
    """What is being walked through."""
    parts: int = 0
    part_roofs: set[str] = field(default_factory=set)
    envelope_crs: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[At]:
        """Of all geometry."""
        return [
            *[at for at, _, _ in self.surfaces],
            *[at for at, _ in self.shells],
            *[at for at, _, _ in self.implicit],
        ]
