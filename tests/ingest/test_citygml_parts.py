import gzip
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.connectors import citygml, citygml_cut, citygml_read
from tests.ingest.asking import quick, records, source
from tests.ingest.gml import FLOOR, ROOF, WALL, building, model, part, polygon, solid, surface
from twin.errors import SourceBroken, SourceRefused

HEIGHT = '<bldg:measuredHeight uom="m">7.5</bldg:measuredHeight>'
TOP = surface("RoofSurface", polygon(ROOF))
SIDE = surface("WallSurface", polygon(WALL))
ENVELOPE = '<gml:boundedBy><gml:Envelope srsName="EPSG:25833"/></gml:boundedBy>'
ADDRESS = "<bldg:address><name>Erika</name><x><bldg:function>y</bldg:function></x></bldg:address>"
KEY = '<gen:stringAttribute name="Gemeindeschluessel"><gen:value>09184</gen:value></gen:stringAttribute>'


def house(name, shift=0):
    def moved(numbers):
        given = numbers.split()
        return " ".join(str(float(n) + shift) if i % 3 == 0 else n for i, n in enumerate(given))

    return building(
        "<creationDate>2022-09-01</creationDate>",
        KEY,
        "<bldg:function>31001_1010</bldg:function><bldg:roofType>1000</bldg:roofType>",
        HEIGHT,
        solid(f"#{name}_w", f"#{name}_r", f"#{name}_f"),
        surface("WallSurface", polygon(moved(WALL), f"{name}_w")),
        surface("RoofSurface", polygon(moved(ROOF), f"{name}_r", moved("2 2 9 3 2 9 3 3 9 2 2 9"))),
        surface("GroundSurface", polygon(moved(FLOOR), f"{name}_f")),
        name=name,
    )


def same(one, other):
    shapes = (one.geometry, other.geometry)
    assert (one.place, one.values, one.crs, one.notes) == (other.place, other.values, other.crs, other.notes)
    assert (shapes[0] is None) == (shapes[1] is None)
    if shapes[0] is not None:
        for name in ("points", "rings", "polygons", "faces"):
            left, right = (getattr(shape, name) for shape in shapes)
            assert left.dtype == right.dtype
            assert left.tolist() == right.tolist()


def both(path, monkeypatch, **options):
    """What the quick reader says, after comparing it with the careful one; and how many it took."""
    taken = []
    quickly = citygml_read.plain_buildings

    def counted(*given, **named):
        found = quickly(*given, **named)
        taken.extend(found)
        return found

    monkeypatch.setattr(citygml_read, "plain_buildings", counted)
    found = records("citygml", path, options=options)
    monkeypatch.setattr(citygml_read, "plain_buildings", lambda *given, **named: {})
    careful = records("citygml", path, options=options)
    monkeypatch.setattr(citygml_read, "plain_buildings", quickly)
    assert len(found) == len(careful)
    for one, other in zip(found, careful, strict=True):
        same(one, other)
    return found, len(taken)


@pytest.mark.parametrize("piece", [50, 1000, 5000, 1 << 20])
@pytest.mark.parametrize("name", ["a.gml", "a.gml.gz"])
def test_however_a_file_is_cut_its_records_are_the_same(tmp_path, monkeypatch, piece, name):
    look = "<appearanceMember><x>1</x></appearanceMember>"
    text = model(*[house(f"B{n}", n) + look * (n % 3) for n in range(40)])
    (tmp_path / name).write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    whole = records("citygml", tmp_path / name)
    monkeypatch.setattr(citygml_cut, "PIECE", piece)
    monkeypatch.setattr(citygml_cut, "_CHUNK", max(piece, 300))
    monkeypatch.setattr(citygml_cut, "_BEHIND", 50)
    with quick() as fetch:
        parts = list(citygml.parts(source("citygml", tmp_path / name), fetch))
        assert len(parts) > 1 or piece > 5000
        pieces = [pickle.loads(pickle.dumps(part)) for part in parts]
        with ThreadPoolExecutor(2) as pool:
            found = [
                record
                for some in pool.map(lambda part: list(citygml.read_part(part)), pieces)
                for record in some
            ]
    assert [record.values["gml_id"] for record in found] == [f"B{n}" for n in range(40)]
    for one, other in zip(found, whole, strict=True):
        same(one, other)


