"""Where a file is cut its objects decide: what is put in or taken out moves nothing into another part."""

import hashlib

import pytest

from ingest.connectors import citygml_cut
from ingest.files import File
from ingest.mapped import mapped
from tests.ingest.gml import model

NAMES = [f"DEBY_LOD2_{number:06d}" for number in range(12_000)]
NEW = ["DEBY_NEW"]
HALF = len(NAMES) // 2


def member(name: str) -> str:
    words = f"{sum(name.encode()) % 7} " * (5 + sum(name.encode()) % 30)
    return (
        f'<cityObjectMember>\n<bldg:Building gml:id="{name}">{words}</bldg:Building>\n</cityObjectMember>\n'
    )


@pytest.fixture
def cut(tmp_path, monkeypatch):
    monkeypatch.setattr(citygml_cut, "PIECE", 30_000)

    def made(names):
        path = tmp_path / "a.gml"
        path.write_text(model(*map(member, names)))
        return list(citygml_cut.cuts(File("a.gml", path, 10**9), local=True))

    return made


def prints(cuts):
    found = []
    for one in cuts:
        digest = hashlib.sha256()
        one.hash_into(digest)
        found.append(digest.hexdigest())
    return found


def test_each_object_is_in_one_part(cut):
    cuts = cut(NAMES)
    assert len(cuts) > 40
    assert all(one.end - one.offset <= 30_000 for one in cuts)
    assert [one.offset for one in cuts[1:]] == [one.end for one in cuts[:-1]]
    told = "".join(one.text()[0].decode().replace("\0", "") for one in cuts)
    assert [line.split('"')[1] for line in told.splitlines() if "gml:id" in line] == NAMES


@pytest.mark.parametrize(
    ("names", "most"),
    [
        (NEW + NAMES, 3),
        (NAMES[:HALF] + NEW + NAMES[HALF:], 3),
        (NAMES + NEW, 3),
        (NAMES[1:], 3),
        (NAMES[:HALF] + NAMES[HALF + 1 :], 3),
        (NAMES[:-1], 3),
        ([NAMES[-1], *NAMES[1:-1], NAMES[0]], 6),
        (NAMES[:10] + NEW + NAMES[10:HALF] + NAMES[HALF + 20 :], 12),
        (NAMES[:2000] + NAMES[5000:], 45),
    ],
)
def test_a_change_of_one_object_changes_few_parts(cut, names, most):
    before = set(prints(cut(NAMES)))
    after = prints(cut(names))
    assert 0 < len(set(after) - before) <= most


def test_objects_without_a_name_are_cut_somewhere(cut):
    cuts = cut(["same"] * 6000)
    assert len(cuts) > 20
    assert sum(one.text()[0].count(b"</bldg:Building>") for one in cuts) == 6000


def test_what_is_hashed_is_what_is_read(cut, monkeypatch):
    for size in (30_000, 200):  # each range between two objects; most of them begin within one
        monkeypatch.setattr(citygml_cut, "PIECE", size)
        for one in cut(NAMES[:300]):
            digest = hashlib.sha256()
            one.hash_into(digest)
            text = one.text()[0]
            if one.is_even:
                text = text.strip(citygml_cut.PAD)
                with mapped(one.path, one.offset, one.end) as data:
                    assert bytes(data).startswith(text)
                    assert bytes(data)[len(text) :].strip() in (b"", b"</CityModel>")
                    text = bytes(data)
            assert digest.digest() == hashlib.sha256(text).digest()


def test_a_map_of_a_file_that_is_shorter_by_now_is_refused(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    with mapped(path, 2, 5) as data:
        assert bytes(data) == b"234"
    with mapped(path, 10, 10) as data:
        assert bytes(data) == b""
    with pytest.raises(OSError, match="10 bytes"), mapped(path, 2, 11):
        raise AssertionError
