"""Looking for revisions as STAC items: by place, time, name, value and words, in a stable order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from catalog import stac_filter
from catalog.cql.tree import Node
from catalog.stac_query import Condition
from catalog.stac_stories import ItemField, Story
from catalog.stac_words import Words
from twin.errors import RequestError
from twin.revision import Revision

if TYPE_CHECKING:
    from shapely import Geometry

Box = tuple[float, float, float, float]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Search:
    """What is looked for; None or empty: no matter what."""

    layers: frozenset[str] | None = None
    ids: frozenset[str] | None = None
    boxes: tuple[Box, ...] = ()
    """One of them is met; two of a box that crosses the antimeridian."""
    shape: "Geometry | None" = None
    time: tuple[datetime | None, datetime | None] | None = None
    """First and last instant; revisions that held then are found."""
    conditions: tuple[Condition, ...] = ()
    tree: Node | None = None
    """A checked CQL2 filter."""
    words: Words | None = None
    """What its texts have to say."""
    order: tuple[tuple[ItemField, bool], ...] = ()
    """Fields and whether they descend; without any the newest come first."""


@dataclass(frozen=True)
class Token:
    """Where a page ended, and what had been published when the first one was made."""

    until: datetime
    layer: str
    number: int

    def __str__(self) -> str:
        """As it stands in links."""
        return f"{(self.until - _EPOCH) // timedelta(microseconds=1)}~{self.layer}~{self.number}"


def token(text: str) -> Token:
    """Read a token; `RequestError` if it is none of ours."""
    parts = text.split("~")
    if len(parts) == 3 and all(p.isascii() and p.isdecimal() and len(p) < 17 for p in (parts[0], parts[2])):
        try:
            return Token(_EPOCH + timedelta(microseconds=int(parts[0])), parts[1], int(parts[2]))
        except OverflowError:
            pass  # falls through to the refusal: no calendar goes so far
    raise RequestError("token is not one of this service; begin again without it and follow rel=next")


@dataclass(frozen=True)
class Page:
    """Some of what was found."""

    matched: int
    revisions: Sequence[Revision]
    token: Token | None
    """For the next page; None on the last one."""


Told = Callable[[Revision], Story | None]


def find(
    search: Search,
    known: Mapping[str, Sequence[Revision]],
    told: Told,
    limit: int,
    after: Token | None = None,
) -> Page:
    """Look for revisions.

    Pages never lose or repeat what was there when the first was made: a token names the last revision, not a
    count, and what was published later is left out.

    Args:
        search: What is looked for.
        known: Layer → all its revisions.
        told: The story of a revision; asked only if it matters.
        limit: Most revisions of the page.
        after: Where the page before ended.

    Raises:
        RequestError: `after` names a revision that is not there.
    """
    newest = max((r.published_at for found in known.values() for r in found), default=_EPOCH)
    until = newest if after is None else after.until
    found: list[Revision] = []
    for layer, revisions in known.items():
        if search.layers is None or layer in search.layers:
            seen = [r for r in revisions if r.published_at <= until]
            found += _held(seen, search.time)
    found = [r for r in _placed(found, search) if search.ids is None or r.name in search.ids]
    if search.conditions or search.words is not None:
        found = [r for r in found if _meets(r, search, told)]
    if search.tree is not None:
        found = stac_filter.held(search.tree, found, told)
    matched = len(found)
    if after is not None:
        mark = next((r for r in known.get(after.layer, ()) if r.number == after.number), None)
        if mark is None:
            raise RequestError("what the token goes on from is not here any more; begin again without it")
        found = ordered([mark, *(r for r in found if r is not mark)], search.order, told)
        found = found[found.index(mark) + 1 :]
    else:
        found = ordered(found, search.order, told)
    page = found[:limit]
    more = len(found) > limit
    return Page(matched, page, Token(until, page[-1].layer, page[-1].number) if more else None)


def ordered(found: Iterable[Revision], order: Sequence[tuple[ItemField, bool]], told: Told) -> list[Revision]:
    """By the fields given, then the newest first, then by layer; what has no value comes last."""
    rows = sorted(found, key=lambda r: r.layer)
    rows.sort(key=lambda r: (r.holds_from, r.number), reverse=True)
    for field, descending in reversed(order):
        values = {id(r): field.value(r, None if field.told is None else told(r)) for r in rows}
        there = [r for r in rows if values[id(r)] is not None]
        there.sort(key=lambda r: values[id(r)], reverse=descending)  # type: ignore[arg-type,return-value]
        rows = there + [r for r in rows if values[id(r)] is None]
    return rows


def _held(found: list[Revision], time: tuple[datetime | None, datetime | None] | None) -> list[Revision]:
    """Revisions of one layer that held within a time; of an instant the one that held then."""
    if time is None:
        return found
    first, last = time
    found = [r for r in found if last is None or r.holds_from <= last]
    if first is None or not found:
        return found
    # what holds when the time begins counts, and what came later within it
    before = max((r for r in found if r.holds_from <= first), key=_age, default=None)
    return [r for r in found if r is before or r.holds_from > first]


def _age(revision: Revision) -> tuple[datetime, int]:
    return revision.holds_from, revision.number


def _placed(found: list[Revision], search: Search) -> list[Revision]:
    """Those whose extent meets the place that is asked for."""
    if search.boxes:
        found = [r for r in found if r.bbox is not None and meet(r.bbox, search.boxes)]
    if search.shape is not None:
        import shapely

        boxes = list({r.bbox for r in found if r.bbox is not None})  # few: a layer keeps its place
        shapely.prepare(search.shape)
        meets = shapely.intersects(search.shape, [shapely.box(*box) for box in boxes]) if boxes else []
        inside = {box for box, met in zip(boxes, meets, strict=True) if met}
        found = [r for r in found if r.bbox in inside]
    return found


def meet(one: Box, boxes: Iterable[Box]) -> bool:
    """Whether a box meets one of `boxes`."""
    west, south, east, north = one
    return any(west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1] for box in boxes)


def _meets(revision: Revision, search: Search, told: Told) -> bool:
    story: Story | None = None
    needed = search.words is not None or any(c.field.told is not None for c in search.conditions)
    for condition in search.conditions:  # first what the revision says itself
        if condition.field.told is None and not condition.holds(condition.field.value(revision, None)):
            return False
    if not needed:
        return True
    story = told(revision)
    if search.words is not None and (story is None or not search.words.within(story.text)):
        return False
    return all(c.holds(c.field.value(revision, story)) for c in search.conditions if c.field.told is not None)
