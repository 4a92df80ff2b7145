"""Roads, paths and areas of OpenStreetMap: which, where, and what their tags say."""

import gzip
from pathlib import Path

import osmium
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ingest.connectors.wkb import point
from ingest.fields import FUNCTIONS, Context
from ingest.fields.roads import CYCLING, cycling
from tests.ingest.asking import records
from twin.errors import RecipeError, SourceBroken, SourceRefused

NODES = "".join(
    f'<node id="{n}" lat="{48 + n % 10 / 1000}" lon="{11 + n // 10 / 1000}" user="Erika" uid="4711"/>'
    for n in range(1, 60)
)


def way(number: int, nodes: list[int], **tags: str) -> str:
    refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
    said = "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())
    return f'<way id="{number}" user="Erika" uid="4711" changeset="815">{refs}{said}</way>'


def extract(folder: Path, *things: str, name: str = "a.osm", generator: str = "CGImap") -> Path:
    text = f'<?xml version="1.0"?>\n<osm version="0.6" generator="{generator}">{NODES}{"".join(things)}</osm>'
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def roads(path: Path, **options: object) -> dict[str, dict[str, object]]:
    found = records("osm", path, options={"things": "roads"} | options)
    assert "Erika" not in str(found)
    assert "4711" not in str(found)
    return {r.values["id"]: dict(r.values) for r in found}


def areas(path: Path, *tags: str, **options: object) -> dict[str, object]:
    found = records("osm", path, options={"things": "areas", "tags": list(tags)} | options)
    assert "Erika" not in str(found)
    return {r.values["id"]: r.geometry and shapely.from_wkb(r.geometry) for r in found}


def test_ways_to_move_along_and_no_others(tmp_path):
    kinds = ("residential", "cycleway", "steps", "proposed", "construction", "platform", "street_lamp", "no")
    path = extract(tmp_path, *(way(n, [n, n + 1], highway=kind) for n, kind in enumerate(kinds, 1)))
    assert list(roads(path)) == ["way/1", "way/2", "way/3"]


@pytest.mark.parametrize(
    "tag", [{"service": "driveway"}, {"access": "private"}, {"access": "no"}, {"area": "yes"}]
)
def test_what_tells_of_households_and_what_is_an_area_is_left_out(tmp_path, tag):
    path = extract(tmp_path, way(1, [1, 2], highway="service", **tag), way(2, [1, 2], highway="service"))
    assert list(roads(path)) == ["way/2"]


def test_only_the_tags_of_a_closed_list_are_read(tmp_path):
    path = extract(tmp_path, way(1, [1, 2], highway="path", name="Weg", note="bei Erika klingeln", phone="1"))
    (found,) = roads(path).values()
    assert found["name"] == "Weg"
    assert not {"note", "phone", "user"} & found.keys()


@pytest.mark.parametrize("name", ["a.osm", "a.osm.gz", "a.osm.pbf"])
def test_all_formats_say_the_same(tmp_path, name):
    path = extract(tmp_path, way(1, [1, 2, 3], highway="path"), way(2, [4, 5, 16, 4], leisure="park"))
    if name.endswith("pbf"):
        with osmium.SimpleWriter(str(tmp_path / name)) as sink:
            for thing in osmium.FileProcessor(str(path)):
                sink.add(thing)
    elif name.endswith("gz"):
        (tmp_path / name).write_bytes(gzip.compress(path.read_bytes()))
    assert list(roads(tmp_path / name)) == ["way/1"]
    assert areas(tmp_path / name, "leisure=park")["way/2"].area == pytest.approx(5e-7)


def test_a_way_with_places_that_are_not_there_is_drawn_as_far_as_it_goes(tmp_path):
    path = extract(
        tmp_path,
        way(1, [1, 2, 900, 3, 4], highway="path"),
        way(2, [1, 2, 900, 3], highway="path"),
        way(3, [900, 901], highway="path"),
        way(4, [1, 1], highway="path"),
    )
    found = records("osm", path, options={"things": "roads"})
    kinds = [r.geometry and shapely.from_wkb(r.geometry).geom_type for r in found]
    assert kinds == ["MultiLineString", "LineString", None, None]
    assert all(r.notes == ("places of a way are not in the file: what is there was drawn",) for r in found)


def test_a_box_keeps_what_touches_it(tmp_path):
    path = extract(tmp_path, way(1, [1, 2], highway="path"), way(2, [51, 52], highway="path"))
    assert list(roads(path, box=[11.0049, 48.0, 11.1, 48.1])) == ["way/2"]
    assert list(roads(path, box=[10.9, 47.9, 12, 49])) == ["way/1", "way/2"]


