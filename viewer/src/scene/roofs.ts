import type { Intersection, Object3D, Vector3 } from "three";
import { Raycaster, Vector3 as Point } from "three";
import type { View } from "../state/address.js";

const UP = new Point(0, 1, 0);
/** So far above a roof one sees the street again. */
const CLEAR_M = 4;
const STEEPEST = 80;
const raycaster = new Raycaster();

/** Height of the highest roof straight above a place: who has one is inside a house. Null where there is none. */
export function roofAbove(place: Vector3, tiles: Object3D): number | null {
  raycaster.set(place, UP);
  const hits: Intersection[] = raycaster.intersectObject(tiles, true).filter((hit) => hit.object.userData["role"] === "roof");
  return hits.length ? Math.max(...hits.map((hit) => hit.point.y)) : null;
}

/** The same view from above a roof that is `high` metres above what one looks at: steeper, and where that is not enough further off. */
export function lifted(view: View, high: number): View {
  const wanted = high + CLEAR_M;
  const most = Math.sin((STEEPEST * Math.PI) / 180);
  const range = Math.max(view.range, wanted / most);
  const pitch = (Math.asin(Math.min(most, wanted / range)) * 180) / Math.PI;
  return { ...view, range, pitch: Math.max(view.pitch, pitch) };
}
