"""What the operator may say, and that it changes what it says and nothing else."""

import io
import json
import subprocess
import sys

import pyproj
import pytest
from rich.console import Console

from api.convert import _table
from benchmarks import cityjsonseq, lod2
from ingest.convert import Part
from tests.convert.inputs_made import (
    EAST,
    GROUND,
    NORTH,
    URN,
    House,
    citygml,
    cityjson,
    member,
    osm,
    road,
    row,
    sequence,
    terrain,
)
from tiles.build import Built
from twin.report import Report
from twin.settings import ROOT

GENERIC = (
    '<gen:stringAttribute name="Gemeindeschluessel"><gen:value>09162000</gen:value></gen:stringAttribute>'
    '<gen:intAttribute name="Wohnungen"><gen:value>12</gen:value></gen:intAttribute>'
    '<gen:doubleAttribute name="Energie"><gen:value>87.5</gen:value></gen:doubleAttribute>'
)


@pytest.fixture
def model(tmp_path):
    def model(text, name="a.gml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return model


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_bytes_in_another_process_on_two_workers_and_in_another_order(convert, tmp_path):
    """One as a person starts it."""
    lod2.write(tmp_path / "a.gml", 120)
    text = (tmp_path / "a.gml").read_text("utf-8")
    head, *members = text.split("<core:cityObjectMember>")
    tail = members[-1].partition("</core:CityModel>")
    members[-1] = tail[0]
    turned = "<core:cityObjectMember>".join([head, *members[::-1]]) + "".join(tail[1:])
    (tmp_path / "b.gml").write_text(turned, "utf-8")
    one = convert(tmp_path / "a.gml", out="one")
    assert len(one.ids) == 120
    again = convert(tmp_path / "b.gml", out="again")
    words = ["convert", tmp_path / "a.gml", tmp_path / "two", "--workers", "2", "--undulation", "45.66"]
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *map(str, words)],
        cwd=ROOT, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "120  features" in done.stdout
    assert files(one.folder) == files(again.folder) == files(tmp_path / "two")


def test_tiles_above_hold_what_is_below(convert, tmp_path):
    cityjsonseq.write(tmp_path / "town.city.jsonl", 300)
    ran = convert(tmp_path / "town.city.jsonl")
    assert len(ran.ids) == 300
    tiles = ran.tiles()
    assert len(tiles) > 1
    assert ran.layer()["levels"] == 1 + max(tile.depth for tile in tiles)
    for tile in tiles:
        for child in tile.children:
            assert child.error < tile.error
        below = {row["id"] for child in tile.children for row in child.content.table()}
        assert not tile.children or {row["id"] for row in tile.content.table()} <= below
    sizes = files(ran.folder)
    assert ran.report["bytes"] == sum(len(d) for n, d in sizes.items() if not n.endswith((".gz", ".br")))
    assert ran.layer()["bytes"] == sum(len(d) for n, d in sizes.items() if n.endswith(".glb"))
    assert 0 < ran.report["bytes_transferred"] < ran.report["bytes"]


@pytest.mark.parametrize("encoding", ["meshopt", "quantised", "plain"])
def test_encodings_hold_the_same(convert, model, encoding):
    ran = convert(model(citygml(row(4))), "--encoding", encoding)
    used = {name for tile in ran.tiles() for name in tile.content.json.get("extensionsUsed", ())}
    assert ("EXT_meshopt_compression" in used) == (encoding == "meshopt")
    assert ("KHR_mesh_quantization" in used) == (encoding != "plain")
    assert len(ran.ids) == 4


def test_attributes(convert, model):
    path = model(citygml(row(3), extra=member(House("B9", EAST, NORTH + 40), attributes=GENERIC)))
    plain = convert(path, out="schema").rows()
    assert "Wohnungen" not in plain["B9"]
    assert {"id", "height_m", "height_source", "use", "volume_m3", "footprint_m2"} <= set(plain["B9"])
    assert plain["B9"]["volume_m3"] == pytest.approx(480, abs=1)
    assert plain["B9"]["footprint_m2"] == pytest.approx(80, abs=0.1)

    whole = convert(path, "--attributes", "all", out="all")
    rows = whole.rows()
    assert (rows["B9"]["Wohnungen"], rows["B9"]["Energie"]) == (12, 87.5)
    assert rows["DEBY_LOD2_0"]["Wohnungen"] is None
    (tile,) = [tile for tile in whole.tiles() if not tile.children]
    types = tile.content.json["extensions"]["EXT_structural_metadata"]["schema"]["classes"]
    kinds = {name: each["type"] for kind in types.values() for name, each in kind["properties"].items()}
    assert (kinds["Wohnungen"], kinds["Energie"]) == ("SCALAR", "SCALAR")

    some = convert(path, "--attributes", "height_m, roof_type", out="some").rows()
    assert set(some["B9"]) == {"id", "height_m", "roof_type"}


