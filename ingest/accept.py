"""Accept: what a sample gives now is what is wanted; its proof is written anew, and what changed is told."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from ingest.check import ANYWHERE, Check, proof
from ingest.enough import placeless
from ingest.expected import promised
from ingest.load import RECIPES, city_folders, load_layer, load_sound, shared_layer
from twin.city import City
from twin.errors import RecipeError, TwinError
from twin.layer import Layer

_MOST = 60
"""Lines of a difference that are shown."""


def accept(name: str | Path) -> Iterator[Check]:
    """Write ``expected.json`` anew, of one recipe (a file) or of all of a city that have a sample."""
    try:
        pairs = list(_asked(name))
    except RecipeError as error:
        yield from (Check(False, line) for line in str(error).splitlines())
        return
    for city, layer, sample in pairs:
        yield _renewed(city, layer, sample)


def _asked(name: str | Path) -> Iterator[tuple[City, Layer, Path]]:
    if not isinstance(name, Path):
        city, faults = load_sound(name)
        if faults:
            raise RecipeError("\n".join(faults.values()))
        folder = city_folders().get(name, Path(name))
        samples = [(city, layer, folder / "samples" / layer.name) for layer in city.layers]
        yield from (each for each in samples if (each[2] / "source").exists())
        return
    if not name.is_file():
        raise RecipeError(f"{name} does not exist")
    sample = name.parent / "samples" / name.stem
    if not (sample / "source").exists():
        raise RecipeError(f"{name.stem}: no sample; put a few things into samples/{name.stem}/source/")
    if (name.parent / "city.toml").is_file():
        city, faults = load_sound(str(name.resolve().parent))
        if name.stem in faults:
            raise RecipeError(faults[name.stem])
        yield city, load_layer(name, city.id), sample
    elif name.resolve().is_relative_to(RECIPES):
        shared = name.resolve().relative_to(RECIPES).with_suffix("").as_posix()
        yield ANYWHERE, shared_layer(shared), sample
    else:
        raise RecipeError(f"{name} lies beside no city.toml; accept a recipe of a city")


def _renewed(city: City, layer: Layer, sample: Path) -> Check:
    """The difference as words; nothing is written that would be no proof."""
    try:
        rows, values, report = proof(city, layer, sample / "source")
    except TwinError as error:
        return Check(False, f"{layer.id}: {str(error).removeprefix(f'{layer.id}: ')}; nothing was written")
    wrong = placeless(layer, rows) or ("" if rows or values else "nothing of the sample is published")
    if wrong:
        return Check(False, f"{layer.id}: {wrong}; nothing was written")
    file, place = sample / "expected.json", f"samples/{sample.name}/expected.json"
    before = file.read_text("utf-8", "replace") if file.is_file() else ""
    after = promised(layer, rows, values, report).decode()
    if before == after:
        return Check(True, f"{layer.id}: {place} says so already")
    file.write_text(after, "utf-8")
    changed = [line for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0)][2:]
    more = [f"… and {len(changed) - _MOST:,} more lines"] if len(changed) > _MOST else []
    return Check(True, "\n".join([f"{layer.id}: {place} written anew", *changed[:_MOST], *more]))
