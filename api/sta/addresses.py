"""Addresses of entities within the service."""

import re
from urllib.parse import quote

from api.sta.groups import Group, Readings
from api.sta.stations import Stations
from api.sta.streams import Streams

ROOT = "/sta/v1.1"
PLAIN = re.compile(r"[A-Za-z0-9:._-]*")
"""Ids as nearly all are, which need no quoting, neither in addresses nor in JSON."""


def ids(group: Group) -> list[str]:
    """What stands between the brackets of the address of each."""
    part, rows = group.part, group.rows
    if isinstance(part, Stations):
        names, layer = part.snapshot.ids, part.layer.id
        return [f"{layer}:{names[row]}" for row in rows.tolist()]
    if isinstance(part, Streams):
        names, layer = part.stations.snapshot.ids, part.stations.layer.id
        observed = [one.name for one in part.observed]
        pairs = zip(part.rows[rows].tolist(), part.which[rows].tolist(), strict=True)
        return [f"{layer}:{names[row]}:{observed[code]}" for row, code in pairs]
    if isinstance(part, Readings):
        streams = ids(Group("Datastreams", part.streams, part.values.number[rows]))
        return [f"{of}:{at}" for of, at in zip(streams, part.values.at[rows].tolist(), strict=True)]
    return [part[row].id for row in rows.tolist()]


def quoted(name: str) -> str:
    """An id as it stands in an address."""
    return name if PLAIN.fullmatch(name) else quote(name.replace("'", "''"), safe="':@!$*(),;=~.-_")


def path(kind: str, name: str) -> str:
    """Address of an entity within the service, without its query."""
    return f"{ROOT}/{kind}('{quoted(name)}')"
