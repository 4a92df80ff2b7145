"""No change of a file goes unnoticed, be it one byte, of the same length, elsewhere, or an end too early."""

import os
import re

import pytest

from catalog.revisions import current
from ingest.connectors import citygml, citygml_cut
from ingest.connectors.citygml_read import Wanted
from ingest.files import File
from tests.ingest.test_kept import read, run, town
from twin.errors import SourceBroken
from twin.store import FileStore

__all__ = ["read", "town"]

MEMBER = re.compile(rb"<core:cityObjectMember>.*?</core:cityObjectMember>\s*", re.DOTALL)
HEIGHT = re.compile(rb"<bldg:measuredHeight[^>]*>([\d.]+)<")


@pytest.mark.parametrize("piece", [150_000, 9_000])
def test_any_byte_of_a_part_tells(town, monkeypatch, piece):
    """Between two objects, and where a range begins and ends within one."""
    monkeypatch.setattr(citygml_cut, "PIECE", piece)
    path = town / "town.gml"
    wanted = Wanted(frozenset(["Building"]), None, False, None)
    parts = [citygml.Part(cut, wanted) for cut in citygml_cut.cuts(File("town.gml", path, 10**9), local=True)]
    before = [citygml.checksum(part) for part in parts]
    texts = [part.cut.text() for part in parts]
    assert all(len(checksum) == 32 for checksum in before)
    filled = [number for number, (text, _) in enumerate(texts) if text.strip(citygml_cut.PAD)]
    assert len({before[number] for number in filled}) == len(filled) >= 4
    for number in filled if piece > 100_000 else filled[:6]:
        text, begin = texts[number]
        length = len(text.strip(citygml_cut.PAD))
        for place in (begin + 60, begin + length // 3, begin + length // 2, begin + length - 60):
            with path.open("r+b") as file:
                file.seek(place)
                was = file.read(1)
                file.seek(place)
                file.write(bytes([was[0] ^ 1]))
                file.flush()
                after = [citygml.checksum(part) for part in parts]
                file.seek(place)
                file.write(was)
            assert [n for n, checksum in enumerate(after) if checksum != before[n]] == [number]
    assert [citygml.checksum(part) for part in parts] == before


def test_a_change_of_the_same_length_in_each_part_is_noticed_though_the_times_are_put_back(town, read):
    path = town / "town.gml"
    run(town)
    parts = len(read)
    told = path.stat()
    for number in range(parts):
        with path.open("r+b") as file:
            text = file.read()
            found = HEIGHT.search(text, int(len(text) * (number + 0.3) / parts))
            file.seek(found.start(1))
            file.write(b"9" if found[1][:1] != b"9" else b"8")
        os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (told.st_size, told.st_mtime_ns)
        read.clear()
        outcome, contents = run(town)
        assert (len(read), outcome.revision) == (1, number + 2)
    assert contents == run(town, store="another")[1]


def test_what_lies_elsewhere_now_is_what_it_was(town, read):
    path = town / "town.gml"
    first, before = run(town)
    text = path.read_bytes()
    read.clear()
    path.write_bytes(text.replace(b"<core:cityObjectMember>", b"\n" * 999 + b"<core:cityObjectMember>", 1))
    moved, contents = run(town)  # all lie 999 bytes further on
    assert (len(read), moved.revision, contents) == (0, first.revision, before)
    members = MEMBER.findall(text)
    last = text.rindex(members[-1])
    path.write_bytes(text.replace(members[0], b"", 1)[: last - len(members[0])] + members[0] + text[last:])
    moved, contents = run(town)  # the first house stands before the last one
    assert read
    assert contents == before == run(town, store="another")[1]
    assert moved.report.counts() == first.report.counts()


def test_a_file_that_is_cut_off_is_refused_and_one_that_ends_earlier_has_less(town, read):
    path = town / "town.gml"
    first, before = run(town)
    text = path.read_bytes()
    for length in (len(text) - 20, len(text) // 2, text.rindex(b"<core:cityObjectMember>")):
        path.write_bytes(text[:length])
        with pytest.raises(SourceBroken, match="cut off"):
            run(town)
        revision = current(FileStore(town / "store"), "town.buildings")
        assert revision.number == first.revision
    last = MEMBER.findall(text)[-1]
    path.write_bytes(text.replace(last, b""))
    read.clear()
    outcome, contents = run(town)
    assert len(read) == 1
    assert outcome.report.counts()["published"] == first.report.counts()["published"] - 1
    assert contents != before
    assert contents == run(town, store="another")[1]
