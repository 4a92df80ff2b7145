"""What tests of the ingest share."""

import pytest

from tests.ingest.new_made import TOWN


@pytest.fixture
def town(tmp_path):
    """Folder of a city that has no layer yet."""
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "city.toml").write_text(TOWN, "utf-8")
    return tmp_path / "town"
