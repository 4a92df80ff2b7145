"""Two forms that are the same stay one object, and nothing but the work becomes less."""

import pickle
from dataclasses import fields, replace

import numpy as np
import pytest
import shapely

from tiles.blocks import Profile, simple_forms
from tiles.levels import Levels, coarsened, simplified, some, together

ROTATED = np.array([[0.6, -0.8, 0, 30], [0.8, 0.6, 0, -7], [0, 0, 1, 2], [0, 0, 0, 1.0]])


def levels(first, count, frame, *, footprints=0.0):
    """Blocks of which the rectangle is exact; all have two forms, footprints as far off as said."""
    boxes = np.array([shapely.box(i * 9.0, 0, i * 9.0 + 8, 12) for i in range(count)])
    bounds = shapely.bounds(boxes)
    profile = Profile(
        bottom=np.zeros(count),
        top=np.linspace(5, 9, count),
        error=np.zeros(count),
        low=bounds[:, :2],
        high=bounds[:, 2:],
        size=np.full(count, 20.0),
    )
    (one, _), _ = simple_forms(boxes, profile)
    errors = np.stack([np.full(count, 3.0), np.full(count, footprints)])
    return Levels(frame, np.arange(count) * 2 + first, (one, one), errors, np.full(count, 20.0))


def told(found):
    """All that is in levels or a drawing, as bytes."""
    forms = found.shapes if isinstance(found, Levels) else (found.shapes,)
    arrays = [getattr(form, field.name) for form in forms for field in fields(form)]
    return [None if array is None else (array.dtype, array.tobytes()) for array in arrays]


def apart(found):
    """The same with two objects in place of one."""
    return replace(found, shapes=tuple(replace(shapes) for shapes in found.shapes))


@pytest.mark.parametrize("wanted", [1.0, 4.0])
def test_shared_forms_give_what_forms_of_their_own_give(wanted):
    shared = [levels(0, 5, np.eye(4)), levels(1, 4, ROTATED)]
    own = [apart(each) for each in shared]
    whole, other = together(shared), together(own)
    assert whole.shapes[0] is whole.shapes[1]
    assert other.shapes[0] is not other.shapes[1]
    assert told(whole) == told(other)
    part, rest = some(whole, np.array([0, 3, 4])), some(other, np.array([0, 3, 4]))
    assert part.shapes[0] is part.shapes[1]
    assert told(part) == told(rest)
    assert told(coarsened(part, wanted)) == told(coarsened(rest, wanted))
    assert told(simplified(whole, wanted)) == told(simplified(other, wanted))


def test_forms_are_shared_only_where_all_parts_share_them():
    parts = [levels(0, 5, np.eye(4)), apart(levels(1, 4, ROTATED))]
    found = together(parts)
    assert found.shapes[0] is not found.shapes[1]
    assert told(found) == told(together([apart(parts[0]), parts[1]]))


def test_what_is_left_after_coarsening_is_one_form_that_is_sent_once():
    found = coarsened(apart(levels(0, 40, np.eye(4))), 4.0)
    assert found.shapes[0] is found.shapes[1]
    assert len(pickle.dumps(found)) < 1.2 * len(pickle.dumps(replace(found, shapes=found.shapes[:1])))
    shown = pickle.loads(pickle.dumps(found))
    assert shown.shapes[0] is shown.shapes[1]


def test_errors_are_told_form_by_form_even_so():
    found = coarsened(levels(0, 3, np.eye(4)), 2.0)
    assert found.errors.tolist() == [[3.0] * 3, [0.0] * 3]
