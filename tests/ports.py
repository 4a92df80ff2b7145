"""Ports for servers of tests that do not choose their own."""

import socket
from random import randrange


def free_port() -> int:
    """A port of the loopback that nobody uses, below those that systems hand out by themselves (from 32768
    on): until a server has started, no other connection or test takes it."""
    while True:
        port = randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
