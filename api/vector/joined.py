"""Tiles of several layers at once: a vector tile is a list of layers, so their bytes follow each other."""

import hashlib
import time

from api import responses
from api.service import Service
from api.vector import answers
from api.vector.dataset import Dataset
from api.vector.documents import Told
from api.vector.grid import Tile
from api.vector.kept import Ready, Tiles
from catalog import deadline
from twin.errors import Damaged, TooMuch

BYTES = 64 * 1024 * 1024
"""Most bytes of a tile, before it is packed."""
_SMALLEST = 600
_AGAIN_S = 10.0
"""Seconds after which features that were found damaged are read again: all of them are, to find out."""
_LOST = 1000
HEADER = "Stadtzwilling-Damaged"
"""A structured field (RFC 9651) that names the layers that are left out: ``?1;layers="…"``."""


def joined(
    service: Service, tiles: Tiles, asked: Dataset, tile: Tile, coding: str | None
) -> tuple[Ready, dict[str, str]]:
    """The layers' tiles one behind the other, in a coding (``br``, ``gzip``, None), and what to say of them.

    Where all layers are asked for, those that are damaged are left out, and named in a header.

    Raises:
        Damaged: The features of a layer are missing or not what its revision says, and it was asked for by
            its name, or no other has anything here.
        TooMuch: To cut them takes longer than a question may, or they are too large together. What was cut
            stays in memory, so that the next question begins there.
    """
    meeting = [told for told in asked.layers if _meets(told, tile)]
    if len(meeting) == 1:
        return _part(service, tiles, meeting[0], tile, coding), {}
    lost: dict[str, Damaged] = {}
    name = ",".join(f"{told.layer.id}/{told.revision.number}" for told in meeting)
    found = tiles.kept.get((name, 0, tile, coding))
    if found is None:
        found = _packed(_joined(service, tiles, meeting, tile, lost), coding)
        if lost and (asked.collections is not None or not found.body):
            raise next(iter(lost.values()))
        if lost:
            return found, {HEADER: f'?1;layers="{" ".join(lost)}"'}
        tiles.kept.put((name, 0, tile, coding), found)
    return found, {}


def _joined(
    service: Service, tiles: Tiles, meeting: list[Told], tile: Tile, lost: dict[str, Damaged]
) -> Ready:
    """What is not damaged; what is comes into `lost`."""
    parts: list[Ready] = []
    size = 0
    try:
        with deadline.within(service.settings.query_s):
            for told in meeting:
                deadline.check()
                try:
                    part = _part(service, tiles, told, tile, None)
                except Damaged as error:
                    lost[told.layer.id] = error
                    continue
                size += len(part.body)
                if size > BYTES:
                    raise TooMuch(f"these layers have more than {BYTES >> 20} MB in one tile")
                if part.body:
                    parts.append(part)
    except TooMuch as error:
        words = str(error).partition(";")[0]
        raise TooMuch(
            f"{words}; name fewer layers in collections or ask for a tile of a deeper level, or ask again: "
            "what was cut so far is kept for a while"
        ) from error
    tags = hashlib.blake2b("".join(part.tag for part in parts).encode(), digest_size=16)
    return Ready(tags.hexdigest(), b"".join(part.body for part in parts), None)


def _packed(plain: Ready, coding: str | None) -> Ready:
    if coding is None or len(plain.body) < _SMALLEST:
        return plain
    return Ready(plain.tag, responses.pack(coding, plain.body), coding)


def _part(service: Service, tiles: Tiles, told: Told, tile: Tile, coding: str | None) -> Ready:
    key = (told.layer.id, told.revision.snapshot)
    since, error = tiles.lost.get(key, (0.0, None))
    if error is not None and time.monotonic() - since < _AGAIN_S:
        raise error
    try:
        with answers.noticing(service, told.revision):
            return tiles.tile(told.layer, told.revision, tile, coding)
    except Damaged as error:
        if len(tiles.lost) > _LOST:
            tiles.lost.clear()
        tiles.lost[key] = time.monotonic(), error
        raise


def _meets(told: Told, tile: Tile) -> bool:
    """Whether a layer may have something in the buffered tile."""
    if told.revision.bbox is None:
        return False
    west, south, east, north = tile.box()
    left, low, right, high = told.revision.bbox
    return left <= east and right >= west and low <= north and high >= south
