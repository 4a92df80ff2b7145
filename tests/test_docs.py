"""The documentation tells the truth: its examples are run, word for word."""

import inspect
import json
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from docs.examples import EXAMPLES, lines
from docs.generate import faults
from ingest.fields import FUNCTIONS
from ingest.load import RECIPES, load_city, load_layer
from twin.settings import ROOT

FIRST = ROOT / "docs/first-layer.md"
FILE = re.compile(r"^( *)```\w+ (my-town/\S+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"^( *)```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def test_pages_are_generated_linked_and_true() -> None:
    assert list(faults()) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_option_of_a_function_has_an_example(name: str) -> None:
    words = " ".join((inspect.getdoc(FUNCTIONS[name]) or "").split())
    options = {
        each
        for part in re.findall(r"Options? (.*?)(?:\.|$)", words)
        for each in re.findall(r"``(\w+)``", part)
    }
    shown = {option for _, given in EXAMPLES[name] for option in given}
    assert options - shown == set()
    assert all(line.count("→") == 1 for line in lines(name))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """The files of docs/first-layer.md, as a reader writes them down."""
    return written(FIRST, tmp_path)


def written(page: Path, folder: Path) -> Path:
    """A page's files, put into a folder."""
    for _, name, text in FILE.findall(page.read_text("utf-8")):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), "utf-8")
    return folder


def test_the_city_of_the_page_is_one(tmp_path: Path) -> None:
    city = load_city(str(written(ROOT / "docs/cities.md", tmp_path) / "my-town"))
    assert (city.id, city.layers) == ("my-town", ())


def test_the_tiles_of_an_area_are_those_that_a_city_names() -> None:
    page = (ROOT / "docs/cities.md").read_text("utf-8")
    (script,) = re.findall(r"```python names-of-tiles\.py\n(.*?)```", page, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, timeout=60)
    printed = json.loads(done.stdout.replace(b"'", b'"'))
    terrain = load_city("ingolstadt").layer("terrain")
    assert terrain is not None
    assert {*terrain.source.options["tiles"], "668_5395", "686_5410"} <= {*printed}
    assert len(printed) == len({*printed}) < 400


def test_the_first_layer_works_as_written(town: Path) -> None:
    said = []
    for _, block in SHELL.findall(FIRST.read_text("utf-8")):
        for line in textwrap.dedent(block).strip().splitlines():
            words = shlex.split(line)
            assert words[0] == "twin"
            command = [sys.executable, "-c", "from api.cli import main; main()", *words[1:]]
            done = subprocess.run(command, cwd=town, capture_output=True, text=True, timeout=240)
            assert done.returncode == 0, (line, done.stdout, done.stderr)
            said.append(done.stdout)
    assert "Left out as personal: kontakt" in said[0]
    assert "✓ my-town.fountains: 2 features, 0 values as expected" in said[1]
    assert "✓ my-town.fountains: revision 000001: 2 features" in said[2]
    assert "records in 2 = published 2" in said[3]
    (shown,) = re.findall(r"```toml\n( *# Proposed by.*?)```", FIRST.read_text("utf-8"), re.DOTALL)
    assert (town / "my-town/fountains.toml").read_text("utf-8").strip() == textwrap.dedent(shown).strip()
    sample = (town / "my-town/samples/fountains/source/answer.geojson").read_text("utf-8")
    assert "Erika" not in sample
    assert "Fischbrunnen" in sample


def test_the_schemas_for_editors_accept_what_we_accept() -> None:
    recipes, cities = (
        Draft7Validator(json.loads((ROOT / f"docs/{name}.schema.json").read_text("utf-8")))
        for name in ("recipe", "city")
    )
    found = [file for file in RECIPES.rglob("*.toml") if "samples" not in file.parts]
    assert found
    for file in found:
        if not (file.parent / "city.toml").is_file():
            continue  # a shared recipe may leave out what a city says
        data = tomllib.loads(file.read_text("utf-8"))
        schema = cities if file.name == "city.toml" else recipes
        assert [f"{file}: {fault.message}" for fault in schema.iter_errors(data)] == []


@pytest.mark.parametrize(
    "fault",
    [
        {"schema": "pond/1"},
        {"source": {"connector": "telepathy"}},
        {"titel": {"de": "a", "en": "b"}},
        {"tiles": {"writer": "boats"}},
        {"fields": {"name": {"from": "x", "by": "magic"}}},
    ],
)
def test_the_schemas_for_editors_refuse_what_we_refuse(fault: dict[str, object]) -> None:
    schema = Draft7Validator(json.loads((ROOT / "docs/recipe.schema.json").read_text("utf-8")))
    assert list(schema.iter_errors({"like": "de/radiation"})) == []
    assert list(schema.iter_errors({"like": "de/radiation"} | fault))


def test_the_readme_s_ten_lines_are_a_recipe(tmp_path: Path) -> None:
    text = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)[0]
    assert len(text.strip().splitlines()) <= 10
    (tmp_path / "fountains.toml").write_text(text, "utf-8")
    assert load_layer(tmp_path / "fountains.toml", "my-town").schema_id == "place/1"


def test_the_readme_s_folder_for_tiles_is_none_of_ours() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    (out,) = re.findall(r"^\.venv/bin/twin convert .* (\S+) --undulation", text, re.MULTILINE)
    assert f".venv/bin/twin inspect {out}\n" in text
    assert not (ROOT / out).exists()


def test_the_readme_has_the_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert blocks[0].split("\n")[-2] == "make run"
    assert "make test\n" in blocks
