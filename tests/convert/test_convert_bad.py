"""Bad input, a full disk, an interruption: a clear sentence, an exit code, and nothing half done."""

import errno
import gzip
import io
import json
import os
import re
import signal
import zipfile
from pathlib import Path

import pytest

from tests.convert.inputs_made import (
    EAST,
    NORTH,
    House,
    citygml,
    cityjson,
    footprints,
    killed,
    osm,
    road,
    row,
    sequence,
    terrain,
)

GOOD = citygml(row(3))
BOMB = "A" * 1000


def zipped(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_gml", ".gml"), data)
    return stream.getvalue()


def climbing(name="evil.gml"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"../../etc/{name}", GOOD)
    return stream.getvalue()


def swapped():
    houses = [House(h.name, h.north, h.east) for h in row(3)]
    return citygml(houses)


def atlantic(crs="EPSG:25832"):
    return citygml([House("B1", EAST - 2_500_000, NORTH)], crs=crs)


DOCTYPE = '<!DOCTYPE CityModel [<!ENTITY a "b"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
GEOJSON = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"height": 9}, "geometry": '
    '{"type": "Polygon", "coordinates": [[[11.5, 48], [11.5, 48.1], [11.6, 48.1], [11.5, 48]]]}}]}'
)
BAD = {
    "truncated.gml": (GOOD[:-300], "truncated.gml"),
    "cut-in-the-head.gml": (GOOD[:150], "cut-in-the-head.gml"),
    "doctype.gml": (citygml(row(1), head=DOCTYPE), "DOCTYPE"),
    "laughs.gml": (citygml(row(1), head='<!DOCTYPE a [<!ENTITY a "&b;&b;"><!ENTITY b "ha">]>'), "DOCTYPE"),
    "truncated.city.json": (cityjson(row(3))[:-40], "truncated.city.json"),
    "truncated.city.jsonl": (sequence(row(3))[:-40], "truncated.city.jsonl"),
    "empty.gml": ("", "empty"),
    "white.gml": ("  \n ", "white.gml"),
    "letter.txt": ("Dear Sir or Madam, ", "CityGML, CityJSON"),
    "page.xml": ("<!doctype html><html><body>404</body></html>", "page.xml is a web page, not data"),
    "page.tif": ("<!-- login --> <HTML><body>404</body></html>", "page.tif is a web page, not data"),
    "page.osm.gz": (gzip.compress(b"<html><body>404</body></html>"), "page.osm.gz is a web page, not data"),
    "other.xml": ("<rss><channel/></rss>", "other.xml"),
    "tracks.xml": (
        "<gpx><trk/></gpx>",
        "tracks.xml is GPX, which is not read; these can",
    ),
    "districts.kml.gz": (
        gzip.compress(b"<?xml version='1.0'?><kml/>"),
        "districts.kml.gz is KML",
    ),
    "house.ifc": ("ISO-10303-21;\nHEADER;", "house.ifc is IFC or another STEP file, which is not read"),
    "numbers.json": ("[1, 2, 3]", "numbers.json"),
    "nothing.geojson": ('{"type": "FeatureCollection", "features": []}', "nothing.geojson"),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(64), "CityGML, CityJSON"),
    "no-objects.gml": (citygml([]), "no-objects.gml"),
    "swapped.gml": (swapped(), "swapped they would fit"),
    "atlantic.gml": (atlantic(), "do not fit EPSG:25832: read so they lie at 44.3° N, 20.0° W"),
    "atlantic.city.json": (cityjson([House("B1", EAST - 2_500_000, NORTH)]), "do not fit EPSG:25832"),
    "nan.gml": (GOOD.replace("691", "NaN"), "form"),
    "huge.gml": (GOOD.replace("<gml:posList>691", "<gml:posList>1e300691"), ""),
    "far.gml": (GOOD.replace("5336", "1e300"), "form"),
    "no-crs.gml": (citygml(row(1), crs=None), "--crs EPSG:"),
    "odd-crs.gml": (citygml(row(1), crs="Lokales Netz 7"), "--crs EPSG:"),
    "cut.gml.gz": (gzip.compress(GOOD.encode())[:-200], "cut.gml.gz"),
    "no-gzip.gml.gz": (b"\x1f\x8bnot at all", "no-gzip.gml.gz"),
    "cut.zip": (zipped(a_gml=GOOD)[:-60], "cut.zip"),
    "climbs.zip": (climbing(), "climbs.zip"),
    "climbs.hgt.zip": (climbing("N48E011.hgt"), "leads out of the archive"),
    "climbs.xyz.zip": (climbing("a.xyz"), "leads out of the archive"),
    "nothing.zip": (zipped(readme="hello"), "nothing.zip"),
    "empty.zip": (zipped(), "empty.zip"),
    "mixed.zip": (zipped(a_gml=GOOD, **{"b.city.jsonl": sequence(row(1))}), "mixes"),
    "truncated.osm": (osm()[:-80], "truncated.osm"),
    "doctype.osm": (osm().replace("?>", "?>" + DOCTYPE, 1), "doctype.osm"),
    "truncated.geojson": ('{"type": "FeatureCollection", "features": [{"type": "Feat', "truncated.geojson"),
    "nan.geojson": (GEOJSON.replace("11.5", "NaN"), "its coordinates are not finite numbers"),
    "printed.geojson": (
        GEOJSON.replace("11.5", "-nan"),
        "printed.geojson: -nan in line 1 is no number of JSON",
    ),
    "huge.geojson": (GEOJSON.replace("11.5", "1e300"), "huge.geojson"),
    "swapped.geojson": (GEOJSON.replace("25832", "25833").replace("11.5", "691000"), "swapped.geojson"),
    "points.geojson": (GEOJSON.replace("Polygon", "Point"), "none of 1 objects has a form"),
    "cut.gpkg": (b"SQLite format 3\0" + bytes(200), "cut.gpkg"),
    "cut.parquet": (b"PAR1" + bytes(200), "cut.parquet"),
    "cut.tif": (b"II*\0" + bytes(20), "cut.tif"),
    "cut.las": (b"LASF" + bytes(20), "cut.las"),
    "cut.osm.pbf": (b"\0\0\0\x0d\x0a\x09OSMHeader\x18" + bytes(9), "cut.osm.pbf"),
}


