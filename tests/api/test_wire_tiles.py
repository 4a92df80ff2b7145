"""Tiles that the real server sends from memory, before any application hears of the request."""

import asyncio
import hashlib
import socket

import pytest
import uvicorn
from made import BUILDINGS, CITY, NOON, buildings, glb, publish

from api.app import create_app
from api.sweeper import _mark
from api.wire import Wire
from catalog.cities import write_city
from twin.base import Text
from twin.settings import Settings

TILE = glb(21)
PATH = f"/tiles/{BUILDINGS.id}/content/{hashlib.sha256(TILE).hexdigest()}.glb"
GET = f"GET {PATH} HTTP/1.1\r\nHost: x\r\n".encode()


class Visit:
    """One connection to a server of our own; `app.calls` is how often the application was asked."""

    def __init__(self, app, server, reader, writer):
        self.app, self.server, self.reader, self.writer = app, server, reader, writer

    async def ask(self, *requests):
        """The answers to requests that are sent all at once: (head, body) each."""
        self.writer.write(b"".join(requests))
        return [await self.answer(bodiless=b"HEAD" in each[:4]) for each in requests]

    async def answer(self, bodiless=False):
        head = await self.reader.readuntil(b"\r\n\r\n")
        lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        size = 0 if bodiless or head.startswith(b"HTTP/1.1 304") else int(lines[b"content-length"])
        lines.pop(b"date")
        return (int(head.split(b" ", 2)[1]), lines), await self.reader.readexactly(size)


@pytest.fixture
def visit(store, run_apart):
    """Runs a coroutine function with a `Visit` to a server of the store."""
    publish(store, BUILDINGS, buildings(3), NOON.replace(hour=13), (TILE,))

    def run(visitor):
        async def visited():
            app = create_app(Settings(viewer="no-viewer"), store, ttl=3600)
            sent, app.calls = app.hot.sent, 0  # the application asks there first

            async def counted(*args):
                app.calls += 1
                return await sent(*args)

            app.hot.sent = counted
            quiet = {"log_level": "critical", "access_log": False, "lifespan": "off"}
            config = uvicorn.Config(app, server_header=False, proxy_headers=False, http=Wire, **quiet)
            config.load()
            server = uvicorn.Server(config)
            with socket.create_server(("127.0.0.1", 0)) as listening:
                task = asyncio.create_task(server._serve([listening.dup()]))
                while not server.started:
                    await asyncio.sleep(0.002)
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                try:
                    async with asyncio.timeout(60):
                        await visitor(Visit(app, server, reader, writer))
                finally:
                    writer.transport.abort()
                    server.should_exit = True
                    await task

        run_apart(visited)

    return run


def test_the_second_answer_is_the_first_one(visit):
    async def visitor(at):
        for more in (b"", b"Accept-Encoding: deflate\r\n"):
            first, again, third = [(await at.ask(GET + more + b"\r\n"))[0] for _ in range(3)]
            assert first == again == third
            assert (first[0][0], first[1]) == (200, TILE)
        assert at.app.calls == 1
        assert at.server.server_state.total_requests == 6

    visit(visitor)


def test_many_at_once_are_answered_in_their_order(visit):
    async def visitor(at):
        other = b"GET /ops/health HTTP/1.1\r\nHost: x\r\n\r\n"
        plain = GET + b"\r\n"
        await at.ask(plain)
        asked = [plain, other, plain, plain, other, plain]
        kinds = [lines[b"content-type"] for (_, lines), _ in await at.ask(*asked)]
        alone = [lines[b"content-type"] for each in asked for (_, lines), _ in await at.ask(each)]
        assert kinds == alone

    visit(visitor)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (GET + b"Range: bytes=0-3\r\n\r\n", 206),
        (GET + b"If-None-Match: *\r\n\r\n", 304),
        (GET.replace(b".glb", b".glb?x.glb") + b"\r\n", 400),
        (GET.replace(b"/content/", b"/static/") + b"\r\n", 404),
        (b"GET /static/x.glb HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"HEAD" + GET[3:] + b"\r\n", 200),
        (GET + b"Content-Length: 2\r\n\r\n{}", 200),
        (b"POST" + GET[3:] + b"Content-Length: 0\r\n\r\n", 405),
    ],
)
def test_what_is_more_than_plain_is_left_to_the_application(visit, request_, status):
    async def visitor(at):
        await at.ask(GET + b"\r\n", GET + b"\r\n")
        asked, ((found, _), _) = at.app.calls, (await at.ask(request_))[0]
        assert found == status
        again = (await at.ask(GET + b"\r\n"))[0]  # the connection goes on
        assert (again[0][0], again[1]) == (200, TILE)
        assert status == 200 or at.app.calls == asked + 1

    visit(visitor)


@pytest.mark.parametrize(
    "request_", [GET + b"Connection: close\r\n\r\n", GET.replace(b"1.1", b"1.0") + b"\r\n"]
)
def test_who_wants_it_is_left_alone_after_the_answer(visit, request_):
    async def visitor(at):
        await at.ask(GET + b"\r\n")
        ((_, found),) = await at.ask(request_)
        assert found == TILE
        assert await at.reader.read() == b""

    visit(visitor)


def test_what_is_not_shown_any_more_is_not_sent(visit, store):
    async def visitor(at):
        await at.ask(GET + b"\r\n", GET + b"\r\n")
        unclear = BUILDINGS.source.model_copy(update={"unclear": Text(de="Unklar.", en="Unclear.")})
        closed = BUILDINGS.model_copy(update={"source": unclear})
        layers = tuple(closed if layer.id == BUILDINGS.id else layer for layer in CITY.layers)
        write_city(store, CITY.model_copy(update={"layers": layers}))
        at.app.state.service._kept.clear()  # it is time to look again
        assert (await at.ask(GET + b"\r\n"))[0][0][0] == 404

    visit(visitor)


def test_answers_are_counted_and_who_asks_is_seen_to_be_there(visit):
    async def visitor(at):
        (connection,) = await seen(at)
        marks = set()
        for _ in range(4):
            await at.ask(GET + b"\r\n")
            marks.add(_mark(connection))
        assert len(marks) == 4  # else the sweeper would take it for one who never asks
        _, told = (await at.ask(b"GET /ops/metrics HTTP/1.1\r\nHost: x\r\n\r\n"))[0]
        assert b'twin_requests_total{door="tiles",status="200"} 4' in told

    async def seen(at):
        while not at.server.server_state.connections:
            await asyncio.sleep(0.002)
        return at.server.server_state.connections

    visit(visitor)


def test_who_takes_nothing_is_sent_little(visit):
    async def visitor(at):
        await at.ask(GET + b"\r\n")
        at.reader._limit = 0  # asyncio reads no further than twice this
        (connection,) = at.server.server_state.connections
        most = 0
        for _ in range(200):
            at.writer.write((GET + b"\r\n") * 200)
            await asyncio.sleep(0)
            most = max(most, connection.transport.get_write_buffer_size() if connection.transport else 0)
        assert most < 300 * 1024 + 4 * len(TILE)

    visit(visitor)
