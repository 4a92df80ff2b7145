"""Draped: lines and areas of a conversion lie on the terrain, and go on beyond it at its edge's height."""

import numpy as np

from ingest.convert.work import Work
from ingest.standing import lift_over
from tiles.build import Built
from tiles.ground import Ground
from twin.layer import Layer
from twin.shelf import Shelf

WRITERS = ("lines", "areas")
_LINES_ABOVE_M = 0.15
"""Streets lie so much higher than parks and waters, or both would flicker where they cross."""
_SOME = 512
"""Buildings that tell how high the ground is where there is no terrain."""
_ZERO_M = 0.01
"""Buildings that stand so low have no height of their own."""


def draped(work: Work, layer: Layer, shelf: Shelf, ground: Ground) -> tuple[Built, tuple[str, ...]]:
    """The tiles of lines or areas, and what is to be said about how high they lie.

    Args:
        work: The conversion.
        layer: Whose writer is one of `WRITERS`.
        shelf: Its features.
        ground: What `ground_for` returned.

    Raises:
        NothingDrawn: none of them can be drawn.
    """
    built = work.build(_lifted(layer, ground), shelf, ground=ground)
    if not built.report["points_on_stated_ground"]:
        return built, ()
    if ground.level:
        height = f"{ground.stated_m:,.1f} m"
        where = "0 m" if not ground.stated_m else f"the middle height of the buildings' ground, {height}"
        return built, (f"{layer.name}: without a terrain they lie at {where}; give a height model as well",)
    beyond = built.report["beyond_terrain"]
    return built, (
        f"{layer.name}: {beyond['features']:,} features lie beyond the terrain in part or whole "
        f"({beyond['lines_m']:,} m of lines, {beyond['areas_m2']:,} m² of areas), "
        "there as high as its edge; give the height model of that place as well",
    )


def _lifted(layer: Layer, ground: Ground) -> Layer:
    """The layer so far above the ground that tiles of a terrain with large cells do not bury it."""
    tiling = layer.tiles
    assert tiling is not None
    lift = lift_over(ground)
    lift += _LINES_ABOVE_M if tiling.writer == "lines" else 0.0
    return layer.model_copy(
        update={"tiles": tiling.model_copy(update={"options": {**tiling.options, "lift_m": lift}})}
    )


def ground_for(terrain: Ground | None, buildings: Shelf | None) -> Ground:
    """The terrain, continued beyond its edge, or a height for all; never without one.

    Args:
        terrain: None where the inputs have none.
        buildings: Their ground then counts; None where there are none.
    """
    if terrain is not None:
        return terrain.continued()
    return Ground([], _feet(buildings) if buildings is not None else 0.0)


def _feet(buildings: Shelf) -> float:
    """Middle height of the lowest points of some buildings, metres; 0 where they have none."""
    some = buildings[:: max(1, len(buildings) // _SOME)] if len(buildings) else []
    feet = np.array([f.solid.points[:, 2].min() for f in some if f.solid is not None and len(f.solid.points)])
    feet = feet[np.abs(feet) > _ZERO_M]
    return float(np.median(feet)) if len(feet) else 0.0
