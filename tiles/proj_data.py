"""PROJ's database for rasterio.

PROJ_DATA may name a folder that holds grids and nothing else. pyproj and pyogrio then still use the
database in their wheels, but rasterio takes the folder for all there is, each time it opens a file, and
knows no CRS any more.
"""

import os
from pathlib import Path

KEPT = "STADTZWILLING_PROJ_DATA"
"""Where the stated folders are remembered, for us and for worker processes."""


def give_rasterio_its_database() -> None:
    """Call before rasterio is used: where PROJ_DATA leads to no ``proj.db``, name the wheel's instead.

    `tiles.grids` goes on looking into the folders that were stated.
    """
    stated = os.environ.get("PROJ_DATA", os.environ.get("PROJ_LIB", ""))
    if not stated or any((Path(folder) / "proj.db").is_file() for folder in stated.split(os.pathsep)):
        return
    from rasterio.env import PROJDataFinder

    own = PROJDataFinder().search_wheel()
    if own:
        os.environ[KEPT] = stated
        os.environ["PROJ_DATA"] = own