def test_yes_and_no_of_cityjson_are_an_enum_and_texts_where_something_else_occurs(convert, model):
    houses = json.loads(cityjson(row(3)))
    of_each = ((True, True), (False, 1), (None, "x"))
    for thing, (listed, mixed) in zip(houses["CityObjects"].values(), of_each, strict=True):
        thing["attributes"] |= {"listed": listed, "mixed": mixed}
    ran = convert(model(json.dumps(houses), "a.json"), "--attributes", "all")
    rows = ran.rows()
    assert [rows[name]["listed"] for name in sorted(rows)] == ["true", "false", None]
    assert [rows[name]["mixed"] for name in sorted(rows)] == ["true", "1", "x"]
    (tile,) = [tile for tile in ran.tiles() if not tile.children]
    schema = tile.content.json["extensions"]["EXT_structural_metadata"]["schema"]
    (kinds,) = (each["properties"] for each in schema["classes"].values())
    assert (kinds["listed"]["type"], kinds["mixed"]["type"]) == ("ENUM", "STRING")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("heigth_m", "did you mean 'height_m'?"),
        ("xyz", "there are id,"),
        ("schem", "did you mean 'schema'?"),
    ],
)
def test_an_attribute_that_is_none_is_named(convert, model, wanted, words):
    ran = convert(model(citygml(row(1))), "--attributes", wanted)
    assert ran.code == 1
    assert words in ran.err
    assert not ran.folder.exists()


def test_attributes_of_buildings_and_other_objects_at_once(convert, model):
    """A name that only one of the layers has is wanted there."""
    ran = convert(model(citygml(row(2), extra=road())), "--attributes", "height_m,roof_type")
    assert ran.code == 0, ran.err
    (leaf,) = [tile for tile in ran.tiles("buildings.json") if not tile.children]
    assert set(leaf.content.table()[0]) == {"id", "height_m", "roof_type"}
    (leaf,) = [tile for tile in ran.tiles("objects.json") if not tile.children]
    assert set(leaf.content.table()[0]) == {"id", "height_m"}


def test_lod(convert, tmp_path, model):
    house = House("B1")
    lod1 = House("B1", height=3)
    faces = "".join(polygon for polygon in _members(lod1))
    solid = f"<bldg:lod1Solid><gml:Solid><gml:exterior><gml:CompositeSurface>{faces}</gml:CompositeSurface>"
    solid += "</gml:exterior></gml:Solid></bldg:lod1Solid>"
    from tests.convert.inputs_made import surfaces2

    path = model(citygml([], extra=member(house, inside=solid + surfaces2(house))))
    best, low = convert(path, out="best"), convert(path, "--lod", "1", out="low")
    assert best.rows()["B1"]["ridge_height_m"] == pytest.approx(6, abs=0.1)
    assert low.rows()["B1"]["ridge_height_m"] == pytest.approx(3, abs=0.1)
    wrong = convert(path, "--lod", "elephant", out="wrong")
    assert wrong.code == 1
    assert "--lod" in wrong.err


def _members(house):
    from tests.convert.inputs_made import polygon

    return (polygon(face) for _, face in house.faces)


def test_crs_is_asked_for_where_none_is_named(convert, model):
    path = model(citygml(row(2), crs=None))
    ran = convert(path)
    assert ran.code == 1
    assert "a.gml" in ran.err
    assert "--crs EPSG:25832+7837" in ran.err
    assert convert(path, "--crs", "EPSG:25832+7837").report["crs"] == "EPSG:25832+7837"


