"""What twin inspect tells people: the terminal, the JSON, and a page that needs nothing from elsewhere."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest
import tileset_made as made
from typer.testing import CliRunner

from api.cli import app
from api.inspect_figures import amount, span, values
from api.inspect_page import page
from tiles.inspect.attributes import Attribute
from tiles.inspect.report import inspect

VOID = {"meta", "br", "img", "link", "input", "rect"}


class Page(HTMLParser):
    """Checks that every element is closed; collects tags, attributes and text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data.strip())


@pytest.fixture
def folder(tmp_path):
    return made.write(tmp_path / "city")


def run(*words):
    return CliRunner().invoke(app, ["inspect", *map(str, words)], env={"COLUMNS": "100"})


def test_a_sound_tileset_ends_well_and_a_faulty_one_does_not(folder, tmp_path):
    done = run(folder, "--json", tmp_path / "r.json")
    assert done.exit_code == 0, done.output
    assert "✓ no faults" in done.output
    assert "3 tiles, 4 features, 72 triangles" in done.output
    facts = json.loads((tmp_path / "r.json").read_text())
    assert facts["total"]["tiles"] == 3
    assert facts["faults"] == []
    assert {a["name"]: a["filled"] for a in facts["attributes"]}["height_m"] == 4
    (folder / "content" / "west.glb").unlink()
    done = run(folder / "tileset.json", "--json", tmp_path / "r.json", "--language", "de")
    assert done.exit_code == 1
    assert "root/0: Inhalt content/west.glb fehlt" in done.output
    (fault, lost) = json.loads((tmp_path / "r.json").read_text())["faults"]
    assert (fault["tile"], fault["kind"]) == ("root/0", "content-missing")
    assert lost["kind"] == "ids-lost"


def test_wrong_words_are_told(folder, tmp_path):
    assert run(folder, "--language", "fr").exit_code == 2
    done = run(tmp_path / "nothing")
    assert done.exit_code == 1
    assert "does not exist" in str(done.exception)
    done = run(folder, "--html", tmp_path / "no" / "page.html")
    assert "cannot be written" in str(done.exception)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_is_whole_and_needs_nothing_from_elsewhere(folder, language):
    text = page(inspect(folder), language)
    read = Page(text)
    assert "script" not in read.tags
    assert "link" not in read.tags
    assert not [name for name, _ in read.attributes if name in ("src", "href", "onclick", "onload")]
    assert "url(" not in text
    assert "http" not in text
    assert read.tags.count("figure") == 2
    assert read.tags.count("polygon") == 3
    assert read.tags.count("rect") == 3
    assert ("✓ No faults" if language == "en" else "✓ Keine Fehler") in read.words
    assert "height_m" in read.words


@pytest.mark.parametrize(("share", "times"), [(0.1, 20), (0.9, 1)])
def test_a_level_that_would_be_a_speck_is_drawn_larger_and_said_to_be(folder, share, times):
    def add(whole):
        west = whole["root"]["children"][0]
        box = west["boundingVolume"]["box"]
        small = [*box[:3], *(share * number for number in box[3:])]
        west["children"] = [{"boundingVolume": {"box": small}, "geometricError": 0}]

    made.changed(folder, add)
    read = Page(page(inspect(folder), "en"))
    (told,) = [words for words in read.words if words.startswith("Level 2")]
    assert told.startswith("Level 2 · 1 tile")
    enlarged = told.partition("enlarged ")[2]
    assert bool(enlarged) == (times > 1)
    assert not enlarged or int(enlarged.split()[0]) == pytest.approx(times, abs=4)
    *_, points = [value for name, value in read.attributes if name == "points"]
    width = np.ptp([float(pair.partition(",")[0]) for pair in points.split()])
    assert (width > 500) == (times > 1)
    assert "enlarged" not in " ".join(words for words in read.words if words.startswith("Level 1"))


def test_names_of_strangers_are_only_text_on_the_page(folder):
    evil = "<script>alert(1)</script>"
    made.spoiled(folder / "content/west.glb", lambda whole, _: whole["asset"].update(copyright=evil))
    made.changed(folder, lambda whole: whole["root"]["children"][1]["content"].update(uri=f"{evil}.glb"))
    read = Page(page(inspect(folder), "en"))
    assert "script" not in read.tags
    assert any(evil in words for words in read.words)


def test_tiles_with_faults_are_drawn_last_and_marked(folder):
    made.changed(folder, lambda whole: whole["root"]["children"][0].update(geometricError=99))
    text = page(inspect(folder), "en")
    assert text.count(" wrong") >= 2
    assert "error-grows" in text


def test_a_tileset_far_from_the_earth_or_without_volumes_still_has_a_page(folder):
    made.changed(folder, lambda whole: whole["root"].update(transform=np.eye(4).ravel().tolist()))
    Page(page(inspect(folder), "en"))
    made.changed(folder, lambda whole: whole["root"].pop("boundingVolume"))
    Page(page(inspect(folder), "de"))


def test_numbers_for_people():
    assert amount(None) == ""
    assert amount(999) == "999 B"
    assert amount(1_720_000) == "1.72 MB"
    assert amount(1_720_000, "de") == "1,72 MB"
    assert amount(208_044) == "208 kB"
    assert span(2920.0614, 2920.0614, "de") == "2.920"
    assert span(0, 15.98) == "0–16"
    column = Attribute("building", "id", "Id", "STRING", None, 3, 3)
    column.counts.update("abc")
    assert values(column) == "3 different"
    only = Attribute("building", "use", "Use", "ENUM", None, 1, 1)
    only.counts.update("a")
    assert values(only) == "a"
    height = Attribute("building", "height_m", "Height", "FLOAT32", "m", 3, 3)
    height.least = height.greatest = 6.0
    assert values(height) == "6"
    height.greatest = 7.5
    assert values(height) == "6 … 7.5"
