"""Ranges: which bytes of a file a visitor wants (RFC 9110, section 14)."""

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def asked(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, last + 1) of the one range that the header asks for.

    Args:
        header: ``Range``.
        size: Bytes that there are.

    Returns:
        None if the whole is to be sent: without the header, for several ranges at once, and for what is no
        range of bytes. ``first == last + 1`` if nothing of what was asked for is there.
    """
    found = None if header is None else _RANGE.fullmatch(header.replace(" ", ""))
    if found is None:
        return None
    first, last = found.groups()
    if not first:
        return None if not last else (max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return (size, size) if int(first) >= size else (int(first), min(int(last or size) + 1, size))
