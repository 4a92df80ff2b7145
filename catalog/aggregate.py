"""Aggregate: several values as one, beside a value of that interval that is there already."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.partitions import Rows
from twin.schema import Combine


def combined(
    how: Combine | None, value: NDArray[np.float64], at: NDArray[Any], number: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The values of groups that stand one behind the other.

    Args:
        how: Rule of the schema.
        value: (n,) NaN where there is none.
        at: (g,) where each group begins.
        number: (g,) how many values of each group are there.

    Returns:
        (g,) NaN for a group without any value.
    """
    if how is Combine.MAX:
        with np.errstate(invalid="ignore"):
            result = np.fmax.reduceat(value, at)
    else:
        result = np.add.reduceat(np.nan_to_num(value), at)
        if how is Combine.MEAN:
            result = result / np.maximum(number, 1)
    found: NDArray[np.float64] = np.where(number == 0, np.nan, result)
    return found


def beside(made: Rows, others: Rows) -> Rows:
    """What counts where there is a value of that interval already.

    The source's own stays and says from now on what it stands for; of two that were condensed, the one
    that is made of more values: after a crash, or when a straggler comes, few must not replace many.
    """
    mine = {
        (s, o): i for i, (s, o) in enumerate(zip(made.station.tolist(), made.observed.tolist(), strict=True))
    }
    for place, key in enumerate(zip(others.station.tolist(), others.observed.tolist(), strict=True)):
        i = mine.get(key)
        if i is None:
            continue
        made.recorded[i] = max(made.recorded[i], others.recorded[place] + 1)
        own = others.until[place] == 0
        if own or others.made_of[place] >= made.made_of[i]:
            made.value[i], made.quality[i] = others.value[place], others.quality[place]
            made.unit[i] = others.unit[place]
            made.made_of[i] = max(made.made_of[i], others.made_of[place])
    return made
