"""Whence: which of the files that a snapshot was made from each of its features lay in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1
"""In place of a number: stated by the recipe, made of several things, or nobody wrote it down."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A body of bytes, or a file in the archive that it is."""

    origin: int
    """Place of the body in `Provenance.origins`."""
    file: str | None = None
    """Name of the file in the archive; None if the body is the file, or was read as a whole."""


@dataclass(frozen=True, slots=True)
class Whence:
    """Where the features of a layer lay."""

    pieces: tuple[Piece, ...]
    numbers: NDArray[np.int32]
    """(n,) place of each feature's piece in `pieces`, or `UNKNOWN`; in the order of the features."""
