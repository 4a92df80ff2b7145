"""Every kind of input becomes tiles in which everything is where and what the source says."""

import gzip
import json
import zipfile

import numpy as np
import pyproj
import pytest

from tests.convert.inputs_made import (
    EAST,
    GROUND,
    NORTH,
    House,
    citygml,
    cityjson,
    footprints,
    member,
    osm,
    polygon,
    road,
    row,
    sequence,
    terrain,
)

HOUSES = row(6)
UNDULATION = 45.66


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode()
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data, mtime=0))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("model/" + path.stem, data)
            archive.writestr("LICENCE.txt", "CC0")
    else:
        path.write_bytes(data)
    return path


def to_ecef(points):
    """(n, 3) EPSG:25832 and DHHN2016 → EPSG:4978, with the stated undulation."""
    x, y, z = np.asarray(points, dtype=float).T
    lon, lat = pyproj.Transformer.from_crs(25832, 4258, always_xy=True).transform(x, y)
    there = pyproj.Transformer.from_crs(4979, 4978, always_xy=True)
    return np.column_stack(there.transform(lon, lat, z + UNDULATION))


def leaves(ran):
    return [tile for tile in ran.tiles() if not tile.children]


def triangles(ran):
    parts = [
        tile.ecef(primitive.triangles.reshape(-1, 3)).reshape(-1, 3, 3)
        for tile in leaves(ran)
        for primitive in tile.content.primitives
        if primitive.mode == 4
    ]
    return np.concatenate(parts)


def proven(ran, houses=HOUSES):
    """Ids, attributes, place, area and volume are the source's."""
    assert ran.code == 0, ran.err
    names = {house.name for house in houses}
    rows = ran.rows()
    assert set(rows) == names
    for house in houses:
        assert rows[house.name]["height_m"] == pytest.approx(house.height, abs=0.01)
    for tile in ran.tiles():
        assert {line["id"] for line in tile.content.table()} <= names
    drawn = triangles(ran)
    there = drawn.reshape(-1, 3)
    truth = to_ecef([corner for house in houses for corner in house.corners])
    assert np.abs(there.min(axis=0) - truth.min(axis=0)).max() < 0.02
    assert np.abs(there.max(axis=0) - truth.max(axis=0)).max() < 0.02
    a, b, c = np.moveaxis(drawn - drawn.mean(axis=(0, 1)), 1, 0)
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
    # metres of UTM 32 at Munich are 0.3 mm a metre short
    assert area == pytest.approx(sum(house.area for house in houses), rel=2e-3)
    volume = np.einsum("ij,ij->", a, np.cross(b, c)) / 6
    assert volume == pytest.approx(sum(house.volume for house in houses), rel=2e-3)


@pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
def test_citygml_of_every_version(convert, tmp_path, version):
    ran = convert(write(tmp_path / "in.gml", citygml(HOUSES, version)))
    proven(ran)
    assert ran.layer()["counts"] == {"in": 6, "published": 6, "held": 0, "broken": 0, "duplicate": 0}
    assert ran.report["crs"] == "EPSG:25832+7837"
    assert ran.report["heights"]["method"] == "stated"


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_cityjson_documents(convert, tmp_path, version):
    proven(convert(write(tmp_path / "in.city.json", cityjson(HOUSES, version))))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("town.xml", citygml(HOUSES)),
        ("town.gml.gz", citygml(HOUSES)),
        ("town.gml.zip", citygml(HOUSES)),
        ("town.without-ending", citygml(HOUSES)),
        ("town.city.jsonl", sequence(HOUSES)),
        ("town.city.jsonl.gz", sequence(HOUSES)),
        ("town.json.zip", cityjson(HOUSES)),
        ("Straße & „Haus“ #1.gml", citygml(HOUSES)),
    ],
)
def test_files_as_they_come(convert, tmp_path, name, text):
    proven(convert(write(tmp_path / name, text)))


def test_a_folder_of_many_files_and_several_inputs(convert, tmp_path):
    for number, house in enumerate(HOUSES[:3]):
        write(tmp_path / "tiles" / f"{number % 2}" / f"{house.name}.gml", citygml([house]))
    write(tmp_path / "tiles" / "LICENCE.txt", "CC BY 4.0")
    other = write(tmp_path / "rest.jsonl", sequence(HOUSES[3:]))
    proven(convert(tmp_path / "tiles", other))


