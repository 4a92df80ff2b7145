"""One test for all recipes: each gives from its sample the rows it promises."""

import re
from pathlib import Path

import pytest

from ingest.check import check, prove, shared_sample
from ingest.connectors import CONNECTORS, connector
from ingest.connectors.options import names
from ingest.fetch import Fetch
from ingest.load import RECIPES, city_folders, load_city
from ingest.waiting import NEVER
from tests.ingest.asking import source
from twin.errors import RecipeError
from twin.settings import Settings

LAYERS = [(name, layer.name) for name in city_folders() for layer in load_city(name).layers]


@pytest.mark.parametrize(("city", "name"), LAYERS, ids=".".join)
def test_a_recipe_proves_itself(city: str, name: str) -> None:
    verdicts = list(check(city_folders()[city] / f"{name}.toml", ready=True))
    assert [v.words for v in verdicts if not v.ok] == []
    assert len(verdicts) == 1


def test_every_sample_has_a_recipe() -> None:
    for sample in RECIPES.rglob("samples/*"):
        assert (sample.parent.parent / f"{sample.name}.toml").is_file(), sample


def test_every_text_exists_in_both_languages() -> None:
    for name in city_folders():
        city = load_city(name)
        texts = [city.title, *(g.reason for g in city.gaps), *([city.notice] if city.notice else [])]
        texts += [t for x in city.layers for t in (x.title, x.summary, *(r.reason for r in x.gate))]
        assert all(t.de.strip() and t.en.strip() for t in texts)


def test_every_layer_speaks_leichte_sprache() -> None:
    layers = [layer for name in city_folders() for layer in load_city(name).layers]
    assert [text.de for layer in layers for text in (layer.title, layer.summary) if text.ls is None] == []


CITY = """
id = "my-town"
title = { de = "Musterstadt", en = "My town" }
area = [11.0, 48.0, 12.0, 49.0]
centre = [11.5, 48.5]
contact = "rathaus@example.org"
"""
BUILDINGS = """
like = "de/by/buildings"
[source]
url = "https://geodaten.bayern.de/odd/a/lod2/citygml/meta/metalink/09564000.meta4"
"""


def town_with(folder: Path, recipe: str) -> Path:
    (folder / "city.toml").write_text(CITY, "utf-8")
    (folder / "buildings.toml").write_text(recipe, "utf-8")
    return folder / "buildings.toml"


def test_a_city_that_only_names_its_own_source_is_proven_by_the_shared_recipe(tmp_path: Path) -> None:
    (verdict,) = check(town_with(tmp_path, BUILDINGS))
    assert verdict.ok
    assert verdict.words.endswith("by the sample of de/by/buildings")


@pytest.mark.parametrize(
    "more",
    [
        'timezone = "UTC"',
        '[fields.storeys]\nfrom = "floors"',
        '[[gate]]\nhold = "use"\nequals = ["x"]\nreason = { de = "a", en = "b" }',
    ],
)
def test_a_city_that_maps_otherwise_has_to_prove_it(tmp_path: Path, more: str) -> None:
    (verdict,) = check(town_with(tmp_path, BUILDINGS + more))
    assert not verdict.ok
    assert "put a few things into samples/buildings/source/" in verdict.words


def test_a_recipe_of_its_own_has_no_other_sample(tmp_path: Path) -> None:
    file = town_with(tmp_path, BUILDINGS.replace("like =", "# like ="))
    assert shared_sample(file) is None


SHARED = sorted(
    file
    for file in RECIPES.glob("de/**/*.toml")
    if "samples" not in file.parts and not (file.parent / "city.toml").is_file()
)


@pytest.mark.parametrize("file", SHARED, ids=lambda file: file.stem)
def test_a_shared_recipe_proves_itself(file: Path) -> None:
    assert [verdict.words for verdict in check(file) if not verdict.ok] == []


WEATHER = 'like = "de/weather"\n[source.options]\nstations = ["10860"]\n'


def of_town(folder: Path, **recipes: str) -> list[str]:
    """What checking the city says that has these recipes; faults only."""
    (folder / "city.toml").write_text(CITY + "[heights]\nundulation_m = 45.66\n", "utf-8")
    for name, text in recipes.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return [verdict.words for verdict in check(str(folder), ready=True) if not verdict.ok]


