"""From a fresh clone to the page: first with everything to bring, then again, then only serving."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.measure import table
from twin.settings import ROOT

_PORT = 8765


def _until_served(folder: Path, environment: dict[str, str]) -> float:
    """Seconds from `make run` to its last line."""
    start = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run", f"PORT={_PORT}"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if re.search(r"→ http://", line):
            break
    taken = time.perf_counter() - start
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(30)
    return taken


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="twin-clone-") as name:
        clone, caches = Path(name) / "clone", Path(name) / "caches"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        cold = dict(os.environ)
        for variable, folder in (
            ("UV_CACHE_DIR", "uv"),
            ("PIP_CACHE_DIR", "pip"),
            ("npm_config_cache", "npm"),
        ):
            cold[variable] = str(caches / folder)
        rows = [("fresh clone, empty package caches", f"{_until_served(clone, cold):.1f}")]
        rows.append(("second start", f"{_until_served(clone, cold):.1f}"))
        shutil.rmtree(clone)
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        rows.append(("fresh clone, warm package caches", f"{_until_served(clone, cold):.1f}"))
    table("From make run to the page", ("start", "seconds"), rows)
