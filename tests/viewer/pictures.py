"""Pictures of the city beside those that somebody has looked at and approved.

Compared are blocks, not pixels: another Chromium smooths edges and sets letters otherwise, and the mean
colour of a block hardly moves. What is gone, moved, dark or white moves it in many blocks.
"""

import os
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

APPROVED = Path(__file__).parent / "approved"
APPROVE = "APPROVE"
"""Set in the environment (`make approve`), pictures are taken as they are: look at them and commit them."""
SEEN = Path(__file__).resolve().parents[2] / ".cache" / "pictures"
"""Where a picture that differs is left, to be looked at."""
BLOCK = 12
"""Pixels; a letter's shape is lost in it, a mark or a tree is not."""
FAR = 14.0
"""Levels of 255 by which the mean of a colour may be off within a block."""
SHARE = 0.035
"""Part of all blocks that may be farther off: letters of another width, an edge that falls otherwise."""

Picture = NDArray[np.float64]
"""(height, width, 3), values from 0 to 255."""


def read(data: bytes) -> Picture:
    """A picture of any format that GDAL reads."""
    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import MemoryFile

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it is a picture, not a map
        with MemoryFile(data) as file, file.open() as image:
            return np.moveaxis(image.read()[:3], 0, -1).astype(float)


def write(path: Path, picture: Picture) -> None:
    """Write a WebP: a few tens of kilobytes, and more true than the comparison needs."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    path.parent.mkdir(parents=True, exist_ok=True)
    height, width, bands = picture.shape
    options = {"driver": "WEBP", "height": height, "width": width, "count": bands, "dtype": "uint8"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", QUALITY=85, **options) as image:
            image.write(np.moveaxis(picture, -1, 0).astype(np.uint8))


def differing(picture: Picture, approved: Picture) -> float:
    """Part of the blocks, from 0 to 1, that look otherwise; all where the sizes do."""
    if picture.shape != approved.shape:
        return 1.0
    off = np.abs(_blocks(picture) - _blocks(approved)).max(axis=-1)
    return float((off > FAR).mean())


def _blocks(picture: Picture) -> Picture:
    """The mean colour of each block."""
    rows, columns = (size // BLOCK for size in picture.shape[:2])
    cut = picture[: rows * BLOCK, : columns * BLOCK]
    return cut.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3))


def fault(name: str, picture: Picture) -> str | None:
    """What is wrong with a picture beside the approved one of this name; None if nothing is.

    With `APPROVE` set it becomes the approved one.
    """
    path = APPROVED / f"{name}.webp"
    if os.environ.get(APPROVE):
        write(path, picture)
        return None
    share = differing(picture, read(path.read_bytes())) if path.is_file() else 1.0
    if share <= SHARE:
        return None
    write(SEEN / path.name, picture)
    return f"{share:.1%} differs from {path.name}; it lies in {SEEN}: if it is right, run `make approve`"
