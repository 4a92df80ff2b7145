"""JSON that visitors write: a member that stands twice in one object is refused, not quietly read once."""

import json
from typing import Any

import orjson

from twin.errors import RequestError


def read(what: str, data: bytes | str) -> Any:
    """Read JSON.

    Args:
        what: Its name in a refusal.
        data: UTF-8.

    Raises:
        RequestError: An object has a member twice, or brackets are nested too deep to tell.
        orjson.JSONDecodeError: It is no JSON.
    """
    found = orjson.loads(data)

    def once(pairs: list[tuple[str, Any]]) -> None:
        names: set[str] = set()
        for name, _ in pairs:
            if name in names:
                raise RequestError(f"{what} has {name[:80]!r} twice in one object; write it once")
            names.add(name)

    try:
        json.loads(data, object_pairs_hook=once, parse_int=str, parse_float=str)
    except RecursionError:
        raise RequestError(f"{what} has too many brackets within brackets; write it flatter") from None
    return found
