"""Answers as ready bytes: entities with their links, sets with count and next page, expanded as asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import orjson

from api.sta import addresses, data_array, following, groups, latest, ordering
from api.sta.cells import Cells
from api.sta.choosing import Filter, condition
from api.sta.condition import Condition
from api.sta.form import Form
from api.sta.groups import Group, Numbers
from api.sta.members import chosen
from api.sta.model import KINDS, OBSERVATIONS, Kind, Link
from api.sta.observations import Observations
from api.sta.query import BY_TIME, Options
from api.sta.rows import Rows, join
from api.sta.streams import Some, Streams
from api.sta.things import Entity
from api.sta.world import World


@dataclass(slots=True)
class Page:
    """Some entities of a set, as JSON."""

    shown: list[bytes]
    total: int | None
    """How many there are in all; None if nobody asked."""
    following: str | None
    """What tells the next page from this one; None if this is the last."""


class Answer:
    """Writes what one request asks for."""

    def __init__(self, world: World) -> None:
        """Every link keeps the world's instant."""
        self._world = world
        self._kept = world.kept.encode()
        self._conditions: dict[int, Condition] = {}

    def entity(self, entity: Entity, options: Options) -> bytes:
        """One entity."""
        return self.entities(groups.of_entity(entity), options)[0]

    def set(self, kind: Kind, entities: Sequence[Entity], options: Options, path: str) -> bytes:
        """A set other than of Observations; `path` is its address within the service."""
        members = groups.of_members(kind.name, entities)
        (page,) = self._pages([(group, np.zeros(len(group), np.int64)) for group in members], 1, options)
        return b"{%b}" % self._framed(page, options, path, b"", b"value")

    def observations(self, parts: list[Some], options: Options, path: str) -> bytes:
        """Observations of some streams."""
        values, more, total = self._observed(parts, options)
        if options.format == "dataArray":
            shown = data_array.tables(self._world, parts, values, options)
        else:
            shown = self._readings(parts, values, options)
        page = Page(shown, total, self._behind(parts, values, options) if more else None)
        return b"{%b}" % self._framed(page, options, path, b"", b"value")

    def entities(self, group: Group, options: Options) -> list[bytes]:
        """Entities of a group, (n,)."""
        self._world.spend("entities", len(group))
        if not len(group):
            return []
        kind, asked = KINDS[group.kind], options.select
        names = addresses.ids(group)
        quoted = [addresses.quoted(name).encode() for name in names]
        before = f"{self._world.service.url(addresses.ROOT)}/{kind.name}('".encode()
        form = Form(len(group))
        if asked is None or asked & {"id", "@iot.id"}:
            form.add("@iot.id", list(map(orjson.dumps, names)))
        if asked is None or asked & {"selfLink", "@iot.selfLink"}:
            form.text("@iot.selfLink", before, quoted, b"')" + self._kept)
        for name in kind.properties:
            if asked is None or name in asked:
                form.add(name, chosen(self._world, group, name, options.inside.get(name)))
        for name, link in kind.links.items():
            nested = options.expand.get(name)
            if nested is not None:
                if link.many:
                    form.members(self._several(group, name, link, nested, quoted))
                else:
                    form.add(name, self._single(group, name, nested))
            elif asked is None or name in asked:
                after = f"')/{name}".encode() + self._kept
                form.text(f"{name}@iot.navigationLink", before, quoted, after)
        return form.written()

    def _single(self, group: Group, name: str, options: Options) -> Cells:
        """The one entity to which a link of each leads; the same one is written once."""
        to = groups.one(self._world, group, name)
        once, which = np.unique(to.rows, return_inverse=True)
        left = self._world.left("entities")
        written = self.entities(Group(to.kind, to.part, once), options)
        spent = left - self._world.left("entities")  # with what is expanded in them
        self._world.spend("entities", spent * (len(to) - len(once)) // max(len(once), 1))
        return [written[number] for number in which.tolist()]

    def _several(
        self, group: Group, name: str, link: Link, options: Options, quoted: list[bytes]
    ) -> list[bytes]:
        """The members of a set beneath each entity: its count, the link to its next page, and itself."""
        if link.target == OBSERVATIONS:
            pages: Iterable[Page] = self._beneath(group, options)
        elif link.target == "Datastreams":
            pages = self._pages(groups.several(self._world, group), len(group), options)
        else:
            found = groups.one(self._world, group, name)
            pages = self._pages([(found, np.arange(len(group)))], len(group), options)
        start, key = f"{addresses.ROOT}/{group.kind}('", name.encode()
        return [
            self._framed(page, options, f"{start}{one.decode()}')/{name}", key, key)
            for page, one in zip(pages, quoted, strict=True)
        ]

    def _pages(self, found: list[tuple[Group, Numbers]], number: int, options: Options) -> list[Page]:
        """One page of a set other than of Observations for each of `number` owners.

        Args:
            found: Entities, with the number (n,) of the owner of each.
            number: How many owners there are.
            options: The same for all.
        """
        if number == 1 and options.filter is None and not options.orderby:
            return [self._first([group for group, _ in found], options)]
        if options.filter is not None and found:
            test = Filter(self._world, found[0][0].kind, options.filter)
            true = [test(group) for group, _ in found]
            found = [(g.take(t), owners[t]) for (g, owners), t in zip(found, true, strict=True)]
        members = [group for group, _ in found]
        owner = np.concatenate([np.empty(0, np.int64), *(owners for _, owners in found)])
        order = ordering.order(self._world, members, options.orderby)
        if number > 1:
            order = order[np.argsort(owner[order], kind="stable")]
        counts = np.bincount(owner, minlength=number)
        place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
        chosen = order[(place >= options.skip) & (place < options.skip + options.top)]
        written = self._written(members, chosen, options)
        ends = np.cumsum(np.clip(counts - options.skip, 0, options.top)).tolist()
        pages = []
        for start, end, total in zip([0, *ends], ends, counts.tolist(), strict=False):
            more = options.top > 0 and options.skip + options.top < total
            next_ = following.by_number(options) if more else None
            pages.append(Page(written[start:end], total if options.count else None, next_))
        return pages

    def _first(self, members: list[Group], options: Options) -> Page:
        """A page of all members in their order."""
        total = sum(map(len, members))
        chosen = np.arange(min(options.skip, total), min(options.skip + options.top, total))
        more = options.top > 0 and options.skip + options.top < total
        shown = self._written(members, chosen, options)
        return Page(shown, total if options.count else None, following.by_number(options) if more else None)

    def _written(self, members: list[Group], chosen: Numbers, options: Options) -> list[bytes]:
        """Entities by their numbers among those of several groups, one group after the other."""
        found: list[bytes] = [b""] * len(chosen)
        start = 0
        for group in members:
            places = np.flatnonzero((chosen >= start) & (chosen < start + len(group)))
            written = self.entities(group.take(chosen[places] - start), options)
            for place, text in zip(places.tolist(), written, strict=True):
                found[place] = text
            start += len(group)
        return found

    def _beneath(self, group: Group, options: Options) -> list[Page]:
        """A page of Observations for each of some Datastreams or FeaturesOfInterest."""
        if options.latest and options.filter is None and isinstance(group.part, Streams):
            values = latest.of(self._world.service.values, group)
            parts = [Some(group.part)]
            shown = self._readings(parts, values, options)
            counts = group.part.table.count[group.part.places[group.rows]].tolist()
            tokens = addresses.ids(next(groups.of_readings(parts, values))[0]) if len(values) else []
            return [
                Page([one], count if options.count else None, following.by_token(name) if count > 1 else None)
                for one, count, name in zip(shown, counts, tokens, strict=True)
            ]
        found = []
        for entity in group.entities():
            self._world.hurry()
            parts = self._world.beneath(entity)
            found.append((parts, *self._observed(parts, options)))
        if not found:
            return []
        # all of one layer: they are written at once
        shown = self._readings(found[0][0], join([values for _, values, _, _ in found]), options)
        pages, start = [], 0
        for parts, values, more, total in found:
            next_ = self._behind(parts, values, options) if more else None
            pages.append(Page(shown[start : start + len(values)], total, next_))
            start += len(values)
        return pages

    def _observed(self, parts: list[Some], options: Options) -> tuple[Rows, bool, int | None]:
        """A page of Observations, whether more follow, and how many there are if that is asked."""
        if id(options) not in self._conditions:
            self._conditions[id(options)] = condition(self._world, options.filter)
        found = Observations(self._world, parts, replace(self._conditions[id(options)]))
        values, more = found.page(options)
        return values, more, found.count() if options.count else None

    def _readings(self, parts: list[Some], values: Rows, options: Options) -> list[bytes]:
        """Observations in their order."""
        found: list[bytes] = [b""] * len(values)
        for group, places in groups.of_readings(parts, values):
            for place, text in zip(places.tolist(), self.entities(group, options), strict=True):
                found[place] = text
        return found

    def _behind(self, parts: list[Some], values: Rows, options: Options) -> str:
        """Where the page after some Observations begins."""
        if len(options.orderby) > 1 or (options.orderby or BY_TIME)[0][0] != ("phenomenonTime",):
            return following.by_number(options)
        ((last, _),) = groups.of_readings(parts, values.take(slice(-1, None)))
        return following.by_token(addresses.ids(last)[0])

    def _framed(self, page: Page, options: Options, path: str, key: bytes, name: bytes) -> bytes:
        """The members of a set; `key` stands before what is said of it, `name` is its own."""
        told = b"" if page.total is None else b'"%b@iot.count":%d,' % (key, page.total)
        if page.following is not None:
            to = following.link(self._world, options, path, page.following)
            told += b'"%b@iot.nextLink":%b,' % (key, to)
        return b'%b"%b":[%b]' % (told, name, b",".join(page.shown))
