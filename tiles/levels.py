"""Levels: the same buildings drawn ever simpler, each with its measured error, and who is drawn how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiles.party_walls import without_party_walls
from tiles.polygons import Floats, Ints
from tiles.shapes import Shapes, joined, moved, picked, plain
from tiles.tree import Matrix, inverse

VERTICES = 24_000
"""Most vertices in a simplified tile; what does not fit is left away, the smallest buildings first."""
_TINY = 1 / 8
"""A building is left away if its diagonal is below this share of the wanted error: two pixels."""
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
    """Diagonal of the largest building that was left away already."""


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


def simplified(levels: Levels, wanted: float) -> Drawing:
    """Every building in its simplest form not farther off than `wanted` metres; streets become one block."""
    form = _forms(levels, wanted)
    drawn = np.flatnonzero(form >= 0)
    errors = levels.errors[form[drawn], drawn]
    error = max(_gone(levels, form), float(errors.max(initial=0.0)))
    shapes = _chosen(levels.shapes, form, drawn)
    if error:  # else it is the true form of all, with every wall
        shapes = without_party_walls(plain(shapes), wanted * _PIXEL)
    return Drawing(levels.ids[drawn], shapes, error)


def coarsened(levels: Levels, wanted: float) -> Levels:
    """Only what tiles with errors from `wanted` metres up can still need: two forms of what is left."""
    form = _forms(levels, wanted)
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


def _forms(levels: Levels, wanted: float) -> NDArray[np.int64]:
    """(b,) the form to draw, -1 for none."""
    close = levels.errors <= wanted
    form = np.where(close.any(axis=0), close.argmax(axis=0), len(levels.shapes) - 1)
    buildings = np.arange(len(form))
    counts = np.stack([shapes.counts for shapes in levels.shapes])
    simplest = np.isfinite(levels.errors).argmax(axis=0)
    form = np.where(counts[form, buildings] > _HEAVY, simplest, form)
    largest_first = np.argsort(-levels.sizes, kind="stable")
    fits = np.cumsum(counts[form, buildings][largest_first]) <= VERTICES
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
