"""Finds the buildings of an OSM file: what belongs to them first, then where that lies, then one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.extrusion.wkb import Polygons
from ingest.osm.form import DAMAGED
from ingest.osm.rings import Incomplete, area_of
from ingest.osm.tags import BUILDINGS, is_building, is_part, kept, names, value
from ingest.osm.trees import KEYS
from twin.errors import SourceBroken

_AREAS = ("multipolygon", "boundary", "building")
_OUTER = ("outer", "outline", "")
TWICE = "an outline tagged like the relation it bounds was taken once"
POINT = "it is only a point"
CLOSED = "an outline that does not end where it began was closed"


@dataclass(slots=True)
class Outline:
    """A building or a part of one."""

    id: str
    """``way/7``, ``relation/7`` or ``node/7``."""
    tags: dict[str, str]
    area: Polygons | None
    """Longitude, latitude in degrees."""
    fault: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Relation:
    id: int
    tags: dict[str, str]
    ways: list[tuple[int, bool]]
    """Way id, and whether it is a hole."""
    part: bool = False
    notes: tuple[str, ...] = ()
    borrowed: bool = False
    """Old style: the tags stand on the outer way."""


@dataclass(slots=True)
class _Known:
    relations: list[_Relation] = field(default_factory=list)
    members: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    """Way id → its nodes, for members of relations."""
    replaced: set[int] = field(default_factory=set)
    """Outer ways that a relation speaks for."""
    parts: list[tuple[int, dict[str, str], NDArray[np.int64]]] = field(default_factory=list)
    nodes: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    places: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))


class Survey:
    """The buildings of one file.

    Args:
        path: the file.
        kind: its format, from `readable`.
        name: its name for messages.
    """

    def __init__(self, path: Path, kind: str, name: str) -> None:
        self._path, self._kind, self._name = path, kind, name
        self._known = _Known()
        self._relations()
        self._ways()
        self._nodes()

    def parts(self) -> Iterator[Outline]:
        """Everything tagged ``building:part`` and not ``building``."""
        for number, tags, nodes in self._known.parts:
            yield self._way(number, tags, nodes)
        for relation in self._known.relations:
            if relation.part:
                yield self._relation(relation)

    def outlines(self) -> Iterator[Outline]:
        """Every building, in the order of the file; a point tagged as one has a fault."""
        known = self._known
        for way in self._objects("w", BUILDINGS):
            if not is_building(way.tags) or way.id in known.replaced:
                continue
            yield self._way(way.id, self._tags(way.tags), _refs(way))
        for relation in known.relations:
            if not relation.part:
                yield self._relation(relation)
        for node in self._objects("n", ("building",)):
            if value(node.tags, "building") != "no":
                yield Outline(f"node/{node.id}", {}, None, POINT)

    def trees(self) -> Iterator[tuple[str, dict[str, str], tuple[float, float] | None]]:
        """Every single tree: its id, its tags, and longitude and latitude if they are known."""
        for node in self._objects("n", ("natural",)):
            if value(node.tags, "natural") != "tree":
                continue
            try:
                tags = {tag.k: tag.v for tag in node.tags if tag.k in KEYS}
            except UnicodeDecodeError:
                tags = {"natural": "tree"}
            there = node.location
            at = (there.lon_without_check(), there.lat_without_check()) if there.valid() else None
            yield f"node/{node.id}", tags, at

    def _relations(self) -> None:
        for found in self._objects("r", ("type",)):
            kind = value(found.tags, "type")
            if kind not in _AREAS:
                continue
            tags = self._tags(found.tags)
            building, part = is_building(tags), is_part(tags)
            plain = kind == "multipolygon" and not set(names(found.tags)) - {"type", "source", "created_by"}
            if kind == "boundary" or not (building or part or plain):
                continue
            if kind == "building" and not _has_outline(found):
                continue  # groups parts whose place tells the same
            members = [
                (m.ref, m.role == "inner") for m in found.members if m.type == "w" and m.role != "part"
            ]
            relation = _Relation(found.id, tags, members, part and not building, borrowed=plain)
            self._known.relations.append(relation)

    def _ways(self) -> None:
        """Nodes of all that belongs to buildings; relations without tags borrow those of their outer way."""
        known = self._known
        wanted = {ref for relation in known.relations for ref, _ in relation.ways}
        of_outer = {
            ref: place
            for place, relation in enumerate(known.relations)
            for ref, hole in relation.ways
            if not hole and not relation.part
        }
        refs: list[NDArray[np.int64]] = []
        for way in self._objects("w", BUILDINGS):
            building = is_building(way.tags)
            if not building and not is_part(way.tags):
                continue
            nodes = _refs(way)
            refs.append(nodes)
            if not building:
                known.parts.append((way.id, self._tags(way.tags), nodes))
            elif (place := of_outer.get(way.id)) is not None:
                relation = known.relations[place]
                if _same_ring(way, relation):
                    relation.tags = self._tags(way.tags) | relation.tags
                    relation.notes += () if relation.borrowed else (TWICE,)
                    known.replaced.add(way.id)
        known.relations = [r for r in known.relations if not r.borrowed or is_building(r.tags)]
        wanted = {ref for relation in known.relations for ref, _ in relation.ways}
        if wanted:
            for way in self._objects("w", (), wanted):
                known.members[way.id] = _refs(way)
        refs += known.members.values()
        known.nodes = np.unique(np.concatenate(refs)) if refs else known.nodes

    def _nodes(self) -> None:
        known = self._known
        known.places = np.full((len(known.nodes), 2), np.nan)
        if not len(known.nodes):
            return
        ids: list[int] = []
        places: list[tuple[float, float]] = []
        for node in self._objects("n", (), known.nodes.tolist()):
            if node.location.valid():
                ids.append(node.id)
                places.append((node.location.lon_without_check(), node.location.lat_without_check()))
        if ids:
            known.places[np.searchsorted(known.nodes, np.array(ids))] = places

    def _objects(self, kind: str, keys: tuple[str, ...], ids: Any = None) -> Iterator[Any]:
        """The objects of a kind that have one of `keys`, or one of `ids`; every fault of the file is ours."""
        import osmium

        entity = {"n": osmium.osm.NODE, "w": osmium.osm.WAY, "r": osmium.osm.RELATION}[kind]
        try:
            found = osmium.FileProcessor(osmium.io.File(str(self._path), self._kind), entity)
            if keys:
                found.with_filter(osmium.filter.KeyFilter(*keys))
            elif min(ids) >= 0:
                found.with_filter(osmium.filter.IdFilter(ids))
            else:  # editors give new objects negative numbers, which the filter does not know
                wanted = set(ids)
                yield from (thing for thing in found if thing.id in wanted)
                return
            yield from found
        except (RuntimeError, ValueError, osmium.InvalidLocationError):
            raise SourceBroken(DAMAGED.format(self._name)) from None

    def _tags(self, tags: Any) -> dict[str, str]:
        """The tags we read; of text that is none only what the object is."""
        try:
            return kept(tags)
        except UnicodeDecodeError:
            return {key: "yes" for key in BUILDINGS if key in tags}

    def _at(self, nodes: NDArray[np.int64]) -> tuple[NDArray[np.float64], bool]:
        """Places of nodes, and whether all are there."""
        at = np.searchsorted(self._known.nodes, nodes)
        places = self._known.places[at]
        there = ~np.isnan(places[:, 0])
        return places[there], bool(there.all())

    def _way(self, number: int, tags: dict[str, str], nodes: NDArray[np.int64]) -> Outline:
        ring, whole = self._at(nodes)
        outline = Outline(f"way/{number}", tags, None)
        if not whole:
            outline.fault = "corners of its outline are not in the file"
        elif len(ring) < 3:
            outline.fault = "its outline has fewer than three corners"
        else:
            outline.area = [[ring]]
        return outline

    def _relation(self, relation: _Relation) -> Outline:
        ways = []
        missing = False
        for ref, hole in relation.ways:
            nodes = self._known.members.get(ref)
            if nodes is None:
                missing = True
                continue
            places, whole = self._at(nodes)
            if not whole or len(nodes) < 2:
                missing = True
            else:
                ways.append((nodes, places, hole))
        outline = Outline(f"relation/{relation.id}", relation.tags, None, notes=relation.notes)
        try:
            outline.area, notes = area_of(ways, missing)
            outline.notes += notes
        except Incomplete as error:
            outline.fault = str(error)
        return outline


def _has_outline(relation: Any) -> bool:
    """True if a ``type=building`` relation has its outline as ways of several pieces."""
    return bool(sum(m.role in _OUTER and m.type == "w" for m in relation.members) > 1)


def _refs(way: Any) -> NDArray[np.int64]:
    return np.fromiter((node.ref for node in way.nodes), dtype=np.int64, count=len(way.nodes))


def _same_ring(way: Any, relation: _Relation) -> bool:
    """True if the way alone is the outer ring of the relation."""
    outers = sum(not hole for _, hole in relation.ways)
    return bool(way.is_closed()) and outers == 1
