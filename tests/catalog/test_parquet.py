import io
import json

import geopandas
import numpy as np
import pyarrow.parquet as pq
import pytest
from made import BUILDINGS, COUNTS, NOON, SITES, buildings, point, sites, stations

from catalog import hilbert, parquet
from twin.errors import Damaged, StoreError
from twin.record import Feature


def told(feature: Feature) -> tuple:
    """What the file keeps of a feature: everything but its form in 3D."""
    values = {k: v for k, v in feature.values.items() if v is not None}
    return feature.id, feature.source_id, feature.geometry, values


@pytest.mark.parametrize(
    ("layer", "features"),
    [
        (BUILDINGS, buildings(40)),
        (SITES, sites()),
        (COUNTS, stations(COUNTS)),
        (SITES, []),
        (BUILDINGS, [Feature("a", "b", {}, None)]),
    ],
    ids=["buildings", "sites", "stations", "none", "nowhere"],
)
def test_features_survive_the_file(layer, features):
    data = parquet.write_features(features, layer.schema_)
    back = {f.id: f for f in parquet.read_features(data)}
    assert len(back) == len(features)
    assert all(told(feature) == told(back[feature.id]) for feature in features)
    assert parquet.write_features(features[::-1], layer.schema_) == data


def test_it_is_geoparquet_that_others_read():
    data = parquet.write_features(buildings(40), BUILDINGS.schema_)
    geo = json.loads(pq.read_schema(io.BytesIO(data)).metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["geometry_types"] == ["Polygon"]
    frame = geopandas.read_parquet(io.BytesIO(data), bbox=(11.4995, 48.0995, 11.5005, 48.1005))
    assert frame.crs.to_string() == "OGC:CRS84"
    assert frame["id"].tolist() == ["probe.buildings.b0"]
    assert frame["observed_at"][0] == NOON


def test_neighbours_stand_near_each_other():
    x, y = (a.ravel().astype(float) for a in np.meshgrid(np.arange(32), np.arange(32)))
    order = np.argsort(hilbert.distances(x, y))
    steps = np.hypot(np.diff(x[order]), np.diff(y[order]))
    assert steps.max() == 1  # the curve visits a grid without a jump


def test_a_value_that_does_not_fit_is_named_without_being_told():
    bad = Feature("f7", "s", {"height_m": "secret"}, point(11, 48))
    with pytest.raises(StoreError, match="feature f7: height_m is not a number") as caught:
        parquet.write_features([*buildings(1), bad], BUILDINGS.schema_)
    assert "secret" not in str(caught.value)
    lone = Feature("f8", "s", {"municipality_key": "\ud800"}, point(11, 48))
    with pytest.raises(StoreError, match="feature f8: municipality_key"):
        parquet.write_features([lone], BUILDINGS.schema_)


def test_a_file_that_is_none_is_damage():
    with pytest.raises(Damaged):
        parquet.read_features(b"PAR1 not really PAR1")
