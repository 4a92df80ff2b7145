"""Values of many entities at once, as filters and orders see them: times as instants, links followed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from api.sta import addresses
from api.sta.cells import Cells, cells, inner, published
from api.sta.groups import Group, Readings, of_station, one
from api.sta.model import KINDS
from api.sta.moment import Duration, Moment
from api.sta.world import World
from catalog.partitions import micros

SHAPES = ("location", "feature", "observedArea")


@dataclass(frozen=True, slots=True)
class Constant:
    """The same for all."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One value each, (n,), all of one kind."""

    kind: str
    """``number``, ``text``, ``true``, ``moment``, ``shape`` or ``any``."""
    values: NDArray[Any]
    """(n,); of moments (n, 2): first and last, microseconds since 1970."""
    there: NDArray[np.bool_] | None = None
    """(n,) whether there is one; None: everywhere."""

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Column":
        """Those of some rows."""
        return Column(self.kind, self.values[rows], None if self.there is None else self.there[rows])

    def objects(self) -> list[Any]:
        """One by one; None where there is none."""
        found: list[Any]
        if self.kind == "moment":
            found = [Moment(*span) for span in self.values.tolist()]
        else:
            found = self.values.tolist()
        if self.there is not None:
            pairs = zip(found, self.there.tolist(), strict=True)
            found = [value if there else None for value, there in pairs]
        return found


Values = Column | Constant


def of(found: Iterable[Any]) -> Column:
    """A column of whatever values."""
    values = list(found)
    kinds = set(map(type, values))
    nothing = type(None) in kinds
    kinds.discard(type(None))
    there = np.array([value is not None for value in values], dtype=bool) if nothing else None
    if kinds and kinds <= {int, float}:
        least = min((value for value in values if value is not None), default=0)
        most = max((value for value in values if value is not None), default=0)
        whole = kinds == {int} and least > -(2**53) and most < 2**53
        filled = [0 if value is None else value for value in values] if nothing else values
        return Column("number", np.array(filled, np.int64 if whole else np.float64), there)
    if kinds == {bool}:
        return Column("true", np.array([value is True for value in values], dtype=bool), there)
    if kinds == {Moment}:
        spans = [(0, 0) if value is None else tuple(value) for value in values]
        return Column("moment", np.array(spans, np.int64).reshape(-1, 2), there)
    objects = np.empty(len(values), object)
    objects[:] = values
    return Column("text" if kinds == {str} else "any", objects, there)


def kind_of(value: Any) -> str:
    """The kind of a column that has this value everywhere."""
    if isinstance(value, bool):
        return "true"
    if isinstance(value, int | float) and not isinstance(value, Duration):
        return "number"
    if isinstance(value, Moment):
        return "moment"
    return "text" if isinstance(value, str) else "any"


def column(world: World, group: Group, names: tuple[str, ...]) -> Values:
    """The values (n,) at the end of a path that leads through single entities, that the model has."""
    name, rest = names[0], names[1:]
    if name in KINDS[group.kind].links:
        return column(world, one(world, group, name), rest)
    if isinstance(group.part, list):
        each = _told(world, Group(group.kind, group.part, np.arange(len(group.part))), names)
        return each if isinstance(each, Constant) else each.take(group.rows)
    return _told(world, group, names)


def _told(world: World, group: Group, names: tuple[str, ...]) -> Values:
    name, rest = names[0], names[1:]
    if of_station(group) and (name in ("name", "id", "@iot.id") or (name in SHAPES and not rest)):
        return _kept(world, group, "id" if name == "@iot.id" else name)
    if name in ("id", "@iot.id"):
        return of(addresses.ids(group))
    if name in ("selfLink", "@iot.selfLink"):
        return of(world.service.url(addresses.path(group.kind, of_)) for of_ in addresses.ids(group))
    if name == "time":
        at = micros(group.part.since)
        return Constant(Moment(at, at))
    if name == "result":
        return Column("number", group.part.values.value[group.rows])
    if name == "phenomenonTime":
        return Column("moment", _times(group))
    if name in SHAPES and not rest:
        return _kept(world, one(world, group, "Thing"), "location")
    if name == "properties" and rest and group.kind in ("Things", "Datastreams"):
        if group.kind == "Things" and published(world, group.part, rest[0]):
            return _inside(_kept(world, group, f"properties/{rest[0]}"), rest[1:])
        found = inner(world, group, rest[0])
        return Constant(None) if found is None else _inside(_read(found), rest[1:])
    return _inside(_read(cells(world, group, name)), rest)


def _times(group: Group) -> NDArray[np.int64]:
    part, rows = group.part, group.rows
    if isinstance(part, Readings):
        return np.column_stack([part.values.at[rows]] * 2)
    places = part.places[rows]
    return np.column_stack([part.table.first[places], part.table.last[places]])


def _read(found: Cells) -> Values:
    if isinstance(found, bytes):
        return Constant(orjson.loads(found))
    return of(orjson.loads(b"[" + b",".join(found) + b"]"))


def _inside(values: Values, names: tuple[str, ...]) -> Values:
    """What stands at names within documents."""
    if not names:
        return values
    if isinstance(values, Constant):
        return Constant(_get(values.value, names))
    return of(_get(value, names) for value in values.objects())


def _get(value: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _kept(world: World, group: Group, name: str) -> Values:
    """A column of all stations of a layer, kept, for some."""
    stations = group.part
    key = (stations, "location" if name == "feature" else name)
    found = world.keeper.column(key)
    if found is None:
        whole = Group("Things", stations, np.arange(len(stations)))
        found = _made(world, whole, key[1])
        world.keeper.keep_column(key, found, len(stations))
    return found if isinstance(found, Constant) else found.take(group.rows)


def _made(world: World, whole: Group, name: str) -> Values:
    stations = whole.part
    if name == "id":
        return of(addresses.ids(whole))
    if name == "name":
        return of(stations.name(row) for row in range(len(stations)))
    if name == "location":
        nowhere = stations.snapshot.nowhere
        there = np.ones(len(stations), dtype=bool)
        there[nowhere] = False
        return Column("shape", stations.snapshot.shapes(whole.rows), there if len(nowhere) else None)
    return _read(stations.snapshot.cells(name.partition("/")[2], whole.rows))
