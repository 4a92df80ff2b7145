"""Atlas: the pictures on the faces of a tile, cut out, made smaller and laid side by side into one.

One picture a tile is one request and one draw call. What repeats on a face (bricks, tiles) is repeated in the
atlas, because a part of a picture cannot repeat: in no more pixels than the picture has once, so the more
often, the coarser. The same input gives the same bytes.
"""

import io
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

Picture = bytes | Path | None
"""A file of a picture, its bytes, or none."""

SIDE = 2048
"""Most pixels along a side of an atlas: what a phone takes."""
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_MOST_PIXELS = 64_000_000
_GUTTER = 2
"""Pixels around each patch that repeat its border, so that neighbours do not bleed in."""
_REPEATS = 8.0
"""Most repetitions along a side that are drawn; where there are more, these stand for all."""
_SHRINK = 0.85
_SLACK = 1e-3
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Atlas:
    """One picture, and where the points of the faces lie in it."""

    data: bytes
    """WebP."""
    uv: NDArray[np.float32]
    """(n, 2) as glTF wants it, origin upper left, 0 to 1; NaN for points of faces without picture."""
    unread: tuple[int, ...]
    """Places of the pictures that are missing or cannot be read; their faces stay plain."""


@dataclass(frozen=True, slots=True)
class _Patch:
    image: int
    low: NDArray[np.float64]
    """(2,) lower left corner in the picture, where 1 is its side."""
    size: NDArray[np.float64]
    """(2,) width and height, above 1 if it repeats, at most `_REPEATS`."""


def atlas(
    images: Sequence[Picture],
    chosen: NDArray[np.int32],
    uv: NDArray[np.float32],
    faces: NDArray[np.int64],
    side: int = SIDE,
) -> Atlas | None:
    """Lay the pictures of a tile's faces into one.

    Args:
        images: Files of the pictures, or their bytes; None for one that is missing. One after the other is
            read, so any number of them fits into memory.
        chosen: (p,) place in `images` of each face's picture, -1 for none.
        uv: (n, 2) place of each point in its picture, origin lower left as in CityGML; NaN where none is.
        faces: (p + 1,) offsets of the faces into `uv`.
        side: Most pixels along a side.

    Returns:
        None if no face has a picture that can be read.
    """
    wanted = np.unique(chosen[chosen >= 0]).tolist()
    sides = {place: found for place in wanted if place < len(images) and (found := _sides(images[place]))}
    unread = tuple(place for place in wanted if place not in sides)
    shifted, patches, patch_of = _patches(chosen, uv, faces, set(sides))
    if not patches:
        return None
    pixels = np.array([patch.size.clip(None, 1) * sides[patch.image] for patch in patches])
    sizes, corners, height = _packed(pixels, side)
    width = int((corners[:, 0] + sizes[:, 0]).max()) + _GUTTER
    from PIL import Image as pictures

    sheet = pictures.new("RGB", (width, height))
    for patch, size, corner in zip(patches, sizes.tolist(), corners.tolist(), strict=True):
        picture = _opened(images[patch.image], size / patch.size)
        if picture is None:  # its head was sound, the rest is not
            left = [None if place == patch.image else image for place, image in enumerate(images)]
            return atlas(left, chosen, uv, faces, side)
        sheet.paste(_drawn(picture, patch, size), (corner[0] - _GUTTER, corner[1] - _GUTTER))
    places = np.full(uv.shape, np.nan, np.float32)
    owner = np.repeat(patch_of, np.diff(faces))
    on = owner >= 0
    own = owner[on]
    low, size = np.array([patch.low for patch in patches]), np.array([patch.size for patch in patches])
    share = ((shifted[on] - low[own]) / size[own]).clip(0, 1)
    share[:, 1] = 1 - share[:, 1]  # glTF counts from above
    places[on] = (corners[own] + share * sizes[own]) / [width, height]
    stream = io.BytesIO()
    sheet.save(stream, "WEBP", quality=_QUALITY, method=4)
    return Atlas(stream.getvalue(), places, unread)


def _sides(image: Picture) -> tuple[int, int] | None:
    """Width and height of a picture, None if it is none that can be opened."""
    with _opening(image) as picture:
        return None if picture is None else picture.size


def _opened(image: Picture, wanted: NDArray[np.float64]) -> "Image | None":
    """A picture, of at least the wanted size if it can be had; None if it cannot be read."""
    with _opening(image) as picture:
        if picture is None:
            return None
        picture.draft("RGB", tuple(np.ceil(wanted).astype(int).tolist()))  # JPEG is cheaper to read small
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # transparency is not drawn, and that is no news
                return picture.convert("RGB")
        except _FAULTS:
            return None


