import gzip
import json
import pickle
import tracemalloc

import numpy as np
import pytest

import ingest.connectors.cityjson as connector
import ingest.connectors.cityjson_cut as cut
from benchmarks.cityjsonseq import lines, write
from ingest.connectors.cityjson import parts, read_part
from tests.ingest.asking import quick, records, source
from tests.ingest.cityjson import VERTICES, document, feature, sequence, solid, surfaces, thing
from twin.errors import SourceBroken, SourceRefused


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    path = tmp_path_factory.mktemp("city") / "a.city.jsonl"
    write(path, 300)
    return path


def cut_up(path, **options):
    with quick(max_body_mb=50) as fetch:
        return list(parts(source("cityjson", path, options=options), fetch))


def read_all(found):
    """As another process would read them."""
    return [record for part in found for record in read_part(pickle.loads(pickle.dumps(part)))]


def same(a, b):
    assert len(a) == len(b)
    for one, two in zip(a, b, strict=True):
        assert (one.values, one.crs, one.notes) == (two.values, two.crs, two.notes)
        for name in ("points", "rings", "polygons", "faces"):
            assert np.array_equal(getattr(one.geometry, name), getattr(two.geometry, name))


def test_a_sequence_is_read_alike_in_one_piece_and_in_many(city, tmp_path, monkeypatch):
    whole = records("cityjson", city)
    assert len(whole) == 300
    monkeypatch.setattr(cut, "_SIZE", 20_000)
    pieces = cut_up(city)
    assert len(pieces) > 15
    assert all(part.data is None and len(pickle.dumps(part)) < 1000 for part in pieces)
    found = read_all(pieces)
    assert [r.place for r in found] == [f"a.city.jsonl, line {n}" for n in range(2, 302)]
    same(found, whole)
    packed = tmp_path / "a.city.jsonl.gz"
    packed.write_bytes(gzip.compress(city.read_bytes()))
    pieces = cut_up(packed)
    assert all(part.path is None for part in pieces)
    same(read_all(pieces), whole)


@pytest.mark.parametrize("size", [7, 64, 700])
def test_cuts_fall_between_lines_wherever_the_reading_stops(tmp_path, monkeypatch, size):
    monkeypatch.setattr(cut, "_SIZE", size)
    boxes = [feature({f"{n}": thing("Building", surfaces(faces=[[[0, 1, 2]]]))}) for n in range(5)]
    path = tmp_path / "a.jsonl"
    content = sequence(boxes[0], "\n", *boxes[1:])
    for text in (content, content.strip(), content.replace("\n", "\r\n")):
        path.write_text(text, newline="")
        found = read_all(cut_up(path))
        assert [r.values["gml_id"] for r in found] == [f"{n}" for n in range(5)]
        assert [r.place[-1] for r in found] == ["2", "4", "5", "6", "7"]


def test_a_large_document_is_dealt_out_with_only_the_vertices_needed(tmp_path, monkeypatch):
    vertices, objects = [[0, 0, 0]] * 1000, {}
    for n in range(40):
        shell = [[[corner + len(vertices) for corner in ring] for ring in face] for face in _shell()]
        objects[f"b{n}"] = thing("Building", children=[f"p{n}"], attributes={"measuredHeight": n})
        objects[f"p{n}"] = thing("BuildingPart", solid(shells=[shell]), parents=[f"b{n}"])
        vertices += [[x + 20_000 * n, y, z] for x, y, z in VERTICES]
    objects["bad"] = thing("Building", surfaces(faces=[[[0, 1, 99_999]]]))
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document(objects, vertices=vertices)))
    whole = records("cityjson", path)
    (one,) = cut_up(path)
    assert one.data is None
    monkeypatch.setattr(connector, "_WHOLE", 1000)
    monkeypatch.setattr(connector, "_DEALT", 7)
    dealt = cut_up(path)
    assert len(dealt) == 6
    assert max(len(part.points) for part in dealt) == 7 * 8
    found = read_all(dealt)
    assert [r.place for r in found] == [r.place for r in whole]
    assert found[-1].geometry is whole[-1].geometry is None
    assert found[-1].notes == whole[-1].notes
    same(found[:-1], whole[:-1])


def _shell():
    return solid()["boundaries"][0]


