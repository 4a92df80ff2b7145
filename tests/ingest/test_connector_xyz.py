import gzip
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.connectors.xyz import raster_of
from tests.ingest.asking import records
from twin.errors import SourceBroken, SourceRefused

ROWS, COLUMNS = 40, 30
HEIGHTS = np.round(500 + np.random.default_rng(0).uniform(0, 20, (ROWS, COLUMNS)), 2)


def lines(heights=HEIGHTS, west=691000.5, north=5336999.5, step=1.0, form="{:.2f} {:.2f} {:.2f}"):
    return [
        form.format(west + column * step, north - row * step, heights[row, column])
        for row in range(heights.shape[0])
        for column in range(heights.shape[1])
    ]


def text(rows, end="\n"):
    return (end.join(rows) + end).encode()


def check(raster, step=1.0):
    assert (raster.west, raster.north, raster.step) == (691000.5, 5336999.5, step)
    np.testing.assert_allclose(raster.heights, HEIGHTS, atol=1e-3)


@pytest.mark.parametrize(
    "form",
    [
        "{:.2f} {:.2f} {:.2f}",
        "{:.2f}\t{:.2f}\t{:.2f}",
        "{:.2f};{:.2f};{:.2f}",
        "{:.2f},{:.2f},{:.2f}",
        "{:.2f}, {:.2f}, {:.2f}",
        "  {:.2f}   {:.3f}  {:.5f} ",
        "{:.1f} {:.1f} {}",  # heights of several widths
        "{:.1f} {:.1f} {:.4e}",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whatever_separates_the_numbers(form, end):
    check(raster_of(io.BytesIO(text(lines(form=form), end)), "a.xyz"))


@pytest.mark.parametrize("separator", [";", " ", "\t"])
def test_decimal_commas(separator):
    rows = [line.replace(".", ",").replace(" ", separator) for line in lines()]
    check(raster_of(io.BytesIO(text(rows)), "a.xyz"))


@pytest.mark.parametrize("header", ["x y z", "Rechtswert;Hochwert;Hoehe", "\ufeffE,N,H", "\n\nE N H"])
def test_a_header_is_passed_over(header):
    separator = ";" if ";" in header else "," if "," in header else " "
    rows = [line.replace(" ", separator) for line in lines()]
    check(raster_of(io.BytesIO(text([header, *rows])), "a.xyz"))


def test_the_last_line_needs_no_end():
    check(raster_of(io.BytesIO("\n".join(lines()).encode()), "a.xyz"))


@given(seed=st.integers(0, 2**32 - 1), step=st.sampled_from([1.0, 2.0, 5.0, 10.0, 25.0, 0.5]))
@settings(max_examples=20, deadline=None)
def test_any_order_any_step(seed, step):
    rows = lines(step=step)
    np.random.default_rng(seed).shuffle(rows)
    check(raster_of(io.BytesIO(text(rows)), "a.xyz"), step)


def test_pieces_that_come_from_all_sides(monkeypatch):
    monkeypatch.setattr("ingest.connectors.triples._PIECE", 2000)
    whole = np.array(lines()).reshape(ROWS, COLUMNS)
    south_first = whole[::-1].ravel().tolist()
    check(raster_of(io.BytesIO(text(south_first)), "a.xyz"))
    by_column = whole.T[::-1].ravel().tolist()
    check(raster_of(io.BytesIO(text(by_column)), "a.xyz"))


def test_missing_cells_and_nodata_are_holes():
    rows = lines()
    rows[7] = rows[7].rpartition(" ")[0] + " -9999.00"
    del rows[40]
    raster = raster_of(io.BytesIO(text(rows)), "a.xyz")
    assert np.isnan(raster.heights[0, 7])
    assert np.isnan(raster.heights[1, 10])
    assert np.isnan(raster.heights).sum() == 2


def test_degrees_written_with_few_decimals_keep_their_step():
    n = 200
    rows = [f"{11 + j / 1200:.6f} {49 - i / 1200:.6f} {400 + i:.1f}" for i in range(n) for j in range(n)]
    raster = raster_of(io.BytesIO(text(rows)), "a.xyz")
    assert raster.heights.shape == (n, n)
    assert raster.step == pytest.approx(1 / 1200, rel=1e-5)


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ([*lines(), "691000.5 5337010.5"], SourceBroken, r"a\.xyz: somewhere after line .*three numbers"),
        ([*lines(), "691000.5 5337010.5 500 7"], SourceBroken, "three numbers"),
        ([*lines(), "Summe 1 2"], SourceBroken, "three numbers"),
        ([*lines(), "nan 5337000.5 500"], SourceBroken, "three numbers"),
        (["x", "y"], SourceBroken, "three numbers"),
        ([*lines(), "691000.87 5337000.5 500"], SourceBroken, "no regular grid.*gdal_grid"),
        ([*lines(), "1e300 5337000.5 500"], SourceRefused, "cells"),
        ([*lines(), "791000.5 6337000.5 500"], SourceRefused, "cells"),
        (["691000.5 5337000.5 500"], SourceBroken, "no regular grid"),
        (["1 1 500", "2 1 500", "400 400 500"], SourceBroken, "no regular grid"),
        (lines(HEIGHTS + 9000), SourceRefused, "outside"),
        (lines(np.full((4, 4), -9999.0)), SourceBroken, "no height at all"),
        ([], SourceBroken, "no points"),
        (["E N H"], SourceBroken, "no points"),
    ],
)
def test_what_is_no_height_model(rows, error, words):
    with pytest.raises(error, match=words):
        raster_of(io.BytesIO(text(rows)), "a.xyz")


def test_another_format_is_named_and_not_held_in_memory():
    with pytest.raises(SourceBroken, match="three numbers"):
        raster_of(io.BytesIO(b"\0" * 5_000_000), "a.xyz")


def test_packed_files_and_their_names(tmp_path):
    (tmp_path / "691_5336.xyz.gz").write_bytes(gzip.compress(text(lines())))
    with zipfile.ZipFile(tmp_path / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.pdf", b"%PDF")
        archive.writestr("deeper/b.txt", text(lines()))
        archive.writestr("a.XYZ", text(lines(step=2.0)))
    found = records("xyz", tmp_path, crs="EPSG:25832")
    assert [r.values["name"] for r in found] == ["691_5336", "a", "b"]
    assert [r.geometry.step for r in found] == [1.0, 2.0, 1.0]
    assert {r.crs for r in found} == {"EPSG:25832"}


def test_archives_that_lie(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xyz", text(lines(np.full((300, 300), 500.0))))  # 2.5 MB against a cap of 2
    with pytest.raises(SourceRefused, match="inflated"):
        records("xyz", path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceBroken, match="damaged zip"):
        records("xyz", path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../a.xyz", text(lines()))
    with pytest.raises(SourceRefused, match="leads out of the archive"):
        records("xyz", path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.pdf", b"")
    with pytest.raises(SourceBroken, match="holds 0 files"):
        records("xyz", path)


def test_the_zone_before_the_easting_is_taken_off_where_the_crs_has_none(tmp_path):
    path = tmp_path / "a.xyz"
    path.write_bytes(text(lines(west=32691000.5)))
    (record,) = records("xyz", path, crs="EPSG:25832+7837")
    assert record.geometry.west == 691000.5
    assert "zone" in record.notes[0]
    (record,) = records("xyz", path, crs="EPSG:4647")  # its eastings have the zone
    assert (record.geometry.west, record.notes) == (32691000.5, ())
