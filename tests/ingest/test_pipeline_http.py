"""From live hosts to the store: paging, CKAN and the air API as the real ones answer, errors included."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.revisions import current, provenance, revisions
from catalog.status import read_status
from ingest.job import Job, Outcome
from ingest.load import load_city
from ingest.pipeline import run
from ingest.waiting import NEVER
from tests.ingest.asking import sample_named
from tests.replay import EXCEPTION_REPORT, HTML, Answer, Replay
from twin.settings import Settings
from twin.status import State
from twin.store import FileStore

CITY = load_city("muenchen")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WFS = "/geoserver/mor_wfs/ows"
NAMES = ("air-quality", "bike-counts", "construction-sites")


def sample(name: str) -> Any:
    layer, _, rest = name.partition("/")
    return json.loads((sample_named(layer) / rest).read_text("utf-8"))


class World:
    """Three sources on loopback, and the addresses an operator types for them."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self.sites = sample("construction-sites/source/page.json")["features"]
        csv = {
            "15 Minuten Werte 2026": sample_named("bike-counts") / "source/rad_2026_10_15min.csv",
            "Tageswerte Wetter 2026": sample_named("bike-counts") / "source/rad_2026_10_tage.csv",
        }
        station = {
            "type": "Feature",
            "id": "raddauerzaehlstellen.1",
            "geometry": {"type": "Point", "coordinates": [11.5802, 48.1401]},
            "properties": {"zaehlstelle": "Muster", "richtung_1": "<b>Nord</b>", "gesamt_sum_2025": "12"},
        }
        series = sample("air-quality/source/airquality.json")["data"]
        self.sources = {
            "muenchen.bike-counts": replay.ckan(
                "rad", {n: p.read_bytes() for n, p in csv.items()}, wrapped=True
            ),
            "muenchen.construction-sites": replay.wfs(WFS, self.sites, most=4),
            "muenchen.air-quality": replay.uba(sample("air-quality/source/stations.json"), series),
        }
        sites, stations = replay.routes[WFS], replay.wfs("/stations", [station])
        assert stations

        def by_type(query: Any) -> Answer:
            counters = query.get("typeNames", "").endswith("raddauerzaehlstellen")
            route = replay.routes["/stations"] if counters else sites
            assert callable(route)
            return route(query)

        replay.routes[WFS] = by_type

    def publish(self, store: FileStore, at: datetime = NOW) -> dict[str, Outcome]:
        layers = [x for x in CITY.layers if x.name in NAMES]
        outcomes = run(Job(CITY, store, Settings(), at, self.sources, waiting=NEVER), layers)
        return {o.layer.partition(".")[2]: o for o in outcomes}


@pytest.fixture
def world() -> Iterator[World]:
    with Replay() as replay:
        yield World(replay)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store")


def test_three_live_sources_are_published(world: World, store: FileStore) -> None:
    outcomes = world.publish(store)
    assert all(o.ok for o in outcomes.values()), outcomes
    sites = current(store, "muenchen.construction-sites")
    assert sites is not None
    assert provenance(store, sites).counts == sample("construction-sites/expected.json")["counts"]
    bikes = read_status(store, "muenchen.bike-counts")
    assert bikes is not None
    assert bikes.observations == 21
    air = read_status(store, "muenchen.air-quality")
    assert air is not None
    assert air.observations == 3


def test_the_server_is_asked_for_construction_sites_only_and_page_by_page(
    world: World, store: FileStore
) -> None:
    world.publish(store)
    asked = [q for path, q in world.replay.asked if path == WFS and "baustellen" in q.get("typeNames", "")]
    assert [q["startIndex"] for q in asked] == ["0", "4", "8"]
    assert {q["CQL_FILTER"] for q in asked} == {"art='Baumaßnahme'"}
    assert {q["srsName"] for q in asked} == {"EPSG:4326"}


FAULTS = [
    ([Answer(EXCEPTION_REPORT, "application/xml")], "broken", "NoApplicableCode", State.REFUSED),
    ([Answer(HTML, "text/html")], "broken", "web page instead of data", State.REFUSED),
    ([Answer(b"", status=503)], "down", "503", State.LATE),
    ([Answer(b'{"type":"FeatureCollection","features":[', cut=500)], "broken", "", State.REFUSED),
    (
        [Answer(b"", status=302, headers={"Location": "http://192.0.2.1/x"})],
        "refused",
        "redirect|host",
        State.REFUSED,
    ),
]


@pytest.mark.parametrize(
    ("answers", "code", "words", "state"), FAULTS, ids=["exception", "html", "503", "cut", "redirect"]
)
def test_a_host_in_trouble_keeps_its_revision_and_the_others_go_on(
    world: World, store: FileStore, answers: list[Answer], code: str, words: str, state: State
) -> None:
    world.publish(store)
    world.replay.routes[WFS] = answers
    outcomes = world.publish(store, NOW + timedelta(hours=3))
    assert not outcomes["construction-sites"].ok
    assert outcomes["air-quality"].ok
    assert re.search(words, outcomes["construction-sites"].words), outcomes["construction-sites"].words
    assert "secret" not in outcomes["construction-sites"].words
    assert len(revisions(store, "muenchen.construction-sites")) == 1
    status = read_status(store, "muenchen.construction-sites")
    assert status is not None
    assert (status.error, status.state(NOW + timedelta(hours=3))) == (code, state)


def test_an_answer_of_fewer_features_than_told_is_a_cut_answer(world: World, store: FileStore) -> None:
    world.publish(store)
    world.replay.wfs(WFS, world.sites, total=50)
    outcome = world.publish(store, NOW + timedelta(hours=3))["construction-sites"]
    assert not outcome.ok
    assert "50" in outcome.words
