"""The real server's first line of defence: requests that are none, or whose headers do not end."""

import asyncio
import json
import socket

import pytest
import uvicorn

from api.wire import MOST_HEAD, Wire


async def answer(scope, receive, send):
    more, size = True, 0
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"%d" % size
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Counting(Wire):
    """Says how much of what was sent has arrived."""

    seen = 0

    def data_received(self, data):
        Counting.seen += len(data)
        super().data_received(data)


async def until(true):
    while not true():
        await asyncio.sleep(0.002)


async def said(*pieces):
    """What the server says to the pieces, sent one by one, until it or we close."""
    config = uvicorn.Config(answer, log_level="critical", lifespan="off", access_log=False, http=Counting)
    config.load()
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server._serve([listening.dup()]))
        await until(lambda: server.started)
        sent = Counting.seen = 0
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                sent += len(piece)
                await until(lambda sent=sent: Counting.seen >= sent or not server.server_state.connections)
            writer.write_eof()
        except ConnectionError:
            pass  # the server has had enough: what it said is there to be read
        taken = b""
        try:
            while piece := await reader.read(65536):
                taken += piece
        except ConnectionError:
            pass
        writer.transport.abort()
        server.should_exit = True
        await task
        return taken


def told(run_apart, *pieces):
    async def run():
        async with asyncio.timeout(60):
            return await said(*pieces)

    return run_apart(run)


def problem(data):
    head, _, body = data.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    return json.loads(body)


@pytest.mark.parametrize(
    "first",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET \xff HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nA\r\n\r\n",
    ],
)
def test_what_is_no_request_is_a_problem(run_apart, first):
    data = told(run_apart, first)
    assert data.startswith(b"HTTP/1.1 400 ")
    assert problem(data)["status"] == 400


@pytest.mark.parametrize(
    "endless", [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-More: 1\r\n" * 9]
)
def test_headers_that_do_not_end_are_refused(run_apart, endless):
    data = told(run_apart, endless, *[b"x" * 16384] * (1 + MOST_HEAD // 16384))
    assert data.startswith(b"HTTP/1.1 431 ")
    assert problem(data)["status"] == 431


def test_headers_that_fit_are_taken(run_apart):
    more = b"X: " + b"x" * (MOST_HEAD - 20_000)
    data = told(run_apart, b"GET / HTTP/1.1\r\nHost: x\r\n", more, b"\r\nConnection: close\r\n\r\n")
    assert data.startswith(b"HTTP/1.1 200 ")


def test_bodies_are_not_headers(run_apart):
    size = 4 * MOST_HEAD
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size
    body = b"x" * size
    data = told(run_apart, head, body + b"GET / HTTP/1.1\r\nHost:", b" x\r\nConnection: close\r\n\r\n")
    assert [part[-6:] for part in data.split(b"HTTP/1.1 200 OK")[1:]] == [b"262144", data[-6:]]
    assert data.endswith(b"\r\n\r\n0")
