"""Families of city objects become records: many at once where all is well, one by one where it is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.connectors.cityjson_faces import LOST, Draft, Points, Uneven, add, assemble, mend
from ingest.connectors.cityjson_head import Head, Wanted
from ingest.connectors.cityjson_instances import Templates, joined
from ingest.connectors.cityjson_levels import Level, level_number, levels
from ingest.connectors.cityjson_objects import Family
from ingest.connectors.cityjson_same import without_repeats
from ingest.connectors.cityjson_skin import pictures_of, skin_of
from ingest.connectors.cityjson_trees import is_tree, tree_of
from ingest.connectors.cityjson_values import values_of
from ingest.connectors.whole import BROKEN, DETAILED, SKIPPED, best_of, shells
from twin.record import Record, Solid

WORSE = "a level of detail that cannot be drawn was passed over"


@dataclass(slots=True)
class Job:
    """One family, where it stands, and the vertices it may refer to."""

    family: Family
    place: str
    base: int
    count: int
    appearance: dict[str, Any]


class Builder:
    """Makes the records of one file."""

    def __init__(self, head: Head, wanted: Wanted) -> None:
        self.head = head
        self.wanted = wanted
        self.templates = Templates(head.templates)
        theme = head.appearance.get("default-theme-texture")
        self._theme = theme if isinstance(theme, str) else None

    def records(self, jobs: Sequence[Job], points: Points) -> list[Record]:
        """One record per job, in order; `points` are the vertices of all of them."""
        found: dict[int, Record] = {}
        if self.wanted.trees:
            planted = {number: job for number, job in enumerate(jobs) if is_tree(job.family)}
            found = {number: self._tree(job, points) for number, job in planted.items()}
        choices = [
            levels(job.family, self.wanted.lod, self.templates.written) if number not in found else ([], [])
            for number, job in enumerate(jobs)
        ]
        drafts: dict[int, Draft] = {}
        if not self.wanted.textures:
            for number, (job, (choice, _)) in enumerate(zip(jobs, choices, strict=True)):
                draft = _plain(job, choice[0][1]) if choice else None
                if draft is not None:
                    drafts[number] = draft
        made = dict(_assembled(list(drafts.items()), points))
        for number in _doubtful({number: choices[number][0] for number in made}, jobs, made):
            del made[number]
        for number, solid in made.items():
            choice, notes = choices[number]
            found[number] = self._record(jobs[number], choice[0][0], solid, [*notes, *drafts[number].notes])
        return [
            found.get(number) or self._alone(job, points, *choices[number]) for number, job in enumerate(jobs)
        ]

    def _record(self, job: Job, lod: str | None, solid: Solid | None, notes: list[str]) -> Record:
        values = values_of(job.family, lod, generic=self.wanted.generic)
        return Record(job.place, values, solid, self.head.crs, notes=(*job.family.notes, *notes))

    def _tree(self, job: Job, points: Points) -> Record:
        own = points[job.base : job.base + job.count]
        return tree_of(job.family, job.place, own, self.templates, self.head.crs, generic=self.wanted.generic)

    def _alone(self, job: Job, points: Points, choice: list[Level], notes: list[str]) -> Record:
        """The record of a family that wants care: the best level that is whole."""
        told = list(notes)
        drawn: list[tuple[str | None, Solid, list[str]]] = []
        faults: list[tuple[int, str]] = []
        for lod, groups in choice:
            try:
                solid, repairs = self._careful(job, points, groups)
            except Uneven as fault:
                faults.append((len(drawn), str(fault)))
                continue
            if solid is not None:
                drawn.append((lod, solid, repairs))
            elif not drawn:
                told += repairs
        if not drawn:
            return self._record(job, None, None, told + [words for _, words in faults[:1]])
        place, whole = 0, True
        if len(drawn) > 1:
            numbers = [level_number(lod) for lod, _, _ in drawn]
            solids = [solid for _, solid, _ in drawn]
            sound = [LOST not in repairs for _, _, repairs in drawn]
            place, whole = best_of(numbers, solids, sound, shell=_is_shell(job))
        lod, solid, repairs = drawn[place]
        told += [WORSE] * any(before <= place for before, _ in faults)
        told += [SKIPPED] * place + [BROKEN] * (not whole)
        return self._record(job, lod, solid, told + repairs)

    def _careful(self, job: Job, points: Points, groups: list[list[Any]]) -> tuple[Solid | None, list[str]]:
        draft, solids = Draft(job.base, job.count), list[Solid]()
        for group in groups:
            surfaces = []
            for geometry in group:
                if isinstance(geometry, dict) and geometry.get("type") == "GeometryInstance":
                    solids.append(self.templates.place(geometry, points[job.base : job.base + job.count]))
                else:
                    surfaces.append(self._surfaces(job, points, geometry))
            for piece in without_repeats(surfaces):
                draft.take(piece)
        if draft.polygons:
            (solid,) = assemble([draft], points)
            if draft.pictures and not solids:
                solid = replace(solid, skin=skin_of(draft, solid, job.appearance))
            solids.insert(0, solid)
        return (joined(solids) if solids else None), draft.notes

    def _surfaces(self, job: Job, points: Points, geometry: Any) -> Draft:
        draft = Draft(job.base, job.count)
        add(draft, geometry if isinstance(geometry, dict) else {})
        if self.wanted.textures:
            draft.pictures = pictures_of(geometry, len(draft.polygons), self._theme, draft.notes)
        mend(draft, points[job.base : job.base + job.count])
        return draft


def _doubtful(
    choices: Mapping[int, list[Level]], jobs: Sequence[Job], made: Mapping[int, Solid]
) -> list[int]:
    """Families with several levels of detail of which the first one may not be the best."""
    several = [number for number, choice in choices.items() if len(choice) > 1]
    detailed = [number for number in several if (level_number(choices[number][0][0]) or 0) >= DETAILED]
    shown = [number for number in several if number not in detailed and _is_shell(jobs[number])]
    if not shown:
        return detailed
    whole = shells([made[number] for number in shown]).whole.tolist()
    return detailed + [number for number, closes in zip(shown, whole, strict=True) if not closes]


def _is_shell(job: Job) -> bool:
    """Whether faces all round are expected."""
    return job.family.kind == "Building"


def _plain(job: Job, groups: list[list[Any]]) -> Draft | None:
    """The faces of a family that has nothing unusual; None if it has, or a fault."""
    draft = Draft(job.base, job.count)
    try:
        for group in groups:
            if len(group) == 1:
                add(draft, group[0])
                continue
            pieces = [Draft(job.base, job.count) for _ in group]
            for piece, geometry in zip(pieces, group, strict=True):
                add(piece, geometry)
            for piece in without_repeats(pieces):
                draft.take(piece)
    except (Uneven, TypeError, AttributeError, ValueError):
        return None  # looked at again alone, where the fault is told
    return draft if draft.polygons else None


def _assembled(drafts: list[tuple[int, Draft]], points: Points) -> Iterator[tuple[int, Solid]]:
    """Solids of all drafts that need no repair: halving finds the others without slowing the good ones."""
    if not drafts:
        return
    try:
        solids = assemble([draft for _, draft in drafts], points)
    except Uneven:
        if len(drafts) > 1:
            half = len(drafts) // 2
            yield from _assembled(drafts[:half], points)
            yield from _assembled(drafts[half:], points)
        return
    for (number, _), solid in zip(drafts, solids, strict=True):
        yield number, solid
