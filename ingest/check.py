"""Check recipes: are they well written, and does each give from its sample the rows it promises?"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.account import several
from ingest.asked import faults_of, unknown_options
from ingest.city_sense import city_nonsense, remark
from ingest.easy import hard
from ingest.enough import placeless
from ingest.expected import difference, read_expected
from ingest.faults import line_of, placed
from ingest.load import RECIPES, load_sound, overlay, shared_layer
from ingest.sampled import people_in
from twin.base import Text
from twin.city import City
from twin.errors import MissingGeoid, RecipeError, TwinError
from twin.layer import Layer
from twin.record import Feature
from twin.report import Report
from twin.settings import Settings

_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Check:
    """What checking one recipe came to."""

    ok: bool
    words: str
    remark: bool = False
    """Something to look at, and no fault."""


def check(name: str | Path, *, ready: bool = False) -> Iterator[Check]:
    """Check one recipe (a file beside its ``city.toml``) or all of a city; every fault of every file.

    With `ready` a source's address has to be one that may be asked; without, one may stand in for it.
    """
    folder = name.resolve().parent if isinstance(name, Path) else None
    if isinstance(name, Path) and not (name.is_file() and (name.parent / "city.toml").is_file()):
        yield _shared(name) if name.is_file() else Check(False, f"{name} does not exist")
        return
    try:
        city, faults = load_sound(str(folder) if folder else str(name), sensible=False)
    except RecipeError as error:
        yield from _refused(error)
        return
    if not isinstance(name, Path):
        yield from _of_city(city, _folder(name) / "city.toml", len(faults) + len(city.layers))
    for short, words in faults.items():
        if not isinstance(name, Path) or short == name.stem:
            yield from _refused(words)
    for layer in city.layers:
        if not isinstance(name, Path) or layer.name == name.stem:
            yield from _verdicts(city, layer, folder or _folder(str(name)), ready)


def _of_city(city: City, file: Path, layers: int) -> Iterator[Check]:
    """The verdict about ``city.toml`` itself."""
    wrong = [Check(False, fault) for fault in (*city_nonsense(city, file), *_hard(city, file))]
    geoid = _without_geoid(city, file) if any(layer.tiles for layer in city.layers) else None
    yield from wrong
    if geoid is not None:
        yield geoid
    if not wrong and (geoid is None or geoid.ok):
        yield Check(True, f"{city.id}: {file.name} is well written; {several(layers, 'layer')}")


def _without_geoid(city: City, file: Path) -> Check | None:
    """A run lays out no tiles without a grid or a stated value: a fault where it is so, else a remark."""
    from tiles.geodesy import Geodesy

    words = remark(city, file)
    if words is None:
        return None
    try:
        Geodesy(city.crs, city.heights, Settings().grids)
    except MissingGeoid:
        return Check(False, words)
    except TwinError:
        return None  # told of the CRS already
    return Check(True, words, remark=True)


def _refused(words: object) -> Iterator[Check]:
    """A verdict for each line."""
    yield from (Check(False, line) for line in str(words).splitlines())


def _verdicts(city: City, layer: Layer, folder: Path, ready: bool) -> Iterator[Check]:
    """What is wrong with the source, told at once with what its sample says, as far as that is news."""
    file = folder / f"{layer.name}.toml"
    wrong = list(dict.fromkeys((*faults_of(city, layer, file, ready), *_hard(layer, file))))
    yield from (Check(False, fault) for fault in wrong)
    if any(ADDRESS not in fault for fault in wrong):
        return  # what the sample gives is their fault
    proved = _proved(city, layer, folder)
    if proved.ok and wrong:
        return
    yield proved if proved.ok else Check(False, placed(proved.words, file))
    if proved.ok and layer.retention and layer.retention[-1].keep is not None:
        where = ["retention", str(len(layer.retention) - 1), "keep"]
        place = f"{file.name}{line_of(file.read_text('utf-8'), where)}: {'.'.join(where)}"
        words = "values older than this are removed for good; without keep the last are kept for ever"
        yield Check(True, f"{place}: {words}", remark=True)
    if proved.ok and not folder.resolve().is_relative_to(RECIPES):
        for place in people_in(sample_of(folder, layer) / "source"):
            yield Check(True, f"{layer.id}: sample, {place}: mask it, unless it is made up", remark=True)


def _hard(noun: Layer | City, file: Path) -> Iterator[str]:
    """What is not easy to read in Leichte Sprache; no run is refused for it."""
    text = file.read_text("utf-8-sig")
    for where, words in hard(noun):
        yield f"{file.name}{line_of(text, where)}: {'.'.join(where)} {words}"


def _folder(name: str) -> Path:
    from ingest.load import city_folders

    return city_folders().get(name, Path(name))


def sample_of(folder: Path, layer: Layer) -> Path:
    """Where the recipe's proof lies: ``samples/<layer>/{source/, expected.json}``."""
    return folder / "samples" / layer.name


