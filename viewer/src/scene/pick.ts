import type { Camera, Intersection, Mesh, Object3D } from "three";
import { Raycaster, Vector2 } from "three";
import type { Thing } from "../data/types.js";
import { UNSEEN } from "./dress.js";
import type { Role } from "./materials.js";
import { formOfRole } from "./materials.js";
import type { Stations } from "./stations.js";
import { tableOf } from "./table.js";
import type { Value } from "./table.js";

/** What lies under a point of the canvas. */
export type Hit =
  | { kind: "thing"; thing: Thing }
  | { kind: "feature"; role: string; layer: string; row: Record<string, Value>; point: Intersection["point"] }
  | { kind: "ground"; point: Intersection["point"] };

/** What lies on the ground: within this many metres of the nearest hit it wins. */
const REACH_M = 4;
/** A line is hit within this part of its distance. */
const LINE_REACH = 0.008;
const SOLID = new Set(["wall", "roof"]);
/** What lies on the ground, the most important first. */
const LYING = ["site", "line", "stroke", "area"];

const raycaster = new Raycaster();

/** Find what is under a point (device coordinates). `layerOf` names the layer of a tile's object. */
export function pick(
  point: Vector2,
  camera: Camera,
  tiles: Object3D,
  stations: Stations,
  layerOf: (object: Object3D) => string,
): Hit | null {
  raycaster.setFromCamera(point, camera);
  raycaster.params.Line.threshold = reach(camera);
  const hits = raycaster.intersectObject(tiles, true).filter((hit) => hit.object.userData["role"] && isSeen(hit));
  const first = hits[0];
  const station = stations.pick(raycaster);
  if (station && (!first || station.distance < first.distance + REACH_M)) return { kind: "thing", thing: station.thing };
  if (!first) return null;
  const role = first.object.userData["role"] as string;
  const hit = SOLID.has(role) ? first : lying(hits, camera);
  const row = hit && rowOf(hit);
  if (row) return { kind: "feature", role: hit.object.userData["role"] as string, layer: layerOf(hit.object), row, point: hit.point };
  return { kind: "ground", point: first.point };
}

/** The most important of what lies on the ground at the nearest hit. */
function lying(hits: readonly Intersection[], camera: Camera): Intersection | undefined {
  const nearest = hits.find((hit) => (hit.object as Mesh).isMesh)?.distance ?? Infinity;
  const within = hits.filter((hit) => hit.distance < nearest + REACH_M + reach(camera));
  for (const form of LYING) {
    const found = within.find((hit) => formOfRole(hit.object.userData["role"] as Role) === form);
    if (found) return found;
  }
  return undefined;
}

/** Metres within which a line counts as hit: those under a finger at the height of the eye. */
function reach(camera: Camera): number {
  return Math.min(12, Math.max(1, Math.abs(camera.position.y) * LINE_REACH));
}

function cornerOf(hit: Intersection): number | undefined {
  return hit.face?.a ?? (hit.index === undefined ? undefined : ((hit.object as Mesh).geometry.getIndex()?.getX(hit.index) ?? hit.index));
}

function isSeen(hit: Intersection): boolean {
  const corner = cornerOf(hit);
  return corner === undefined || (hit.object as Mesh).geometry.getAttribute("feature")?.getZ(corner) !== UNSEEN;
}

function rowOf(hit: Intersection): Record<string, Value> | null {
  const mesh = hit.object as Mesh;
  const table = tableOf(mesh);
  const ids = mesh.geometry.getAttribute("_feature_id_0");
  const corner = cornerOf(hit);
  if (!table || !ids || corner === undefined) return null;
  return table.row(ids.getX(corner));
}
