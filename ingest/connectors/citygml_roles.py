"""What an element of CityGML is to the careful reader, by local name."""

from enum import Enum, auto
from typing import Any

from ingest.connectors.citygml_names import FACES, GENERICS, TEXTS
from twin.record import Face


class Role(Enum):
    """What an element is to us."""

    OTHER = auto()
    BOUNDARY = auto()
    SURFACE = auto()
    """With a value of `Face`."""
    GEOMETRY = auto()
    """With a level of detail."""
    IMPLICIT = auto()
    """With a level of detail."""
    RELIEF = auto()
    PART = auto()
    SUBDIVISION = auto()
    OPENING = auto()
    TEXT = auto()
    """With the name of our value."""
    HEIGHT = auto()
    HEIGHT_3 = auto()
    GENERIC = auto()
    """With the type of its value."""
    GENERIC_SET = auto()
    GENERIC_3 = auto()
    ENVELOPE = auto()
    POLYGON = auto()
    ORIENTABLE = auto()


POLYGONS = ("{*}Polygon", "{*}PolygonPatch", "{*}Triangle", "{*}Rectangle")
CLASSES = (
    "Building", "Bridge", "Tunnel", "Road", "Railway", "Square", "Track", "Waterway", "TransportationComplex",
    "WaterBody", "PlantCover", "SolitaryVegetationObject", "LandUse", "CityFurniture", "GenericCityObject",
    "GenericOccupiedSpace", "GenericUnoccupiedSpace", "GenericLogicalSpace", "GenericThematicSurface",
    "OtherConstruction", "ReliefFeature",
)  # fmt: skip
"""Classes of features that can be asked for."""
_PARTS = (
    "consistsOfBuildingPart", "buildingPart", "outerBuildingInstallation", "buildingInstallation",
    "buildingConstructiveElement", "filling", "consistsOfBridgePart", "bridgePart",
    "outerBridgeConstruction", "bridgeConstructiveElement", "outerBridgeInstallation", "bridgeInstallation",
    "consistsOfTunnelPart", "tunnelPart", "outerTunnelInstallation", "tunnelInstallation",
    "tunnelConstructiveElement", "trafficArea", "auxiliaryTrafficArea", "section", "intersection",
    "trafficSpace", "auxiliaryTrafficSpace", "clearanceSpace", "hole", "reliefComponent",
)  # fmt: skip
_SUBDIVISIONS = ("buildingSubdivision", "buildingUnit", "storey")
"""What divides a building up inside (CityGML 3): its storeys, and the units that people own or use."""
_WATER = ("WaterSurface", "WaterGroundSurface", "WaterClosureSurface")
_AREAS = ("TrafficArea", "AuxiliaryTrafficArea", "Marking", "HoleSurface", "GenericThematicSurface",
          "WindowSurface", "DoorSurface")  # fmt: skip
_GENERICS_3 = {name[0].upper() + name[1:]: kind for name, kind in GENERICS.items()} | {"CodeAttribute": str}

_NAMES: dict[str, tuple[Role, Any]] = {
    "boundedBy": (Role.BOUNDARY, None),
    "boundary": (Role.BOUNDARY, None),
    **dict.fromkeys(_PARTS, (Role.PART, None)),
    **dict.fromkeys(_SUBDIVISIONS, (Role.SUBDIVISION, None)),
    "opening": (Role.OPENING, None),
    "fillingSurface": (Role.OPENING, None),
    "measuredHeight": (Role.HEIGHT, None),
    "height": (Role.HEIGHT_3, None),
    "Envelope": (Role.ENVELOPE, None),
    "tin": (Role.RELIEF, None),
    "OrientableSurface": (Role.ORIENTABLE, None),
    "genericAttributeSet": (Role.GENERIC_SET, None),
    "GenericAttributeSet": (Role.GENERIC_SET, None),
    "genericAttribute": (Role.GENERIC_3, None),
    **{name: (Role.GENERIC, kind) for name, kind in (GENERICS | _GENERICS_3).items()},
    **{name: (Role.SURFACE, int(face)) for name, face in FACES.items()},
    **dict.fromkeys(_WATER + _AREAS, (Role.SURFACE, int(Face.OTHER))),
    **{name: (Role.TEXT, key) for name, key in TEXTS.items()},
    **{name.removeprefix("{*}"): (Role.POLYGON, None) for name in POLYGONS},
    **{
        f"lod{lod}{kind}": (Role.GEOMETRY, lod)
        for lod in range(5)
        for kind in ("Solid", "MultiSurface", "Geometry", "Surface", "MultiSolid", "FootPrint", "RoofEdge")
    },
    **{f"lod{lod}ImplicitRepresentation": (Role.IMPLICIT, lod) for lod in range(5)},
}


class _Roles(dict[Any, tuple[Role, Any]]):
    """Qualified name → role and what it needs; comments and instructions have none."""

    def __missing__(self, tag: Any) -> tuple[Role, Any]:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        role = self[tag] = _NAMES.get(name) or (Role.OTHER, None)
        return role


ROLES = _Roles()


def local(tag: Any) -> str:
    """Local part of a qualified name."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
