"""A recipe for any source: told by its bytes, proposed by its fields, proven by a sample without people."""

import gzip
import json
import sqlite3
import struct
import zipfile
from contextlib import closing, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.check import check
from ingest.load import load_layer
from ingest.new import scaffold, shared_for
from ingest.scaffold.dialect import dialect_of
from ingest.scaffold.look import looked_at
from ingest.scaffold.mapping import business_key, proposed, schemas_for
from ingest.scaffold.people import folded
from ingest.scaffold.profile import profiled
from ingest.scaffold.values import quoted as toml_text
from twin.errors import RecipeError, SourceBroken, SourceDown, TwinError
from twin.record import Record
from twin.schemas import SCHEMAS
from twin.settings import Settings

CITY = """
id = "my-town"
title = { de = "Musterstadt", en = "My town" }
area = [11.0, 48.0, 12.0, 49.0]
centre = [11.5, 48.5]
contact = "rathaus@example.org"
"""
ANSWERS = {
    "url": "https://opendata.muenchen.de/x",
    "title_de": 'Bänke "am Fluss"',
    "title_en": "Benches\\",
    "licence": "CC-BY-4.0",
    "publisher": "Amt",
    "interval": "1d",
}
SITES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": f"sites.{n}",
            "geometry": {"type": "Point", "coordinates": [11.5 + n / 100, 48.1]},
            "properties": {
                "kennung": f"K{n}",
                "strasse": "Musterweg",
                "beginn": "01.02.2026",
                "ende": "03.02.2026",
                "bemerkung": "Rückfragen an Frau Mustermann, Tel. 089 1234567",
                "bauleiter_telefon": "0171 2345678",
                "tiefe_m": "1,5",
            },
        }
        for n in range(9)
    ],
}
POLICE = "Erika|Mustermann|2345678|1234567"


@pytest.fixture
def town(tmp_path):
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "city.toml").write_text(CITY, "utf-8")
    return tmp_path / "town"


