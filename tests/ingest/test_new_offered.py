"""An address that lists what a service has: the way on to its data is named, and leads there."""

import io
import re
import zipfile

import pytest

from ingest.scaffold.offered import list_of
from ingest.scaffold.recognise import dialect_of
from ingest.scaffold.service import asked
from tests.ingest.new_made import SITES, written
from twin.errors import SourceBroken

WFS = """<?xml version="1.0"?><!-- made by hand -->
<{prefix}WFS_Capabilities version="{version}" xmlns:wfs="http://www.opengis.net/wfs/2.0"
  xmlns:ows="http://www.opengis.net/ows/1.1"><ows:ServiceIdentification><ows:Title>Geoportal</ows:Title>
</ows:ServiceIdentification><FeatureTypeList>{types}</FeatureTypeList></{prefix}WFS_Capabilities>"""
TYPE = "<FeatureType><Name>lra:{0}</Name><Title>{1}</Title></FeatureType>"


def refused(tmp_path, data, address):
    with pytest.raises(SourceBroken) as error:
        dialect_of(written(tmp_path, data, "answer"), address)
    return str(error.value)


def wfs(version, types):
    listed = "".join(TYPE.format(name, title) for name, title in types)
    return WFS.format(prefix="wfs:", version=version, types=listed).encode()


@pytest.mark.parametrize(("version", "word"), [("2.0.0", "typeNames"), ("1.1.0", "typeName")])
def test_the_list_of_a_wfs_names_its_types_and_an_address_that_we_understand(tmp_path, version, word):
    document = wfs(version, [("sites", "Baustellen"), ("trees", "Bäume")])
    address = "https://h/ows?map=/m.map&SERVICE=WFS&REQUEST=GetCapabilities&AcceptVersions=2.0.0"
    words = refused(tmp_path, document, address)
    assert "lra:sites (Baustellen), lra:trees (Bäume)" in words
    (way,) = re.findall(r"https://\S+", words)
    assert (
        way == f"https://h/ows?map=/m.map&service=WFS&version={version}&request=GetFeature&{word}=lra:sites"
    )
    dialect = dialect_of(written(tmp_path, SITES, "features"), way)
    assert asked(way, dialect, b"")[1].options["type"] == "lra:sites"


def test_of_many_types_some_are_named_and_the_others_counted(tmp_path):
    words = refused(tmp_path, wfs("2.0.0", [(f"t{n}", "") for n in range(25)]), "https://h/wfs")
    assert "lra:t9 and 15 more" in words
    assert "lra:t10" not in words
    assert "which is nothing" in refused(tmp_path, wfs("2.0.0", []), "https://h/wfs")


@pytest.mark.parametrize("root", ["WMS_Capabilities", "WMT_MS_Capabilities", "Capabilities"])
def test_pictures_are_told_from_data(tmp_path, root):
    assert "pictures, no data" in refused(tmp_path, f"<{root}/>".encode(), "https://h/wmts?x")


LAYER = "https://h/arcgis/rest/services/x/FeatureServer/0"


@pytest.mark.parametrize(
    ("document", "address", "way"),
    [
        (
            {"links": [{"rel": "data", "href": "/api/collections?f=json"}]},
            "https://h/api?f=json",
            "https://h/api/collections?f=json",
        ),
        (
            {
                "links": [{"rel": "self", "href": "x"}],
                "collections": [{"id": "sites", "title": "Baustellen"}],
            },
            "https://h/api/collections/?f=json",
            "https://h/api/collections/sites/items",
        ),
        (
            {"id": "sites", "links": [{"rel": "items", "href": "https://h/api/collections/sites/items"}]},
            "https://h/api/collections/sites",
            "https://h/api/collections/sites/items",
        ),
        (
            {"currentVersion": 11.1, "layers": [{"id": 0, "name": "Baustellen"}], "tables": []},
            f"{LAYER[:-2]}?f=pjson",
            f"{LAYER}/query?where=1%3D1&outFields=*&f=geojson",
        ),
        (
            {"currentVersion": 11.1, "fields": [{"name": "a"}], "id": 0},
            f"{LAYER}?f=pjson",
            f"{LAYER}/query?where=1%3D1&outFields=*&f=geojson",
        ),
        (b"<!DOCTYPE html><html>", f"{LAYER[:-2]}/", f"{LAYER[:-2]}?f=json"),
        (b"<!DOCTYPE html><html>", LAYER, f"{LAYER}/query?where=1%3D1&outFields=*&f=geojson"),
    ],
)
def test_the_way_on_to_the_data_is_named(tmp_path, document, address, way):
    words = refused(tmp_path, document, address)
    assert words.endswith(f" {way}")


def test_a_web_page_elsewhere_is_just_that(tmp_path):
    assert "a web page instead of data" in refused(tmp_path, b"<html>", "https://h/FeatureServers/0")


def archive(**files):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return sink.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        archive(**{"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": "<worksheet/>"}),
        archive(**{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    ],
)
def test_a_spreadsheet_s_own_file_is_named(tmp_path, data):
    assert "save the table as CSV" in refused(tmp_path, data, "table.xlsx")


def test_a_description_beside_a_shapefile_is_not_in_its_way(tmp_path):
    data = archive(**{"a.shp": "", "a.dbf": "", "a.shp.xml": "<metadata/>"})
    assert dialect_of(written(tmp_path, data, "a.zip"), "a.zip").connector == "vector"


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("https://h/geoserver/wfs", "https://h/geoserver/wfs?service=WFS&request=GetCapabilities"),
        ("https://h/ows/?service=WFS&map=a", "https://h/ows/?map=a&service=WFS&request=GetCapabilities"),
        ("https://h/wfs?request=GetFeature", ""),
        ("https://h/wfss/data.json", ""),
        ("town.csv", ""),
    ],
)
def test_a_wfs_that_was_asked_for_nothing_tells_where_its_list_is(address, way):
    assert list_of(address) == (f"; what a WFS has is listed at {way}" if way else "")
