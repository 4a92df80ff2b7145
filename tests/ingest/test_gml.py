# ruff: noqa: E501  the payloads are easier to read whole
import gzip
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ingest.connectors.axes import northing_first
from ingest.connectors.features import UNREADABLE
from tests.ingest.asking import records
from tests.replay import EXCEPTION_REPORT, SERVICE_EXCEPTION, Answer, Replay
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceRefused

TYPE = {"type": "app:sites", "format": ""}
NS = 'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="http://example.org" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
POINT = '<gml:Point srsName="urn:ogc:def:crs:EPSG::25832"><gml:pos>691603 5334760</gml:pos></gml:Point>'


def member(number, geometry=POINT, more="", tag="wfs:member"):
    return (
        f'<{tag}><app:sites gml:id="sites.{number}"><gml:boundedBy><gml:Envelope/></gml:boundedBy>'
        f"<app:name>N{number}</app:name><app:geom>{geometry}</app:geom>{more}</app:sites></{tag}>"
    )


def collection(*members, counts=""):
    return f"<?xml version='1.0'?><wfs:FeatureCollection {NS} {counts}>{''.join(members)}</wfs:FeatureCollection>".encode()


def read(folder, data, **options):
    (folder / "a.gml").write_bytes(data)
    return records("wfs", folder / "a.gml", options=options)


def geometry(folder, gml, **options):
    (record,) = read(folder, collection(member(1, gml)), **options)
    return None if record.geometry is None else shapely.from_wkb(record.geometry)


@pytest.mark.parametrize(
    ("gml", "wkt"),
    [
        ("<gml:Point><gml:pos>1 2</gml:pos></gml:Point>", "POINT (1 2)"),
        ("<gml:Point srsDimension='3'><gml:pos>1 2 500</gml:pos></gml:Point>", "POINT (1 2)"),
        ("<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>", "POINT (1 2)"),
        ("<gml:Point><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord></gml:Point>", "POINT (1 2)"),
        (
            "<gml:LineString><gml:posList>0 0 1 1 2 0</gml:posList></gml:LineString>",
            "LINESTRING (0 0, 1 1, 2 0)",
        ),
        (
            "<gml:LineString srsDimension='3'><gml:posList>0 0 9 1 1 9</gml:posList></gml:LineString>",
            "LINESTRING (0 0, 1 1)",
        ),
        (
            "<gml:LineString><gml:pos>0 0</gml:pos><gml:pos>1 1</gml:pos></gml:LineString>",
            "LINESTRING (0 0, 1 1)",
        ),
        (
            "<gml:LineString><gml:coordinates>0,0 1,1</gml:coordinates></gml:LineString>",
            "LINESTRING (0 0, 1 1)",
        ),
        (
            "<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment>"
            "<gml:LineStringSegment><gml:posList>1 1 2 0</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>",
            "LINESTRING (0 0, 1 1, 2 0)",
        ),
        (
            "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>0 0 4 0 4 4 0 0</gml:posList></gml:LinearRing></gml:exterior>"
            "<gml:interior><gml:LinearRing><gml:posList>1 .5 2 .5 2 1 1 .5</gml:posList></gml:LinearRing></gml:interior></gml:Polygon>",
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 .5, 2 .5, 2 1, 1 .5))",
        ),
        (
            "<gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>0,0 4,0 4,4 0,0</gml:coordinates>"
            "</gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>",
            "POLYGON ((0 0, 4 0, 4 4, 0 0))",
        ),
        (
            "<gml:MultiSurface><gml:surfaceMember><gml:Surface><gml:patches><gml:PolygonPatch><gml:exterior><gml:LinearRing>"
            "<gml:posList>0 0 4 0 4 4 0 0</gml:posList></gml:LinearRing></gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>"
            "</gml:surfaceMember><gml:surfaceMember><gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:LineString>"
            "<gml:posList>8 8 9 8 9 9 8 8</gml:posList></gml:LineString></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>"
            "</gml:surfaceMember></gml:MultiSurface>",
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((8 8, 9 8, 9 9, 8 8)))",
        ),
        (
            "<gml:MultiCurve><gml:curveMember><gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve>",
            "LINESTRING (0 0, 1 1)",
        ),
        (
            "<gml:MultiPoint><gml:pointMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember>"
            "<gml:pointMember><gml:Point><gml:pos>3 4</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>",
            "MULTIPOINT (1 2, 3 4)",
        ),
        (
            "<gml:MultiGeometry><gml:geometryMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:geometryMember></gml:MultiGeometry>",
            "GEOMETRYCOLLECTION (POINT (1 2))",
        ),
    ],
)
def test_geometries_of_all_versions(tmp_path, gml, wkt):
    assert geometry(tmp_path, gml).equals(shapely.from_wkt(wkt))


