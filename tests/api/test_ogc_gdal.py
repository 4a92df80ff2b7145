"""GDAL against a server that really listens; in a process of its own, for it lets no thread run meanwhile."""

import json
import socket
import subprocess
import sys
import threading

import pytest
import uvicorn
from pyproj import Transformer

from api.app import create_app
from twin.settings import Settings

CODE = """
import json, sys, pyogrio, shapely
source, crs = sys.argv[1:]
meta, _, shapes, (ids,) = pyogrio.raw.read(
    source, layer="probe.buildings", columns=["id"], PAGE_SIZE="7", CRS=crs)
corners = shapely.get_coordinates(shapely.centroid(shapely.from_wkb(shapes))).tolist()
print(json.dumps([meta["crs"], list(ids), corners]))
"""


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:4258", "EPSG:3857"])
def test_gdal_reads_every_page_once_with_its_axes_right(filled, crs):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # who comes early waits
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = create_app(Settings(public_url=url, viewer="no-viewer"), filled)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            command = [sys.executable, "-c", CODE, f"OAPIF:{url}/ogc", crs]
            told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
        finally:
            server.should_exit = True
            thread.join(30)
    name, ids, places = json.loads(told)
    assert name == crs
    assert sorted(ids) == sorted(f"probe.buildings.b{i}" for i in range(30))
    move = Transformer.from_crs("OGC:CRS84", crs, always_xy=True)
    x, y = places[ids.index("probe.buildings.b7")]
    assert (x, y) == pytest.approx(move.transform(11.5145, 48.1005), abs=1 if "4258" not in crs else 1e-6)
