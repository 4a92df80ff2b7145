"""The grids are brought once, believed by its checksum, and not asked for before every run."""

import hashlib
import os
from types import SimpleNamespace

import pytest

from ingest import grid
from tiles.grids import BETA2007, GCG2016
from twin.errors import SourceDown
from twin.settings import Settings

DATA = b"heights of the geoid"


@pytest.fixture
def asked(monkeypatch):
    """What is asked; the answer stands in `DATA`, unless `down` is set."""
    told = SimpleNamespace(urls=[], down=False, found=None)

    class Asked:
        def __init__(self, settings, waiting):
            assert waiting.attempts == 1

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def get(self, url):
            told.urls.append(url)
            if told.down:
                raise SourceDown("no network")
            return SimpleNamespace(data=DATA)

    monkeypatch.setattr(grid, "Fetch", Asked)
    monkeypatch.setattr(grid, "find", lambda wanted, folder: told.found)
    monkeypatch.setattr(grid, "_SHA256", dict.fromkeys(grid._SHA256, hashlib.sha256(DATA).hexdigest()))
    return told


def test_it_is_brought_once(asked, tmp_path):
    settings = Settings(grids=tmp_path / "grids")
    for _ in range(2):
        grid.bring_grids(settings)
        assert (tmp_path / "grids" / GCG2016.name).read_bytes() == DATA
        assert (tmp_path / "grids" / BETA2007.name).read_bytes() == DATA
    assert asked.urls == [GCG2016.url, BETA2007.url]


def test_one_that_is_there_is_not_brought_again(asked, tmp_path):
    (tmp_path / GCG2016.name).write_bytes(DATA)
    grid.bring_grids(Settings(grids=tmp_path))
    assert asked.urls == [BETA2007.url]


def test_without_a_network_it_is_asked_for_again_after_an_hour(asked, tmp_path):
    asked.down = True
    for _ in range(3):
        grid.bring_grids(Settings(grids=tmp_path))
    assert len(asked.urls) == 1
    os.utime(tmp_path / "looked", (1, 1))
    asked.down = False
    grid.bring_grids(Settings(grids=tmp_path))
    assert (tmp_path / GCG2016.name).read_bytes() == DATA
    assert asked.urls == [GCG2016.url, GCG2016.url, BETA2007.url]


def test_another_file_is_not_believed(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "_SHA256", dict.fromkeys(grid._SHA256, "0" * 64))
    grid.bring_grids(Settings(grids=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["looked"]


def test_one_that_lies_elsewhere_is_not_brought(asked, tmp_path):
    asked.found = tmp_path / "elsewhere" / GCG2016.name
    grid.bring_grids(Settings(grids=tmp_path))
    grid.bring_grids(Settings(grids=None))
    assert asked.urls == []


def test_a_folder_that_cannot_be_written_stops_nothing(asked, tmp_path, caplog):
    (tmp_path / "grids").write_bytes(b"a file")
    grid.bring_grids(Settings(grids=tmp_path / "grids"))
    assert "cannot be kept" in caplog.text
