"""Worker: the HTTP server of one process, alone or beside others."""

import asyncio
import multiprocessing
from collections.abc import Callable
from socket import socket
from threading import Event, Thread
from typing import Any

import uvicorn

from api.app import create_app
from api.entrance import Entrance
from api.sweeper import Sweeper
from api.together import Together
from api.wire import Wire
from twin.errors import TwinError
from twin.settings import Settings


def run(settings: Settings, number: int, shared: dict[str, Any], listening: socket, ready: Any) -> None:
    """One of several, in a process of its own; says when it listens.

    Args:
        settings: How this installation runs.
        number: Which one it is, from 0.
        shared: What it shares with the others, see `api.workers`.
        listening: Where visitors come in.
        ready: A pipe to the process that started it.
    """
    from api.buckets import Buckets

    parent = multiprocessing.parent_process()
    together = Together(
        shared["workers"],
        number,
        shared["cells"],
        Buckets(shared["memory"], shared["lock"]),
        shared["secret"],
    )

    def told() -> None:
        ready.send_bytes(b"ready")
        ready.close()

    def orphaned() -> bool:
        return parent is not None and not parent.is_alive()

    answer(settings, told, together, listening, orphaned)


def answer(
    settings: Settings,
    told: Callable[[], None],
    together: Together | None = None,
    listening: socket | None = None,
    orphaned: Callable[[], bool] = lambda: False,
) -> None:
    """Answer until a signal ends us.

    Args:
        settings: How this installation runs.
        told: Called once we really listen.
        together: What is shared with other workers.
        listening: A socket to listen at; without it one of our own.
        orphaned: Whether nobody is there any more for whom we work.
    """
    app = create_app(settings, together=together)
    hub, counts = app.state.hub, app.state.together
    sweeper = Sweeper(settings.client_patience_s)

    class Server(uvicorn.Server):
        """Looks after what uvicorn does not."""

        entrance: Entrance | None = None

        async def startup(self, sockets: list[socket] | None = None) -> None:
            await super().startup(sockets if listening is None else [])
            if self.started and listening is not None:
                connections = self.server_state.connections
                self.entrance = Entrance(listening, self._protocol, lambda: len(connections), counts)
                self.entrance.start()
            if self.started:
                told()

        def _protocol(self) -> asyncio.Protocol:
            return Wire(config=config, server_state=self.server_state, app_state=self.lifespan.state)

        async def on_tick(self, counter: int) -> bool:
            if self.entrance is not None:
                self.entrance.count()
            if counter % 10 == 0:  # once a second
                sweeper.sweep(self.server_state.connections)
                counts.say(hub.listeners, hub.end)
                if orphaned():
                    return True
            return await super().on_tick(counter)

        async def shutdown(self, sockets: list[socket] | None = None) -> None:
            if self.entrance is not None:
                self.entrance.close()
            hub.close()  # answers without an end would keep us for ever
            await super().shutdown(sockets)

    # Visitors' addresses are nobody's business, so there is no access log.
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who is behind a proxy matters to the rate limit alone: `api.limit`
        timeout_keep_alive=15,
        http=Wire,
    )
    stop = Event()
    if settings.public is not None and counts.number == 0:
        _lay_out(app.state.service, settings, stop)
    server = Server(config)
    try:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(server.serve(None if listening is None else [listening]))
    except KeyboardInterrupt:
        return
    except SystemExit as error:
        if not error.code:
            raise
        words = f"port {settings.port} cannot be used; is another twin running? Choose another: --port 8001"
        raise TwinError(words) from None
    finally:
        stop.set()


def _lay_out(service: Any, settings: Settings, stop: Event) -> None:
    """Keep the files for a web server, first of all without those that are not shown (any more)."""
    from api.public import check

    assert settings.public is not None
    public = check(service, settings.public)
    Thread(target=public.keep, args=(stop,), daemon=True).start()
