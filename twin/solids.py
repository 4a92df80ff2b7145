"""Solids: the forms of many things one behind the other, in the arrays that `Solid` has for one.

A city is some ten million points: numpy looks at all of a batch at once, and nothing is copied twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.record import Skin, Solid

Ints = NDArray[np.int64]
_NOTHING = Solid(np.zeros((0, 3)), *(np.zeros(1, np.int32),) * 2, np.zeros(0, np.uint8))


@dataclass(frozen=True, slots=True)
class Solids:
    """The faces of many solids. All offset arrays start at 0 and end at the length."""

    points: NDArray[np.float64]
    """(n, 3) as in `Solid`."""
    rings: Ints
    """(r + 1,) offsets into `points`."""
    polygons: Ints
    """(p + 1,) offsets into `rings`."""
    faces: NDArray[np.uint8]
    """(p,) values of `twin.record.Face`."""
    solids: Ints
    """(s + 1,) offsets into `faces`; a thing without a form has none."""
    skins: tuple[Skin | None, ...] | None = None
    """Pictures of each solid; None if not one has any."""

    @classmethod
    def of(cls, solids: Sequence[Solid | None]) -> "Solids":
        """Lay solids one behind the other; what has no form has no faces."""
        given = [solid if solid is not None and len(solid.faces) else _NOTHING for solid in solids] or [
            _NOTHING
        ]
        skins = tuple(solid.skin for solid in given)
        return cls(
            points=np.concatenate([solid.points for solid in given]).reshape(-1, 3),
            rings=_joined([solid.rings for solid in given]),
            polygons=_joined([solid.polygons for solid in given]),
            faces=np.concatenate([solid.faces for solid in given]),
            solids=offsets(np.array([len(solid.faces) for solid in given[: len(solids)]], dtype=np.int64)),
            skins=skins if any(skin is not None for skin in skins) else None,
        )

    def __len__(self) -> int:
        return len(self.solids) - 1

    @property
    def starts(self) -> Ints:
        """(s + 1,) offsets of the solids into `points`."""
        return self.rings[self.polygons[self.solids]]

    @property
    def owners(self) -> Ints:
        """(p,) number of each face's solid."""
        return np.repeat(np.arange(len(self)), np.diff(self.solids))

    def at(self, number: int) -> Solid:
        """One of them, without its pictures."""
        faces = self.solids[number : number + 2]
        rings = self.polygons[faces]
        points = self.rings[rings]
        return Solid(
            self.points[points[0] : points[1]],
            (self.rings[rings[0] : rings[1] + 1] - points[0]).astype(np.int32),
            (self.polygons[faces[0] : faces[1] + 1] - rings[0]).astype(np.int32),
            self.faces[faces[0] : faces[1]],
        )


def offsets(counts: NDArray[Any]) -> Ints:
    """Counts → offsets: (n,) → (n + 1,)."""
    result = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=result[1:])
    return result


def _joined(parts: Sequence[NDArray[np.int32]]) -> Ints:
    """Arrays of offsets, each from 0 on, as one."""
    ends = np.cumsum([len(part) for part in parts])
    return offsets(np.delete(np.diff(np.concatenate(parts)), ends[:-1] - 1))  # without the steps between them
