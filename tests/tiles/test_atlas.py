import io

import numpy as np
import pytest
from PIL import Image
from tile_reader import Content

from tiles.atlas import atlas
from tiles.gltf import ENCODINGS, Mesh, write_glb
from twin.errors import TilingError

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (250, 250, 250)
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
"""Origin lower left, as in CityGML."""


def picture(size=64, kind="PNG"):
    """Red and green above, blue and white below."""
    pixels = np.zeros((size, size, 3), np.uint8)
    half = size // 2
    pixels[:half, :half], pixels[:half, half:] = RED, GREEN
    pixels[half:, :half], pixels[half:, half:] = BLUE, WHITE
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def made(images, *squares, **options):
    """An atlas of quads, given as (picture, corners)."""
    chosen = np.array([image for image, _ in squares], np.int32)
    uv = np.concatenate([corners for _, corners in squares]).astype(np.float32)
    return atlas(images, chosen, uv, np.arange(len(squares) + 1) * 4, **options)


def seen(found, face, across, up):
    """The colour at a place of a quad, 0 to 1 from its first corner."""
    corners = found.uv[face * 4 : face * 4 + 4].astype(float)
    place = corners[0] + across * (corners[1] - corners[0]) + up * (corners[3] - corners[0])
    sheet = Image.open(io.BytesIO(found.data))
    assert sheet.format == "WEBP"
    return sheet.getpixel(tuple(np.floor(place * sheet.size).astype(int).tolist()))


def close(one, other):
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 40


def test_faces_show_what_they_showed():
    found = made([picture(), picture(32, "JPEG")], (0, SQUARE), (1, SQUARE * 0.5), (-1, SQUARE * np.nan))
    for place, colour in {(0.2, 0.8): RED, (0.8, 0.8): GREEN, (0.2, 0.2): BLUE, (0.8, 0.2): WHITE}.items():
        assert close(seen(found, 0, *place), colour)
    assert close(seen(found, 1, 0.5, 0.5), BLUE)  # the lower left quarter only
    assert np.isnan(found.uv[8:]).all()
    assert ((found.uv[:8] >= 0) & (found.uv[:8] <= 1)).all()
    assert found.unread == ()


def test_only_what_is_shown_is_laid_in():
    whole, quarter = made([picture(256)], (0, SQUARE)), made([picture(256)], (0, SQUARE / 2))
    sizes = [Image.open(io.BytesIO(found.data)).size for found in (whole, quarter)]
    assert np.prod(sizes[1]) < np.prod(sizes[0]) / 3


def test_repetitions_are_drawn_and_whole_ones_taken_off():
    found = made([picture()], (0, SQUARE * [3, 1]), (0, SQUARE + np.array([5, -2])))
    for third in range(3):
        assert close(seen(found, 0, (third + 0.25) / 3, 0.8), RED)
        assert close(seen(found, 0, (third + 0.75) / 3, 0.2), WHITE)
    assert close(seen(found, 1, 0.2, 0.8), RED)


def test_turned_and_mirrored_faces():
    found = made([picture()], (0, np.roll(SQUARE, 1, axis=0)), (0, SQUARE[::-1]))
    assert close(seen(found, 0, 0.2, 0.2), RED)  # its first corner is the picture's upper left
    assert close(seen(found, 1, 0.2, 0.2), RED)
    assert close(seen(found, 1, 0.2, 0.8), WHITE) or close(seen(found, 1, 0.2, 0.8), BLUE)


def test_size_is_bounded():
    images = [picture(400, "JPEG") for _ in range(40)]
    found = made(images, *((i, SQUARE) for i in range(40)), side=512)
    assert max(Image.open(io.BytesIO(found.data)).size) <= 512
    for face in range(40):
        assert close(seen(found, face, 0.2, 0.8), RED)
    endless = made([picture()], (0, SQUARE * 1e6), side=512)
    assert max(Image.open(io.BytesIO(endless.data)).size) <= 512


