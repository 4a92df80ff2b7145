"""Where things are: columns whose names or numbers say it, metres in GeoJSON, keys that occur twice."""

import subprocess
import sys
from contextlib import suppress

import pytest

from api.new import new_layer
from ingest.check import check
from ingest.load import RECIPES, load_layer
from ingest.scaffold.mapping import nearly_keys
from ingest.scaffold.places import likely
from tests.ingest.new_made import fields, made, written
from twin.errors import RecipeError, TwinError, UnknownCRS
from twin.record import Record
from twin.settings import ROOT, Settings

ROWS = "\nE-1;Au;48,1;11,51\nE-2;Ost;48,2;11,52\nE-3;West;48,3;11,53\n"


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("Breite", "Länge"), ("BREITE", "LÄNGE"), ("breite", "Laenge"), ("Breitengrad", "Längengrad"),
     ("Geo-Lat", "Geo-Lon"), ("Latitude", "Longitude"), ("yKoord", "xKoord")],
)  # fmt: skip
def test_a_header_says_where_however_it_is_written(town, tmp_path, lat, lon):
    new = made(town, written(tmp_path, f"Nr;Ort;{lat};{lon}{ROWS}".encode(), "b.csv"), "place/1")
    assert new.ok, new.verdict
    assert load_layer(new.recipe, "my-town").source.options == {"lon": lon, "lat": lat}


def test_a_name_in_json_may_have_an_umlaut_too(town, tmp_path):
    rows = [{"nr": f"P{n}", "name": "a", "Breite": 48.1, "Länge": 11.5 + n / 10} for n in range(3)]
    new = made(town, written(tmp_path, rows, "r.json"), "place/1")
    assert new.ok, new.verdict


def test_columns_that_look_like_positions_are_named(town, tmp_path):
    remarks = []
    data = f"Nr;Ort;Wert1;Wert2{ROWS}".encode()
    new = made(town, written(tmp_path, data, "b.csv"), "place/1", remarks=remarks)
    assert not new.ok
    assert 'these columns look like positions, by their numbers: lon = "Wert2", lat = "Wert1"' in remarks
    (verdict,) = check(new.recipe)
    assert not verdict.ok
    assert "none of 3 features has a place" in verdict.words


@pytest.mark.parametrize(
    ("east", "north", "looks"),
    [("691000", "5334000,5", True), ("4468000", "5333000", True), (11.5, 48.1, True), ("11", "48", False),
     ("x", "y", False), (None, None, False), ("11.5", "5333000", False)],
)  # fmt: skip
def test_only_numbers_of_the_country_look_like_positions(east, north, looks):
    records = [Record("row 1", {"name": "a", "n": north, "e": east, "flag": True})]
    assert likely(records) == (("e", "n") if looks else None)


def collection(*positions, **more):
    features = [
        {"type": "Feature", "properties": {"nr": f"E-{n}", "ort": "Au"}}
        | {"geometry": {"type": "Point", "coordinates": at}}
        for n, at in enumerate(positions)
    ]
    return {"type": "FeatureCollection", "features": features} | more


def test_metres_in_geojson_are_guessed_as_those_of_a_table(town, tmp_path):
    data = collection([691000.0, 5334000.0], [691100.0, 5334100.0])
    new = made(town, written(tmp_path, data, "u.geojson"), "place/1")
    assert new.ok, new.verdict
    assert load_layer(new.recipe, "my-town").source.crs == "EPSG:25832"
    assert 'crs = "EPSG:25832"   # guessed from the numbers: check it' in new.recipe.read_text("utf-8")


def test_a_crs_that_a_file_states_is_not_guessed(town, tmp_path):
    stated = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}}
    data = collection([691000.0, 5334000.0], **stated)
    new = made(town, written(tmp_path, data, "u.geojson"), "place/1")
    assert new.ok, new.verdict
    assert load_layer(new.recipe, "my-town").source.crs is None


def test_nothing_published_is_no_proof(town, tmp_path):
    data = collection([2.1, 50.1], [2.2, 50.2])
    new = made(town, written(tmp_path, data, "u.geojson"), "place/1")
    assert not new.ok
    assert "0 of 2 records of the sample would be published: 2 broken: it lies outside" in new.verdict


def test_a_key_that_occurs_twice_is_told_with_its_places():
    rows = [{"Nr": name, "Ort": "Au"} for name in ("E-1", "E-2", "E-3", "E-2")]
    records = [Record(f"row {n}", row) for n, row in enumerate(rows)]
    assert nearly_keys(fields(*rows), records) == [("Nr", ("row 1", "row 3"))]
    many = [{"Nr": name, "Ort": "Au"} for name in "abab"]
    assert nearly_keys(fields(*many), [Record(f"row {n}", row) for n, row in enumerate(many)]) == []


def test_so_it_is_by_the_command(town, tmp_path):
    path = written(tmp_path, f"Nr;Ort;Breite;Länge{ROWS}E-3;Süd;48,4;11,6\n".encode(), "b.csv")
    command = [
        *(sys.executable, "-m", "api.cli", "new", "sites", "--city", town, "--source", path),
        *("--schema", "place/1", "--title-de", "a", "--title-en", "b", "--licence", "CC0-1.0"),
        *("--publisher", "Amt"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "! Nr would be the key, but one value is there twice: " in done.stdout
    assert "E-3" not in done.stdout


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("interval", "1x", "--interval '1x' is no length of time; write 15min, 1h or 1d"),
        ("licence", "CC-BY", "write one of"),
        ("schema", "plce/1", "did you mean 'place/1'"),
        ("like", "de/watr", "no shared recipe"),
        ("crs", "EPSG:99999", "EPSG:99999"),
    ],
)
def test_an_option_that_cannot_be_is_refused_before_anything_is_written(town, option, value, words):
    names = ("source", "schema", "like", "title_de", "title_en", "licence", "publisher", "interval", "crs")
    given = dict.fromkeys(names) | {"city": str(town), "source": "nothing-here.csv", option: value}
    with pytest.raises((RecipeError, UnknownCRS), match=words):
        new_layer("sites", given, Settings())
    assert [path.name for path in town.iterdir()] == ["city.toml"]


@pytest.mark.parametrize(("schema", "named"), [("building/1", True), ("place/1", False)])
def test_a_shared_recipe_is_named_where_a_schema_was_given(town, capsys, schema, named):
    """Who says what they are should know that a recipe with roofs and uses is there."""
    gml = RECIPES / "de/by/samples/buildings/source/690_5334.gml"
    names = ("like", "interval", "crs")
    given = dict.fromkeys(names) | {"city": str(town), "source": str(gml), "schema": schema, "title_de": "a"}
    given |= {"title_en": "b", "licence": "CC0-1.0", "publisher": "Amt"}
    with suppress(TwinError):  # buildings are no places
        new_layer("houses", given, Settings(grids=None))
    told = (
        "! the shared recipe de/by/buildings reads such a source, too, and more of it: --like de/by/buildings"
    )
    assert (told in capsys.readouterr().out) is named
