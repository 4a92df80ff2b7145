"""Trees that somebody put on the map without drawing them: where they stand, and what is known of them.

City models and OpenStreetMap tell them in words of their own; from here on all are of one kind.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from twin.record import Record

TREE = "Tree"
"""The class of such records. A tree with faces of its own keeps the class that its source gave it."""
SOLITARY = "SolitaryVegetationObject"
"""What CityGML and CityJSON call a single plant."""

Place = tuple[float, float, float | None]
"""Position in the CRS of the source, longitude or easting first, and the height of the ground if known."""
_CLASSES = {"1000": "shrub", "1060": "coniferous", "1070": "deciduous", "1080": "shrub"}
"""Code list of the standard (SIG 3D) for the class of a plant, as far as it tells a form."""


def tree(
    place: str,
    identity: str | None,
    at: Place | None,
    crs: str | None,
    *,
    species: str | None = None,
    words: Sequence[str | None] = (),
    height: float | None = None,
    crown: float | None = None,
    trunk: float | None = None,
    planted: int | None = None,
    drawn: tuple[float, float] | None = None,
    generic: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
    leaning: bool = False,
) -> Record:
    """The record of a tree.

    Args:
        place: where it stands in the source, for messages.
        identity: the publisher's id.
        at: where it stands; None if nobody says.
        crs: of `at`, as the source states it.
        species: as the publisher writes it.
        words: what else tells its form: leaf type, class (or its code).
        height: metres, as stated.
        crown: diameter in metres, as stated.
        trunk: likewise.
        planted: the year.
        drawn: height and diameter in metres of the form that the publisher puts in its place.
        generic: attributes beyond these, where they are wanted.
        notes: remarks and repairs.
        leaning: see `Record`.
    """
    values = {
        "class": TREE,
        "gml_id": identity,
        "species": species,
        "words": [_CLASSES.get(word, word) for word in words if word],
        "height": height,
        "crown": crown,
        "trunk": trunk,
        "planted": planted,
        "drawn": drawn,
        "ground": None if at is None else at[2],
        "generic": dict(generic or {}),
    }
    wkb = None if at is None else struct.pack("<BIdd", 1, 1, at[0], at[1])
    return Record(place, values, wkb, crs, notes=tuple(notes), leaning=leaning)


def position(wkb: bytes) -> tuple[float, float]:
    """Where a tree stands, by its record's geometry."""
    _, _, x, y = struct.unpack("<BIdd", wkb)
    return x, y
