"""The two commands that docs/tiles.md begins with, run as written, one after the other."""

import re
import shlex

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from api.cli import app
from tests.ingest.gml import building, model, polygon, surface
from twin.settings import ROOT

PAGE = (ROOT / "docs" / "tiles.md").read_text("utf-8")


def placed(*corners):
    return " ".join(f"{691_000 + x} {5_335_000 + y} {z}" for x, y, z in (*corners, corners[0]))


def house(name, east):
    low, high = 515, 523
    corners = [(east, 0), (east + 8, 0), (east + 8, 12), (east, 12)]
    walls = [
        polygon(placed((*a, low), (*b, low), (*b, high), (*a, high)))
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
    ]
    floor = surface("GroundSurface", polygon(placed(*((*c, low) for c in reversed(corners)))))
    roof = surface("RoofSurface", polygon(placed(*((*c, high) for c in corners))))
    return building(floor, roof, surface("WallSurface", *walls), name=name)


def test_the_first_commands_work_as_written(tmp_path, monkeypatch):
    text = model(*(house(f"H{n}", 20 * n) for n in range(5)), version="2.0")
    (tmp_path / "my-town.gml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    said = []
    for line in block.strip().splitlines():
        twin, *words = shlex.split(line)
        assert twin == "twin"
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, (line, done.output, done.exception)
        said.append(done.output)
    assert "5 features" in said[1]
    assert "✓ no faults" in said[1]
    assert "height_m" in (tmp_path / "my-town.html").read_text("utf-8")
    # The folder is as the page draws it.
    files = {
        file.relative_to(tmp_path / "my-town-tiles").as_posix()
        for file in tmp_path.rglob("*.*")
        if file.is_relative_to(tmp_path / "my-town-tiles") and file.is_file()
    }
    assert {"tileset.json", "tileset.json.gz", "tileset.json.br"} <= files
    contents = [name for name in files if name.endswith(".glb")]
    assert contents
    assert all(re.fullmatch(r"content/[0-9a-f]{64}\.glb", name) for name in contents)


@pytest.mark.parametrize("option", sorted(set(re.findall(r"^\| `(--[a-z]+)", PAGE, re.MULTILINE))))
def test_every_option_that_the_page_explains_exists(option):
    convert = get_command(app).commands["convert"]
    assert option in {name for parameter in convert.params for name in parameter.opts}
