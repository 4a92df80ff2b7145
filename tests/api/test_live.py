"""What is told as it changes, and that who comes back has missed nothing and hears nothing twice."""

import asyncio
import json
import re
import threading
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import AIR, BUILDINGS, CITY, COUNTS, NOON, SITES, buildings, counts, fill, publish, sites

from api import params
from api.live import hub as hub_module
from api.live import stream as stream_module
from api.live.hub import Hub
from api.live.positions import Position, decode, encode, head, tag
from api.live.stream import Stream
from api.live.watch import Watch
from api.service import Service
from catalog.cities import write_city
from catalog.observations import append
from catalog.status import write_status
from twin.base import Text
from twin.errors import RequestError, StoreError
from twin.record import Observation
from twin.settings import Settings
from twin.status import Status
from twin.store import open_store


class World:
    """A store to which things happen, at a clock of its own."""

    def __init__(self):
        self.store = open_store("memory://")
        fill(self.store)
        self.now = NOON + timedelta(minutes=1)

    def watch(self, begin=True, **settings):
        service = Service(Settings(**settings), self.store, 0, lambda: self.now)
        watch = Watch(service)
        if begin:
            watch.begin()
        return watch

    def pass_time(self, seconds=60):
        self.now += timedelta(seconds=seconds)

    def publish(self, layer=BUILDINGS):
        self.pass_time()
        made = buildings(3, float(self.now.timestamp())) if layer is BUILDINGS else sites()
        return publish(self.store, layer, made, self.now)

    def observe(self, value=5.0, age=timedelta()):
        self.pass_time()
        station = "probe.bike-counts.arnulf"
        at = self.now - age
        append(self.store, COUNTS.id, [Observation(station, "bicycles", value, "1/15min", at)], self.now)

    def attempt(self, layer=COUNTS, **more):
        told = {"interval_s": 3600, "last_success": self.now} | more
        write_status(self.store, Status(layer=layer.id, last_attempt=self.now, **told))


def kinds(events):
    return [(event.kind, event.layer) for event in events]


def names(events):
    return [event.document["id"] for event in events]


def test_a_run_is_told_in_its_order():
    world = World()
    watch = world.watch()
    assert watch.look() == []
    revision = world.publish()
    world.observe()
    world.attempt()
    events = watch.look()
    assert kinds(events) == [
        ("revision", BUILDINGS.id),
        ("observation", COUNTS.id),
        ("freshness", COUNTS.id),
    ]
    assert watch.look() == []
    told, values, fresh = (event.document for event in events)
    assert told["data"]["revision"] == revision.number
    assert (told["specversion"], told["type"], told["subject"]) == ("1.0", "revision", BUILDINGS.id)
    assert told["source"] == "/live"
    assert told["data"]["attribution"] == BUILDINGS.source.attribution
    (value,) = values["data"]["values"]
    assert (value["station"], value["value"]) == ("probe.bike-counts.arnulf", 5.0)
    assert fresh["data"]["state"] == "fresh"
    block = events[0].block.decode().split("\n")
    assert block[:2] == ["event: revision", f"id: {events[0].place}"]
    assert json.loads(block[2].removeprefix("data: ")) == told


def test_silence_is_told_without_anything_in_the_store():
    world = World()
    watch = world.watch()
    world.pass_time(3 * 3600)
    assert [e.document["data"]["state"] for e in watch.look()] == ["late"] * 3
    assert watch.look() == []
    world.pass_time(8 * 3600)
    assert [e.document["data"]["state"] for e in watch.look()] == ["silent"] * 3


def test_values_of_a_run_that_was_at_work_when_the_first_listener_came():
    world = World()
    world.observe(7.0)
    watch = world.watch()  # the values are in the store, the status is not
    assert watch.look() == []
    world.observe(8.0, timedelta(days=3))  # late values lie in the file of their day
    world.attempt()
    event, _ = watch.look()
    assert [value["value"] for value in event.document["data"]["values"]] == [7.0, 8.0]
    assert event.document["data"]["left_out"] == 0


def test_very_many_values_are_cut_and_it_says_so():
    world = World()
    watch = world.watch()
    world.pass_time()
    append(
        world.store,
        COUNTS.id,
        [Observation("s", "bicycles", float(i), "1/15min", NOON + timedelta(seconds=i)) for i in range(2005)],
        world.now,
    )
    world.attempt()
    data = watch.look()[0].document["data"]
    assert (len(data["values"]), data["left_out"], data["values"][0]["value"]) == (2000, 5, 2004.0)


