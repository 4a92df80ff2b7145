"""Levels of detail of a city object of CityGML: of several the best that is whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingest.connectors.faces import FLAT, UNREADABLE
from ingest.connectors.whole import BROKEN, MIXED, ORDER, SKIPPED, best_of
from twin.record import Solid

OWN, INSTALLED = 0, -1
"""Bodies: the object itself and what is installed on it; its parts have numbers from 1 on."""
_UNUSABLE = "a level of detail without a usable face was passed over"
_LOSSES = frozenset((FLAT, UNREADABLE))


@dataclass(frozen=True, slots=True)
class Level:
    """A level of detail in which an object can be drawn."""

    number: int
    filled: Mapping[int, int]
    """Bodies that lack it → the level they are drawn in instead."""
    complete: bool
    """Whether no part lacks it."""

    def of(self, body: int) -> int:
        """The level in which a body is drawn."""
        return self.filled.get(body, self.number)


@dataclass(frozen=True, slots=True)
class Drawing:
    """An object in one level."""

    level: Level
    solid: Solid | None
    crs: str | None
    notes: tuple[str, ...]


def levels_of(bodies: Mapping[int, set[int]], wanted: int | None) -> list[Level]:
    """The levels of an object, best first.

    Args:
        bodies: body → the levels it has geometry in.
        wanted: the only one that is asked for.
    """
    known = set().union(*bodies.values())
    if wanted is not None:
        return [Level(wanted, {}, complete=True)] if wanted in known else []
    parts = {body: own for body, own in bodies.items() if body > OWN}
    needed = {body: own for body, own in parts.items() if own != {0}} or parts
    needed = needed or {body: own for body, own in bodies.items() if body == OWN}
    found = []
    for number in ORDER:
        if number in known:
            filled = {body: _best(own) for body, own in needed.items() if number not in own}
            found.append(Level(number, filled, complete=not filled))
    # What all parts have comes first; else the level of most of them, the others in their own.
    return sorted(found, key=lambda level: len(level.filled))


def best(
    levels: list[Level], draw: Callable[[Level], Drawing], *, shell: bool
) -> tuple[Drawing, tuple[str, ...]] | None:
    """The best level that is whole, and what there is to say about the choice; None if there is no level.

    Args:
        levels: as `levels_of` says.
        draw: draws one.
        shell: whether the object is a building: faces all round are expected.
    """
    if not levels:
        return None
    drawings = [draw(level) for level in levels]
    usable = [each for each in drawings if each.solid is not None and each.level.complete]
    usable = usable or [each for each in drawings if each.solid is not None][:1]
    if not usable:
        return drawings[0], ()
    chosen, whole = usable[0], True
    if len(usable) > 1:
        place, whole = best_of(
            [each.level.number for each in usable],
            [each.solid for each in usable if each.solid is not None],
            [_LOSSES.isdisjoint(each.notes) for each in usable],
            shell=shell,
        )
        chosen = usable[place]
    notes = [] if whole else [BROKEN]
    rank = ORDER.index(chosen.level.number)
    for each in drawings:
        if ORDER.index(each.level.number) < rank:
            notes.append(_UNUSABLE if each.solid is None else SKIPPED)
    if chosen.level.filled:
        notes.append(MIXED)
    return chosen, tuple(notes)


def _best(own: set[int]) -> int:
    return next(number for number in ORDER if number in own)
