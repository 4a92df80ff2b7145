"""The command line: one line of help each, exit codes that tell, words that help."""

import errno
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app, main
from ingest.load import city_folders
from twin.settings import ROOT

ONE_SPRING = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"nr": "1", "name": "%s"}, '
    '"geometry": {"type": "Point", "coordinates": [11.575, 48.137]}}]}'
)
SPRINGS = """
schema = "place/1"
theme = "environment"
title = { de = "Brunnen", en = "Wells" }
summary = { de = "Brunnen.", en = "Wells." }
business_key = ["nr"]
[source]
connector = "geojson"
url = "file:springs.geojson"
interval = "1d"
licence = "CC-BY-4.0"
publisher = "Town"
attribution = "Town"
[fields.name]
from = "name"
"""
SAMPLES = city_folders()["muenchen"] / "samples"


def twin(*words: str) -> tuple[int, str]:
    """Exit code and everything printed, in a process of its own as a person starts it."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *words], cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    return done.returncode, done.stdout + done.stderr


def test_what_is_closed_to_the_user_is_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tests may run as root, to whom nothing is closed."""

    def closed(path: Path, **_: object) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", closed)
    monkeypatch.setattr(sys, "argv", ["twin", "show", "--store", "closed/store"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    said = "twin: closed/store: Permission denied; give it to the user who runs twin (chown)\n"
    assert capsys.readouterr().err == said


def test_every_command_has_one_line_of_help() -> None:
    listing = CliRunner().invoke(app, ["--help"]).output
    for command in app.registered_commands:
        assert command.callback is not None
        line = (command.callback.__doc__ or "").strip()
        assert line
        assert "\n" not in line
        assert command.callback.__name__ in listing


def test_the_way_back_from_a_bad_revision(tmp_path: Path) -> None:
    town = tmp_path / "town"
    shutil.copytree(SAMPLES.parent, town, ignore=shutil.ignore_patterns("samples"))
    for recipe in [*town.glob("*.toml")]:
        if recipe.name != "city.toml":
            recipe.unlink()
    (town / "springs.toml").write_text(SPRINGS, "utf-8")
    run = ("run", str(town), "springs", "--store", str(tmp_path / "store"))
    for name in ("Gut", "Falsch"):
        (town / "springs.geojson").write_text(ONE_SPRING % name, "utf-8")
        code, said = twin(*run)
        assert code == 0, said
    code, said = twin(*run, "--back-to", "1")
    assert (code, "revision 000003 is 000001 again" in said) == (0, True), said
    code, said = twin("show", "springs", "--history", "--store", str(tmp_path / "store"))
    assert "revision 000003: 1 changed" in said
    code, said = twin(*run)  # the source still says what was wrong
    assert "revision 000004" in said
    for words, fault in (
        ((*run, "--back-to", "9"), "has no revision 000009; `twin show springs --history` names them"),
        ((*run, "--back-to", "1", "--source", "springs=x"), "--back-to asks no source"),
        (("run", str(town), "--back-to", "1", "--store", str(tmp_path / "store")), "is for one layer"),
        ((*run, "springs", "--back-to", "1"), "is for one layer"),
    ):
        code, said = twin(*words)
        assert (code, fault in said) == (1, True), said


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, api.cli; from typer.testing import CliRunner;"
        "CliRunner().invoke(api.cli.app, ['--help']);"
        "heavy = ('numpy', 'pyarrow', 'geopandas', 'fastapi', 'pyproj', 'pydantic');"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_run_show_and_faults(tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    source = f"construction-sites={SAMPLES / 'construction-sites' / 'source'}"
    code, said = twin("run", "muenchen", "construction-sites", "--source", source, "--store", store)
    assert (code, "✓ muenchen.construction-sites: revision 000001: 5 features" in said) == (0, True), said

    code, said = twin(
        "run", "muenchen", "muenchen.construction-sites", "districts", "--source", f"districts={tmp_path}/no",
        "--source", source, "--store", store,
    )  # fmt: skip
    assert code == 1
    assert "✗ muenchen.districts" in said
    assert "✓ muenchen.construction-sites: unchanged since revision 000001" in said

    code, said = twin("show", "--store", store)
    assert code == 0
    assert "records in 9 = published 5 + held 1 + broken 2 + duplicate 1" in said
    assert "No-stopping zones" in said
    assert "heights by a stated value (45.66 m), error at most 0.3 m" in said
    assert re.search(r"○ muenchen\.districts  nothing published  silent", said)

    glb = next((tmp_path / "store/layers/muenchen.construction-sites/content").glob("*.glb"))
    glb.write_bytes(glb.read_bytes()[:-1] + b"x")
    code, said = twin("show", "construction-sites", "--store", store)
    assert code == 1
    assert "damaged" in said

    claim = tmp_path / "store/layers/muenchen.construction-sites/revisions/000001.json"
    claim.write_bytes(claim.read_bytes()[:-9])
    code, said = twin("show", "--store", store)
    assert code == 1
    assert (
        "■ muenchen.construction-sites  cannot be told\n    damaged: muenchen.construction-sites: rev" in said
    )
    assert re.search(r"○ muenchen\.districts  nothing published  silent", said)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "atlantis"], "there is no city 'atlantis'"),
        (["run", "muenchen", "bildings"], "did you mean 'buildings'"),
        (["run", "muenchen", "buildings", "--source", "bildings=x"], "write LAYER=URL-or-path"),
        (["run", "muenchen", "buildings", "--observed-at", "gestern"], "is not a time"),
        (["show", "--store", "ftp://x/y"], "cannot lie at ftp://"),
        (["check", "nowhere.toml"], "nowhere"),
    ],
)
def test_wrong_words_are_answered_with_the_remedy(tmp_path: Path, words: list[str], says: str) -> None:
    store = [] if "--store" in words or words[0] == "check" else ["--store", str(tmp_path)]
    code, said = twin(*words, *store)
    assert code == 1
    assert says in said
    assert "Traceback" not in said