ISO = '<?xml version="1.0"?><gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>'
STAC = '{"type": "Feature", "stac_version": "1.0.0", "geometry": null}'
OTHERS = {
    "metadata.xml": ISO,
    "metadata.xml.gz": ISO,
    "index.json": '{"files": [1]}',
    "item.json": STAC,
    "LICENCE.txt": "CC0",
    "page.html": "<html/>",
    ".hidden.gml": "no",
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.gml", citygml(HOUSES)),
        ("a.xml", citygml(HOUSES)),
        ("a.json", cityjson(HOUSES)),
        ("b.osm.xml", osm()),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_lies_beside_a_model_does_not_count(convert, tmp_path, name, text, packed):
    folder = tmp_path / "model"
    if packed and name != "b.osm.xml":
        folder.mkdir()
        with zipfile.ZipFile(folder / "model.zip", "w") as archive:
            for other, words in OTHERS.items():
                archive.writestr(f"x/{other}", words if not other.endswith("gz") else gzip.compress(b"<a/>"))
            archive.writestr(f"x/{name}", text)
    else:
        for other, words in OTHERS.items():
            write(folder / other, words)
        write(folder / "deeper" / name, text)
    ran = convert(folder)
    if name == "b.osm.xml":
        assert len(ran.ids) == 3
    else:
        proven(ran)


def test_a_folder_of_two_kinds(convert, tmp_path):
    write(tmp_path / "model" / "a.gml", citygml(HOUSES))
    write(tmp_path / "model" / "b.city.json", cityjson(HOUSES))
    ran = convert(tmp_path / "model")
    assert ran.code == 1
    assert "mixes citygml and cityjson" in ran.err
    assert convert(tmp_path / "model" / "a.gml", tmp_path / "model" / "b.city.json").code == 0


def test_footprints_stand_as_high_as_they_say(convert, tmp_path):
    flat = row(6, ground=0.0)
    for number, path in enumerate(footprints(tmp_path)):
        ran = convert(path, out=f"out{number}")
        proven(ran, flat)
        assert any("0 m" in words for words in ran.layer()["repaired"])


def test_footprints_stand_on_the_terrain_beside_them(convert, tmp_path):
    path = footprints(tmp_path)[0]
    ran = convert(path, terrain(tmp_path / "dgm.tif"))
    assert ran.ids_of("buildings.json") == sorted(house.name for house in HOUSES)
    assert (
        sum(times for words, times in ran.layer()["repaired"].items() if "put on the terrain" in words) == 6
    )
    assert abs(ran.layer()["gap"]["median_m"]) < 0.2


def test_footprints_beyond_the_terrain_are_told_to_stay_at_zero(convert, tmp_path):
    houses = [*row(3, ground=0.0), House("far", EAST + 5000, NORTH, ground=0.0)]
    ran = convert(footprints(tmp_path, houses)[0], terrain(tmp_path / "dgm.tif"))
    assert ran.layer()["features"] == 4
    told = {words: ids for words, ids in ran.layer()["repaired_ids"].items() if "height unknown" in words}
    assert told == {
        "height unknown: put on the terrain": sorted(house.name for house in houses[:3]),
        "height unknown, and no terrain under it: it stays at height 0": ["far"],
    }


def test_openstreetmap(convert, tmp_path):
    for number, name in enumerate(("town.osm", "town.osm.gz", "town.xml")):
        ran = convert(write(tmp_path / name, osm(3)), out=f"out{number}")
        rows = ran.rows()
        assert len(rows) == ran.layer()["counts"]["published"] == 3
        assert sorted((line["height_m"], line["height_source"]) for line in rows.values())[0] == (
            6.0,
            "assumed",
        )
        assert {line["height_m"] for line in rows.values()} == {9.0, 6.0} or len(rows) == 3


def test_terrain_and_model_become_one_tileset(convert, tmp_path):
    model = write(tmp_path / "a.gml", citygml(HOUSES, extra=road()))
    ran = convert(model, terrain(tmp_path / "dgm.tif"))
    assert ran.code == 0
    assert set(ran.report["layers"]) == {"terrain", "buildings", "objects"}
    whole = json.loads((ran.folder / "tileset.json").read_bytes())
    assert {child["content"]["uri"] for child in whole["root"]["children"]} == {
        "terrain.json", "buildings.json", "objects.json"
    }  # fmt: skip
    gap = ran.layer()["gap"]
    assert gap["median_m"] == pytest.approx(1.5, abs=0.6)  # the terrain lies 1 m lower and falls to the east
    (tile,) = [tile for tile in ran.tiles("objects.json") if not tile.children]
    up = pyproj.Transformer.from_crs(4978, 4979, always_xy=True).transform(*tile.positions().T)[2]
    assert up == pytest.approx(GROUND - 1.6 + UNDULATION, abs=1.0)  # a plan at height 0 was draped


def test_what_reaches_beyond_the_terrain_is_counted(convert, tmp_path):
    """The terrain lies from 100 m before to 300 m behind the corner; the second road leaves it."""
    face = [(EAST, NORTH - 9, 0), (EAST + 900, NORTH - 9, 0), (EAST + 900, NORTH - 3, 0)]
    inside = road("both").replace("</gml:MultiSurface>", f"{polygon(face)}</gml:MultiSurface>")
    away = (
        f"<tran:lod1MultiSurface><gml:MultiSurface>{polygon(face)}</gml:MultiSurface></tran:lod1MultiSurface>"
    )
    outside = f'<cityObjectMember><tran:Road gml:id="out">{away}</tran:Road></cityObjectMember>'
    ran = convert(
        write(tmp_path / "a.gml", citygml([], extra=inside + outside)), terrain(tmp_path / "dgm.tif")
    )
    assert ran.ids_of("objects.json") == ["both", "out"]
    repaired = ran.layer("objects")["repaired"]
    assert repaired["height unknown, and no terrain under all of it: face left out"] == 1
    assert repaired["height unknown, and no terrain under it: it stays at height 0"] == 1


def test_a_building_told_by_two_files_is_drawn_once(convert, tmp_path):
    for name in "ab":
        write(tmp_path / "tiles" / f"{name}.gml", citygml(HOUSES))
    ran = convert(tmp_path / "tiles")
    proven(ran)
    assert ran.layer()["counts"]["duplicate"] == 6
    assert {entry["id"] for entry in ran.layer()["left_out"]} == {house.name for house in HOUSES}


def test_two_buildings_with_one_id_are_both_drawn(convert, tmp_path):
    first, second = row(2)
    away = member(House(first.name, EAST, NORTH + 50))
    ran = convert(write(tmp_path / "a.gml", citygml([first, second], extra=away)))
    assert ran.code == 0
    assert len(ran.ids) == len(set(ran.ids)) == 3


def test_one_bad_building_never_stops_a_city(convert, tmp_path):
    broken = {
        "nan": surface("NaN"), "huge": surface("1e300"), "inf": surface("INF"), "word": surface("zwölf"),
        "none": "", "short": surface("1 2"), "far": surface("99999999"),
    }  # fmt: skip
    extra = "".join(member(House(f"bad-{name}"), inside=inside) for name, inside in broken.items())
    ran = convert(write(tmp_path / "a.gml", citygml(row(5), extra=extra)))
    proven(ran, row(5))
    left = {entry["id"]: entry["reason"] for entry in ran.layer()["left_out"]}
    assert set(left) == {f"bad-{name}" for name in broken}
    assert "unreadable coordinates" in left["bad-word"]
    assert "unreadable coordinates" in left["bad-huge"]
    assert ran.layer()["counts"]["in"] == 12
    assert all(word in ran.out for word in ("left out", "bad-"))


def test_a_layer_of_which_nothing_can_be_drawn_stops_nothing(convert, tmp_path):
    line = polygon([(EAST, NORTH, 515), (EAST + 5, NORTH, 515), (EAST + 10, NORTH, 515)])
    inside = f"<tran:lod1MultiSurface><gml:MultiSurface>{line}</gml:MultiSurface></tran:lod1MultiSurface>"
    bad = f'<cityObjectMember><tran:Road gml:id="R0">{inside}</tran:Road></cityObjectMember>'
    ran = convert(write(tmp_path / "a.gml", citygml(HOUSES, extra=bad)))
    proven(ran)
    assert [entry["id"] for entry in ran.layer("objects")["left_out"]] == ["R0"]
    ran = convert(write(tmp_path / "b.gml", citygml([], extra=bad)), out="other")
    assert ran.code == 1
    assert "no face that encloses an area" in ran.err


def surface(value):
    ring = f"{value} {NORTH} 515 {EAST + 9} {NORTH} 515 {EAST + 9} {NORTH + 9} 515 {value} {NORTH} 515"
    ring = f"<gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing>"
    inside = f"<gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon>"
    inside = f"<gml:MultiSurface><gml:surfaceMember>{inside}</gml:surfaceMember></gml:MultiSurface>"
    return (
        f"<bldg:boundedBy><bldg:RoofSurface><bldg:lod2MultiSurface>{inside}</bldg:lod2MultiSurface>"
        "</bldg:RoofSurface></bldg:boundedBy>"
    )


def test_every_format_may_come_in_a_zip_archive(convert, tmp_path):
    files = [*footprints(tmp_path), write(tmp_path / "b.osm", osm())]
    for file in files:
        packed = tmp_path / f"{file.name}.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(file, file.name)
        plain, inside = convert(file, out="plain"), convert(packed, out="inside")
        assert inside.code == 0, inside.err
        assert inside.ids == plain.ids
