"""`twin inspect` of a quantized-mesh terrain: what it tells of a sound one, and every fault it finds."""

import gzip
import json
import shutil
import struct

import pytest

from tests.tiles.test_quantized_mesh import GEODESY, hills
from tests.tiles.test_quantized_mesh import made as made  # a fixture
from tiles.inspect.terrain import inspect_terrain, is_terrain
from tiles.writers.quantized_mesh import write
from twin.errors import TilingError


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terrain")

    def put(name, data):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    write([hills()], GEODESY, put, attribution="© test")
    return folder


@pytest.fixture
def terrain(sound, tmp_path):
    """A copy that may be broken."""
    return shutil.copytree(sound, tmp_path / "terrain")


def finest(folder):
    """Tiles of the finest level, the smallest name first."""
    deepest = max((each for each in folder.iterdir() if each.is_dir()), key=lambda each: int(each.name))
    return sorted(deepest.rglob("*.terrain"))


def kinds(folder):
    return [(fault.kind, fault.tile) for fault in inspect_terrain(folder).findings]


def rewritten(path, change):
    data = bytearray(gzip.decompress(path.read_bytes()))
    change(data)
    path.write_bytes(gzip.compress(bytes(data)))


def of(folder, path):
    return path.relative_to(folder).as_posix()


def test_a_sound_terrain_has_levels_sizes_heights_and_no_fault(sound, made):
    report = inspect_terrain(sound)
    assert report.findings == []
    account = made.report
    assert len(report.levels) == account["levels"]
    assert sum(level.tiles for level in report.levels) == account["tiles"]
    assert sum(level.triangles for level in report.levels) == account["triangles"]
    assert sum(level.size for level in report.levels) == account["bytes"]
    assert all(level.inflated > level.size for level in report.levels if level.tiles)
    raised = hills().heights + 45.66
    assert report.levels[-1].low < raised[raised == raised].mean() < report.levels[-1].high


def test_a_tile_that_is_not_there_or_that_nobody_promised(terrain):
    path = finest(terrain)[0]
    path.rename(path.with_name("999999.terrain"))
    assert kinds(terrain) == [("terrain-missing", of(terrain, path)), ("orphans", "layer.json")]


@pytest.mark.parametrize("keep", [0, 50, 200, -3])
def test_a_tile_that_is_cut_off(terrain, keep):
    path = finest(terrain)[0]
    path.write_bytes(gzip.decompress(path.read_bytes())[:keep])
    ((kind, tile),) = kinds(terrain)
    assert (kind, tile) == ("terrain-broken", of(terrain, path))
    (fault,) = inspect_terrain(terrain).faults
    assert fault.words() == "tile cannot be read: it is cut off"


def test_another_tile_in_its_place(terrain):
    first, last = finest(terrain)[0], finest(terrain)[-1]
    shutil.copyfile(last, first)
    found = [fault for fault in inspect_terrain(terrain).faults if fault.tile == of(terrain, first)]
    assert "outside its sphere: is it another tile's?" in found[0].words()


def test_heights_that_no_ground_has(terrain):
    path = finest(terrain)[0]

    def lift(data):
        struct.pack_into("<2f", data, 24, 50_000.0, 50_010.0)
        struct.pack_into("<d", data, 56, 1e6)  # a sphere that holds them all

    rewritten(path, lift)
    assert ("terrain-heights", of(terrain, path)) in kinds(terrain)


def test_neighbours_that_do_not_meet_are_worth_a_remark(terrain):
    path = finest(terrain)[0]

    def sink(data):
        low, high = struct.unpack_from("<2f", data, 24)
        struct.pack_into("<2f", data, 24, low - 2, high - 2)

    rewritten(path, sink)
    report = inspect_terrain(terrain)
    assert report.faults == []
    (remark,) = report.remarks
    assert remark.kind == "terrain-borders"
    assert remark.facts["metres"] == pytest.approx(2, abs=0.1)


def test_indices_that_lead_nowhere(terrain):
    path = finest(terrain)[0]

    def cut(data):
        (count,) = struct.unpack_from("<I", data, 88)
        at = 92 + 6 * count + 4
        struct.pack_into("<H", data, at, 9)

    rewritten(path, cut)
    (fault,) = inspect_terrain(terrain).faults
    assert "refer to vertices that are not there" in fault.words()


def test_half_the_globe_is_missing(terrain):
    layer = json.loads((terrain / "layer.json").read_bytes())
    layer["available"][0] = [{"startX": 0, "startY": 0, "endX": 0, "endY": 0}]
    (terrain / "layer.json").write_text(json.dumps(layer))
    assert ("terrain-halves", "0") in kinds(terrain)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "heightmap-1.0"}, "its format is 'heightmap-1.0'"),
        ({"scheme": "slippyMap"}, "another scheme than tms"),
        ({"available": None}, "available"),
        ({"available": [[{"startX": 0, "startY": 0, "endX": 5, "endY": 0}]]}, "outside the globe"),
        ({"available": [[]] * 40}, "40 levels"),
    ],
)
def test_a_document_that_is_none(terrain, change, words):
    layer = json.loads((terrain / "layer.json").read_bytes())
    (terrain / "layer.json").write_text(json.dumps(layer | change))
    with pytest.raises(TilingError, match=words):
        inspect_terrain(terrain)


def test_a_document_that_is_no_json(tmp_path):
    (tmp_path / "layer.json").write_text("{")
    with pytest.raises(TilingError, match=r"layer\.json cannot be read"):
        inspect_terrain(tmp_path)


def test_what_is_a_terrain(sound, tmp_path):
    assert is_terrain(sound)
    assert is_terrain(sound / "layer.json")
    assert not is_terrain(tmp_path)
    assert not is_terrain(tmp_path / "layer.json")
    for name in ("layer.json", "tileset.json"):
        (tmp_path / name).write_text("{}")
    assert not is_terrain(tmp_path)