@pytest.fixture
def bad(convert, tmp_path):
    def bad(name, data, *words, **more):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        ran = convert(path, *words, **more)
        assert ran.code == 1, ran.out
        assert ran.err.startswith("twin: ")
        assert ran.err.count("\n") == 1
        assert str(tmp_path) not in ran.out
        assert not ran.folder.exists()
        return ran.err

    return bad


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(bad, name):
    data, words = BAD[name]
    said = bad(name, data)
    assert words in said
    assert name in said


def test_an_archive_that_explodes(bad, monkeypatch):
    monkeypatch.setenv("TWIN_MAX_BODY_MB", "1")
    data = zipped(a_gml=GOOD.replace("</CityModel>", f"<!-- {BOMB * 3000} --></CityModel>"))
    assert len(data) < 10_000
    assert "1 MB" in bad("bomb.zip", data)
    assert "1 MB" in bad("bomb.gml.gz", gzip.compress(GOOD.encode() + BOMB.encode() * 3000))


def test_nothing_there(convert, tmp_path):
    ran = convert(tmp_path / "none.gml")
    assert (ran.code, "no such file" in ran.err) == (1, True)
    (tmp_path / "hollow").mkdir()
    ran = convert(tmp_path / "hollow")
    assert (ran.code, "hollow" in ran.err) == (1, True)


def test_a_report_never_overwrites_what_is_converted(twin, tmp_path):
    (tmp_path / "a.gml").write_text(GOOD)
    (tmp_path / "b").mkdir()
    other = tmp_path / "b" / ".." / "a.gml"
    ran = twin("convert", tmp_path / "a.gml", tmp_path / "out", "--report", other, "--undulation", 45)
    assert (ran.code, "would overwrite what is to be converted" in ran.err) == (1, True)
    assert (tmp_path / "a.gml").read_text() == GOOD
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", [GOOD, '{"type": "FeatureCollection"}', '{\n  "crs": {}}', "notes", "[]"])
def test_a_report_replaces_an_earlier_one_and_nothing_else(twin, tmp_path, text):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.gml").write_text(GOOD)
    report = tmp_path / "in" / "b.txt"
    report.write_text(text)
    words = ["convert", tmp_path / "in", tmp_path / "out", "--report", report, "--undulation", 45]
    ran = twin(*words)
    assert (ran.code, "is there and no report of an earlier run" in ran.err) == (1, True)
    assert report.read_text() == text
    assert not (tmp_path / "out").exists()
    for before in ("", None):  # an empty file; then the report of the run before
        if before is not None:
            report.write_text(before)
        assert twin(*words).code == 0
        assert json.loads(report.read_text())["bytes"] > 0


