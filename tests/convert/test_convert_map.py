"""An OpenStreetMap file: beside its buildings its streets, tracks, waters and greens, on the terrain."""

import numpy as np
import pyproj
import pytest

from tests.convert.inputs_made import EAST, GROUND, NORTH, terrain
from tests.convert.test_convert_inputs import to_ecef, write
from tests.convert.test_convert_overlays import rows_of

SQUARE = ((0, 0), (30, 0), (30, 30), (0, 30), (0, 0))
THINGS = {
    101: ({"building": "yes", "height": "9"}, SQUARE, (0, 0)),
    102: ({"highway": "residential", "name": "Lindenweg", "width": "6.5"}, ((0, 0), (90, 0)), (0, 40)),
    103: ({"railway": "tram"}, ((0, 0), (90, 0)), (0, 50)),
    104: ({"waterway": "stream"}, ((0, 0), (90, 0)), (0, 60)),
    105: ({"leisure": "park", "name": "Anger"}, SQUARE, (0, 70)),
    106: ({"natural": "water"}, SQUARE, (40, 70)),
    107: ({"highway": "service", "service": "driveway"}, ((0, 0), (90, 0)), (0, 110)),
    108: ({"highway": "path", "access": "private"}, ((0, 0), (90, 0)), (0, 120)),
    109: ({"railway": "subway", "tunnel": "yes"}, ((0, 0), (90, 0)), (0, 130)),
    110: ({"landuse": "residential"}, SQUARE, (80, 70)),
    111: ({"leisure": "park", "access": "private"}, SQUARE, (120, 70)),
}
"""Way → tags, its course in metres, and where that begins."""


def town(path, order=sorted, lost=()):
    nodes, ways, places = [], [], {}
    back = pyproj.Transformer.from_crs(25832, 4326, always_xy=True)
    for number, (tags, course, (east, north)) in THINGS.items():
        refs = []
        for x, y in course:
            at = (east + x, north + y)
            if at not in places:
                places[at] = len(places) + 1
                lon, lat = back.transform(EAST + at[0], NORTH + at[1])
                if number not in lost:
                    nodes.append(f'<node id="{places[at]}" lon="{lon:.7f}" lat="{lat:.7f}" user="Erika"/>')
            refs.append(f'<nd ref="{places[at]}"/>')
        said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        ways.append(f'<way id="{number}" user="Erika">{"".join(refs)}{said}</way>')
    inside = "".join(order([*nodes, *ways]))
    return write(path, f'<?xml version="1.0"?><osm version="0.6">{inside}</osm>')


def drawn(ran, name):
    """Material → numbers of primitives and points in EPSG:4978 of the leaves."""
    found = {}
    for tile in ran.tiles(f"{name}.json"):
        for primitive in tile.content.primitives if not tile.children else ():
            found.setdefault((primitive.material, primitive.mode), []).append(tile.ecef(primitive.positions))
    return {key: np.concatenate(parts) for key, parts in found.items()}


@pytest.mark.parametrize("order", [sorted, lambda lines: lines[::-1]], ids=["in order", "ways first"])
def test_streets_waters_and_greens_lie_on_the_terrain_beside_the_buildings(convert, tmp_path, order):
    ran = convert(town(tmp_path / "a.osm", order), terrain(tmp_path / "dgm.tif"))
    assert ran.code == 0, ran.err
    assert list(rows_of(ran, "buildings")) == ["way/101"]
    lines, areas = rows_of(ran, "lines"), rows_of(ran, "areas")
    assert {name: line["kind"] for name, line in lines.items()} == {
        "way/102": "highway=residential", "way/103": "railway=tram", "way/104": "waterway=stream"
    }  # fmt: skip
    assert (lines["way/102"]["name"], lines["way/102"]["width_m"]) == ("Lindenweg", 6.5)
    assert {name: area["kind"] for name, area in areas.items()} == {
        "way/105": "leisure=park", "way/106": "natural=water"
    }  # fmt: skip
    assert areas["way/105"]["name"] == "Anger"
    assert set(drawn(ran, "lines")) == {("line", 4), ("line", 1), ("water", 1)}
    assert set(drawn(ran, "areas")) == {("green", 4), ("water", 4), ("line", 1)}
    low, high = (to_ecef([(EAST + 45, NORTH + 60, GROUND - 1 + lift)] * 2)[0] for lift in (0, 1))
    up = (high - low) / np.linalg.norm(high - low)
    for name in ("lines", "areas"):
        for points in drawn(ran, name).values():
            heights = (points - low) @ up  # the terrain falls by 1 cm in 2 m
            assert heights.min() > 0.3 - 1.2
            assert heights.max() < 0.6
    assert "Erika" not in str(ran.report)


def test_what_is_not_whole_is_named_and_no_more_than_that(convert, tmp_path):
    ran = convert(town(tmp_path / "a.osm", lost=(103, 106)))
    assert ran.code == 0, ran.err
    (line,) = ran.layer("lines")["left_out"]
    (area,) = ran.layer("areas")["left_out"]
    assert (line["id"], area["id"]) == ("way/103", "way/106")
    assert "its course or outline is not whole in the file" in line["reason"]


def test_tags_come_with_all_attributes_and_no_mapper(convert, tmp_path):
    ran = convert(town(tmp_path / "a.osm"), "--attributes", "all")
    street = rows_of(ran, "lines")["way/102"]
    assert street["width"] == "6.5"
    assert "Erika" not in str(rows_of(ran, "lines"))


def test_a_map_without_buildings_is_converted(convert, tmp_path):
    path = town(tmp_path / "a.osm")
    path.write_text(path.read_text("utf-8").replace('"building"', '"boundary"'), "utf-8")
    ran = convert(path, terrain(tmp_path / "dgm.tif"))
    assert ran.code == 0, ran.err
    assert {"lines", "areas", "terrain"} == set(ran.report["layers"])
