import bz2
import gzip

import numpy as np
import osmium
import pytest

from tests.ingest.asking import records
from tests.ingest.shells import check, plan, volume
from twin.errors import RecipeError, SourceBroken, SourceRefused
from twin.record import Face

LON, LAT = 11.5, 49.9
STEP = (1 / 71_800, 1 / 111_230)
"""Degrees in a metre, near enough."""
ASSUMED = "a building without height or storeys: 6 m assumed"
STOREYS = "a height taken from storeys, at 3 m each"


class Town:
    """Writes an OSM file; positions in metres from a corner."""

    def __init__(self):
        self.nodes, self.others, self.ids = [], [], iter(range(1, 10_000))

    def node(self, x, y, **tags):
        number = next(self.ids)
        who = 'version="3" changeset="99" uid="77" user="Erika Mustermann" timestamp="2014-01-01T00:00:00Z"'
        place = f'lon="{LON + x * STEP[0]:.7f}" lat="{LAT + y * STEP[1]:.7f}"'
        self.nodes.append(f'<node id="{number}" {who} {place}>{self._tags(tags)}</node>')
        return number

    def way(self, refs, **tags):
        number = next(self.ids)
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        self.others.append(
            f'<way id="{number}" user="Erika Mustermann" uid="77">{inside}{self._tags(tags)}</way>'
        )
        return number

    def box(self, x, y, width, depth, **tags):
        corners = ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))
        refs = [self.node(*corner) for corner in corners]
        return self.way([*refs, refs[0]], **tags)

    def relation(self, members, **tags):
        number = next(self.ids)
        inside = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
        self.others.append(
            f'<relation id="{number}">{inside}{self._tags({"type": "multipolygon"} | tags)}</relation>'
        )
        return number

    def _tags(self, tags):
        return "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())

    def xml(self):
        ways = [o for o in self.others if o.startswith("<way")]
        relations = [o for o in self.others if o.startswith("<relation")]
        inside = "".join(self.nodes + ways + relations)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">{inside}</osm>'.encode()

    def read(self, folder, **more):
        path = folder / "town.osm"
        path.write_bytes(self.xml())
        return records("osm", path, **more)


def areas(record):
    return plan(record.geometry, Face.GROUND)[1]


