"""Every glb that a conversion of everything writes is valid glTF, by Khronos' validator."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.convert.inputs_made import EAST, NORTH, citygml, footprints, road, row, terrain
from tests.convert.test_convert_inputs import write
from tests.convert.test_convert_map import town
from tests.convert.test_convert_overlays import area, collection, geopackage, line, square, wkb_area, wkb_line
from tests.convert.test_convert_trees import park

ROOT = Path(__file__).resolve().parents[2]
VALIDATE = ROOT / "viewer" / "scripts" / "validate-gltf.mjs"


def inputs(folder):
    """Something for each of the writers, and of lines and areas every form that they take."""
    ground = terrain(folder / "dgm.tif")
    model = write(folder / "town.gml", citygml(row(6), extra=road() + park("2.0")))
    tags = {"highway": "residential", "name": "Lindenweg"}
    streets = collection(
        folder / "streets.geojson",
        line("wide", (10, 10), (90, 10), width=6, **tags),
        line("thin", (10, 20), (90, 60), (91, 60)),
        line("stream", (0, 80), (90, 99), waterway="stream", osm_id=7),
        area("park", 0, 60, leisure="park", osm_id=8),
        area("district", 0, 1500),
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [EAST, NORTH]}},
    )
    layers = geopackage(
        folder / "town.gpkg",
        ways=("LINESTRING", ["id"], [(wkb_line((0, 0), (90, 0)), "s1")]),
        districts=("MULTIPOLYGON", ["id"], [(wkb_area(*square(0, 0, 500)), "d1")]),
    )
    return model, ground, streets, layers, town(folder / "map.osm"), footprints(folder)[0]


@pytest.mark.node
def test_no_file_of_any_form_has_an_error(convert, tmp_path):
    if shutil.which("node") is None or not (ROOT / "viewer" / "node_modules" / "gltf-validator").is_dir():
        pytest.skip("Node or the viewer's packages are missing; run `make test`, which brings them")
    given = inputs(tmp_path)
    forms = [("--encoding", name) for name in ("meshopt", "quantised", "plain")]
    forms += [("--contents", "many", "--encoding", "plain"), ("--implicit", "--outlines")]
    forms += [("--areas", "buildings", "--attributes", "all", "--encoding", "plain")]
    for number, words in enumerate(forms):
        ran = convert(*given, *words, out=f"tiles/{number}")
        assert ran.code == 0, ran.err
        assert {"buildings", "objects", "trees", "lines", "areas", "terrain"} == set(ran.report["layers"])
    command = ["node", str(VALIDATE), str(tmp_path / "tiles")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    summary = json.loads(done.stdout)
    assert summary["failing"] == []
    assert (summary["errors"], done.returncode) == (0, 0)
    assert summary["files"] >= 6 * len(forms)
