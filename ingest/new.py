"""New: a recipe for a source that nobody has written down yet, with a sample that proves it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.account import several
from ingest.check import ADDRESS, check, proof
from ingest.expected import promised
from ingest.load import load_layer, load_sound
from ingest.scaffold import write
from ingest.scaffold.fitting import cut_for, dialect_over, over, write_sample
from ingest.scaffold.look import Looked
from ingest.scaffold.mapping import FOR_MEANS, Proposal, business_key, proposed
from ingest.scaffold.people import BY_COMPANY
from ingest.scaffold.places import likely
from ingest.scaffold.profile import Field
from ingest.scaffold.values import quoted
from twin.city import City
from twin.errors import GeodesyError, RecipeError, TwinError
from twin.record import Shape
from twin.report import Report
from twin.schemas import schema

_HOST = "example.org"
"""Stands in for an address that nobody has said."""


@dataclass(frozen=True, slots=True)
class New:
    """What was written."""

    recipe: Path
    sample: Path | None
    columns: list[Proposal]
    personal: list[Field]
    verdict: str
    """What checking it came to, in words."""
    ok: bool
    proven: bool = True
    """False where nothing is wrong so far, but the sample that would prove it is still to be made."""


def scaffold(
    folder: Path,
    name: str,
    looked: Looked,
    answers: dict[str, str],
    schema_id: str | None,
    like: str | None,
    told: Callable[[str], None],
) -> New:
    """Write the recipe and its sample beside a ``city.toml``; nothing that is there is overwritten.

    Args:
        folder: of the city.
        name: the layer's short name.
        looked: what was seen.
        answers: see `write.recipe`; with `like` those that are empty are left to the shared recipe.
        schema_id: the layer's schema; None with `like`.
        like: a shared recipe to lie over.
        told: gets remarks for the person.

    Raises:
        RecipeError: no city there, the recipe exists, the schema is none, or it is not for single things.
    """
    recipe, sample = room_for(folder, name)
    city, _ = load_sound(str(folder), sensible=False)  # faults of other recipes are theirs
    personal = [field for field in looked.fields if field.personal]
    columns: list[Proposal] = []
    dialect = looked.dialect
    if like is not None:
        dialect = dialect_over(dialect, like)
        text = write.overlay(like, answers, over(looked, like, city))
    else:
        text, columns = _written(looked, answers, schema_id, told)
    # A sample of private sensors would show where people live; the shared recipe's is made up.
    cut = None if looked.dialect.like else cut_for(looked, dialect, city.area)
    recipe.write_text(text, "utf-8")
    if cut is None:
        new = New(recipe, None, columns, personal, "", True, proven=False)
        if like is not None:
            return _checked(replace(new, proven=True), answers)
        told(f"a sample of {dialect.said} cannot be cut by us: put one into samples/{name}/source/")
        return _unproven(new)
    write_sample(sample / "source", cut)
    new = New(recipe, sample, columns, personal, "", True)
    try:
        fault = _expected(city, recipe, sample, told)
    except GeodesyError as error:  # the recipe may be right: a grid is missing here, or a height's CRS
        return replace(new, verdict=f"{name}: written, but not proven yet: {error}", proven=False)
    return _checked(new, answers) if fault is None else replace(new, verdict=fault, ok=False)


def room_for(folder: Path, name: str) -> tuple[Path, Path]:
    """Where a layer's recipe and sample will lie.

    Raises:
        RecipeError: no city there, or one of the two exists.
    """
    recipe, sample = folder / f"{name}.toml", folder / "samples" / name
    if not (folder / "city.toml").is_file():
        raise RecipeError(
            f"{'this folder' if folder == Path() else folder} has no city.toml; name the city's folder "
            "with --city (docs/cities.md says what a city.toml looks like)"
        )
    for path in (recipe, sample):
        if path.exists():
            raise RecipeError(f"{path} exists already; choose another name, or remove it first")
    return recipe, sample


def unaddressed(recipe: Path) -> str:
    """What has to be said of the source's address before a recipe can be used, with its line; or nothing."""
    verdicts = check(recipe, ready=True)
    return "; ".join(each.words for each in verdicts if not each.ok and ADDRESS in each.words)