@pytest.mark.parametrize(
    ("named", "typed", "becomes", "said"),
    [
        ("EPSG:25832", None, "EPSG:25832+7837", "in Germany heights are DHHN2016"),
        ("EPSG:25832", "EPSG:25832+7837", "EPSG:25832+7837", None),
        ("EPSG:25832", "EPSG:25832+5783", "EPSG:25832+5783", None),
        ("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::7837", None, "EPSG:25832+7837", None),
        ("urn:ogc:def:crs:EPSG::5555", None, "EPSG:25832+7837", None),
        (URN, "EPSG:25833", "EPSG:25832+7837", "--crs EPSG:25833 was not needed"),
        ("EPSG:32632", None, "EPSG:32632+7837", "in Germany heights are DHHN2016"),
    ],
)
def test_crs(convert, model, named, typed, becomes, said):
    ran = convert(model(citygml(row(1), crs=named)), *(("--crs", typed) if typed else ()))
    assert ran.code == 0, ran.err
    if becomes != "EPSG:25832+5783":
        assert ran.report["crs"] == becomes
    if said:
        assert any(said in remark for remark in ran.report["remarks"])
        assert said in ran.out
    (leaf,) = [tile for tile in ran.tiles() if not tile.children]
    lon, lat, up = pyproj.Transformer.from_crs(4978, 4979, always_xy=True).transform(*leaf.positions().T)
    assert (lon.min(), lat.min()) == pytest.approx((11.57, 48.15), abs=0.02)
    assert up.min() == pytest.approx(GROUND + 45.66, abs=0.1)


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        ("EPSG:99999", "EPSG:99999"),
        ("EPSG:3950", "does not fit"),
        ("EPSG:2154", "does not fit"),
        ("Gauß-Krüger", "--crs"),
        ("", "--crs"),
    ],
)
def test_a_crs_that_cannot_be(convert, model, crs, words):
    ran = convert(model(citygml(row(1), crs=None)), "--crs", crs)
    assert ran.code == 1
    assert words.replace("does not fit", "do not fit") in ran.err
    assert not ran.folder.exists()


def test_heights_need_a_grid_or_a_number(convert, model):
    ran = convert(model(citygml(row(1))), undulation=None)
    assert ran.code == 1
    assert "--undulation 45." in ran.err
    assert not ran.folder.exists()


def test_abroad_heights_are_asked_for(convert, model):
    """In the Netherlands nobody guesses what heights refer to."""
    path = model(sequence([House("B", 85_000, 446_000)], crs="https://www.opengis.net/def/crs/EPSG/0/28992"),
                 "a.city.jsonl")  # fmt: skip
    ran = convert(path, undulation=None)
    assert ran.code == 1
    assert "--undulation" in ran.err
    ran = convert(path, undulation=43.2)
    assert "43.2 m were added, as stated" in " ".join(ran.report["remarks"])


def test_out_is_replaced_if_it_is_an_earlier_result(convert, model, tmp_path):
    first = convert(model(citygml(row(3))))
    old = files(first.folder)
    second = convert(model(citygml(row(5))))
    assert second.code == 0
    assert len(second.ids) == 5
    assert not set(files(second.folder)) & {name for name in old if name.endswith(".glb")}


def test_out_that_is_something_else_is_left_alone(convert, model, tmp_path):
    path = model(citygml(row(1)))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.doc").write_text("years of work")
    ran = convert(path)
    assert (ran.code, "holds other things" in ran.err) == (1, True)
    assert files(ran.folder) == {"thesis.doc": b"years of work"}
    (tmp_path / "data" / "buildings").mkdir(parents=True)
    assert "holds other things (buildings)" in convert(path, out="data").err
    ran = convert(path, out="a.gml")
    assert (ran.code, "is a file" in ran.err) == (1, True)
    (tmp_path / "empty").mkdir()
    assert convert(path, out="empty").code == 0
    assert convert(path, out="one/two/three").code == 0


def test_an_earlier_result_with_things_of_others_in_it_is_left_alone(convert, model):
    path = model(citygml(row(1)))
    ran = convert(path)
    (ran.folder / "index.html").write_text("<html>my viewer</html>")
    again = convert(path, sound=False)
    assert again.code == 1
    assert "index.html" in again.err
    assert ran.ids == ["DEBY_LOD2_0"]
    assert (ran.folder / "index.html").exists()


def test_report(convert, model):
    ran = convert(model(citygml(row(3), extra=member(House("none"), inside=""))), "--attribution", "© Stadt")
    assert set(ran.report) == {"crs", "place", "heights", "remarks", "bytes", "bytes_transferred", "layers"}
    assert set(ran.layer()) == {
        "counts", "features", "levels", "levels_of_detail", "tiles", "triangles", "bytes", "repaired",
            "repaired_ids", "left_out"
    }  # fmt: skip
    assert ran.layer()["left_out"] == [
        {"id": "none", "place": ran.layer()["left_out"][0]["place"], "reason": "it has no usable face"}
    ]
    assert "a.gml" in ran.layer()["left_out"][0]["place"]
    assert {tile.content.json["asset"]["copyright"] for tile in ran.tiles()} == {"© Stadt"}
    assert ran.layer()["levels_of_detail"] == {"2": 3}
    assert "drawn in the source's level of detail 2" in ran.out


def test_the_table_tells_the_most_frequent_and_where_the_rest_is():
    notes = {f"repair {n}": n for n in range(1, 31)}
    left = [{"id": f"B{n}", "reason": "it has [no] face"} for n in range(9)]
    built = Built({}, (), {"features": 1234, "left_out": left})
    stream = io.StringIO()
    Console(file=stream, width=100).print(_table(Part("buildings", Report(notes=notes), built)))
    said = stream.getvalue()
    assert said.index("1,234") < said.index("repair 30") < said.index("repair 19")
    assert "repair 18" not in said
    assert "and 18 things more" in said
    assert "9  left out: it has [no] face (B0, B1, B2, B3, B4 and 4 more)" in said


