"""An S3 server on this machine, spoken to as any other."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.ports import free_port
from twin.settings import ROOT

SERVER = ROOT / ".cache" / "s3" / "bin" / "moto_server"
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "eu-central-1"}


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """What the environment says of a server with one bucket, ``twin``, on a free port of the loopback."""
    if not SERVER.exists():
        pytest.skip("there is no S3 server to test against; make test brings one")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([SERVER, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        transport = httpx.HTTPTransport(retries=10)  # waits longer each time until the server listens
        with httpx.Client(transport=transport, trust_env=False, timeout=120) as client:
            client.put(f"{url}/twin").raise_for_status()
        yield {**KEYS, "AWS_ENDPOINT_URL": url}
    finally:
        server.terminate()
        server.wait(60)
