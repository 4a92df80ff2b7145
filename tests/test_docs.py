"""The documentation tells the truth: its examples are run, word for word."""

import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from docs.generate import faults
from ingest.load import load_layer
from twin.settings import ROOT

FILE = re.compile(r"^( *)```\w+ (my-town/\S+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"^( *)```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def test_pages_are_generated_linked_and_true() -> None:
    assert list(faults()) == []


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """The files of docs/cities.md and docs/recipes.md, as a reader writes them down."""
    for page in ("docs/cities.md", "docs/recipes.md"):
        for _, name, text in FILE.findall((ROOT / page).read_text("utf-8")):
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), "utf-8")
    return tmp_path


def test_the_first_layer_works_as_written(town: Path) -> None:
    said = []
    for _, block in SHELL.findall((ROOT / "docs/recipes.md").read_text("utf-8")):
        for line in textwrap.dedent(block).strip().splitlines():
            words = shlex.split(line)
            assert words[0] == "twin"
            command = [sys.executable, "-c", "from api.cli import main; main()", *words[1:]]
            done = subprocess.run(command, cwd=town, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, (line, done.stdout, done.stderr)
            said.append(done.stdout)
    assert "✓ my-town.fountains: revision 000001: 2 features" in said[0]
    assert "records in 2 = published 2" in said[1]
    assert "✓ my-town.fountains: 1 features, 0 values as expected" in said[2]


def test_the_readme_s_ten_lines_are_a_recipe(tmp_path: Path) -> None:
    text = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)[0]
    assert len(text.strip().splitlines()) <= 10
    (tmp_path / "fountains.toml").write_text(text, "utf-8")
    assert load_layer(tmp_path / "fountains.toml", "my-town").schema_id == "place/1"


def test_the_readme_begins_with_the_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert blocks[0].split("\n")[-2] == "make run"
    assert blocks[1].strip() == "make test"
