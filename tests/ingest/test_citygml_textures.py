"""Textures of CityGML: found wherever they stand, the nearest one taken, what is odd told."""

import re

import numpy as np
import pytest

from ingest import kept
from ingest.connectors import citygml, citygml_textures
from tests.convert.inputs_made import House
from tests.convert.inputs_made import citygml as model
from tests.ingest.asking import quick, records, source

PLACES = "0 0 1 0 1 1 0 1 0 0"
APP = 'xmlns:app="http://www.opengis.net/citygml/appearance/2.0"'


def laid(image, *rings, places=PLACES):
    inside = "".join(
        f'<app:target uri="#x"><app:TexCoordList><app:textureCoordinates ring="#ring{ring}">{places}'
        "</app:textureCoordinates></app:TexCoordList></app:target>"
        for ring in rings
    )
    return (
        f"<app:ParameterizedTexture><app:imageURI>{image}</app:imageURI>{inside}</app:ParameterizedTexture>"
    )


def appearance(*textures, tag="appearanceMember"):
    inside = "".join(f"<app:surfaceDataMember>{texture}</app:surfaceDataMember>" for texture in textures)
    return f"<app:{tag} {APP}><app:Appearance>{inside}</app:Appearance></app:{tag}>"


def numbered(text):
    numbers = iter(range(10_000))
    return re.sub("<gml:LinearRing>", lambda _: f'<gml:LinearRing gml:id="ring{next(numbers)}">', text)


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "a.gml"

    def read(text, encoding="utf-8", **options):
        path.write_bytes(text.encode(encoding))
        return records("citygml", path, options={"textures": True} | options)

    return read


def images(record):
    """The picture of each face."""
    skin = record.geometry.skin
    return (
        [None] * len(record.geometry.faces)
        if skin is None
        else [(*skin.images, None)[i] for i in skin.chosen]
    )


def test_the_nearest_texture_counts_and_of_equals_the_first(read):
    text = model(
        [House("A"), House("B", north=5_336_100)],
        extra=appearance(laid("far.png", 0, 1, 8), laid("again.png", 1, 8, 9))
        + appearance(laid("c.png", 9, 10)),
    )
    near = appearance(laid("near.png", 1, 2), tag="appearance")
    one, two = read(numbered(text.replace("<bldg:function>", near + "<bldg:function>", 1)))
    assert images(one) == ["far.png", "near.png", "near.png", None, None, None]
    assert images(two) == [None, None, "far.png", "again.png", "c.png", None]
    assert two.geometry.skin.uv[8:12].tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    assert np.isnan(two.geometry.skin.uv[:8]).all()


def test_without_the_option_nothing_is_looked_for(read):
    (one,) = read(numbered(model([House("A")], extra=appearance(laid("a.png", 1)))), textures=False)
    assert one.geometry.skin is None
    assert one.notes == ()


@pytest.mark.parametrize("chunk", [1500, 2047, 4096])
@pytest.mark.parametrize("first", [False, True])
def test_textures_are_found_however_a_file_is_read(read, monkeypatch, chunk, first):
    monkeypatch.setattr(citygml_textures, "_CHUNK", chunk)
    houses = [House(f"H{n}", north=5_336_000 + 20 * n) for n in range(12)]
    members = "".join(appearance(laid(f"{n}.png", *range(6 * n + 2, 6 * n + 6))) for n in range(12))
    text = numbered(model(houses, extra="" if first else members))
    if first:
        text = text.replace("<cityObjectMember>", members + "<cityObjectMember>", 1)
    for n, record in enumerate(read(text)):
        assert images(record) == [None, None, *[f"{n}.png"] * 4]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_textures_in_another_encoding(read, encoding):
    text = numbered(model([House("A")], extra=appearance(laid("Häuser.png", 2))))
    (one,) = read(text.replace("UTF-8", encoding), encoding)
    assert images(one)[2] == "Häuser.png"


def test_what_cannot_be_laid_is_told_once(read, monkeypatch):
    matrix = laid("m.png").replace(
        "</app:Param", '<app:target uri="#p"><app:TexCoordGen/></app:target></app:Param'
    )
    nameless = laid("")
    text = model(
        [House("A"), House("B")], extra=appearance(matrix, nameless, laid("a.png", 2, places="0 1e300"))
    )
    one, two = read(numbered(text))
    assert sorted(one.notes) == sorted([citygml_textures.MATRIX, *[citygml_textures.UNREADABLE] * 2])
    assert two.notes == ()
    monkeypatch.setattr(citygml_textures, "_MOST_BYTES", 600)
    (one,) = read(numbered(model([House("A")], extra=appearance(laid("a.png", 1, 2, 3, 4, 5)))))
    assert images(one) == [None, "a.png", "a.png", None, None, None]
    assert one.notes == (citygml_textures.LOST,)


def test_parts_with_pictures_are_read_anew(tmp_path):
    (tmp_path / "a.gml").write_text(model([House("A")]))
    with quick() as fetch:
        for options, anew in (({}, False), ({"textures": True}, True)):
            (part,) = citygml.parts(source("citygml", tmp_path / "a.gml", options=options), fetch)
            assert (kept.Kept(tmp_path, "b").part("citygml", part) is None) == anew
