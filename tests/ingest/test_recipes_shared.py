"""Shared recipes that no city of ours uses yet are proven all the same."""

from pathlib import Path

import pytest

from ingest.check import check
from ingest.load import RECIPES, city_folders, overlay

CITY = """
id = "my-town"
title = { de = "Musterstadt", en = "My town" }
area = [11.0, 48.0, 12.0, 49.0]
centre = [11.5, 48.5]
contact = "rathaus@example.org"
"""
OVERLAY = """
like = "{}"
[source]
url = "https://example.org/source"
licence = "CC0-1.0"
publisher = "Musterstadt"
attribution = "Musterstadt"
"""


def unused() -> list[str]:
    used = {overlay(f)[0] for folder in city_folders().values() for f in folder.glob("*.toml")}
    shared = [
        f.relative_to(RECIPES).with_suffix("").as_posix()
        for f in sorted(RECIPES.glob("de/**/*.toml"))
        if "samples" not in f.parts and not (f.parent / "city.toml").is_file()
    ]
    return [name for name in shared if name not in used]


@pytest.mark.parametrize("name", unused())
def test_a_shared_recipe_without_a_city_proves_itself(name: str, tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text(CITY, "utf-8")
    file = tmp_path / f"{name.rpartition('/')[2]}.toml"
    file.write_text(OVERLAY.format(name), "utf-8")
    (verdict,) = check(file)
    assert verdict.ok, verdict.words