@pytest.mark.parametrize("seed", range(6))
def test_whoever_comes_back_anywhere_hears_the_rest_once(seed):
    """Two servers look at different moments; a third begins anew; each goes on where another stopped."""
    from random import Random

    dice = Random(seed)
    world = World()
    first, second = world.watch(), world.watch()
    start = encode(first.positions)
    heard = {0: [], 1: []}
    for _ in range(14):
        act = dice.choice(
            (world.publish, lambda: world.publish(SITES), world.observe, lambda: world.attempt(AIR))
        )
        act()
        if act == world.observe:
            world.attempt()
        for number, watch in enumerate((first, second)):
            if dice.random() < 0.6:
                heard[number] += watch.look()
    heard[0] += first.look()
    heard[1] += second.look()
    assert encode(first.positions) == encode(second.positions)
    revisions = {name for name in names(heard[0]) if "/revision/" in name}
    assert revisions == {name for name in names(heard[1]) if "/revision/" in name}
    third = world.watch()
    for told in heard.values():
        places = [event.place for event in told]
        assert places == sorted(set(places))
        for i, place in enumerate([start, *places]):
            missed = third.missed(decode(place), head(place), third.positions, None)
            left = [event.place for event in missed]
            assert left == sorted(set(left))
            assert all(place < other for other in left)
            rest = told[i:]
            expected = {name for name in names(rest) if "/revision/" in name}
            found = [name for name in names(missed) if "/revision/" in name]
            assert sorted(found) == sorted(expected)
            values = sorted(
                json.dumps(v) for e in rest if e.kind == "observation" for v in e.document["data"]["values"]
            )
            again = sorted(
                json.dumps(v) for e in missed if e.kind == "observation" for v in e.document["data"]["values"]
            )
            assert again == values
            assert {e.layer for e in missed if e.kind == "freshness"} >= {
                e.layer for e in rest if e.kind == "freshness"
            }
            if left:
                assert third.missed(decode(left[-1]), head(left[-1]), third.positions, None) == []


def test_only_the_wanted_layers_are_told_again():
    world = World()
    before = world.watch()
    place = encode(before.positions)
    world.publish()
    world.publish(SITES)
    after = world.watch()
    missed = after.missed(decode(place), head(place), after.positions, frozenset({SITES.id}))
    assert kinds(missed) == [("revision", SITES.id)]
    last = missed[-1].place
    assert after.missed(decode(last), head(last), after.positions, frozenset({SITES.id})) == []


def test_what_is_not_cleared_never_appears():
    unclear = SITES.source.model_copy(update={"unclear": Text(de="Unklar.", en="Unclear.")})
    closed = SITES.model_copy(update={"source": unclear})
    for settings, told in (({}, []), ({"publish_unclear": SITES.id}, [("revision", SITES.id)])):
        world = World()
        write_city(world.store, CITY.model_copy(update={"layers": (BUILDINGS, closed, COUNTS, AIR)}))
        watch = world.watch(**settings)
        place = encode(watch.positions)
        world.publish(SITES)
        assert kinds(watch.look()) == told
        assert kinds(watch.missed(decode(place), head(place), watch.positions, None)) == told


def test_a_layer_that_cannot_be_read_is_told_later():
    world = World()
    watch = world.watch()
    world.observe()
    world.attempt()
    (key,) = [
        k for k in world.store.list(f"observations/{COUNTS.id}/date=2026-03-01") if k not in before_keys()
    ]
    whole = world.store.get(key)
    world.store.put(key, b"junk")
    assert watch.look() == []
    world.publish()
    assert kinds(watch.look()) == [("revision", BUILDINGS.id)]
    world.store.put(key, whole)
    assert kinds(watch.look()) == [("observation", COUNTS.id), ("freshness", COUNTS.id)]


def before_keys():
    store = open_store("memory://")
    append(store, COUNTS.id, counts(), NOON)
    return set(store.list(f"observations/{COUNTS.id}"))


positions = st.dictionaries(
    st.binary(min_size=4, max_size=4),
    st.builds(Position, st.integers(0, 10**6), st.integers(0, 2**40), st.integers(0, 7)),
    max_size=30,
)


@given(positions, st.integers(0, 10**18))
def test_ids_say_what_was_seen_and_grow(found, after):
    place = encode(found, after)
    assert decode(place) == found
    assert head(place) > after
    layer = tag("a")
    was = found.get(layer, Position())
    more = {**found, layer: Position(was.revision + 1, was.attempt, was.state)}
    assert encode(more, head(place)) > place
    assert encode(more) == encode(dict(reversed(more.items())))


