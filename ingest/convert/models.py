"""Models: buildings and other city objects of a conversion."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

import numpy as np

from ingest.connectors import parts, read_part
from ingest.connectors.overlays import middle_of
from ingest.convert.draped import WRITERS, draped, ground_for
from ingest.convert.frame import First
from ingest.convert.inputs import Input
from ingest.convert.layers import CLASSES, layers
from ingest.convert.options import Options, Part
from ingest.convert.work import Work
from ingest.fetch import Fetch
from ingest.gather import gather
from ingest.prepare import Task
from ingest.standing import keep_ground
from tiles.build import Built
from tiles.gap import gaps, summary
from tiles.ground import Ground
from twin.errors import NothingDrawn, RecipeError, SourceBroken
from twin.layer import Layer
from twin.record import Record, Solid
from twin.report import Report
from twin.shelf import Shelf

_WHEN = datetime(1970, 1, 1, tzinfo=UTC)
"""A conversion observes nothing: the same input gives the same bytes, whenever it runs."""
_NOUGHT = Ground([], 0.0)
"""Where a tree stands that has no ground of its own, and is said to: as buildings do."""
_PAGE = 4096
_FIRST = 9
"""Objects that set the frame: some of them may be astray."""


class Pieces:
    """The inputs that are city models, piece by piece."""

    def __init__(self, inputs: Iterable[Input], options: Options, fetch: Fetch) -> None:
        # Those first that say most about where they lie and what their heights refer to.
        self._inputs = sorted(inputs, key=lambda each: each.connector not in CLASSES)
        wanted: dict[str, Any] = {} if options.lod is None else {"lod": options.lod}
        if options.attributes == "all":
            wanted["attributes"] = "all"
        tiling = {
            "encoding": options.encoding,
            "attributes": options.attributes,
            "outlines": options.outlines,
            "contents": options.contents,
            "every_level": options.implicit,
        }
        self._textures = options.textures
        self._layers = layers(wanted, tiling, options.attribution)
        self._pieces = self._cut(options, fetch)
        self.formless = 0
        """Objects without a form that `first` met."""
        self.why: set[str] = set()
        """What is said about them."""

    def _cut(self, options: Options, fetch: Fetch) -> Iterator[tuple[Input, Any]]:
        source = self._layers[0].source
        for each in self._inputs:
            given = dict(source.options) | {"trees": True}
            if each.connector in CLASSES:
                given["classes"] = list(CLASSES[each.connector])
                given["textures"] = self._textures
            if each.connector in ("footprints", "osm"):
                given["areas"] = options.areas
            stated = {
                "connector": each.connector,
                "url": str(each.path),
                "crs": options.crs,
                "options": given,
            }
            try:
                for piece in parts(source.model_copy(update=stated), fetch):
                    yield each, piece
            except RecipeError as error:  # of our options, which are the command's
                raise RecipeError(f"{each.path.name}: {error}".replace(" options.", " --")) from None

    def first(self) -> First | None:
        """The first objects with a form, which set the frame; none of the pieces is lost."""
        seen: list[tuple[Input, Any]] = []
        for each, piece in self._pieces:
            seen.append((each, piece))
            some = list(islice(self._placed(each, piece), _FIRST))
            if some:
                self._pieces = chain(seen, self._pieces)
                crs, _, solid = some[0]
                places = tuple(place for named, place, _ in some if named == crs)
                return First(each.path.name, crs, places, flat=each.connector == "osm" or not solid)
        self._pieces = iter(seen)
        return None

    def _placed(self, each: Input, piece: Any) -> Iterator[tuple[str | None, tuple[float, float], bool]]:
        """CRS and position of each object of a piece that has a form, and whether it has heights; the others
        are remembered."""
        for record in read_part(each.connector, piece):
            position = _position(record)
            if position is not None:
                yield record.crs, position, isinstance(record.geometry, Solid)
            else:
                self.formless += 1
                self.why.update(record.notes)

    def _names(self) -> str:
        first = self._inputs[0].path.name
        return first if len(self._inputs) == 1 else f"{first} and {len(self._inputs) - 1:,} more"

    def convert(self, work: Work, ground: Ground | None) -> Iterator[Part | None]:
        """Make the tiles of buildings, of all other objects, of trees without a form of their own, and of
        lines and areas.

        Raises:
            SourceBroken: nothing can be used.
        """
        if not self._inputs:
            return
        kept = None if ground is None else str(keep_ground(ground, work.scratch))
        reports = [Report(names=True) for _ in self._layers]
        city = work.frame.city
        tasks = (
            Task(piece, each.connector, self._layers, city, _WHEN, True, kept, str(work.scratch))
            for each, piece in self._pieces
        )
        shelves = gather(tasks, self._layers, reports, work.scratch, work.executor, work.progress)
        if not any(len(shelf) for shelf in shelves):
            raise SourceBroken(f"{self._names()}: {_why(reports, city.crs3d)}")
        for layer, shelf, report in zip(self._layers, shelves, reports, strict=True):
            if not report.taken:
                continue
            if layer.tiles is not None and layer.tiles.writer in WRITERS:
                yield _draped(work, layer, report, shelf, ground_for(ground, shelves[0]))
                continue
            built = _built(work, layer, shelf)
            if built.tileset and ground is not None and layer.schema_.geometry == "building":
                built.report["gap"] = _gap(shelf, ground)
            yield Part(layer.name, report, built)


def _built(work: Work, layer: Layer, shelf: Shelf) -> Built:
    """The tiles of a layer; none, and the reasons, where nothing of it can be drawn."""
    if not len(shelf):
        return Built({}, (), {})
    try:
        if layer.schema_.has_solids:
            return work.build_cells(layer, shelf)
        return work.build(layer, shelf, ground=_NOUGHT)
    except NothingDrawn as error:
        return Built({}, (), {"left_out": error.left_out})


def _draped(work: Work, layer: Layer, report: Report, shelf: Shelf, ground: Ground) -> Part:
    """What became of lines or areas."""
    if not len(shelf):
        return Part(layer.name, report, Built({}, (), {}))
    built, remarks = draped(work, layer, shelf, ground)
    return Part(layer.name, report, built, remarks)


def _position(record: Record) -> tuple[float, float] | None:
    solid = record.geometry
    if isinstance(solid, bytes):
        return middle_of(solid)
    if not isinstance(solid, Solid):
        return None
    points = solid.points[np.isfinite(solid.points).all(axis=1), :2]
    if not len(points):
        return None
    east, north = np.median(points, axis=0).tolist()
    return east, north


def _why(reports: list[Report], crs: str) -> str:
    """Why nothing is left to be drawn."""
    counted = [
        (count, reason)
        for report in reports
        for counts in report.reasons.values()
        for reason, count in counts.items()
    ]
    _, reason = max(counted, default=(0, "there are none"))
    taken = sum(report.taken for report in reports)
    noted = max(((times, note) for report in reports for note, times in report.notes.items()), default=None)
    told = reason if noted is None else f"{reason}; {noted[1]}"
    return (
        f"none of {taken:,} objects can be used ({told}); they were read as {crs}: "
        "if that is not their CRS, say it with --crs"
    )


def _gap(shelf: Shelf, ground: Ground) -> dict[str, Any]:
    """How the buildings stand on the terrain."""
    found, ids = [], []
    for start in range(0, len(shelf), _PAGE):
        page = [feature for feature in shelf[start : start + _PAGE] if feature.solid is not None]
        found.append(gaps([feature.solid for feature in page if feature.solid is not None], ground))
        ids += [feature.id for feature in page]
    return summary(np.concatenate(found), ids).report()
