"""Observations as one table for each Datastream (OGC 18-088, section 12): ``$resultFormat=dataArray``."""

import numpy as np
import orjson

from api.sta import addresses
from api.sta.groups import Group, of_readings
from api.sta.members import chosen
from api.sta.model import KINDS, OBSERVATIONS
from api.sta.query import Options
from api.sta.rows import Rows
from api.sta.streams import Some
from api.sta.world import World
from twin.errors import RequestError


def tables(world: World, parts: list[Some], values: Rows, options: Options) -> list[bytes]:
    """The rows of a page as JSON, in its order; a table begins where another Datastream does.

    Args:
        world: Of the request.
        parts: Whose values.
        values: The page.
        options: Of the request; ``$select`` chooses the columns, ``$expand`` has no place here.
    """
    if options.expand:
        raise RequestError("$expand and dataArray do not go together; leave one of them out")
    asked = options.select
    components = [
        name
        for name in ("id", *KINDS[OBSERVATIONS].properties)
        if asked is None or name in asked or (name == "id" and "@iot.id" in asked)
    ]
    world.spend("entities", len(values))
    if not len(values):
        return []
    rows: list[bytes] = [b""] * len(values)
    streams: list[str] = [""] * len(values)
    for group, places in of_readings(parts, values):
        written = _rows(world, group, components, options)
        of = Group("Datastreams", group.part.streams, group.part.values.number)
        for place, row, name in zip(places.tolist(), written, addresses.ids(of), strict=True):
            rows[place], streams[place] = row, name
    new = np.flatnonzero((np.diff(values.part, prepend=-1) != 0) | (np.diff(values.number, prepend=-1) != 0))
    found = []
    for first, end in zip(new.tolist(), [*new[1:].tolist(), len(rows)], strict=True):
        address = world.service.url(addresses.path("Datastreams", streams[first]))
        head = {
            "Datastream@iot.navigationLink": f"{address}{world.kept}",
            "components": components,
            "dataArray@iot.count": end - first,
        }
        found.append(b'%b,"dataArray":[%b]}' % (orjson.dumps(head)[:-1], b",".join(rows[first:end])))
    return found


def _rows(world: World, group: Group, components: list[str], options: Options) -> list[bytes]:
    columns = []
    for name in components:
        if name == "id":
            columns.append(list(map(orjson.dumps, addresses.ids(group))))
            continue
        found = chosen(world, group, name, options.inside.get(name))
        columns.append([found] * len(group) if isinstance(found, bytes) else found)
    if not columns:
        return [b"[]"] * len(group)
    return [b"[%b]" % b",".join(row) for row in zip(*columns, strict=True)]
