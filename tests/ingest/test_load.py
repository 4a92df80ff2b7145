"""Recipes: what is wrong is told with file, line and remedy."""

from pathlib import Path

import pytest

from ingest.load import city_folders, load_city, load_layer, load_sound, recipe_sha256
from twin.errors import RecipeError
from twin.layer import Layer

CITY = """\
id = "town"
title = { de = "Stadt", en = "Town" }
area = [11.4, 48.0, 11.8, 48.3]
centre = [11.57, 48.13]
contact = "a@example.org"
"""
GOOD = """\
schema = "water/1"
theme = "environment"
title = { de = "Brunnen", en = "Fountains" }
summary = { de = "Brunnen.", en = "Fountains." }

[source]
connector = "geojson"
url = "https://example.org/wells"
interval = "1d"
licence = "CC0-1.0"
publisher = "City"
attribution = "City"

[fields.name]
from = "name"
"""


def load(tmp_path: Path, text: str) -> Layer:
    file = tmp_path / "wells.toml"
    file.write_text(text, "utf-8")
    return load_layer(file, "town")


def test_a_recipe_is_a_layer(tmp_path: Path) -> None:
    layer = load(tmp_path, GOOD)
    assert layer.id == "town.wells"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("interval", "intervall", r"wells\.toml, line 9: .*did you mean 'interval'"),
        ('"1d"', '"daily"', r"line 9: .*15min, 1h or 7d"),
        ('"CC0-1.0"', '"none"', r"line 10: .*CC-BY-4\.0"),
        ('"water/1"', '"watter/1"', r"line 1: .*did you mean .water/1"),
        ('"geojson"', '"geojsn"', r"line 7: .*did you mean 'geojson'"),
        ("[fields.name]", "[fields.nam]", r"line 14: 'nam' is no column of water/1; did you mean 'name'"),
        ('from = "name"', 'from = "name"\nby = "eval"', r"'eval' is no mapping function"),
        ('schema = "water/1"', 'schema = "water/1"\nid = "x"', "remove 'id'"),
        ('schema = "water/1"', 'like = "../../secrets"', "is no shared recipe; known are"),
        ("title =", "title = [", "not valid TOML"),
        (
            'url = "https://example.org/wells"\n',
            "",
            r"line 6: source\.url is missing; add url = … under \[source\]",
        ),
        (', en = "Fountains"', "", r"line 3: title\.en is missing; add en = … to title = {"),
        ('theme = "environment"\n', "", r"theme is missing; add theme = … at the top"),
        ("[source]", "[sourc]", r"line 6: sourc is not a key .*did you mean .source"),
        ('schema = "water/1"', "schema = 1", r"line 1: schema is no text; write it in quotes"),
        ('theme = "', 'min_features = "x"\ntheme = "', r"line 2: min_features is no whole number; write"),
        ('theme = "', 'min_features = -1\ntheme = "', r"line 2: min_features has to be at least 0"),
        ('"environment"', '"weather"', r"line 2: theme is none of 'traffic', .*; write one of them"),
        ('from = "name"', "from = 5", r"line 15: fields\.name\.from is no text; write it in quotes"),
        (
            "[fields.name]",
            "[[gate]]\nhold = 'a'\n[fields.name]",
            r"line 14: gate\.0\.reason is missing; .*\[\[gate\]\]",
        ),
    ],
)
def test_faults_name_place_and_remedy(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(RecipeError, match=says):
        load(tmp_path, GOOD.replace(old, new, 1))


def test_a_mark_that_windows_puts_before_a_text_is_not_in_the_way(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + GOOD) == load(tmp_path, GOOD)


def test_missing_keys_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError) as caught:
        load(tmp_path, GOOD.replace('licence = "CC0-1.0"\n', "").replace('publisher = "City"\n', ""))
    assert "source.licence is missing" in str(caught.value)
    assert "source.publisher is missing" in str(caught.value)


def test_the_line_is_that_of_the_key_meant_not_of_a_namesake(tmp_path: Path) -> None:
    more = '\n[[readings]]\nwhen = ["a"]\nstation = "a"\nstart = ["b"]\n[[readings]]\nwhen = "a"\n'
    with pytest.raises(RecipeError) as caught:
        load(tmp_path, GOOD + more)
    said = str(caught.value).splitlines()
    assert "wells.toml, line 22: readings.1.when is no list; write it as [ … ]" in said
    assert "wells.toml, line 21: readings.1.station is missing; add station = … under [[readings]]" in said
    assert not any("readings.0" in line for line in said)


@pytest.mark.parametrize("area", ["[11.4]", '"west"', "[11.4, 48.0, 11.8, 48.3, 1]"])
def test_a_city_s_area_is_told_once(tmp_path: Path, area: str) -> None:
    (tmp_path / "city.toml").write_text(CITY.replace("[11.4, 48.0, 11.8, 48.3]", area), "utf-8")
    with pytest.raises(
        RecipeError, match=r"^city\.toml, line 3: area (has too (few|many) values|is no list).*$"
    ):
        load_city(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "plain"), [("Landkreis-München", "landkreis-muenchen"), ("Müstadt 2", "muestadt-2"), ("Ä", "ae")]
)
def test_a_folder_s_name_that_is_no_id_is_told_with_one_that_is(
    tmp_path: Path, name: str, plain: str
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "city.toml").write_text(CITY.replace('id = "town"\n', ""), "utf-8")
    with pytest.raises(RecipeError, match=rf'the folder\'s name, .*; add id = "{plain}" at the top'):
        load_city(str(tmp_path / name))
    (tmp_path / name / "city.toml").write_text(
        f'id = "{plain}"\n' + CITY.replace('id = "town"\n', ""), "utf-8"
    )
    assert load_city(str(tmp_path / name)).id == plain
    (tmp_path / name / "city.toml").write_text(CITY.replace('"town"', '"Town"'), "utf-8")
    with pytest.raises(RecipeError, match="line 1: id has other signs than small letters, digits and -;"):
        load_city(str(tmp_path / name))


