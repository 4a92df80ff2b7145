"""Objects of JSON, many of the same form at once."""

import orjson

from api.sta.cells import Cells


class Form:
    """A form with places for what differs from object to object, and the columns that fill them."""

    def __init__(self, number: int) -> None:
        """Of so many objects, with no member yet."""
        self._number = number
        self._parts: list[bytes] = []
        self._columns: list[list[bytes]] = []

    def add(self, name: str, cells: Cells) -> None:
        """A member."""
        key = orjson.dumps(name)
        if isinstance(cells, bytes):
            self._parts.append(_plain(b"%b:%b" % (key, cells)))
        else:
            self._parts.append(b"%b:%%b" % _plain(key))
            self._columns.append(cells)

    def text(self, name: str, before: bytes, cells: list[bytes], after: bytes) -> None:
        """A member that is a text: the same before and after what differs; nothing has to be escaped."""
        self._parts.append(b'%b:"%b%%b%b"' % (_plain(orjson.dumps(name)), _plain(before), _plain(after)))
        self._columns.append(cells)

    def members(self, cells: list[bytes]) -> None:
        """Several members, written already."""
        self._parts.append(b"%b")
        self._columns.append(cells)

    def written(self) -> list[bytes]:
        """The objects."""
        form = b"{" + b",".join(self._parts) + b"}"
        if not self._columns:
            return [form % ()] * self._number
        return [form % row for row in zip(*self._columns, strict=True)]


def _plain(text: bytes) -> bytes:
    return text.replace(b"%", b"%%")
