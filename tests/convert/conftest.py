"""``twin convert`` as a person types it, and its result as a client reads it."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from api import cli
from tests.tiles.tile_reader import read_tileset
from tiles.inspect.report import inspect


@dataclass
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str
    folder: Path
    report: dict

    @property
    def ids(self):
        """Of everything drawn by leaves."""
        return self.ids_of("tileset.json")

    def ids_of(self, name):
        """Of everything drawn by the leaves of one tileset."""
        leaves = [tile for tile in self.tiles(name) if not tile.children]
        return sorted(row["id"] for tile in leaves for row in tile.content.table())

    def tiles(self, name="tileset.json"):
        """All tiles, the root first."""
        contents = {p.relative_to(self.folder).as_posix(): p.read_bytes() for p in self.folder.rglob("*.glb")}
        tileset = json.loads((self.folder / name).read_bytes())
        return list(read_tileset(tileset, contents).walk())

    def rows(self):
        """The attributes of every feature of the leaves, by id."""
        return {row["id"]: row for tile in self.tiles() if not tile.children for row in tile.content.table()}

    def layer(self, name="buildings"):
        return self.report["layers"][name]


@pytest.fixture
def twin(monkeypatch, capsys, tmp_path):
    """Run a command in this process; a conversion that went well is inspected, and has no fault."""
    monkeypatch.setenv("TWIN_GRIDS", str(tmp_path / "no-grids"))
    monkeypatch.setenv("PROJ_NETWORK", "OFF")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words, folder=None):
        words = [str(word) for word in words]
        monkeypatch.setattr(sys, "argv", ["twin", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code or 0
        said = capsys.readouterr()
        return Ran(code, said.out, said.err, folder, {})

    return run


@pytest.fixture
def convert(twin, tmp_path):
    """Convert to a folder `out`; what went well is sound, what went wrong leaves nothing."""

    def run(*words, out="out", workers=1, undulation=45.66, sound=True):
        target, report = tmp_path / out, tmp_path / f"{out.replace('/', '-')}.json"
        stated = [] if undulation is None else ["--undulation", undulation]
        before = report.exists()
        ran = twin(
            "convert", *words, target, "--workers", workers, "--report", report, *stated, folder=target
        )
        assert [p.name for p in target.parent.iterdir() if p.name.startswith(".")] == []
        if ran.code == 0:
            ran.report = json.loads(report.read_bytes())
            assert ran.err == ""
            if sound:
                found = inspect(target)
                assert [fault.words() for fault in found.faults] == []
                adds_up(ran)
        else:
            assert "Traceback" not in ran.err
            assert report.exists() == before
        return ran

    return run


def adds_up(ran):
    """Everything taken is drawn or named with its reason."""
    for name, facts in ran.report["layers"].items():
        counts = facts["counts"]
        lost = counts["in"] - facts["features"]
        assert len(facts["left_out"]) == lost, (name, counts, facts["features"])
        assert all(entry["reason"] and (entry["id"] or entry["place"]) for entry in facts["left_out"])