def packed(folder, town):
    (folder / "a.osm").write_bytes(town.xml())
    with osmium.SimpleWriter(str(folder / "a.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(folder / "a.osm")):
            writer.add(thing)
    (folder / "a.osm.gz").write_bytes(gzip.compress(town.xml()))
    (folder / "a.osm.bz2").write_bytes(bz2.compress(town.xml()))
    (folder / "download").write_bytes((folder / "a.osm.pbf").read_bytes())


@pytest.mark.parametrize("name", ["a.osm", "a.osm.pbf", "a.osm.gz", "a.osm.bz2", "download"])
def test_buildings_from_every_format(tmp_path, name):
    town = Town()
    town.box(0, 0, 12, 8, building="house", building__levels="2", roof__shape="gabled", roof__levels="1")
    town.box(30, 0, 10, 10, building="church", height="39'", name="St. Georg", addr__street="Am Berg")
    town.box(60, 0, 10, 10, building="yes", name="Praxis Erika Mustermann", operator="Erika Mustermann")
    town.box(90, 0, 10, 10, building="no")
    town.box(120, 0, 10, 10, highway="pedestrian", area="yes")
    packed(tmp_path, town)
    house, church, plain = records("osm", tmp_path / name)
    assert {r.crs for r in (house, church, plain)} == {"EPSG:25832"}
    for record in (house, church, plain):
        check(record.geometry)
    assert areas(house) == pytest.approx(96, rel=0.01)
    assert house.geometry.points[:, 2].max() == pytest.approx(9)
    assert (house.values["function"], house.values["roof_type"], house.values["lod"]) == (
        "house",
        "gabled",
        2,
    )
    assert (house.values["storeys"], house.values["measured_height"]) == ("2", None)
    assert STOREYS in house.notes
    assert church.values["measured_height"] == pytest.approx(11.8872)
    assert church.values["name"] == "St. Georg"
    assert plain.values["name"] is None
    assert plain.values["function"] is None
    assert plain.values["height_assumed"]
    assert ASSUMED in plain.notes
    assert church.place == f"{name}, way {church.values['gml_id'].removeprefix('way/')}"


def test_nothing_of_mappers_addresses_or_people_is_kept(tmp_path):
    town = Town()
    tags = {
        "addr__street": "Am Berg",
        "operator": "Mustermann",
        "contact__phone": "09",
        "email": "e@x",
        "note": "Erika",
    }
    town.box(
        0,
        0,
        9,
        9,
        building="house",
        name="Villa Erika",
        owner="Mustermann",
        height="7",
        building__colour="red",
        **tags,
    )
    [record] = town.read(tmp_path, options={"attributes": "all"})
    assert record.values["generic"] == {"building": "house", "height": "7", "building:colour": "red"}
    told = repr((record.place, record.values, record.notes))
    assert not any(word in told for word in ("Erika", "Mustermann", "Am Berg", "77", "99"))


def test_multipolygons_have_holes_of_many_ways_and_islands(tmp_path):
    town = Town()
    a, b, c, d = (town.node(*p) for p in ((0, 0), (40, 0), (40, 40), (0, 40)))
    first, second = town.way([a, b, c]), town.way([a, d, c])
    yard, island = town.box(10, 10, 20, 20), town.box(60, 0, 10, 10)
    inner = town.box(15, 15, 5, 5, building="shed", height="3")
    town.relation(
        [(second, "outer"), (first, "outer"), (yard, "inner"), (island, "outer")], building="yes", height="9"
    )
    shed, block = town.read(tmp_path)
    assert shed.values["gml_id"] == f"way/{inner}"
    check(block.geometry)
    assert areas(block) == pytest.approx(1600 - 400 + 100, rel=0.01)
    assert volume(block.geometry) == pytest.approx(9 * areas(block), rel=1e-6)
    assert block.values["measured_height"] == 9


def test_relations_with_missing_members_keep_what_is_whole(tmp_path):
    town = Town()
    whole = town.box(0, 0, 10, 10)
    town.relation([(whole, "outer"), (9999, "inner")], building="yes", height="9")
    a, b, c = (town.node(*p) for p in ((50, 0), (60, 0), (60, 10)))
    town.relation([(town.way([a, b, c]), "outer"), (9998, "outer")], building="yes", height="9")
    refs = [town.node(80, 0), town.node(90, 0), 9997, town.node(80, 10)]
    cut = town.way([*refs, refs[0]], building="yes")
    point = town.node(0, 90, building="yes")
    torn, kept, lost, lone = town.read(tmp_path)
    assert torn.values["gml_id"] == f"way/{cut}"
    assert torn.notes == ("its geometry cannot be read: corners of its outline are not in the file",)
    assert "a relation with missing members: what is whole was used" in kept.notes
    assert areas(kept) == pytest.approx(100, rel=0.01)
    assert lost.notes == ("its geometry cannot be read: its outline is incomplete in the file",)
    assert lone.values["gml_id"] == f"node/{point}"
    assert lone.notes == ("its geometry cannot be read: it is only a point",)
    assert [r.geometry is None for r in (torn, kept, lost, lone)] == [True, False, True, True]


def test_old_multipolygons_borrow_the_tags_of_their_outer_way_and_none_is_drawn_twice(tmp_path):
    town = Town()
    old, yard = town.box(0, 0, 20, 20, building="yes", height="9"), town.box(5, 5, 10, 10)
    town.relation([(old, "outer"), (yard, "inner")])
    both, court = town.box(50, 0, 20, 20, building="yes", height="8"), town.box(55, 5, 10, 10)
    town.relation([(both, "outer"), (court, "inner")], building="yes")
    wood = town.box(100, 0, 50, 50)
    town.relation([(wood, "outer")], landuse="forest")
    first, second = town.read(tmp_path)
    assert [areas(r) for r in (first, second)] == [pytest.approx(300, rel=0.01)] * 2
    assert [r.values["measured_height"] for r in (first, second)] == [9, 8]
    assert "an outline tagged like the relation it bounds was taken once" in second.notes
    assert "an outline tagged like the relation it bounds was taken once" not in first.notes


REST = "what the parts leave of an outline was drawn at the building's own height"


def test_parts_replace_the_outline_of_the_building_that_holds_them(tmp_path):
    town = Town()
    hall = town.box(0, 0, 30, 20, building="church", height="40")
    town.box(0, 0, 20, 20, building__part="yes", height="12", roof__shape="gabled", roof__height="4")
    town.box(20, 0, 10, 20, building__part="yes", height="40", roof__shape="pyramidal", roof__height="10")
    town.box(60, 0, 10, 10, building="house", height="7")
    alone = town.box(90, 0, 10, 10, building__part="yes", building__levels="2")
    church, house, orphan = town.read(tmp_path)
    assert church.values["gml_id"] == f"way/{hall}"
    assert church.values["measured_height"] == 40
    assert church.values["part_heights"] == [12, 40]
    check(church.geometry)
    expected = 400 * (8 + 2) + 200 * (30 + 10 / 3)
    assert volume(church.geometry) == pytest.approx(expected, rel=0.01)
    assert REST not in church.notes
    assert house.values["part_heights"] == []
    assert orphan.values["gml_id"] == f"way/{alone}"
    assert "a building part without a building stands alone" in orphan.notes


def test_parts_that_leave_much_or_hang_do_not_make_a_building_vanish(tmp_path):
    town = Town()
    town.box(0, 0, 30, 20, building="yes", height="9")
    town.box(0, 0, 10, 20, building__part="yes", height="30", min_height="0")
    town.box(60, 0, 10, 10, building="yes", building__levels="3")
    town.box(60, 0, 10, 10, building__part="roof", height="12", min_height="9")
    gate = town.box(90, 0, 10, 10, building="yes", height="9", building__min_level="1")
    half, roofed, hanging = town.read(tmp_path)
    check(half.geometry)
    check(roofed.geometry)
    assert volume(half.geometry) == pytest.approx(200 * 30 + 400 * 9, rel=0.01)
    assert REST in half.notes
    assert volume(roofed.geometry) == pytest.approx(100 * 3 + 100 * 9, rel=0.01)
    assert roofed.geometry.points[:, 2].max() == 12
    assert hanging.values["gml_id"] == f"way/{gate}"
    assert hanging.geometry.points[:, 2].min() == 3


def test_negative_ids_of_editors(tmp_path):
    town = Town()
    town.ids = iter(range(-1, -1000, -1))
    outer, yard = town.box(0, 0, 20, 20), town.box(5, 5, 10, 10)
    town.relation([(outer, "outer"), (yard, "inner")], building="yes", height="9")
    town.box(50, 0, 10, 10, building="yes", height="9")
    single, holed = town.read(tmp_path)
    assert [areas(r) for r in (single, holed)] == [pytest.approx(a, rel=0.01) for a in (100, 300)]


def test_text_that_is_none_spoils_no_file(tmp_path):
    town = Town()
    town.box(0, 0, 10, 10, building="QQQQ", height="9")
    town.box(20, 0, 10, 10, building="yes", height="9")
    town.box(40, 0, 10, 10, building__part="QQQQ", height="9")
    outer = town.box(60, 0, 10, 10)
    town.relation([(outer, "outer")], building="yes", source="QQQQ")
    (tmp_path / "a.osm").write_bytes(town.xml())
    path = tmp_path / "a.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(path), "pbf,pbf_compression=none")) as writer:
        for thing in osmium.FileProcessor(str(tmp_path / "a.osm")):
            writer.add(thing)
    path.write_bytes(path.read_bytes().replace(b"QQQQ", b"a\xe9\xffb"))
    found = records("osm", path)
    assert [areas(record) for record in found] == [pytest.approx(100, rel=0.01)] * 4
    assert [record.values["measured_height"] for record in found] == [None, 9, None, None]


def test_the_crs_follows_the_place_or_the_recipe(tmp_path):
    town = Town()
    town.box(0, 0, 10, 10, building="yes", height="9")
    [record] = town.read(tmp_path, options={"crs": "EPSG:25833", "base": 340})
    assert record.crs == "EPSG:25833"
    assert np.unique(record.geometry.points[:, 2]).tolist() == [340, 349]
    assert town.read(tmp_path, options={"classes": ["Road"]}) == []
    with pytest.raises(RecipeError, match="did you mean 'base'"):
        town.read(tmp_path, options={"bsae": 3})


XML = b'<?xml version="1.0"?><osm version="0.6">'


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", SourceBroken),
        (b"PAR1" + b"\0" * 99, SourceBroken),
        (b"<html><body>Not found</body></html>", SourceBroken),
        (b'{"type": "FeatureCollection", "features": []}', SourceBroken),
        (XML + b'<way id="1"><nd ref="1"/>', SourceBroken),
        (XML + b'<way id="x"></way></osm>', SourceBroken),
        (XML + b'<node id="1" lon="abc" lat="1"/><way id="1"><tag k="building" v="a"/></osm>', SourceBroken),
        (b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "b">]><osm version="0.6"></osm>', SourceRefused),
        (b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x7c" + b"\0" * 60, SourceBroken),
        (bz2.compress(XML + b"</osm>")[:-4], SourceBroken),
        (gzip.compress(XML + b" " * 90_000 + b"</osm>")[:-20], SourceBroken),
        (bz2.compress(XML + b" " * 9_000_000 + b"</osm>"), SourceRefused),
    ],
)
@pytest.mark.parametrize("name", ["a.osm", "a.osm.pbf"])
def test_what_is_no_osm_file(tmp_path, name, data, error):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error) as caught:
        records("osm", path)
    assert name in str(caught.value)


def test_a_town_without_buildings(tmp_path):
    assert Town().read(tmp_path) == []


def test_corners_that_are_nowhere_on_earth_are_not_taken_for_places(tmp_path):
    town = Town()
    refs = [town.node(x, y) for x, y in ((0, 0), (9, 0), (9, 9))]
    town.nodes.append('<node id="5000" lon="200.0" lat="48.0"/>')
    town.way([*refs, 5000, refs[0]], building="yes")
    [record] = town.read(tmp_path)
    assert record.geometry is None
    town.nodes[-1] = town.nodes[-1].replace("200.0", "1e99")  # which osmium takes for 0
    [record] = town.read(tmp_path)
    assert record.notes == ("its geometry cannot be read: its outline is larger than any building",)
