"""One entity's properties as a document."""

from typing import Any

import orjson

from api.sta.cells import cells
from api.sta.groups import of_entity
from api.sta.model import KINDS
from api.sta.things import Entity
from api.sta.world import World


def properties(world: World, entity: Entity) -> dict[str, Any]:
    """All properties of an entity, in the model's order."""
    return {name: one(world, entity, name) for name in KINDS[entity.kind].properties}


def one(world: World, entity: Entity, name: str) -> Any:
    """One of them."""
    found = cells(world, of_entity(entity), name)
    return orjson.loads(found if isinstance(found, bytes) else found[0])
