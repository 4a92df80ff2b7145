"""Where somebody works may lie files that are called as our packages are: they are not taken for them."""

import subprocess
import sys

import pytest

from api import serving
from ingest import nursery, process
from twin.settings import Settings

OURS = ("api", "catalog", "ingest", "tiles", "twin")


def worker(monkeypatch):
    """The command of the process that keeps cities up to date."""
    started = []

    class Child:
        def __init__(self, command, **_):
            started.extend(command)

        def terminate(self):
            """It has ended."""

        def wait(self, timeout):
            """It has ended."""

    monkeypatch.setattr(serving.subprocess, "Popen", Child)
    monkeypatch.setattr(serving.signal, "signal", lambda *_: None)
    with serving.keep_working(["demo"], Settings()):
        monkeypatch.undo()
    return started


@pytest.mark.parametrize("which", ["worker", "nursery", "child"])
def test_a_file_called_as_a_package_is_not_run(tmp_path, monkeypatch, which):
    for name in OURS:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a stranger')")
    command = {"nursery": nursery.COMMAND, "child": process.COMMAND}.get(which) or worker(monkeypatch)
    module = command.index("-m")
    assert command[0] == sys.executable
    look = [*command[:module], "-c", f"import {', '.join(OURS)}, {command[module + 1]}"]
    done = subprocess.run(look, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
