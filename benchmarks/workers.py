"""Two workers beside one: ``twin convert`` with our own processes, and with those of a Dask cluster.

``BUILDINGS=20000`` names the size, ``ROUNDS=3`` how often; all forms in turn, so that each sees the same day.
Dask is measured where it is installed (``pip install distributed``).
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.convert import model
from benchmarks.measure import table
from benchmarks.watch import Cost, watched

_SIZE = int(os.environ.get("BUILDINGS", "20000").split(",")[0])
_ROUNDS = int(os.environ.get("ROUNDS", "3"))
_TWIN = (sys.executable, "-m", "api.cli", "convert")


@contextmanager
def _forms() -> Iterator[dict[str, tuple[str, dict[str, str]]]]:
    """What is measured: number of processes, and variables."""
    forms: dict[str, tuple[str, dict[str, str]]] = {
        "one process": ("1", {}),
        "two processes": ("2", {}),
    }
    if find_spec("distributed") is None:
        yield forms
        return
    cluster = import_module("distributed").LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    )
    with cluster:
        yield forms | {"two workers of Dask": ("1", {"TWIN_DASK": str(cluster.scheduler_address)})}


def _converted(file: Path, workers: str, more: dict[str, str]) -> tuple[Cost, str]:
    """Cost of one conversion, and a checksum of all that came of it."""
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        out = Path(name) / "tiles"
        cost = watched([*_TWIN, file, out, "--undulation", "45.66", "--workers", workers], more)
        digest = sha256()
        for path in sorted(path for path in out.rglob("*") if path.is_file()):
            digest.update(path.relative_to(out).as_posix().encode() + path.read_bytes())
        return cost, digest.hexdigest()


def main() -> None:
    """Print the table."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with model("gml", _SIZE) as file, _forms() as forms:
        costs: dict[str, list[Cost]] = {name: [] for name in forms}
        results = set()
        for name, asked in forms.items():
            _converted(file, *asked)  # the file is in memory and Dask's workers have imported everything
            costs[name].clear()
        for _ in range(_ROUNDS):
            for name, asked in forms.items():
                cost, result = _converted(file, *asked)
                costs[name].append(cost)
                results.add(result)
    taken = {name: median(cost.seconds for cost in own) for name, own in costs.items()}
    first = taken["one process"]
    same = "the same bytes of all" if len(results) == 1 else f"{len(results)} DIFFERENT RESULTS"
    table(
        f"{_SIZE:,} buildings on one and two workers ({same}; load of the machine {os.getloadavg()[1]:.1f})",
        ("", "seconds", "buildings/s", "times one process"),
        [(name, f"{t:.1f}", f"{_SIZE / t:,.0f}", f"{first / t:.2f}") for name, t in taken.items()],
    )


if __name__ == "__main__":
    main()
