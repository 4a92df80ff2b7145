"""What entities other than Observations are put in order by."""

from collections.abc import Callable
from typing import Any

import numpy as np

from api.sta import evaluate
from api.sta.condition import Condition
from api.sta.model import Kind
from api.sta.moment import Moment
from api.sta.names import several
from api.sta.observations import Observations
from api.sta.things import Entity
from api.sta.world import World
from twin.errors import RequestError

Key = Callable[[Entity], tuple[int, Any]]


def key(world: World, kind: Kind, names: tuple[str, ...], largest: bool) -> Key:
    """What a path says of an entity: of several values the largest if that comes first, else the least."""
    if not several(kind, names):
        return lambda entity: evaluate.sortable(evaluate.get(world, entity, names))
    if "Observations" in names[:-1]:
        return _observed(world, kind, names, largest)

    def of_several(entity: Entity) -> tuple[int, Any]:
        found = [evaluate.sortable(value) for value in evaluate.ends(world, entity, names)]
        return (max if largest else min)(found, default=evaluate.sortable(None))

    return of_several


def _observed(world: World, kind: Kind, names: tuple[str, ...], largest: bool) -> Key:
    place = names.index("Observations")
    before, after = names[:place], names[place + 1 :]
    if after not in (("result",), ("phenomenonTime",)):
        raise RequestError(
            "through Observations $orderby leads to result or phenomenonTime; "
            f"{after[0]} belongs to one of several"
        )
    parts = world.all_streams()
    if after == ("result",):
        told = Observations(world, parts, Condition()).extremes(largest)
    else:
        told = []
        for some in parts:
            table = some.streams.table
            told.append(some.column(table.last if largest else table.first).astype(np.float64))
    values = {some.streams: column for some, column in zip(parts, told, strict=True)}

    def of_values(entity: Entity) -> tuple[int, Any]:
        found = []
        entities = [entity]
        for name in before:
            entities = [each for one in entities for each in world.follow(one, name)]
        for one in entities:
            for some in world.beneath(one):
                own = values[some.streams][some.all_numbers()]
                found += own[~np.isnan(own)].tolist()
        if not found:
            return evaluate.sortable(None)
        end = (max if largest else min)(found)
        return evaluate.sortable(Moment(int(end), int(end)) if after == ("phenomenonTime",) else end)

    return of_values
