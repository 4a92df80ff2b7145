"""How much one visitor may ask, send and keep waiting."""

import asyncio
import logging
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from made import BUILDINGS, NOON, SITES
from starlette.requests import Request

from api.limit import Limit, immutable
from api.manners import Manners
from api.meter import Meter, door
from twin.errors import TwinError
from twin.settings import Settings

AT = NOON + timedelta(minutes=4)
LIMITED = {"rate_per_s": 2.0, "rate_burst": 3}


def scope(path="/ogc", client="192.0.2.7", forwarded=None):
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    return {"path": path, "client": (client, 1), "headers": headers}


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def limit(**settings):
    clock = Clock()
    return Limit(Settings(**(LIMITED | settings)), clock), clock


def told(verdict):
    return {name.decode(): value.decode() for name, value in verdict.headers}


def test_a_bucket_empties_and_fills():
    bucket, clock = limit()
    first = [bucket.ask(scope()) for _ in range(4)]
    assert [verdict.wait_s for verdict in first] == [0, 0, 0, 1]
    assert told(first[0]) == {"ratelimit-policy": '"client";q=3;w=2', "ratelimit": '"client";r=2;t=1'}
    assert told(first[3]) == {
        "ratelimit-policy": '"client";q=3;w=2',
        "ratelimit": '"client";r=0;t=2',
        "retry-after": "1",
    }
    assert bucket.ask(scope(client="192.0.2.8")).wait_s == 0
    clock.now += 0.5
    assert [bucket.ask(scope()).wait_s for _ in range(2)] == [0, 1]
    clock.now += 1.0
    assert [bucket.ask(scope()).wait_s for _ in range(3)] == [0, 0, 1]


def test_it_is_off_unless_somebody_wants_it():
    assert Limit(Settings()).ask(scope()) is None


def test_nothing_of_a_client_stays_longer_than_its_bucket_needs():
    bucket, clock = limit()
    for i in range(100):
        bucket.ask(scope(client=f"198.51.100.{i}"))
    assert len(bucket._buckets) == 100
    assert "198.51" not in str(bucket._buckets)
    assert b"\xc6\x33\x64" not in b"".join(bucket._buckets)
    clock.now += 2
    bucket.ask(scope())
    assert len(bucket._buckets) == 1


def test_who_asks_without_pause_keeps_nobody_else_remembered():
    bucket, clock = limit(rate_burst=10)
    bucket.ask(scope())
    bucket.ask(scope(client="192.0.2.8"))
    for _ in range(20):
        clock.now += 0.25
        bucket.ask(scope())
    assert len(bucket._buckets) == 1


def test_a_bucket_holds_no_more_than_it_holds():
    bucket, clock = limit()
    for _ in range(4):
        bucket.ask(scope())  # who is before the other one, and has more to wait for
    bucket.ask(scope(client="192.0.2.8"))
    clock.now += 1.25
    assert told(bucket.ask(scope(client="192.0.2.8")))["ratelimit"] == '"client";r=2;t=1'


@pytest.mark.parametrize(
    ("path", "never"),
    [
        (f"/tiles/{BUILDINGS.id}/content/abc.glb", True),
        (f"/tiles/{BUILDINGS.id}/r/000001/tileset.json", True),
        (f"/tiles/{BUILDINGS.id}/tileset.json", False),
        ("/static/page.css", True),
        ("/ogc", False),
        ("/", False),
        ("", False),
    ],
)
def test_what_never_changes_does_not_count(path, never):
    assert immutable(path) is never
    bucket, _ = limit(rate_burst=1)
    assert (bucket.ask(scope(path)) is None) is never


PROXIES = "127.0.0.1, 10.0.0.0/8,fd00::/8"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        # nobody but a trusted proxy is believed
        (("203.0.113.1", "198.51.100.1"), ("203.0.113.1", "198.51.100.2"), True),
        (("127.0.0.1", "198.51.100.1"), ("127.0.0.1", "198.51.100.2"), False),
        (
            ("127.0.0.1", "198.51.100.1"),
            ("127.0.0.1", "9.9.9.9, 198.51.100.1"),
            True,
        ),  # made up by the client
        (("127.0.0.1", "198.51.100.1, 10.1.2.3"), ("10.9.9.9", "198.51.100.1"), True),
        (("127.0.0.1", "unknown"), ("127.0.0.1", None), True),
        (("127.0.0.1", "x" * 100_000), ("127.0.0.1", ""), True),
        (("2001:db8::1", None), ("2001:db8::ffff:1", None), True),
        (("2001:db8::1", None), ("2001:db8:0:1::1", None), False),
        (("::ffff:192.0.2.1", None), ("192.0.2.1", None), True),
        (("192.0.2.1", None), ("192.0.2.2", None), False),
    ],
)
def test_who_asks(first, second, same):
    bucket, _ = limit(rate_burst=1, trusted_proxies=PROXIES)
    assert bucket.ask(scope("/", *first)).wait_s == 0
    assert (bucket.ask(scope("/", *second)).wait_s > 0) is same