def test_same_input_same_bytes():
    one, two = (made([picture(), picture(32)], (0, SQUARE), (1, SQUARE * 2)) for _ in range(2))
    assert one.data == two.data


def test_what_cannot_be_read_leaves_its_faces_plain():
    bad = [None, b"", b"%PDF-1.4", picture()[:90], b"\x89PNG\r\n\x1a\n" + bytes(40), picture()]
    found = made(bad, *((i, SQUARE) for i in range(6)), (9, SQUARE))
    assert found.unread == (0, 1, 2, 3, 4, 9)
    assert np.isnan(found.uv[:20]).all()
    assert close(seen(found, 5, 0.2, 0.8), RED)
    assert made([None], (0, SQUARE)) is None
    assert made([], (-1, SQUARE)) is None


def test_a_palette_with_transparency_is_drawn():
    stream = io.BytesIO()
    flat = Image.new("P", (16, 16), 1)
    flat.putpalette([0, 0, 0, *RED])
    flat.save(stream, "PNG", transparency=bytes([0, 128]))
    assert close(seen(made([stream.getvalue()], (0, SQUARE)), 0, 0.5, 0.5), RED)


def test_files_are_read_where_they_lie(tmp_path):
    (tmp_path / "a").write_bytes(picture(256, "JPEG"))
    (tmp_path / "b").write_bytes(picture(256)[:-200])  # a sound head, and not all of the rest
    found = made([tmp_path / "b", tmp_path / "a", tmp_path / "c"], (0, SQUARE), (1, SQUARE), (2, SQUARE))
    assert found.unread == (0, 2)
    assert np.isnan(found.uv[:4]).all()
    assert np.isnan(found.uv[8:]).all()
    assert close(seen(found, 1, 0.2, 0.8), RED)
    assert close(seen(found, 1, 0.8, 0.2), WHITE)


def test_a_point_without_a_place_leaves_its_face_plain():
    torn = SQUARE.copy()
    torn[2] = np.nan
    found = made([picture()], (0, torn), (0, SQUARE))
    assert np.isnan(found.uv[:4]).all()
    assert np.isfinite(found.uv[4:]).all()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_tiles_show_pictures(encoding):
    found = made([picture()], (0, SQUARE))
    points = np.array([[0, 0, 0], [8, 0, 0], [8, 0, 6], [0, 0, 6]], float)
    corners = np.array([0, 1, 2, 0, 2, 3], np.uint32)
    drawn = Mesh(points, corners, "wall", uv=found.uv, picture=found.data, faceted=True)
    bare = Mesh(points + np.array([0, 5, 0]), corners, "wall", faceted=True)
    content = Content(write_glb([drawn, bare], copyright="a", encoding=encoding))
    document = content.json
    assert "EXT_texture_webp" in document["extensionsRequired"]
    assert content.view(document["images"][0]["bufferView"]) == found.data
    textured, plain = (
        document["materials"][primitive["material"]] for primitive in document["meshes"][0]["primitives"]
    )
    assert textured["name"] == plain["name"] == "wall"
    assert textured["pbrMetallicRoughness"]["baseColorTexture"] == {"index": 0}
    assert "baseColorTexture" not in plain["pbrMetallicRoughness"]
    assert document["textures"][0]["extensions"]["EXT_texture_webp"] == {"source": 0}
    number = document["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_0"]
    uv = dict(
        zip(map(tuple, content.primitives[0].positions.round(2)), content.accessor(number), strict=True)
    )
    for point, place in zip(points, found.uv, strict=True):
        assert uv[tuple(point)] == pytest.approx(place, abs=1e-4)


def test_a_picture_needs_a_place_for_every_point():
    mesh = Mesh(np.eye(3), np.array([0, 1, 2], np.uint32), "wall", picture=b"x")
    with pytest.raises(TilingError, match="place"):
        write_glb([mesh], copyright="a")
