"""Observations of some streams: ordered and paged day by day."""

import re

import numpy as np
from numpy.typing import NDArray

from api.sta import groups, latest, rows, sorting
from api.sta.observed import Observed
from api.sta.query import BY_TIME, Options
from api.sta.rows import Rows
from api.sta.things import Entity
from twin.errors import NotFound, RequestError


class Observations(Observed):
    """The Observations of some streams that meet a condition, a page at a time."""

    def page(self, options: Options) -> tuple[Rows, bool]:
        """What ``$skip``, ``$top`` and ``$orderby`` ask for, and whether more follow.

        Without an order the oldest come first.

        Raises:
            RequestError: the order needs more than a million values at once.
        """
        if options.top == 0:
            return rows.join([]), False
        if options.latest and self._plain and len(self._parts) == 1 and len(self._parts[0]) == 1:
            (stream,) = self._parts[0]
            group = groups.of_entity(Entity("Datastreams", stream))
            return latest.of(self._world.service.values, group), stream.span.count > 1
        order = options.orderby or BY_TIME
        if order[0][0] != ("phenomenonTime",):
            best = sorting.page(self._world, self._parts, self.days(), order, options)
            return best.take(slice(options.top)), len(best) > options.top
        latest_first = order[0][1]
        after = None if options.after is None else self._place(options.after)
        condition = self._condition if after is None else self._condition.from_(after[0], latest_first)
        skip = 0 if after is not None else options.skip
        found: list[Rows] = []
        number = 0
        for day, parts in self._listed(condition, latest_first):
            known = self._known(condition, day, parts)
            if known is not None and known <= skip:
                skip -= known
                continue
            values = self._day(condition, day, parts)
            if after is not None:
                values = values.take(_beyond(values, after))
            start, skip = skip, max(skip - len(values), 0)
            end = start + options.top + 1 - number
            if len(order) == 1:
                place = _oldest(values, latest_first, start, end)
            else:
                place = sorting.order_of(self._world, self._parts, values, order)[start:end]
            found.append(values.take(place))
            number += len(place)
            if number > options.top:
                return rows.join(found).take(slice(options.top)), True
        return rows.join(found), False

    def _place(self, reading: str) -> tuple[int, int, int]:
        """Time, layer and stream of an Observation by its id, after which a page begins."""
        stream_id, _, at = reading.rpartition(":")
        if not stream_id or not re.fullmatch("-?[0-9]{1,18}", at):
            raise RequestError("$skiptoken is none that this set gave; begin again without it")
        entity = self._world.one("Datastreams", stream_id)
        if entity is None:  # its layer may be withdrawn: the same as for one that never was
            raise NotFound("what $skiptoken goes on from is not there; begin again without it")
        stream = entity.of
        part = next((n for n, some in enumerate(self._parts) if some.streams is stream.all), None)
        if part is None:
            raise RequestError("$skiptoken is none that this set gave; begin again without it")
        return int(at), part, stream.number


def _beyond(values: Rows, after: tuple[int, int, int]) -> NDArray[np.bool_]:
    """(n,) whether values come after one in order of time, then of stream."""
    at, part, number = after
    later = (values.part > part) | ((values.part == part) & (values.number > number))
    found: NDArray[np.bool_] = (values.at != at) | later
    return found


def _oldest(rows: Rows, newest_first: bool, start: int, end: int) -> NDArray[np.int64]:
    """Where those stand that are at places `start` to `end` if all are in order of time, then of stream."""
    key = -rows.at if newest_first else rows.at
    end = min(end, len(key))
    if start >= end:
        return np.empty(0, np.int64)
    before = 0
    near: NDArray[np.int64] = np.arange(len(key))
    if end - start < len(key):  # only what may be there is put in order
        low, high = np.partition(key, (start, end - 1))[[start, end - 1]]
        before = int((key < low).sum())
        near = np.flatnonzero((key >= low) & (key <= high))
    order = near[np.lexsort((rows.number[near], rows.part[near], key[near]))]
    found: NDArray[np.int64] = order[start - before : end - before]
    return found
