import gzip
import hashlib
import re
from collections import Counter

import numpy as np
import pytest

from ingest.connectors import connector
from tests.ingest.asking import quick, records, source
from tests.ingest.gml import FLOOR, ROOF, WALL, building, model, multi, part, polygon, solid, surface
from tests.replay import HTML, Answer, Replay
from twin.errors import RecipeError, SourceBroken, SourceRefused
from twin.record import Face

URN = "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016"


@pytest.fixture
def read(tmp_path):
    def read(*members, options=None, crs=None, **more):
        path = tmp_path / "a.gml"
        path.write_text(model(*members, **more))
        return records("citygml", path, options=options or {}, crs=crs)

    return read


def faces(record):
    return [Face(face) for face in record.geometry.faces]


def generic(name, value):
    return f'<gen:stringAttribute name="{name}"><gen:value>{value}</gen:value></gen:stringAttribute>'


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_values_are_the_buildings_and_never_its_address(read, version):
    (record,) = read(
        building(
            "<creationDate>2022-09-01</creationDate>",
            "<externalReference><externalObject><name>DEBYv</name></externalObject></externalReference>",
            generic("Gemeindeschluessel", "09162000"),
            generic("Eigner", "Erika"),
            "<bldg:function>31001_1121</bldg:function><bldg:yearOfConstruction>1911</bldg:yearOfConstruction>",
            "<bldg:roofType>3100</bldg:roofType>",
            '<bldg:measuredHeight uom="urn:adv:uom:m">21.499</bldg:measuredHeight>',
            "<bldg:storeysAboveGround>3</bldg:storeysAboveGround>",
            surface("RoofSurface", polygon(ROOF)),
            "<bldg:address><Address><x>Arcisstraße 21</x></Address></bldg:address>",
        ),
        version=version,
    )
    assert record.values == {
        "class": "Building",
        "gml_id": "B1",
        "name": None,
        "measured_height": 21.499,
        "part_heights": [],
        "roof_type": "3100",
        "function": "31001_1121",
        "storeys": "3",
        "year_built": "1911",
        "creation_date": "2022-09-01",
        "municipality_key": "09162000",
        "lod": 2,
        "generic": {},
    }
    assert re.fullmatch(r"a\.gml, object at byte \d+", record.place)
    assert record.notes == ()


def test_faces_with_their_kind_points_and_offsets(read):
    (record,) = read(
        building(
            surface("WallSurface", polygon(WALL)),
            surface("RoofSurface", polygon(ROOF, None, "2 2 9 3 2 9 3 3 9 2 2 9")),
            surface("GroundSurface", polygon(FLOOR)),
        )
    )
    shape = record.geometry
    assert faces(record) == [Face.WALL, Face.ROOF, Face.GROUND]
    assert shape.polygons.tolist() == [0, 1, 3, 4]
    assert shape.rings.tolist() == [0, 4, 8, 11, 15]
    assert shape.points.shape == (15, 3)
    assert shape.points[8:11].tolist() == [[2, 2, 9], [3, 2, 9], [3, 3, 9]]
    assert (shape.points.dtype, shape.rings.dtype, shape.faces.dtype) == (np.float64, np.int32, np.uint8)


def test_a_solid_that_refers_to_its_surfaces_draws_them_once(read):
    (record,) = read(
        building(
            solid("#w", "#r", "#f"),
            surface("WallSurface", polygon(WALL, "w")),
            surface("RoofSurface", polygon(ROOF, "r")),
            surface("GroundSurface", polygon(FLOOR, "f")),
        )
    )
    assert faces(record) == [Face.WALL, Face.ROOF, Face.GROUND]
    assert record.notes == ()


def test_surfaces_that_refer_to_the_solid_give_its_faces_their_kind(read):
    (record,) = read(
        building(
            solid(polygon(WALL, "w"), polygon(ROOF, "r"), polygon(FLOOR)),
            surface("WallSurface", "#w"),
            surface("RoofSurface", "#r"),
        )
    )
    assert faces(record) == [Face.WALL, Face.ROOF, Face.OTHER]


def test_a_solid_that_repeats_its_surfaces_adds_nothing(read):
    (record,) = read(
        building(solid(polygon(WALL, "1"), polygon(FLOOR, "2")), surface("WallSurface", polygon(WALL, "3")))
    )
    assert sorted(faces(record)) == [Face.WALL, Face.OTHER]


