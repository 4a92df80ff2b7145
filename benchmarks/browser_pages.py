"""What is measured beside our page: one with CesiumJS on the same tileset; and how both are steered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CESIUM = Path(__file__).resolve().parents[1] / ".cache/clients/node_modules/cesium/Build/Cesium"

MARKS = """
window.tasks = [];
new PerformanceObserver((list) => { for (const each of list.getEntries()) window.tasks.push(each.duration); })
  .observe({ type: "longtask", buffered: true });
"""
"""Runs before a page does: keeps how long its long tasks took."""

STEP = """
async (keys) => {
  const canvas = document.querySelector("city-twin")?.shadowRoot.querySelector("canvas");
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  const start = performance.now();
  for (const key of keys) {
    if (window.step) window.step(key);
    else canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
    await frame();
    await frame();
  }
  return performance.now() - start;
}
"""
"""Steers by one key a frame, ours by its own keyboard; milliseconds that it took."""

_HTML = """<!doctype html>
<meta charset="utf-8"><title>CesiumJS</title><link rel="icon" href="data:,">
<style>html, body, #scene, .cesium-widget, canvas { margin: 0; width: 100%; height: 100%; }</style>
<div id="scene"></div>
<script>window.CESIUM_BASE_URL = "/cesium/";</script>
<script src="/cesium/Cesium.js"></script>
<script src="/page.js"></script>
"""

_JS = """
const { Cartesian3, Cesium3DTileset, CesiumWidget, Color, HeadingPitchRange, Math: M } = Cesium;
const [lon, lat, range, heading, pitch, level] = location.hash.slice(1).split(",").map(Number);
const view = { lon, lat, range, heading, pitch };
const { scene, camera } = new CesiumWidget("scene", { baseLayer: false, globe: false, skyBox: false });
scene.backgroundColor = Color.WHITE;
const look = () => camera.lookAt(Cartesian3.fromDegrees(view.lon, view.lat, level),
  new HeadingPitchRange(M.toRadians(view.heading), M.toRadians(-view.pitch), view.range));
look();
window.step = (key) => {
  const [turn, far] = [M.toRadians(view.heading), view.range * 0.14];
  const move = (right, ahead) => {
    const degree = 111320;
    const narrow = degree * Math.cos(M.toRadians(view.lat));
    view.lat += (Math.cos(turn) * ahead - Math.sin(turn) * right) / degree;
    view.lon += (Math.cos(turn) * right + Math.sin(turn) * ahead) / narrow;
  };
  if (key === "e") view.heading += 15;
  if (key === "q") view.heading -= 15;
  if (key === "ArrowRight") move(far, 0);
  if (key === "ArrowLeft") move(-far, 0);
  if (key === "ArrowUp") move(0, far);
  if (key === "ArrowDown") move(0, -far);
  if (key === "+") view.range = Math.max(25, view.range / 1.4);
  if (key === "-") view.range = Math.min(3000, view.range * 1.4);
  if (key === "Home") Object.assign(view, { lon, lat, range, heading, pitch });
  look();
};
const address = decodeURIComponent(location.search.slice(1));
Cesium3DTileset.fromUrl(address, { maximumScreenSpaceError: 12 }).then((tileset) => {
  scene.primitives.add(tileset);
  const once = scene.postRender.addEventListener(() => {
    if (tileset.statistics.selected === 0) return;
    performance.mark("first-tile");
    once();
  });
  tileset.initialTilesLoaded.addEventListener(() => performance.mark("complete"));
});
"""


class _Files(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        return str(CESIUM / path.partition("?")[0].removeprefix("/cesium/"))

    def do_GET(self) -> None:
        texts = {"/": ("text/html", _HTML), "/page.js": ("text/javascript", _JS)}
        kind, text = texts.get(self.path.partition("?")[0], ("", ""))
        if not kind:
            return super().do_GET()
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def cesium() -> Iterator[str]:
    """Address of a page with CesiumJS: ``?TILESET#lon,lat,range,heading,pitch,height``."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def sizes() -> tuple[int, int]:
    """Bytes of CesiumJS's one script as it is and as brotli; its workers come on top."""
    import brotli

    script = (CESIUM / "Cesium.js").read_bytes()
    return len(script), len(brotli.compress(script, quality=11))
