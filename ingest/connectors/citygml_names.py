"""What the tags of CityGML 1.0, 2.0 and 3.0 are to us, by local name: the versions differ in namespaces."""

from collections.abc import Iterable
from functools import lru_cache

from ingest.connectors.citygml_scan import Names
from twin.record import Face

MEMBERS = ("cityObjectMember", "featureMember", "member")
"""What wraps an object of the model; the last one in answers of a WFS."""
FACES = {
    "GroundSurface": Face.GROUND,
    "WallSurface": Face.WALL,
    "RoofSurface": Face.ROOF,
    "ClosureSurface": Face.CLOSURE,
    "OuterFloorSurface": Face.OTHER,
    "OuterCeilingSurface": Face.OTHER,
    "FloorSurface": Face.OTHER,
    "CeilingSurface": Face.OTHER,
    "InteriorWallSurface": Face.OTHER,
}
TEXTS = {
    "roofType": "roof_type",
    "function": "function",
    "storeysAboveGround": "storeys",
    "yearOfConstruction": "year_built",
    "dateOfConstruction": "year_built",
    "creationDate": "creation_date",
    "name": "name",
}
"""Plain texts of a feature → names of our values."""
GENERICS = {
    "stringAttribute": str,
    "intAttribute": int,
    "doubleAttribute": float,
    "dateAttribute": str,
    "uriAttribute": str,
    "measureAttribute": float,
}
"""Generic attributes of CityGML 1 and 2 → type of their values."""

(MEMBER, BUILDING, PART, PART_LINK, BOUNDARY, POLYGON, MULTI, SURFACE_MEMBER, EXTERIOR, INTERIOR, RING,
 POSITIONS, UNUSUAL, COMPOSITE, SOLID, ENVELOPE, HEIGHT, GENERIC, GENERIC_SET) = range(1, 20)  # fmt: skip
SURFACE = 20
"""Plus the value of `Face`."""
TAKEN_SURFACES, TAKEN_LINKS = 28, 29
"""What `ingest.connectors.citygml_taken` has taken out of the text."""
LOD_SURFACE, LOD_SOLID, LOD_OTHER = 30, 40, 50
"""Plus the level of detail."""
TEXT = 60
"""Plus the place in `TEXTS`."""

_CAREFUL = (
    "PolygonPatch", "Triangle", "Rectangle", "OrientableSurface", "TriangulatedSurface", "Tin",
    "surfaceMembers", "outerBoundaryIs", "innerBoundaryIs", "opening", "fillingSurface",
    "outerBuildingInstallation", "buildingInstallation", "ImplicitGeometry", "TexturedSurface",
    "genericAttribute", "height",
)  # fmt: skip
"""What only the careful reader understands."""
SIGNS = {TAKEN_SURFACES: "\x01", TAKEN_LINKS: "\x02"}
"""Names of elements that no XML can have."""
_CODES: dict[str, int] = {
    **{name: code for code, name in SIGNS.items()},
    **dict.fromkeys(MEMBERS, MEMBER),
    "Building": BUILDING,
    "BuildingPart": PART,
    "consistsOfBuildingPart": PART_LINK,
    "buildingPart": PART_LINK,
    "boundedBy": BOUNDARY,
    "boundary": BOUNDARY,
    "Polygon": POLYGON,
    "MultiSurface": MULTI,
    "surfaceMember": SURFACE_MEMBER,
    "exterior": EXTERIOR,
    "interior": INTERIOR,
    "LinearRing": RING,
    "posList": POSITIONS,
    "CompositeSurface": COMPOSITE,
    "Solid": SOLID,
    "Envelope": ENVELOPE,
    "measuredHeight": HEIGHT,
    "genericAttributeSet": GENERIC_SET,
    **dict.fromkeys(GENERICS, GENERIC),
    **{name: SURFACE + int(face) for name, face in FACES.items()},
    **{name: TEXT + place for place, name in enumerate(TEXTS)},
    **{f"lod{lod}MultiSurface": LOD_SURFACE + lod for lod in range(5)},
    **{f"lod{lod}Solid": LOD_SOLID + lod for lod in range(5)},
    **{f"lod{lod}Geometry": LOD_OTHER + lod for lod in range(5)},
    **{f"lod{lod}ImplicitRepresentation": LOD_OTHER + lod for lod in range(5)},
    **dict.fromkeys(_CAREFUL, UNUSUAL),
}


@lru_cache(maxsize=16)
def names(prefixes: Iterable[bytes]) -> Names | None:
    """Return the table of tags for the prefixes of a document (without colon; empty for the default one).

    None where its tags cannot be told apart cheaply.
    """
    codes = {
        (prefix + b":" if prefix else b"") + name.encode(): code
        for prefix in prefixes
        for name, code in _CODES.items()
    }
    try:
        return Names(codes)
    except ValueError:
        return None
