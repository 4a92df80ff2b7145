"""Samples in every dialect: small, valid, without people, and a proof."""

import json
import sqlite3
import struct
import zipfile
from contextlib import closing

from ingest.load import load_layer
from ingest.scaffold.fitting import shared_for
from ingest.scaffold.look import looked_at
from tests.ingest.new_made import POLICE, made, written
from twin.settings import Settings


def geopackage(path, geom="shape"):
    """As a GIS leaves it: what was deleted still lies in free pages."""
    point = b"GP\0\1" + struct.pack("<i", 25832) + struct.pack("<BI2d", 1, 1, 691_600.0, 5_334_700.0)
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            f"""
            CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id);
            INSERT INTO gpkg_spatial_ref_sys VALUES ('u', 25832, 'EPSG', 25832);
            CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);
            INSERT INTO gpkg_geometry_columns VALUES ('Bänke', '{geom}', 'POINT', 25832, 0, 0);
            CREATE TABLE "Bänke" (fid INTEGER PRIMARY KEY, {geom} BLOB, nr TEXT, "Geom" TEXT, telefon, bild);
            """
        )
        for n in range(9):
            row = (point, f"B{n}", f"Anruf bei Frau Mustermann {n}", "089 1234567", b"Erika")
            base.execute(
                f'INSERT INTO "Bänke" ({geom}, nr, "Geom", telefon, bild) VALUES (?, ?, ?, ?, ?)', row
            )
        base.execute('DELETE FROM "Bänke" WHERE fid = 9')
        base.commit()
    return path


def test_a_geopackage_is_cut_and_proves_the_recipe(town, tmp_path):
    new = made(town, geopackage(tmp_path / "b.gpkg"), "place/1")
    assert new.ok, new.verdict
    assert new.proven
    data = (new.sample / "source" / "answer.gpkg").read_bytes()
    for secret in POLICE.split("|"):
        assert secret.encode() not in data
    expected = json.loads((new.sample / "expected.json").read_text("utf-8"))
    assert [row["source_id"] for row in expected["rows"]] == ["B0", "B1", "B2", "B3"]
    with closing(sqlite3.connect(new.sample / "source" / "answer.gpkg")) as base:
        assert base.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"GPKG", "big"),)
        assert base.execute("SELECT nr, telefon, bild FROM things LIMIT 1").fetchone() == ("B0", "[…]", None)


def test_a_sample_that_cannot_be_cut_is_said(town, tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr(
            "produkt_tu_stunde_20260101_20261121_00999.txt",
            "STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\n        999;2026112011;    3;   4.5;  80.0;eor\n",
        )
    remarks = []
    new = made(town, tmp_path / "t.zip", "air-station/1", remarks=remarks)
    assert "cannot be cut by us" in remarks[-1]
    assert (new.ok, new.proven, new.sample) == (True, False, None)
    assert "not proven yet" in new.verdict
    assert f"twin check --accept {new.recipe}" in new.verdict


def test_a_known_protocol_is_laid_over_the_shared_recipe(town, tmp_path):
    gml = (
        '<?xml version="1.0"?><CityModel xmlns="http://www.opengis.net/citygml/1.0" '
        'xmlns:gml="http://www.opengis.net/gml" xmlns:bldg="http://www.opengis.net/citygml/building/1.0">'
        '<cityObjectMember><bldg:Building gml:id="B1"><bldg:lod1MultiSurface>'
        '<gml:MultiSurface srsName="EPSG:25832"><gml:surfaceMember><gml:Polygon><gml:exterior>'
        "<gml:LinearRing><gml:posList>691600 5334700 500 691610 5334700 500 691610 5334710 500 "
        "691600 5334700 500"
        "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface>"
        "</bldg:lod1MultiSurface></bldg:Building></cityObjectMember></CityModel>"
    )
    path = written(tmp_path, gml.encode(), "x.gml")
    with looked_at(str(path), Settings()) as looked:
        assert shared_for(looked) == ["de/by/buildings"]
    new = made(town, path, like="de/by/buildings")
    assert new.ok, new.verdict
    assert (new.sample / "source" / "answer.gml").is_file()
    assert load_layer(new.recipe, "my-town").source.connector == "citygml"