@pytest.mark.parametrize(
    "gml",
    [
        "<gml:Point><gml:pos>eins zwei</gml:pos></gml:Point>",
        "<gml:Point><gml:pos>nan 1</gml:pos></gml:Point>",
        "<gml:Point><gml:pos>1</gml:pos></gml:Point>",
        "<gml:Point/>",
        "<gml:LineString srsDimension='9'><gml:posList srsDimension='9'>1 2 3</gml:posList></gml:LineString>",
        "<gml:Polygon/>",
        "<gml:Curve><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve>",
        "<gml:MultiPoint><gml:pointMember><gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString></gml:pointMember></gml:MultiPoint>",
        "<gml:MultiGeometry><gml:geometryMember>" * 5
        + POINT
        + "</gml:geometryMember></gml:MultiGeometry>" * 5,
    ],
)
def test_what_is_no_simple_geometry_is_told(tmp_path, gml):
    (record,) = read(tmp_path, collection(member(1, gml)))
    assert record.geometry is None
    assert record.notes[0].startswith(UNREADABLE)


def test_fields_flat_nested_repeated_and_nil(tmp_path):
    more = (
        "<app:owner><app:Part><app:key>7</app:key></app:Part></app:owner><app:way>Gehweg</app:way><app:way>Radweg</app:way>"
        "<app:nothing xsi:nil='true'/><app:empty> </app:empty>"
    )
    (record,) = read(tmp_path, collection(member(1, more=more)))
    assert record.values == {
        "@id": "sites.1",
        "name": "N1",
        "owner.Part.key": "7",
        "way": "Gehweg, Radweg",
        "nothing": None,
        "empty": None,
    }
    assert record.crs == "urn:ogc:def:crs:EPSG::25832"


HERE = '<gml:Point srsName="{}"><gml:pos>{}</gml:pos></gml:Point>'


@pytest.mark.parametrize(
    ("srs", "pos", "axes", "xy"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "48.1 11.5", None, (11.5, 48.1)),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "48.1 11.5", None, (11.5, 48.1)),
        ("EPSG:4326", "11.5 48.1", None, (11.5, 48.1)),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "11.5 48.1", None, (11.5, 48.1)),
        ("urn:ogc:def:crs:EPSG::25832", "691603 5334760", None, (691603, 5334760)),
        ("urn:ogc:def:crs:EPSG::31468", "5333600 4468500", None, (4468500, 5333600)),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "11.5 48.1", None, (11.5, 48.1)),
        ("urn:ogc:def:crs:EPSG::4326", "11.5 48.1", "xy", (11.5, 48.1)),
        ("EPSG:4326", "48.1 11.5", "yx", (11.5, 48.1)),
    ],
)
def test_axes_follow_from_how_the_crs_is_written(tmp_path, srs, pos, axes, xy):
    options = {"axes": axes} if axes else {}
    assert geometry(tmp_path, HERE.format(srs, pos), **options).coords[0] == xy
    assert northing_first("OGC:CRS84") is False


def test_a_second_crs_in_one_document_is_told(tmp_path):
    other = HERE.format("EPSG:4326", "11 48")
    _, second = read(tmp_path, collection(member(1), member(2, other)))
    assert second.geometry is None


