"""Skins: pictures on the faces of many buildings, point by point, on their way from the shelf to a tile."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin import batch as batches

if TYPE_CHECKING:
    import pyarrow as pa

_CHECKSUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Skins:
    """What each of many points shows."""

    folder: Path
    """Where the pictures lie under their checksums."""
    images: tuple[str, ...]
    """SHA-256 of the pictures."""
    chosen: NDArray[np.int32]
    """(n,) place in `images`, -1 for none; all points of a face agree."""
    uv: NDArray[np.float32]
    """(n, 2) place in the picture, origin lower left as in CityGML; NaN where there is none."""
    faces: NDArray[np.int32]
    """(n,) number of the face; neighbours with the same number are of one face."""

    def at(self, places: NDArray[Any]) -> "Skins":
        """Those of some points, in that order."""
        return Skins(self.folder, self.images, self.chosen[places], self.uv[places], self.faces[places])


def skins_of(
    batch: "pa.RecordBatch", folder: Path, owners: NDArray[np.int64], points: NDArray[np.int64]
) -> Skins | None:
    """The skins of all points of a batch; None if no row has pictures.

    Args:
        batch: As `twin.batch.pack` made it.
        folder: Where the pictures lie.
        owners: (p,) row of each face.
        points: (p + 1,) offsets of the faces into the points.
    """
    rows = batch.column(batches.IMAGES)
    if rows.null_count == len(rows):
        return None
    with_skin = np.asarray(rows.is_valid())[owners]
    names, counts = rows.flatten().to_pylist(), np.array([len(row or ()) for row in rows.to_pylist()])
    # Only checksums are names of pictures: whatever else stands there leads nowhere.
    images = dict.fromkeys(name for name in names if _CHECKSUM.fullmatch(name))
    numbers = {name: number for number, name in enumerate(images)}
    global_number = np.array([*(numbers.get(name, -1) for name in names), -1], np.int32)
    chosen, _ = batches.flat(batch, batches.CHOSEN)
    place = np.full(len(owners), -1, np.int64)
    place[with_skin] = np.where(chosen >= 0, chosen + (np.cumsum(counts) - counts)[owners[with_skin]], -1)
    sizes = np.diff(points)
    uv = np.full((int(points[-1]), 2), np.nan, np.float32)
    uv[np.repeat(with_skin, sizes)] = batches.flat(batch, batches.UV)[0].reshape(-1, 2)
    faces = np.repeat(np.arange(len(owners), dtype=np.int32), sizes)
    return Skins(folder, tuple(images), global_number[place][faces], uv, faces)


def together(parts: Sequence[Skins | None], counts: Sequence[int]) -> Skins | None:
    """The skins of several runs of points as one; `counts` says how many points each run has."""
    first = next((part for part in parts if part is not None), None)
    if first is None:
        return None
    images: dict[str, int] = {}
    chosen, uv, faces, face = [], [], [], 0
    for part, count in zip(parts, counts, strict=True):
        if part is None:
            chosen.append(np.full(count, -1, np.int32))
            uv.append(np.full((count, 2), np.nan, np.float32))
            faces.append(np.full(count, face, np.int32))
        else:
            numbers = [images.setdefault(image, len(images)) for image in part.images]
            chosen.append(np.array([*numbers, -1], np.int32)[part.chosen])
            uv.append(part.uv)
            faces.append(part.faces + np.int32(face))
        face = int(faces[-1].max(initial=face)) + 1
    return Skins(
        first.folder, tuple(images), np.concatenate(chosen), np.concatenate(uv), np.concatenate(faces)
    )
