import gzip
import struct
import zipfile

import pytest

from tests.ingest.asking import quick, records
from tests.ingest.gml import ROOF, building, model, polygon, surface
from twin.errors import SourceBroken, SourceRefused

HOUSE = model(building(surface("RoofSurface", polygon(ROOF))))


@pytest.fixture
def pack(tmp_path):
    def pack(entries, name="a.zip", method=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as archive:
            for inner, body in entries.items():
                archive.writestr(inner, body)
        return path

    return pack


def files(path, suffixes=(".gml",), **settings):
    with quick(**settings) as fetch:
        return {file.name: file.read() for file in fetch.files(str(path), suffixes)}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_is_a_folder_of_files(pack, method):
    path = pack(
        {"b/2 ü.GML": b"two" * 400_000, "1.gml": b"one", "b/x.jpg": b"-", "b/.3.gml": b"-"}, method=method
    )
    assert files(path) == {"a.zip/1.gml": b"one", "a.zip/b/2 ü.GML": b"two" * 400_000}
    assert files(path.parent) == files(path)


def test_archives_in_folders_without_a_wanted_file_are_passed_over(pack):
    path = pack({"x.jpg": b"-"})
    (path.parent / "1.gml").write_bytes(b"one")
    assert files(path.parent) == {"1.gml": b"one"}
    with pytest.raises(SourceBroken, match=r"a\.zip"):
        files(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_buildings_of_all_files_in_an_archive(pack, method):
    path = pack({"s/1.gml": HOUSE, "s/2.gml.gz": gzip.compress(HOUSE.encode())}, method=method)
    assert [record.place.partition(",")[0] for record in records("citygml", path)] == [
        "a.zip/s/1.gml",
        "a.zip/s/2.gml.gz",
    ]


@pytest.mark.parametrize("name", ["../1.gml", "a/../../1.gml", "/etc/1.gml", "C:/1.gml", "a\\..\\1.gml"])
def test_names_that_climb_are_refused(pack, name):
    path = pack({name.replace("\\", "/"): HOUSE})
    with pytest.raises(SourceRefused, match="leads out"):
        files(path)


def test_archives_in_archives_and_bombs_are_refused(pack):
    inner = pack({"1.gml": HOUSE}, "inner.zip").read_bytes()
    with pytest.raises(SourceRefused, match="another archive"):
        files(pack({"1.gml": HOUSE, "b.zip": inner}))
    with pytest.raises(SourceRefused, match="TWIN_MAX_BODY_MB"):
        files(pack({f"{n}.gml": b"\0" * 1_500_000 for n in range(2)}), max_body_mb=2)


def test_an_archive_that_lies_about_its_sizes_is_broken(pack):
    path = pack({"1.gml": b"\0" * 3_000_000})
    data = path.read_bytes()
    lie = data.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 1000))
    path.write_bytes(lie)
    with pytest.raises(SourceBroken, match="damaged"):
        files(path, max_body_mb=1)


def test_damaged_encrypted_and_unusual_archives(pack):
    path = pack({"1.gml": HOUSE})
    data = path.read_bytes()
    middle = len(data) // 3
    for broken in (data[:200], data[:middle] + b"\xff\xfe" * 20 + data[middle + 40 :]):
        path.write_bytes(broken)
        with pytest.raises(SourceBroken, match=r"a\.zip.*damaged"):
            files(path)
    secret = bytearray(data)
    secret[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(secret)
    with pytest.raises(SourceRefused, match="encrypted"):
        files(path)
    with pytest.raises(SourceRefused, match="unusual"):
        files(pack({"1.gml": HOUSE}, method=zipfile.ZIP_LZMA))


def test_files_of_a_folder_come_in_the_order_of_their_paths_and_links_lead_in_no_circle(tmp_path):
    for name in ("b.csv", "a/z.csv", "a.csv", "a/b/c.csv", "a-b/x.csv", "B.csv", "a/b.csv"):
        path = tmp_path / "f" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "f/a/round").symlink_to(tmp_path / "f", target_is_directory=True)
    (tmp_path / "f/link.csv").symlink_to(tmp_path / "f/b.csv")
    found = list(files(tmp_path / "f", (".csv",)))
    assert found == [
        "B.csv", "a/b/c.csv", "a/b.csv", "a/z.csv", "a-b/x.csv", "a.csv", "b.csv", "link.csv",
    ]  # fmt: skip
    assert found == sorted(found, key=lambda name: name.split("/"))
