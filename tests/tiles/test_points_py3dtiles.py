"""Why points have a tiler of our own: what docs/tiles.md says of py3dtiles', looked at again."""

import json

import numpy as np
import pyproj
from las_made import hill, made_las
from orders import GEODESY

COUNT = 20_000


def tiles(file, folder):
    """All tiles that py3dtiles makes of positions that are earth-centred already."""
    from py3dtiles.convert import convert

    earth = pyproj.CRS(4978)
    convert([file], folder, jobs=1, crs_in=earth, crs_out=earth, use_process_pool=False)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.pnts")}


def drawn(files):
    """Points of all its tiles, as their headers say."""
    total = 0
    for data in files.values():
        size = int.from_bytes(data[12:16], "little")
        total += json.loads(data[28 : 28 + size])["POINTS_LENGTH"]
    return total


def test_its_tiles_differ_from_run_to_run_and_tell_points_twice(tmp_path):
    positions = GEODESY.to_ecef(hill(COUNT))
    file = made_las(tmp_path / "a.las", np.round(positions, 3), crs=None)
    one, two = (tiles(file, tmp_path / name) for name in ("one", "two"))
    assert one.keys() == two.keys()
    assert one != two, "its tiles are the same in every run now: look again whether it can do our work"
    assert drawn(one) > COUNT