@given(st.text(max_size=80) | st.from_regex(r"[0-9]{20}-[A-Za-z0-9_-]{0,60}", fullmatch=True))
def test_forged_ids_are_refused_or_harmless(text):
    try:
        found = decode(text)
    except RequestError:
        return
    assert all(position.weight >= 0 for position in found.values())


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("layers=probe.building", 404, "did you mean probe.buildings?"),
        ("layers=", 400, "empty name"),
        ("layers=probe.buildings,,", 400, "empty name"),
        ("layers=%00", 400, "NUL"),
        ("layers=" + "x" * 5000, 404, "there is no layer"),
        ("layers=a&layers=b", 400, "twice"),
        ("layer=probe.buildings", 400, "did you mean 'layers'"),
        ("bbox=1,2", 400, "four or six"),
        ("last-event-id=7", 400, "no id of an event"),
        ("last-event-id=" + "9" * 30_000, 400, "no id of an event"),
        ("last-event-id=%F0%9F%9A%B2", 400, "no id of an event"),
    ],
)
def test_wrong_questions(ask, query, status, words):
    answer = ask(f"/live?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_head_ends(ask):
    answer = ask("/live", "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"


class Listener:
    """One who listens without a network; `send` may be slow."""

    def __init__(self, hub, slow=False, **wanted):
        self.hub, self.slow, self.wanted = hub, slow, wanted
        self.blocks = []
        self.more = asyncio.Event()
        self.left = asyncio.Event()

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.blocks.append(message.get("body", b""))
        self.more.set()
        if self.slow and len(self.blocks) > 2:
            await asyncio.Event().wait()

    async def listen(self, place=None):
        layers = self.wanted.get("layers")
        await Stream(self.hub, place, layers, self.wanted.get("boxes", ()))({}, self.receive, self.send)

    async def until(self, words):
        while not any(words in block for block in self.blocks):
            self.more.clear()
            await self.more.wait()


def live(coroutine, run_apart):
    async def limited():
        async with asyncio.timeout(60):
            await coroutine

    run_apart(limited)


def test_listeners_share_one_look_and_hear_what_they_want(run_apart):
    world = World()
    hub = Hub(world.watch(begin=False), 0.01, 1000)
    everything = Listener(hub)
    north = Listener(hub, boxes=((11.5, 48.155, 11.6, 48.2),))
    elsewhere = Listener(hub, boxes=((13.0, 52.0, 13.1, 52.1),))
    one = Listener(hub, layers=frozenset({SITES.id}))
    over = Listener(hub, boxes=params.boxes("170,48,-170,49"))
    around = Listener(hub, boxes=params.boxes("11.5,48,-170,49"))
    all_of_them = (everything, north, elsewhere, one, over, around)

    async def talk():
        tasks = [asyncio.create_task(x.listen()) for x in all_of_them]
        for listener in all_of_them:
            await listener.until(b"retry")
        world.observe()
        world.attempt()
        world.publish(SITES)
        await everything.until(b"freshness")
        for listener in (everything, one, around):
            await listener.until(b"event: revision")
        assert hub.listeners == 6
        hub.close()
        await asyncio.gather(*tasks)
        assert hub.listeners == 0

    live(talk(), run_apart)
    assert sum(b"event: observation" in block for block in everything.blocks) == 1
    assert not any(b"event: observation" in block for block in north.blocks)  # that station lies south
    assert any(b"event: freshness" in block for block in north.blocks)
    assert not any(b"event:" in block for block in elsewhere.blocks)
    assert [block.split(b"\n")[0] for block in one.blocks if b"event" in block] == [b"event: revision"]
    assert everything.blocks[-1] == b""
    assert not any(b"event:" in block for block in over.blocks)
    assert not any(event.document for event in hub._kept)  # bytes alone, and these are counted
    assert [b for b in around.blocks if b"event: obs" in b] == [
        b for b in everything.blocks if b"event: obs" in b
    ]


def test_every_event_is_a_cloudevent():
    """By the JSON Schema of CloudEvents 1.0.2: what it requires, and what it says of each attribute."""
    world = World()
    watch = world.watch()
    world.publish()
    world.observe()
    world.attempt()
    told = [event.document for event in watch.look()]
    world.pass_time(3 * 3600)
    told += [event.document for event in watch.look()]
    assert {document["type"] for document in told} == {"revision", "observation", "freshness"}
    for document in told:
        assert document["specversion"] == "1.0"
        assert all(document[name] for name in ("id", "source", "type", "subject"))  # minLength 1
        assert re.fullmatch(r"/live|https?://[^ ]+/live", document["source"])  # a uri-reference
        assert document["datacontenttype"] == "application/json"
        assert "time" not in document or datetime.fromisoformat(document["time"]).utcoffset() is not None
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in document)  # names of attributes
        assert json.loads(json.dumps(document)) == document
    pairs = [(document["source"], document["id"]) for document in told]
    assert len(set(pairs)) == len(pairs)  # together they name one event


def test_who_is_too_slow_is_let_go(run_apart, monkeypatch):
    world = World()
    hub = Hub(world.watch(begin=False), 0.01, 1000)
    monkeypatch.setattr(stream_module, "PATIENCE_S", 0.05)
    slow = Listener(hub, slow=True)

    async def talk():
        task = asyncio.create_task(slow.listen())
        await slow.until(b"retry")
        world.publish()
        await task
        assert hub.listeners == 0
        hub.close()

    live(talk(), run_apart)


def test_the_buffer_does_not_grow_for_ever(run_apart, monkeypatch):
    monkeypatch.setattr(hub_module, "MOST_BYTES", 2000)
    world = World()
    watch = world.watch()
    hub = Hub(watch, 0.01, 1000)

    async def long_ago(*_):
        return 0, encode({}), []

    async def talk():
        for _ in range(20):
            world.publish(SITES if hub.end % 2 else BUILDINGS)
            for event in watch.look():
                hub._keep(event)
        assert hub.end - hub.begin < 4
        late = Listener(hub)
        monkeypatch.setattr(hub, "join", long_ago)
        await late.listen()  # ends by itself
        assert not any(b"event:" in block for block in late.blocks)

    live(talk(), run_apart)


def test_what_was_withdrawn_meanwhile_is_not_sent_to_who_has_not_had_it_yet(run_apart, monkeypatch):
    world = World()
    watch = world.watch()
    hub = Hub(watch, 0.01, 1000)
    world.publish(SITES)
    world.publish(BUILDINGS)
    for event in watch.look():
        hub._keep(event)
    watch.shown -= {SITES.id}
    late = Listener(hub)

    async def before(*_):
        return hub.begin, encode({}), []

    async def talk():
        monkeypatch.setattr(hub, "join", before)
        task = asyncio.create_task(late.listen())
        await late.until(b"event: revision")
        hub.close()
        await task

    live(talk(), run_apart)
    (told,) = [block for block in late.blocks if b"event:" in block]
    assert BUILDINGS.id.encode() in told


def test_the_stream_is_told_apart_from_what_may_be_kept(run_apart):
    """Nothing between keeps it or waits for its end; its first lines say where one who comes back was."""
    world = World()
    hub = Hub(world.watch(begin=False), 0.01, 1000)
    sent = []

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)
        if len(sent) == 2:
            hub.close()

    live(Stream(hub, None, None, ())({}, receive, send), run_apart)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["content-type"].startswith("text/event-stream")
    assert "content-length" not in headers
    retry, place = sent[1]["body"].decode().splitlines()[:2]
    assert retry == "retry: 3000"
    assert decode(place.removeprefix("id: ")) == hub._watch.positions


