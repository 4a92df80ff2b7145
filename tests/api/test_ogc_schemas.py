"""OGC API Features Part 5: schema, queryables, sortables."""

import jsonschema
import pytest

from api import schemas
from twin.schema import Kind
from twin.schemas import SCHEMAS

REL = "http://www.opengis.net/def/rel/ogc/1.0/"


@pytest.mark.parametrize("layer", ["buildings", "construction-sites", "bike-counts", "air-quality"])
@pytest.mark.parametrize("name", ["schema", "queryables", "sortables"])
def test_the_collection_leads_to_each_and_each_is_a_json_schema(ask, layer, name):
    collection = ask.json(f"/ogc/collections/probe.{layer}")
    (link,) = [link for link in collection["links"] if link["rel"] == REL + name]
    answer = ask(link["href"])
    assert answer.headers["content-type"] == link["type"] == "application/schema+json"
    document = answer.json()
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["$id"] == link["href"]
    assert (document["type"], document["additionalProperties"]) == ("object", False)


@pytest.mark.parametrize("layer", ["buildings", "construction-sites", "bike-counts"])
def test_features_have_what_the_schema_says_and_nothing_else(ask, layer):
    document = ask.json(f"/ogc/collections/probe.{layer}/schema")
    columns = {name: told for name, told in document["properties"].items() if name != "geometry"}
    for told in columns.values():  # a column without a value is null
        told["type"] = [told["type"], "null"]
        if "enum" in told:
            told["enum"].append(None)
    validator = jsonschema.Draft202012Validator({**document, "properties": columns})
    for feature in ask.json(f"/ogc/collections/probe.{layer}/items?limit=100")["features"]:
        validator.validate(feature["properties"])
        assert set(feature["properties"]) == set(columns)


def test_columns_have_types_units_choices_and_titles_in_both_languages(ask):
    told = ask.json("/ogc/collections/probe.buildings/queryables")["properties"]
    assert told["height_m"]["type"] == "number"
    assert (told["height_m"]["x-ogc-unit"], told["height_m"]["x-ogc-unitLang"]) == ("m", "UCUM")
    assert told["roof_type"]["enum"][0] == "flat"
    assert told["roof_type"]["x-enum-titles"]["flat"] == {"de": "Flachdach", "en": "flat roof"}
    assert told["storeys"]["type"] == "integer"
    assert told["observed_at"]["format"] == "date-time"
    assert told["geometry"]["format"] == "geometry-polygon-or-multipolygon"
    assert told["geometry"]["x-ogc-role"] == "primary-geometry"
    assert told["id"]["x-ogc-role"] == "id"
    assert all(set(column["x-titles"]) == {"de", "en"} for column in told.values())
    assert "geometry" not in ask.json("/ogc/collections/probe.buildings/sortables")["properties"]


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=lambda schema: schema.id)
def test_every_column_of_every_schema_is_typed(schema):
    told = schemas.queryables(schema)
    assert list(told) == ["geometry", *schema.names]
    for column in schema.columns:
        assert told[column.name]["type"] in ("string", "integer", "number", "boolean", "array")
        assert ("enum" in told[column.name]) == (column.kind is Kind.ENUM)


def test_wrong_addresses_are_problems(ask):
    assert ask("/ogc/collections/probe.bildings/queryables").status_code == 404
    assert ask("/ogc/collections/probe.buildings/schema?lang=de").status_code == 400
