"""``twin new`` on every protocol that has a shared recipe: it finds the recipe, cuts a sample and proves it.

The sources are the samples of the shared recipes, in their publishers' dialects.
"""

import gzip
import json
import zipfile

import numpy as np
import pytest

from ingest.check import check
from ingest.load import RECIPES, load_layer
from ingest.scaffold.fitting import shared_for
from ingest.scaffold.look import looked_at
from tests.ingest.new_made import TOWN, made, written
from twin.errors import SourceBroken
from twin.settings import Settings

_LARGEST = 60_000
KNOWN = [
    ("de/air-quality", ""),
    ("de/autobahn", "a8_roadworks.json"),
    ("de/bike-counts", "rad_2026_10_tage.csv"),
    ("de/bike-counts-sensorthings", "datastreams.json"),
    ("de/construction-geojson", "baustellen_2026-05-04T173000Z.geojson"),
    ("de/cycle-network", "sample.osm"),
    ("de/datex2-parking", ""),
    ("de/datex2-parking", "a-static.xml"),
    ("de/datex2-roadworks", "v2.xml"),
    ("de/datex2-roadworks", "v3.xml"),
    ("de/green-areas", "sample.osm"),
    ("de/datex2-traffic", ""),
    ("de/datex2-traffic", "c-version3.xml"),
    ("de/gtfs-routes", ""),
    ("de/gtfs-stops", ""),
    ("de/municipality", "page.json"),
    ("de/noise", "noise_contours.gpkg"),
    ("de/parkapi", "v1.json"),
    ("de/parkapi", "v3.json"),
    ("de/parking-geojson", "pls.json"),
    ("de/radiation", "latest.json"),
    ("de/rental-bikes", ""),
    ("de/rental-bikes", "station_status.json"),
    ("de/roads", "sample.osm"),
    ("de/transit-delays", ""),
    ("de/transit-delays", "realtime-free.pb"),
    ("de/water", "sample.osm"),
    ("de/water-levels", "stations.json"),
    ("de/weather-warnings", "Z_CAP_C_EDZW_LATEST.zip"),
    ("de/wzdx-roadworks", "feed.geojson"),
    ("de/by/buildings", "690_5334.gml"),
    ("de/by/land-use", "tn_09000.zip"),
    ("de/by/terrain", "691_5335.tif"),
    ("de/by/trees", "124000_baeume.gpkg"),
]


@pytest.fixture
def anywhere(tmp_path):
    """A town as large as the country: the samples lie all over it."""
    folder = tmp_path / "wide"
    folder.mkdir()
    text = TOWN.replace("[11.0, 48.0, 12.0, 49.0]", "[-180.0, -80.0, 180.0, 84.0]")
    (folder / "city.toml").write_text(text, "utf-8")
    return folder


def source_of(like):
    folder, _, name = like.rpartition("/")
    return RECIPES / folder / "samples" / name / "source"


@pytest.mark.parametrize(("like", "file"), KNOWN)
def test_a_known_source_is_found_cut_and_proven(anywhere, like, file):
    source = source_of(like) / file
    with looked_at(str(source), Settings()) as looked:
        assert like in shared_for(looked)
    remarks = []
    new = made(anywhere, source, like=like, remarks=remarks)
    assert (new.ok, new.proven) == (True, True), new.verdict
    assert load_layer(new.recipe, "my-town").source.url == "https://opendata.muenchen.de/x"
    expected = json.loads((new.sample / "expected.json").read_text("utf-8"))
    assert expected["rows"] or expected["values"]
    assert [words.partition(":")[0] for words in remarks] == (
        [] if expected["rows"] else ["values came and no stations"]
    )
    assert sum(each.stat().st_size for each in (new.sample / "source").iterdir()) < _LARGEST
    assert [verdict.ok for verdict in check(new.recipe)] == [True]


def test_a_shapefile_is_cut_with_all_its_parts(anywhere, tmp_path):
    with zipfile.ZipFile(source_of("de/by/land-use") / "tn_09000.zip") as archive:
        archive.extractall(tmp_path / "shape")
    new = made(anywhere, tmp_path / "shape", like="de/by/land-use")
    assert new.ok, new.verdict
    names = {each.suffix for each in (new.sample / "source").iterdir()}
    assert {".shp", ".shx", ".dbf"} <= names