def test_a_part_that_is_gone_is_told(city, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(city.read_bytes())
    (part,) = cut_up(path)
    path.unlink()
    with pytest.raises(SourceBroken, match=r"a\.jsonl cannot be read"):
        list(read_part(part))


def test_the_cap_holds_and_a_torn_gzip_is_told(city, tmp_path):
    large = tmp_path / "a.jsonl"
    large.write_bytes(city.read_bytes() * 5)
    with pytest.raises(SourceRefused, match="MB"):
        records("cityjson", large)
    torn = tmp_path / "b.jsonl.gz"
    torn.write_bytes(gzip.compress(city.read_bytes())[:-20])
    with pytest.raises(SourceBroken, match="too early"):
        records("cityjson", torn)


def test_one_endless_line_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(cut, "_SIZE", 100)
    monkeypatch.setattr(cut, "_LONGEST", 1000)
    path = tmp_path / "a.jsonl"
    path.write_text(sequence() + " " * 5 + "[" * 5000)
    with pytest.raises(SourceRefused, match=r"line 2: more than"):
        cut_up(path)


def test_memory_does_not_grow_with_the_sequence(tmp_path, monkeypatch):
    monkeypatch.setattr(cut, "_SIZE", 100_000)
    peaks = []
    for count in (900, 2700):
        path = tmp_path / f"{count}.jsonl"
        write(path, count)
        with quick(
            max_body_mb=50, proof=False
        ) as fetch:  # no checksum beside it: the reader alone is measured
            asked = source("cityjson", path)
            tracemalloc.start()
            assert sum(1 for _ in connector.read(asked, fetch)) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_the_made_up_city_is_one(city):
    found = records("cityjson", city)
    assert b"".join(lines(300)) == city.read_bytes()
    assert {len(r.geometry.faces) for r in found} == {13, 15, 17, 19, 21, 23, 25, 27, 29}
    assert len({r.values["gml_id"] for r in found}) == 300
    low = np.min([r.geometry.points.min(axis=0) for r in found], axis=0)
    high = np.max([r.geometry.points.max(axis=0) for r in found], axis=0)
    assert (low > [687_000, 5_330_000, 490]).all()
    assert (high < [689_000, 5_332_000, 560]).all()
    for record in found:
        top = np.ptp(record.geometry.points[:, 2])
        assert record.values["measured_height"] == pytest.approx(top, abs=0.002)


_PICTURES = {
    "textures": [{"type": "JPG", "image": "appearances/roof.jpg"}, {"type": "PNG", "image": "wall.png"}],
    "vertices-texture": [[0, 0], [1, 0], [1, 1], [0, 0.5]],
}


def _textured(values, faces):
    return thing("Building", surfaces(faces=faces, texture={"summer": {"values": values}}))


def test_textures():
    faces = [[[4, 5, 6, 7]], [[0, 1, 5, 4], [1, 2, 3]], [[0, 1, 2]], [[3, 2, 1, 3]]]
    values = [[[1, 0, 1, 2, 3]], [[None], [None]], [[0, 3, 2, 1]], [[0, 0, 1, 2, 0]]]
    objects = {"a": _textured(values, faces), "b": thing("Building", surfaces())}
    objects["w"] = _textured([[[0, 0, 1]], [[7, 0, 1, 2]]], [[[0, 1, 2]], [[0, 1, 2]]])
    objects["s"] = _textured([[[0, 0, 1, 2]]], [[[0, 1, 2]], [[0, 1, 2]]])
    content = json.dumps(document(objects, appearance=_PICTURES)).encode()
    asked = connector.wanted(source("cityjson", "a", options={"textures": True}))
    found = list(read_part(connector.Part("a", asked, None, None, 1, content)))
    skin = found[0].geometry.skin
    assert skin.images == ("wall.png", "appearances/roof.jpg")
    assert skin.chosen.tolist() == [0, -1, 1, 1]
    assert skin.uv[:4].tolist() == [[0, 0], [1, 0], [1, 1], [0, 0.5]]
    assert np.isnan(skin.uv[4:11]).all()
    assert skin.uv[11:].tolist() == [[0, 0.5], [1, 1], [1, 0], [0, 0], [1, 0], [1, 1]]
    assert found[1].geometry.skin is None
    assert found[2].geometry.skin is None
    assert found[2].notes == ("textures that do not fit the surfaces were ignored",) * 2
    assert found[3].geometry.skin is None
    assert len(found[3].notes) == 1
    asked = connector.wanted(source("cityjson", "a"))
    plain = list(read_part(connector.Part("a", asked, None, None, 1, content)))
    assert all(r.geometry.skin is None for r in plain)
    same(plain[:1], found[:1])


def test_textures_of_a_feature_are_its_own(tmp_path):
    box = {"a": _textured([[[0, 1, 0, 2]]], [[[0, 1, 2]]])}
    own = {"textures": [{"image": "own.jpg"}], "vertices-texture": [[0.5, 0.5], [0, 0], [1, 1]]}
    path = tmp_path / "a.jsonl"
    path.write_text(sequence(feature(box, appearance=own), feature(box), appearance=_PICTURES))
    one, two = records("cityjson", path, options={"textures": True})
    assert one.geometry.skin.images == ("own.jpg",)
    assert one.geometry.skin.uv.tolist() == [[0, 0], [0.5, 0.5], [1, 1]]
    assert two.geometry.skin.images == ("appearances/roof.jpg",)
