"""Parts: the features of a large layer in several files, named by their content and shared by revisions.

In one file a whole city would be written again for every house that changes. Cut along a Hilbert curve that
lies fixed on the ground, what did not change keeps its file, and need not even be looked at.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from catalog import hilbert, keys, parquet
from twin.errors import Damaged, NotFound
from twin.revision import Cut, Part, Revision
from twin.shelf import Shelf
from twin.store import Store

MOST = 8192
"""Features in a part."""
MANY = 16384
"""A layer of more features than this is cut."""
_WAY = "1"
"""Other parts are made of the same features: add one."""


def cut(
    shelf: Shelf, basis: str, before: Cut | None, put: Callable[[bytes], str], kept: Callable[[str], bool]
) -> Iterator[Part]:
    """Put the parts of a shelf that are not there yet; yield all, in order.

    Args:
        shelf: All features of the layer.
        basis: Whatever beside a feature's checksum makes its row what it is: recipe, city, code.
        before: How an earlier revision was cut; None if nothing may be taken from there.
        put: Keeps a file, and returns its name.
        kept: Whether the store has a file of that earlier revision still.
    """
    there = {} if before is None else {part.made_of: part for part in before.parts}
    way = _way(shelf, basis)
    for rows in ranges(shelf.centres):
        made_of = _made_of(shelf, rows, way)
        part = there.get(made_of)
        if part is None or not kept(part.name):
            data = parquet.write_rows(shelf, rows)
            part = Part(name=put(data), made_of=made_of, features=len(rows), bbox=parquet.box_of(data))
        yield part


def load(store: Store, revision: Revision) -> parquet.Table:
    """The features of a revision.

    Raises:
        NotFound: A file is missing.
        Damaged: A file has other bytes than the revision says.
    """
    if revision.cut is None:
        return _checked(store, revision, f"{revision.snapshot}/{keys.FEATURES}")
    return _loaded(store, revision, revision.cut, [part.name for part in revision.cut.parts])


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the files in which the features of a revision lie."""

    name: str
    bbox: parquet.Box | None
    """Around its features; None if none of them has a place."""
    load: Callable[[], parquet.Table]
    """Raises as `parts.load`."""


def pieces(store: Store, revision: Revision) -> list[Piece]:
    """The files of a revision in their order, to be read one by one; nothing is read here."""
    if revision.cut is None:
        return [Piece(keys.FEATURES, revision.bbox, partial(load, store, revision))]
    return [
        Piece(part.name, part.bbox, partial(_loaded, store, revision, revision.cut, [part.name]))
        for part in revision.cut.parts
    ]


def apart(store: Store, before: Revision, after: Revision) -> tuple[parquet.Table, parquet.Table, int]:
    """Features of two revisions without files that both have, and how many features these hold.

    Raises as `load`.
    """
    if before.cut is None or after.cut is None:
        return load(store, before), load(store, after), 0
    old, new = ([part.name for part in found.parts] for found in (before.cut, after.cut))
    both = set(old) & set(new)
    if len(both) in (len(old), len(new)):  # a file has to have something in it
        both -= {old[0], new[0]}
    shared = sum(part.features for part in after.cut.parts if part.name in both)
    return (
        _loaded(store, before, before.cut, [name for name in old if name not in both]),
        _loaded(store, after, after.cut, [name for name in new if name not in both]),
        shared,
    )


def _loaded(store: Store, revision: Revision, found: Cut, names: list[str]) -> parquet.Pieces:
    return parquet.Pieces(tuple(_checked(store, revision, name) for name in names), found.observed_at)


def _checked(store: Store, revision: Revision, name: str) -> bytes:
    place = keys.inside(revision.layer, name)
    try:
        data = store.get(place)
    except NotFound:
        raise Damaged(f"{place} is missing; publish the layer again") from None
    if hashlib.sha256(data).hexdigest() != revision.objects[name].sha256:
        raise Damaged(f"{place} has other bytes than its revision says; publish the layer again")
    return data


def ranges(centres: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Numbers of the features of each part, in Hilbert order; those without a place come last.

    Args:
        centres: (n, 2) easting, northing in metres, NaN where unknown; in the order of their ids.
    """
    distance = hilbert.distances_m(centres[:, 0], centres[:, 1])
    order = np.argsort(distance, kind="stable")
    distance = distance[order]
    placed = int(np.isfinite(centres).all(axis=1).sum())
    found = _divided(distance, 0, placed, 2 * hilbert.ORDER_M)
    found += [(start, min(start + MOST, len(order))) for start in range(placed, len(order), MOST)]
    return [order[start:end] for start, end in found]


def _divided(distance: NDArray[np.int64], start: int, end: int, bits: int) -> list[tuple[int, int]]:
    """Begin and end of the parts of a cell, in which distances share all but their last `bits`."""
    if end == start:
        return []
    if end - start <= MOST or not bits:
        return [(start, end)]
    quarter = bits - 2
    corner = int(distance[start]) >> bits << bits
    inner = [corner + (each << quarter) for each in (1, 2, 3)]
    edges = [start, *(start + np.searchsorted(distance[start:end], inner)).tolist(), end]
    found: list[tuple[int, int]] = []
    for low, high in pairwise(edges):
        for part in _divided(distance, low, high, quarter):
            if found and part[1] - found[-1][0] <= MOST:  # the edge of a town: not a file for a few
                found[-1] = (found[-1][0], part[1])
            else:
                found.append(part)
    return found


def _way(shelf: Shelf, basis: str) -> bytes:
    import pyarrow as pa

    told = "\0".join((_WAY, pa.__version__, basis, shelf.schema.id, *shelf.schema.names))
    return hashlib.sha256(told.encode()).digest()


def _made_of(shelf: Shelf, rows: NDArray[np.int64], way: bytes) -> str:
    digest = hashlib.sha256(way)
    digest.update(shelf.told(rows))
    return digest.hexdigest()
