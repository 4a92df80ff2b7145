"""The worker: layers in processes of their own, which may hang, crash or swell, beside other workers."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from catalog.leases import take
from catalog.revisions import current
from catalog.status import read_status
from ingest import worker as worker_module
from ingest.load import load_city
from ingest.worker import Worker
from tests.ingest.town_made import recipe, two_layers
from tests.ports import free_port
from twin.errors import StoreError
from twin.progress import Silent
from twin.settings import Settings
from twin.status import State
from twin.store import FileStore

T = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECIPE = recipe("file:districts.geojson")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return two_layers(tmp_path / "town")


class Heard(Silent):
    def __init__(self) -> None:
        self.said: list[tuple[str, str, bool]] = []

    def finish(self, layer: str, words: str, ok: bool) -> None:
        self.said.append((layer, words, ok))


def child(body: str) -> tuple[str, ...]:
    """A child that does something else than it should; `work` is what it was told."""
    head = "import json,os,pickle,signal,sys,time\nwork=pickle.load(open(sys.argv[1],'rb'))\n"
    say = "def done(layer): print(json.dumps({'finish': [layer, 'fine', True]}), flush=True)\n"
    return (sys.executable, "-c", head + say + body)


def turns(worker: Worker, seconds: float = 120) -> None:
    """Turn until nothing runs any more."""
    until = time.monotonic() + seconds
    worker.turn()
    while worker.running and time.monotonic() < until:
        worker.turn()
        threading.Event().wait(0.01)
    assert not worker.running


def made(town: Path, tmp_path: Path, body: str | None = None, clock=lambda: T, **settings) -> Worker:
    store = FileStore(tmp_path / "store")
    given = Settings(store=str(store.root), grids=None, workers=1, **settings)
    command = None if body is None else child(body)
    return Worker([load_city(str(town))], store, given, Heard(), clock=clock, command=command)


def said(worker: Worker) -> list[tuple[str, str, bool]]:
    return worker._progress.said


def test_layers_are_published_by_children_and_not_again_before_they_are_due(town, tmp_path):
    (town / "b.toml").unlink()
    worker = made(town, tmp_path)
    turns(worker)
    assert [(layer, ok) for layer, _, ok in said(worker)] == [("town.a", True)], said(worker)
    assert current(worker._store, "town.a") is not None
    again = made(town, tmp_path, "sys.exit(1)", clock=lambda: datetime.now(UTC))
    turns(again)
    assert said(again) == []


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crashed", "crashed (SIGSEGV)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "crashed", "memory ran out"),
        ("sys.exit(3)", "crashed", "ended with code 3"),
        ("pass", "run", "without a word"),
    ],
)
def test_a_child_that_dies_is_its_layers_failure_in_words_and_the_others_go_on(
    town, tmp_path, body, code, words
):
    worker = made(town, tmp_path, f"if work.layers[0]=='town.b': done('town.b'); sys.exit()\n{body}")
    turns(worker)
    status = read_status(worker._store, "town.a")
    assert (status.error, status.failures) == (code, 1)
    assert status.reason.startswith("town.a: the process that read it")
    assert words in status.reason
    assert status.state(T) is State.REFUSED or status.last_success is None
    assert ("town.b", "fine", True) in said(worker)
    assert take(worker._store, "town.a", lambda: T) is not None, "its lease was given back"


def test_a_child_that_hangs_is_ended_with_all_it_started(town, tmp_path):
    grand = "import subprocess;p=subprocess.Popen([sys.executable,'-c','import time;time.sleep(300)'])\n"
    note = f"open({str(tmp_path / 'pid')!r},'w').write(str(p.pid))\n"
    worker = made(town, tmp_path, grand + note + "time.sleep(300)", at_once=1, layer_minutes=-0.07)
    (town / "b.toml").unlink()
    worker._cities = [load_city(str(town))]
    turns(worker)
    status = read_status(worker._store, "town.a")
    assert status.error == "too-long"
    assert "took longer than" in status.reason
    if (tmp_path / "pid").exists() and (pid := (tmp_path / "pid").read_text()):  # it came as far as that
        assert_gone(int(pid))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="memory is watched on Linux")
def test_a_child_that_swells_is_ended(town, tmp_path):
    worker = made(town, tmp_path, "x=bytearray(300_000_000)\ntime.sleep(300)", layer_memory_mb=150)
    turns(worker)
    assert "more than 150 MB of memory" in read_status(worker._store, "town.a").reason


def test_stopping_ends_the_children_at_once_and_leaves_the_layers_due(town, tmp_path):
    worker = made(town, tmp_path, "time.sleep(300)")
    worker.turn()
    pids = [run.process.pid for run in worker.running]
    folders = [run.process._folder for run in worker.running]
    assert len(pids) == 2
    start = time.monotonic()
    worker.close()
    assert time.monotonic() - start < 60, "it waited for children that sleep for longer"
    for pid in pids:
        assert_gone(pid)
    assert not any(folder.exists() for folder in folders)
    assert read_status(worker._store, "town.a") is None
    assert take(worker._store, "town.a", lambda: T) is not None


def test_a_child_that_somebody_told_to_stop_is_no_failure(town, tmp_path):
    worker = made(town, tmp_path, "os.kill(os.getpid(), signal.SIGTERM)")
    turns(worker)
    assert said(worker) == []
    assert read_status(worker._store, "town.a") is None


def test_two_workers_on_one_store_do_no_work_twice(town, tmp_path):
    mark = f"open({str(tmp_path)!r}+'/ran-'+work.layers[0]+'-'+str(os.getpid()),'w');done(work.layers[0])"
    workers = [made(town, tmp_path, mark + ";time.sleep(0.3)") for _ in range(2)]
    for worker in workers:
        worker.turn()
    assert sum(len(worker.running) for worker in workers) == 2
    for worker in workers:
        turns(worker)
    assert len(list(tmp_path.glob("ran-town.a-*"))) == 1
    assert len(list(tmp_path.glob("ran-town.b-*"))) == 1


def test_what_another_worker_has_just_done_is_not_done_again(town, tmp_path, monkeypatch):
    worker = made(town, tmp_path, "sys.exit(1)")
    monkeypatch.setattr(worker_module, "is_due", lambda *_: False)
    turns(worker)
    assert said(worker) == []
    assert take(worker._store, "town.a", lambda: T) is not None


def test_who_has_lost_its_lease_stops_its_child_and_says_nothing(town, tmp_path, monkeypatch):
    monkeypatch.setattr(worker_module, "_BEAT_EVERY_S", 0)
    (town / "b.toml").unlink()
    worker = made(town, tmp_path, "time.sleep(300)")
    worker.turn()
    (run,) = worker.running
    later = T + timedelta(minutes=10)
    assert take(worker._store, "town.a", lambda: later) is not None
    turns(worker)
    assert_gone(run.process.pid)
    assert read_status(worker._store, "town.a") is None


def test_a_killed_worker_takes_its_children_along_and_another_takes_over(town, tmp_path):
    (town / "b.toml").unlink()
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.ingest.test_worker import made
from pathlib import Path
from datetime import UTC, datetime
worker = made(Path({str(town)!r}), Path({str(tmp_path)!r}), "time.sleep(300)")
worker.turn()
print(worker.running[0].process.pid, flush=True)
import time; time.sleep(300)
"""
    # Its child must watch the lifeline as the real one does.
    hold = "import threading;threading.Thread(target=lambda:(os.read(0,1),os._exit(1)),daemon=True).start();"
    script = script.replace('"time.sleep(300)"', repr(hold + "time.sleep(300)"))
    env = os.environ | {"TMPDIR": str(tmp_path)}
    other = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=env)
    assert other.stdout is not None
    pid = int(other.stdout.readline())
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    other.stdout.close()
    assert_gone(pid)
    soon = made(town, tmp_path, "done(work.layers[0])")
    turns(soon)
    assert said(soon) == [], "the lease still holds"
    later = made(town, tmp_path, "done(work.layers[0])", clock=lambda: T + timedelta(minutes=3))
    turns(later)
    assert said(later) == [("town.a", "fine", True)]