def test_a_link_that_leads_nowhere_or_out_of_the_file_is_noted(read):
    links = (
        solid("#w", "#nowhere", "#1", "#2").replace('"#1', '"b.gml#w').replace('"#2', '"http://a.example/c')
    )
    (record,) = read(building(links, surface("WallSurface", polygon(WALL, "w"))))
    assert faces(record) == [Face.WALL]
    assert Counter(record.notes) == {
        "a face that the file refers to but does not have, or too far off, was left out": 1,
        "a face in another file was left out": 2,
    }


def test_parts_belong_to_their_building(read):
    low = part(
        "<bldg:roofType>1000</bldg:roofType><bldg:measuredHeight>4.5</bldg:measuredHeight>",
        surface("ClosureSurface", polygon(WALL, "shared")),
        solid("#shared", "#r1"),
        surface("RoofSurface", polygon(ROOF, "r1")),
    )
    high = part(
        "<bldg:roofType>1000</bldg:roofType><bldg:measuredHeight>12.25</bldg:measuredHeight>",
        solid("#shared"),
        surface("GroundSurface", polygon(FLOOR)),
    )
    (record,) = read(building(low, high))
    assert record.values["measured_height"] is None
    assert record.values["part_heights"] == [4.5, 12.25]
    assert record.values["roof_type"] == "1000"
    assert sorted(faces(record)) == [Face.GROUND, Face.ROOF, Face.CLOSURE]
    assert record.notes == ()
    (record,) = read(building(low, high.replace("1000", "3100")))
    assert record.values["roof_type"] is None


def test_doors_and_windows_are_of_their_wall(read):
    window = f"<bldg:opening><bldg:Window>{multi(polygon(FLOOR), lod=3)}</bldg:Window></bldg:opening>"
    wall = surface("WallSurface", polygon(WALL), lod=3).replace(
        "</bldg:WallSurface>", f"{window}</bldg:WallSurface>"
    )
    (record,) = read(building(wall))
    assert faces(record) == [Face.WALL, Face.WALL]
    assert record.values["lod"] == 3


def test_the_best_level_of_detail_or_the_one_wanted(read):
    both = building(
        solid(polygon(FLOOR), lod=1),
        surface("RoofSurface", polygon(ROOF)),
        surface("WallSurface", polygon(WALL), lod=3),
    )
    assert read(both)[0].values["lod"] == 2
    (coarse,) = read(both, options={"lod": 1})
    assert (coarse.values["lod"], faces(coarse)) == (1, [Face.OTHER])
    (none,) = read(both, options={"lod": 4})
    assert (none.values["lod"], none.geometry) == (None, None)
    with pytest.raises(RecipeError, match="lod"):
        read(both, options={"lod": "best"})


@pytest.mark.parametrize(
    ("model_crs", "own", "stated", "expected"),
    [
        (URN, "", None, URN),
        (URN, ' srsName="EPSG:25833"', "EPSG:31468", "EPSG:25833"),
        (None, "", "EPSG:21781", "EPSG:21781"),
        (None, "", None, None),
        ("Local 7", "", "EPSG:21781", "EPSG:21781"),
        ("Local 7", "", None, "Local 7"),
        ("CH1903", "", "EPSG:2056", "CH1903"),
    ],
)
def test_the_nearest_crs_holds_and_the_stated_one_where_none_is_known(
    tmp_path, model_crs, own, stated, expected
):
    path = tmp_path / "a.gml"
    roof = surface("RoofSurface", polygon(ROOF), extra=own)
    path.write_text(model(building(roof), building(roof, name="B2"), crs=model_crs))
    assert [record.crs for record in records("citygml", path, crs=stated)] == [expected, expected]


