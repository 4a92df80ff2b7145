"""pyarrow works without pandas, and still finds it when somebody asks for a frame."""

import subprocess
import sys

_ASKED = """
import sys
from twin.arrow import without_pandas
without_pandas()
import numpy as np, pyarrow as pa
array = pa.array(np.arange(3))
assert np.asarray(array).tolist() == array.to_numpy().tolist() == [0, 1, 2]
assert "pandas" not in sys.modules
assert pa.table({"a": array}).to_pandas()["a"].tolist() == [0, 1, 2]
assert not [each for each in sys.meta_path if "twin" in type(each).__module__]
"""


def test_arrays_do_without_pandas_and_frames_still_come():
    # A process of its own: in ours somebody may have imported pandas long ago.
    done = subprocess.run([sys.executable, "-c", _ASKED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
