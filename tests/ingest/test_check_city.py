"""``twin check`` looks at ``city.toml``, too: what cannot be meant is told with its line and the remedy."""

import re
import shutil

import pytest

from ingest.check import check
from ingest.load import city_folders
from tests.ingest.faulty import RECIPE, town

CITY = """id = "town"
title = { de = "Stadt", en = "Town" }
area = [11.0, 48.0, 12.0, 49.0]
centre = [11.5, 48.5]
crs = "EPSG:25832"
contact = "geodaten@town.example"

[heights]
undulation_m = 45.66
"""


def told(folder, text=CITY):
    (folder / "city.toml").write_text(text, "utf-8")
    return list(check(str(folder), ready=True))


@pytest.fixture
def empty(tmp_path):
    (tmp_path / "town").mkdir()
    return tmp_path / "town"


def test_a_city_without_layers_has_a_line_of_its_own(empty):
    (verdict,) = told(empty)
    assert (verdict.ok, verdict.words) == (True, "town: city.toml is well written; 0 layers")


@pytest.mark.parametrize(
    ("sound", "wrong", "words"),
    [
        ("geodaten@town.example", "Max Mustermann", r", line 6: contact is no address; write an e-mail"),
        ("[11.5, 48.5]", "[48.5, 11.5]", r", line 4: centre lies outside the .*swap its numbers"),
        ("[11.5, 48.5]", "[11.5, 47.5]", r", line 4: centre lies outside the city's area; look at both"),
        ("[11.0, 48.0, 12.0, 49.0]", "[12.0, 48.0, 11.0, 49.0]", r", line 3: area is no area in degrees"),
        ("45.66", "4.566", r", line 9: heights\.undulation_m is 4\.566: in Germany the geoid lies"),
        ("45.66", "-45.66", r", line 9: heights\.undulation_m is -45\.66: .*look at sign and point"),
        ("EPSG:25832", "EPSG:99999", r", line 5: crs cannot be used: "),
        (
            "EPSG:25832",
            "31468",
            r", line 5: crs cannot be used: [^;]* can read; write for example EPSG:25832$",
        ),
        ("EPSG:25832", "EPSG:25832+7837", r", line 5: crs cannot be used: .*horizontal"),
        ('"town"', '"ingolstadt"', r", line 1: id 'ingolstadt' is another city's; write your own"),
    ],
)
def test_what_cannot_be_meant_is_told(empty, sound, wrong, words):
    assert sound in CITY
    (verdict,) = told(empty, CITY.replace(sound, wrong))
    assert not verdict.ok
    assert re.match(r"city\.toml" + words, verdict.words), verdict.words


@pytest.mark.parametrize(
    ("area", "centre", "undulation", "ok"),
    [
        ("[73.0, 4.0, 74.0, 5.0]", "[73.5, 4.2]", -95, True),  # the Maldives
        ("[73.0, 4.0, 74.0, 5.0]", "[73.5, 4.2]", -195, False),
    ],
)
def test_elsewhere_on_earth_other_heights_are_right(empty, area, centre, undulation, ok):
    text = CITY.replace("[11.0, 48.0, 12.0, 49.0]", area).replace("[11.5, 48.5]", centre)
    text = text.replace("45.66", str(undulation)).replace("25832", "32643")
    assert [verdict.ok for verdict in told(empty, text)] == [ok]


@pytest.mark.parametrize("page", ["https://town.example/imprint", "http://town.example/"])
def test_a_page_is_an_address_too(empty, page):
    assert [verdict.ok for verdict in told(empty, CITY.replace("geodaten@town.example", page))] == [True]


@pytest.mark.parametrize("grid", [True, False])
def test_without_a_stated_geoid_tiles_need_the_grid(tmp_path, monkeypatch, grid):
    file = town(tmp_path)
    monkeypatch.setattr("tiles.geodesy.find", lambda *_: tmp_path if grid else None)
    verdicts = told(file.parent, CITY.partition("[heights]")[0])
    (remark,) = (each for each in verdicts if "undulation_m" in each.words)
    assert (remark.ok, remark.remark) == (grid, grid)
    assert "heights.undulation_m is not stated" in remark.words
    assert any("2 features" in each.words for each in verdicts)


def test_a_single_recipe_is_not_told_of_its_city(tmp_path):
    file = town(tmp_path)
    (file.parent / "city.toml").write_text(CITY.replace("45.66", "4.566"), "utf-8")
    assert [verdict.ok for verdict in check(file, ready=True)] == [True]


def test_a_copied_city_is_told_what_is_still_the_other_one_s(tmp_path):
    folder = tmp_path / "my-town"
    shutil.copytree(city_folders()["ingolstadt"], folder)
    text = (folder / "city.toml").read_text("utf-8")
    text = text.replace("[11.29, 48.69, 11.54, 48.82]", "[12.05, 48.95, 12.20, 49.06]")
    (folder / "city.toml").write_text(text.replace("[11.4250, 48.7636]", "[12.10, 49.01]"), "utf-8")
    faults = [verdict.words for verdict in check(str(folder), ready=True) if not verdict.ok]
    assert any(re.match(r"city\.toml, line 2: id 'ingolstadt' is another city's", each) for each in faults)
    where = "lies outside the city's area; write that (12.05, 48.95, 12.2, 49.06)"
    for name in ("green-areas", "water", "roads", "autobahn", "transit-stops", "traffic-census"):
        (fault,) = (each for each in faults if each.startswith(f"{name}.toml"))
        assert re.match(rf"{name}\.toml, line \d+: source\.options\.b?box ", fault), fault
        assert fault.endswith(where)
    for name in ("buildings", "terrain"):
        (fault,) = (each for each in faults if each.startswith(f"{name}.toml"))
        assert re.match(rf"{name}\.toml, line \d+: source\.options\.tiles has no tile within", fault), fault


@pytest.mark.parametrize("box", ['"47,11,48.5,11.5,urn:ogc:def:crs:EPSG::4326"', "[5.8, 47.2, 15.1, 55.1]"])
def test_a_box_that_meets_the_city_is_right_whichever_way_round(tmp_path, box):
    from ingest.boxes import elsewhere
    from ingest.load import load_city, load_layer

    file = town(tmp_path, RECIPE.replace("measured = true", f"measured = true\nbbox = {box}"))
    city = load_city("ingolstadt").model_copy(update={"area": (11.0, 48.0, 12.0, 49.0)})
    assert list(elsewhere(city, load_layer(file, "town"))) == []
