"""Pictures on facades: the right way up, from every dialect, and from nowhere but the model's own folder."""

import io
import re
import zipfile

import numpy as np
import pytest
from PIL import Image

from tests.convert.inputs_made import House, citygml, cityjson

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (250, 250, 250)
CORNERS = {(0.2, 0.8): RED, (0.8, 0.8): GREEN, (0.2, 0.2): BLUE, (0.8, 0.2): WHITE}
"""Across and up on a wall, seen from outside → colour."""
UPRIGHT = "0 0 1 0 1 1 0 1 0 0"
"""Walls begin at their lower left corner, see `House.faces`."""
HOUSE = House("H1")
WALLS = range(2, 6)


def picture(kind="PNG"):
    """Red and green above, blue and white below."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32, :32], pixels[:32, 32:], pixels[32:, :32], pixels[32:, 32:] = RED, GREEN, BLUE, WHITE
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def textured(image="wall.png", rings=WALLS, places=UPRIGHT, version="2.0", inside=False):
    """A house whose walls show a picture; the appearance stands in the building, or behind all objects."""
    space = f'xmlns:app="http://www.opengis.net/citygml/appearance/{version}"'
    if version == "3.0":
        laid = "".join(
            f"<app:textureParameterization><app:TextureAssociation><app:target>#p{ring}</app:target>"
            f"<app:textureParameterization><app:TexCoordList><app:textureCoordinates>{places}"
            f"</app:textureCoordinates><app:ring>#ring{ring}</app:ring></app:TexCoordList>"
            f"</app:textureParameterization></app:TextureAssociation></app:textureParameterization>"
            for ring in rings
        )
    else:
        laid = "".join(
            f'<app:target uri="#p{ring}"><app:TexCoordList><app:textureCoordinates ring="#ring{ring}">'
            f"{places}</app:textureCoordinates></app:TexCoordList></app:target>"
            for ring in rings
        )
    data = f"<app:ParameterizedTexture><app:imageURI>{image}</app:imageURI>{laid}</app:ParameterizedTexture>"
    whole = f"<app:Appearance><app:surfaceDataMember>{data}</app:surfaceDataMember></app:Appearance>"
    if inside:
        text = citygml([HOUSE], version).replace(
            "<bldg:function>", f"<app:appearance {space}>{whole}</app:appearance><bldg:function>"
        )
    else:
        text = citygml(
            [HOUSE], version, extra=f"<app:appearanceMember {space}>{whole}</app:appearanceMember>"
        )
    numbers = iter(range(100))
    return re.sub("<gml:LinearRing>", lambda _: f'<gml:LinearRing gml:id="ring{next(numbers)}">', text)


def shown(ran):
    """For each wall with a picture, by its normal: the colour at a place across and up, seen from outside."""
    found = {}
    for tile in ran.tiles():
        content = tile.content
        primitives = [primitive for mesh in content.json["meshes"] for primitive in mesh["primitives"]]
        for drawn, primitive in zip(content.primitives, primitives, strict=True):
            if "TEXCOORD_0" not in primitive["attributes"]:
                continue
            material = content.json["materials"][primitive["material"]]
            number = material["pbrMetallicRoughness"]["baseColorTexture"]["index"]
            source = content.json["textures"][number]["extensions"]["EXT_texture_webp"]["source"]
            sheet = Image.open(io.BytesIO(content.view(content.json["images"][source]["bufferView"])))
            uv = content.accessor(primitive["attributes"]["TEXCOORD_0"])
            own = np.unique(content.accessor(primitive["indices"]))  # vertices are shared with plain surfaces
            for normal in np.unique(drawn.normals[own].round(), axis=0):
                of = own[(drawn.normals[own].round() == normal).all(axis=1)]
                right = np.cross((0, 0, 1), normal)
                plan = np.column_stack((drawn.positions[of] @ right, drawn.positions[of, 2]))
                found[tuple(normal.astype(int).tolist())] = (plan, uv[of], sheet.convert("RGB"))
    return found


def colour(wall, across, up):
    plan, uv, sheet = wall
    low, size = plan.min(axis=0), np.ptp(plan, axis=0)
    place = low + size * (across, up)
    # Affine from three corners of the wall to the picture.
    a = np.column_stack((plan, np.ones(len(plan))))
    u, v = np.append(place, 1) @ np.linalg.lstsq(a, uv, rcond=None)[0]
    return sheet.getpixel((int(u * sheet.width), int(v * sheet.height)))


def close(one, other):
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 40


def upright(walls):
    return all(close(colour(wall, *at), wanted) for wall in walls.values() for at, wanted in CORNERS.items())


@pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
@pytest.mark.parametrize("inside", [False, True])
def test_facades_stand_the_right_way_up(convert, tmp_path, version, inside):
    (tmp_path / "a.gml").write_text(textured(version=version, inside=inside))
    (tmp_path / "wall.png").write_bytes(picture())
    walls = shown(convert(tmp_path / "a.gml", "--textures"))
    assert sorted(walls) == [(-1, 0, 0), (0, -1, 0), (0, 1, 0), (1, 0, 0)]  # roof and ground are plain
    assert upright(walls)


def test_pictures_beside_a_model_in_an_archive(convert, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model/a.gml", textured("../pictures/wall #1 .jpg"))
        archive.writestr("pictures/wall #1 .jpg", picture("JPEG"))
    assert upright(shown(convert(tmp_path / "a.zip", "--textures")))


@pytest.mark.parametrize("name", [" wall 1.png", "wall#1.png", "wall 1.png "])
@pytest.mark.parametrize("written", ["{}", "  {}\n", "sub\\{}"])
def test_names_with_blanks_and_signs(convert, tmp_path, name, written):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.gml").write_text(textured(written.format(name)))
    folder = "in/sub" if "sub" in written else "in"
    kept = name if written == "{}" or "sub" in written else name.strip()
    (tmp_path / folder / kept).write_bytes(picture())
    assert len(shown(convert(tmp_path / "in", "--textures"))) == 4


def test_a_wall_that_looks_inwards_shows_its_picture_where_it_was_laid(convert, tmp_path):
    text = textured()
    first = re.search(r'ring2"><gml:posList>([^<]*)', text)[1]
    points = [first.split()[i : i + 3] for i in range(0, 15, 3)]
    turned = " ".join(number for point in points[::-1] for number in point)
    text = text.replace(first, turned).replace(UPRIGHT, "0 0 0 1 1 1 1 0 0 0", 1)
    (tmp_path / "a.gml").write_text(text)
    (tmp_path / "wall.png").write_bytes(picture())
    walls = shown(convert(tmp_path / "a.gml", "--textures"))
    assert len(walls) == 4
    assert upright(walls)


def test_without_the_option_tiles_are_those_of_a_plain_model(convert, tmp_path):
    (tmp_path / "a.gml").write_text(textured())
    (tmp_path / "b.gml").write_text(citygml([HOUSE]))
    (tmp_path / "wall.png").write_bytes(picture())
    one, other = convert(tmp_path / "a.gml"), convert(tmp_path / "b.gml", out="other")
    assert shown(one) == {}
    names = [sorted(p.name for p in ran.folder.rglob("*.glb")) for ran in (one, other)]
    assert names[0] == names[1]


def test_cityjson(convert, tmp_path):
    import orjson

    document = orjson.loads(cityjson([HOUSE]))
    (geometry,) = document["CityObjects"]["H1"]["geometry"]
    faces = geometry["boundaries"] if geometry["type"] == "MultiSurface" else geometry["boundaries"][0]
    kinds = geometry["semantics"]["surfaces"]
    values = geometry["semantics"]["values"]
    values = values if geometry["type"] == "MultiSurface" else values[0]
    laid = [
        [[0, 0, 1, 2, 3]] if kinds[kind]["type"] == "WallSurface" else [[None]]
        for kind, _ in zip(values, faces, strict=True)
    ]
    laid = laid if geometry["type"] == "MultiSurface" else [laid]
    geometry["texture"] = {"rgb": {"values": laid}}
    document["appearance"] = {
        "textures": [{"type": "PNG", "image": "appearances/wall.png"}],
        "vertices-texture": [[0, 0], [1, 0], [1, 1], [0, 1]],
    }
    (tmp_path / "in" / "appearances").mkdir(parents=True)
    (tmp_path / "in" / "a.city.json").write_bytes(orjson.dumps(document))
    (tmp_path / "in" / "appearances" / "wall.png").write_bytes(picture())
    walls = shown(convert(tmp_path / "in", "--textures"))
    assert len(walls) == 4
    assert upright(walls)


def huge():
    """A picture that says that it has 900 million pixels."""
    data = bytearray(picture())
    data[16:24] = (30_000).to_bytes(4, "big") * 2
    return bytes(data)


@pytest.mark.parametrize(
    ("image", "files", "words"),
    [
        ("gone.png", {}, "is missing"),
        ("wall.png", {"wall.png": b"GIF89a no picture"}, "cannot be read"),
        ("wall.png", {"wall.png": picture()[:90]}, "cannot be read"),
        ("wall.png", {"wall.png": huge()}, "too large"),
        ("../secret.png", {"../secret.png": picture()}, "is not in the folder"),
        ("link.png", {"../secret.png": picture()}, "is not in the folder"),
        ("{}/../secret.png", {"../secret.png": picture()}, "is not in the folder"),
        ("https://example.org/wall.png", {"wall.png": picture()}, "is not in the folder"),
        ("file:wall.png", {"wall.png": picture()}, "is not in the folder"),
        (r"C:\wall.png", {"wall.png": picture()}, "is not in the folder"),
        ("wall\t" * 900, {}, "is missing"),
    ],
)
def test_what_is_no_picture_of_the_model_leaves_its_faces_plain(convert, tmp_path, image, files, words):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.gml").write_text(textured(image.format(folder)))
    (folder / "link.png").symlink_to("../secret.png")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    ran = convert(folder, "--textures")
    assert len(ran.ids) == 1
    assert shown(ran) == {}
    (note,) = [note for note in ran.layer()["repaired"] if "picture" in note]
    assert words in note
    assert "a.gml" in note


def test_an_archive_is_not_left(convert, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.gml", textured("../wall.png"))
        archive.writestr("wall.png", picture())
    (tmp_path / "wall.png").write_bytes(picture())
    ran = convert(tmp_path / "a.zip", "--textures")
    assert shown(ran) == {}
    assert any("is not in the folder or archive" in note for note in ran.layer()["repaired"])


def test_places_that_do_not_fit_leave_a_face_plain(convert, tmp_path):
    text = textured().replace(UPRIGHT, "0 0 1 0 1 1", 1).replace(UPRIGHT, "0 0 1 0 1 1 0 x 0 0", 1)
    (tmp_path / "a.gml").write_text(text)
    (tmp_path / "wall.png").write_bytes(picture())
    ran = convert(tmp_path / "a.gml", "--textures")
    assert len(shown(ran)) == 2
    notes = ran.layer()["repaired"]
    assert notes["textures that do not fit the surfaces were left out"] == 1
    assert notes["a texture that cannot be read was left out"] == 1


def test_workers_make_the_same_tiles(convert, tmp_path):
    (tmp_path / "a.gml").write_text(textured())
    (tmp_path / "wall.png").write_bytes(picture())
    one = convert(tmp_path / "a.gml", "--textures")
    two = convert(tmp_path / "a.gml", "--textures", out="two", workers=2)
    assert sorted(p.name for p in one.folder.rglob("*.glb")) == sorted(
        p.name for p in two.folder.rglob("*.glb")
    )


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("kind", ["X3DMaterial", "GeoreferencedTexture"])
def test_appearances_that_are_not_drawn_are_told(convert, tmp_path, kind, inside):
    other = f"<app:{kind}><app:target>#p1</app:target></app:{kind}>"
    other = f"<app:surfaceDataMember>{other}</app:surfaceDataMember>"
    text = textured(inside=inside).replace("</app:Appearance>", other + "</app:Appearance>")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.gml").write_text(text)
    (tmp_path / "in" / "wall.png").write_bytes(picture())
    ran = convert(tmp_path / "in", "--textures")
    assert len(shown(ran)) == 4
    (note,) = [note for note in ran.layer()["repaired"] if kind in note]
    assert ran.layer()["repaired"][note] == 1
    plain = convert(tmp_path / "in", out="plain")
    assert not any(kind in note for note in plain.layer()["repaired"])
