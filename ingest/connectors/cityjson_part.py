"""Parts of CityJSON files, and how each is read by itself, in whatever process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ingest.connectors.cityjson_build import Builder, Job
from ingest.connectors.cityjson_faces import in_threes, vertices
from ingest.connectors.cityjson_head import Head, Wanted, head_of
from ingest.connectors.cityjson_json import loads
from ingest.connectors.cityjson_objects import Family, families
from ingest.connectors.cityjson_threes import threes
from ingest.connectors.cityjson_values import values_of
from ingest.files import File
from ingest.heap import resting
from twin.errors import SourceBroken
from twin.record import Record

LINE = "a line that is no CityJSONFeature was left out"

_BATCH = 256
"""Objects that numpy sees at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a file: some lines of a sequence, a whole document, or some objects of one."""

    name: str
    """The file, for messages."""
    wanted: Wanted
    stated_crs: str | None
    head: Head | None
    """None for a whole document, which brings its own."""
    first: int
    """Number of its first line or object."""
    data: bytes | None
    """None if it is to be read from `path`."""
    path: Path | None = None
    start: int = 0
    size: int = 0
    ends: bool = False
    """Whether its last line is the file's last one and lacks a line feed."""
    used: NDArray[np.int64] | None = None
    """Of a dealt document: the vertices its objects refer to, and where they are."""
    points: NDArray[np.float64] | None = None
    count: int = 0
    """How many vertices the document has."""
    file: File | None = None
    """Where addresses of pictures start from; None if none are wanted."""

    def bytes(self) -> bytes:
        """What it holds."""
        if self.data is not None:
            return self.data
        assert self.path is not None
        try:
            with self.path.open("rb") as file:
                file.seek(self.start)
                return file.read(self.size)
        except OSError as error:
            raise SourceBroken(f"{self.name} cannot be read: {error.strerror}") from None


def parsed(
    name: str, asked: Wanted, crs: str | None, data: bytes
) -> tuple[Head, dict[str, Any], NDArray[np.float64]]:
    """Parse a document: its head, its objects by id, and (n, 3) vertices in its CRS.

    Raises:
        SourceBroken: it is cut off, no CityJSON of a known version, or lacks something that all need.
    """
    try:
        with resting():
            document = loads(data)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise SourceBroken(f"{name}: cut off or not well-formed in line {line}; fetch it again") from None
    head = head_of(document, name, crs, textures=asked.textures)
    objects, written = document.get("CityObjects"), document.get("vertices")
    if not isinstance(objects, dict) or not isinstance(written, list):
        raise SourceBroken(f"{name} has no CityObjects or no vertices; fetch it again")
    return head, objects, placed(written, head)


def placed(written: list[Any], head: Head) -> NDArray[np.float64]:
    """(n, 3) vertices as written become coordinates in the file's CRS; NaN for what is no vertex."""
    return _moved(vertices(written), head)


def _moved(points: NDArray[np.float64], head: Head) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):  # what gets too large is told of its object
        return points * head.scale + head.translate


def read_part(part: Part) -> Iterator[Record]:
    """Yield the records of a part, in order, in whatever process. Raises as `read` does."""
    if part.head is not None and part.used is None:
        return _of_lines(part, part.head)
    return _of_document(part)


def _of_document(part: Part) -> Iterator[Record]:
    if part.used is not None and part.head is not None and part.points is not None:
        head = part.head
        points = np.zeros((part.count, 3))  # pages that no object refers to are never touched
        points[part.used] = part.points
        whole = iter([Family(*each) for each in orjson.loads(part.bytes())])
    else:
        head, objects, points = parsed(part.name, part.wanted, part.stated_crs, part.bytes())
        whole = families(objects)
    builder = Builder(head, part.wanted)
    jobs: list[Job] = []
    for number, family in enumerate(whole, part.first):
        if not family.kind or family.kind in part.wanted.classes:
            jobs.append(Job(family, f"{part.name}, object {number}", 0, len(points), head.appearance))
        if len(jobs) == _BATCH:
            yield from builder.records(jobs, points)
            jobs = []
    yield from builder.records(jobs, points)


def _of_lines(part: Part, head: Head) -> Iterator[Record]:
    builder = Builder(head, part.wanted)
    written = part.bytes().split(b"\n")
    for begin in range(0, len(written), _BATCH):
        with resting():  # until what was parsed is gone again
            records = _features(part, head, builder, written[begin : begin + _BATCH], part.first + begin)
        yield from records
    if part.ends and _feature(written[-1])[0] is None:
        number = part.first + len(written) - 1
        raise SourceBroken(f"{part.name}: cut off in line {number}; fetch it again")


def _features(part: Part, head: Head, builder: Builder, written: list[bytes], first: int) -> list[Record]:
    """The records of some lines."""
    jobs: list[Job] = []
    numbers: list[Any] = []
    broken: list[tuple[int, Record]] = []
    for number, line in enumerate(written, first):
        if not line or line.isspace():
            continue
        feature, own = _feature(line)
        place = f"{part.name}, line {number}"
        if feature is None:
            values = values_of(Family("", {}, ""), None, generic=False)
            broken.append((len(jobs), Record(place, values, None, head.crs, notes=(LINE,))))
            continue
        appearance = feature.get("appearance", head.appearance) if part.wanted.textures else {}
        for family in families(feature["CityObjects"]):
            if not family.kind or family.kind in part.wanted.classes:
                jobs.append(Job(family, place, len(numbers) // 3, len(own) // 3, appearance))
        numbers += own
    records = builder.records(jobs, _moved(in_threes(numbers), head))
    for before, record in reversed(broken):
        records.insert(before, record)
    return records


def _feature(line: bytes) -> tuple[dict[str, Any] | None, list[Any]]:
    """The feature on a line, and the numbers of its vertices, three each; None if there is none."""
    try:
        rest, numbers = threes(line)
        feature = loads(rest)
    except ValueError:
        return None, []
    if not isinstance(feature, dict) or feature.get("type") != "CityJSONFeature":
        return None, []
    written = feature.get("vertices")
    if not isinstance(feature.get("CityObjects"), dict) or not isinstance(written, list):
        return None, []
    return feature, vertices(written).ravel().tolist() if numbers is None else numbers
