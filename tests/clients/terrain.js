// What a test adds to the example of docs/tiles.md: a low sun, and the heights that Cesium reads.
const cesium = await import("cesium");
const places = JSON.parse(new URLSearchParams(location.search).get("places"));
terrainProvider.errorEvent.addEventListener(({ message }) => console.error(message));
scene.skyBox.show = scene.sun.show = scene.moon.show = scene.skyAtmosphere.show = false;
scene.globe.baseColor = cesium.Color.fromCssColorString("#d9cfa8");
scene.globe.enableLighting = true;
const middle = cesium.Cartesian3.fromDegrees(...places[0], 560);
camera.lookAt(middle, new cesium.HeadingPitchRange(0, -Math.PI / 6, 600));
const low = cesium.Cartesian3.add(camera.directionWC, camera.rightWC, new cesium.Cartesian3());
scene.light = new cesium.DirectionalLight({ direction: cesium.Cartesian3.normalize(low, low) });
const asked = places.map(([lon, lat]) => cesium.Cartographic.fromDegrees(lon, lat));
const found = await cesium.sampleTerrainMostDetailed(terrainProvider, asked);
window.heights = found.map(({ height }) => height);
let still = 0;
scene.postRender.addEventListener(() => {
  still = scene.globe.tilesLoaded ? still + 1 : 0;
  window.ready = still > 20;
});
