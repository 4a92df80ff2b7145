"""Bodies that visitors send: read whole before anything looks at them, or refused; small and not for ever."""

import asyncio

from starlette.types import Message, Receive, Scope

from twin.errors import TwinError


class Refused(TwinError):
    """A body that is not taken, with the status that says so."""

    code = "body"

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Left(TwinError):
    """Who asked went away before the body was there: nobody waits for an answer."""


async def read(scope: Scope, receive: Receive, most: int, patience_s: float) -> Receive:
    """Read a request's body and return what hands it on.

    Args:
        scope: The request.
        receive: Where its body comes from.
        most: Bytes of the largest body that is taken.
        patience_s: Seconds for all of it.

    Raises:
        Refused: It is larger or slower.
        Left: Whoever sends it is gone.
    """
    large = Refused(413, f"The body is larger than {most} bytes; send a smaller one, in several requests.")
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if length.isdigit() and int(length[:20]) > most:
        raise large
    body = bytearray()
    try:
        async with asyncio.timeout(patience_s):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Left("the visitor went away while the body was read")
                body += message.get("body", b"")
                if len(body) > most:
                    raise large
                if not message.get("more_body"):
                    break
    except TimeoutError:
        words = f"The body did not come within {patience_s:g} seconds; send it faster, or a smaller one."
        raise Refused(408, words) from None
    return _hands_on({"type": "http.request", "body": bytes(body), "more_body": False}, receive)


def _hands_on(first: Message, receive: Receive) -> Receive:
    messages = [first]

    async def handed_on() -> Message:
        return messages.pop() if messages else await receive()

    return handed_on