def written(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def made(town, path, schema="roadwork/2", like=None, remarks=None, crs=None):
    with looked_at(str(path), Settings(), crs) as looked:
        told = [] if remarks is None else remarks
        return scaffold(town, "sites", looked, ANSWERS, None if like else schema, like, told.append)


def test_a_recipe_that_proves_itself_comes_out(town, tmp_path):
    new = made(town, written(tmp_path, SITES, "s.geojson"))
    assert new.ok, new.verdict
    layer = load_layer(new.recipe, "my-town")
    assert layer.title.de == 'Bänke "am Fluss"'
    assert layer.title.en == "Benches\\"
    assert layer.business_key == ("kennung",)
    assert layer.fields["valid_from"].by == "day_start"
    assert layer.fields["valid_to"].by == "day_end"
    assert layer.fields["title"].source == "strasse"
    assert layer.fields["description"].by == "plain"
    assert layer.tiles is not None
    assert layer.tiles.writer == "areas"
    assert [verdict.ok for verdict in check(new.recipe)] == [True]


def test_what_is_personal_is_in_no_file_that_was_written(town, tmp_path):
    new = made(town, written(tmp_path, SITES, "s.geojson"))
    assert [field.name for field in new.personal] == ["bauleiter_telefon"]
    text = "".join(file.read_text("utf-8") for file in town.rglob("*") if file.is_file())
    for secret in POLICE.split("|"):
        assert secret not in text
    assert load_layer(new.recipe, "my-town").gate[0].drop == ("bauleiter_telefon",)
    sample = json.loads((new.sample / "source" / "answer.geojson").read_text("utf-8"))
    assert len(sample["features"]) == 4
    assert sample["features"][0]["properties"]["bauleiter_telefon"] == "[…]"


def test_nothing_is_overwritten(town, tmp_path):
    path = written(tmp_path, SITES, "s.geojson")
    made(town, path)
    before = (town / "sites.toml").read_bytes()
    with pytest.raises(RecipeError, match="exists already"):
        made(town, path)
    (town / "sites.toml").unlink()
    with pytest.raises(RecipeError, match="exists already"):
        made(town, path)
    assert not (town / "sites.toml").exists()
    assert before


def test_a_folder_without_a_city_is_named(tmp_path):
    with pytest.raises(RecipeError, match=r"no city\.toml"):
        made(tmp_path / "nowhere", written(tmp_path, SITES, "s.geojson"))


def test_csv_with_a_decimal_comma_and_a_position(town, tmp_path):
    table = (
        'Nr;Bezeichnung;Höhe;lon;lat;E-Mail\nA1;Ahorn;12,5;11,51;48,1;x@y.de\nA2;"Linde; alt";7;11,52;48,1;\n'
    )
    new = made(town, written(tmp_path, table.encode("cp1252"), "b.csv"), "tree/1")
    assert new.ok, new.verdict
    layer = load_layer(new.recipe, "my-town")
    assert layer.source.options == {"encoding": "cp1252", "lon": "lon", "lat": "lat"}
    assert layer.source.crs == "EPSG:4326"
    assert "guessed from the numbers" in new.recipe.read_text("utf-8")
    assert layer.fields["height_m"].options == {"comma": True}
    assert "x@y.de" not in (new.sample / "source" / "answer.csv").read_text("cp1252")


def test_json_with_the_list_somewhere_inside(town, tmp_path):
    lots = {
        "updated": "x",
        "result": {"lots": [{"id": n, "coords": {"lat": 48.1, "lng": 11.5}, "total": 9} for n in "abcdef"]},
    }
    new = made(town, written(tmp_path, lots, "l.json"), "parking/1")
    assert new.ok, new.verdict
    layer = load_layer(new.recipe, "my-town")
    assert layer.source.options["tables"] == [
        {"items": "result.lots", "lon": "coords.lng", "lat": "coords.lat"}
    ]
    assert layer.fields["capacity"].source == "total"
    assert layer.fields["station"].source == "id"
    assert json.loads((new.sample / "source" / "answer.json").read_text())["result"]["lots"][3]["id"] == "d"


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
    assert "by the sample of de/by/buildings" in new.verdict
    assert load_layer(new.recipe, "my-town").source.connector == "citygml"


def test_a_sample_that_cannot_be_cut_is_said(town, tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a.csv", "nr,lon,lat\nA,11.5,48.1\nB,11.6,48.1\n")
    remarks = []
    new = made(town, tmp_path / "t.zip", "place/1", remarks=remarks)
    assert "has to be cut by hand" in remarks[-1]
    assert (new.ok, new.proven, new.sample) == (True, False, None)
    assert "not proven yet" in new.verdict
    assert f"twin check {new.recipe}" in new.verdict


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
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"<!DOCTYPE html><html>", "web page"),
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


def test_a_packed_answer_is_looked_into(town, tmp_path):
    path = written(tmp_path, gzip.compress(json.dumps(SITES).encode()), "s.geojson.gz")
    assert made(town, path).ok


def fields(*rows):
    return profiled([Record(f"row {n}", row) for n, row in enumerate(rows)])


def test_a_key_differs_and_is_called_so():
    rows = [
        {"nr": "1", "lage": "a", "@id": "x.1", "fax": "1"},
        {"nr": "2", "lage": "b", "@id": "x.2", "fax": "2"},
    ]
    assert business_key(fields(*rows)) == "nr"
    assert business_key(fields({"nr": "1"}, {"nr": "1"})) is None
    assert business_key(fields({"nr": "1"}, {"nr": None})) is None
    assert business_key(fields({"@id": "a"}, {"@id": "b"})) is None


@pytest.mark.parametrize(
    "name",
    [
        "Kontakt",
        "bauleiter_telefon",
        "e_mail",
        "OWNER",
        "uid",
        "user",
        "Hausnr",
        "bike_id",
        "Baumpate_pate",
        "mac_addr",
    ],
)
def test_names_that_speak_of_people_are_heard(name):
    assert fields({name: "x"})[0].personal


@pytest.mark.parametrize(
    "name",
    ["uuid", "guid", "Straße", "druid_count", "paternoster", "sensor", "name"],
)
def test_names_that_do_not_are_left(name):
    assert fields({name: "7"})[0].personal is None


def test_schemas_are_proposed_by_geometry_and_fields():
    rows = [{"pflanzjahr": "1990", "kronendurchmesser": "3.5", "baumart": "Tilia", "hoehe": "9.1"}] * 2
    assert schemas_for("Point", fields(*rows))[0] == "tree/1"
    assert all(
        SCHEMAS[each].geometry in ("line", "any") for each in schemas_for("MultiLineString", fields(*rows))
    )


def test_no_field_is_mapped_twice_and_none_that_is_personal():
    rows = [{"name": "a", "telefon": "b", "beginn": "2026-01-01T00:00:00Z"}]
    found = proposed(SCHEMAS["roadwork/2"], fields(*rows))
    assert len({p.field for p in found}) == len(found)
    assert "telefon" not in {p.field for p in found}
    assert {p.column: p.by for p in found}["valid_from"] == "instant"


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=30), st.text(max_size=30) | st.integers() | st.none(), max_size=8
    )
)
def test_fields_of_any_name_can_be_profiled_and_proposed(row):
    found = fields(row, row)
    for schema in SCHEMAS.values():
        proposed(schema, found, business_key(found))
    assert [f.name for f in found] == list(row)


@given(st.text(max_size=40))
def test_any_text_is_written_as_toml_that_reads_back(text):
    import tomllib

    text = text.encode("utf-8", "ignore").decode()
    assert tomllib.loads(f"a = {toml_text(text)}")["a"] == text