def test_a_proxy_that_is_none_is_named():
    with pytest.raises(TwinError, match="TWIN_TRUSTED_PROXIES has 'nginx'"):
        Limit(Settings(trusted_proxies="127.0.0.1,nginx"))


def test_too_many_requests_are_a_problem(client_of, filled, caplog):
    caplog.set_level(logging.DEBUG)
    ask = client_of(filled, rate_per_s=0.001, rate_burst=2)
    assert [ask("/ogc").status_code for _ in range(3)] == [200, 200, 429]
    answer = ask("/ogc")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "RateLimit" in answer.headers["access-control-expose-headers"]
    assert int(answer.headers["retry-after"]) > 900
    assert answer.headers["ratelimit"].startswith('"client";r=0;t=')
    assert ask("/ogc", "HEAD").content == b""
    assert ask("/ogc", "OPTIONS").status_code == 204
    assert ask(f"/tiles/{BUILDINGS.id}/r/000001/tileset.json").status_code == 200
    assert "127.0.0.1" not in caplog.text


def echo(**settings):
    app = FastAPI()

    @app.post("/")
    async def length(request: Request):
        return len(await request.body())

    told = Settings(**settings)
    app.add_middleware(Manners, settings=told, limit=Limit(told), meter=Meter())
    return app


def post(app, content, run_apart, **headers):
    async def ask():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t", trust_env=False) as client:
            return await client.post("/", content=content, headers=headers)

    return run_apart(ask)


async def pieces(number, size):
    for _ in range(number):
        yield b"x" * size


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 200),
        (b"x" * 2048, 200),
        (b"x" * 2049, 413),
        (pieces(2, 1024), 200),
        (pieces(3, 1024), 413),
        (pieces(10_000, 1024), 413),
    ],
)
def test_bodies_have_a_size(content, status, run_apart):
    answer = post(echo(max_request_kb=2), content, run_apart)
    assert answer.status_code == status
    if status == 413:
        assert "larger than 2048 bytes" in answer.json()["detail"]
        assert answer.headers["access-control-allow-origin"] == "*"
    elif isinstance(content, bytes):
        assert answer.json() == len(content)


def test_a_body_that_only_announces_its_size_is_refused_unread(run_apart):
    async def never():
        raise AssertionError("nobody reads this")
        yield b""

    answer = post(echo(), never(), run_apart, **{"content-length": "99999999999999999999999"})
    assert answer.status_code == 413


def test_a_body_that_does_not_come_is_given_up(run_apart):
    async def dribble():
        yield b"x"
        await asyncio.Event().wait()

    answer = post(echo(client_patience_s=0.05), dribble(), run_apart)
    assert (answer.status_code, answer.json()["type"]) == (408, "/docs#problem-body")


def metrics(ask):
    found = {}
    answer = ask("/ops/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            assert name not in found
            found[name] = float(value)
    return found


def test_metrics_count_answers_and_tell_of_layers(client_of, filled):
    ask = client_of(filled)
    for path in ("/ogc", "/ogc/collections/secret-question", "/wp-admin/1", "/wp-admin/2", "/"):
        ask(path)
    ask("/ogc", "HEAD")
    found = metrics(ask)
    assert found['twin_requests_total{door="ogc",status="200"}'] == 2
    assert found['twin_requests_total{door="ogc",status="404"}'] == 1
    assert found['twin_requests_total{door="other",status="404"}'] == 2
    assert found['twin_request_seconds_count{door="ogc"}'] == 3
    assert found['twin_request_seconds_bucket{door="ogc",le="+Inf"}'] == 3
    bounds = [v for k, v in found.items() if k.startswith('twin_request_seconds_bucket{door="ogc"')]
    assert bounds == sorted(bounds)
    assert found['twin_layers{state="fresh"}'] == 3
    assert found['twin_layers{state="silent"}'] == 1
    assert found[f'twin_layer_age_seconds{{layer="{SITES.id}"}}'] == (AT - NOON).total_seconds()
    assert found[f'twin_layer_revision{{layer="{BUILDINGS.id}"}}'] == 2
    assert found["twin_live_listeners"] == 0
    assert found["process_cpu_seconds_total"] > 0
    assert found["process_start_time_seconds"] > 1.7e9
    text = ask("/ops/metrics").text
    assert "secret-question" not in text
    assert "wp-admin" not in text


def test_metrics_speak_prometheus(ask):
    """Every sample follows the help and type of its family."""
    family = None
    for line in ask("/ops/metrics").text.splitlines():
        if line.startswith("# HELP"):
            family = line.split()[2]
        elif line.startswith("# TYPE"):
            assert line.split()[2] == family
            assert line.split()[3] in ("counter", "gauge", "histogram")
        else:
            assert line.startswith(family)


@pytest.mark.parametrize(
    ("path", "name"),
    [("/", "page"), ("", "page"), ("/ogc/x", "ogc"), ("/ogcx", "other"), ("/\0", "other"), ("//ogc", "page")],
)
def test_doors_are_few(path, name):
    assert door(path) == name


def test_the_documentation_explains_the_problems(ask):
    page = ask("/docs").text
    assert 'id="problem-rate"' in page
    assert 'id="problem-body"' in page
