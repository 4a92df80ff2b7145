import type { View } from "../state/address.js";

const RAD = Math.PI / 180;
const M_PER_DEGREE = 111_320;
/** Part of the free height that a tall thing may take, so that its label finds room above. */
const FILL = 0.45;

/**
 * The view in which something `tall` metres high, standing where `view` looks, stands whole in the middle of the
 * picture: the eye looks through its waist at the ground behind, and steps back where it would not fit.
 * `height` and `free` are the pixels of the canvas and those that nothing covers, `fov` the canvas's angle in degrees.
 */
export function framing(view: View, tall: number, picture: { height: number; free: number; fov: number }): View {
  const { height, free, fov } = picture;
  const pitch = Math.min(Math.max(view.pitch, 5), 90) * RAD;
  const across = tall * Math.cos(pitch);
  const least = (across * height) / (2 * Math.tan((fov / 2) * RAD) * Math.max(free, 1) * FILL);
  const behind = tall / 2 / Math.tan(pitch);
  return {
    ...view,
    range: Math.max(view.range, least),
    lat: view.lat + (Math.cos(view.heading * RAD) * behind) / M_PER_DEGREE,
    lon: view.lon + (Math.sin(view.heading * RAD) * behind) / (M_PER_DEGREE * Math.cos(view.lat * RAD)),
  };
}
