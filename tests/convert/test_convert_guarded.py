"""A conversion whose process dies ends with a sentence and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.leftovers import beside, tidied
from tests.convert.inputs_made import citygml, row
from twin.settings import ROOT

DIES = """
import os, signal, sys, time
import api.convert
from api import cli
from ingest.convert.folder import Folder

def dies(inputs, out, *_):
    {before}
    with api.convert._asked_to_end(), Folder(out) as folder:
        folder.put(b"half of it", "glb")
        {end}

api.convert.converted = dies
cli.main()
"""


@pytest.fixture
def program(tmp_path):
    """Start the command as a program, which converts one file in vain."""
    (tmp_path / "a.gml").write_text(citygml(row(2)))
    (tmp_path / "tmp").mkdir()

    def start(end, before="pass"):
        script = tmp_path / "twin"  # what people type
        script.write_text(DIES.format(end=end, before=before))
        words = [sys.executable, script, "convert", tmp_path / "a.gml", tmp_path / "out", "--workers", "1"]
        env = os.environ | {"TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)

    yield start
    assert {path.name for path in tmp_path.iterdir()} <= {"a.gml", "tmp", "twin"}
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("SIGBUS", "crashed (SIGBUS)"), ("SIGSEGV", "crashed (SIGSEGV)"), ("SIGKILL", "memory ran out")],
)
def test_a_death_is_a_sentence_that_names_the_file(program, name, words):
    process = program(f"os.kill(os.getpid(), signal.{name})")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err.count("\n")) == (1, "", 1), err
    assert err.startswith("twin: a.gml: ")
    assert words in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_who_is_told_to_end_ends_with_all_it_started(program, number):
    with program("print('begun', flush=True); time.sleep(300)") as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        assert process.stdout.read() == ""  # closed by the last process that had it
        assert process.wait(120) == (-number if number == signal.SIGKILL else 128 + number)
        assert process.stderr.read() == ""


def test_the_scratch_folder_goes_even_before_the_work_begins(program):
    """Libraries are still imported, and nobody has said yet what a request to end means."""
    early = "signal.signal(signal.SIGTERM, before); print('begun', flush=True); time.sleep(300)"
    with program(early, "before = signal.getsignal(signal.SIGTERM)") as process:
        assert process.stdout.readline() == "begun\n"
        process.kill()
        assert process.stdout.read() == ""


def test_exit_codes_are_those_of_the_work(program):
    process = program("sys.exit(7)")
    process.communicate(timeout=120)
    assert process.returncode == 7


def test_an_earlier_result_that_was_put_aside_comes_back(tmp_path):
    out = tmp_path / "o[u]t"
    mine = tmp_path / f"{beside(out)}x"
    (mine / "old").mkdir(parents=True)
    (mine / "old" / "tileset.json").write_text("{}")
    other = tmp_path / f".{out.name}-1-y"
    other.mkdir()
    tidied(out, os.getpid())
    assert sorted(path.name for path in Path(tmp_path).iterdir()) == [other.name, out.name]
    assert (out / "tileset.json").is_file()
