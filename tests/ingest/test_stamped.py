"""Checksums of files are worked out again as soon as anything says that the file was written."""

import os
from hashlib import sha256

import pytest

from ingest import stamped
from ingest.files import File
from ingest.stamped import Stamped


@pytest.fixture
def hashed(monkeypatch):
    """The files that are really read."""
    seen = []
    real = stamped.origin
    monkeypatch.setattr(stamped, "origin", lambda file, url: seen.append(url) or real(file, url))
    return seen


def test_a_file_is_read_again_only_when_it_was_written(tmp_path, hashed):
    path = tmp_path / "a.gml"
    path.write_bytes(b"one")
    file, known = File("a.gml", path, 99), Stamped(tmp_path / "kept")
    first, second = known.origin(file, "a"), known.origin(file, "b")
    assert (first.sha256, first.size, first.url) == (sha256(b"one").hexdigest(), 3, "a")
    assert (second.sha256, second.size, second.url) == (first.sha256, 3, "b")
    assert hashed == ["a"]
    times = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # the time of the last change still tells
    assert known.origin(file, "c").sha256 == sha256(b"two").hexdigest()
    assert hashed == ["a", "c"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"sha256": 1}', b'"text"'])
def test_what_is_damaged_is_found_out_again(tmp_path, hashed, damage):
    path = tmp_path / "a.gml"
    path.write_bytes(b"one")
    file, known = File("a.gml", path, 99), Stamped(tmp_path / "kept")
    wanted = known.origin(file, "a").sha256
    for each in (tmp_path / "kept").iterdir():
        each.write_bytes(damage)
    assert known.origin(file, "a").sha256 == wanted
    assert hashed == ["a", "a"]


def test_a_file_that_is_written_meanwhile_is_not_remembered(tmp_path, monkeypatch):
    path = tmp_path / "a.gml"
    path.write_bytes(b"one")
    file, known = File("a.gml", path, 99), Stamped(tmp_path / "kept")
    real = stamped.origin

    def disturbed(file, url):
        found = real(file, url)
        path.write_bytes(b"longer")
        return found

    monkeypatch.setattr(stamped, "origin", disturbed)
    known.origin(file, "a")
    assert not (tmp_path / "kept").exists()