def test_the_cycle_network_is_what_there_is_for_bicycles(tmp_path):
    path = extract(
        tmp_path,
        way(1, [1, 2], highway="residential"),
        way(2, [1, 2], highway="residential", cycleway__left="lane"),
        way(3, [1, 2], highway="footway"),
        way(4, [1, 2], highway="footway", bicycle="yes"),
        way(5, [1, 2], highway="motorway"),
        way(6, [1, 2], highway="tertiary", bicycle_road="yes"),
    )
    assert list(roads(path, only="cycling")) == ["way/2", "way/4", "way/6"]


RELATION = (
    '<relation id="{}" user="Erika" uid="4711"><member type="way" ref="{}" role="outer"/>'
    '<member type="way" ref="{}" role="{}"/><tag k="type" v="multipolygon"/><tag k="{}" v="{}"/></relation>'
)


def test_areas_are_closed_ways_and_multipolygons(tmp_path):
    path = extract(
        tmp_path,
        way(1, [1, 5, 55, 51, 1]),
        way(2, [12, 14, 44, 12]),
        way(3, [1, 2], natural="water"),
        way(4, [1, 2, 12, 1], natural="wood"),
        RELATION.format(9, 1, 2, "inner", "natural", "water"),
        RELATION.format(10, 1, 777, "outer", "landuse", "basin"),
    )
    found = areas(path, "natural=water", "landuse")
    assert list(found) == ["relation/9", "relation/10"]
    assert len(shapely.get_parts(found["relation/9"])[0].interiors) == 1
    assert found["relation/10"] is None


def test_the_outline_of_an_area_that_is_not_whole_is_told(tmp_path):
    path = extract(tmp_path, way(1, [1, 2, 900, 1], landuse="grass"))
    (found,) = records("osm", path, options={"things": "areas", "tags": ["landuse"]})
    assert found.geometry is None
    assert "not whole" in found.notes[0]


def test_areas_in_a_box_and_what_is_not_whole_there(tmp_path):
    path = extract(
        tmp_path,
        way(1, [1, 2, 12, 1], landuse="grass"),
        way(2, [1, 2, 900, 1], landuse="grass"),
        way(3, [51, 52, 42, 51], landuse="grass"),
        way(4, [51, 52, 900, 51], landuse="grass"),
        RELATION.format(9, 1, 777, "outer", "landuse", "forest"),
    )
    assert list(areas(path, "landuse=grass", "landuse", box=[11.003, 48.0, 11.1, 48.1])) == [
        "way/3",
        "way/4",
        "relation/9",
    ]


@pytest.mark.parametrize("access", ["private", "no"])
def test_private_ponds_are_nobodys_business(tmp_path, access):
    path = extract(tmp_path, way(1, [1, 2, 12, 1], natural="water", access=access))
    assert areas(path, "natural=water") == {}


def test_a_file_in_no_order_is_laid_in_order(tmp_path):
    ways = [way(n, [1, 2, 12, 1], leisure="park") for n in (5, 3, 4)]
    assert sorted(areas(extract(tmp_path, *ways), "leisure=park")) == ["way/3", "way/4", "way/5"]


def test_an_answer_of_overpass_with_a_remark_is_an_error(tmp_path):
    things = (way(1, [1, 2], highway="path"), "<remark> runtime error: Query timed out </remark>")
    for name in ("a.osm", "a.osm.gz"):
        path = extract(tmp_path, *things, name=name, generator="Overpass API 0.7.62")
        with pytest.raises(SourceBroken, match="error inside"):
            roads(path)
    fine = extract(tmp_path, *things[:1], generator="Overpass API 0.7.62")
    assert len(roads(fine)) == 1


def test_a_doctype_is_refused(tmp_path):
    path = extract(tmp_path, way(1, [1, 2], highway="path"))
    path.write_bytes(path.read_bytes().replace(b"\n<osm", b"\n<!DOCTYPE x [<!ENTITY a 'b'>]><osm"))
    with pytest.raises(SourceRefused, match="DOCTYPE"):
        roads(path)


@pytest.mark.parametrize("things", ["roads", "areas"])
def test_a_damaged_file_is_told(tmp_path, things):
    path = extract(tmp_path, way(1, [1, 2, 12, 1], highway="path", leisure="park"))
    path.write_bytes(path.read_bytes()[:-40])
    options = {"things": things} | ({"tags": ["leisure"]} if things == "areas" else {})
    with pytest.raises(SourceBroken, match="damaged"):
        records("osm", path, options=options)


