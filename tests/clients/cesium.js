// What a test adds to the example of docs/tiles.md: a place to look from, and word when all is loaded.
const { Cartesian3, Color, DirectionalLight } = await import("cesium");
const asked = new URLSearchParams(location.search);
const [lon, lat, height] = ["lon", "lat", "height"].map((name) => Number(asked.get(name)));
scene.backgroundColor = Color.WHITE;
scene.skyBox.show = scene.sun.show = scene.moon.show = false;
camera.setView({
  destination: Cartesian3.fromDegrees(lon, lat, height),
  orientation: { heading: 0, pitch: -Math.PI / 2, roll: 0 },
});
scene.light = new DirectionalLight({ direction: camera.directionWC, intensity: 3 });
tileset.tileFailed.addEventListener(({ url, message }) => console.error(url, message));
tileset.allTilesLoaded.addEventListener(() => (window.ready = true));