def test_a_recipe_that_names_its_stations_is_well_written(tmp_path: Path) -> None:
    assert of_town(tmp_path, weather=WEATHER) == []


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (
            WEATHER.replace("stations", "statons"),
            "line 3: source.options.statons is no option of the connector dwd; did you mean 'stations'",
        ),
        (WEATHER.replace('["10860"]', '"10860"'), "x.toml, line 3: options.stations is a list of texts"),
        (
            WEATHER.replace('"10860"', ""),
            "x.toml, line 3: options.stations and options.files list what is asked",
        ),
        ('like = "de/weather"', "x.toml: options.stations and options.files list what is asked below"),
        ('like = "de/air-quality"', "x.toml: options.stations"),
        ('like = "de/autobahn"', "x.toml: options.roads lists the roads wanted, such as A99; it is missing"),
        (
            'like = "de/autobahn"\n[source.options]\nroads = ["A9"]\nbox = [1, 2]',
            "x.toml, line 4: options.box is [west, south, east, north]",
        ),
        (
            BUILDINGS + "[source.options]\ntextured = true",
            "line 6: source.options.textured is no option of the connector citygml; did you mean 'textures'",
        ),
        (
            BUILDINGS.replace("geodaten.bayern.de", "example.org"),
            "line 4: source.url only stands in for an address (example.org); write where",
        ),
        (
            BUILDINGS.replace("geodaten.bayern.de", "127.0.0.1:8000"),
            "line 4: source.url is an address of this machine or its own network (127.0.0.1); write",
        ),
        (BUILDINGS.replace("https://", ""), "line 4: source.url is no address; write one with https://"),
        (BUILDINGS.replace("geodaten.bayern.de", "[::1]"), "own network (::1)"),
        (BUILDINGS.replace("geodaten.bayern.de", "192.168.1.4"), "own network (192.168.1.4)"),
        (BUILDINGS.replace("geodaten.bayern.de", "LOCALHOST"), "own network (localhost)"),
    ],
)
def test_a_slip_that_no_sample_shows_is_told(tmp_path: Path, recipe: str, says: str) -> None:
    (words,) = of_town(tmp_path, x=recipe)
    assert says in words


def test_an_address_may_stand_in_while_a_recipe_is_being_written(tmp_path: Path) -> None:
    file = town_with(tmp_path, BUILDINGS.replace("geodaten.bayern.de", "example.org"))
    assert [verdict.ok for verdict in check(file)] == [True]
    assert [verdict.ok for verdict in check(file, ready=True)] == [False]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    found = of_town(
        tmp_path,
        weather=WEATHER.replace("stations", "statons"),
        autobahn='like = "de/autobahn"\nmin_features = "x"\ntitel = 1',
        bikes='like = "de/rental-bikes"',
        radiation='like = "de/radiation"',
    )
    assert [words.partition(":")[0] for words in found] == [
        "autobahn.toml, line 2",
        "autobahn.toml, line 3",
        "bikes.toml",
        "weather.toml, line 3",
    ]
    assert "min_features is no whole number" in found[0]
    assert "source.url is missing; add url = … under [source]" in found[2]
    only = list(check(tmp_path / "weather.toml"))
    assert len(only) == 1
    assert "statons" in only[0].words


def nowhere(host: str, port: int) -> list[str]:
    raise OSError("no network here")


@pytest.mark.parametrize("name", sorted(set(CONNECTORS) - {"citygml"}))
def test_connectors_document_the_options_they_know(name: str) -> None:
    known = set()
    for more in ({"things": "roads"}, {"things": "areas"}, {}) if name == "osm" else ({},):
        asked = source(name, "https://example.org/x", crs="EPSG:25832", options={**more, "qqzz": 1})
        with Fetch(Settings(), waiting=NEVER, resolve=nowhere) as fetch, pytest.raises(RecipeError) as told:
            list(connector(name)(asked, fetch))
        known |= set(re.findall(r"\w+", str(told.value).partition("known are ")[2]))
    assert known == set(names(name))


def test_citygml_documents_what_its_code_takes() -> None:
    """It takes its options without a list of them; `twin check` knows them by what is documented."""
    import inspect

    from ingest.connectors import citygml, tiled

    text = inspect.getsource(citygml) + inspect.getsource(tiled)
    taken = set(re.findall(r"options(?:\.get\(|\[)\"(\w+)\"", text))
    assert taken <= set(names("citygml"))
    assert {"lod", "classes", "attributes", "textures"} <= taken


def test_the_table_of_shared_recipes_says_what_a_city_has_to() -> None:
    from docs.overlays import lines, names

    rows = [line.split(" | ") for line in lines() if line.startswith("| `de/")]
    assert [row[0].strip("| `") for row in rows] == list(names())
    assert {file.relative_to(RECIPES).with_suffix("").as_posix() for file in SHARED} == set(names())
    said = {row[0].strip("| `"): row[2] for row in rows}
    assert said["de/weather"] == "`options.stations`, `stations`"
    assert said["de/radiation"] == "nothing more"
    assert said["de/parkapi"] == "`url`, `licence`, `publisher`, `attribution`"


@pytest.mark.parametrize(("name", "station"), [("bike-counts", "Arnulf"), ("air-quality", "609")])
def test_stations_that_a_city_states_are_there_without_the_source(name: str, station: str) -> None:
    city = load_city("muenchen")
    layer = city.layer(name)
    assert layer is not None
    features, _, _ = prove(city, layer, RECIPES / "de" / "samples" / name / "source")
    (stated,) = (feature for feature in features if feature.source_id == station)
    assert stated.values["name"] == layer.stations[station].name
    assert stated.geometry is not None
    assert len({feature.id for feature in features}) == len(features)
