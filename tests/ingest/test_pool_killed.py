"""Who is killed with processes at hand leaves nothing on the terminal."""

import signal
import subprocess
import sys

from twin.settings import ROOT

_KILLED = """
import os, signal
from ingest.pool import pool
with pool(2):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_pythons_tracker_of_semaphores_says_nothing():
    done = subprocess.run(
        [sys.executable, "-c", _KILLED], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == -signal.SIGKILL
    assert (done.stdout, done.stderr) == ("", "")  # read to its end, which is that of the tracker