@pytest.mark.parametrize(
    "options",
    [{"things": "trees"}, {"things": "areas"}, {"things": "areas", "tags": []},
     {"things": "roads", "tags": ["a"]},
     {"things": "roads", "only": "cars"}, {"things": "roads", "box": [1, 2]}, {"things": "areas", "lod": 1}],
)  # fmt: skip
def test_options_of_osm_are_a_closed_list(tmp_path, options):
    path = extract(tmp_path, way(1, [1, 2], highway="path"))
    with pytest.raises(RecipeError, match="option"):
        records("osm", path, options=options)


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "cycleway"}, "track"),
        ({"highway": "cycleway", "foot": "yes"}, "shared"),
        ({"highway": "cycleway", "foot": "designated", "segregated": "yes"}, "track"),
        ({"highway": "path", "bicycle": "designated", "foot": "designated"}, "shared"),
        ({"highway": "path", "bicycle": "designated", "segregated": "yes"}, "track"),
        ({"highway": "path"}, "unknown"),
        ({"highway": "footway", "bicycle": "no"}, "forbidden"),
        ({"highway": "pedestrian", "bicycle": "permissive"}, "shared"),
        ({"highway": "residential", "bicycle_road": "yes", "bicycle": "designated"}, "street"),
        ({"highway": "residential", "cyclestreet": "yes"}, "street"),
        ({"highway": "primary", "cycleway:both": "track", "bicycle": "use_sidepath"}, "track"),
        ({"highway": "primary", "bicycle": "use_sidepath", "cycleway": "separate"}, "forbidden"),
        ({"highway": "primary", "cycleway:right": "lane", "cycleway:left": "no"}, "lane"),
        ({"highway": "primary", "cycleway:left": "share_busway"}, "lane"),
        ({"highway": "primary", "cycleway": "no"}, "road"),
        ({"highway": "primary", "motorroad": "yes"}, "forbidden"),
        ({"highway": "motorway_link"}, "forbidden"),
        ({"highway": "track", "bicycle": "yes"}, "road"),
        ({"highway": "track"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_cycling_by_tags(tags, kind):
    assert cycling(tags) == kind
    assert FUNCTIONS["osm_cycling"]([tags.get(name) for name in CYCLING], Context()) == kind


@pytest.mark.parametrize(
    ("words", "kmh"),
    [(["50"], 50), (["30 mph"], 48), (["walk"], 7), (["DE:urban"], 50), (["de:urban"], 50),
     (["DE:rural"], 100),
     (["DE:zone:30"], 30), (["DE:zone30"], 30), (["DE:30"], 30), (["none"], None), (["signals"], None),
     (["30;50"], None), (["50 km/h"], 50), ([None, "DE:zone:20"], 20), (["", "DE:living_street"], 7),
     (["none", "DE:urban"], None), (["0"], None), (["900"], None), (["DE:motorway"], None), ([None], None),
     (["²0"], None)],
)  # fmt: skip
def test_speed_limits_as_mappers_write_them(words, kmh):
    assert FUNCTIONS["osm_speed"](words, Context()) == kmh


@pytest.mark.parametrize(
    ("words", "oneway"),
    [(["yes", None, "primary"], True), (["-1", None, "primary"], True), (["no", "roundabout", "x"], False),
     ([None, "roundabout", "x"], True), ([None, None, "motorway"], True), ([None, None, "path"], False),
     (["reversible", None, "x"], None)],
)  # fmt: skip
def test_one_way_or_both(words, oneway):
    assert FUNCTIONS["osm_oneway"](words, Context()) is oneway


@pytest.mark.parametrize(
    ("word", "metres"),
    [("3.5", 3.5), ("3,5 m", 3.5), ("10'", 3.05), ("0", None), ("breit", None), ("250", None), (None, None)],
)  # fmt: skip
def test_widths_as_people_write_them(word, metres):
    assert FUNCTIONS["metres"]([word], Context()) == metres


@given(st.text(max_size=40), st.sampled_from(["osm_speed", "osm_lanes", "metres"]))
def test_no_word_breaks_a_function(word, name):
    value = FUNCTIONS[name]([word], Context(geometry=point(11, 48)))
    assert value is None or 0 < value <= 200


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=len(CYCLING), max_size=len(CYCLING)))
def test_every_way_is_cycled_somehow(words):
    choices = {"track", "lane", "street", "shared", "road", "forbidden", "unknown"}
    assert FUNCTIONS["osm_cycling"](words, Context()) in choices