def test_the_real_child_ends_and_tidies_up_when_its_worker_is_gone(town, tmp_path):
    worker = made(town, tmp_path)
    worker.turn()
    process = worker.running[0].process
    process._child.lifeline.close()  # as the system does when the worker is killed
    process._child.buried()
    assert not process._folder.exists()
    worker.close()


def test_the_command_stops_on_sigterm(town, tmp_path):
    store = tmp_path / "store"
    command = [sys.executable, "-m", "api.cli", "work", str(town), "--store", str(store)]
    env = os.environ | {"TWIN_GRIDS": str(tmp_path), "TWIN_WORKERS": "1"}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
    assert running.stdout is not None
    lines = running.stdout.readline() + running.stdout.readline()
    assert b"town.a" in lines
    running.terminate()
    assert running.wait(60) == 0
    running.stdout.close()
    assert current(FileStore(store), "town.b") is not None


def test_up_tells_its_address_when_all_have_been_tried(town, tmp_path):
    port = free_port()
    (town / "b.toml").write_text(RECIPE.replace("districts.geojson", "nowhere.geojson"))
    store = tmp_path / "store"
    command = [sys.executable, "-m", "api.cli", "up", str(town), "--store", str(store), "--port", str(port)]
    env = os.environ | {"TWIN_GRIDS": str(tmp_path), "TWIN_WORKERS": "1"}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
    assert running.stdout is not None
    try:
        while b"http://" not in running.stdout.readline():
            assert running.poll() is None
        with httpx.Client(trust_env=False, timeout=60) as client:
            told = client.get(f"http://127.0.0.1:{port}/ops/freshness").json()["layers"]
    finally:
        running.terminate()
        running.wait(60)
        running.stdout.close()
    assert [(layer["layer"], layer["revision"]) for layer in told] == [("town.a", 1), ("town.b", None)]
    assert "no such file" in told[1]["reason"]
    assert told[1]["failures"] == 1
    assert told[1]["next_due"] > told[1]["last_attempt"]