def test_check_names_the_fault_and_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    folder.mkdir()
    city = (
        (city_folders()["muenchen"] / "city.toml")
        .read_text("utf-8")
        .replace('id = "muenchen"', 'id = "town"')
    )
    (folder / "city.toml").write_text(city.replace("contact", "contakt"), "utf-8")
    code, said = twin("check", str(folder))
    assert code == 1
    assert re.search(r"city\.toml, line 7: contakt is not a key we know; did you mean 'contact'", said), said


WELLS = """
schema = "place/1"
theme = "environment"
title = { de = "Brunnen", en = "Fountains" }
summary = { de = "Brunnen.", en = "Fountains." }
[source]
connector = "geojson"
url = "file:wells.geojson"
interval = "1d"
licence = "CC0-1.0"
publisher = "City"
attribution = "City"
nothing_personal = true
crs = "EPSG:4326"
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A city of one sound layer (wells), and two whose recipes have faults (ponds, lakes)."""
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "city.toml").write_text(
        'title = { de = "a", en = "b" }\narea = [11, 48, 12, 49]\ncentre = [11.5, 48.5]\ncontact = "x@y.z"\n'
    )
    (folder / "wells.toml").write_text(WELLS)
    (folder / "ponds.toml").write_text(WELLS.replace("interval", "intervall"))
    (folder / "lakes.toml").write_text(WELLS.replace('url = "file:wells.geojson"\n', ""))
    (folder / "wells.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "1", "properties": {"nr": 1}, '
        '"geometry": {"type": "Point", "coordinates": [11.5, 48.5]}}]}'
    )
    return folder


@pytest.mark.parametrize(
    ("layers", "code"), [([], 1), (["wells"], 0), (["wells", "town.ponds"], 1), (["lakes"], 1)]
)
def test_a_faulty_recipe_stops_no_other(town: Path, layers: list[str], code: int) -> None:
    given = ["run", str(town), *layers, "--store", str(town.parent / "store")]
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *given], cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "✗ lakes.toml, line 6: source.url is missing; add url = … under [source]" in done.stderr
    assert "✗ ponds.toml, line 9: source.intervall is not a key we know" in done.stderr
    assert ("✓ town.wells" in done.stdout + done.stderr) == (layers != ["lakes"])
    assert "Traceback" not in done.stderr


