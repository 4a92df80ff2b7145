"""Whence: what was read of a source so far, and in which of it a record stands.

Every record says where it stands: ``b.geojson, feature 13``, ``page 2, feature 7``. What stands before the
last comma is a body that was read, or a part of one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from twin.record import Feature, Record
from twin.shelf import Shelf
from twin.whence import UNKNOWN, Piece, Whence

_PAGE = re.compile(r"page \d{1,9}")


class Bodies:
    """The bodies of a source by the names that places have for them."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._named: dict[str, int] = {}
        """Name → number of the newest piece of this name."""
        self._archives: set[str] = set()
        self._stems: dict[str, int] = {}
        """What places begin with → number of the piece that was read then."""

    def add(self, name: str, origin: int, *, archive: bool = False) -> None:
        """A body was read.

        Args:
            name: What places call it.
            origin: Its place in `Fetch.origins`.
            archive: Places name files in it, ``archive/name``.
        """
        if archive:
            self._archives.add(name)
        self._named[name] = len(self._pieces)
        self._pieces.append(Piece(origin))

    def follow(self, records: Iterable[Record]) -> Iterator[Record]:
        """Pass records on, and remember which piece had been read when they came: all pages of an address
        have one name."""
        last, count = "", -1
        for record in records:
            stem = self._stem(record.place)
            if stem != last or len(self._pieces) != count:
                last, count = stem, len(self._pieces)
                # A page has been read when its records come, and the next one has not.
                found = count - 1 if _PAGE.fullmatch(stem) else self.called(stem)
                # What begins alike in several pages stands in one of them, and nobody knows in which.
                self._stems[stem] = found if self._stems.get(stem, found) == found else UNKNOWN
            yield record

    def of(self, place: str) -> int:
        """Number of the piece in which a record that was followed stands, by its place."""
        return self._stems.get(self._stem(place), UNKNOWN)

    def called(self, stem: str) -> int:
        """Number of the newest piece whose name a place begins with; the longest such name counts."""
        end = len(stem)
        while end > 0:
            found = self._named.get(stem[:end])
            if found is None:
                found = self._member(stem[:end])
            if found is not None:
                return found
            end = stem.rfind(", ", 0, end)
        return UNKNOWN

    def part(self, part: Any) -> int:
        """Number of the piece in which a part lies that a connector has just cut."""
        return self.of(part[0].place) if isinstance(part, tuple) else self.called(part.name)

    def whence(self, features: Sequence[Feature]) -> Whence | None:
        """Where the features lay; None if there is only one place where they can have lain."""
        if len(self._pieces) < 2:
            return None
        if isinstance(features, Shelf):
            return Whence(tuple(self._pieces), features.origins)
        return Whence(tuple(self._pieces), np.fromiter((f.origin for f in features), np.int32, len(features)))

    def _member(self, name: str) -> int | None:
        """Number of a file in an archive, which is called ``archive/name``."""
        slash = name.find("/")
        while slash > 0:
            if name[:slash] in self._archives:
                origin = self._pieces[self._named[name[:slash]]].origin
                self._named[name] = len(self._pieces)
                self._pieces.append(Piece(origin, name[slash + 1 :]))
                return self._named[name]
            slash = name.find("/", slash + 1)
        return None

    def _stem(self, place: str) -> str:
        """What a place begins with: all but the number of the thing; all of it if it names no thing."""
        return place if place in self._named else place.rpartition(", ")[0] or place
