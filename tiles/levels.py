"""Levels: the same buildings drawn ever simpler, each with its measured error, and who is drawn how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiles import masses
from tiles.party_walls import without_party_walls
from tiles.polygons import Floats, Ints
from tiles.shapes import Shapes, joined, moved, picked, plain
from tiles.tree import Matrix, inverse

VERTICES = 24_000
"""Most vertices in a simplified tile; what does not fit is drawn together, the smallest buildings first."""
_TINY = 1 / 8
"""Buildings are drawn together if their diagonals are below this share of the wanted error: two pixels."""
_COARSER = 2**0.25
"""Step from one size of what is drawn together to the next."""
_PIXEL = 1 / 16
"""A pixel's share of the wanted error."""
_HEAVY = VERTICES // 8
"""A building of more vertices than this is drawn in its simplest form, whatever the error."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Buildings in several forms, the simplest first, the true one last."""

    frame: Matrix
    """Frame of all shapes, to EPSG:4978."""
    ids: Ints
    """(b,) numbers of the buildings in the layer."""
    shapes: tuple[Shapes, ...]
    """Forms; where two are the same for all buildings one object stands twice, sent and changed once."""
    errors: Floats
    """(forms, b) metres; infinite where a building lacks that form."""
    sizes: Floats
    """(b,) diagonals in metres."""
    gone: float = 0.0
    """Diagonal of the largest thing that was left away already; buildings are not."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What one tile shows."""

    ids: Ints
    """Numbers of its buildings in the layer."""
    shapes: Shapes
    error: float
    """Largest measured difference to the source in metres: of a simpler form, or a whole building."""


def some(levels: Levels, places: Ints) -> Levels:
    """The levels of the buildings at `places`."""
    if len(places) == len(levels.ids) and (places[1:] > places[:-1]).all():
        return levels
    return Levels(
        levels.frame,
        levels.ids[places],
        _changed([levels], lambda form: picked(form[0], places)),
        levels.errors[:, places],
        levels.sizes[places],
        levels.gone,
    )


def together(parts: Sequence[Levels]) -> Levels:
    """Several sets of buildings in the frame of the first, sorted by number. All have as many forms."""
    frame = parts[0].frame
    into = inverse(frame)
    steps = [into @ part.frame for part in parts]
    whole = Levels(
        frame,
        np.concatenate([part.ids for part in parts]),
        _changed(parts, lambda form: joined([moved(*each) for each in zip(form, steps, strict=True)])),
        np.concatenate([part.errors for part in parts], axis=1),
        np.concatenate([part.sizes for part in parts]),
        max(part.gone for part in parts),
    )
    return some(whole, np.argsort(whole.ids))


def _changed(parts: Sequence[Levels], change: Callable[[Sequence[Shapes]], Shapes]) -> tuple[Shapes, ...]:
    """What becomes of each form of all parts; where two forms are one object they stay one."""
    forms = list(zip(*(part.shapes for part in parts), strict=True))
    keys = [tuple(id(shapes) for shapes in form) for form in forms]
    made = {key: change(form) for key, form in dict(zip(keys, forms, strict=True)).items()}
    return tuple(made[key] for key in keys)


def true(levels: Levels, places: Ints | None = None) -> Drawing:
    """The buildings at `places`, or all, as they are."""
    if places is None:
        return Drawing(levels.ids, levels.shapes[-1], levels.gone)
    return Drawing(levels.ids[places], picked(levels.shapes[-1], places), levels.gone)


def simplified(levels: Levels, wanted: float, *, blocks: bool = True) -> Drawing:
    """Every building in its simplest form not farther off than `wanted` metres; streets become one block.

    Args:
        levels: All that a tile has to show.
        wanted: Metres by which it may be off.
        blocks: Whether small neighbours are drawn together; if not, as of roads, they are left away.
    """
    levels = _gathered(levels, wanted) if blocks else levels
    form = _close(levels, wanted) if blocks else _seen(levels, wanted)
    drawn = np.flatnonzero(form >= 0)
    errors = levels.errors[form[drawn], drawn]
    error = max(_gone(levels, form), float(errors.max(initial=0.0)))
    shapes = _chosen(levels.shapes, form, drawn)
    if error:  # else it is the true form of all, with every wall
        shapes = without_party_walls(plain(shapes), wanted * _PIXEL)
    return Drawing(levels.ids[drawn], shapes, error)


