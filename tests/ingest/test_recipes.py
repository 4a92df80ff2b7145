"""One test for all recipes: each gives from its sample the rows it promises."""

import pytest

from ingest.check import check
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
