// A client that opens one tileset after the other, waits until it is drawn, and asks what is in the middle.
import {
  BoundingSphere, Cartesian2, Cartesian3, Cesium3DTileset, CesiumWidget, Color, DirectionalLight, HeadingPitchRange,
} from "cesium";

const { scene, canvas, camera } = new CesiumWidget("scene", { baseLayer: false, globe: false });
scene.backgroundColor = Color.WHITE;
scene.skyBox.show = scene.sun.show = scene.moon.show = false;
scene.renderError.addEventListener((_, error) => console.error(String(error)));

/** Shows a tileset alone, seen from a slant; `window.drawn` is true once all that is in view is loaded.
 * What is looked at stands at `place` (degrees, metres above the ellipsoid); without one all of it is. */
window.show = async (address, place) => {
  window.drawn = false;
  scene.primitives.removeAll();
  const tileset = await Cesium3DTileset.fromUrl(address);
  tileset.tileFailed.addEventListener(({ url, message }) => console.error(url, message));
  let still = 0;
  tileset.tileVisible.addEventListener(() => (still += 1));
  tileset.allTilesLoaded.addEventListener(() => (window.drawn = still > 0));
  scene.primitives.add(tileset);
  const whole = tileset.boundingSphere;
  const target = place ? new BoundingSphere(Cartesian3.fromDegrees(...place), 100) : whole;
  const slant = new HeadingPitchRange(0.3, -Math.PI / 3, 1.6 * target.radius);
  camera.flyToBoundingSphere(target, { duration: 0, offset: slant });
  scene.light = new DirectionalLight({ direction: camera.directionWC, intensity: 3 });
};

/** What is drawn nearest to the middle of the window: its properties by name. */
window.pick = () => {
  const { clientWidth: width, clientHeight: height } = canvas;
  const places = [];
  for (let x = 8; x < width; x += 16) for (let y = 8; y < height; y += 16) places.push([x, y]);
  places.sort((a, b) => Math.hypot(a[0] - width / 2, a[1] - height / 2) - Math.hypot(b[0] - width / 2, b[1] - height / 2));
  for (const [x, y] of places) {
    const feature = scene.pick(new Cartesian2(x, y), 17, 17);
    if (!feature?.getPropertyIds) continue;
    const names = feature.getPropertyIds();
    if (names.includes("id")) return Object.fromEntries(names.map((name) => [name, feature.getProperty(name)]));
  }
  return null;
};
window.ready = true;
