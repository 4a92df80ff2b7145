"""Servers that really listen, for clients that open connections themselves."""

import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import made
import uvicorn

from api.app import create_app
from twin.settings import Settings


@contextmanager
def listening(store, **settings):
    """The address of a service over a store."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen()  # who comes early waits
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        settings = {"public_url": url, "viewer": "no-viewer", **settings}
        app = create_app(Settings(**settings), store, ttl=0, now=lambda: made.NOON + timedelta(minutes=4))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


_FILES = """
import http.server, sys
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words): pass
with http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Quiet(*a, directory=sys.argv[1])) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
"""


@contextmanager
def files(folder):
    """The address of a plain file server over a folder, in a process of its own."""
    command = [sys.executable, "-c", _FILES, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()