def test_a_report_that_cannot_be_written_is_told_before_the_work(twin, tmp_path, monkeypatch):
    from ingest.convert import work

    (tmp_path / "a.gml").write_text(GOOD)
    monkeypatch.setattr(work, "build", None)  # nothing is built
    ran = twin("convert", tmp_path / "a.gml", tmp_path / "out", "--report", "/dev/null/r.json")
    assert (ran.code, "name a file in a folder that exists" in ran.err) == (1, True)
    loop = tmp_path / "loop.json"
    loop.symlink_to(tmp_path / "none" / "r.json")
    ran = twin("convert", tmp_path / "a.gml", tmp_path / "out", "--report", loop)
    assert (ran.code, "cannot be written: No such file or directory; name another" in ran.err) == (1, True)
    fresh, kept = tmp_path / "fresh.json", tmp_path / "kept.json"
    before = '{\n  "crs": null,\n  "place": null\n}'
    kept.write_text(before)
    (tmp_path / "a.gml").write_text(GOOD[:-300])
    for report in (fresh, kept):
        assert twin("convert", tmp_path / "a.gml", tmp_path / "out", "--report", report).code == 1
    assert (fresh.exists(), kept.read_text()) == (False, before)


def test_a_pipe_is_refused_and_not_waited_for(convert, tmp_path):
    os.mkfifo(tmp_path / "a.gml")
    ran = convert(tmp_path / "a.gml")
    assert (ran.code, "a.gml is a pipe or a device; write its bytes to a file" in ran.err) == (1, True)


def test_a_folder_with_one_truncated_file(bad, convert, tmp_path):
    """A city is not half a city: the file is named, and nothing is written."""
    (tmp_path / "tiles").mkdir()
    (tmp_path / "tiles" / "a.gml").write_text(GOOD)
    (tmp_path / "tiles" / "b.gml").write_text(GOOD[:-300])
    ran = convert(tmp_path / "tiles")
    assert ran.code == 1
    assert "b.gml" in ran.err
    assert not ran.folder.exists()


def test_files_that_lie_far_apart_are_told_apart(convert, tmp_path):
    (tmp_path / "a.gml").write_text(GOOD)
    (tmp_path / "b.gml").write_text(atlantic())
    ran = convert(tmp_path / "a.gml", tmp_path / "b.gml")
    assert ran.code == 0
    assert len(ran.ids) == 3
    (left,) = ran.layer()["left_out"]
    assert left["id"] == "B1"
    assert "outside" in left["reason"]


def test_a_first_building_that_is_astray_does_not_set_the_frame(convert, tmp_path):
    astray = [House("A1", EAST - 2_500_000, NORTH), House("A2", 0.0, 0.0), House("A3", NORTH, EAST)]
    (tmp_path / "a.gml").write_text(citygml([*astray, *row(3)]))
    ran = convert(tmp_path / "a.gml")
    assert ran.code == 0, ran.err
    left = {entry["id"]: entry["reason"] for entry in ran.layer()["left_out"]}
    assert set(left) == {"A1", "A2", "A3"}
    assert len(ran.ids) == 3


