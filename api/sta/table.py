"""Whole sets as CSV, column by column: the newest value of every station in one answer.

The same table as `api.sta.formats` makes of an answer in JSON, without the JSON: hundreds of thousands of
lines take seconds where they took minutes, and little memory.
"""

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
import orjson

from api.formats.csv import guarded
from api.sta import addresses, following, formats, groups, latest, ordering
from api.sta.cells import Cells
from api.sta.choosing import Filter
from api.sta.groups import Group, Numbers
from api.sta.members import chosen
from api.sta.model import KINDS, OBSERVATIONS, Kind
from api.sta.query import Options
from api.sta.streams import Some
from api.sta.things import Entity
from api.sta.world import World
from twin.errors import TooMuch

BYTES = 64 * 1024 * 1024
"""Most characters of an answer."""
_AT_ONCE = 10_000
Texts = list[str]


def fits(kind: Kind, options: Options) -> bool:
    """Whether a table can be written so: of several beneath an entity only a Datastream's newest value."""
    for name, nested in options.expand.items():
        link = kind.links[name]
        newest = kind.name == "Datastreams" and link.target == OBSERVATIONS and nested.latest
        if link.many and not (newest and nested.filter is None):
            return False
        if not fits(KINDS[link.target], nested):
            return False
    return True


def written(
    world: World, kind: Kind, entities: Sequence[Entity], options: Options, path: str
) -> tuple[bytes, str | None]:
    """A set other than of Observations, and the address of its next page if there is one.

    Args:
        world: Of the request.
        kind: What the entities are.
        entities: All of the set.
        options: What is asked; they have to fit.
        path: Address of the set within the service.

    Raises:
        TooMuch: It takes longer, or gets larger, than one answer may.
    """
    members = groups.of_members(kind.name, entities)
    if options.filter is not None and members:
        test = Filter(world, kind.name, options.filter)
        members = [group.take(test(group)) for group in members]
    total = sum(map(len, members))
    end = min(options.skip + options.top, total)
    order = ordering.order(world, members, options.orderby)[options.skip : end]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(name for name, _ in formats.columns(kind, options))
    for start in range(0, len(order), _AT_ONCE):
        world.hurry()
        writer.writerows(_lines(world, members, order[start : start + _AT_ONCE], options))
        if buffer.tell() > BYTES:
            raise TooMuch(
                f"this table has more than {BYTES >> 20} MB; choose its columns with $select, or lower $top"
            )
    more = options.top > 0 and end < total
    link = following.link(world, options, path, following.by_number(options)) if more else None
    return buffer.getvalue().encode(), None if link is None else orjson.loads(link)


def _lines(world: World, members: list[Group], order: Numbers, options: Options) -> list[tuple[str, ...]]:
    """Lines of entities by their numbers among those of several groups, one group after the other."""
    found: list[tuple[str, ...]] = [()] * len(order)
    start = 0
    for group in members:
        places = np.flatnonzero((order >= start) & (order < start + len(group)))
        if len(places):
            columns = _columns(world, group.take(order[places] - start), options)
            for place, line in zip(places.tolist(), zip(*columns, strict=True), strict=True):
                found[place] = line
        start += len(group)
    return found


def _columns(world: World, group: Group, options: Options) -> Iterator[Texts]:
    """Cells of each column, in the order of `formats.columns`."""
    kind = KINDS[group.kind]
    for _, name in formats.names(kind, options):
        world.hurry()
        if name == "@iot.id":
            yield list(map(guarded, addresses.ids(group)))
        elif name == "@iot.selfLink":
            before = f"{world.service.url(addresses.ROOT)}/{kind.name}('"
            yield [f"{before}{addresses.quoted(one)}'){world.kept}" for one in addresses.ids(group)]
        elif name == "unitOfMeasurement":
            cells = chosen(world, group, name, options.inside.get(name))
            for part in formats.unit(options):
                yield _texts(cells, len(group), part)
        else:
            yield _texts(chosen(world, group, name, options.inside.get(name)), len(group))
    for name, nested in options.expand.items():
        if kind.links[name].many:
            values = latest.of(world.service.values, group)
            ((to, _),) = groups.of_readings([Some(group.part)], values)
            yield from _columns(world, to, nested)
            continue
        to = groups.one(world, group, name)
        once, which = np.unique(to.rows, return_inverse=True)
        places = which.tolist()
        for column in _columns(world, Group(to.kind, to.part, once), nested):
            yield [column[place] for place in places]


def _texts(cells: Cells, number: int, part: str | None = None) -> Texts:
    """JSON as cells, or a member of each; the same is looked at once."""
    if isinstance(cells, bytes):
        return [_text(cells, part)] * number
    known: dict[bytes, str] = {}
    found = []
    for cell in cells:
        text = known.get(cell)
        if text is None:
            text = known[cell] = _text(cell, part)
        found.append(text)
    return found


def _text(cell: bytes, part: str | None) -> str:
    if part is None and cell[:1] not in (b'"', b"n"):
        return cell.decode()
    value = orjson.loads(cell)
    return formats.cell(value.get(part) if part is not None and isinstance(value, dict) else value)
