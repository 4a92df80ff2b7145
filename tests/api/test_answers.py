"""docs/answers.md tells the truth: each question is asked as it stands, and answered."""

import csv
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.api.listening import listening

PAGE = (Path(__file__).parents[2] / "docs/answers.md").read_text("utf-8")
CALLS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
NOW = "2026-03-01T12:00:00Z"
SERVICE = "http://localhost:8000"


def here(text):
    """What the page asks of the demo, said of the store of the tests, which has other layers and times."""
    for theirs, ours in (
        ("FEATURE('districts', '04')", "FEATURE('construction-sites', 'running')"),
        ("source_id,name", "source_id"),
        ("districts", "buildings"),
        ("air-quality", "bike-counts"),
        ("2026-12", "2026-03"),
        ("2026-11-22T12:00:00Z", NOW),
        ("now()", NOW),
    ):
        text = text.replace(theirs, ours)
    return text.replace("demo.", "probe.").replace("11.57,48.135,11.58,48.14", "11,48,12,49")


def address_of(line):
    """Path and query that curl makes of a line."""
    words = shlex.split(here(line.partition(" | ")[0]).replace("\\$", "$"))
    url = next(word for word in words if word.startswith(SERVICE))
    given = [words[n + 1] for n, word in enumerate(words) if word in ("-d", "--data-urlencode")]
    query = urlencode([tuple(part.split("=", 1)) for part in given], quote_via=quote)
    return url.removeprefix(SERVICE) + (f"?{query}" if query else "")


@pytest.mark.parametrize("line", CALLS, ids=range(len(CALLS)))
def test_every_call_brings_something(ask, line):
    answer = ask(address_of(line))
    assert answer.status_code == 200, answer.text
    if "f=gpkg" in line:
        assert answer.content.startswith(b"SQLite format 3")
    else:
        assert len(list(csv.reader(io.StringIO(answer.text)))) > 1


def test_the_page_asks_all_that_it_promises():
    assert len(CALLS) == 9
    questions = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert len(questions) == 12
    assert re.findall(r"^- \[(.+)\]\(#", PAGE, re.MULTILINE) == questions


def test_what_lies_in_a_district_read_by_geopandas(filled, tmp_path):
    (script,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert "FEATURE('districts', '04')" in script
    with listening(filled) as url:
        command = [sys.executable, "-c", here(script).replace(SERVICE, url)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert re.match(r"[1-9]\d* \[", done.stdout)


def run(name, url, folder, *changes):
    """What a script of the page prints, of the store of the tests."""
    (script,) = re.findall(rf"```python {name}\.py\n(.*?)```", PAGE, re.DOTALL)
    for theirs, ours in changes:
        assert theirs in script
        script = script.replace(theirs, ours)
    command = [sys.executable, "-c", script.replace("demo.", "probe.").replace(SERVICE, url)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_trees_are_counted_by_district(filled, tmp_path):
    """Here: sites that lie in sites."""
    changes = (
        ("demo.trees", "demo.construction-sites"),
        ("demo.districts", "demo.construction-sites"),
        ('groupby("name")', 'groupby("title_right")'),
        ('"name"', '"title"'),
    )
    with listening(filled) as url:
        told = run("trees", url, tmp_path, *changes)
    assert sum(map(int, re.findall(r" (\d+)\n", told))) >= 3, told
    assert (tmp_path / "trees-by-district.csv").read_text("utf-8").count("\n") > 1


def test_sites_of_a_month_in_a_district_have_a_length_and_days(filled, tmp_path):
    """Here: what lies in a site of the tests."""
    changes = (
        ("FEATURE('districts', '04')", "FEATURE('construction-sites', 'running')"),
        ("'2026-12-01', '2026-12-31'", "'2026-03-01', '2026-03-31'"),
    )
    with listening(filled) as url:
        told = run("lengths", url, tmp_path, *changes)
    lines = (tmp_path / "lengths.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "title;first_day;last_day;days;metres"
    assert sorted(lines[1:]) == [
        "Straße <coming>;2026-03-04;2026-03-10;6;111",
        "Straße <running>;2026-02-28;2026-03-06;6;111",
    ]
    assert told.count("2026-03-") == 3


def test_tall_buildings_near_a_site(filled, tmp_path):
    """Here: near a building; the next one is a thousandth of a degree away, the one after it three."""
    near = (
        ('"demo.construction-sites", q="Topasstraße"', '"demo.buildings", source_id="DEBY_0"'),
        ("site.title", "site.source_id"),
        ("buffer(100)", "buffer(250)"),
    )
    with listening(filled) as url:
        told = run("near", url, tmp_path, *near, ("height_m > 20", "height_m > 0"))
        none = run("near", url, tmp_path, *near, ("height_m > 20", "height_m > 999"))
    rows = list(csv.DictReader((tmp_path / "near.csv").read_text("utf-8").splitlines()))
    assert [(row["source_id"], row["metres"]) for row in rows] == [("DEBY_0", "0.0"), ("DEBY_1", "74.0")]
    assert told.startswith("DEBY_0\n2\n")
    assert none == "none\n"


def test_weekdays_stand_beside_those_of_the_year_before(filled, tmp_path):
    changes = (("2026-11-02", "2026-02-23"), ("2026-11-23", "2026-03-02"))
    with listening(filled) as url:
        told = run("weekdays", url, tmp_path, *changes)
    lines = [line.split() for line in told.splitlines()]
    assert [line[0] for line in lines[2:]] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert {line[2] for line in lines[2:]} == {"NaN"}
    assert lines[2][1] == "192.0"  # two counters, four values of one an hour


def test_who_is_to_be_named(filled, tmp_path):
    with listening(filled) as url:
        told = run("licence", url, tmp_path)
    assert re.match(r".+; Datenlizenz Deutschland .+; https://www\.govdata\.de/", told)


def test_a_district_is_asked_for_and_brings_what_lies_in_it(ask):
    (line,) = [line for line in CALLS if "FEATURE" in line]
    found = ask.json(address_of(line).replace("f=gpkg", "f=json"))
    assert {one["properties"]["source_id"] for one in found["features"]} == {"done", "running", "coming"}


def test_where_it_comes_from(ask):
    (path,) = re.findall(r"^- `(/ogc/\S+)`", PAGE, re.MULTILINE)
    found = ask.json(here(path).replace("{station}", "probe.bike-counts.arnulf"))
    assert [step["step"] for step in found["chain"]][:2] == ["source", "fetched"]