@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_fills(convert, tmp_path, monkeypatch, workers):
    (tmp_path / "a.gml").write_text(GOOD)
    write = Path.write_bytes

    def full(self, data):
        if self.name.endswith((".glb", ".br")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    ran = convert(tmp_path / "a.gml", workers=workers)
    assert ran.code == 1
    assert "make room" in ran.err
    assert not ran.folder.exists()


def test_a_quota_is_told_as_a_full_disk_and_the_result_may_be_read_by_a_web_server(
    convert, tmp_path, monkeypatch
):
    (tmp_path / "a.gml").write_text(GOOD)
    ran = convert(tmp_path / "a.gml")
    assert (ran.code, ran.folder.stat().st_mode & 0o777) == (0, 0o755)
    write = Path.write_bytes

    def over(self, data):
        if self.suffix == ".br":
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", over)
    after = convert(tmp_path / "a.gml")
    assert (after.code, "make room" in after.err) == (1, True)
    assert after.ids == ran.ids


def test_an_earlier_result_survives_a_failure(convert, tmp_path):
    (tmp_path / "a.gml").write_text(GOOD)
    before = convert(tmp_path / "a.gml")
    (tmp_path / "a.gml").write_text(GOOD[:-300])
    after = convert(tmp_path / "a.gml")
    assert after.code == 1
    assert before.ids == after.ids


def test_an_earlier_result_survives_a_failure_of_the_last_step(convert, tmp_path, monkeypatch):
    (tmp_path / "a.gml").write_text(GOOD)
    before = convert(tmp_path / "a.gml")
    rename = Path.rename

    def refused(self, target):
        if self.name.startswith(".out-"):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    after = convert(tmp_path / "a.gml")
    assert (after.code, "name another folder" in after.err) == (1, True)
    assert before.ids == after.ids


@pytest.mark.parametrize("undulation", ["nan", "inf", 4570, -200])
def test_an_undulation_that_occurs_nowhere(convert, tmp_path, undulation):
    path = tmp_path / "a.gml"
    path.write_text(GOOD)
    ran = convert(path, f"--undulation={undulation}", undulation=None)
    assert (ran.code, "between -110 and 90 m" in ran.err) == (1, True), ran.err


def test_an_undulation_that_does_not_occur_there_is_told(convert, tmp_path):
    """A slip of the point puts a town 41 m under its ground; 45.66 is right, and nothing is said."""
    (tmp_path / "a.gml").write_text(GOOD)
    slipped = convert(tmp_path / "a.gml", undulation=4.566)
    assert "in Germany the geoid lies 33 to 52 m above the ellipsoid" in slipped.out + slipped.err
    right = convert(tmp_path / "a.gml", out="right")
    assert "above the ellipsoid" not in right.out + right.err


def test_room_for_the_work_itself(convert, tmp_path, monkeypatch):
    """TMPDIR is where a big city's features wait."""
    import pyarrow as pa

    class Full:
        def __init__(self, *_, **__):
            pass

        def write_batch(self, *_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def close(self):
            pass

    monkeypatch.setattr(pa.ipc, "new_file", Full)
    (tmp_path / "a.gml").write_text(GOOD)
    ran = convert(tmp_path / "a.gml")
    assert ran.code == 1
    assert "TMPDIR" in ran.err
    assert not ran.folder.exists()


@pytest.mark.parametrize("kind", [KeyboardInterrupt, MemoryError, signal.SIGTERM])
def test_an_interruption_leaves_nothing(twin, tmp_path, monkeypatch, kind):
    from ingest.convert import work

    def stop(*_, **__):
        if kind is signal.SIGTERM:
            signal.raise_signal(kind)
        raise kind

    monkeypatch.setattr(work, "build", stop)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    (tmp_path / "a.gml").write_text(GOOD)
    words = ("convert", tmp_path / "a.gml", tmp_path / "out", "--undulation", 45, "--workers", 1)
    if kind is MemoryError:
        with pytest.raises(MemoryError):
            twin(*words)
    else:
        assert twin(*words).code != 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.gml", "tmp"]
    assert list(temporary.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_worker_that_is_killed(convert, tmp_path, monkeypatch):
    from ingest import gather

    monkeypatch.setattr(gather, "prepare", killed)
    monkeypatch.setattr("tiles.work._AHEAD", 1)
    (tmp_path / "a.gml").write_text(GOOD)
    ran = convert(tmp_path / "a.gml", workers=2)
    assert ran.code == 1
    assert "memory" in ran.err


def test_a_part_that_fails_in_a_worker_is_told_as_in_this_process(bad):
    (one, two) = (bad("cut.gml", GOOD[:-300], workers=workers) for workers in (1, 2))
    assert one == two


def test_terrain_in_another_place_than_the_model(convert, tmp_path):
    (tmp_path / "a.gml").write_text(citygml([House("B1", EAST + 5000, NORTH)], extra=road()))
    ran = convert(tmp_path / "a.gml", terrain(tmp_path / "dgm.tif"))
    assert ran.code == 0, ran.err
    assert json.loads((ran.folder / "tileset.json").read_bytes())["root"]["children"]


def test_footprints_without_a_crs(bad, tmp_path):
    import geopandas

    path = footprints(tmp_path)[2]
    frame = geopandas.read_parquet(path)
    frame.set_crs(None, allow_override=True).to_parquet(path)
    assert "--crs" in bad("plan.parquet", path.read_bytes())


@pytest.mark.filterwarnings("error")
def test_a_height_that_no_float_holds(bad):
    lines = [f"{EAST + i % 5} {NORTH + i // 5} {1e300 if i == 7 else 515}" for i in range(25)]
    assert "no heights" in bad("a.xyz", "\n".join(lines), "--crs", "EPSG:25832+7837")


def test_where_it_lies_is_told_and_swapped_degrees_are_pointed_out(convert, tmp_path):
    right, wrong = tmp_path / "right.geojson", tmp_path / "wrong.geojson"
    right.write_text(GEOJSON)
    wrong.write_text(re.sub(r"\[(1[\d.]+), (48[\d.]*)\]", r"[\2, \1]", GEOJSON))
    told = convert(right, out="r")
    assert re.search(r"^It lies at 48\.\d° N, 11\.\d° E \(EPSG:25832\+7837\)$", told.out, re.M)
    assert told.report["place"] == pytest.approx([11.55, 48.05], abs=0.06)
    assert not any("swapped" in remark for remark in told.report["remarks"])
    told = convert(wrong, out="w")
    assert told.code == 0
    assert any(
        "with latitude and longitude swapped it would lie in Germany" in r for r in told.report["remarks"]
    )
