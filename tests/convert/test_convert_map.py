"""An OpenStreetMap file: beside its buildings its streets, tracks, waters and greens, on the terrain."""

import numpy as np
import pyproj
import pytest

from ingest.osm.shown import LINES
from ingest.osm.widths import usual_width
from tests.convert.inputs_made import EAST, GROUND, NORTH, terrain
from tests.convert.test_convert_inputs import to_ecef, write
from tests.convert.test_convert_overlays import collection, line, rows_of

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


def town(path, order=sorted, lost=(), things=THINGS):
    nodes, ways, places = [], [], {}
    back = pyproj.Transformer.from_crs(25832, 4326, always_xy=True)
    for number, (tags, course, (east, north)) in things.items():
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
    assert {name: line["width_source"] for name, line in lines.items()} == {
        "way/102": "measured", "way/103": "assumed", "way/104": None
    }  # fmt: skip
    assert {name: area["kind"] for name, area in areas.items()} == {
        "way/105": "leisure=park", "way/106": "natural=water"
    }  # fmt: skip
    assert areas["way/105"]["name"] == "Anger"
    assert set(drawn(ran, "lines")) == {("line", 4), ("water", 1)}
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


STREETS = {
    "highway": ("residential", "service", "motorway", "footway", "residential", "residential", "residential"),
    "more": ({}, {}, {}, {}, {"oneway": "yes"}, {"lanes": "4"}, {"lanes": "3", "width": "9.9"}),
    "width": (5.5, 3.5, 12.0, 2.5, 3.5, 11.0, 9.9),
    "source": ("assumed", "assumed", "assumed", "assumed", "assumed", "derived", "measured"),
}
BY_KIND = "a width that the map does not state: drawn as usual for its kind"
BY_LANES = "a width that the map does not state: drawn by the number of lanes"


def test_a_street_without_a_width_is_as_wide_as_usual_and_says_so(convert, tmp_path):
    things = {
        number: ({"highway": kind, **more}, ((0, 0), (100, 0)), (0, 20 * number))
        for number, (kind, more) in enumerate(zip(STREETS["highway"], STREETS["more"], strict=True), 1)
    }
    ran = convert(town(tmp_path / "a.osm", things=things), "--encoding", "plain")
    assert ran.code == 0, ran.err
    rows = ran.rows()
    assert [rows[f"way/{number}"]["width_m"] for number in things] == pytest.approx(STREETS["width"])
    assert [rows[f"way/{number}"]["width_source"] for number in things] == list(STREETS["source"])
    assert ran.layer("lines")["repaired"] == {BY_KIND: 5, BY_LANES: 1}
    assert ran.layer("lines")["repaired_ids"][BY_LANES] == ["way/6"]
    (tile,) = [tile for tile in ran.tiles() if not tile.children]
    (ribbons,) = tile.content.primitives
    a, b, c = ribbons.triangles.transpose(1, 0, 2)
    sides = np.cross(b - a, c - a)
    assert np.linalg.norm(sides, axis=1).sum() / 2 == pytest.approx(100 * sum(STREETS["width"]), rel=2e-3)


def test_a_street_of_a_table_is_as_wide_as_one_of_a_map(convert, tmp_path):
    two = line("two", (0, 0), (90, 0), highway="residential")
    other = line("other", (0, 20), (90, 20), kind="residential")
    ran = convert(collection(tmp_path / "streets.geojson", two, other))
    rows = ran.rows()
    assert (rows["two"]["width_m"], rows["two"]["width_source"]) == (5.5, "assumed")
    assert rows["other"].get("width_m") is None
    assert ran.layer("lines")["repaired"] == {BY_KIND: 1}


def test_every_kind_of_street_that_is_drawn_has_a_usual_width():
    for kind in LINES["highway"]:
        usual, source = usual_width(f"highway={kind}", {"highway": kind})
        assert 1 < usual <= 12
        assert source == "assumed"
        one_way, _ = usual_width(f"highway={kind}", {"highway": kind, "oneway": "yes"})
        assert 1 < one_way <= usual
        for lanes in ("2;3", "none", "0", "1e3"):
            assert usual_width(f"highway={kind}", {"highway": kind, "lanes": lanes}) == (usual, "assumed")
    assert usual_width("highway=residential", {"lanes": "1"}) == (3.0, "derived")
    assert usual_width("waterway=river", {}) is None


def test_a_large_map_in_no_order_is_refused_with_the_command_that_sorts_it(convert, tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.osm.reading.SORTED_HERE", {"osm": 100})
    ran = convert(town(tmp_path / "a.osm", lambda lines: lines[::-1]))
    assert ran.code == 1
    assert "a.osm is in no order and too large" in ran.err
    assert "osmium sort a.osm -o a-sorted.osm.pbf" in " ".join(ran.err.split())
    assert convert(town(tmp_path / "b.osm"), out="b").code == 0


def test_a_map_without_buildings_is_converted(convert, tmp_path):
    path = town(tmp_path / "a.osm")
    path.write_text(path.read_text("utf-8").replace('"building"', '"boundary"'), "utf-8")
    ran = convert(path, terrain(tmp_path / "dgm.tif"))
    assert ran.code == 0, ran.err
    assert {"lines", "areas", "terrain"} == set(ran.report["layers"])