def _written(
    looked: Looked, answers: dict[str, str], schema_id: str | None, told: Callable[[str], None]
) -> tuple[str, list[Proposal]]:
    """A recipe of its own, and its columns."""
    beside = [field.name for field in looked.fields if field.personal == BY_COMPANY]
    if beside:
        told(
            "the file has details of people, so these count as personal, too: masked in the sample and "
            f"dropped: {', '.join(beside)}; what is said of a thing alone take out of drop in the recipe"
        )
    kind = schema(schema_id or "")
    if kind.id in FOR_MEANS or looked.dialect.like is not None:
        raise RecipeError(
            f"{looked.dialect.said} cannot be written as {kind.id}: of private sensors only means of several "
            "are published; take the shared recipe with --like de/citizen-air"
        )
    # What is measured is said of a moment; columns say what a thing is.
    names = {name for each in looked.records if each.shape is Shape.FEATURE for name in each.values}
    of_things = [field for field in looked.fields if field.name in names] or looked.fields
    key = business_key(of_things)
    columns = proposed(kind, of_things, key)
    if found := write.measured(looked, kind, key, columns):
        told(
            f"these fields look like measurements, to be written as [[readings]] (docs/recipes.md): "
            f"{', '.join(found)}; the recipe has a commented start"
        )
    if looked.geometry is None:
        told(write.NO_POSITIONS)
        if found_places := likely(looked.records):
            lon, lat = map(quoted, found_places)
            told(f"these columns look like positions, by their numbers: lon = {lon}, lat = {lat}")
    return write.recipe(looked, kind, key, columns, answers), columns


def _expected(city: City, recipe: Path, sample: Path, told: Callable[[str], None]) -> str | None:
    """Write down what the sample gives now, for a person to agree with; the fault if that is nothing."""
    try:
        layer = load_layer(recipe, city.id)
        rows, values, report = proof(city, layer, sample / "source")
    except GeodesyError:
        raise
    except TwinError as error:
        return f"{recipe.stem}: {str(error).removeprefix(f'{city.id}.{recipe.stem}: ')}"
    if values and not rows:
        told("values came and no stations: state where they are under [stations] (docs/recipes.md)")
    if not rows and not values and not report.taken:  # perhaps it has nothing here today
        told(f"nothing of the sample is published: {_why(report)}")
    elif not rows and not values:
        return (
            f"{recipe.stem}: 0 of {several(report.taken, 'record')} of the sample would be published: "
            f"{_why(report)}; look at the source, its CRS (--crs) and the city's area"
        )
    (sample / "expected.json").write_bytes(promised(layer, rows, values, report))
    return None


def _why(report: Report) -> str:
    """Why no record of a sample came through, in words."""
    reasons = [
        f"{times:,} {verdict}: {reason}"
        for verdict, each in report.reasons.items()
        for reason, times in each.items()
    ]
    return "; ".join(reasons) or "no record lies in the city's area, or is of the kinds that are read"


def _unproven(new: New) -> New:
    """Well written, as far as can be told without a sample; and what is to be done."""
    try:
        load_layer(new.recipe, new.recipe.resolve().parent.name)
    except RecipeError as error:
        return replace(new, verdict=str(error), ok=False)
    folder, name = new.recipe.parent, new.recipe.stem
    words = (
        f"{name}: well written, not proven yet: put a few things, without anything personal, into "
        f"{folder / 'samples' / name / 'source'}, then: twin check --accept {new.recipe}"
    )
    return replace(new, verdict=words)


def _checked(new: New, answers: dict[str, str]) -> New:
    """What checking came to. An address that nobody has said yet is no fault: the recipe says it itself."""
    verdicts = list(check(new.recipe))
    faults = [verdict for verdict in verdicts if not verdict.ok]
    unsaid = _HOST in answers["url"] and all(_HOST in v.words for v in faults)
    return replace(new, verdict="\n".join(verdict.words for verdict in verdicts), ok=not faults or unsaid)
