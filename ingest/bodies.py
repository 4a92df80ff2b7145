"""What came, whatever the status line says: "200 OK" with an error inside is an error."""

import json
import re
from contextlib import suppress
from typing import Any

from ingest.fetch import Body
from twin.errors import SourceBroken

_PLAIN_ENOUGH = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/x-gzip")
_CODE = re.compile(rb"\b(?:exceptionCode|code)\s*=\s*[\"']([A-Za-z0-9._-]{1,60})[\"']")
_EXCEPTION = re.compile(rb"<(?:[A-Za-z0-9]+:)?(?:ServiceException|ExceptionReport|Exception)\b")
_HEAD = 4096
_CLOSED = re.compile(r"[\]}]")
_NO_NUMBER = re.compile(r"[^\w.]?([+-]?(?:nan|inf(?:inity)?|1\.#\w{1,8}|none)\b)", re.IGNORECASE)
"""What languages write for numbers that are none."""


def json_of(body: Body, place: str = "") -> Any:
    """Read an answer that should be JSON.

    Raises:
        SourceBroken: an exception or a web page in its place, another media type, or JSON that is cut.
    """
    where = place or body.place
    refuse_markup(body.data, where)
    kind = body.content_type
    if "json" not in kind and kind not in _PLAIN_ENOUGH:
        raise SourceBroken(f"{where} answered as {kind[:60]}, not as JSON; check address and parameters")
    return parse_json(body.data, where)


def refuse_markup(data: bytes, place: str) -> None:
    """`SourceBroken` if `data` is XML or HTML, naming the exception's code if it is an OGC exception."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"<"):
        return
    if _EXCEPTION.search(head):
        code = _CODE.search(head)
        named = f" ({code[1].decode()})" if code else ""
        raise SourceBroken(f"{place} answered with a service exception{named}; check type and filter")
    lowered = head.lower()
    what = "a web page" if b"<html" in lowered or b"<!doctype html" in lowered else "XML"
    raise SourceBroken(f"{place} answered with {what} instead of data; look at the address in a browser")


def parse_json(data: bytes, place: str) -> Any:
    """Read JSON as sources write it: with a BOM, lone surrogates or NaN, which strict readers refuse.

    Raises:
        SourceBroken: not JSON, not UTF-8, nested too deeply, cut off, or with endless numbers.
    """
    import orjson

    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if not data.strip():
        raise SourceBroken(f"{place}: the answer is empty; ask its publisher")
    with suppress(orjson.JSONDecodeError):  # then the lenient reader below decides
        return orjson.loads(data)
    try:
        return json.loads(data)
    except UnicodeDecodeError:
        raise SourceBroken(f"{place} is not UTF-8; ask its publisher") from None
    except json.JSONDecodeError as error:
        if word := _NO_NUMBER.match(error.doc, max(0, error.pos - 1)):
            raise SourceBroken(
                f"{place}: {word[1]} in line {error.lineno} is no number of JSON; write null there, or mend "
                "what wrote it"
            ) from None
        ends = error.msg.startswith("Unterminated") or not _CLOSED.search(error.doc, error.pos)
        cut = " and seems cut off" if ends else ""
        raise SourceBroken(f"{place} is not readable JSON{cut} (line {error.lineno}); ask again") from None
    except ValueError:  # Python refuses to read integers of more than 4,300 digits
        raise SourceBroken(f"{place} holds a number too long to be honest data; ask its publisher") from None
    except RecursionError:
        raise SourceBroken(f"{place} is nested too deeply to be honest data; ask its publisher") from None
