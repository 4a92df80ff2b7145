"""``/live`` as a browser meets it: a server process, a pipeline elsewhere, and only the store between."""

import signal
import time
from datetime import timedelta

import pytest
from made import BUILDINGS, COUNTS, NOON, SITES, buildings, publish, sites

from catalog.observations import append
from catalog.status import write_status
from tests.api.ears import Ear, served
from twin import times
from twin.record import Observation
from twin.status import Status


@pytest.fixture
def listen():
    """Opens listeners, and closes them at the end."""
    opened = []

    def ear(*arguments):
        opened.append(Ear(*arguments))
        return opened[-1]

    yield ear
    for one in opened:
        one.close()


def observe(store, value):
    now = times.now()
    append(
        store, COUNTS.id, [Observation("probe.bike-counts.arnulf", "bicycles", value, "1/15min", now)], now
    )
    write_status(store, Status(layer=COUNTS.id, interval_s=3600, last_attempt=now, last_success=now))


@pytest.mark.timeout(120)
def test_one_who_is_cut_off_and_meets_another_server_misses_nothing(store, listen):
    with served(store) as (_, port):
        ear = listen(port, f"?layers={BUILDINGS.id},{COUNTS.id}")
        number = publish(store, BUILDINGS, buildings(5), NOON + timedelta(days=1)).number
        event = ear.event()
        assert (event["subject"], event["data"]["revision"]) == (BUILDINGS.id, number)
        ear.close()
        publish(store, BUILDINGS, buildings(6), NOON + timedelta(days=2))
        publish(store, SITES, sites()[:2], NOON + timedelta(days=2))
    observe(store, 3.0)
    with served(store) as (_, port):
        for query, header in (("", ear.last), (f"&last-event-id={ear.last}", None)):
            back = listen(port, f"?layers={BUILDINGS.id},{COUNTS.id}{query}", header)
            events = [back.event() for _ in range(3)]
            assert [event["type"] for event in events] == ["revision", "observation", "freshness"]
            assert events[0]["data"]["revision"] == number + 1
            assert events[1]["data"]["values"][0]["value"] == 3.0
        publish(store, BUILDINGS, buildings(7), NOON + timedelta(days=3))
        assert back.event()["data"]["revision"] == number + 2
        quiet = back.block()
        assert quiet == {"": ""}  # a heartbeat


@pytest.mark.timeout(120)
def test_the_server_ends_while_people_listen(store, listen):
    with served(store) as (process, port):
        ears = [listen(port) for _ in range(20)]
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        for ear in ears:
            while ear.answer.readline():
                pass
        process.wait(60)
        assert time.monotonic() - begun < 60  # it would otherwise wait for those who listen, without end
