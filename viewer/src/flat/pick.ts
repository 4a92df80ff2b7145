import { formOf } from "../data/kinds.js";
import type { Layer, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Hit } from "../picture.js";
import { lay } from "./draw.js";
import type { Laid, Seen } from "./draw.js";
import type { TileFeature } from "./mvt.js";
import type { Sheet, Store } from "./store.js";

/** Pixels within which a point or a line counts as hit. */
const REACH_PX = 12;
/** What is hit first where several lie on each other. */
const RANK = { point: 0, site: 1, line: 2, area: 3, ground: 4, outline: 5 };

/** What lies at a pixel of the map: as in the scene, houses and data, but not the ground they lie on. */
export function hitAt(seen: Seen, sheets: readonly Sheet[], store: Store, things: readonly Thing[], pixel: { x: number; y: number }): Hit | null {
  const { scale, west, north } = seen;
  const point = { x: west + pixel.x / scale, y: north + pixel.y / scale, z: 0 };
  const { laid } = lay(seen, sheets.filter(({ layer }) => isPicked(layer)), store, false);
  const found = laid
    .filter(({ part }) => Math.floor(point.x * 2 ** part.level) === part.column && Math.floor(point.y * 2 ** part.level) === part.row)
    .sort((a, b) => RANK[formOf(a.sheet.layer)] - RANK[formOf(b.sheet.layer)])
    .map((each) => ({ each, feature: featureAt(each, point, scale) }))
    .find(({ feature }) => feature !== undefined);
  if (!found?.feature) return { kind: "ground", point };
  const { layer } = found.each.sheet;
  const known = things.find((each) => each.layer.id === layer.id && each.feature.id === found.feature?.properties["id"]);
  return known ? { kind: "thing", thing: known } : { kind: "feature", layer: layer.id, row: { ...found.feature.properties }, point };
}

function isPicked(layer: Layer): boolean {
  const form = formOf(layer);
  return form === "ground" ? kind(layer) === "building" || kind(layer) === "model" : form !== "outline";
}

function featureAt({ at, painted }: Laid, point: { x: number; y: number }, scale: number): TileFeature | undefined {
  const steps = 2 ** at.level * painted.extent;
  const x = point.x * steps - at.column * painted.extent;
  const y = point.y * steps - at.row * painted.extent;
  const reach = (REACH_PX / scale) * steps;
  return painted.features.findLast((each) => (each.shape === "Polygon" ? inside(each.parts, x, y) : distance(each, x, y) < reach));
}

/** By the even-odd rule over all rings. */
export function inside(rings: readonly Int32Array[], x: number, y: number): boolean {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [xi, yi, xj, yj] = [ring[i], ring[i + 1], ring[j], ring[j + 1]] as [number, number, number, number];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
  }
  return odd;
}

/** Steps from a point to the nearest point or line of a feature. */
export function distance({ shape, parts }: Pick<TileFeature, "shape" | "parts">, x: number, y: number): number {
  let least = Infinity;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      const [ax, ay] = [part[i] as number, part[i + 1] as number];
      const line = shape !== "Point" && i + 3 < part.length;
      const [bx, by] = line ? [part[i + 2] as number, part[i + 3] as number] : [ax, ay];
      const long = (bx - ax) ** 2 + (by - ay) ** 2;
      const t = long ? Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / long)) : 0;
      least = Math.min(least, Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y));
    }
  }
  return least;
}
