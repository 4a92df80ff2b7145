"""The newest value of each of many Datastreams, the question that is asked most."""

import numpy as np

from api.sta.groups import Group
from api.sta.rows import Rows
from catalog.partitions import DAY_US
from catalog.values import Values


def of(values: Values, group: Group) -> Rows:
    """The newest value (n,) of each Datastream of a group."""
    streams, numbers = group.part, group.rows
    places = streams.places[numbers]
    at, keys = streams.table.last[places], streams.table.keys_[places]
    value, quality = np.empty(len(numbers)), np.empty(len(numbers), np.int32)
    days = at // DAY_US
    for number in np.unique(days).tolist():
        of_day = np.flatnonzero(days == number)
        day = values.day(streams.stations.layer.id, number)
        place = np.searchsorted(day.keys_, keys[of_day])
        row = day.starts[place + 1] - 1
        for late in np.flatnonzero(day.observed[row] != at[of_day]).tolist():
            # later ones are not known yet at the instant asked for
            first, end = day.starts[place[late]], day.starts[place[late] + 1]
            row[late] = first + np.searchsorted(day.observed[first:end], at[of_day[late]])
        value[of_day], quality[of_day] = day.value[row], day.quality[row]
    return Rows(np.zeros(len(numbers), np.int64), numbers, at, value, quality)