ADDRESS = ": source.url "
"""Stands in a fault that says nothing about what the sample gives."""
_ABOUT = ("schema", "fields", "readings", "business_key", "hashed", "gate")
"""Keys that say how records become rows: whoever changes them has to prove them anew."""
_ABOUT_SOURCE = ("connector", "columns", "crs", "timezone")


def shared_sample(file: Path) -> tuple[str, Path] | None:
    """The shared recipe that proves this one, and its sample; None if there is none, or this one says more.

    A city that only names its own address, licence, stations or title has nothing to prove.
    """
    like, own = overlay(file)
    if like is None or own.keys() & set(_ABOUT) or own.get("source", {}).keys() & set(_ABOUT_SOURCE):
        return None
    sample = (RECIPES / like).parent / "samples" / Path(like).name
    return (like, sample) if (sample / "expected.json").is_file() else None


ANYWHERE = City(
    id="proof",
    title=Text(de="Deutschland", en="Germany"),
    area=(5.8, 47.2, 15.1, 55.1),
    centre=(10.0, 51.0),
    contact="proof@example.org",
)
"""Where shared recipes are proven."""


def _shared(file: Path) -> Check:
    """A shared recipe by itself, proven anywhere in the country."""
    if not file.resolve().is_relative_to(RECIPES):
        return Check(False, f"{file} lies beside no city.toml; check a city that uses it")
    name = file.resolve().relative_to(RECIPES).with_suffix("").as_posix()
    sample = file.parent / "samples" / file.stem
    if not (sample / "expected.json").is_file():
        return Check(False, f"{name}: {_unsampled(file)}")
    try:
        layer = shared_layer(name)
    except RecipeError as error:
        return Check(False, str(error))
    unknown = list(unknown_options(layer, file))
    return Check(False, "; ".join(unknown)) if unknown else _compared(ANYWHERE, layer, sample, name)


def _proved(city: City, layer: Layer, folder: Path) -> Check:
    if city.generator is not None:
        return Check(True, f"{layer.id}: well written (its source is made up anew on every run)")
    sample, name, words = sample_of(folder, layer), layer.id, ""
    if not (sample / "expected.json").is_file():
        file = folder / f"{layer.name}.toml"
        instead = shared_sample(file)
        if instead is None:
            return Check(False, f"{name}: {_unsampled(file)}")
        like, sample = instead
        city, layer, words = ANYWHERE, shared_layer(like), f", by the sample of {like}"
    return _compared(city, layer, sample, name, words)


def _unsampled(file: Path) -> str:
    """What is to be done for a recipe without a proof."""
    there = (file.parent / "samples" / file.stem / "source").exists()
    put = f"no sample; put a few things into samples/{file.stem}/source/, then"
    return f"{'no expected.json; write it by' if there else put}: twin check --accept {file}"


def _compared(city: City, layer: Layer, sample: Path, name: str, words: str = "") -> Check:
    """What a sample gives, beside what is expected of it."""
    try:
        expected = read_expected(sample / "expected.json")
        rows, values, report = proof(city, layer, sample / "source")
    except TwinError as error:
        told = str(error).removeprefix(f"{layer.id}: ")
        where = "" if told.startswith("samples/") else f"samples/{sample.name}/source: "
        return Check(False, f"{name}: {where}{told}")
    fault = difference(expected, rows, values, report)
    if fault is not None:
        fault += f"; if the change is wanted: twin check --accept {sample.parent.parent / sample.name}.toml"
    fault = fault or placeless(layer, rows)
    words = f"{several(len(rows), 'feature')}, {several(len(values), 'value')} as expected{words}"
    return Check(fault is None, f"{name}: {fault or words}")


def prove(
    city: City, layer: Layer, source: Path
) -> tuple[list[Feature], list[dict[str, Any]], dict[str, int]]:
    """As `proof`, with counts instead of the report."""
    features, values, report = proof(city, layer, source)
    return features, values, report.counts()


def proof(city: City, layer: Layer, source: Path) -> tuple[list[Feature], list[dict[str, Any]], Report]:
    """Take a layer's records from a sample, up to and including the gate; nothing is published."""
    from catalog.observations import read
    from ingest.job import Job
    from ingest.observe import observe
    from ingest.take import opened, take
    from twin.store import open_store

    report = Report()
    job = Job(city, open_store("memory://"), Settings(), _AT, {layer.id: str(source)})
    with tempfile.TemporaryDirectory(prefix="twin-") as folder, opened(job, layer) as fetch:
        taken, measured = take(job, layer, report, Path(folder), fetch)
        features = list(taken)
        observe(job.store, layer, measured, _AT, report)
    return features, read(job.store, layer.id).to_pylist(), report
