"""In which of several files each feature lay, whatever way it came: asked of runs, not of their pieces."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.lod2 import write
from catalog import parts, whences
from catalog.engines.memory import Snapshot
from catalog.revisions import current, provenance
from ingest.connectors import citygml_cut
from ingest.job import Job
from ingest.load import load_city
from ingest.pipeline import publish_layer
from ingest.waiting import NEVER
from ingest.whence import Bodies
from tests.ingest.town_made import CITY, districts, recipe
from tests.replay import Answer, Replay
from twin.record import Record
from twin.settings import Settings
from twin.store import FileStore
from twin.whence import UNKNOWN

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEIGHTS = "heights = { undulation_m = 45.66, undulation_error_m = 0.3 }\n"


class Town:
    """A city in a folder, its store, and runs an hour apart."""

    def __init__(self, place):
        self.place, self.now = place, NOW
        self.folder = place / "town"
        self.folder.mkdir()
        (self.folder / "city.toml").write_text(CITY + HEIGHTS)
        self.store = FileStore(place / "store")

    def run(self, source):
        self.now += timedelta(hours=1)
        city = load_city(str(self.folder))
        (layer,) = city.layers
        job = Job(city, self.store, Settings(grids=None), self.now, {layer.id: str(source)}, waiting=NEVER)
        outcome = publish_layer(job, layer)
        assert outcome.ok, outcome.words
        return current(self.store, layer.id)

    def lay(self, revision):
        """Feature's source id → (name of the body, file in it, checksum of the body)."""
        snapshot, told = Snapshot(parts.load(self.store, revision)), provenance(self.store, revision)
        found = {}
        for row, source in enumerate(snapshot.column("source_id").to_pylist()):
            piece = whences.read(self.store, revision, row)
            if piece is None:
                found[source] = None
                continue
            body = told.origins[piece.origin]
            found[source] = body.url.rpartition("/")[2], piece.file, body.sha256
        return found


@pytest.fixture
def areas(tmp_path):
    town = Town(tmp_path)
    (town.folder / "districts.toml").write_text(recipe("https://geo.town.example/d.geojson"))
    return town


@pytest.fixture
def houses(tmp_path, monkeypatch):
    monkeypatch.setattr(citygml_cut, "PIECE", 60_000)
    town = Town(tmp_path)
    (town.folder / "buildings.toml").write_text('like = "de/by/buildings"\n')
    return town


def village(path, name, count):
    """A CityGML file with houses of its own."""
    write(path, count, seed=len(name))
    text = path.read_bytes()
    path.write_bytes(text.replace(b"DEBY_LOD2_", b"DEBY_LOD2_" + name.encode()))
    return path.read_bytes()


def sha(data):
    return hashlib.sha256(data).hexdigest()


def test_files_of_a_folder(areas):
    folder = areas.place / "files"
    folder.mkdir()
    files = {"a, old.geojson": districts("Au", "Berg"), "b.geojson": districts("Camp")}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    revision = areas.run(folder)
    first = ("a, old.geojson", None, sha(files["a, old.geojson"]))
    second = ("b.geojson", None, sha(files["b.geojson"]))
    assert areas.lay(revision) == {"Au": first, "Berg": first, "Camp": second}


def test_one_file_needs_no_words(areas):
    file = areas.place / "a.geojson"
    file.write_bytes(districts("Au"))
    assert not [name for name in areas.run(file).objects if "whence" in name]


def test_what_lay_elsewhere_with_the_same_content_publishes_nothing(areas):
    folder = areas.place / "files"
    folder.mkdir()
    (folder / "a.geojson").write_bytes(districts("Au"))
    (folder / "b.geojson").write_bytes(districts("Berg"))
    first = areas.run(folder)
    (folder / "a.geojson").write_bytes(districts("Au", "Berg"))
    (folder / "b.geojson").write_bytes(districts("Berg"))
    assert areas.run(folder) == first


def test_pages_of_one_address(tmp_path):
    town = Town(tmp_path)
    text = recipe("https://geo.town.example/items").replace('"geojson"', '"ogc_features"')
    (town.folder / "districts.toml").write_text(text)
    with Replay() as replay:
        pages = [districts("Au", "Berg"), districts("Camp")]
        link = f', "links": [{{"rel": "next", "href": "{replay.url}/items?page=2"}}]}}'.encode()
        pages[0] = pages[0][:-1] + link
        replay.routes["/items"] = lambda query: Answer(pages["page" in query])
        found = town.lay(town.run(f"{replay.url}/items"))
    assert {name: lay[2] for name, lay in found.items()} == {
        "Au": sha(pages[0]),
        "Berg": sha(pages[0]),
        "Camp": sha(pages[1]),
    }


@pytest.mark.parametrize("cut", [False, True])
def test_a_city_of_many_files_also_where_parts_are_known_from_the_run_before(houses, monkeypatch, cut):
    if cut:
        monkeypatch.setattr(parts, "MANY", 10)
        monkeypatch.setattr(parts, "MOST", 8)
    folder = houses.place / "tiles"
    folder.mkdir()
    told = {name: sha(village(folder / f"{name}.gml", name, 12)) for name in ("b", "c")}
    first = houses.run(folder)
    assert (first.cut is not None) == cut
    lay = houses.lay(first)
    assert len(lay) == 24
    assert {(source[10:11], *where) for source, where in lay.items()} == {
        (name, f"{name}.gml", None, told[name]) for name in told
    }
    told["a"] = sha(village(folder / "a.gml", "a", 9))  # all others move by one place
    (folder / "c.gml").rename(folder / "d.gml")
    lay = houses.lay(houses.run(folder))
    assert {(source[10:11], *where) for source, where in lay.items()} == {
        ("a", "a.gml", None, told["a"]),
        ("b", "b.gml", None, told["b"]),
        ("c", "d.gml", None, told["c"]),
    }


def archive(houses, names):
    packed = io.BytesIO()
    data = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            data[name] = village(houses.place / f"{name}.gml", name, 5)
            file.writestr(f"lod2/{name}.gml", data[name])
    return packed.getvalue(), data


def test_files_of_an_archive_have_checksums_of_their_own(houses):
    packed, data = archive(houses, "bc")
    path = houses.place / "all.zip"
    path.write_bytes(packed)
    lay = houses.lay(houses.run(path))
    assert {(source[10:11], *where) for source, where in lay.items()} == {
        (name, f"{name}.gml", None, sha(data[name])) for name in "bc"
    }


def test_files_of_an_archive_that_was_fetched_have_their_names_in_it(houses):
    packed, _ = archive(houses, "bc")
    with Replay() as replay:
        replay.routes["/all.zip"] = [Answer(packed, "application/zip")]
        lay = houses.lay(houses.run(f"{replay.url}/all.zip"))
    assert {(source[10:11], *where) for source, where in lay.items()} == {
        (name, "all.zip", f"lod2/{name}.gml", sha(packed)) for name in "bc"
    }


def test_what_nobody_can_tell_is_not_told():
    bodies = Bodies()

    def records():
        bodies.add("host/api", 0)
        yield Record("host/api, item 1", {})
        bodies.add("host/api", 1)
        yield Record("host/api, item 2", {})
        bodies.add("host/more", 2)
        yield Record("host/more, item 1", {})
        yield Record("a cell of 500 m", {})

    assert [record.place for record in bodies.follow(records())]
    assert bodies.of("host/api, item 1") == UNKNOWN  # two answers have this name, and nobody knows which
    assert bodies.of("host/more, item 1") == 2
    assert bodies.of("a cell of 500 m") == UNKNOWN
