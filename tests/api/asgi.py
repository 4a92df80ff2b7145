"""Asks an app in this process, without a network."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx


def apart(ask):
    """Run a coroutine function in a thread of its own: a browser test may have left its loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


class Client:
    """Asks an app in this process, without a network."""

    def __init__(self, app):
        self.app = app

    def __call__(self, path, method="GET", **headers):
        async def ask():
            transport = httpx.ASGITransport(self.app)
            base = "http://elsewhere.example"
            async with httpx.AsyncClient(transport=transport, base_url=base, trust_env=False) as client:
                names = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, headers={"accept-encoding": "identity", **names})

        return apart(ask)

    def json(self, path):
        answer = self(path)
        assert answer.status_code == 200, answer.text
        return answer.json()
