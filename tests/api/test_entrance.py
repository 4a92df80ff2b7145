"""Connections are shared out: who has more lets others go first, and nobody waits for one that is busy."""

import asyncio
import errno
import socket
from contextlib import asynccontextmanager

import pytest

from api import entrance
from api.entrance import Entrance
from api.together import Together, size


class Meets(asyncio.Protocol):
    def __init__(self, worker):
        self.worker = worker

    def connection_made(self, transport):
        self.worker.met.append(transport)
        self.worker.more.set()


class Worker:
    """A worker that has had some connections before."""

    def __init__(self, listening, cells, number, before):
        self.met, self.more, self.listening = [], asyncio.Event(), listening
        self.together = Together(2, number, cells)
        self.entrance = Entrance(
            listening, lambda: Meets(self), lambda: before + len(self.met), self.together
        )
        self.entrance.count()


@asynccontextmanager
async def two(first, second):
    """Two workers at one socket, with so many connections each."""
    cells = bytearray(8 * size(2))
    with socket.create_server(("127.0.0.1", 0)) as listening, listening.dup() as same:
        pair = [Worker(listening, cells, 0, first), Worker(same, cells, 1, second)]
        try:
            yield pair
        finally:
            for worker in pair:
                worker.entrance.close()
                for transport in worker.met:
                    transport.abort()


async def visit(worker):
    """Come in, and wait until this worker has taken somebody."""
    worker.more.clear()
    _, writer = await asyncio.open_connection(*worker.listening.getsockname())
    await asyncio.wait_for(worker.more.wait(), 30)
    return writer


async def until(true):
    while not true():
        await asyncio.sleep(0)


def test_whoever_has_more_lets_the_other_go_first(monkeypatch):
    monkeypatch.setattr(entrance, "_GOES_FIRST_S", 60.0)

    async def shared():
        async with two(3, 0) as (busy, idle):
            asked, count = asyncio.Event(), busy.entrance.count
            busy.entrance.count = lambda: (asked.set(), count())[1]
            busy.entrance.start()
            _, writer = await asyncio.open_connection(*idle.listening.getsockname())
            await asyncio.wait_for(asked.wait(), 30)  # the other one has seen that somebody is there
            idle.entrance.start()
            writers = [writer, *[await visit(idle) for _ in range(2)]]
            # Who has come in counts twice until its task is put away, a turn later.
            await asyncio.wait_for(until(lambda: len(idle.met) == idle.entrance.count() == 3), 30)
            assert busy.met == []
            assert idle.together.each("connections") == [3, 3]
            for writer in writers:
                writer.close()

    asyncio.run(shared())


def test_nobody_waits_for_one_that_does_not_come(monkeypatch):
    monkeypatch.setattr(entrance, "_GOES_FIRST_S", 0.0)

    async def alone():
        async with two(3, 0) as (busy, _):
            busy.entrance.start()
            writers = [await visit(busy) for _ in range(2)]
            assert len(busy.met) == 2
            sock = busy.met[0].get_extra_info("socket")
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for writer in writers:
                writer.close()

    asyncio.run(alone())


def test_what_is_closed_takes_nobody():
    async def closed():
        async with two(0, 0) as (one, other):
            one.entrance.start()
            one.entrance.close()
            _, writer = await asyncio.open_connection(*one.listening.getsockname())
            one.entrance.start()
            one.entrance._anyway()  # as it may have been about to
            assert not asyncio.get_running_loop().remove_reader(one.listening)
            other.entrance.start()
            await asyncio.wait_for(until(lambda: other.met), 30)
            assert one.met == []
            writer.close()

    asyncio.run(closed())


class Full:
    """A listening socket where the system has no room for the first that comes."""

    def __init__(self, listening):
        self.listening, self.refused = listening, 0

    def __getattr__(self, name):
        return getattr(self.listening, name)

    def accept(self):
        if not self.refused:
            self.refused = 1
            raise OSError(errno.EMFILE, "Too many open files")
        return self.listening.accept()


def test_too_many_open_files_pass(monkeypatch, caplog):
    monkeypatch.setattr(entrance, "_PAUSE_S", 0.0)

    async def later():
        async with two(0, 0) as (one, _):
            one.entrance._listening = Full(one.listening)
            one.entrance.start()
            writer = await visit(one)
            assert one.entrance._listening.refused == 1
            writer.close()

    asyncio.run(later())
    assert "Too many open files" in caplog.text


@pytest.mark.parametrize("number", [0, 1])
def test_a_worker_that_begins_anew_has_no_connections(number):
    cells = bytearray(8 * size(2))
    Together(2, number, cells)["connections"] = 7
    assert Together(2, number, cells).each("connections") == [0, 0]
