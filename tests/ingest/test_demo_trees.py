"""The made-up trees: they stand where trees can stand, and not everything is known of them."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import orjson
import pyproj
import pytest
import shapely

from ingest.demo import maps, plan, trees
from ingest.demo.place import CORE, ORIGIN
from ingest.fields import FUNCTIONS, Context
from ingest.load import load_city
from tiles.trees import form_of

NOW = datetime(2026, 11, 21, 14, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def drawn() -> plan.Plan:
    return plan.draw(CORE)


@pytest.fixture(scope="module")
def features(drawn: plan.Plan, tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    path = tmp_path_factory.mktemp("trees") / "trees.geojson"
    trees.write_trees(path, drawn.streets, {0}, drawn.blocks)
    return orjson.loads(path.read_bytes())["features"]


@pytest.fixture(scope="module")
def places(features: list[dict]) -> np.ndarray:
    lonlat = np.array([feature["geometry"]["coordinates"] for feature in features])
    to_city = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:25832", always_xy=True)
    return np.column_stack(to_city.transform(*lonlat.T)) - ORIGIN


def test_no_tree_stands_in_the_water_in_a_house_or_on_a_path(
    drawn: plan.Plan, places: np.ndarray, tmp_path: Path
) -> None:
    maps.write_water(tmp_path / "water.geojson", {0})
    to_city = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:25832", always_xy=True)
    for feature in orjson.loads((tmp_path / "water.geojson").read_bytes())["features"]:
        ring = np.array(feature["geometry"]["coordinates"][0])
        water = shapely.Polygon(np.column_stack(to_city.transform(*ring.T)) - ORIGIN)
        assert not shapely.contains_xy(water, places).any()
    for block in drawn.blocks:  # houses stand in blocks
        assert not shapely.contains_xy(shapely.Polygon(block.ring).buffer(-0.5), places).any()
    for street in drawn.streets:
        if street.kind == "Weg":
            assert not shapely.contains_xy(shapely.LineString(street.line).buffer(1.7), places).any()


def test_ids_are_unique_and_some_sizes_are_missing(features: list[dict]) -> None:
    rows = [feature["properties"] for feature in features]
    assert len({row["gisid"] for row in rows}) == len(rows) > 1000
    for column in ("baumhoehe", "kronedurch", "art_bot"):
        missing = sum(row[column] is None for row in rows) / len(rows)
        assert 0.005 < missing < 0.15


def test_every_species_of_the_demo_has_a_form(features: list[dict]) -> None:
    known = {feature["properties"]["art_bot"] for feature in features} - {None}
    assert {form_of([name]) for name in known} == {"broadleaf", "conifer", "column", "slender", "shrub"}


def test_the_recipe_says_where_a_size_is_from(features: list[dict]) -> None:
    (layer,) = [layer for layer in load_city("demo").layers if layer.name == "trees"]
    row = {
        "baumhoehe": None,
        "kronedurch": None,
        "art_bot": "Picea abies",
        "gattung": None,
        "art_dtsch": None,
    }

    def mapped(column: str, **values: object) -> object:
        mapping = layer.fields[column]
        asked = {**row, **values}
        return FUNCTIONS[mapping.by]([asked[name] for name in mapping.source], Context(mapping.options))

    assert mapped("form") == "conifer"
    assert (mapped("height_m"), mapped("height_source")) == (15.0, "assumed")
    assert (mapped("height_m", baumhoehe="20"), mapped("height_source", baumhoehe="20")) == (20.0, "measured")
    assert (mapped("crown_m", baumhoehe=20), mapped("crown_source", baumhoehe=20)) == (8.0, "derived")
    with pytest.raises(ValueError, match="is not a number"):
        mapped("height_m", baumhoehe="hoch")
