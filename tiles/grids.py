"""Grids of geoid and datum: where they lie, and whether they give the numbers their publishers state.

PROJ adds 0 m without a word when it misses a grid, and pyproj's wheels look only into their own folder.
So a grid is found here, handed to PROJ by its full path, and believed only after a known point.
"""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiles.proj_data import KEPT


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid we know, with a point that proves it."""

    name: str
    """File name, as PROJ's own collection has it."""
    step: str
    """PROJ operation from degrees (and metres) to the same; ``{path}`` stands for the file."""
    point: tuple[float, float, float]
    """Longitude, latitude in degrees, height in metres, before."""
    expected: tuple[float, float, float]
    """The same point afterwards."""
    tolerance: tuple[float, float]
    """Degrees and metres."""
    error_m: float
    """Accuracy that the publisher states."""
    title: str

    @property
    def url(self) -> str:
        """Where PROJ's own collection has it."""
        return f"https://cdn.proj.org/{self.name}"


GCG2016 = Grid(
    name="de_bkg_gcg2016.tif",
    step="+proj=vgridshift +grids={path} +multiplier=1",
    point=(11.575, 48.137, 520.0),
    expected=(11.575, 48.137, 565.659),
    tolerance=(1e-9, 0.02),
    error_m=0.02,  # BKG: 1 cm in the plain, 2 cm in the Alps
    title="GCG2016 (BKG)",
)
BETA2007 = Grid(
    name="de_adv_BETA2007.tif",
    step="+proj=hgridshift +grids={path}",
    # EPSG:31468 4468500, 5333600, which AdV's grid takes to EPSG:25832 691580.340, 5335029.849.
    point=(11.576688491, 48.140566798, 0.0),
    expected=(11.575307666, 48.139652162, 0.0),
    tolerance=(1e-7, 1e-9),  # one centimetre
    error_m=0.1,
    title="BETA2007 (AdV)",
)
EGM96 = Grid(
    name="us_nga_egm96_15.tif",
    step="+proj=vgridshift +grids={path} +multiplier=1",
    # One of the points that NGA published with its program F477: -31.628 m.
    point=(269.779155 - 360, 38.628155, 0.0),
    expected=(269.779155 - 360, 38.628155, -31.628),
    tolerance=(1e-9, 0.5),  # the grid has a value each quarter of a degree
    error_m=1.0,
    title="EGM96 (NGA)",
)
GEOIDS = {"EPSG:7837": GCG2016, "EPSG:5773": EGM96}
"""Vertical CRS → the grid that leads to ellipsoidal heights."""


def folders(configured: Path | None = None) -> list[Path]:
    """Where grids are looked for: the folder of the settings, then PROJ's own search path.

    Positions are also brought home in processes that have no settings: they find the folder by its variable.
    """
    import pyproj.datadir

    found = [configured] if configured is not None else []
    for variable in ("TWIN_GRIDS", "PROJ_DATA", "PROJ_LIB", KEPT, "PROJ_USER_WRITABLE_DIRECTORY"):
        found += [Path(part) for part in os.environ.get(variable, "").split(os.pathsep) if part]
    found.append(Path(pyproj.datadir.get_user_data_dir()))  # type: ignore[attr-defined]
    found += [Path(part) for part in pyproj.datadir.get_data_dir().split(os.pathsep)]
    return found


def find(grid: Grid, configured: Path | None = None) -> Path | None:
    """The first file of this grid that gives the number it should, or None."""
    return next(_sound(grid, configured), None)


def operation(grid: Grid, path: Path | str) -> str:
    """PROJ step for the grid at `path`, between radians."""
    quoted = str(path).replace('"', '""')
    return grid.step.format(path=f'"{quoted}"')


def from_degrees(*steps: str) -> str:
    """PROJ pipeline of `steps` that takes degrees."""
    return "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad " + " ".join(
        f"+step {s}" for s in steps
    )


TO_DEGREES = "+proj=unitconvert +xy_in=rad +xy_out=deg"


def _sound(grid: Grid, configured: Path | None) -> Iterator[Path]:
    for folder in folders(configured):
        path = folder / grid.name
        if path.is_file() and _proves(grid, str(path.absolute()), path.stat().st_mtime_ns):
            yield path.absolute()


@lru_cache(maxsize=32)
def _proves(grid: Grid, path: str, changed: int) -> bool:
    """Whether the file at `path`, last written at `changed`, moves the grid's point where it should."""
    import pyproj

    try:
        transformer: Any = pyproj.Transformer.from_pipeline(from_degrees(operation(grid, path), TO_DEGREES))
        got = transformer.transform(*grid.point)
    except pyproj.exceptions.ProjError:
        return False
    degrees, metres = grid.tolerance
    return all(
        math.isfinite(value) and abs(value - expected) <= limit
        for value, expected, limit in zip(got, grid.expected, (degrees, degrees, metres), strict=True)
    )