@pytest.mark.parametrize(
    ("numbers", "points", "note"),
    [
        ("0 0 9 8 0 9 8 8 9", 3, "a ring that does not end where it began was closed"),
        ("0 0 9 8 0 9 8 8 9 0.0 0e0 9.000", 3, None),
        ("0,0,9 8,0,9 8,8,9 0,0,9", 3, None),
        ("+0 0. 9 8 0 9 8 8 9 0 0 9", 3, None),
        ("0 0 9 8 0 9 0 0 9", None, "a face with fewer than three corners was left out"),
        ("", None, "a face with fewer than three corners was left out"),
        ("0 0 8 0 8 8 0 0", None, "a face without heights was left out"),
        ("0 0 9 8 0 nan 8 8 9 0 0 9", None, "a face with unreadable coordinates was left out"),
        ("0 0 9 8 0 1e999 8 8 9 0 0 9", None, "a face with unreadable coordinates was left out"),
        ("0 0 9 8 0 1e300 8 8 9 0 0 9", None, "a face with unreadable coordinates was left out"),
        ("0 0 9 8 0 -1e9 8 8 9 0 0 9", None, "a face with unreadable coordinates was left out"),
        ("0 0 9 8 0 null 8 8 9 0 0 9", None, "a face with unreadable coordinates was left out"),
        ("0 0 9 8 0 [1] 8 8 9 0 0 9", None, "a face with unreadable coordinates was left out"),
    ],
)
def test_rings_as_they_are_written(read, numbers, points, note):
    (record,) = read(
        building(surface("RoofSurface", polygon(numbers)), surface("WallSurface", polygon(WALL)))
    )
    assert faces(record)[-1] == Face.WALL
    assert len(record.geometry.points) == 4 + (points or 0)
    assert record.notes == ((note,) if note else ())
    assert np.isfinite(record.geometry.points).all()


def test_rings_of_single_positions_and_holes_that_are_none(read):
    single = (
        "<gml:Polygon><gml:exterior><gml:LinearRing>{}</gml:LinearRing></gml:exterior></gml:Polygon>".format(
            "".join(f"<gml:pos>{p}</gml:pos>" for p in ("0 0 9", "8 0 9", "8 8 9", "0 0 9"))
        )
    )
    (record,) = read(building(surface("RoofSurface", single, polygon(ROOF, None, "1 1 9 2 2 9 1 1 9"))))
    assert record.geometry.rings.tolist() == [0, 3, 7]
    assert record.notes == ("a hole with fewer than three corners was closed",)


def test_buildings_without_a_usable_face_still_count(read):
    found = read(
        building("<bldg:roofType>1000</bldg:roofType>"),
        building(surface("RoofSurface", polygon("0 0 1"))),
        "<cityObjectMember><bldg:Bridge/></cityObjectMember>",
        building(surface("RoofSurface", polygon(ROOF))),
        building(surface("RoofSurface", polygon(ROOF))),
    )
    assert [r.geometry is None for r in found] == [True, True, False, False]
    assert [r.values["gml_id"] for r in found] == ["B1"] * 4  # a repeated id is for the next step to judge
    assert len({record.place for record in found}) == 4


@pytest.mark.parametrize(
    ("height", "expected", "notes"),
    [
        ('<bldg:measuredHeight uom="m"> 7.5 </bldg:measuredHeight>', 7.5, 0),
        ('<bldg:measuredHeight uom="ft">30</bldg:measuredHeight>', None, 1),
        ("<bldg:measuredHeight>hoch</bldg:measuredHeight>", None, 1),
        ("<bldg:measuredHeight/>", None, 0),
    ],
)
def test_heights_in_metres_only(read, height, expected, notes):
    (record,) = read(building(height))
    assert record.values["measured_height"] == expected
    assert len(record.notes) == notes


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE CityModel>",
        '<!DOCTYPE CityModel SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE c [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;">]>',
        f"<!-- {'x' * 8000} --><!DOCTYPE CityModel []>",
    ],
)
def test_documents_with_their_own_entities_are_refused(read, head):
    with pytest.raises(SourceRefused, match=r"a\.gml has a DOCTYPE"):
        read(building(surface("RoofSurface", polygon(ROOF))), head=head)


