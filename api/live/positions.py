"""Positions: what a listener has seen of each layer, written into the ``id:`` of every event.

Layers are published side by side, on several machines, by clocks of their own: no single number says what
has been seen. So an id carries the position in every layer. It follows from the store alone, so that any
server can go on where another one stopped, and nothing between is lost or told twice.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from twin.errors import RequestError

MOST = 24_000
"""Characters of the longest id that is read; a thousand layers have fewer."""
_HEAD = 20
_TAG = 4
_STATES = 8


@dataclass(frozen=True, slots=True)
class Position:
    """How far a layer has been told."""

    revision: int = 0
    """Number of the newest revision; 0 before the first."""
    attempt: int = 0
    """Second since 1970 of the last attempt at the source; 0 before the first."""
    state: int = 0
    """Number of the state in `twin.status.State`, less than eight."""

    @property
    def weight(self) -> int:
        """A number that grows with everything that happens to the layer."""
        return self.revision + self.attempt * _STATES + self.state


Positions = Mapping[bytes, Position]
"""`tag` of a layer → its position."""


def tag(layer_id: str) -> bytes:
    """Four bytes that stand for a layer."""
    return hashlib.blake2b(layer_id.encode(), digest_size=_TAG).digest()


def encode(positions: Positions, after: int = 0) -> str:
    """An id: twenty digits that grow (more than `after`), a dash, the position in every layer."""
    head = max(sum(position.weight for position in positions.values()), after + 1)
    packed = bytearray()
    for name in sorted(positions):
        position = positions[name]
        packed += name + _number(position.revision) + _number(position.attempt * _STATES + position.state)
    return f"{head:0{_HEAD}d}-{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def ahead(seen: Positions, told: Positions) -> bool:
    """Whether of a layer in `told` more has been seen."""
    return any(
        seen[name].revision > position.revision or seen[name].attempt > position.attempt
        for name, position in told.items()
        if name in seen
    )


def head(place: str) -> int:
    """The growing number of an id."""
    return int(place[:_HEAD])


def decode(place: str) -> dict[bytes, Position]:
    """What `encode` wrote down; `RequestError` for anything else."""
    wrong = RequestError(
        f"Last-Event-ID {place[:40]!r} is no id of an event here; give one as it came, or leave it out"
    )
    number, dash, text = place[:MOST].partition("-")
    if (
        len(place) > MOST
        or not dash
        or len(number) != _HEAD
        or not number.isascii()
        or not number.isdecimal()
    ):
        raise wrong
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return dict(_unpacked(packed))
    except (ValueError, IndexError):
        raise wrong from None


def _unpacked(packed: bytes) -> Iterator[tuple[bytes, Position]]:
    place = 0
    while place < len(packed):
        name = packed[place : place + _TAG]
        revision, place = _read(packed, place + _TAG)
        both, place = _read(packed, place)
        yield name, Position(revision, *divmod(both, _STATES))


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes((*found, value))


def _read(packed: bytes, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 63, 7):
        byte = packed[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
    raise ValueError("a number is too long")