def test_a_store_in_trouble_does_not_end_the_loop(town, tmp_path, monkeypatch):
    stop, worker = threading.Event(), made(town, tmp_path, "pass")
    monkeypatch.setattr(worker_module, "_LOOK_EVERY_S", 0)
    monkeypatch.setattr(worker_module, "_TICK_S", 0)

    def full(*_: object) -> None:
        if len(said(worker)) == 1:
            stop.set()
        raise StoreError("status.json cannot be written to the store: No space left on device")

    monkeypatch.setattr(worker_module, "due", full)
    worker.until(stop)
    assert len(said(worker)) == 2
    assert "No space left" in said(worker)[0][1]


def test_a_damaged_status_stops_nobody_and_is_written_anew(town, tmp_path):
    worker = made(town, tmp_path)
    worker._store.put("layers/town.a/status.json", b"{")
    turns(worker)
    assert sorted(layer for layer, _, ok in said(worker) if ok) == ["town.a", "town.b"]
    assert read_status(worker._store, "town.a").error is None


def test_a_fault_of_ours_does_not_end_the_loop(town, tmp_path, monkeypatch):
    stop, worker = threading.Event(), made(town, tmp_path, "pass")
    monkeypatch.setattr(worker_module, "_LOOK_EVERY_S", 0)
    calls = iter([KeyError("Erika"), OSError(24, "Too many open files")])

    def faulty(*_: object, **__: object) -> None:
        error = next(calls, None)
        if error is None:
            stop.set()
        raise error or StoreError("the end")

    monkeypatch.setattr(worker_module, "Process", faulty)
    worker.until(stop)
    words = [words for _, words, _ in said(worker)]
    assert words[0].startswith("an error of ours (KeyError)")
    assert "no process could be started (Too many open files)" in words[1]
    assert not any("Erika" in each for each in words)


def test_a_stopped_loop_starts_nothing(town, tmp_path):
    stop = threading.Event()
    stop.set()
    worker = made(town, tmp_path, "pass")
    worker.until(stop)
    assert not (tmp_path / "store").exists()


def assert_gone(pid: int) -> None:
    """The process ends within a moment (or is a zombie that nobody waited for)."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            stat = Path(f"/proc/{pid}/stat")
            if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (ProcessLookupError, FileNotFoundError):
            return
        threading.Event().wait(0.02)
    raise AssertionError(f"process {pid} still runs")


@pytest.mark.skipif(
    not os.path.isdir("/proc/self/task"), reason="nobody tells of threads that are not Python's"
)
def test_who_works_can_be_forked_so_that_no_run_waits_for_imports(tmp_path):
    code = """
import sys, types
def work(*given):
    import numpy, ingest.pipeline
    from ingest.nursery import _is_alone
    print("alone", _is_alone())
sys.modules["ingest.worker"] = types.ModuleType("ingest.worker")
sys.modules["ingest.worker"].work = work
from api.cli import app
app(["work", "demo", "--store", sys.argv[1]])
"""
    clean = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    told = subprocess.run(
        [sys.executable, "-c", code, f"file://{tmp_path}"],
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split("\n")[0] == "alone True"
