"""What is personal in a protocol's document is in no sample: contacts, mappers, vehicles, addresses."""

import csv
import io
import struct
import zipfile

import pytest

from ingest.load import RECIPES
from tests.ingest.new_made import made, written

SECRETS = ("Erika", "Mustermann", "2345678", "amt@example.org", "mapper4711", "vehicle-0815", "M-XY 123")
CONTACT = "Erika Mustermann, Tel. 0171 2345678, amt@example.org"


def sample_of(name):
    folder, _, short = name.rpartition("/")
    return RECIPES / folder / "samples" / short / "source"


def inserted(text, before, more):
    assert before in text
    return text.replace(before, more + before, 1)


def datex2():
    text = (sample_of("de/datex2-parking") / "a-static.xml").read_text("utf-8")
    where = next(line.strip() for line in text.splitlines() if "parkingName" in line)
    return inserted(text, where, f"<owner><contactPerson>{CONTACT}</contactPerson></owner>").encode()


def situations():
    text = (sample_of("de/datex2-roadworks") / "v3.xml").read_text("utf-8")
    tag = next(word for word in ("<sit:comment", "<comment", "<sit:severity", "<severity") if word in text)
    return inserted(text, tag, f"<contactDetails><name>{CONTACT}</name></contactDetails>").encode()


def warning():
    with zipfile.ZipFile(sample_of("de/weather-warnings") / "Z_CAP_C_EDZW_LATEST.zip") as archive:
        text = archive.read(sorted(archive.namelist())[0]).decode()
    return inserted(text, "<area>", f"<contact>{CONTACT}</contact>").encode()


def mapped():
    text = (sample_of("de/roads") / "sample.osm").read_text("utf-8")
    text = text.replace('user="', 'user="mapper4711')
    way = text.index("<tag", text.index("<way"))
    more = '<tag k="contact:phone" v="+49 171 2345678"/><tag k="operator" v="Erika Mustermann"/>'
    return (text[:way] + more + text[way:]).encode()


def zones():
    text = (sample_of("de/wzdx-roadworks") / "feed.geojson").read_text("utf-8")
    more = '"contact_name": "Erika Mustermann", "contact_email": "amt@example.org", '
    return text.replace('"publisher"', f'{more}"publisher"', 1).encode()


def building():
    text = (sample_of("de/by/buildings") / "690_5334.gml").read_text("utf-8")
    more = f"<bldg:address><x:name xmlns:x='urn:x'>{CONTACT}</x:name></bldg:address>"
    end = "</bldg:Building>"
    return text.replace(end, more + end, 1).encode()


def gml():
    things = "".join(
        f'<wfs:member><a:baum gml:id="b.{n}"><a:nr>B{n}</a:nr><a:pate>Erika Mustermann</a:pate>'
        f"<a:hinweis>Anruf bei Frau Mustermann, Tel. 0171 2345678</a:hinweis><a:geom>"
        f'<gml:Point srsName="urn:ogc:def:crs:EPSG::25832"><gml:pos>691600 533470{n}</gml:pos></gml:Point>'
        f"</a:geom></a:baum></wfs:member>"
        for n in range(6)
    )
    return (
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:a="urn:a" '
        'xmlns:gml="http://www.opengis.net/gml/3.2" numberMatched="6" numberReturned="6">'
        f"{things}</wfs:FeatureCollection>"
    ).encode()


@pytest.mark.parametrize(
    ("made_up", "name", "like", "schema"),
    [
        (datex2, "p.xml", "de/datex2-parking", None),
        (situations, "s.xml", "de/datex2-roadworks", None),
        (warning, "w.xml", "de/weather-warnings", None),
        (mapped, "r.osm", "de/roads", None),
        (zones, "z.geojson", "de/wzdx-roadworks", None),
        (building, "b.gml", "de/by/buildings", None),
        (gml, "t.gml", None, "tree/1"),
    ],
)
def test_no_contact_is_in_a_sample(town, tmp_path, made_up, name, like, schema):
    data = made_up()
    assert any(secret.encode() in data for secret in SECRETS)
    new = made(town, written(tmp_path, data, name), schema, like=like)
    assert new.sample is not None, new.verdict
    assert (new.sample / "expected.json").is_file(), new.verdict
    for file in [each for each in new.sample.rglob("*") if each.is_file()]:
        for secret in SECRETS:
            assert secret.encode() not in file.read_bytes(), file.name


def test_a_wfs_counts_the_features_that_are_left(town, tmp_path):
    new = made(town, written(tmp_path, gml(), "t.gml"), "tree/1")
    assert new.ok, new.verdict
    text = (new.sample / "source" / "answer.gml").read_text("utf-8")
    assert text.count("<a:baum ") == 4
    assert 'numberMatched="4"' in text


