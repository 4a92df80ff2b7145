"""What a run leaves for the next one: taken up where nothing changed, and never a cause of other results."""

import errno
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lod2 import write
from catalog import parts
from catalog.parquet import read_table
from catalog.revisions import current
from ingest import gather, kept, prepare
from ingest.connectors import citygml_cut
from ingest.fetch import Fetch
from ingest.job import Job
from ingest.load import load_city
from ingest.pipeline import publish_layer
from ingest.pipeline import run as run_layers
from tiles.writers import buildings
from twin.settings import Settings
from twin.store import FileStore

CITY = """
id = "town"
title = { de = "Stadt", en = "Town" }
area = [11.0, 47.9, 12.2, 48.5]
centre = [11.57, 48.14]
contact = "twin@example.org"
heights = { undulation_m = 45.66, undulation_error_m = 0.3 }
"""


@pytest.fixture
def town(tmp_path):
    return town_in(tmp_path)


def town_in(place: Path) -> Path:
    folder = place / "town"
    folder.mkdir()
    (folder / "city.toml").write_text(CITY)
    (folder / "buildings.toml").write_text('like = "de/by/buildings"\n')
    write(place / "town.gml", 40)
    return place


@pytest.fixture
def read(monkeypatch):
    """The parts that are really read."""
    seen = []
    reader = prepare.read_part
    monkeypatch.setattr(citygml_cut, "PIECE", 150_000)
    monkeypatch.setattr(prepare, "read_part", lambda name, part: seen.append(part) or reader(name, part))
    return seen


def run(town: Path, store="store", **more):
    opened = FileStore(town / store)
    city = load_city(str(town / "town"))
    now = datetime.now(UTC)
    given = Settings(grids=None, **more)
    job = Job(city, opened, given, now, {"town.buildings": str(town / "town.gml")})
    outcome = publish_layer(job, city.layers[0])
    revision = current(opened, "town.buildings")
    contents = {name: entry for name, entry in revision.objects.items() if name.startswith("content/")}
    return outcome, contents


def change(town: Path, where: float = 0.5, height: bytes = b"77.125"):
    path = town / "town.gml"
    text = path.read_bytes()
    found = re.compile(rb"<bldg:measuredHeight[^>]*>([\d.]+)<").search(text, int(len(text) * where))
    path.write_bytes(text[: found.start(1)] + height + text[found.end(1) :])


def test_only_the_part_with_the_change_is_read_again(town, read):
    first, _ = run(town)
    parts = len(read)
    assert parts >= 4
    read.clear()
    same, _ = run(town)
    assert (len(read), same.revision) == (0, first.revision)
    os.utime(town / "town.gml", (1, 1))  # looks changed and is not
    same, _ = run(town)
    assert (len(read), same.revision) == (0, first.revision)
    change(town)
    changed, contents = run(town)
    assert (len(read), changed.revision) == (1, first.revision + 1)
    assert contents == run(town, store="another")[1]


def test_the_whole_file_is_hashed_from_the_first_part_that_is_new(town, read, monkeypatch):
    """It takes as long as looking at all parts does; a file that was only touched is spared it."""
    order = []
    prove, looked = Fetch.prove, prepare.checksum_of
    monkeypatch.setattr(Fetch, "prove", lambda self: order.append("whole") or prove(self))
    monkeypatch.setattr(gather, "_LOOKING", 1)
    monkeypatch.setattr(gather, "_LOOKED_AHEAD", 1)
    monkeypatch.setattr(prepare, "checksum_of", lambda name, part: order.append("part") or looked(name, part))
    run(town)
    assert order[:2] == ["part", "whole"]
    order.clear()
    os.utime(town / "town.gml", (1, 1))
    run(town)
    assert set(order) == {"part"}
    order.clear()
    change(town)
    run(town)
    begun = order.index("whole")
    assert "part" in order[:begun]
    assert "part" in order[begun:]