def test_what_is_sound_is_loaded_and_all_faults_of_all_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text(CITY, "utf-8")
    (tmp_path / "wells.toml").write_text(GOOD, "utf-8")
    (tmp_path / "ponds.toml").write_text(GOOD.replace("interval", "intervall"), "utf-8")
    (tmp_path / "lakes.toml").write_text("like = 5 5", "utf-8")
    city, faults = load_sound(str(tmp_path))
    assert [layer.name for layer in city.layers] == ["wells"]
    assert sorted(faults) == ["lakes", "ponds"]
    with pytest.raises(RecipeError) as caught:
        load_city(str(tmp_path))
    assert "lakes.toml, line 1: not valid TOML" in str(caught.value)
    assert "ponds.toml, line 9: source.intervall is not a key we know" in str(caught.value)
    (tmp_path / "city.toml").write_text(CITY.replace("area", "aera"), "utf-8")
    with pytest.raises(RecipeError, match="aera is not a key we know"):
        load_sound(str(tmp_path))


def test_a_city_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(RecipeError, match=r"demo.*muenchen|muenchen.*demo"):
        load_city("atlantis")


def test_a_shared_recipe_lies_below_the_citys_own() -> None:
    layer = load_city("muenchen").layer("buildings")
    assert layer is not None
    assert layer.source.url.endswith("09162000.meta4")
    assert layer.source.licence == "CC-BY-4.0"
    assert layer.fields["height_m"].by == "building_height"


SHARED = """
like = "de/water"
[source]
url = "https://example.org/water"
"""


def test_leichte_sprache_of_a_shared_recipe_says_the_same_as_its_german(tmp_path: Path) -> None:
    def title(more: str = "") -> dict[str, str]:
        return load(tmp_path, more + SHARED).title.model_dump()

    assert title() == {"de": "Gewässer", "en": "Water", "ls": "Flüsse und Seen"}
    assert title('title = { de = "Brunnen" }\n') == {"de": "Brunnen", "en": "Water"}
    assert title('title = { en = "Waters" }\n')["ls"] == "Flüsse und Seen"


def test_a_title_in_leichte_sprache_is_no_other_recipe(tmp_path: Path) -> None:
    easy = GOOD.replace('en = "Fountains" }', 'en = "Fountains", ls = "Brunnen in der Stadt" }')
    layer, same = load(tmp_path, easy), load(tmp_path, GOOD)
    assert layer.title.get("ls") == "Brunnen in der Stadt"
    assert same.title.get("ls") == "Brunnen"
    assert recipe_sha256(layer) == recipe_sha256(same)
    assert recipe_sha256(load(tmp_path, GOOD.replace("Brunnen", "Quellen"))) != recipe_sha256(same)


def test_terrain_is_published_first_because_others_lie_on_it() -> None:
    assert load_city("muenchen").layers[0].name == "terrain"


def test_a_local_file_lies_in_the_citys_folder(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from ingest.job import Job
    from ingest.take import address
    from twin.errors import SourceRefused
    from twin.settings import Settings
    from twin.store import open_store

    (tmp_path / "city.toml").write_text(CITY, "utf-8")
    (tmp_path / "wells.toml").write_text(
        GOOD.replace("https://example.org/wells", "file:wells.geojson"), "utf-8"
    )
    (tmp_path / "far.toml").write_text(
        GOOD.replace("https://example.org/wells", "file:../../etc/passwd"), "utf-8"
    )
    city = load_city(str(tmp_path))
    job = Job(city, open_store("memory://"), Settings(), datetime.now(UTC))
    wells, far = city.layer("wells"), city.layer("far")
    assert wells is not None
    assert far is not None
    assert address(job, wells) == (str(tmp_path / "wells.geojson"), True)
    with pytest.raises(SourceRefused, match="leaves the city's folder"):
        address(job, far)
    assert str(tmp_path) not in city.model_dump_json()


def test_a_source_of_the_whole_country_is_asked_for_the_city_alone() -> None:
    from ingest.take import within

    city = load_city("muenchen")
    west, south, east, north = city.area
    assert within("https://x/?bbox={west},{south},{east},{north}&id={id}", city) == (
        f"https://x/?bbox={west},{south},{east},{north}&id={{id}}"
    )


def test_a_field_that_no_record_has_is_a_slip_of_the_pen(tmp_path: Path) -> None:
    from ingest.normalise import normalise
    from twin.errors import SourceChanged
    from twin.record import Record
    from twin.report import Report
    from twin.times import now

    (tmp_path / "city.toml").write_text(CITY, "utf-8")
    (tmp_path / "wells.toml").write_text(GOOD.replace('from = "name"', 'from = "bezeichnug"'), "utf-8")
    city = load_city(str(tmp_path))
    records = [Record("feature 1", {"nr": 1, "bezeichnung": "x"}), Record("feature 2", {"nr": 2})]
    with pytest.raises(
        SourceChanged, match=r"'bezeichnug' that column name .* did you mean 'bezeichnung'\?.*nr"
    ):
        list(normalise(records, city.layers[0], city, now(), Report()))


def test_addresses_have_only_placeholders_that_connectors_fill() -> None:
    import re

    known = {"E", "N", "year", "date", "id", "stop", "west", "south", "east", "north"}
    for name in city_folders():
        for layer in load_city(name).layers:
            assert set(re.findall(r"{(\w+)(?:[+-]\d+)?}", layer.source.url)) <= known, layer.id
