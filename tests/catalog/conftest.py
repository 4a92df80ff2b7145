import pytest

from twin.store import open_store


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path):
    return open_store(str(tmp_path / "store") if request.param == "file" else "memory://")
