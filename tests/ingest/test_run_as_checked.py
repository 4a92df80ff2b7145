"""What ``twin check`` refuses no run publishes: its ids would not be those of the run before."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.show import show_layers
from catalog.revisions import current
from ingest.check import check
from ingest.load import load_sound
from ingest.schedule import run_city
from tests.ingest.town_made import CITY
from twin.errors import RecipeError
from twin.settings import ROOT, Settings
from twin.store import FileStore

RECIPE = """schema = "place/1"
theme = "model"
title = { de = "Ladesäulen", en = "Chargers" }
summary = { de = "Ladesäulen.", en = "Chargers." }
business_key = ["Nr"]
[source]
connector = "csv"
url = "file:lk.csv"
interval = "1d"
licence = "CC0-1.0"
publisher = "Stadt"
attribution = "Stadt"
crs = "EPSG:4326"
[source.options]
lon = "lon"
lat = "lat"
[source.columns]
required = ["Nr", "Ort"]
optional = ["lon", "lat"]
[fields.name]
from = "Ort"
"""
WORDS = (
    "lk.toml, line 5: business_key names the field 'nr', which is not in [source.columns]; did you mean 'Nr'?"
)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "city.toml").write_text(CITY)
    (folder / "lk.toml").write_text(RECIPE)
    (folder / "lk.csv").write_text("Nr;Ort;lon;lat\nE-1;Au;11.5;48.1\nE-2;Ost;11.6;48.1\n")
    return folder


def ran(town: Path) -> tuple[FileStore, list[str]]:
    store = FileStore(town.parent / "store")
    city, faults = load_sound(str(town))
    outcomes = run_city(city, city.layers, store, Settings(grids=None, workers=1))
    return store, [*faults.values(), *(outcome.words for outcome in outcomes)]


def changed(town: Path, before: str, after: str) -> None:
    text = (town / "lk.toml").read_text()
    assert before in text
    (town / "lk.toml").write_text(text.replace(before, after, 1))


def test_a_key_that_names_no_column_is_refused_in_the_same_words(town: Path) -> None:
    store, _ = ran(town)
    changed(town, '["Nr"]', '["nr"]')
    (told,) = (verdict.words for verdict in check(town / "lk.toml"))
    again, said = ran(town)
    assert said == [told]
    assert told.startswith(WORDS)
    revision = current(store, "town.lk")
    assert revision is not None
    assert current(again, "town.lk") == revision


def test_the_command_ends_with_another_code(town: Path) -> None:
    changed(town, '["Nr"]', '["nr"]')
    command = [sys.executable, "-m", "api.cli", "run", str(town), "--store", str(town.parent / "store")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 1
    assert f"✗ {WORDS}" in done.stderr
    assert "✓" not in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('lat = "lat"', 'latt = "lat"', "source.options.latt is no option of the connector csv"),
        ('from = "Ort"', 'from = "Ort"\noptions = { misisng = ["-"] }', "misisng is no option of text"),
    ],
)
def test_so_is_an_option_that_would_be_passed_over(town: Path, before: str, after: str, words: str) -> None:
    changed(town, before, after)
    _, faults = load_sound(str(town))
    assert words in faults["lk"]


def test_a_key_is_looked_for_where_no_columns_are_stated(town: Path) -> None:
    changed(town, '[source.columns]\nrequired = ["Nr", "Ort"]\noptional = ["lon", "lat"]\n', "")
    changed(town, '["Nr"]', '["nr"]')
    store, (words,) = ran(town)
    assert "no record has the field 'nr' that is the business_key; did you mean 'Nr'?" in words
    assert current(store, "town.lk") is None


def test_what_was_made_up_by_us_needs_no_stated_columns() -> None:
    city, faults = load_sound("demo")
    assert city.layers
    assert not faults


def test_a_fault_is_an_error_for_those_who_want_the_whole_city(town: Path) -> None:
    from ingest.load import load_city

    changed(town, '["Nr"]', '["nr"]')
    with pytest.raises(RecipeError, match="business_key names"):
        load_city(str(town))


def test_a_key_there_twice_is_told_by_run_and_show(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (town / "lk.csv").write_text("Nr;Ort;lon;lat\nE-1;Au;11.5;48.1\nE-1;Ost;11.6;48.1\nE-2;Ost;21.6;48.1\n")
    store, (words,) = ran(town)
    assert words.endswith("2 features, 1 broken, 1 with a key that another one has, too")
    show_layers(store, "lk", Settings())
    said = capsys.readouterr().out
    assert "1 × its key is that of another thing, too: told apart by their content" in said
    assert re.search(r"broken: lk\.csv, \w+ 4: it lies outside the city's area", said), said
    assert "E-2" not in said


def test_what_was_left_out_is_told_by_its_place_ten_times(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"X-{n};Au;21.5;48.1\n" for n in range(14))
    (town / "lk.csv").write_text(f"Nr;Ort;lon;lat\nE-1;Au;11.5;48.1\n{rows}")
    store, _ = ran(town)
    show_layers(store, "lk", Settings())
    said = capsys.readouterr().out
    assert said.count("broken: lk.csv") == 10
    assert "and 4 more that are not in it" in said


@pytest.mark.parametrize("drawn", [True, False])
def test_a_layer_of_nothing_but_nowhere_is_a_fault_unless_it_says_so(town: Path, drawn: bool) -> None:
    changed(town, '[source.options]\nlon = "lon"\nlat = "lat"\n', "")
    if drawn:
        with (town / "lk.toml").open("a") as file:
            file.write('[tiles]\nwriter = "stations"\n')
    store, (words,) = ran(town)
    if drawn:
        assert "none of 2 features has a place; name the columns of positions" in words
        assert "remove [tiles]" in words
    else:
        assert "2 features, none has a place: its recipe has no [tiles]" in words
    assert (current(store, "town.lk") is None) == drawn


def test_some_without_a_place_are_as_ever(town: Path) -> None:
    (town / "lk.csv").write_text("Nr;Ort;lon;lat\nE-1;Au;11.5;48.1\nE-2;Ost;;\n")
    _, (words,) = ran(town)
    assert words.endswith(": 2 features")
