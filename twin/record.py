"""What flows through the pipeline: records in; features, observations and errors out.

Geometry travels as WKB (2D, OGC:CRS84) so that the nouns need no geometry library and values cross
process borders as they are. Buildings also carry their faces, terrain its raster.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.base import Text
from twin.decision import Act, key
from twin.whence import UNKNOWN

_EXAMPLES = 20
"""How many records a report names one by one."""
NAMED = 20
"""Ids that a report names for each repair: some to look at, not a list of the whole city."""


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


class Verdict(StrEnum):
    """What became of a record."""

    PUBLISHED = "published"
    HELD = "held"
    BROKEN = "broken"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class RecordError:
    """A record that did not make it, and why. Carries no value of the record."""

    place: str
    verdict: Verdict
    reason: str
    id: str | None = None
    """The publisher's id; only where a report names everything."""


@dataclass(slots=True)
class Report:
    """The account of one run of one layer: everything that came in is somewhere."""

    taken: int = 0
    """Records in."""
    published: int = 0
    held: int = 0
    broken: int = 0
    duplicate: int = 0
    observations: int = 0
    """Values appended to the observations (a record may hold several)."""
    reasons: dict[str, dict[str, int]] = field(default_factory=dict)
    """Verdict → reason in words → number of records."""
    notes: dict[str, int] = field(default_factory=dict)
    """Repairs and remarks → how often."""
    levels: dict[str, int] = field(default_factory=dict)
    """Level of detail that was drawn, of a city model → number of records."""
    gate: dict[str, int] = field(default_factory=dict)
    """What the gate did (`twin.decision.key`) → how often."""
    examples: list[RecordError] = field(default_factory=list)
    """The first few records that did not make it; in a report that `names` them all, with their ids."""
    fields: tuple[str, ...] = ()
    """Names of all fields that the source's things had."""
    noted: dict[str, list[str]] = field(default_factory=dict)
    """Repair or remark → the first `NAMED` ids of the publisher's, sorted; only in a report that `names`."""
    names: bool = False
    """For operators' own conversions: publications name no ids of what they do not publish."""

    def count(self, verdict: Verdict, place: str = "", reason: str = "", identity: str | None = None) -> None:
        """Account for one record."""
        setattr(self, verdict.value, getattr(self, verdict.value) + 1)
        if verdict is Verdict.PUBLISHED:
            return
        reasons = self.reasons.setdefault(verdict.value, {})
        reasons[reason] = reasons.get(reason, 0) + 1
        if self.names:
            self.examples.append(RecordError(place, verdict, reason, identity))
        elif len(self.examples) < _EXAMPLES:
            self.examples.append(RecordError(place, verdict, reason))

    def tally(self, verdict: Verdict, number: int, reason: str = "", places: Iterable[str] = ()) -> None:
        """Account for many records of one fate; `places` is asked only for as many as are named."""
        setattr(self, verdict.value, getattr(self, verdict.value) + number)
        if verdict is Verdict.PUBLISHED:
            return
        reasons = self.reasons.setdefault(verdict.value, {})
        reasons[reason] = reasons.get(reason, 0) + number
        room = number if self.names else max(0, _EXAMPLES - len(self.examples))
        self.examples += [RecordError(place, verdict, reason) for place in islice(places, room)]

    def add(self, other: "Report") -> None:
        """Take over the account of a part of the run."""
        self.taken += other.taken
        self.observations += other.observations
        for verdict in Verdict:
            setattr(self, verdict.value, getattr(self, verdict.value) + getattr(other, verdict.value))
        for name, counts in other.reasons.items():
            reasons = self.reasons.setdefault(name, {})
            for reason, count in counts.items():
                reasons[reason] = reasons.get(reason, 0) + count
        for words, times in other.notes.items():
            self.note(words, times)
            for identity in other.noted.get(words, ()):
                self._name(words, identity)
        for level, times in other.levels.items():
            self.levels[level] = self.levels.get(level, 0) + times
        for told, times in other.gate.items():
            self.gate[told] = self.gate.get(told, 0) + times
        room = None if self.names else max(0, _EXAMPLES - len(self.examples))
        self.examples += other.examples[:room]

    def note(self, words: str, times: int = 1, identity: str | None = None) -> None:
        """Remember a repair or a remark, and about what; of publications only the repair."""
        self.notes[words] = self.notes.get(words, 0) + times
        if self.names and identity:
            self._name(words, identity)

    def _name(self, words: str, identity: str) -> None:
        first = self.noted.setdefault(words, [])
        if len(first) == NAMED and identity >= first[-1]:
            return
        place = bisect_left(first, identity)
        if first[place : place + 1] != [identity]:
            first.insert(place, identity)
            del first[NAMED:]

    def decide(self, act: Act, found: str, column: str, reason: Text, times: int = 1) -> None:
        """Remember what the gate did."""
        told = key(act, found, column, reason)
        self.gate[told] = self.gate.get(told, 0) + times

    @property
    def adds_up(self) -> bool:
        """``records in = published + held + broken + duplicate``."""
        return self.taken == self.published + self.held + self.broken + self.duplicate

    def counts(self) -> dict[str, int]:
        """The five counts under the names of ``provenance.json``."""
        return {
            "in": self.taken,
            "published": self.published,
            "held": self.held,
            "broken": self.broken,
            "duplicate": self.duplicate,
        }
