"""The whole way, from the recipes' samples to the store: what goes in is accounted for, faults stay alone."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.revisions import current, provenance, revisions
from catalog.status import read_status
from ingest.job import Job, Outcome
from ingest.load import load_city
from ingest.pipeline import run
from tests.ingest.asking import sample_named
from twin.city import City, Heights
from twin.settings import Settings
from twin.status import State
from twin.store import FileStore, Store, open_store

NAMES = ("terrain", "buildings", "districts", "bike-counts", "construction-sites", "air-quality")
ALL = load_city("muenchen")
CITY = ALL.model_copy(update={"layers": tuple(layer for layer in ALL.layers if layer.name in NAMES)})
SAMPLES = {name: sample_named(name) for name in NAMES}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of all samples that a test may spoil."""
    for layer in CITY.layers:
        shutil.copytree(SAMPLES[layer.name] / "source", tmp_path / "sources" / layer.name)
    return tmp_path / "sources"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store")


def publish(store: Store, sources: Path, *names: str, city: City = CITY, **job: Any) -> dict[str, Outcome]:
    layers = [x for x in city.layers if not names or x.name in names]
    typed = {x.id: str(sources / x.name) for x in city.layers}
    at = job.pop("now", NOW)
    outcomes = run(Job(city, store, Settings(), at, typed, **job), layers)
    return {o.layer.partition(".")[2]: o for o in outcomes}


def test_every_layer_is_published_and_every_record_accounted_for(store: FileStore, sources: Path) -> None:
    outcomes = publish(store, sources)
    assert {name: o.ok for name, o in outcomes.items()} == dict.fromkeys(outcomes, True), outcomes
    for layer in CITY.layers:
        revision = current(store, layer.id)
        assert revision is not None
        assert revision.number == 1
        counts = provenance(store, revision).counts
        expected = json.loads((SAMPLES[layer.name] / "expected.json").read_text("utf-8"))["counts"]
        assert counts == expected
        assert counts["in"] == sum(counts[k] for k in ("published", "held", "broken", "duplicate"))
        status = read_status(store, layer.id)
        assert status is not None
        assert status.state(NOW) is State.FRESH


def test_an_unchanged_world_publishes_nothing_but_moves_freshness(store: FileStore, sources: Path) -> None:
    publish(store, sources)
    later = NOW + timedelta(hours=1)
    outcomes = publish(store, sources, now=later)
    for layer in CITY.layers:
        assert outcomes[layer.name].ok
        assert len(revisions(store, layer.id)) == 1
        status = read_status(store, layer.id)
        assert status is not None
        assert status.last_success == later
        assert status.last_change == NOW
        assert status.counts["in"] == sum(v for k, v in status.counts.items() if k != "in")
    again = read_status(store, "muenchen.bike-counts")
    assert again is not None
    assert again.observations == 0
    assert again.counts["duplicate"] > 0


def test_new_feature_ids_and_another_order_publish_nothing(store: FileStore, sources: Path) -> None:
    publish(store, sources, "construction-sites")
    file = sources / "construction-sites" / "page.json"
    page = json.loads(file.read_text("utf-8"))
    page["features"].reverse()
    for number, feature in enumerate(page["features"]):
        feature["id"] = f"baustellen_opendata.{1000 + number}"
    file.write_text(json.dumps(page), "utf-8")
    assert publish(store, sources, "construction-sites", now=NOW + timedelta(days=1))["construction-sites"].ok
    assert len(revisions(store, "muenchen.construction-sites")) == 1


def test_a_changed_site_is_a_new_revision_that_holds_from_then(store: FileStore, sources: Path) -> None:
    publish(store, sources, "construction-sites")
    file = sources / "construction-sites" / "page.json"
    file.write_text(file.read_text("utf-8").replace("Beispielplatz", "Beispielplatz Nord"), "utf-8")
    then = NOW + timedelta(days=2)
    publish(store, sources, "construction-sites", now=then + timedelta(days=5), observed_at=then)
    first, second = revisions(store, "muenchen.construction-sites")
    assert second.holds_from == then
    assert current(store, first.layer, at=then - timedelta(seconds=1)) == first
    assert current(store, first.layer, at=then) == second


def test_nothing_personal_is_anywhere_in_the_store(store: FileStore, sources: Path) -> None:
    outcomes = publish(store, sources)
    secrets = [
        "example.org oder",
        "bau@example.org",
        "99998",
        "Frau Erfunden",
        "Umzugsweg",
        "Erfundene Gasse",
        "Musterstadt",
        'kontakt_oeffentlich":',
    ]
    everything = [store.get(key) for key in store.list("")] + [repr(outcomes).encode()]
    import io

    import pyarrow.parquet as pq

    for key in store.list(""):
        if key.endswith(".parquet"):
            table = pq.read_table(io.BytesIO(store.get(key)))
            everything.append(json.dumps(table.to_pylist(), default=repr).encode())
    for secret in secrets:
        for data in everything:
            assert secret.encode() not in data, secret


def spoil_crs(folder: Path) -> None:
    file = folder / "690_5334.gml"
    file.write_text(
        file.read_text("utf-8").replace("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016", "LOCAL:42"),
        "utf-8",
    )


def spoil_no_crs(folder: Path) -> None:
    file = folder / "690_5334.gml"
    text = file.read_text("utf-8").replace('srsName="urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016"', "")
    file.write_text(text, "utf-8")


def spoil_truncate(folder: Path) -> None:
    file = folder / "690_5334.gml"
    file.write_bytes(file.read_bytes()[:12_000])


