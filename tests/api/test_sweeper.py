"""Visitors who keep a real server waiting are cut off, others are not."""

import asyncio
import socket

import pytest
import uvicorn

from api.sweeper import Sweeper

PATIENCE = 30.0


async def big(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(64):
        await send({"type": "http.response.body", "body": b"x" * 1024 * 1024, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


async def until(true):
    while not true():
        await asyncio.sleep(0.005)


async def talk(first, then):
    """Connect, say `first`; sweep with `then` between; returns whether we were cut off."""
    config = uvicorn.Config(big, log_level="critical", lifespan="off", access_log=False)
    config.load()
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server._serve([listening.dup()]))
        await until(lambda: server.started)
        reader, writer = await asyncio.open_connection(*listening.getsockname(), limit=1024)
        clock = Clock()
        sweeper = Sweeper(PATIENCE, clock)
        connections = server.server_state.connections
        writer.write(first)
        await until(lambda: connections)
        cut = await then(sweeper, clock, connections, reader, writer)
        writer.transport.abort()
        await until(lambda: not connections)
        server.should_exit = True
        await task
        return cut


async def wait(sweeper, clock, connections, seconds):
    for _ in range(seconds):
        clock.now += 1
        sweeper.sweep(connections)
    await asyncio.sleep(0)


def limited(coroutine, run_apart):
    async def run():
        async with asyncio.timeout(60):
            return await coroutine

    return run_apart(run)


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_request_that_does_not_come(first, run_apart):
    async def then(sweeper, clock, connections, reader, writer):
        await wait(sweeper, clock, connections, 30)
        assert connections
        writer.write(b"X-More: 1\r\n" if first else b"")
        await wait(sweeper, clock, connections, 3)
        await until(lambda: not connections)
        return True

    assert limited(talk(first, then), run_apart)


def test_an_answer_that_nobody_takes(run_apart):
    async def then(sweeper, clock, connections, reader, writer):
        (connection,) = connections
        await until(lambda: connection.flow.write_paused)
        before = None
        while before != (
            before := connection.transport.get_write_buffer_size()
        ):  # until the kernel is full, too
            await asyncio.sleep(0.05)
        await wait(sweeper, clock, connections, 33)
        await until(lambda: not connections)
        return True

    assert limited(talk(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", then), run_apart)


def test_one_who_takes_it_slowly_is_left_alone(run_apart):
    async def then(sweeper, clock, connections, reader, writer):
        (connection,) = connections
        await until(lambda: connection.flow.write_paused)
        taken = 0
        while taken < 64 * 1024 * 1024:
            taken += len(await reader.read(1024 * 1024))
            clock.now += 0.001
            sweeper.sweep(connections)
        await until(lambda: connection.cycle.response_complete)
        return not connections

    assert not limited(talk(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", then), run_apart)


def test_one_who_asks_again_and_again_is_left_alone():
    class Cycle:
        response_complete = True

    class Transport:
        cut = False

        def get_write_buffer_size(self):
            return 0

        def abort(self):
            self.cut = True

    class Connection:
        transport = Transport()
        cycle = None

    clock, connection = Clock(), Connection()
    sweeper = Sweeper(PATIENCE, clock)
    for second in range(200):
        if second % 10 == 0:
            connection.cycle = Cycle()
        clock.now += 1
        sweeper.sweep([connection])
    assert not connection.transport.cut
    clock.now += 31
    sweeper.sweep([connection])
    assert connection.transport.cut