def test_an_object_in_a_long_comment_is_none(tmp_path, monkeypatch):
    gone = "<!-- " + house("gone") * 2 + " -->"
    (tmp_path / "a.gml").write_text(model(house("A"), gone, house("B"), gone))
    monkeypatch.setattr(citygml_cut, "_BEHIND", 20)
    assert len(gone) < 4000
    for piece in range(4000, 7000, 300):
        monkeypatch.setattr(citygml_cut, "PIECE", piece)
        found = records("citygml", tmp_path / "a.gml")
        assert [record.values["gml_id"] for record in found] == ["A", "B"]


def test_the_place_of_a_record_is_where_its_object_begins(tmp_path):
    text = model(house("B0"), house("B1")).encode()
    (tmp_path / "a.gml").write_bytes(text)
    for record in records("citygml", tmp_path / "a.gml"):
        at = int(record.place.rpartition(" ")[2])
        assert text[at:].startswith(
            b'<cityObjectMember><bldg:Building gml:id="' + record.values["gml_id"].encode()
        )


ODD = [
    building(surface("RoofSurface", polygon("0 0 9 8 0 9 8 8 9"))),  # not closed
    building(surface("RoofSurface", polygon("0 0 9 8 0 nan 8 8 9 0 0 9"), polygon(ROOF))),
    building(surface("RoofSurface", polygon("0 0 9 8 0 9 0 0 9"))),
    building(surface("RoofSurface", polygon(""))),
    building(surface("RoofSurface", polygon("  0 0 9\n8 0 9\t8 8 9 0 0 9 "))),
    building(solid(polygon(FLOOR)), TOP),
    building(solid("#gone"), surface("RoofSurface", polygon(ROOF, "r"))),
    building(surface("RoofSurface", "#r"), solid(polygon(ROOF, "r"))),
    building(surface("RoofSurface", polygon(ROOF), lod=3), solid(polygon(FLOOR), lod=1)),
    building(TOP, solid(polygon(FLOOR), lod=1)),
    building(HEIGHT.replace("7.5", "hoch"), TOP),
    building(HEIGHT, part(HEIGHT, "<bldg:roofType>3100</bldg:roofType>", SIDE)),
    building("<bldg:function>a &amp; b &#65;</bldg:function>", TOP),
    building("<bldg:function>a > b</bldg:function>", TOP),
    building("<bldg:function><![CDATA[<a>]]></bldg:function>", TOP),
    building("<!-- <cityObjectMember> -->", TOP),
    building("<?x <cityObjectMember> ?>", TOP),
    building('<bldg:function a="1>2">x</bldg:function>', TOP),
    building(ADDRESS, TOP),
    building(TOP.replace("<gml:posList>", '<gml:posList srsDimension="2">')),
    building(TOP.replace("<gml:posList>", '<gml:posList srsDimension="3" >')),
    building(TOP.replace("</gml:posList>", "</gml:posList >")),
    building(TOP.replace("RoofSurface", "RoofThing")),
    building(surface("RoofSurface", polygon(ROOF), extra=' srsName="EPSG:25833"')),
    building(ENVELOPE, TOP),
    building(surface("RoofSurface", polygon(ROOF, "x"), polygon(WALL, "y")), name="ü&quot;"),
    "<cityObjectMember/>",
    "<cityObjectMember><bldg:Bridge/></cityObjectMember>",
    "<!-- between <cityObjectMember> -->",
    "<appearanceMember><bldg:Building/></appearanceMember>",
    f"<cityObjectMember>\n<bldg:Building gml:id='s'>\n{TOP}</bldg:Building></cityObjectMember>",
]  # fmt: skip


