"""Files of features as GDAL reads them, in a process of its own: none, one, many, nowhere, hostile."""

import json
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from made import CITY, NOON, SITES, point, publish, square

from catalog.cities import write_city
from twin.record import Feature
from twin.store import FileStore

ITEMS = "/ogc/collections/probe.construction-sites/items"
TITLES = [
    "=1+1",
    "+1+cmd",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "a;=1",
    'quote "and", comma',
    "Straße\nzwei",
    "-5",
]
QUESTIONS = {
    "none": {"title": "there is none"},
    "one": {"title": "@SUM(A1)"},
    "many": {"limit": 100},
    "nowhere": {"filter": "geometry IS NULL"},
    "somewhere": {"filter": "geometry IS NOT NULL"},
    "bare": {"limit": 100, "skipGeometry": "true"},
    "few": {"limit": 100, "properties": "title,valid_from"},
    "metres": {"limit": 100, "crs": "EPSG:25832"},
}
CODE = """
import json, pathlib, sys, pyogrio
told = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    info = pyogrio.read_info(path, force_feature_count=True)
    _, _, shapes, values = pyogrio.raw.read(path, datetime_as_string=True)
    columns = dict(zip(info["fields"].tolist(), values, strict=True))
    told[path.name] = {
        "count": info["features"],
        "placed": 0 if shapes is None else sum(shape is not None for shape in shapes),
        "columns": {name: [None if v != v else v for v in found.tolist()] for name, found in columns.items()},
        "types": dict(zip(info["fields"].tolist(), map(str, info["dtypes"]), strict=True)),
        "crs": info["crs"],
    }
print(json.dumps(told, default=str))
"""


@pytest.fixture(scope="module")
def sites():
    start = NOON - timedelta(days=1, microseconds=-123_000)
    return [
        Feature(
            id=f"probe.construction-sites.{number}",
            source_id=f"{number}",
            values={"title": title, "observed_at": NOON, "valid_from": start if number % 2 else None},
            geometry=(None, square(11.51, 48.11), point(11.52, 48.12))[number % 3],
        )
        for number, title in enumerate(TITLES)
    ]


@pytest.fixture(scope="module")
def read(sites, client_of, tmp_path_factory):
    """(question, format) → what GDAL reads; and the pages as GeoJSON, by question."""
    store = FileStore(tmp_path_factory.mktemp("store"))
    write_city(store, CITY)
    publish(store, SITES, sites)
    ask = client_of(store, now=lambda: NOON + timedelta(minutes=1))
    folder = tmp_path_factory.mktemp("files")
    pages = {}
    for name, query in QUESTIONS.items():
        address = f"{ITEMS}?{urlencode(query)}"
        pages[name] = ask.json(address)
        for form in ("csv", "fgb", "gpkg"):
            (folder / f"{name}.{form}").write_bytes(ask(f"{address}&f={form}").content)
        (folder / f"{name}.geojson").write_bytes(ask(address).content)
    command = [sys.executable, "-c", CODE, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    return json.loads(told), pages


@pytest.mark.parametrize("form", ["csv", "fgb", "gpkg", "geojson"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_gdal_finds_as_many_features_and_places(read, name, form):
    told, pages = read
    features = pages[name]["features"]
    found = told[f"{name}.{form}"]
    assert found["count"] == len(features) == pages[name]["numberMatched"]
    if form != "csv":  # in which a place is text until somebody says what it is
        assert found["placed"] == sum(feature["geometry"] is not None for feature in features)


@pytest.mark.parametrize("form", ["fgb", "gpkg", "geojson"])
def test_texts_arrive_as_they_are(read, form):
    told, pages = read
    wanted = [feature["properties"]["title"] for feature in pages["many"]["features"]]
    assert sorted(wanted) == sorted(TITLES)
    assert told[f"many.{form}"]["columns"]["title"] == wanted


def test_in_a_spreadsheet_no_cell_calculates_and_numbers_stay(read):
    told, _ = read
    columns = told["many.csv"]["columns"]
    cells = dict(zip(columns["source_id"], columns["title"], strict=True))
    for number, title in enumerate(TITLES):
        cell = cells[str(number)]
        if title == "-5":
            assert cell == "-5"
        elif title[0] in "=+-@\t\r":
            assert cell.startswith("'")
        else:
            assert not cell.startswith("'")
    assert cells["6"] == "a;'=1"
    assert cells["7"] == 'quote "and", comma'


@pytest.mark.parametrize("form", ["fgb", "gpkg"])
def test_times_are_times_also_where_there_are_none(read, form):
    told, pages = read
    for name in ("none", "one", "many", "few"):
        assert told[f"{name}.{form}"]["types"]["valid_from"].startswith("datetime64")
    times = told[f"many.{form}"]["columns"]["valid_from"]
    for found, feature in zip(times, pages["many"]["features"], strict=True):
        wanted = feature["properties"]["valid_from"]
        assert (found is None) == (wanted is None)
        assert wanted is None or found[:23].replace("/", "-").replace(" ", "T") == "2026-02-28T12:00:00.123"


@pytest.mark.parametrize("form", ["fgb", "gpkg"])
def test_a_file_says_its_crs_also_where_nothing_is_found(read, form):
    told, _ = read
    for name in ("none", "one", "many", "nowhere"):
        assert told[f"{name}.{form}"]["crs"] == "EPSG:4326"
    assert told[f"metres.{form}"]["crs"] == "EPSG:25832"