def coarsened(levels: Levels, wanted: float, *, blocks: bool = True) -> Levels:
    """Only what tiles with errors from `wanted` metres up can still need: two forms of what is left."""
    levels = _gathered(levels, wanted) if blocks else levels
    form = _close(levels, wanted) if blocks else _seen(levels, wanted)
    drawn = np.flatnonzero(form >= 0)
    simplest = np.isfinite(levels.errors[:, drawn]).argmax(axis=0)
    simplest_form = np.full(len(form), -1)
    simplest_form[drawn] = simplest
    shapes = plain(_chosen(levels.shapes, simplest_form, drawn))
    same = all(one is levels.shapes[0] for one in levels.shapes) or (simplest == form[drawn]).all()
    return Levels(
        frame=levels.frame,
        ids=levels.ids[drawn],
        shapes=(shapes, shapes if same else plain(_chosen(levels.shapes, form, drawn))),
        errors=np.stack([levels.errors[simplest, drawn], levels.errors[form[drawn], drawn]]),
        sizes=levels.sizes[drawn],
        gone=_gone(levels, form),
    )


def _gone(levels: Levels, form: NDArray[np.int64]) -> float:
    """Diagonal of the largest building that is not drawn."""
    return max(levels.gone, float(levels.sizes[form < 0].max(initial=0.0)))


def _gathered(levels: Levels, wanted: float) -> Levels:
    """The same with masses in place of small neighbours; they grow until all fit into one tile.

    Neighbours lie in one square of a grid, and each is smaller than it. Their mass has the number of the
    largest, which is drawn nowhere else.
    """
    counts = _counts(levels, _close(levels, wanted))
    grid = wanted * _TINY
    if levels.sizes.min() > grid and counts.sum() <= VERTICES:
        return levels
    truest = levels.shapes[-1]
    middles = np.add.reduceat(truest.positions[:, :2], truest.vertices[:-1]) / truest.counts[:, None]
    while True:
        small = np.flatnonzero(levels.sizes <= grid)
        squares = np.floor(middles[small] / grid).astype(np.int64)
        _, square, members = np.unique(
            (squares[:, 0] << 32) + squares[:, 1], return_inverse=True, return_counts=True
        )
        places = small[members[square] > 1]
        made = int(np.count_nonzero(members > 1))
        weight = counts.sum() - counts[places].sum() + made * masses.VERTICES
        if weight <= VERTICES or (len(places) == len(counts) and made == 1):
            break
        grid *= _COARSER
    if not len(places):
        return levels
    _, groups = np.unique(square[members[square] > 1], return_inverse=True)
    blocks, away, largest = masses.masses(picked(truest, places), levels.sizes[places], groups)
    errors = away.copy()
    np.maximum.at(errors, groups, away[groups] + levels.errors[-1, places])
    alone = np.setdiff1d(np.arange(len(counts)), places, assume_unique=True)
    ids = np.concatenate([levels.ids[alone], levels.ids[places[largest]]])
    whole = Levels(
        levels.frame,
        ids,
        _changed([levels], lambda form: joined([plain(picked(form[0], alone)), blocks])),
        np.concatenate([levels.errors[:, alone], np.tile(errors, (len(levels.errors), 1))], axis=1),
        np.concatenate([levels.sizes[alone], away]),
        levels.gone,
    )
    return some(whole, np.argsort(ids))


def _counts(levels: Levels, form: NDArray[np.int64]) -> Ints:
    """(b,) vertices of each building in its form."""
    counts = np.stack([shapes.counts for shapes in levels.shapes])
    return np.asarray(counts[form, np.arange(len(form))])


def _close(levels: Levels, wanted: float) -> NDArray[np.int64]:
    """(b,) the simplest form that is close enough; of heavy buildings the simplest there is."""
    close = levels.errors <= wanted
    form = np.where(close.any(axis=0), close.argmax(axis=0), len(levels.shapes) - 1)
    simplest = np.isfinite(levels.errors).argmax(axis=0)
    return np.where(_counts(levels, form) > _HEAVY, simplest, form)


def _seen(levels: Levels, wanted: float) -> NDArray[np.int64]:
    """(b,) the form to draw, -1 for none: what is too small, or does not fit into a tile."""
    form = _close(levels, wanted)
    largest_first = np.argsort(-levels.sizes, kind="stable")
    fits = np.cumsum(_counts(levels, form)[largest_first]) <= VERTICES
    fits[0] = True  # a tile shows something
    form[largest_first[~fits]] = -1
    form[largest_first[1:][levels.sizes[largest_first[1:]] <= _TINY * wanted]] = -1
    return form


def _chosen(shapes: Sequence[Shapes], form: NDArray[np.int64], drawn: Ints) -> Shapes:
    """The buildings `drawn`, each in its form, in order."""
    places = [drawn[form[drawn] == number] for number in range(len(shapes))]
    used = [(one, place) for one, place in zip(shapes, places, strict=True) if len(place)]
    if len(used) <= 1:
        return picked(*(used or [(shapes[0], drawn)])[0])
    parts = joined([picked(one, place) for one, place in used])
    return picked(parts, np.argsort(np.concatenate([place for _, place in used]), kind="stable"))
