"""What is repaired or replaced is counted in the report, with the ids of whom it is about."""

import json
import re

import pytest

from tests.convert.inputs_made import citygml, cityjson, member, row, sequence

IMPOSSIBLE = "an impossible height (none, below the ground, or above 10 km) was ignored"


def write(path, text):
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("written", ["0", "-3.5", "1e9"])
@pytest.mark.parametrize("name", ["a.gml", "a.city.json", "a.city.jsonl"])
def test_a_height_that_cannot_be_is_derived_and_both_are_told(convert, tmp_path, name, written):
    make = {"a.gml": citygml, "a.city.json": cityjson, "a.city.jsonl": sequence}[name]
    mark = r'(?<=adv:uom:m">)\d+' if name == "a.gml" else r'(?<="measuredHeight": )\d+'
    text, times = re.subn(mark, written, make(row(3)), count=2)
    assert times == 2
    ran = convert(write(tmp_path / name, text))
    assert ran.code == 0, ran.err
    assert ran.layer()["repaired"][IMPOSSIBLE] == 2
    assert ran.layer()["repaired_ids"][IMPOSSIBLE] == ["DEBY_LOD2_0", "DEBY_LOD2_1"]
    for number, house in enumerate(row(3)):
        told = ran.rows()[house.name]
        assert told["height_m"] == pytest.approx(house.height, abs=0.01)
        assert told["height_source"] == ("measured" if number == 2 else "derived")


def test_a_repair_names_its_buildings_on_any_number_of_workers(convert, tmp_path):
    houses = row(40)
    wrong = {house.name for house in houses[::5]}
    inside = "".join(member(house).replace(*looking_in(house)) for house in houses if house.name in wrong)
    path = write(tmp_path / "a.gml", citygml([h for h in houses if h.name not in wrong], extra=inside))
    ran = convert(path)
    assert ran.layer()["repaired"] == {"face turned outwards": len(wrong)}
    assert ran.layer()["repaired_ids"] == {"face turned outwards": sorted(wrong)}
    again = convert(path, workers=2)
    assert again.report == ran.report


def looking_in(house):
    """The posList of its roof, and the same from the last point to the first."""
    ring = [*house.faces[1][1], house.faces[1][1][0]]
    one, two = (" ".join(f"{v:.3f}" for corner in r for v in corner) for r in (ring, ring[::-1]))
    return one, two


def test_a_repair_of_all_names_twenty(convert, tmp_path):
    houses = row(30)
    ran = convert(
        write(tmp_path / "a.city.json", re.sub(r'("measuredHeight": )\d+', r"\1-1", cityjson(houses)))
    )
    assert ran.layer()["repaired"][IMPOSSIBLE] == 30
    assert ran.layer()["repaired_ids"][IMPOSSIBLE] == sorted(house.name for house in houses)[:20]


@pytest.mark.parametrize("make", [cityjson, sequence])
def test_the_level_drawn_is_told_where_there_is_but_one(convert, tmp_path, make):
    name = "a.city.jsonl" if make is sequence else "a.city.json"
    assert convert(write(tmp_path / name, make(row(3)))).layer()["levels_of_detail"] == {"2": 3}


def test_the_name_of_a_cityjson_building_is_an_attribute_without_whom_it_names(convert, tmp_path):
    model = json.loads(cityjson(row(2)))
    names = ("Rathaus", "Auskunft: Frau Dr. Erfunden")
    for thing, words in zip(model["CityObjects"].values(), names, strict=True):
        thing["attributes"]["name"] = words
    ran = convert(write(tmp_path / "a.city.json", json.dumps(model)), "--attributes", "all")
    assert [ran.rows()[house.name]["name"] for house in row(2)] == ["Rathaus", "Auskunft: […]"]