def test_of_agencies_only_the_name_is_kept(town, tmp_path):
    feed = tmp_path / "feed"
    feed.mkdir()
    for table in sample_of("de/gtfs-stops").iterdir():
        (feed / table.name).write_bytes(table.read_bytes())
    rows = list(csv.DictReader(io.StringIO((feed / "agency.txt").read_text("utf-8-sig"))))
    for row in rows:
        row |= {"agency_phone": "0171 2345678", "agency_email": "amt@example.org"}
    told = io.StringIO()
    writer = csv.DictWriter(told, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    (feed / "agency.txt").write_text(told.getvalue(), "utf-8")
    new = made(town, feed, like="de/gtfs-stops")
    assert new.ok, new.verdict
    header = (new.sample / "source" / "agency.txt").read_text("utf-8").splitlines()[0]
    assert header in ("agency_id,agency_name,agency_timezone", "agency_id,agency_name")


def test_of_delays_no_vehicle_and_no_trip_is_kept(town, tmp_path):
    from google.transit import gtfs_realtime_pb2 as gtfs

    feed = gtfs.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.timestamp = 1_790_706_896
    for n in range(9):
        entity = feed.entity.add(id=f"vehicle-0815-{n}")
        entity.trip_update.trip.trip_id = f"vehicle-0815-{n}"
        entity.trip_update.vehicle.id = "vehicle-0815"
        entity.trip_update.vehicle.license_plate = "M-XY 123"
        stop = entity.trip_update.stop_time_update.add(stop_id="de:09162:1:1:1")
        stop.departure.delay = 60 * n
    feed.entity.add(id="v").vehicle.vehicle.label = "vehicle-0815"
    new = made(town, written(tmp_path, feed.SerializeToString(), "d.pb"), like="de/transit-delays")
    assert new.ok, new.verdict
    assert '"de:09162:"' in new.recipe.read_text("utf-8")
    data = (new.sample / "source" / "answer.pb").read_bytes()
    assert not any(secret.encode() in data for secret in SECRETS)


def shapefile(folder):
    """Two columns: a name in cp1252, and somebody to talk to."""
    folder.mkdir()
    points = [(691_600.0 + n, 5_334_700.0) for n in range(6)]
    records = b"".join(
        struct.pack(">ii", n, 10) + struct.pack("<i2d", 1, *p) for n, p in enumerate(points, 1)
    )
    index = b"".join(struct.pack(">ii", 50 + 14 * n, 10) for n in range(6))
    box = struct.pack("<4d", 691_600, 5_334_700, 691_606, 5_334_700)
    for ending, body in ((".shp", records), (".shx", index)):
        head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2)
        head += struct.pack("<2i", 1000, 1) + box + bytes(32)
        (folder / f"b{ending}").write_bytes(head + body)
    fields = b"".join(
        name.ljust(11, b"\0") + b"C" + bytes(4) + bytes([wide, 0]) + bytes(14)
        for name, wide in ((b"NAME", 20), (b"KONTAKT", 30))
    )
    rows = b"".join(
        b" " + f"Bänke {n}".encode("cp1252").ljust(20) + b"Erika Mustermann".ljust(30) for n in range(6)
    )
    head = struct.pack("<4BIHH20x", 3, 126, 11, 22, 6, 32 + len(fields) + 1, 51)
    (folder / "b.dbf").write_bytes(head + fields + b"\r" + rows + b"\x1a")
    (folder / "b.cpg").write_text("cp1252")


def test_of_a_shapefile_the_columns_about_people_are_masked(town, tmp_path):
    shapefile(tmp_path / "shape")
    new = made(town, tmp_path / "shape" / "b.shp", "place/1", crs="EPSG:25832")
    assert new.ok, new.verdict
    table = (new.sample / "source" / "answer.dbf").read_bytes()
    assert b"Erika" not in table
    assert "Bänke 3".encode("cp1252") in table
    assert "Bänke 4".encode("cp1252") not in table


def test_a_table_in_an_archive_is_cut_with_its_columns_masked(town, tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        rows = "".join(f"A{n};11.5{n};48.1;Erika Mustermann\n" for n in range(6))
        archive.writestr("daten/a.csv", f"nr;lon;lat;kontakt\n{rows}")
    new = made(town, tmp_path / "t.zip", "place/1")
    assert new.ok, new.verdict
    assert "Erika" not in (new.sample / "source" / "answer.csv").read_text("utf-8")


@pytest.mark.parametrize("folder", ["", "__MACOSX/"])
def test_an_archive_of_what_is_not_read_is_named(town, tmp_path, folder):
    from twin.errors import SourceBroken

    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr(f"{folder}a.doc", "x")
    with pytest.raises(SourceBroken, match="unpack it and look inside"):
        made(town, tmp_path / "t.zip", "place/1")