def test_heartbeats_find_out_who_has_left_and_looking_ends_with_the_last(run_apart):
    world = World()
    hub = Hub(world.watch(begin=False), 0.01, 0.02)
    listener = Listener(hub)

    async def talk():
        task = asyncio.create_task(listener.listen())
        await listener.until(b":\n\n")
        listener.left.set()
        await task
        await hub._task

    live(talk(), run_apart)


def test_who_comes_back_and_waits_long_for_what_was_missed_is_told_of_what_comes_then(run_apart, monkeypatch):
    world = World()
    watch = world.watch()
    hub = Hub(watch, 0.01, 0.02)
    listener, ready = Listener(hub), threading.Event()
    missed, begin, look = watch.missed, watch.begin, watch.look

    def slowly(*arguments):
        assert ready.wait(60)
        return missed(*arguments)

    looks = []
    monkeypatch.setattr(watch, "missed", slowly)
    monkeypatch.setattr(watch, "begin", lambda: looks.append("begin") or begin())
    monkeypatch.setattr(watch, "look", lambda: looks.append("look") or look())

    async def talk():
        place = encode(watch.positions)
        first = world.publish()
        task = asyncio.create_task(listener.listen(place))
        while hub._task is None:
            await asyncio.sleep(0.001)
        while (
            hub.beats < 5 and not hub._task.done()
        ):  # so many as it takes to stop looking when nobody listens
            await hub.news()
        ready.set()
        await listener.until(f"revision/{first.name}".encode())
        await listener.until(f"revision/{world.publish().name}".encode())
        assert looks.count("begin") == 1
        hub.close()
        await task

    live(talk(), run_apart)


