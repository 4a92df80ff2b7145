"""One test for all recipes: each gives from its sample the rows it promises."""

from pathlib import Path

import pytest

from ingest.check import check, shared_sample
from ingest.load import RECIPES, city_folders, load_city

LAYERS = [(name, layer.name) for name in city_folders() for layer in load_city(name).layers]


@pytest.mark.parametrize(("city", "name"), LAYERS, ids=".".join)
def test_a_recipe_proves_itself(city: str, name: str) -> None:
    verdicts = list(check(city_folders()[city] / f"{name}.toml"))
    assert [v.words for v in verdicts if not v.ok] == []
    assert len(verdicts) == 1


def test_every_sample_has_a_recipe() -> None:
    for sample in RECIPES.rglob("samples/*"):
        assert (sample.parent.parent / f"{sample.name}.toml").is_file(), sample


def test_every_text_exists_in_both_languages() -> None:
    for name in city_folders():
        city = load_city(name)
        texts = [city.title, *(g.reason for g in city.gaps), *([city.notice] if city.notice else [])]
        texts += [t for x in city.layers for t in (x.title, x.summary, *(r.reason for r in x.gate))]
        assert all(t.de.strip() and t.en.strip() for t in texts)


CITY = """
id = "my-town"
title = { de = "Musterstadt", en = "My town" }
area = [11.0, 48.0, 12.0, 49.0]
centre = [11.5, 48.5]
contact = "rathaus@example.org"
"""
BUILDINGS = """
like = "de/by/buildings"
[source]
url = "https://geodaten.bayern.de/odd/a/lod2/citygml/meta/metalink/09564000.meta4"
"""


def town_with(folder: Path, recipe: str) -> Path:
    (folder / "city.toml").write_text(CITY, "utf-8")
    (folder / "buildings.toml").write_text(recipe, "utf-8")
    return folder / "buildings.toml"


def test_a_city_that_only_names_its_own_source_is_proven_by_the_shared_recipe(tmp_path: Path) -> None:
    (verdict,) = check(town_with(tmp_path, BUILDINGS))
    assert verdict.ok
    assert verdict.words.endswith("by the sample of de/by/buildings")


@pytest.mark.parametrize(
    "more",
    [
        'timezone = "UTC"',
        '[fields.storeys]\nfrom = "floors"',
        '[[gate]]\nhold = "use"\nequals = ["x"]\nreason = { de = "a", en = "b" }',
    ],
)
def test_a_city_that_maps_otherwise_has_to_prove_it(tmp_path: Path, more: str) -> None:
    (verdict,) = check(town_with(tmp_path, BUILDINGS + more))
    assert not verdict.ok
    assert "add samples/buildings/source/" in verdict.words


def test_a_recipe_of_its_own_has_no_other_sample(tmp_path: Path) -> None:
    file = town_with(tmp_path, BUILDINGS.replace("like =", "# like ="))
    assert shared_sample(file) is None


SHARED = sorted(
    file
    for file in RECIPES.glob("de/**/*.toml")
    if "samples" not in file.parts and not (file.parent / "city.toml").is_file()
)


@pytest.mark.parametrize("file", SHARED, ids=lambda file: file.stem)
def test_a_shared_recipe_proves_itself(file: Path) -> None:
    assert [verdict.words for verdict in check(file) if not verdict.ok] == []