def test_a_part_that_refers_to_another_one_is_read_again(town, read):
    """Its bytes are what they were; the wall that it shares with a house far before it is not."""
    path = town / "town.gml"
    text = path.read_bytes()
    wall = re.search(rb"<gml:Polygon gml:id=\"([^\"]*)\">", text)[1]
    last = text.rindex(b"<gml:surfaceMember>")
    last_member = b'<gml:surfaceMember xlink:href="#' + wall + b'"/>'
    path.write_bytes(text[:last] + last_member + text[last:])
    run(town)
    parts = len(read)
    assert parts >= 4
    text = path.read_bytes()
    place = re.compile(rb"<gml:posList[^>]*>[\d.]+ [\d.]+ ([\d.]+)").search(text, text.index(wall))
    path.write_bytes(text[: place.start(1)] + b"9" + text[place.start(1) + 1 :])
    read.clear()
    _, contents = run(town)
    assert len(read) == 2
    assert contents == run(town, store="another")[1]


@pytest.mark.parametrize("files", ["*.arrow", "ledger", "*.index"])
def test_what_is_damaged_or_gone_is_made_anew(town, read, files, monkeypatch):
    if files == "*.index":
        monkeypatch.setattr(kept, "_LOOSE", 1)  # nothing is ever written into the ledger
    run(town)
    parts = len(read)
    change(town)
    found = sorted((town / "store" / "kept").rglob(files))
    assert len(found) == (1 if files == "ledger" else parts)
    for number, path in enumerate(found, 1):
        if number % 2:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-9])
    read.clear()
    outcome, contents = run(town)
    assert outcome.ok
    assert len(read) == parts
    assert contents == run(town, store="another")[1]


def test_what_lies_untouched_is_not_even_hashed(town, read, monkeypatch):
    hashed = []
    real = prepare.checksum_of
    monkeypatch.setattr(prepare, "checksum_of", lambda name, part: hashed.append(part) or real(name, part))
    run(town)
    parts = len(hashed)
    assert parts == len(read)
    run(town)
    assert len(hashed) == parts
    change(town)
    run(town)
    assert len(hashed) == 2 * parts
    run(town)
    assert len(hashed) == 2 * parts


def test_parts_that_changed_stand_by_themselves_until_they_are_many(town, read, monkeypatch):
    run(town)
    folder = town / "store" / "kept" / "town.buildings"
    first = (folder / "ledger").read_bytes()
    monkeypatch.setattr(kept, "_LOOSE", 1.5 / len(read))
    loose = []
    for where in (0.1, 0.9, 0.5):
        change(town, where)
        read.clear()
        assert run(town)[1] == run(town, store=f"another-{where}")[1]
        read.clear()
        os.utime(town / "town.gml", (1, 1))  # looks changed and is not
        run(town)
        assert read == []
        loose.append(len(list(folder.glob("*.index"))))
    assert loose == [1, 0, 1]
    assert (folder / "ledger").read_bytes() != first


