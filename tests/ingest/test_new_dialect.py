"""What an answer is, told by its bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.scaffold.dialect import Dialect
from ingest.scaffold.look import looked_at
from ingest.scaffold.recognise import dialect_of
from ingest.scaffold.service import asked
from tests.ingest.new_made import SITES, written
from twin.errors import SourceBroken, SourceDown, TwinError
from twin.settings import Settings


@pytest.mark.parametrize(
    ("data", "address", "connector"),
    [
        (SITES, "x.geojson", "geojson"),
        (SITES, "https://h/geoserver/ows?service=WFS&request=GetFeature", "wfs"),
        (SITES | {"feed_info": {}}, "x", "wzdx"),
        ({"type": "CityJSON", "CityObjects": {}}, "x", "cityjson"),
        ({"data": {"de": {"feeds": []}}}, "x", "gbfs"),
        ({"data": {"feeds": []}}, "x", "gbfs"),
        ({"roadworks": []}, "x", "autobahn"),
        ({"value": [{"@iot.id": 1}]}, "x", "sensorthings"),
        ([{"a": 1}], "x", "json"),
        (b"<?xml version='1.0'?><osm version='0.6'/>", "x", "osm"),
        (b"<d2LogicalModel/>", "x", "datex2"),
        (b"SQLite format 3\0", "x", "vector"),
        (b"\xef\xbb\xbfa;b\n1;2\n", "x", "csv"),
    ],
)
def test_a_protocol_is_told_by_its_shape(tmp_path, data, address, connector):
    assert dialect_of(written(tmp_path, data, "answer"), address).connector == connector


@pytest.mark.parametrize(
    ("row", "encoding", "told"),
    [
        ("Bäume;1\n", "cp1252", {"encoding": "cp1252"}),
        ("Linde;1\n", "cp1252", {"encoding": "cp1252"}),
        ("Bäume;1\n", "utf-8", {}),
        ("ä" * 7 + ";1\n", "utf-8", {}),  # the sign at byte 4,096 is cut in two
    ],
)
def test_the_encoding_of_a_long_table_is_told_by_all_of_it(tmp_path, row, encoding, told):
    table = "art;nr\n" + row * 2000 + "Ahörner;2\n"
    found = dialect_of(written(tmp_path, table.encode(encoding), "t.csv"), "t.csv")
    assert (found.connector, found.options) == ("csv", told)


def test_excels_line_about_the_separator_is_no_header(tmp_path):
    table = b"sep=;\r\nName;Rechtswert;Hochwert\r\na, b, c, d;1,5;2,5\r\n"
    found = dialect_of(written(tmp_path, table, "t.csv"), "t.csv")
    assert found.said == "a CSV table with 3 columns"
    assert found.options == {"lon": "Rechtswert", "lat": "Hochwert"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"<!doctype html><title>Geoportal</title>", "web page"),
        (b"<ServiceExceptionReport><ServiceException code='X'/>", "service exception"),
        (b"<rss/>", "XML"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no connector reads"),
        (b"hello world", "without columns"),
        ({"a": 1}, "without a list"),
        (b'{"a": [', "not readable JSON"),
        (b"PK\x03\x04broken", "damaged"),
    ],
)
def test_what_nobody_reads_is_named(tmp_path, data, words):
    with pytest.raises(SourceBroken, match=words):
        dialect_of(written(tmp_path, data, "answer"), "x")


def test_no_file_and_no_records_are_named(tmp_path):
    with pytest.raises(SourceDown, match="no such file"), looked_at(str(tmp_path / "no"), Settings()):
        pass
    empty = written(tmp_path, {"type": "FeatureCollection", "features": []}, "e.geojson")
    with pytest.raises(SourceBroken, match="no records"), looked_at(str(empty), Settings()):
        pass


@given(st.binary(max_size=300))
def test_any_bytes_are_a_dialect_or_an_error_in_our_words(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "answer"
    path.write_bytes(data)
    with suppress(TwinError):
        assert dialect_of(path, "x").connector


@pytest.mark.parametrize(
    ("address", "url", "options"),
    [
        (
            "https://h/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=a:b&outputFormat=geojson&count=9",
            "https://h/wfs",
            {"type": "a:b", "format": "geojson"},
        ),
        (
            "https://h/wfs?service=WFS&request=GetFeature&outputFormat=application/json",
            "https://h/wfs",
            {"type": "sites"},
        ),
        (
            "https://h/x?map=/m.map&SERVICE=WFS&TYPENAME=b&srsName=EPSG:25832",
            "https://h/x?map=%2Fm.map",
            {"type": "b", "srsName": "EPSG:25832"},
        ),
        ("https://h/wfs?service=WFS&request=GetFeature", "https://h/wfs", {"type": "sites"}),
    ],
)
def test_what_a_copied_address_asks_of_a_map_service_becomes_options(address, url, options):
    head = b'{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "sites.7"}]}'
    plain, dialect = asked(address, Dialect("wfs"), head)
    assert (plain, dialect.options) == (url, options)


def test_a_collection_is_asked_without_what_was_copied_with_it():
    address = "https://h/collections/b/items?f=json&limit=10"
    assert asked(address, Dialect("ogc_features"), b"")[0] == "https://h/collections/b/items"
