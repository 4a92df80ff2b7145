"""New: a recipe for a source that nobody has written down yet, with a sample that proves it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from ingest.check import check, prove
from ingest.load import RECIPES, load_city, load_layer, overlay
from ingest.scaffold import write
from ingest.scaffold.look import Looked
from ingest.scaffold.mapping import FOR_MEANS, Proposal, business_key, proposed
from ingest.scaffold.people import BY_COMPANY
from ingest.scaffold.profile import Field
from ingest.scaffold.sample import cut_down
from twin.errors import RecipeError, TwinError
from twin.schemas import schema
from twin.times import iso

_GENERAL = frozenset({"geojson", "wfs", "ogc_features", "json", "csv", "vector"})
"""Connectors that say nothing about what is in the answer."""
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


def shared_for(looked: Looked) -> list[str]:
    """Shared recipes that read the same protocol: then only the address has to be written down."""
    if looked.dialect.like is not None:
        return [looked.dialect.like]
    if looked.dialect.connector in _GENERAL:
        return []
    found = []
    for file in sorted(RECIPES.glob("de/**/*.toml")):
        if "samples" in file.parts or (file.parent / "city.toml").is_file():
            continue
        _, data = overlay(file)
        if data.get("source", {}).get("connector") == looked.dialect.connector:
            found.append(file.relative_to(RECIPES).with_suffix("").as_posix())
    return found


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
        answers: see `write.recipe`.
        schema_id: the layer's schema; None with `like`.
        like: a shared recipe to lie over.
        told: gets remarks for the person.

    Raises:
        RecipeError: no city there, the recipe exists, the schema is none, or it is not for single things.
    """
    recipe, sample = folder / f"{name}.toml", folder / "samples" / name
    if not (folder / "city.toml").is_file():
        raise RecipeError(f"{folder} has no city.toml; docs/cities.md says what one looks like")
    for path in (recipe, sample):
        if path.exists():
            raise RecipeError(f"{path} exists already; choose another name, or remove it first")
    personal = [field for field in looked.fields if field.personal]
    if like is not None:
        recipe.write_text(write.overlay(like, answers), "utf-8")
        return _checked(New(recipe, None, [], personal, "", True), answers)
    beside = [field.name for field in personal if field.personal == BY_COMPANY]
    if beside:
        told(
            "the file is about people, so these count as personal, too: masked in the sample and dropped: "
            f"{', '.join(beside)}"
        )
    kind = schema(schema_id or "")
    if kind.id in FOR_MEANS or looked.dialect.like is not None:
        raise RecipeError(
            f"{looked.dialect.said} cannot be written as {kind.id}: of private sensors only means of several "
            "are published; take the shared recipe with --like de/citizen-air"
        )
    key = business_key(looked.fields)
    columns = proposed(kind, looked.fields, key)
    if found := write.measured(looked, kind, key, columns):
        told(
            f"these fields look like measurements, to be written as [[readings]] (docs/recipes.md): "
            f"{', '.join(found)}; the recipe has a commented start"
        )
    if looked.geometry is None:
        told(write.NO_POSITIONS if kind.properties else write.ONLY_FEATURES)
    recipe.write_text(write.recipe(looked, kind, key, columns, answers), "utf-8")
    cut = cut_down(looked.file, looked.dialect, [field.name for field in personal])
    if cut is None:
        told(
            f"a sample of {looked.dialect.said} has to be cut by hand: samples/{name}/source/, expected.json"
        )
        return _unproven(New(recipe, None, columns, personal, "", True, proven=False))
    (sample / "source").mkdir(parents=True)
    (sample / "source" / cut[0]).write_bytes(cut[1])
    _expected(folder, name, sample, told)
    return _checked(New(recipe, sample, columns, personal, "", True), answers)


def _expected(folder: Path, name: str, sample: Path, told: Callable[[str], None]) -> None:
    """What the sample gives now, for a person to agree with."""
    city = load_city(str(folder))
    layer = city.layer(name)
    assert layer is not None  # written a moment ago
    try:
        rows, values, counts = prove(city, layer, sample / "source")
    except TwinError as error:
        told(str(error))
        return
    mapped = ("source_id", *layer.fields)
    mapped_rows = [
        {"source_id": row.source_id}
        | {
            column: iso(value) if hasattr(value, "isoformat") else value
            for column, value in row.values.items()
            if column in mapped
        }
        for row in rows
    ]
    expected = {
        "counts": counts,
        "rows": mapped_rows,
        "values": [[o["station"], o["property"], iso(o["observed_at"]), o["value"]] for o in values[:20]],
    }
    (sample / "expected.json").write_bytes(orjson.dumps(expected, option=orjson.OPT_INDENT_2) + b"\n")


def _unproven(new: New) -> New:
    """Well written, as far as can be told without a sample; and what is to be done."""
    try:
        load_layer(new.recipe, new.recipe.resolve().parent.name)
    except RecipeError as error:
        return replace(new, verdict=str(error), ok=False)
    folder, name = new.recipe.parent, new.recipe.stem
    words = (
        f"{name}: well written, not proven yet: put a few things, without anything personal, into "
        f"{folder / 'samples' / name / 'source'}, write expected.json beside (docs/recipes.md), "
        f"then: twin check {new.recipe}"
    )
    return replace(new, verdict=words)


def _checked(new: New, answers: dict[str, str]) -> New:
    """What checking came to. An address that nobody has said yet is no fault: the recipe says it itself."""
    verdicts = list(check(new.recipe))
    faults = [verdict for verdict in verdicts if not verdict.ok]
    unsaid = _HOST in answers["url"] and all(_HOST in v.words for v in faults)
    return replace(new, verdict="\n".join(verdict.words for verdict in verdicts), ok=not faults or unsaid)
