"""JSON of foreign files: fast where it is sound, forgiving where one number or letter is not."""

import json
import re
from typing import Any

import orjson

_SUSPECT = re.compile(rb"NaN|Infinity|[eE]\+?[0-9]{3}|[0-9]{309}|\\u[dD][89a-fA-F]")
"""What orjson refuses and other readers write or let through."""
_LONE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_BOM = b"\xef\xbb\xbf"


def loads(data: bytes) -> Any:
    """Parse a JSON text; NaN, Infinity and 1e999 come out as None, half a surrogate pair as U+FFFD.

    Raises:
        ValueError: it is no JSON, or cut off; a `json.JSONDecodeError` tells the line.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        data = data.removeprefix(_BOM)
        try:
            if not _SUSPECT.search(data):
                return orjson.loads(data)
            found = json.loads(_LONE.sub(rb"\\ufffd", data))
            return orjson.loads(orjson.dumps(found))  # what is no finite number becomes null
        except (RecursionError, TypeError):
            raise error from None
