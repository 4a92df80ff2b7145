"""Next pages: a token that pins the revisions and tells how far a visitor has come.

Snapshots never change, and the same question has the same order on all workers: a place in that order and
the instant that is told of are all that has to be known. The token is sealed with what only the store knows
of the revision; it holds for the question that it was given for, and opens nothing that the address alone
would not.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Sequence
from datetime import datetime

from catalog.partitions import instant, micros
from twin.errors import RequestError
from twin.revision import Revision

_WHERE = struct.Struct(">IQq")
_SEAL = 12


def write(revision: Revision, question: str, place: int, at: datetime, others: Sequence[int] = ()) -> str:
    """The token for a page.

    Args:
        revision: Whose features.
        question: Whatever the answer depends on beside the revision.
        place: So many features come before it.
        at: The instant that all pages tell of.
        others: Numbers of revisions of other layers that the answer depends on.
    """
    where = _WHERE.pack(revision.number, place, micros(at)) + struct.pack(f">{len(others)}I", *others)
    return _written(where + _seal(revision, question, where))


def number(token: str) -> int:
    """Number of the revision that a token names; `RequestError` if it is no token."""
    return int(_WHERE.unpack_from(_opened(token)[0])[0])


def others(token: str) -> tuple[int, ...]:
    """Numbers of the revisions of other layers that a token names; `RequestError` if it is no token."""
    return tuple(number for (number,) in struct.iter_unpack(">I", _opened(token)[0][_WHERE.size :]))


def place(token: str, revision: Revision, question: str) -> tuple[int, datetime]:
    """How many features come before the page, and the instant that it tells of.

    Raises:
        RequestError: The token was made for another question.
    """
    where, seal = _opened(token)
    found, before, at = _WHERE.unpack_from(where)
    if found != revision.number or seal != _seal(revision, question, where):
        raise _wrong()
    return before, instant(at)


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _opened(token: str) -> tuple[bytes, bytes]:
    """What a token says, and its seal; there is one way to write it."""
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), b"-_")
    except (binascii.Error, ValueError):
        raise _wrong() from None
    more, torn = divmod(len(data) - _WHERE.size - _SEAL, 4)
    if torn or more < 0 or _written(data) != token:
        raise _wrong()
    return data[:-_SEAL], data[-_SEAL:]


def _seal(revision: Revision, question: str, where: bytes) -> bytes:
    told = "\0".join((revision.layer, revision.claim, revision.digest, question))
    return hashlib.blake2b(where + told.encode(), digest_size=_SEAL, person=b"twin next page").digest()


def _wrong() -> RequestError:
    return RequestError("token is not from a next link of this question; begin at the first page, without it")