def test_who_has_seen_more_elsewhere_hears_it_once(run_apart, monkeypatch):
    world = World()
    quick, watch = world.watch(), world.watch(begin=False)
    hub = Hub(watch, 0.01, 1000)
    begun, behind = Listener(hub), Listener(hub)
    look, late = watch.look, [3]

    def lags():  # as one that has just looked when the other server saw more
        late[0] -= late[0] > 0
        return [] if late[0] else look()

    monkeypatch.setattr(watch, "look", lags)

    async def talk():
        tasks = [asyncio.create_task(begun.listen())]
        await begun.until(b"retry")
        first = world.publish()
        (event,) = quick.look()
        late[0] = 3
        tasks.append(asyncio.create_task(behind.listen(event.place)))
        await begun.until(f"revision/{first.name}".encode())
        await behind.until(b"retry")
        second = world.publish()
        await behind.until(f"revision/{second.name}".encode())
        hub.close()
        await asyncio.gather(*tasks)

    live(talk(), run_apart)
    told = b"".join(behind.blocks)
    assert told.count(b"event:") == 1
    places = [line for line in told.decode().split("\n") if line.startswith("id:")]
    assert places == sorted(places)


def test_an_id_from_the_future_is_not_waited_for_without_end(run_apart):
    world = World()
    hub = Hub(world.watch(begin=False), 0.01, 1000)
    listener = Listener(hub)

    async def talk():
        place = encode({tag(BUILDINGS.id): Position(10**6, 2**40, 1)})
        task = asyncio.create_task(listener.listen(place))
        await listener.until(b"retry")
        hub.close()
        await task

    live(talk(), run_apart)


def test_a_heartbeat_does_not_wait_for_a_slow_store(run_apart, monkeypatch):
    world = World()
    watch = world.watch(begin=False)
    hub = Hub(watch, 0.01, 0.02)
    listener, ready = Listener(hub), threading.Event()
    monkeypatch.setattr(watch, "look", lambda: ready.wait(60) and [])

    async def talk():
        task = asyncio.create_task(listener.listen())
        while listener.blocks.count(b":\n\n") < 3:
            listener.more.clear()
            await listener.more.wait()
        ready.set()
        listener.left.set()
        await task
        hub.close()

    live(talk(), run_apart)


def test_who_does_not_read_holds_up_nobody_and_nothing_is_heaped_up_for_it(run_apart, monkeypatch):
    monkeypatch.setattr(hub_module, "MOST_BYTES", 4000)
    world = World()
    watch = world.watch()
    hub = Hub(watch, 1000, 1000)
    slow, quick = Listener(hub, slow=True), Listener(hub)

    async def talk():
        tasks = [asyncio.create_task(one.listen()) for one in (slow, quick)]
        for one in (slow, quick):
            await one.until(b"retry")
        for number in range(2, 32):
            world.publish(SITES)
            for event in watch.look():
                hub._keep(event)
            await quick.until(b"construction-sites/revision/%06d" % number)
            assert hub._size <= 4000
        assert len(slow.blocks) == 3
        assert hub.listeners == 2
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        hub.close()

    live(talk(), run_apart)
    assert sum(b"event: revision" in block for block in quick.blocks) == 30


@pytest.mark.parametrize("error", [StoreError("the object store answers Timeout"), ZeroDivisionError()])
def test_a_look_that_fails_for_a_while_ends_nothing(run_apart, monkeypatch, error):
    world = World()
    watch = world.watch(begin=False)
    hub = Hub(watch, 0.01, 0.02)
    listener = Listener(hub)
    look = watch.look

    def fails():
        raise error

    async def talk():
        task = asyncio.create_task(listener.listen())
        await listener.until(b"retry")
        monkeypatch.setattr(watch, "look", fails)
        world.publish()
        await listener.until(b":\n\n")
        monkeypatch.setattr(watch, "look", look)
        await listener.until(b"event: revision")
        hub.close()
        await task

    live(talk(), run_apart)
