"""No answer costs the import of pandas: a third of a second, and 40 MB."""

import os
import subprocess
import sys
from pathlib import Path

_SERVED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from api.app import create_app
from tests.api.asgi import Client
from twin.settings import Settings
from twin.store import FileStore
store = FileStore(Path(sys.argv[1]))
now = datetime(2026, 3, 1, 12, tzinfo=UTC)
ask = Client(create_app(Settings(viewer="no-viewer"), store, now=lambda: now))
for path in ("/sta/v1.1/Datastreams", "/ogc/collections/probe.buildings/items?f=parquet"):
    assert ask(path).status_code == 200, path
assert "pandas" not in sys.modules
"""


def test_no_answer_costs_the_import_of_pandas(filled):
    there = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", _SERVED, str(filled.root)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(there)},
    )
    assert done.returncode == 0, done.stderr