_FAULTS = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, struct.error)
"""What Pillow's decoders raise of damaged data."""


@contextmanager
def _opening(image: Picture) -> "Iterator[ImageFile | None]":
    """A picture whose head is read; None if it is none of the formats known or too large to be a facade."""
    from PIL import Image as pictures

    if image is None:
        yield None
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", pictures.DecompressionBombWarning)
            source = io.BytesIO(image) if isinstance(image, bytes) else image
            picture = pictures.open(source, formats=_FORMATS)
    except (*_FAULTS, pictures.DecompressionBombError, pictures.DecompressionBombWarning):
        yield None
        return
    with picture:
        yield picture if picture.width * picture.height <= _MOST_PIXELS else None


def _patches(
    chosen: NDArray[np.int32], uv: NDArray[np.float32], faces: NDArray[np.int64], readable: set[int]
) -> tuple[NDArray[np.float64], list[_Patch], NDArray[np.int64]]:
    """Points with whole repetitions taken off, what to cut out, and the patch of each face (-1: none)."""
    shifted = uv.astype(np.float64)
    patch_of = np.full(len(chosen), -1)
    shown: dict[int, list[tuple[int, NDArray[np.float64], NDArray[np.float64]]]] = {}
    for face, image in enumerate(chosen.tolist()):
        points = shifted[faces[face] : faces[face + 1]]
        if image not in readable or not len(points) or not np.isfinite(points).all():
            continue
        points -= np.floor(points.min(axis=0) + _SLACK)
        points *= (_REPEATS / points.max(axis=0).clip(_REPEATS)).clip(None, 1)
        low, high = points.min(axis=0).clip(0), points.max(axis=0)
        shown.setdefault(image, []).append(
            (face, low, np.where(high <= 1 + _SLACK, high.clip(None, 1), high))
        )
    patches: list[_Patch] = []
    for image, found in sorted(shown.items()):  # faces of one picture share what they show of it
        low = np.min([low for _, low, _ in found], axis=0)
        high = np.max([high for *_, high in found], axis=0)
        patch_of[[face for face, *_ in found]] = len(patches)
        patches.append(_Patch(image, low, (high - low).clip(1e-6)))
    return shifted, patches, patch_of


def _packed(pixels: NDArray[np.float64], side: int) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Sizes and corners of the patches in pixels, and the height of all; shrunk until they fit."""
    order = np.lexsort((np.arange(len(pixels)), -pixels[:, 0], -pixels[:, 1]))
    most = side - 2 * _GUTTER
    factor = 1.0
    while True:
        sizes = np.ceil(pixels * factor).clip(1, most).astype(np.int64)
        corners = np.zeros_like(sizes)
        x = y = shelf = 0
        for i in order.tolist():
            width, height = (sizes[i] + 2 * _GUTTER).tolist()
            if x + width > side:
                x, y, shelf = 0, y + shelf, 0
            corners[i] = x + _GUTTER, y + _GUTTER
            x, shelf = x + width, max(shelf, height)
        if y + shelf <= side or (sizes == 1).all():
            return sizes, corners, y + shelf
        factor *= _SHRINK


def _drawn(picture: "Image", patch: _Patch, size: Sequence[int]) -> "Image":
    """The part of a picture in its new size, with the gutter."""
    from PIL import Image as pictures

    sides = np.array(picture.size)
    upper = patch.low + patch.size
    if (upper <= 1 + _SLACK).all():
        box = np.array([patch.low[0], 1 - upper[1], upper[0], 1 - patch.low[1]]).clip(0, 1) * np.tile(
            sides, 2
        )
        small = np.asarray(
            picture.resize((size[0], size[1]), pictures.Resampling.BOX, box=tuple(box.tolist()))
        )
    else:
        # First as small as it will be seen, then again and again.
        once = np.ceil(size / patch.size).clip(1, sides).astype(int).tolist()
        one = np.asarray(picture.resize((once[0], once[1]), pictures.Resampling.BOX))
        across = patch.low[0] + (np.arange(size[0]) + 0.5) / size[0] * patch.size[0]
        down = (np.arange(size[1]) + 0.5) / size[1] * patch.size[1] - upper[1]
        columns, rows = (across % 1 * once[0]).astype(int), (down % 1 * once[1]).astype(int)
        small = one[rows[:, None], columns]
    framed = np.pad(small, ((_GUTTER, _GUTTER), (_GUTTER, _GUTTER), (0, 0)), mode="edge")
    return pictures.fromarray(framed)
