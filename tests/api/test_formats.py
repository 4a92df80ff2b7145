"""Features of /ogc in files: each as the GeoJSON says."""

import csv
import io
import sqlite3

import geopandas
import orjson
import pyarrow.parquet
import pyogrio
import pytest
import shapely

ITEMS = {
    "polygons": "/ogc/collections/probe.buildings/items",
    "some-nowhere": "/ogc/collections/probe.construction-sites/items",
    "points": "/ogc/collections/probe.bike-counts/items",
}
QUESTIONS = {
    "all": "limit=1000",
    "some": "limit=4",
    "box": "bbox=11.4,48,11.5105,48.2&limit=1000",
    "none": "bbox=1,1,2,2",
}
JSON_TEXT = ("latest", "last_24h", "usual_24h")
INSTANTS = ("valid_from", "valid_to", "observed_at")
MEDIA = {
    "json": "application/geo+json",
    "jsonfg": "application/geo+json",
    "csv": "text/csv; charset=utf-8; header=present",
    "fgb": "application/flatgeobuf",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "html": "text/html; charset=utf-8",
}


def read(form, body, tmp_path):
    if form == "parquet":
        return geopandas.read_parquet(io.BytesIO(body))
    path = tmp_path / f"found.{form}"
    path.write_bytes(body)
    return pyogrio.read_dataframe(path)


