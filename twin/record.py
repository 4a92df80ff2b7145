"""What flows through the pipeline: records in; features and observations out.

Geometry travels as WKB (2D, OGC:CRS84) so that the nouns need no geometry library and values cross
process borders as they are. Buildings also carry their faces, terrain its raster.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.whence import UNKNOWN


class Face(IntEnum):
    """What a face of a building is (CityGML boundary surface classes)."""

    GROUND = 0
    WALL = 1
    ROOF = 2
    CLOSURE = 3
    OTHER = 4
    """The source does not say."""


@dataclass(frozen=True, slots=True)
class Skin:
    """Pictures on the faces of a solid."""

    images: tuple[str, ...]
    """Addresses of the pictures, relative to the file that names them."""
    chosen: NDArray[np.int32]
    """(p,) place in `images` of each polygon's picture, -1 for none."""
    uv: NDArray[np.float32]
    """(n, 2) place of each point in its picture, origin lower left as in CityGML; NaN where there is none."""


@dataclass(frozen=True, slots=True)
class Solid:
    """The faces of one building: polygons with holes, flattened.

    Rings are open (no repeated first point). Polygon ``i`` has the rings
    ``polygons[i]:polygons[i + 1]``, the first one outer, the others holes; ring ``j`` has the points
    ``rings[j]:rings[j + 1]``. All offset arrays start at 0 and end at the length.
    """

    points: NDArray[np.float64]
    """(n, 3) easting, northing, height in the CRS of the record, later in the city's."""
    rings: NDArray[np.int32]
    """(r + 1,) offsets into `points`."""
    polygons: NDArray[np.int32]
    """(p + 1,) offsets into `rings`."""
    faces: NDArray[np.uint8]
    """(p,) values of `Face`."""
    skin: Skin | None = None
    """Pictures on it; None for a plain one."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A grid of heights. Row 0 is the northernmost; values stand at cell centres."""

    heights: NDArray[np.float32]
    """(rows, columns) metres in the city's vertical CRS; NaN where nothing is known."""
    west: float
    """Easting of the centres of column 0."""
    north: float
    """Northing of the centres of row 0."""
    step: float
    """Distance of neighbouring centres, in metres (in a record: in the unit of its CRS)."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A file of points. It is read when its tiles are made: points are too many to be carried around."""

    path: str
    """Where it lies on this machine while the layer is made."""
    name: str
    """What messages call it."""
    points: int
    low: tuple[float, float, float]
    """South-west-bottom corner, as the file's header says, in `crs`."""
    high: tuple[float, float, float]
    crs: str | None
    """CRS that the file names, or that the operator states; with the vertical one where it is known."""
    coloured: bool
    """Points have red, green and blue."""


class Shape(StrEnum):
    """What a record is about."""

    FEATURE = "feature"
    OBSERVATION = "observation"


@dataclass(frozen=True, slots=True)
class Record:
    """One thing as the source delivered it."""

    place: str
    """Where it stands in the source, for messages: ``page 2, feature 13``; never a value."""
    values: Mapping[str, Any]
    """The source's fields under the source's names."""
    geometry: Any = None
    """WKB bytes, `Solid`, `Raster`, `Cloud` or None."""
    crs: str | None = None
    """CRS of the geometry as the source states it; None if it does not."""
    shape: Shape = Shape.FEATURE
    """Whether it describes a thing or a measurement."""
    notes: tuple[str, ...] = ()
    """Repairs the connector made, in words, to be counted in the report."""
    leaning: bool = False
    """Whether something outside its piece of the source had a say in it: a wall shared with a neighbour."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A row of a layer: a record that fits the schema."""

    id: str
    """Stable between snapshots; the same in every interface."""
    source_id: str
    """The publisher's own id."""
    values: dict[str, Any]
    """The schema's columns beside id and source_id."""
    geometry: bytes | None
    """2D WKB in OGC:CRS84 (longitude, latitude); None where the position is not known."""
    solid: Solid | None = None
    """Buildings only, in the city's 3D CRS."""
    raster: Raster | None = None
    """Terrain only, in the city's 3D CRS."""
    generic: Mapping[str, str | int | float | bool] | None = None
    """Attributes beyond the schema; only where they were asked for by name of the source."""
    checksum: str = ""
    """SHA-256 of what the record says: tells things apart to which a source gives one id."""
    cloud: Cloud | None = None
    """Point clouds only."""
    origin: int = UNKNOWN
    """Number of the piece of the source that it lay in, see `twin.whence`."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A value at a time."""

    station: str
    """`Feature.id` of the station, within the layer."""
    property: str
    """Name of one of the schema's properties."""
    value: float | None
    """None where the source says that it has none."""
    unit: str
    """UCUM code."""
    observed_at: datetime
    """Start of the interval, UTC."""
    quality: str = "provisional"
    """``provisional``, ``checked`` or ``missing``; of condensed values ``condensed`` or ``incomplete``."""