def spoil_doctype(folder: Path) -> None:
    file = folder / "690_5334.gml"
    head = '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'
    file.write_text(head + file.read_text("utf-8").partition("?>\n")[2], "utf-8")


def spoil_column(folder: Path) -> None:
    file = folder / "rad_2026_10_tage.csv"
    file.write_text(file.read_text("utf-8").replace("sonnenstunden", "sonnenstunden,fahrer_name"), "utf-8")


def spoil_property(folder: Path) -> None:
    file = folder / "page.json"
    file.write_text(file.read_text("utf-8").replace('"fachliche_id"', '"bauherr_name"'), "utf-8")


def spoil_field_of_no_record(folder: Path) -> None:
    file = folder / "stations.json"
    file.write_text(file.read_text("utf-8").replace('"station name"', '"stationname"'), "utf-8")


def spoil_exception(folder: Path) -> None:
    text = (
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1">'
        '<ows:Exception exceptionCode="NoApplicableCode"/></ows:ExceptionReport>'
    )
    (folder / "page.json").write_text(text, "utf-8")


def spoil_indices(folder: Path) -> None:
    file = folder / "stations.json"
    file.write_text(file.read_text("utf-8").replace("station longitude", "station laenge"), "utf-8")


def spoil_shrink(folder: Path) -> None:
    file = folder / "page.json"
    page = json.loads(file.read_text("utf-8"))
    page["features"] = page["features"][:1]
    file.write_text(json.dumps(page), "utf-8")


def spoil_every_value(folder: Path) -> None:
    for name in ("measures.json", "airquality.json"):
        (folder / name).unlink()
    (folder / "stations.json").unlink()
    (folder / "measures.json").write_text(
        json.dumps({"data": {"471": {"2026-11-20 22:00:00": [77, 2, 31, "2026-11-20 23:00:00", "1"]}}}),
        "utf-8",
    )


def spoil_gone(folder: Path) -> None:
    shutil.rmtree(folder)


FAULTS = [
    ("buildings", spoil_crs, "crs", "LOCAL:42|CRS", State.REFUSED),
    ("buildings", spoil_no_crs, "crs", "CRS", State.REFUSED),
    ("buildings", spoil_truncate, "broken", "690_5334", State.REFUSED),
    ("buildings", spoil_doctype, "refused", "DOCTYPE", State.REFUSED),
    ("bike-counts", spoil_column, "changed", "fahrer_name", State.CHANGED),
    ("construction-sites", spoil_property, "changed", "bauherr_name", State.CHANGED),
    ("construction-sites", spoil_exception, "broken", "page", State.REFUSED),
    ("air-quality", spoil_indices, "changed", "longitude|laenge", State.CHANGED),
    ("air-quality", spoil_field_of_no_record, "changed", "station.?name", State.CHANGED),
    ("construction-sites", spoil_shrink, "shrunk", "at least 3", State.CHANGED),
    ("air-quality", spoil_every_value, "changed", "none of 1 records can be used", State.CHANGED),
    ("terrain", spoil_gone, "down", "terrain", State.LATE),
]


@pytest.mark.parametrize(
    ("name", "spoil", "code", "words", "state"), FAULTS, ids=lambda x: getattr(x, "__name__", str(x))
)
def test_a_fault_stays_alone_and_keeps_the_last_revision(
    store: FileStore, sources: Path, name: str, spoil: Any, code: str, words: str, state: State
) -> None:
    publish(store, sources)
    spoil(sources / name)
    later = NOW + timedelta(hours=2)
    outcomes = publish(store, sources, now=later)
    assert [n for n, o in outcomes.items() if not o.ok] == [name]
    assert re.search(words, outcomes[name].words), outcomes[name].words
    assert len(outcomes[name].words) < 600
    assert len(revisions(store, f"muenchen.{name}")) == 1
    status = read_status(store, f"muenchen.{name}")
    assert status is not None
    assert status.error == code
    assert status.reason == outcomes[name].words
    assert status.last_success == NOW
    assert status.state(later) is state


def test_without_geoid_and_without_a_stated_undulation_nothing_is_tiled(
    store: FileStore, sources: Path
) -> None:
    bare = CITY.model_copy(update={"heights": Heights()})
    outcomes = publish(store, sources, city=bare)
    assert not outcomes["buildings"].ok
    assert "undulation" in outcomes["buildings"].words
    assert revisions(store, "muenchen.buildings") == []
    assert read_status(store, "muenchen.buildings").error == "geoid"  # type: ignore[union-attr]


def test_memory_and_disk_are_alike(sources: Path) -> None:
    store = open_store("memory://")
    assert all(o.ok for o in publish(store, sources).values())
    assert len(list(store.list("layers"))) > 20


def test_a_damaged_store_is_mended_by_the_next_run(store: FileStore, sources: Path) -> None:
    from catalog.verify import verify

    publish(store, sources, "buildings")
    tile = next(key for key in store.list("layers/muenchen.buildings/content"))
    store.put(tile, store.get(tile)[:-1])
    assert verify(store, "muenchen.buildings", deep=True)
    outcome = publish(store, sources, "buildings", now=NOW + timedelta(hours=1))["buildings"]
    assert outcome.ok
    assert outcome.revision == 2
    assert verify(store, "muenchen.buildings", deep=True) == []


def test_a_static_catalog_lost_in_a_crash_comes_back(store: FileStore, sources: Path) -> None:
    publish(store, sources, "districts")
    shutil.rmtree(store.path("stac/muenchen.districts"))
    publish(store, sources, "districts", now=NOW + timedelta(hours=1))
    assert store.size("stac/muenchen.districts/000001.json")