@pytest.mark.parametrize("options", [{}, {"attributes": "all"}, {"lod": 3}, {"lod": 1}])
def test_the_quick_reader_says_what_the_careful_one_says(tmp_path, monkeypatch, options):
    text = model(house("A"), *[odd + house(f"B{n}", n) for n, odd in enumerate(ODD)])
    (tmp_path / "a.gml").write_text(text)
    monkeypatch.setattr(citygml_cut, "PIECE", 5000)
    found, taken = both(tmp_path / "a.gml", monkeypatch, **options)
    assert len(found) == 1 + 2 * len(ODD) - 4
    assert taken > len(ODD) - 8 or options.get("lod")


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from([*ODD, house("C"), house("D", 3)]), min_size=1, max_size=12),
    st.integers(200, 6000),
)
def test_the_same_in_any_order_and_however_it_is_cut(tmp_path_factory, members, piece):
    path = tmp_path_factory.mktemp("a") / "a.gml"
    path.write_text(model(*members))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(citygml_cut, "PIECE", piece)
        patch.setattr(citygml_cut, "_BEHIND", 100)
        both(path, patch)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("iso-8859-1", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16-le", "utf-16"),
    ],
)
def test_other_encodings(tmp_path, encoding, declared):
    roof = TOP
    text = model(building("<gml:name>Würzburger Straße</gml:name>", roof))
    text = text.replace('<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{declared}"?>')
    (tmp_path / "a.gml").write_bytes(text.encode(encoding))
    (record,) = records("citygml", tmp_path / "a.gml")
    assert record.values["name"] == "Würzburger Straße"


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        (lambda text: text.replace("</gml:Polygon>", "</gml:Polygan>", 1), SourceBroken, "not well-formed"),
        (lambda text: text.replace("</gml:Polygon>", "", 1), SourceBroken, "not well-formed"),
        (lambda text: text.replace("<gml:exterior>", "<gml:exterior", 1), SourceBroken, "not well-formed"),
        (lambda text: text.replace("31001", "&uml;", 1), SourceBroken, "not well-formed"),
        (
            lambda text: text.replace("<bldg:function>", "<!DOCTYPE a><bldg:function>", 1),
            SourceRefused,
            "DOCTYPE",
        ),
        (lambda text: text.replace("encoding='x'", ""), None, ""),
        (lambda text: text.replace("?>", " encoding='nonsense'?>", 1), SourceBroken, "encoding"),
        (lambda text: text.replace("</CityModel>", "<!-- </CityModel> -->"), SourceBroken, "cut off"),
        (lambda text: "", SourceBroken, "no CityGML"),
        (lambda text: '{"type": "CityJSON"}', SourceBroken, "no CityGML"),
        (lambda text: "<CityModel/>", None, ""),
    ],
)
def test_files_that_are_not_what_they_should_be(tmp_path, spoil, error, says):
    (tmp_path / "a.gml").write_text(spoil(model(house("A"), house("B"))))
    if error is None:
        records("citygml", tmp_path / "a.gml")
        return
    with pytest.raises(error, match=rf"a\.gml.*{says}"):
        records("citygml", tmp_path / "a.gml")


def test_bytes_that_are_no_text(tmp_path):
    text = model(house("A"), house("B").replace("31001_1010", "Wohnhäuser"))
    (tmp_path / "a.gml").write_bytes(text.encode("iso-8859-1"))
    with pytest.raises(SourceBroken, match=r"a\.gml, object at byte \d+: .* not well-formed"):
        records("citygml", tmp_path / "a.gml")


def test_numbers_beyond_measure_cost_their_face(tmp_path):
    far = ROOF.replace("8 8 9", "1e300 8 9")
    endless = ROOF.replace("8 8 9", "1e999 8 9")
    (tmp_path / "a.gml").write_text(
        model(
            building(surface("RoofSurface", polygon(far))), building(surface("RoofSurface", polygon(endless)))
        )
    )
    for record in records("citygml", tmp_path / "a.gml"):
        assert record.geometry is None
        assert record.notes == ("a face with unreadable coordinates was left out",)


def test_members_of_other_roots_and_prefixes(tmp_path):
    inside = model(house("A")).replace("cityObjectMember", "gml:featureMember")
    (tmp_path / "a.gml").write_text(inside)
    prefixed = model(house("B")).replace("xmlns=", "xmlns:core=").replace("CityModel", "core:CityModel")
    prefixed = prefixed.replace("cityObjectMember", "core:cityObjectMember")
    prefixed = prefixed.replace("creationDate", "core:creationDate")
    (tmp_path / "b.gml").write_text(prefixed)
    found = records("citygml", tmp_path)
    assert [record.values["gml_id"] for record in found] == ["A", "B"]
    assert {record.values["creation_date"] for record in found} == {"2022-09-01"}


def test_a_plain_file_of_any_size_is_read_range_by_range(tmp_path, monkeypatch):
    monkeypatch.setattr(citygml_cut, "_CHUNK", 2000)
    monkeypatch.setattr(citygml_cut, "_BEHIND", 2000)
    monkeypatch.setattr(citygml_cut, "PIECE", 100_000)
    text = model(*[house(f"B{n}") for n in range(600)], "<!-- " + "x" * 1_500_000 + " -->")
    (tmp_path / "a.gml").write_text(text)
    with quick(max_body_mb=1) as fetch:
        assert len(list(citygml.read(source("citygml", tmp_path / "a.gml"), fetch))) == 600
    (tmp_path / "a.gml.gz").write_bytes(gzip.compress(text.encode()))
    with quick(max_body_mb=1) as fetch, pytest.raises(SourceRefused, match="inflated"):
        list(citygml.read(source("citygml", tmp_path / "a.gml.gz"), fetch))
