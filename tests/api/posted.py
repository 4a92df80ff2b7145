"""Asks an app in this process with a JSON body."""

import httpx
import orjson

from tests.api.asgi import apart


def post(ask, body, path="/stac/search"):
    """`body` as it is if it is bytes."""
    data = body if isinstance(body, bytes) else orjson.dumps(body)

    async def send():
        transport = httpx.ASGITransport(ask.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x", trust_env=False) as client:
            return await client.post(path, content=data, headers={"content-type": "application/json"})

    return apart(send)
