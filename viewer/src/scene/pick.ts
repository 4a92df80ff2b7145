import type { Camera, Intersection, Mesh, Object3D } from "three";
import { Raycaster, Vector2 } from "three";
import type { Thing } from "../data/types.js";
import type { Stations } from "./stations.js";
import { tableOf } from "./table.js";
import type { Value } from "./table.js";

/** What lies under a point of the canvas. */
export type Hit =
  | { kind: "thing"; thing: Thing }
  | { kind: "feature"; role: string; layer: string; row: Record<string, Value>; point: Intersection["point"] }
  | { kind: "ground"; point: Intersection["point"] };

/** A site lies on the street: within this many metres of the nearest hit it wins. */
const REACH_M = 4;
const SOLID = new Set(["wall", "roof"]);

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
  const hits = raycaster.intersectObject(tiles, true).filter((hit) => hit.object.userData["role"]);
  const first = hits[0];
  const station = stations.pick(raycaster);
  if (station && (!first || station.distance < first.distance + REACH_M)) return { kind: "thing", thing: station.thing };
  if (!first) return null;
  const role = first.object.userData["role"] as string;
  const site = SOLID.has(role)
    ? undefined
    : hits.find((hit) => hit.object.userData["role"] === "site" && hit.distance < first.distance + REACH_M);
  for (const hit of site ? [site] : [first]) {
    const row = rowOf(hit);
    const what = hit.object.userData["role"] as string;
    if (row && (SOLID.has(what) || what === "site")) {
      return { kind: "feature", role: what, layer: layerOf(hit.object), row, point: hit.point };
    }
  }
  return { kind: "ground", point: first.point };
}

function rowOf(hit: Intersection): Record<string, Value> | null {
  const mesh = hit.object as Mesh;
  const table = tableOf(mesh);
  const ids = mesh.geometry.getAttribute("_feature_id_0");
  if (!table || !ids || !hit.face) return null;
  return table.row(ids.getX(hit.face.a));
}
