"""The data model of SensorThings (OGC 18-088, section 8): kinds of entities, their properties and links."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Link:
    """What a navigation link leads to."""

    target: str
    """Name of an entity set."""
    many: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One entity set and the type of its entities."""

    name: str
    """Of the set, such as ``Things``."""
    properties: tuple[str, ...]
    links: dict[str, Link]
    """Name of a navigation link → where it leads."""


_THING = Link("Things", False)
_THINGS = Link("Things", True)
_LOCATIONS = Link("Locations", True)
_HISTORY = Link("HistoricalLocations", True)
_DATASTREAM = Link("Datastreams", False)
_DATASTREAMS = Link("Datastreams", True)
_OBSERVATIONS = Link("Observations", True)

OBSERVATIONS = "Observations"
_TOLD = ("name", "description", "properties")
KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(
                "Things",
                _TOLD,
                {"Locations": _LOCATIONS, "HistoricalLocations": _HISTORY, "Datastreams": _DATASTREAMS},
            ),
            Kind(
                "Locations",
                ("name", "description", "encodingType", "location", "properties"),
                {"Things": _THINGS, "HistoricalLocations": _HISTORY},
            ),
            Kind("HistoricalLocations", ("time",), {"Thing": _THING, "Locations": _LOCATIONS}),
            Kind(
                "Datastreams",
                (
                    "name",
                    "description",
                    "observationType",
                    "unitOfMeasurement",
                    "observedArea",
                    "phenomenonTime",
                    "properties",
                ),
                {
                    "Thing": _THING,
                    "Sensor": Link("Sensors", False),
                    "ObservedProperty": Link("ObservedProperties", False),
                    "Observations": _OBSERVATIONS,
                },
            ),
            Kind(
                "Sensors",
                ("name", "description", "encodingType", "metadata", "properties"),
                {"Datastreams": _DATASTREAMS},
            ),
            Kind(
                "ObservedProperties",
                ("name", "definition", "description", "properties"),
                {"Datastreams": _DATASTREAMS},
            ),
            Kind(
                OBSERVATIONS,
                ("phenomenonTime", "resultTime", "result", "parameters"),
                {"Datastream": _DATASTREAM, "FeatureOfInterest": Link("FeaturesOfInterest", False)},
            ),
            Kind(
                "FeaturesOfInterest",
                ("name", "description", "encodingType", "feature", "properties"),
                {"Observations": _OBSERVATIONS},
            ),
        )
    }
)
"""Name of each entity set → its kind."""