def test_things_told_twice_in_parts_that_are_known_stay_told_apart(town, read):
    path = town / "town.gml"
    text = path.read_bytes()
    first, last = text.index(b"<core:cityObjectMember>"), text.rindex(b"</core:cityObjectMember>") + 24
    ids = re.findall(rb'<bldg:Building gml:id="([^"]+)"', text)
    middle = text.index(b"<core:cityObjectMember>", (first + last) // 2)
    # The first one is another thing now, under the same id.
    again = re.sub(rb"(<bldg:measuredHeight[^>]*>)", rb"\g<1>1", text[first:middle], count=1)
    path.write_bytes(text[:last] + again + text[last:])
    outcome, _ = run(town)
    wanted = outcome.report.counts()
    assert wanted["duplicate"] > 5
    assert wanted["published"] == len(ids) + 1
    read.clear()
    change(town)
    outcome, contents = run(town)
    assert len(read) == 1
    assert outcome.report.counts() == wanted
    assert contents == run(town, store="another")[1]


def test_what_nobody_needs_any_more_goes_away(town, read, monkeypatch):
    run(town)
    before = set((town / "store" / "kept").rglob("*.arrow"))
    for path in (town / "store" / "kept").rglob("*.*"):
        os.utime(path, (1, 1))  # long ago
    change(town)
    run(town)
    after = set((town / "store" / "kept").rglob("*.arrow"))
    assert len(before - after) == 1
    assert len(after - before) == 1


def test_branches_survive_a_run_that_had_nothing_to_do(town, read):
    run(town)
    branches = set((town / "store" / "kept").rglob("*.arrays"))
    assert branches
    for path in branches:
        os.utime(path, (1, 1))  # long ago
    run(town)
    assert set((town / "store" / "kept").rglob("*.arrays")) == branches


@pytest.fixture
def many_branches(monkeypatch):
    """Patches of a house or two."""
    monkeypatch.setattr(buildings, "LEAF_POINTS", 200)
    monkeypatch.setattr(buildings, "PATCH_POINTS", 200)


def test_branches_below_one_that_is_taken_over_stay_for_the_next_change(town, read, many_branches):
    run(town)
    folder = town / "store" / "kept"
    first = set(folder.rglob("*.arrays"))
    assert len(first) > 40
    for where in (0.1, 0.9, 0.5):
        for path in folder.rglob("*.arrays"):
            os.utime(path, (1, 1))  # long ago
        before = set(folder.rglob("*.arrays"))
        change(town, where)
        _, contents = run(town)
        after = set(folder.rglob("*.arrays"))
        assert len(before - after) == len(after - before) < 0.4 * len(first)
        assert contents == run(town, store=f"another-{where}")[1]


@settings(max_examples=3)
@given(st.lists(st.tuples(st.floats(0, 0.95), st.integers(20, 90)), min_size=2, max_size=4))
def test_after_any_changes_all_is_as_from_nothing(tmp_path_factory, changes):
    town = town_in(tmp_path_factory.mktemp("town"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(citygml_cut, "PIECE", 150_000)
        patch.setattr(buildings, "LEAF_POINTS", 200)
        patch.setattr(buildings, "PATCH_POINTS", 400)
        patch.setattr(parts, "MANY", 20)
        patch.setattr(parts, "MOST", 8)
        run(town)
        for where, height in changes:
            change(town, where, b"%d.5" % height)
            _, contents = run(town)
        _, anew = run(town, store="another")
    assert contents == anew


def test_another_recipe_takes_nothing_over(town, read):
    run(town)
    parts = len(read)
    read.clear()
    (town / "town" / "buildings.toml").write_text(
        'like = "de/by/buildings"\n[fields.municipality_key]\nfrom = "name"\n'
    )
    changed, _ = run(town)
    assert (len(read), changed.revision) == (parts, 2)


def test_all_features_say_when_the_last_run_looked(town, read):
    run(town)
    change(town)
    run(town)
    store = FileStore(town / "store")
    revision = current(store, "town.buildings")
    data = store.get(f"layers/town.buildings/{revision.snapshot}/features.parquet")
    instants = set(read_table(data, ["observed_at"])["observed_at"].to_pylist())
    assert instants == {revision.holds_from}


def test_it_lies_where_the_settings_say(town, read):
    run(town, kept=town / "elsewhere")
    assert any((town / "elsewhere").rglob("*.arrow"))
    assert not (town / "store" / "kept").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_folder_that_takes_nothing_is_told_in_words(town, monkeypatch, caplog, number):
    folder = town / "kept"
    written = Path.write_bytes

    def refused(path, data):
        if path.is_relative_to(folder):
            raise OSError(number, os.strerror(number))
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", refused)
    city = load_city(str(town / "town"))
    job = Job(
        city,
        FileStore(town / "store"),
        Settings(grids=None, kept=folder),
        datetime.now(UTC),
        {"town.buildings": str(town / "town.gml")},
    )
    (outcome,) = run_layers(job, city.layers)
    assert not outcome.ok
    words = (
        f"cannot be read or written: {os.strerror(number)}; make room",
        "folders in TWIN_KEPT and TMPDIR",
    )
    assert [said for said in words if said not in outcome.words] == []
    assert str(town) not in outcome.words, "the reason is published"
    assert "File " not in caplog.text, "a traceback tells an operator nothing"
