"""The made-up quarter: the same bytes for the same question, readable by who reads the real files."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
import pytest
import rasterio

from ingest.demo import write

NOW = datetime(2026, 11, 21, 14, 7, tzinfo=UTC)
COUNT = 120


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write(folder, buildings=COUNT, now=NOW)
    return folder


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def _json(path: Path) -> dict:
    return orjson.loads(path.read_bytes())


def test_the_same_question_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    write(tmp_path, buildings=COUNT, now=NOW)

    assert _digests(tmp_path) == _digests(demo)


def test_a_naive_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        write(tmp_path, buildings=1, now=datetime(2026, 11, 21))


def test_every_file_says_that_it_is_made_up(demo: Path) -> None:
    for path in demo.rglob("*"):
        if path.is_file() and not path.name.startswith("rad_"):  # the counts' format has no place for it
            assert b"made-up data / erfundene Daten" in path.read_bytes(), path.name


def test_terrain_is_four_square_kilometres_of_cell_middles(demo: Path) -> None:
    for name in ("690_5334", "691_5334", "690_5335", "691_5335"):
        east, north = (int(part) * 1000 for part in name.split("_"))
        with rasterio.open(demo / "terrain" / f"{name}.tif") as file:
            assert file.crs.to_epsg() == 25832
            assert file.nodata == -9999
            assert file.compression.name == "lzw"
            assert file.tags()["AREA_OR_POINT"] == "Area"
            assert file.bounds == (east, north, east + 1000, north + 1000)
            heights = file.read(1)
        assert heights.dtype == np.float32
        assert 500 < heights.min() < heights.max() < 535


def test_terrain_fits_together_at_the_seams(demo: Path) -> None:
    with (
        rasterio.open(demo / "terrain" / "690_5334.tif") as west,
        rasterio.open(demo / "terrain" / "691_5334.tif") as east,
    ):
        step = np.abs(west.read(1)[:, -1] - east.read(1)[:, 0])

    assert step.max() < 0.3


def test_a_bed_lies_under_the_river(demo: Path) -> None:
    from ingest.demo.place import river_x
    from ingest.demo.relief import heights

    y = np.linspace(-900, 900, 50)
    middle = river_x(y)

    assert np.all(heights(middle - 70, y) - heights(middle, y) > 2.5)


def test_districts_are_in_metres_and_one_has_two_pieces(demo: Path) -> None:
    districts = _json(demo / "districts.geojson")

    assert districts["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::25832"
    numbers = Counter(feature["properties"]["sb_nummer"] for feature in districts["features"])
    assert numbers == {"01": 1, "02": 1, "03": 1, "04": 1, "05": 2}
    east, north = districts["features"][0]["geometry"]["coordinates"][0][0]
    assert 690_000 < east < 692_000
    assert 5_334_000 < north < 5_336_000


@pytest.mark.parametrize("name", ["districts.geojson", "water.geojson"])
def test_areas_are_simple_and_do_not_overlap(demo: Path, name: str) -> None:
    import shapely

    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in _json(demo / name)["features"]]

    assert all(shape.is_valid for shape in shapes)
    together = shapely.union_all(shapes).area
    assert together == pytest.approx(sum(shape.area for shape in shapes), rel=1e-6)


def test_streets_have_names_widths_and_lie_in_munich(demo: Path) -> None:
    features = _json(demo / "streets.geojson")["features"]

    assert len({feature["properties"]["id"] for feature in features}) == len(features) > 100
    for feature in features:
        assert feature["properties"]["name"]
        assert 3 <= feature["properties"]["breite_m"] <= 40
        assert all(11.5 < lon < 11.6 and 48.1 < lat < 48.2 for lon, lat in feature["geometry"]["coordinates"])


def _sites(folder: Path, now: datetime) -> list[dict]:
    from ingest.demo import plan, sites
    from ingest.demo.place import CORE

    sites.write_sites(folder / "sites.json", plan.draw(CORE).streets, now)
    return _json(folder / "sites.json")["features"]


def _day(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=UTC).date()


@pytest.mark.parametrize("days", [0, 1, 17, 45, 200])
def test_sites_are_over_running_and_coming_on_any_day(tmp_path: Path, days: int) -> None:
    now = NOW + timedelta(days=days)
    works = [f["properties"] for f in _sites(tmp_path, now) if f["properties"]["art"] == "Baumaßnahme"]

    phases = Counter(
        "coming"
        if _day(row["beginn_datum_kombiniert"]) > now.date()
        else "done"
        if _day(row["ende_datum_kombiniert"]) < now.date()
        else "running"
        for row in works
    )
    assert 30 <= len(works) <= 50
    assert phases["coming"] >= 4
    assert phases["running"] >= 8
    assert phases["done"] >= 2


def test_a_site_stays_what_it_is_from_one_day_to_the_next(tmp_path: Path) -> None:
    def rows(now: datetime) -> set[bytes]:
        return {
            orjson.dumps([feature["geometry"], feature["properties"]])
            for feature in _sites(tmp_path, now)
            if feature["properties"]["art"] == "Baumaßnahme"
        }

    today, tomorrow = rows(NOW), rows(NOW + timedelta(days=1))

    assert len(today & tomorrow) >= len(today) - 6


def test_sites_hold_what_the_gate_must_find(demo: Path) -> None:
    import shapely

    features = _json(demo / "construction-sites.json")["features"]
    rows = [feature["properties"] for feature in features]

    assert [f["id"] for f in features] == [f"baustellen_opendata.{n}" for n in range(1, len(features) + 1)]
    assert sum(row["art"] == "Vorübergehendes Haltverbot" for row in rows) >= 5
    assert any(row["kontakt_oeffentlich"] for row in rows)
    assert any("@example.org" in row["beschreibung"] for row in rows)
    assert any("Frau Erika Mustermann" in row["beschreibung"] for row in rows)
    assert any(row["fachliche_id"] for row in rows)
    assert any(row["fachliche_id"] is None for row in rows)
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    assert any(not shape.is_valid for shape in shapes)
    assert len({shape.wkb for shape in shapes}) < len(shapes)
