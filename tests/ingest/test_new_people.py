"""What ``twin new`` takes for personal: by names, by values, and beside them."""

import json

import pytest

from ingest.load import load_layer
from ingest.scaffold.fitting import shared_for
from ingest.scaffold.look import looked_at
from ingest.scaffold.mapping import schemas_for
from tests.ingest.new_made import POLICE, SITES, fields, made, written
from twin.errors import RecipeError
from twin.settings import Settings


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
    assert [words for words in remarks if "details of people" in words and "Straße, WOHNORT" in words]
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
