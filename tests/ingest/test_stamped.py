"""Checksums of files are worked out again as soon as anything says that the file was written."""

import gzip
import os
from hashlib import sha256

import pytest
from blake3 import blake3

from ingest import files, stamped
from ingest.files import File, origin
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


def test_a_very_large_file_has_a_blake3(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGE", 4)
    path = tmp_path / "a.gml"
    path.write_bytes(b"more")
    file, known = File("a.gml", path, 99), Stamped(tmp_path / "kept")
    for _ in range(2):  # found out, and remembered
        assert known.origin(file, "a").checksum == {"blake3": blake3(b"more").hexdigest()}
    path.write_bytes(b"few")
    assert known.origin(file, "a").checksum == {"sha256": sha256(b"few").hexdigest()}


def test_what_is_packed_has_a_sha256_of_what_is_in_it(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGE", 4)
    path = tmp_path / "a.gml.gz"
    path.write_bytes(gzip.compress(b"more"))
    assert origin(File("a.gml.gz", path, 99), "a").checksum == {"sha256": sha256(b"more").hexdigest()}
