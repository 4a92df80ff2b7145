"""Observations as one table for each Datastream (OGC 18-088, section 12): ``$resultFormat=dataArray``."""

from itertools import groupby
from typing import Any

from api.sta import documents
from api.sta.model import KINDS, OBSERVATIONS
from api.sta.query import Options
from api.sta.things import Entity, Reading
from api.sta.world import World
from twin.errors import RequestError


def tables(world: World, readings: list[Reading], options: Options, kept: str) -> list[dict[str, Any]]:
    """The rows of a page, in its order; a table begins where another Datastream does.

    Args:
        world: Of the request.
        readings: The page.
        options: Of the request; ``$select`` chooses the columns, ``$expand`` has no place here.
        kept: The query that every link keeps.
    """
    if options.expand:
        raise RequestError("$expand and dataArray do not go together; leave one of them out")
    asked = options.select
    components = [
        name
        for name in ("id", *KINDS[OBSERVATIONS].properties)
        if asked is None or name in asked or (name == "id" and "@iot.id" in asked)
    ]
    world.spend("entities", len(readings))
    found = []
    for stream, group in groupby(readings, key=lambda reading: reading.stream):
        rows = []
        for reading in group:
            entity = Entity(OBSERVATIONS, reading)
            told = {"id": reading.id, **documents.properties(world, entity)}
            rows.append([told[name] for name in components])
        address = world.service.url(documents.path(Entity("Datastreams", stream)))
        found.append(
            {
                "Datastream@iot.navigationLink": f"{address}{kept}",
                "components": components,
                "dataArray@iot.count": len(rows),
                "dataArray": rows,
            }
        )
    return found