@pytest.mark.parametrize("name", ["691_5334.xyz", "691_5334.xyz.gz"])
def test_heights_as_text_are_cut_to_a_corner(town, tmp_path, name):
    lines = "".join(f"{691000 + x} {5334000 + y} {500 + x / 10}\n" for y in range(20) for x in range(20))
    data = lines.encode()
    path = written(tmp_path, gzip.compress(data) if name.endswith(".gz") else data, name)
    new = made(town, path, like="de/by/terrain", crs="EPSG:25832")
    assert new.ok, new.verdict
    layer = load_layer(new.recipe, "my-town")
    assert (layer.source.connector, layer.source.crs) == ("xyz", "EPSG:25832")
    assert len((new.sample / "source" / "691_5334.xyz").read_text().splitlines()) == 64


def test_a_cloud_of_points_is_cut_to_its_first_ones(town, tmp_path):
    import laspy
    from pyproj import CRS

    header = laspy.LasHeader(point_format=3, version="1.2")
    header.offsets, header.scales = [691_000, 5_334_000, 500], [0.01, 0.01, 0.01]
    header.add_crs(CRS("EPSG:25832"))
    cloud = laspy.LasData(header)
    cloud.x, cloud.y = 691_000 + np.arange(5000) / 10, 5_334_000 + np.arange(5000) / 10
    cloud.z = np.full(5000, 520.0)
    cloud.write(tmp_path / "c.las")
    new = made(town, tmp_path / "c.las", "point-cloud/1", crs="EPSG:25832+7837")
    assert new.ok, new.verdict
    assert (new.sample / "source" / "c.las").stat().st_size < 5000


@pytest.mark.parametrize("sequence", [True, False])
def test_a_city_model_in_json_is_laid_over_that_in_gml(town, tmp_path, sequence):
    corners = [[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0], [0, 0, 8], [10, 0, 8], [10, 10, 8], [0, 10, 8]]
    faces = [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    head = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [1, 1, 1], "translate": [691_600, 5_334_700, 510]},
        "metadata": {
            "referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/25832",
            "pointOfContact": {"contactName": "Erika Mustermann"},
        },
    }
    lines = [json.dumps(head | {"CityObjects": {}, "vertices": []})]
    everything = head | {"CityObjects": {}, "vertices": []}
    for n in range(9):
        moved = [[x + 20 * n, y, z] for x, y, z in corners]
        thing = {
            "type": "Building",
            "attributes": {"measuredHeight": 8.0, "owner": "Erika Mustermann"},
            "address": [{"Street": "Musterweg"}],
            "geometry": [{"type": "Solid", "lod": "2", "boundaries": [[[face] for face in faces]]}],
        }
        feature = {"type": "CityJSONFeature", "id": f"B{n}", "CityObjects": {f"B{n}": thing}}
        lines.append(json.dumps(feature | {"vertices": moved}))
        shifted = [[[[v + 8 * n for v in face]] for face in faces]]
        own = thing | {"geometry": [thing["geometry"][0] | {"boundaries": shifted}]}
        everything["CityObjects"][f"B{n}"] = own
        everything["vertices"] += moved
    data = "\n".join(lines).encode() if sequence else json.dumps(everything).encode()
    path = written(tmp_path, data, "m.city.jsonl" if sequence else "m.json")
    with looked_at(str(path), Settings()) as looked:
        assert shared_for(looked) == ["de/by/buildings"]
    new = made(town, path, like="de/by/buildings")
    assert new.ok, new.verdict
    assert load_layer(new.recipe, "my-town").source.connector == "cityjson"
    (sample,) = (new.sample / "source").iterdir()
    text = sample.read_text("utf-8")
    assert "Muster" not in text
    assert len(json.loads((new.sample / "expected.json").read_text("utf-8"))["rows"]) == 3


def test_a_folder_with_nothing_that_is_read_says_what_is_there(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    with pytest.raises(SourceBroken, match=r"a\.png"), looked_at(str(tmp_path), Settings()):
        pass