def test_a_server_that_answers_gml_page_by_page():
    def answer(query):
        start, count = int(query["startIndex"]), int(query["count"])
        page = [member(n) for n in range(start, min(start + count, 5))]
        return Answer(collection(*page, counts=f'numberMatched="5" numberReturned="{len(page)}"'), "text/xml")

    with Replay() as server:
        server.routes["/wfs"] = answer
        found = records("wfs", server.url + "/wfs", options=TYPE | {"count": 2})
        assert [r.values["name"] for r in found] == [f"N{n}" for n in range(5)]
        assert "outputFormat" not in server.asked[0][1]
        columns = {"required": ["name", "place"]}
        with pytest.raises(SourceChanged, match="missing: place"):
            records("wfs", server.url + "/wfs", options=TYPE, columns=columns)


def test_version_1_1_with_its_names_and_members():
    def answer(query):
        start, count = int(query["startIndex"]), int(query["maxFeatures"])
        inner = "".join(member(n, tag="app:none")[10:-11] for n in range(start, min(start + count, 3)))
        head = f'numberOfFeatures="{min(count, max(0, 3 - start))}"'
        return Answer(
            collection(f"<gml:featureMembers>{inner}</gml:featureMembers>", counts=head),
            "text/xml; subtype=gml/3.1.1",
        )

    with Replay() as server:
        server.routes["/wfs"] = answer
        options = {
            "type": "app:sites",
            "version": "1.1.0",
            "count": 2,
            "bbox": "48,11,49,12,urn:ogc:def:crs:EPSG::4326",
        }
        found = records("wfs", server.url + "/wfs", options=options)
        assert [r.values["name"] for r in found] == ["N0", "N1", "N2"]
        asked = server.asked[0][1]
        assert (asked["version"], asked["typeName"], asked["maxFeatures"]) == ("1.1.0", "app:sites", "2")
        assert asked["bbox"] == options["bbox"]
        for wrong, words in ({"version": "1.0.0"}, "version"), ({"filter": "a=1"}, "exclude each other"):
            with pytest.raises(RecipeError, match=words):
                records("wfs", server.url + "/wfs", options=options | wrong)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (SERVICE_EXCEPTION, SourceBroken, "InvalidParameterValue"),
        (EXCEPTION_REPORT, SourceBroken, "NoApplicableCode"),
        (b"<a><b/></a>", SourceBroken, "XML instead of data"),
        (b"<!-- FeatureCollection --><a/>", SourceBroken, "no feature collection"),
        (collection(member(1))[:-20], SourceBroken, "not readable XML"),
        (collection(member(1), counts='numberReturned="2"'), SourceBroken, "cut"),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><FeatureCollection>&a;</FeatureCollection>',
            SourceRefused,
            "DOCTYPE",
        ),
    ],
)
def test_errors_in_place_of_features(data, error, words):
    with Replay() as server:
        server.routes["/wfs"] = [Answer(data, "text/xml")]
        with pytest.raises(error, match=words) as caught:
            records("wfs", server.url + "/wfs", options=TYPE)
    assert "secret" not in str(caught.value)


def test_files_also_packed(tmp_path):
    (tmp_path / "a.gml.gz").write_bytes(gzip.compress(collection(member(1), member(2))))
    assert len(records("wfs", tmp_path)) == 2
    assert len(records("wfs", tmp_path / "a.gml.gz")) == 2


finite = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6))


@given(
    st.lists(st.tuples(finite, finite), min_size=2, max_size=20),
    st.sampled_from(["posList", "pos", "coordinates"]),
)
def test_every_line_comes_back(tmp_path_factory, line, how):
    if how == "posList":
        inner = f"<gml:posList>{' '.join(f'{x!r} {y!r}' for x, y in line)}</gml:posList>"
    elif how == "pos":
        inner = "".join(f"<gml:pos>{x!r} {y!r}</gml:pos>" for x, y in line)
    else:
        inner = f"<gml:coordinates>{' '.join(f'{x!r},{y!r}' for x, y in line)}</gml:coordinates>"
    found = geometry(tmp_path_factory.mktemp("g"), f"<gml:LineString>{inner}</gml:LineString>")
    assert list(found.coords) == line
    assert all(math.isfinite(x) for x in found.bounds)
