"""Courses: where lines run, by the feed's shapes, a map service, or straight from stop to stop."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.seen import Seen
from ingest.gtfs.feed import Feed, codes, degrees, whole
from twin.record import Record

STRAIGHT = "drawn straight from stop to stop: the feed has no shape of the line"
MAPPED = "drawn as the map service has it"


def shapes_of(feed: Feed, names: Seen, wanted: set[int]) -> dict[int, NDArray[np.float64]]:
    """The wanted shapes, from ``shapes.txt``: number → (n, 2) longitude, latitude, in order.

    Args:
        feed: Read from.
        names: Shapes with their numbers.
        wanted: Numbers; only these are held.
    """

    def number(word: str) -> int:
        found = names.number(word.strip())
        return found if found is not None and found in wanted else -1

    columns = ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")
    parts = []
    if "shapes" not in feed or not wanted:
        return {}
    for batch in feed.batches("shapes", columns):
        shape = codes(batch.column(0), number)
        ours = np.flatnonzero(shape >= 0)
        if len(ours):
            batch = batch.take(ours)
            places = [[degrees(word) for word in batch.column(axis).to_pylist()] for axis in (2, 1)]
            parts.append(np.column_stack([shape[ours], codes(batch.column(3), whole), *places]))
    if not parts:
        return {}
    rows = np.concatenate(parts)
    rows = rows[~np.isnan(rows).any(axis=1)]
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    found, starts = np.unique(rows[:, 0], return_index=True)
    pieces = np.split(rows[:, 2:], starts[1:])
    return {int(shape): piece for shape, piece in zip(found, pieces, strict=True)}


def mapped(records: Iterable[Record], name: str) -> dict[str, tuple[Any, str | None]]:
    """Lines of a map service: folded name → (geometry, its CRS); parts of one line are put together.

    Args:
        records: Its features.
        name: The property with the line's name.
    """
    import shapely

    parts: dict[tuple[str, str | None], list[Any]] = {}
    for record in records:
        word, geometry = record.values.get(name), record.geometry
        if isinstance(word, str) and geometry is not None:
            parts.setdefault((folded(word), record.crs), []).append(shapely.from_wkb(geometry))
    result: dict[str, tuple[Any, str | None]] = {}
    for (word, crs), geometries in parts.items():
        lines = [p for p in shapely.get_parts(np.array(geometries)) if p.geom_type == "LineString"]
        if lines:
            result.setdefault(word, (shapely.to_wkb(shapely.multilinestrings(lines)), crs))
    return result


def folded(name: str) -> str:
    """A line's name however it is written: ``U 3`` is ``u3``."""
    return "".join(name.split()).casefold()


def line_wkb(places: NDArray[np.float64]) -> bytes | None:
    """(n, 2) places as the WKB of a line; None if fewer than two of them differ."""
    import shapely

    known = places[~np.isnan(places).any(axis=1)]
    moved = np.ones(len(known), dtype=bool)
    moved[1:] = (np.diff(known, axis=0) != 0).any(axis=1)
    known = known[moved]
    return shapely.to_wkb(shapely.linestrings(known)) if len(known) > 1 else None