@pytest.mark.parametrize("place", ["no-folder/r.json", "", "out/r.json"])
def test_a_report_that_cannot_be_written_is_said_before_the_work(twin, model, tmp_path, place):
    words = ["--undulation", 45, "--workers", 1, "--report", tmp_path / place]
    ran = twin("convert", model(citygml(row(1))), tmp_path / "out", *words)
    assert ran.code == 1
    assert "the report" in ran.err
    assert not (tmp_path / "out").exists()


def test_outlines(convert, model):
    path = model(citygml(row(2)))
    ran = convert(path, "--outlines")
    used = {name for tile in ran.tiles() for name in tile.content.json["extensionsUsed"]}
    assert "CESIUM_primitive_outline" in used


def test_every_form_of_an_earlier_result_is_replaced(convert, tmp_path, model):
    path = model(citygml(row(2), extra=road()))
    for words in (["--implicit"], ["--implicit"], ["--encoding", "plain"], [terrain(tmp_path / "dgm.tif")]):
        assert convert(path, *words).code == 0


@pytest.mark.parametrize("option", ["--encoding", "--format"])
def test_a_word_that_is_none_of_the_choices(convert, model, option):
    ran = convert(model(citygml(row(1))), option, "draco")
    assert ran.code != 0
    assert "draco" in ran.err
    assert not ran.folder.exists()


def test_quantized_mesh(twin, convert, tmp_path, model):
    ran = convert(terrain(tmp_path / "dgm.tif"), "--format", "quantized-mesh", sound=False)
    assert ran.code == 0, ran.err
    assert ran.layer("terrain")["tiles"] > 3
    layer = json.loads((ran.folder / "layer.json").read_bytes())
    assert layer["format"] == "quantized-mesh-1.0"
    assert list(ran.folder.rglob("*.terrain"))
    found = twin("inspect", ran.folder, "--json", tmp_path / "found.json")
    assert found.code == 0, found.err
    assert "no faults" in found.out
    total = json.loads((tmp_path / "found.json").read_bytes())["total"]
    assert total["tiles"] == ran.layer("terrain")["tiles"]
    assert total["size"] == ran.layer("terrain")["bytes"]
    assert "--html draws 3D Tiles" in twin("inspect", ran.folder, "--html", tmp_path / "page.html").err
    next(ran.folder.rglob("*.terrain")).write_bytes(b"nothing")
    assert twin("inspect", ran.folder).code == 1
    again = convert(terrain(tmp_path / "dgm.tif"), "--format", "quantized-mesh", sound=False)
    assert again.code == 0, again.err
    path = model(citygml(row(1)))
    ran = convert(path, tmp_path / "dgm.tif", "--format", "quantized-mesh", out="both", sound=False)
    assert "without a.gml" in ran.out
    ran = convert(model(osm(), "a.osm"), "--format", "quantized-mesh", out="other")
    assert ran.code == 1
    assert "height model" in ran.err


def test_small_inputs_are_not_shared_out(tmp_path):
    from ingest.pool import workers_for

    (tmp_path / "small.gml").write_bytes(b"x" * 1000)
    assert workers_for([tmp_path / "small.gml", tmp_path / "missing.gml", tmp_path]) == 1
    with (tmp_path / "large.gml").open("wb") as file:
        file.truncate(101_000_000)
    with (tmp_path / "packed.gml.gz").open("wb") as file:
        file.truncate(13_000_000)
    assert workers_for([tmp_path / "large.gml"]) == 0
    assert workers_for([tmp_path / "packed.gml.gz"]) == 0
    assert workers_for([tmp_path]) == 0


def test_contents(convert, model):
    """Read back by `inspect`; each layer divides by what it knows of its surfaces."""
    path = model(citygml(row(4), extra=road()))
    ran = convert(path, "--contents", "many", out="many")
    for name, expected in (("buildings", ["ground", "roof", "wall"]), ("objects", ["transportation"])):
        tileset = json.loads((ran.folder / f"{name}.json").read_bytes())
        assert [group["properties"]["kind"] for group in tileset["groups"]] == expected
        assert {entry["group"] for entry in tileset["root"]["contents"]} <= set(range(len(expected)))
    for words in (["--contents", "several"], ["--contents", "many", "--implicit"]):
        wrong = convert(path, *words, out="wrong")
        assert wrong.code != 0
        assert "--contents" in wrong.err
