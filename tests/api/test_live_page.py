"""The page about ``/live`` tells the truth: its addresses are asked, its events are compared."""

import json
import re
from datetime import timedelta
from pathlib import Path

from made import BUILDINGS, COUNTS, NOON, buildings, fill, publish

from api.live.watch import Watch
from api.service import Service
from catalog.observations import append
from catalog.status import write_status
from twin.record import Observation
from twin.settings import Settings
from twin.status import Status
from twin.store import open_store

PAGE = (Path(__file__).parents[2] / "docs/api-live.md").read_text("utf-8")


def test_the_addresses_of_the_page_answer(ask):
    found = re.findall(r'"(?:http://localhost:8000)?(/live\?[^"]+)"', PAGE)
    assert len(found) == 2
    for path in found:
        answer = ask(path.replace("demo.", "probe."), "HEAD")
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].startswith("text/event-stream")


def test_events_have_what_the_page_says():
    store, now = open_store("memory://"), NOON + timedelta(minutes=5)
    fill(store)
    watch = Watch(Service(Settings(), store, 0, lambda: now))
    watch.begin()
    publish(store, BUILDINGS, buildings(3), now)
    append(store, COUNTS.id, [Observation("probe.bike-counts.arnulf", "bicycles", 3.0, "1/15min", now)], now)
    write_status(store, Status(layer=COUNTS.id, interval_s=3600, last_attempt=now, last_success=now))
    events = {event.kind: event for event in watch.look()}
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", PAGE, re.MULTILINE))
    assert set(rows) - {"layers", "bbox"} == set(events)
    for kind in ("revision", "observation"):
        assert set(re.findall(r"`(\w+)`", rows[kind])) == set(events[kind].document["data"])
    (values,) = re.findall(r"`values` \(([^;]*);", rows["observation"])
    assert set(values.split(", ")) == set(events["observation"].document["data"]["values"][0])
    (name, place, data) = re.findall(r"^event: (\w+)\nid: (\S+)\ndata: (.*), …}$", PAGE, re.MULTILINE)[0]
    assert re.fullmatch(r"[0-9]{20}-[A-Za-z0-9_-]+", place)
    shown, told = json.loads(data + "}"), events[name].document
    assert list(shown) == list(told)[: len(shown)]
    assert shown["id"].replace("demo.districts", BUILDINGS.id)[:-1] == told["id"][:-1]
    assert (shown["specversion"], shown["type"], shown["source"]) == ("1.0", name, told["source"])
