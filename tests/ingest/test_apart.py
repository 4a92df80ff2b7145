"""`twin run`: each layer in a process of its own; what it does to itself is told, and the others go on."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from catalog.revisions import current
from catalog.status import read_status
from ingest.apart import Apart
from ingest.job import Asked
from ingest.load import load_city
from ingest.nursery import nursery
from tests.ingest.test_worker import Heard, assert_gone, child
from tests.ingest.town_made import two_layers
from tests.replay import Answer, Replay
from twin.settings import Settings
from twin.store import FileStore


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return two_layers(tmp_path / "town")


def ran(town: Path, tmp_path: Path, body: str, **settings):
    city, store = load_city(str(town)), FileStore(tmp_path / "store")
    given = Settings(store=str(store.root), grids=None, workers=1, **settings)
    apart = Apart(city, store, given, Heard(), command=child(body))
    return {outcome.layer: outcome for outcome in apart.run(city.layers, Asked())}, store


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crashed", "crashed (SIGSEGV)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "crashed", "memory ran out"),
        ("done('town.a'); os.kill(os.getpid(), signal.SIGBUS)", "crashed", "crashed (SIGBUS)"),
        ("os.kill(os.getpid(), signal.SIGTERM)", "run", "was told to stop"),
        ("pass", "run", "without a word"),
    ],
)
def test_a_death_is_its_layers_failure_and_the_others_go_on(town, tmp_path, body, code, words):
    outcomes, store = ran(town, tmp_path, f"if work.layers[0]=='town.b': done('town.b'); sys.exit()\n{body}")
    assert not outcomes["town.a"].ok
    assert words in outcomes["town.a"].words
    assert outcomes["town.b"].ok
    assert read_status(store, "town.a").error == code


def test_a_hang_and_a_swelling_end_at_their_limits(town, tmp_path):
    outcomes, _ = ran(town, tmp_path, "time.sleep(60)", layer_minutes=-0.08)
    assert all("took longer than" in outcome.words for outcome in outcomes.values())
    if Path("/proc/self/stat").exists():
        outcomes, _ = ran(town, tmp_path, "x=bytearray(300_000_000)\ntime.sleep(60)", layer_memory_mb=150)
        assert all("more than 150 MB of memory" in outcome.words for outcome in outcomes.values())


def test_children_come_from_the_nursery_and_tell_their_own_exit_codes(town, tmp_path):
    city, store = load_city(str(town)), FileStore(tmp_path / "store")
    heard = Heard()
    with nursery() as nest:
        given = Settings(store=str(store.root), grids=None, workers=1)
        outcomes = Apart(city, store, given, heard, nest).run(city.layers, Asked())
        assert [outcome.ok for outcome in outcomes] == [True, True], heard.said
        os.kill(nest._pid, signal.SIGKILL)  # who kills it makes the rest slower, not wrong
        again = Apart(city, store, given, heard, nest).run(city.layers, Asked())
    assert [outcome.ok for outcome in again] == [True, True], heard.said
    assert current(store, "town.b").number == 1


def start(town: Path, store: Path, *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "api.cli", "run", str(town), "--store", str(store), *more]
    env = os.environ | {"TWIN_GRIDS": str(town), "TWIN_WORKERS": "1"}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdout=pipe, stderr=pipe, env=env, start_new_session=True, preexec_fn=interruptible
    )


def interruptible() -> None:
    """Whoever runs the tests in the background has them ignore interrupts, and all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def processes() -> list[tuple[int, int, int]]:
    """(id, parent's id, session) of all there are."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found.append((int(path.parent.name), int(fields[1]), int(fields[3])))
    return found


def child_of(run: "subprocess.Popen[bytes]") -> int:
    """The reader of a `twin run`, once there is one: a leader of its session, two steps below."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert run.poll() is None, run.communicate()
        found = processes()
        nests = {pid for pid, parent, _ in found if parent == run.pid}
        ours = [pid for pid, parent, session in found if parent in nests and session == pid]
        if ours:
            return ours[0]
        threading.Event().wait(0.02)
    raise AssertionError("it started no reader")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up on Linux")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_command_outlives_a_killed_reader_and_takes_its_readers_along(town, tmp_path, how):
    with Replay() as replay:
        replay.routes["/a"] = [Answer(silent=True)]
        command = start(town, tmp_path / "store", "--source", f"a={replay.url}/a")
        reader = child_of(command)
        replay.until_asked(1)
        os.kill(reader if how == signal.SIGKILL else command.pid, how)
        out, _ = command.communicate(timeout=120)
    assert_gone(reader)
    assert command.returncode != 0
    store = FileStore(tmp_path / "store")
    if how == signal.SIGKILL:
        assert "✗ town.a: the process that read it was killed from outside" in out.decode()
        assert "✓ town.b" in out.decode()
        assert current(store, "town.b") is not None
    else:
        assert current(store, "town.b") is None
        assert read_status(store, "town.a") is None
