"""Slow, rude and lying visitors of a real server, started as `twin serve` starts it; others are answered."""

import http.client
import json
import select
import socket

import pytest
from test_live_server import served

PATIENCE = "1"


@pytest.fixture(scope="module")
def port(filled):
    with served(filled, TWIN_CLIENT_PATIENCE_S=PATIENCE) as (_, port):
        yield port


def connected(port):
    made = socket.create_connection(("127.0.0.1", port), timeout=60)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def drip(port, first, drop):
    """Send `first`, then `drop` again and again until the server has had enough; what it said."""
    said = b""
    with connected(port) as made:
        made.sendall(first)
        try:
            for _ in range(1200):
                ready, _, _ = select.select([made], [], [], 0.05)
                if ready:
                    got = made.recv(65536)
                    if not got:
                        return said
                    said += got
                made.sendall(drop)
        except (BrokenPipeError, ConnectionResetError):
            return said
    raise AssertionError("it waits for ever")


def answered(port, path="/ogc", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


HEAD = b"POST /stac/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b"\r\n"),
        (b"GET /ogc HTTP/1.1\r\nHost: x\r\nX-Long: ", b"a"),
        (b"GET /ogc HTTP/1.1\r\nHost: x\r\n", b"X-More: 1\r\n"),
    ],
)
def test_headers_that_drip(port, first, drop):
    said = drip(port, first, drop)
    assert said == b"" or said.startswith(b"HTTP/1.1 4")
    assert answered(port)[0] == 200


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
)
def test_bodies_that_drip(port, first, drop):
    said = drip(port, first, drop)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in said
    assert answered(port)[0] == 200


def test_who_leaves_within_a_body_is_no_fault_of_ours(port):
    with connected(port) as made:
        made.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
    for _ in range(3):  # asked after it, and answered after it
        assert answered(port)[0] == 200
    assert b'status="500"' not in answered(port, "/ops/metrics")[1]


@pytest.mark.parametrize(
    "target",
    [
        "/static/../app.py",
        "/static/../../pyproject.toml",
        "/static//etc/passwd",
        "/static/%2e%2e/app.py",
        "/viewer/../../../../../../../../etc/passwd",
        "/viewer/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/viewer/..%5c..%5cpyproject.toml",
        "/viewer//etc/passwd",
        "/tiles/probe.buildings/content/..%2f..%2f..%2f..%2fcities%2fprobe.json.glb",
        "/tiles/probe.buildings/r/..%2f/tileset.json",
        "/tiles/..%2f..%2fcities/tileset.json",
        "/ogc/collections/..%2f..%2fcities%2fprobe.json/items",
        "/stac/collections/probe.buildings/items/000001/..%2fstatus.json",
    ],
)
def test_paths_that_climb(port, target):
    with connected(port) as made:
        made.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        said = b"".join(iter(lambda: made.recv(65536), b""))
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.split()[1] == b"404"
    assert json.loads(body)["status"] == 404
    assert b"root:" not in said


def test_no_link_is_another_hosts(port):
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        status, body = answered(port, "/ogc/collections", **headers)
        assert (status, b"evil" in body) == (200, False)


def test_many_at_once_in_one_go(port):
    with connected(port) as made:
        request = b"GET /ogc/conformance?wibble=1 HTTP/1.1\r\nHost: x\r\n\r\n"
        last = request.replace(b"Host: x", b"Host: x\r\nConnection: close")
        made.sendall(request * 300 + last)
        said = b"".join(iter(lambda: made.recv(65536), b""))
    assert said.count(b"HTTP/1.1 400 ") == 301
