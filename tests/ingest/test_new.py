"""A recipe for any source: told by its bytes, proposed by its fields, proven by a sample."""

import gzip
import json

import pytest

from ingest.check import check
from ingest.load import load_layer
from ingest.new import scaffold
from ingest.scaffold.look import looked_at
from tests.ingest.new_made import ANSWERS, SITES, made, written
from twin.errors import GeodesyError, RecipeError
from twin.settings import Settings


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


def test_a_packed_answer_is_looked_into(town, tmp_path):
    path = written(tmp_path, gzip.compress(json.dumps(SITES).encode()), "s.geojson.gz")
    assert made(town, path).ok


@pytest.mark.parametrize("schema", ["parking/1", "place/1"])
def test_without_positions_it_is_no_layer_until_its_recipe_says_so(town, tmp_path, schema):
    remarks = []
    rows = [{"nr": f"P{n}", "name": "a"} for n in range(5)]
    new = made(town, written(tmp_path, rows, "r.json"), schema, remarks=remarks)
    assert not new.ok
    assert "none of 4 features has a place; name the columns of positions" in new.verdict
    assert [each for each in remarks if "No positions" in each and "[stations]" in each]
    text = new.recipe.read_text("utf-8")
    assert "# No positions were found" in text
    new.recipe.write_text(text.partition("[tiles]")[0], "utf-8")
    assert [verdict.ok for verdict in check(new.recipe)] == [True]


def test_a_fault_in_another_recipe_stops_nobody(town, tmp_path):
    (town / "wells.toml").write_text("schema = ", "utf-8")
    new = made(town, written(tmp_path, SITES, "s.geojson"))
    assert new.ok, new.verdict
    assert (new.sample / "expected.json").is_file()


def test_a_source_without_a_licence_is_written_as_unclear(town, tmp_path):
    path = written(tmp_path, SITES, "s.geojson")
    with looked_at(str(path), Settings()) as looked:
        answers = ANSWERS | {"licence": "NOASSERTION"}
        new = scaffold(town, "sites", looked, answers, "roadwork/2", None, [].append)
    assert new.ok, new.verdict
    assert load_layer(new.recipe, "my-town").source.unclear is not None


def test_what_lacks_a_grid_here_is_written_and_not_proven(town, tmp_path, monkeypatch):
    def without(*_, **__):
        raise GeodesyError("needs the grid x.tif")

    monkeypatch.setattr("ingest.new.proof", without)
    new = made(town, written(tmp_path, SITES, "s.geojson"))
    assert (new.ok, new.proven) == (True, False)
    assert "needs the grid x.tif" in new.verdict