@given(st.binary(max_size=300))
def test_any_bytes_are_a_dialect_or_an_error_in_our_words(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "answer"
    path.write_bytes(data)
    with suppress(TwinError):
        assert dialect_of(path, "x").connector


def test_folding():
    assert folded("properties.Höhe (m)") == "hoehe_m"


PEOPLE = [
    {
        "lfd": n,
        "Name": f"{first} Mustermann",
        "Straße": "Musterweg 3",
        "WOHNORT": "Musterstadt",
        "Tel": "089 1234567",
    }
    | {"tiefe": n / 7, "standort": "Bank am Fluss"}
    for n, first in enumerate(("Erika", "Max", "Otto-Karl", "Zoë", "Anna"))
]


def test_in_a_file_about_people_names_and_addresses_are_personal(town, tmp_path):
    lots = {"result": {"rows": [row | {"lon": 11.5, "lat": 48.1} for row in PEOPLE]}}
    remarks = []
    new = made(town, written(tmp_path, lots, "p.json"), "place/1", remarks=remarks)
    assert new.ok, new.verdict
    assert {f.name for f in new.personal} == {"Name", "Straße", "WOHNORT", "Tel"}
    assert [words for words in remarks if "about people" in words and "Straße, WOHNORT" in words]
    text = "".join(file.read_text("utf-8") for file in town.rglob("*") if file.is_file())
    for secret in ("Mustermann", "Erika", "Musterweg", 'Musterstadt"', "1234567"):
        assert secret not in text.replace('de = "Musterstadt"', "")
    layer = load_layer(new.recipe, "my-town")
    assert not {"Name", "Straße", "WOHNORT", "Tel"} & {m.source for m in layer.fields.values()}


def test_two_fields_by_name_make_a_file_about_people():
    row = {"name": "x", "adresse": "y", "PLZ_Ort": "z", "standort": "w", "road_name": "v"}
    by_two = fields(row | {"telefon": "1", "e_mail": "2"})
    assert [f.name for f in by_two if f.personal] == ["name", "adresse", "PLZ_Ort", "telefon", "e_mail"]
    assert [f.name for f in fields(row | {"telefon": "1"}) if f.personal] == ["telefon"]


@pytest.mark.parametrize(
    ("value", "person"),
    [
        ("Erika Mustermann", True),
        ("Mustermann, Erika", True),
        ("Jean-Luc Müller-Lüdenscheidt", True),
        ("Sendlinger Tor", False),
        ("Viktor Muster", True),
        ("Parkhaus Elisabethen", False),
        ("Bauamt Mitte", False),
        ("Stadtwerke Musterstadt", False),
        ("Acer platanoides", False),
        ("Musterweg 3", False),
        ("ERIKA", False),
    ],
)
def test_a_first_and_a_family_name_are_seen(value, person):
    found = fields(*[{"wer": value}] * 3)[0]
    assert (found.personal is not None) is person


@pytest.mark.parametrize("name", ["manufacturer", "ending_cross_street", "Baumart", "stadtteil"])
def test_sorts_of_things_written_large_are_no_people(name):
    assert fields(*[{name: "Rosa Luxemburg"}] * 3)[0].personal is None


def test_the_reason_of_every_dropped_field_stands_beside_it(town, tmp_path):
    rows = [{"nr": f"A{n}", "lon": 11.5, "lat": 48.1, "fax": n, "wer": "Erika Mustermann"} for n in range(5)]
    text = made(town, written(tmp_path, rows, "r.json"), "place/1").recipe.read_text("utf-8")
    assert '"fax",   # its name speaks of people\n' in text
    assert '"wer",   # most of its values look like a first and a family name\n' in text


def test_why_a_field_that_differs_is_no_key_is_said(town, tmp_path):
    rows = [{"merkmal": f"A{n}", "lon": 11.5 + n / 9, "lat": 48.1} for n in range(5)]
    text = made(town, written(tmp_path, rows, "r.json"), "place/1").recipe.read_text("utf-8")
    assert '"merkmal" differs from thing to thing and is not taken as key: its name does not say' in text
    assert "business_key = " not in text


def test_sensors_of_citizens_are_never_a_table_of_single_ones(town, tmp_path):
    sensors = [
        {
            "id": n,
            "location": {"id": n, "longitude": "11.5", "latitude": "48.1", "indoor": 0, "exact_location": 0},
            "sensor": {"id": 100 + n},
            "sensordatavalues": [{"id": 7, "value_type": "P1", "value": "9.5"}],
            "timestamp": "2026-11-21 11:00:00",
        }
        for n in range(3)
    ]
    path = written(tmp_path, sensors, "c.json")
    with looked_at(str(path), Settings()) as looked:
        assert shared_for(looked) == ["de/citizen-air"]
    for schema in ("place/1", "air-cell/1"):
        with pytest.raises(RecipeError, match="--like de/citizen-air"):
            made(town, path, schema)
    new = made(town, path, like="de/citizen-air")
    assert new.ok, new.verdict
    assert load_layer(new.recipe, "my-town").gate[-1].coarsen
    assert "air-cell/1" not in schemas_for("Point", fields({"cell_m": 1, "sensors": 2}))


def test_means_of_sensors_need_the_rule_that_makes_them(town):
    recipe = town / "air.toml"
    recipe.write_text(
        'schema = "air-cell/1"\ntheme = "environment"\ntitle = { de = "a", en = "a" }\n'
        'summary = { de = "a", en = "a" }\n[source]\nconnector = "json"\nurl = "https://example.org"\n'
        'interval = "1d"\nlicence = "CC0-1.0"\npublisher = "a"\nattribution = "a"\n',
        "utf-8",
    )
    with pytest.raises(RecipeError, match=r"air\.toml, line 1: .*coarsen.*de/citizen-air"):
        load_layer(recipe, "my-town")


@pytest.mark.parametrize(
    ("name", "column", "factor"),
    [
        ("flaeche_qm", "area_km2", 1e-6),
        ("Fläche (m²)", "area_km2", 1e-6),
        ("grundstueck_m2", "area_km2", 1e-6),
        ("qm", "area_km2", 1e-6),
        ("flaeche_ha", "area_km2", 0.01),
        ("area_km2", "area_km2", None),
        ("flaeche", "area_km2", None),
        ("flaeche_ha", "area_m2", 10_000),
        ("flaeche_qm", "area_m2", None),
    ],
)
def test_areas_are_counted_in_the_unit_of_the_column(name, column, factor):
    schema = "district/1" if column == "area_km2" else "land-use/1"
    found = {p.column: p for p in proposed(SCHEMAS[schema], fields({name: "2.5"}))}
    assert found[column].options.get("factor") == (pytest.approx(factor) if factor else None)


def test_better_names_come_before_parts_of_names():
    row = {"beginning_cross_street": "a", "roads": "b", "ending_cross_street": "c"}
    found = {p.column: p.field for p in proposed(SCHEMAS["roadwork/2"], fields(row))}
    assert found["road"] == "roads"


@pytest.mark.parametrize("name", ["station", "station_id", "stop_id", "Station"])
def test_stations_are_known_by_their_name(name):
    rows = [{name: f"S{n}", "betreiber": "Amt", "code": "x"} for n in range(3)]
    found = fields(*rows)
    assert business_key(found) == name
    columns = proposed(SCHEMAS["parking/1"], found, name)
    assert [p.field for p in columns].count(name) == 1
    assert len({p.column for p in columns}) == len(columns)


def test_measurements_are_named_and_a_start_of_readings_is_written(town, tmp_path):
    rows = [
        {"id": f"P{n}", "lon": 11.5, "lat": 48.1, "frei": n, "Belegt": 9, "messwert_x": 1.5}
        | {"stand": "2026-11-21T11:00:00Z", "baujahr": 1990}
        for n in range(5)
    ]
    remarks = []
    new = made(town, written(tmp_path, rows, "r.json"), "parking/1", remarks=remarks)
    assert new.ok, new.verdict
    assert any("[[readings]]" in words and ": frei, Belegt, messwert_x;" in words for words in remarks)
    text = new.recipe.read_text("utf-8")
    assert load_layer(new.recipe, "my-town").readings == ()
    start = text[text.index("# [[readings]]") : text.index("[tiles]")].replace("# ", "")
    new.recipe.write_text(text + start.replace('PROPERTY = "messwert_x"', ""), "utf-8")
    (reading,) = load_layer(new.recipe, "my-town").readings
    assert reading.values == {"15min": {"free": "frei", "occupied": "Belegt"}}
    assert (reading.station, reading.start) == ("id", ("stand",))


def test_a_schema_without_properties_has_no_measurements(town, tmp_path):
    remarks = []
    rows = [{"id": f"P{n}", "lon": 11.5, "lat": 48.1, "frei": n} for n in range(5)]
    made(town, written(tmp_path, rows, "r.json"), "place/1", remarks=remarks)
    assert remarks == []


@pytest.mark.parametrize(("schema", "words"), [("parking/1", "[stations]"), ("place/1", "has features")])
def test_without_positions_nothing_is_to_be_drawn(town, tmp_path, schema, words):
    remarks = []
    rows = [{"nr": f"P{n}", "name": "a"} for n in range(5)]
    new = made(town, written(tmp_path, rows, "r.json"), schema, remarks=remarks)
    assert new.ok, new.verdict
    assert [each for each in remarks if "No positions" in each and words in each]
    assert load_layer(new.recipe, "my-town").tiles is None


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
