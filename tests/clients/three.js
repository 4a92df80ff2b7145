// What a test adds to the example of docs/tiles.md: a place to look from, and word when all is loaded.
const { Color, DirectionalLight } = await import("three");
const asked = new URLSearchParams(location.search);
const [lon, lat] = ["lon", "lat"].map((name) => (Number(asked.get(name)) * Math.PI) / 180);
scene.background = new Color("white");
const sun = new DirectionalLight("white", 2);
scene.add(sun);
tiles.addEventListener("load-error", ({ url, error }) => console.error(String(url), String(error)));
tiles.addEventListener("load-root-tileset", () => {
  const below = new Vector3();
  tiles.ellipsoid.getCartographicToPosition(lat, lon, Number(asked.get("height")), camera.position);
  tiles.ellipsoid.getCartographicToPosition(lat, lon, 0, below);
  camera.lookAt(below);
  sun.position.copy(camera.position).add(new Vector3(1e4, 2e4, 5e3));
});
let quiet = 0;
tiles.addEventListener("update-after", () => {
  const { downloading, parsing, inFrustum } = tiles.stats;
  quiet = !downloading && !parsing && inFrustum ? quiet + 1 : 0;
  window.ready = quiet > 20;
});
