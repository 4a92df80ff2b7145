"""Standing: what has no height of its own is put on the terrain, in whatever process it is read."""

import pickle
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from tiles.gap import at_zero, stand
from tiles.ground import Ground
from tiles.laid import laid
from tiles.overlay import LIFT_M, TOLERANCE_M
from tiles.writers.terrain import finest_error
from twin.features import Features
from twin.record import Solid
from twin.report import Report

LIFTED = "height unknown: put on the terrain"
_FLAT_M = 0.01
"""What is no higher than this lies on the ground; what is stands there."""
BEYOND = "height unknown, and no terrain under all of it: face left out"
NO_GROUND = "height unknown, and no terrain under it: it stays at height 0"


def keep_ground(ground: Ground, folder: Path) -> Path:
    """Write the terrain down for `on_ground`."""
    path = folder / "ground.pickle"
    path.write_bytes(pickle.dumps(ground, protocol=5))
    return path


def on_ground(features: Features, path: str, *, drape: bool, report: Report) -> Features:
    """The same features, standing on the terrain where they stood at height 0.

    Args:
        features: With solids in the city's 3D CRS.
        path: What `keep_ground` returned; our own file.
        drape: Lay down every point by itself: roads and areas.
        report: Told how many were lifted.
    """
    ground = ground_kept(path)
    solids = [solid for solid in features.solids if solid is not None]
    if len(solids) != len(features) or not solids:
        return features
    unknown = at_zero(solids, ground)
    lifted = iter(stand([s for s, zero in zip(solids, unknown, strict=True) if zero], ground, drape=drape))
    standing: list[Solid | None] = []
    for name, before, zero in zip(features.ids, solids, unknown, strict=True):
        solid = next(lifted) if zero else None
        if zero:
            report.note(LIFTED if solid is not None else NO_GROUND, identity=name)
        if solid is not None:
            beyond = len(before.faces) - len(solid.faces)
            if beyond:
                report.note(BEYOND, beyond, name)
            if drape and np.ptp(before.points[:, 2]) < _FLAT_M:
                solid = laid(solid, ground, lift_over(ground))
        standing.append(before if solid is None else solid)
    return replace(features, solids=standing, gathered=None)


def lift_over(ground: Ground) -> float:
    """Metres above the ground of what lies on it: tiles of a terrain with large cells must not bury it."""
    return LIFT_M if ground.step is None else max(LIFT_M, finest_error(ground.step) + TOLERANCE_M)


@lru_cache(maxsize=1)
def ground_kept(path: str) -> Ground:
    """The terrain that `keep_ground` wrote down."""
    ground = pickle.loads(Path(path).read_bytes())
    assert isinstance(ground, Ground)
    return ground