def plain(name, value):
    """A value of a file as GeoJSON has it."""
    if value is None or value != value:
        return None
    if name in INSTANTS:
        return value.isoformat().replace("+00:00", "Z")
    if name in JSON_TEXT:
        return orjson.loads(value)
    return value.item() if hasattr(value, "item") else value


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("items", ITEMS.values(), ids=ITEMS)
@pytest.mark.parametrize("form", ["fgb", "gpkg", "parquet"])
def test_a_file_has_what_the_geojson_has(ask, tmp_path, form, items, question):
    told = ask.json(f"{items}?{question}")
    answer = ask(f"{items}?{question}&f={form}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA[form])
    assert answer.headers["ogc-numbermatched"] == str(told["numberMatched"])
    assert answer.headers["ogc-numberreturned"] == str(told["numberReturned"])
    found = read(form, answer.content, tmp_path)
    assert found.crs.to_epsg() == 4326 or found.crs.to_string() == "OGC:CRS84"
    assert len(found) == len(told["features"])
    for (_, row), feature in zip(found.iterrows(), told["features"], strict=True):
        shape = row.pop("geometry")
        expected = None if feature["geometry"] is None else shapely.geometry.shape(feature["geometry"])
        assert (shape is None) == (expected is None)
        assert shape is None or shapely.equals_exact(shape, expected)
        assert {name: plain(name, value) for name, value in row.items()} == feature["properties"]


@pytest.mark.parametrize("form", ["fgb", "gpkg", "parquet"])
def test_columns_are_typed_as_the_schema_says_also_where_nothing_is_found(ask, tmp_path, form):
    url = f"{ITEMS['polygons']}?bbox=1,1,2,2&f={form}"
    if form == "parquet":
        types = geopandas.read_parquet(io.BytesIO(ask(url).content)).dtypes.astype(str)
    else:
        (tmp_path / f"none.{form}").write_bytes(ask(url).content)
        told = pyogrio.read_info(tmp_path / f"none.{form}")
        types = dict(zip(told["fields"], told["dtypes"], strict=True))
    assert types["height_m"] == "float64"
    assert types["storeys"] == "int64"
    assert types["observed_at"].startswith("datetime64")


def test_a_geopackage_says_whose_data_it_has(ask, tmp_path):
    path = tmp_path / "sites.gpkg"
    path.write_bytes(ask(f"{ITEMS['some-nowhere']}?f=gpkg").content)
    with sqlite3.connect(path) as found:
        ((name, about),) = found.execute("select table_name, description from gpkg_contents").fetchall()
    found.close()
    assert name == "probe.construction-sites"
    assert "Probestadt, dl-de/by-2-0" in about
    assert "govdata.de/dl-de/by-2-0" in about


def test_csv_is_rfc_4180_with_outlines_as_wkt(ask):
    told = ask.json(f"{ITEMS['some-nowhere']}?limit=10")
    text = ask(f"{ITEMS['some-nowhere']}?f=csv").content.decode()
    assert text.count("\r\n") == 1 + len(told["features"])
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row, feature in zip(rows, told["features"], strict=True):
        properties = feature["properties"]
        assert row["title"] == properties["title"]
        assert row["valid_from"] == (properties["valid_from"] or "")
        assert row["phase"] == properties["phase"]
        wkt = row["geometry"]
        assert (wkt == "") == (feature["geometry"] is None)
        if wkt:
            assert shapely.equals_exact(shapely.from_wkt(wkt), shapely.geometry.shape(feature["geometry"]))


def test_csv_of_stations_has_their_place_in_two_columns(ask):
    told = ask.json(ITEMS["points"])
    rows = list(csv.DictReader(io.StringIO(ask(f"{ITEMS['points']}?f=csv").content.decode(), newline="")))
    found = [[float(row["lon"]), float(row["lat"])] for row in rows]
    assert found == [feature["geometry"]["coordinates"] for feature in told["features"]]
    assert orjson.loads(rows[0]["latest"]) == told["features"][0]["properties"]["latest"]
    assert "geometry" not in rows[0]


def test_one_feature_comes_in_every_format(ask, tmp_path):
    path = f"{ITEMS['polygons']}/probe.buildings.b3"
    for form in ("fgb", "gpkg", "parquet"):
        (row,) = read(form, ask(f"{path}?f={form}").content, tmp_path).to_dict("records")
        assert (row["id"], row["storeys"]) == ("probe.buildings.b3", 3)
    (row,) = csv.DictReader(io.StringIO(ask(f"{path}?f=csv").text, newline=""))
    assert row["source_id"] == "DEBY_3"


def test_json_fg_tells_time_type_and_place(ask, tmp_path):
    answer = ask(f"{ITEMS['some-nowhere']}?f=jsonfg")
    found, told = answer.json(), ask.json(ITEMS["some-nowhere"])
    assert found["conformsTo"] == [
        f"http://www.opengis.net/spec/json-fg-1/1.0/conf/{name}" for name in ("core", "types-schemas")
    ]
    schema = ask.json(found["featureSchema"])["properties"]
    assert set(found["features"][0]["properties"]) <= set(schema)
    assert found["featureType"] == "roadwork"
    times = {feature["properties"]["source_id"]: feature["time"] for feature in found["features"]}
    assert times["running"] == {"interval": ["2026-02-28T12:00:00Z", "2026-03-06T12:00:00Z"]}
    assert times["open"] is None
    for feature, same in zip(found["features"], told["features"], strict=True):
        assert feature["place"] is None  # in WGS 84 it stands in the geometry
        assert {**same, "time": feature["time"], "place": None} == feature
    path = tmp_path / "found.json"
    path.write_bytes(answer.content)
    assert len(pyogrio.read_dataframe(f"JSONFG:{path}")) == len(found["features"])
    one = ask(f"{ITEMS['some-nowhere']}/probe.construction-sites.running?f=jsonfg").json()
    assert (one["type"], one["time"]["interval"][1]) == ("Feature", "2026-03-06T12:00:00Z")
    assert one["conformsTo"] == found["conformsTo"]


@pytest.mark.parametrize("form", ["csv", "fgb", "gpkg", "parquet"])
def test_files_have_their_links_in_the_header_and_keep_the_format(ask, form):
    answer = ask(f"{ITEMS['polygons']}?limit=4&f={form}")
    links = dict(reversed(part.split("; ")[:2]) for part in answer.headers["link"].split(", "))
    following = ask(links['rel="next"'].strip("<>"))
    assert following.headers["content-type"] == MEDIA[form]
    assert following.content != answer.content
    assert links['rel="license"'].startswith("<https://")
    assert answer.headers["content-disposition"] == f'attachment; filename="probe.buildings.{form}"'


@pytest.mark.parametrize("form", MEDIA)
def test_what_a_visitor_has_already_is_not_sent_again(ask, form):
    url = f"{ITEMS['polygons']}?f={form}"
    tag = ask(url).headers["etag"]
    assert ask(url, if_none_match=tag).status_code == 304
    others = [ask(f"{ITEMS['polygons']}?f={other}").headers["etag"] for other in MEDIA if other != form]
    assert tag not in others


def test_an_etag_is_strong(ask):
    one = f"{ITEMS['polygons']}/{ask.json(ITEMS['polygons'])['features'][0]['id']}"
    for url in (f"{of}?f={form}" for of in (ITEMS["polygons"], one) for form in MEDIA):
        first, second = ask(url), ask(url)
        assert first.headers["etag"] == second.headers["etag"]
        assert first.headers["etag"].startswith('"'), url
        assert first.content == second.content, url


@pytest.mark.parametrize("form", ["fgb", "gpkg", "parquet"])
@pytest.mark.parametrize("code", [25832, 3857, 4258])
def test_files_have_the_crs_asked_for_and_longitude_first(ask, tmp_path, form, code):
    uri = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
    answer = ask(f"{ITEMS['polygons']}?f={form}&crs={uri}")
    assert answer.headers["content-crs"] == f"<{uri}>"
    found = read(form, answer.content, tmp_path)
    assert found.crs.to_epsg() == code
    there = found.to_crs("OGC:CRS84").total_bounds
    plain = read(form, ask(f"{ITEMS['polygons']}?f={form}").content, tmp_path).total_bounds
    assert there == pytest.approx(plain, abs=1e-7)


def test_csv_names_its_columns_by_the_crs(ask):
    def row(code):
        url = f"{ITEMS['points']}?f=csv&crs=http://www.opengis.net/def/crs/EPSG/0/{code}"
        return next(csv.DictReader(io.StringIO(ask(url).text, newline="")))

    assert float(row(25832)["x"]) == pytest.approx(690_000, abs=2000)
    assert float(row(4258)["lon"]) == pytest.approx(11.55)
    assert float(row(4258)["lat"]) == pytest.approx(48.15)


def test_json_fg_has_other_crs_in_place_and_nothing_for_readers_of_degrees(ask):
    uri = "http://www.opengis.net/def/crs/EPSG/0/25832"
    found = ask(f"{ITEMS['points']}?f=jsonfg&crs={uri}").json()
    assert found["coordRefSys"] == uri
    assert all(feature["geometry"] is None for feature in found["features"])
    assert found["features"][0]["place"]["coordinates"][0] == pytest.approx(690_000, abs=2000)


@pytest.mark.parametrize("form", ["csv", "fgb", "gpkg", "parquet"])
def test_files_have_only_the_properties_asked_for_and_no_geometry_if_none_is_wanted(ask, tmp_path, form):
    url = f"{ITEMS['polygons']}?properties=height_m,storeys&skipGeometry=true&limit=4&f={form}"
    told = ask.json(url.replace(f"f={form}", "f=json"))["features"]
    body = ask(url).content
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(body.decode(), newline="")))
        rows = [
            {name: float(value) if "." in value else int(value) for name, value in row.items()}
            for row in rows
        ]
    elif form == "parquet":
        rows = pyarrow.parquet.read_table(io.BytesIO(body)).to_pylist()
    else:
        path = tmp_path / f"found.{form}"
        path.write_bytes(body)
        rows = pyogrio.read_dataframe(path, read_geometry=False).to_dict("records")
    assert rows == [feature["properties"] for feature in told]


@pytest.mark.parametrize("form", ["csv", "fgb", "gpkg", "parquet"])
def test_files_are_filtered_and_sorted_like_the_rest(ask, tmp_path, form):
    url = f"{ITEMS['polygons']}?filter=storeys>20&sortby=-storeys&limit=5&properties=storeys&f={form}"
    body = ask(url).content
    if form == "csv":
        found = [int(row["storeys"]) for row in csv.DictReader(io.StringIO(body.decode(), newline=""))]
    else:
        found = read(form, body, tmp_path)["storeys"].tolist()
    assert found == [29, 28, 27, 26, 25]
