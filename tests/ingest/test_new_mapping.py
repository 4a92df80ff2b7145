"""Which column comes from which field, and which field is the key, as ``twin new`` proposes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.load import load_layer
from ingest.scaffold.look import looked_at
from ingest.scaffold.mapping import business_key, proposed, schemas_for
from ingest.scaffold.people import folded
from ingest.scaffold.values import quoted as toml_text
from tests.ingest.new_made import fields, made, written
from twin.schemas import SCHEMAS
from twin.settings import Settings


def test_a_key_differs_and_is_called_so():
    rows = [
        {"nr": "1", "lage": "a", "@id": "x.1", "fax": "1"},
        {"nr": "2", "lage": "b", "@id": "x.2", "fax": "2"},
    ]
    assert business_key(fields(*rows)) == "nr"
    assert business_key(fields({"nr": "1"}, {"nr": "1"})) is None
    assert business_key(fields({"nr": "1"}, {"nr": None})) is None
    assert business_key(fields({"@id": "a"}, {"@id": "b"})) is None
    assert business_key(fields({"Baum-Nr.": "1"}, {"Baum-Nr.": "2"})) == "Baum-Nr."
    assert business_key(fields({"Lfd. Nr.": "1"}, {"Lfd. Nr.": "2"})) is None  # numbers the rows of a list


def test_schemas_are_proposed_by_geometry_and_fields():
    rows = [{"pflanzjahr": "1990", "kronendurchmesser": "3.5", "baumart": "Tilia", "hoehe": "9.1"}] * 2
    assert schemas_for("Point", fields(*rows))[0] == "tree/1"
    assert all(
        SCHEMAS[each].geometry in ("line", "any") for each in schemas_for("MultiLineString", fields(*rows))
    )


def test_words_that_are_merely_alike_propose_nothing():
    places = fields({"Name": "a", "Alter": "3-12 Jahre"}, {"Name": "b", "Alter": "6-12 Jahre"})
    assert schemas_for("Point", places)[0] == "place/1"  # Alter (age) is no water
    slips = fields({"Bezeichung": "a", "Gewaeser": "Isar"}, {"Bezeichung": "b", "Gewaeser": "Isar"})
    assert {p.column: p.field for p in proposed(SCHEMAS["gauge/1"], slips)} == {
        "name": "Bezeichung",
        "water": "Gewaeser",
    }


def test_schemas_are_proposed_in_their_newest_version_and_a_number_tells_nothing():
    sites = fields({"Straße": "a", "Beginn": "01.03.2026", "Ende": "02.03.2026"})
    assert [each for each in schemas_for("Point", sites) if each.startswith("roadwork/")] == ["roadwork/4"]
    playgrounds = fields({"name": "a", "@id": "sp.1", "stadtteil": "Süd"})
    assert schemas_for("Point", playgrounds)[0] == "place/1"


def test_what_is_yes_or_no_is_proposed_as_no_text():
    rows = [{"Straße": "a", "Vollsperrung": "ja"}, {"Straße": "b", "Vollsperrung": "Nein"}, {"Straße": "c"}]
    found = fields(*rows)
    assert {f.name: f.kind for f in found} == {"Straße": "text", "Vollsperrung": "yes or no"}
    assert {p.column for p in proposed(SCHEMAS["roadwork/4"], found)} == {"title"}
    told = fields({"Straße": "a", "Sperrung": "halbseitig"}, {"Straße": "b", "Sperrung": "nein"})
    assert "restriction" in {p.column for p in proposed(SCHEMAS["roadwork/4"], told)}


def test_a_note_is_the_last_that_describes():
    rows = [{"Art der Maßnahme": "Kanalbau", "Bemerkung": "a"}]
    assert {p.column: p.field for p in proposed(SCHEMAS["roadwork/4"], fields(*rows))}["description"] == (
        "Art der Maßnahme"
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


def test_folding():
    assert folded("properties.Höhe (m)") == "hoehe_m"


def test_why_a_field_that_differs_is_no_key_is_said(town, tmp_path):
    rows = [{"merkmal": f"A{n}", "lon": 11.5 + n / 9, "lat": 48.1} for n in range(5)]
    text = made(town, written(tmp_path, rows, "r.json"), "place/1").recipe.read_text("utf-8")
    assert '"merkmal" differs from thing to thing and is not taken as key: its name does not say' in text
    assert "business_key = " not in text


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


@pytest.mark.parametrize(
    ("name", "plain"),
    [("stationId", "station_id"), ("title.de", "title"), ("OBJECTID", "objectid"), ("NO2", "no2")],
)
def test_words_within_a_name_are_heard(name, plain):
    assert folded(name) == plain


@pytest.mark.parametrize("name", ["stationId", "baumnr", "BAUMNUMMER", "lichtmast_kennung"])
def test_keys_are_known_by_how_their_names_end(name):
    assert business_key(fields(*[{name: f"S{n}"} for n in range(3)])) == name


def test_a_page_with_nested_positions_and_contacts(town, tmp_path):
    things = [
        {
            "stationId": f"S{n}",
            "title": {"de": f"Halt {n}"},
            "pos": {"geo": {"coordinates": {"latitude": 48.1, "longitude": 11.5}}},
            "operatorContact": {"mail": "x@y.de", "since": 1999},
        }
        for n in range(5)
    ]
    pages = {"meta": {"next": "https://h/v2?page=2"}, "payload": {"stations": things}}
    new = made(town, written(tmp_path, pages, "p.json"), "place/1")
    assert new.ok, new.verdict
    layer = load_layer(new.recipe, "my-town")
    assert layer.source.options["next"] == "meta.next"
    assert layer.source.options["tables"][0]["lon"] == "pos.geo.coordinates.longitude"
    assert layer.fields["name"].source == "title.de"
    assert "x@y.de" not in (new.sample / "source" / "answer.json").read_text("utf-8")


def test_columns_of_gauss_and_krueger_are_positions(town, tmp_path):
    table = "Nr;Name;Rechtswert;Hochwert\n" + "".join(
        f"B{n};Bänke;446800{n},25;5333000,5\n" for n in range(4)
    )
    path = written(tmp_path, table.encode("iso-8859-1"), "b.csv")
    with looked_at(str(path), Settings()) as looked:
        assert (looked.crs, looked.crs_guessed, looked.geometry) == ("EPSG:31468", True, "Point")
        assert looked.dialect.options == {"encoding": "cp1252", "lon": "Rechtswert", "lat": "Hochwert"}