def test_a_file_that_is_cut_off_is_noticed_before_anything_is_read(tmp_path):
    whole = model(*[building(surface("RoofSurface", polygon(ROOF)), name=f"B{n}") for n in range(900)])
    for name, body in (
        ("a.gml", whole[: len(whole) // 2].encode()),
        ("a.gml.gz", gzip.compress(whole[: len(whole) // 2].encode())),
        ("b.gml", whole[:-4].encode()),
    ):
        (tmp_path / name).write_bytes(body)
        taken = []
        with quick() as fetch, pytest.raises(SourceBroken, match=rf"{name}: cut off"):
            taken.extend(connector("citygml")(source("citygml", tmp_path / name), fetch))
        assert taken == []


def test_other_objects_first_appearances_between_and_groups_around(read):
    roof = building(surface("RoofSurface", polygon(ROOF)), name="B2")
    bridge = "<cityObjectMember><bldg:Bridge/></cityObjectMember>"
    look = "<appearanceMember><x>1</x></appearanceMember>"
    inside = roof.replace("cityObjectMember", "grp:groupMember")
    group = f"<cityObjectMember><grp:CityObjectGroup>{inside}</grp:CityObjectGroup></cityObjectMember>"
    found = read(bridge, look, building(surface("RoofSurface", polygon(ROOF))), look, group, crs=None)
    assert [(r.values["gml_id"], r.crs) for r in found] == [("B1", "EPSG:25832"), ("B2", "EPSG:25832")]


def test_one_object_that_would_fill_the_memory_is_refused(read, monkeypatch):
    monkeypatch.setattr("ingest.connectors.citygml_cut.LARGEST", 300_000)
    monkeypatch.setattr("ingest.connectors.citygml_cut._CHUNK", 1000)
    monkeypatch.setattr("ingest.connectors.citygml_cut._BEHIND", 1000)
    monkeypatch.setattr("ingest.connectors.citygml_cut.PIECE", 50_000)
    many = [building(surface("RoofSurface", polygon(ROOF)))] * 2000
    assert len(read(*many)) == 2000
    with pytest.raises(SourceRefused, match="one object of more than"):
        read(building(*[surface("RoofSurface", polygon(ROOF))] * 2000))


@pytest.mark.parametrize(
    "body", [b"", b"not XML", HTML.replace(b"<!DOCTYPE html>", b""), b"<a/>", b"<CityModel>" + b"<x>" * 5000]
)
def test_what_is_no_citygml(tmp_path, body):
    (tmp_path / "a.gml").write_bytes(body)
    with pytest.raises(SourceBroken, match=r"a\.gml"):
        records("citygml", tmp_path / "a.gml")


def test_folders_and_compressed_files(tmp_path):
    text = model(building(surface("RoofSurface", polygon(ROOF)))).encode()
    (tmp_path / "b.gml.gz").write_bytes(gzip.compress(text))
    (tmp_path / "a.xml").write_bytes(text)
    (tmp_path / "readme.txt").write_bytes(b"...")
    first, second = records("citygml", tmp_path)
    assert first.place.startswith("a.xml, object at byte ")
    assert second.place == first.place.replace("a.xml", "b.gml.gz")


METALINK = """<?xml version="1.0"?><metalink xmlns="urn:ietf:params:xml:ns:metalink">{}</metalink>"""
ENTRY = (
    '<file name="{name}"><size>1</size><hash type="sha-256">{digest}</hash><url>{url}</url>'
    "<url>https://download2.example/x</url></file>"
)


def test_a_metalink_is_followed_for_the_tiles_wanted_and_checked():
    tiles = {
        f"69{n}_5336.gml": model(building(surface("RoofSurface", polygon(ROOF)), name=f"B{n}")).encode()
        for n in range(3)
    }
    with Replay() as replay:
        entries = ""
        for name, body in tiles.items():
            replay.routes[f"/a/lod2/{name}"] = [Answer(body, "application/gml+xml")]
            url = f"https://download1.example/a/lod2/{name}"
            entries += ENTRY.format(name=name, digest=hashlib.sha256(body).hexdigest(), url=url)
        replay.routes["/meta/09162000.meta4"] = [
            Answer(METALINK.format(entries).encode(), "application/metalink4+xml")
        ]
        address = replay.url + "/meta/09162000.meta4"
        found = records("citygml", address, options={"tiles": ["690_5336", "692_5336"]})
        assert [r.values["gml_id"] for r in found] == ["B0", "B2"]
        assert len(records("citygml", address)) == 3
        with pytest.raises(SourceBroken, match="no file for tile 700_1"):
            records("citygml", address, options={"tiles": ["700_1"]})
        replay.routes["/a/lod2/691_5336.gml"] = [Answer(model().encode())]
        with pytest.raises(SourceBroken, match="checksum"):
            records("citygml", address)
        replay.routes["/meta/09162000.meta4"] = [Answer(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")]
        with pytest.raises(SourceRefused, match="DOCTYPE"):
            records("citygml", address)


def test_tiles_fill_in_an_address():
    with Replay() as replay:
        body = model(building(surface("RoofSurface", polygon(ROOF)))).encode()
        replay.routes["/690_5336.gml"] = [Answer(body)]
        address = replay.url + "/{E}_{N}.gml"
        assert len(records("citygml", address, options={"tiles": ["690_5336"]})) == 1
        for tiles in (["../x"], ["690"], []):
            with pytest.raises(RecipeError, match="tile"):
                records("citygml", address, options={"tiles": tiles})