def test_a_worker_keeps_up_what_is_sound(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import ingest.worker

    kept: list[str] = []
    monkeypatch.setattr(
        ingest.worker, "work", lambda cities, *_: kept.extend(x.name for c in cities for x in c.layers)
    )
    monkeypatch.setattr("signal.signal", lambda *_: None)
    done = CliRunner().invoke(app, ["work", str(town), "--store", str(town.parent / "store")])
    assert done.exit_code == 0, done.output
    assert kept == ["wells"]
    assert "source.intervall is not a key we know" in done.output + capsys.readouterr().err


def test_what_is_taken_away_is_gone_when_the_work_begins(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ingest.worker
    from catalog.cities import read_cities
    from twin.store import open_store

    monkeypatch.setattr(ingest.worker, "work", lambda *_: None)  # nothing is due for days
    monkeypatch.setattr("signal.signal", lambda *_: None)
    for name in ("ponds", "lakes"):
        (town / f"{name}.toml").unlink()
    (town / "brooks.toml").write_text(WELLS)
    store = str(town.parent / "store")
    seen = []
    for _ in range(2):
        assert CliRunner().invoke(app, ["work", str(town), "--store", store]).exit_code == 0
        (city,) = read_cities(open_store(store))
        seen.append([layer.name for layer in city.layers])
        (town / "brooks.toml").unlink(missing_ok=True)
    assert seen == [["brooks", "wells"], ["wells"]]


def test_up_begins_with_what_is_sound(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    import api.serving

    asked: list[object] = []
    monkeypatch.setattr(api.serving, "check_port", lambda *_: None)
    monkeypatch.setattr(api.serving, "keep_working", lambda cities, _: nullcontext(cities))
    monkeypatch.setattr(api.serving, "await_first", lambda worker, _: asked.append(worker))
    monkeypatch.setattr(api.serving, "serve", lambda _, title: asked.append(title))
    done = CliRunner().invoke(app, ["up", str(town), "--store", str(town.parent / "store")])
    assert done.exit_code == 0, done.output
    assert asked == [[str(town)], "b"]


def test_a_city_without_a_sound_city_toml_stops(town: Path) -> None:
    (town / "city.toml").write_text("title = 5")
    code, said = twin("run", str(town), "wells", "--store", str(town.parent / "store"))
    assert code == 1
    assert "area is missing; add area = … at the top" in said


def test_new_says_which_option_answers_when_nobody_is_there(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text(
        'id = "my-town"\ntitle = { de = "a", en = "b" }\narea = [11, 48, 12, 49]\n'
        'centre = [11.5, 48.5]\ncontact = "x@y.z"\n'
    )
    (tmp_path / "a.csv").write_text("nr,name,lon,lat\n1,Bank,11.5,48.1\n2,Bank,11.6,48.1\n")
    given = ["new", "benches", "--city", str(tmp_path), "--source", str(tmp_path / "a.csv")]
    for words, more in (
        ("say it with --schema; likely are", ["--schema", "place/1"]),
        ("say it with --title-de", ["--title-de", "Bänke"]),
        ("say it with --title-en", ["--title-en", "Benches"]),
        ("say it with --licence", ["--licence", "CC0-1.0"]),
        ("say it with --publisher", ["--publisher", "Stadt"]),
    ):
        code, said = twin(*given)
        assert (code, words in said) == (1, True), said
        assert list(tmp_path.glob("benches*")) == []
        given += more
    code, said = twin(*given)
    assert (code, "✓ my-town.benches: 2 features" in said, "cannot be used yet" in said) == (0, True, False)
    assert 'url = "file:a.csv"' in (tmp_path / "benches.toml").read_text()
    assert "is no name for a layer" in twin("new", "Große Bänke")[1]


def test_new_asks_nothing_where_nothing_can_be_written(tmp_path: Path) -> None:
    given = ["new", "benches", "--city", str(tmp_path)]
    code, said = twin(*given)
    assert (code, "no city.toml; name the city's folder with --city" in " ".join(said.split())) == (1, True)
    (tmp_path / "city.toml").touch()
    (tmp_path / "benches.toml").touch()
    assert "exists already" in twin(*given)[1]


def test_new_says_what_is_left_to_do_where_a_file_lies_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "city.toml").write_text(
        'id = "my-town"\ntitle = { de = "a", en = "b" }\narea = [11, 48, 12, 49]\n'
        'centre = [11.5, 48.5]\ncontact = "x@y.z"\n'
    )
    (tmp_path / "a.csv").write_text("nr,name,lon,lat\n1,Bank,11.5,48.1\n2,Bank,11.6,48.1\n")
    code, said = twin(
        "new", "benches", "--city", str(tmp_path / "town"), "--source", str(tmp_path / "a.csv"),
        "--schema", "place/1", "--title-de", "Bänke", "--title-en", "Benches",
        "--licence", "CC0-1.0", "--publisher", "Stadt",
    )  # fmt: skip
    assert (code, "! my-town.benches: 2 features" in said, "✓" in said) == (0, True, False), said
    recipe = tmp_path / "town" / "benches.toml"
    lines = recipe.read_text("utf-8").splitlines()
    line = 1 + next(number for number, each in enumerate(lines) if each.startswith("url ="))
    last = said.rstrip().splitlines()[-1]
    assert last.startswith(f"It cannot be used yet: benches.toml, line {line}: source.url only stands in")
    assert last.endswith(f"; then: twin check {recipe}")
    assert twin("check", str(recipe))[0] == 1


def test_a_store_that_is_not_there_is_told_with_its_place(tmp_path: Path) -> None:
    code, said = twin("show", "--store", str(tmp_path / "typo"))
    assert code == 1
    assert (
        f"the store {tmp_path}/typo does not exist; a run fills it: twin run CITY --store {tmp_path}/typo"
        in said
    )
    file = tmp_path / "file"
    file.write_text("none")
    for command in (["show"], ["serve"], ["run", "demo"]):
        code, said = twin(*command, "--store", str(file))
        assert code == 1
        assert f"{file} is a file; a store is a folder" in said


def test_it_tells_its_release() -> None:
    assert re.fullmatch(r"twin \d+\.\d+\.\d+\s*", CliRunner().invoke(app, ["--version"]).output)
