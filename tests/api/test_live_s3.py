"""``/live`` where the object store is the only link: the pipeline is another process, as is each server."""

import os
import subprocess
import sys

import pytest
from made import BUILDINGS, CITY, COUNTS, buildings, publish, stations

from catalog.cities import write_city
from tests.api.ears import Ear, served
from tests.s3 import s3_server
from twin.settings import ROOT
from twin.store import open_store

PLACE = "s3://twin/live"
PIPELINE = """
import sys

sys.path.insert(0, "tests/catalog")
from made import BUILDINGS, COUNTS, buildings, publish

from catalog.observations import append
from catalog.status import write_status
from twin import times
from twin.record import Observation
from twin.status import Status
from twin.store import open_store

place, features, value = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
store, now = open_store(place), times.now()
publish(store, BUILDINGS, buildings(features), now)
append(store, COUNTS.id, [Observation("probe.bike-counts.arnulf", "bicycles", value, "1/15min", now)], now)
write_status(store, Status(layer=COUNTS.id, interval_s=3600, last_attempt=now, last_success=now))
"""


@pytest.fixture
def place(monkeypatch):
    with s3_server() as told:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        yield PLACE


def run(features, value):
    """A run of the pipeline, which knows of the service nothing but the store."""
    subprocess.run([sys.executable, "-c", PIPELINE, PLACE, str(features), str(value)], cwd=ROOT, check=True)


def heard(ear):
    """The three events of a run, of two layers that are looked at one after the other: (revision, values)."""
    events = [ear.event() for _ in range(3)]
    kinds = [(event["subject"], event["type"]) for event in events]
    assert [kind for kind in kinds if kind[0] == COUNTS.id] == [
        (COUNTS.id, "observation"),
        (COUNTS.id, "freshness"),
    ]
    told = {event["type"]: event["data"] for event in events}
    assert told["freshness"]["state"] == "fresh"
    return told["revision"]["revision"], [value["value"] for value in told["observation"]["values"]]


@pytest.mark.timeout(600)
def test_the_store_is_the_only_link_and_any_server_goes_on_where_another_one_ended(place):
    store = open_store(place)
    write_city(store, CITY)
    publish(store, BUILDINGS, buildings(3))
    publish(store, COUNTS, stations(COUNTS))
    query = f"?layers={BUILDINGS.id},{COUNTS.id}"
    with served(place, TWIN_LIVE_EVERY_S="1") as (_, other):
        with served(place, TWIN_LIVE_EVERY_S="1") as (_, port):
            ear = Ear(port, query)
            beside = Ear(other, query)
            run(4, 3.0)
            assert heard(ear) == heard(beside) == (2, [3.0])
            ear.close()
        run(5, 4.0)
        with served(place, TWIN_LIVE_EVERY_S="1") as (_, port):  # started anew
            back = Ear(port, query, ear.last)
            assert heard(back) == (3, [4.0])
            back.close()
            moved = Ear(other, query, back.last)  # a server that was there all the time
            run(6, 5.0)
            assert heard(moved) == (4, [5.0])
            moved.close()
        assert heard(beside) == (3, [4.0])
        assert heard(beside) == (4, [5.0])
        beside.close()
